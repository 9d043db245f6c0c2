//! Played against a server whose samples come late, in any order, or not at all.

use proptest::prelude::*;

use super::{
    super::curves::{Curve, Curves, MAX_SERIES},
    cached_range::OVERLAP,
    *,
};
use crate::{
    dashboard::QueryContext,
    signal::{Data, Labels, Point, Window},
};

const BEGIN: i64 = 1_795_317_300;

/// A sample of one series: when it was taken, when it could be asked for, and its value; `None` ends the series.
#[derive(Clone, Copy, Debug)]
struct Sample {
    t: i64,
    arrived: i64,
    v: Option<f64>,
}

/// What a server says over the grid at a time: the last sample of the 20 s before, or how many there were.
fn whole(samples: &[Vec<Sample>], grid: Times, now: i64, counted: bool) -> QueryAnswer {
    let value = |series: &[Sample], t: i64| {
        let known = series.iter().filter(|sample| sample.arrived <= now && sample.t <= t && sample.t > t - 20);
        match counted {
            true => Some(known.filter(|sample| sample.v.is_some()).count() as f64).filter(|count| *count > 0.0),
            false => known.max_by_key(|sample| sample.t).and_then(|sample| sample.v),
        }
    };
    let times = || (grid.start..=grid.end).step_by(grid.step as usize);
    let curve = |(number, series): (usize, &Vec<Sample>)| Curve {
        labels: Labels::of([("pod", number.to_string().as_str())]),
        points: times().filter_map(|t| Some(Point { t: t * 1000, v: value(series, t)? })).collect(),
    };
    let curves = samples.iter().enumerate().map(curve).filter(|curve| !curve.points.is_empty()).collect();
    QueryAnswer { said: Said::Curves(Curves::new(curves, 0)), warnings: Vec::new() }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

fn request(window: Window, now: i64) -> Request {
    let QueryContext { step, .. } = QueryContext::of(window);
    Request::now(Question::Range { query: "q".into(), window, step }, at(now))
}

fn times(window: Window, now: i64) -> Times {
    Times::of(window, QueryContext::of(window).step, at(now))
}

/// Polls once, and says for how many times of the grid was asked, in one request or two.
fn poll(past: &RangeCache, window: Window, now: i64, ask: impl Fn(Times) -> QueryAnswer) -> (Content, Vec<i64>) {
    let mut turn = past.turn(&request(window, now)).expect("a range");
    let mut asked = Vec::new();
    loop {
        let grid = turn.times();
        asked.push((grid.end - grid.start) / grid.step.cast_signed() + 1);
        if let Some(read) = turn.answered(ask(grid), Duration::ZERO) {
            past.land(turn);
            return (read, asked);
        }
    }
}

/// Equal, with NaN equal to itself.
#[track_caller]
fn same(one: &Content, other: &Content) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

fn samples(late: i64) -> impl Strategy<Value = Vec<Vec<Sample>>> {
    let value = prop_oneof![6 => (0..5_i64).prop_map(|v| Some(v as f64)), 1 => Just(Some(f64::NAN)), 1 => Just(None)];
    let sample = (0..900_i64, prop_oneof![3 => Just(0), 1 => 0..=late], value).prop_map(|(t, late, v)| Sample {
        t: BEGIN + t,
        arrived: BEGIN + t + late,
        v,
    });
    prop::collection::vec(prop::collection::vec(sample, 0..60), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Series that begin, end, have gaps and late samples: continued, they are what a whole query would give.
    #[test]
    fn continued_is_whole(
        samples in samples(OVERLAP),
        counted in any::<bool>(),
        pauses in prop::collection::vec(0..40_i64, 1..60),
    ) {
        let (past, window) = (RangeCache::default(), Window::live(Duration::from_secs(400)));
        let mut now = BEGIN;
        for pause in pauses {
            now += pause;
            let grid = times(window, now);
            let (read, asked) = poll(&past, window, now, |grid| whole(&samples, grid, now, counted));
            same(&read, &whole(&samples, grid, now, counted).told());
            prop_assert_eq!(asked.len(), 1, "nothing is odd about it");
        }
    }

    /// However late samples come: after the longest time between two whole queries it is right again.
    #[test]
    fn nothing_wrong_stays(samples in samples(400), counted in any::<bool>()) {
        let (past, window) = (RangeCache::default(), Window::live(Duration::from_secs(900)));
        let last = BEGIN + 900 + 400;
        let mut now = BEGIN;
        while now < last + 361 {
            poll(&past, window, now, |grid| whole(&samples, grid, now, counted));
            now += 5;
        }
        let (read, _) = poll(&past, window, now, |grid| whole(&samples, grid, now, counted));
        same(&read, &whole(&samples, times(window, now), now, counted).told());
    }
}

/// Two series with a sample every 5 s.
fn steady(grid: Times) -> QueryAnswer {
    let points = |add: f64| (grid.start..=grid.end).step_by(grid.step as usize).map(move |t| (t, add + (t % 7) as f64));
    let curve = |pod: &str, add| Curve {
        labels: Labels::of([("pod", pod)]),
        points: points(add).map(|(t, v)| Point { t: t * 1000, v }).collect(),
    };
    QueryAnswer { said: Said::Curves(Curves::new(vec![curve("a", 0.0), curve("b", 9.0)], 0)), warnings: Vec::new() }
}

const HALF_HOUR: Window = Window::live(Duration::from_secs(1800));

#[test]
fn the_whole_is_asked_for_now_and_then() {
    let past = RangeCache::default();
    let asked: Vec<i64> = (0..200).flat_map(|turn| poll(&past, HALF_HOUR, BEGIN + turn * 5, steady).1).collect();
    assert_eq!(asked.len(), 200);
    let whole: Vec<usize> = (0..200).filter(|&turn| asked[turn] == 361).collect();
    assert!(asked.iter().all(|points| [361, 14].contains(points)), "{asked:?}");
    assert!(whole.windows(2).all(|two| (48..=72).contains(&(two[1] - two[0]))), "{whole:?}");
}

/// Polls thrice, the last time with an answer that was tampered with, and says what was asked then.
#[track_caller]
fn check(pause: i64, tamper: impl Fn(&mut Curves, &mut Vec<String>, Times), expected: &[i64]) {
    let past = RangeCache::default();
    for turn in 0..2 {
        poll(&past, HALF_HOUR, BEGIN + turn * 5, steady);
    }
    let ask = |grid| {
        let mut answer = steady(grid);
        let Said::Curves(curves) = &mut answer.said else { panic!("curves") };
        tamper(curves, &mut answer.warnings, grid);
        answer
    };
    let now = BEGIN + 5 + pause;
    let (read, asked) = poll(&past, HALF_HOUR, now, ask);
    assert_eq!(asked, expected);
    same(&read, &ask(times(HALF_HOUR, now)).told());
}

#[test]
fn what_is_odd_is_asked_for_again_whole() {
    check(5, |_, _, _| (), &[14]);
    check(0, |_, _, _| (), &[13]);
    check(-20, |_, _, _| (), &[361]); // the clock went back
    check(200, |_, _, _| (), &[53]);
    check(365, |_, _, _| (), &[361]); // due
    let is_part = |grid: Times| grid.end - grid.start < 1800;
    // It began before the part, or the part begins elsewhere.
    check(5, |curves, _, _| drop(curves.all.remove(0)), &[14, 361]);
    check(5, |curves, _, _| curves.all[0].points[0].v += 0.1, &[14, 361]);
    check(5, |curves, _, _| curves.all[0].labels = Labels::of([("pod", "0")]), &[14, 361]);
    check(5, |_, warnings, _| warnings.push("partial".into()), &[14, 361]);
    check(5, |curves, _, grid| curves.histograms = usize::from(is_part(grid)), &[14, 361]);
    let shift = |curves: &mut Curves, _: &mut Vec<String>, grid: Times| {
        let points = curves.all[0].points.iter_mut().skip(1);
        if is_part(grid) {
            points.for_each(|point| point.t += 1000);
        }
    };
    check(5, shift, &[14, 361]);
}

#[test]
fn what_never_fits_is_tried_ever_more_rarely() {
    let past = RangeCache::default();
    let ask = |grid: Times| QueryAnswer { warnings: vec![format!("from {}", grid.end - grid.start)], ..steady(grid) };
    let polls = (0..60).map(|turn| poll(&past, HALF_HOUR, BEGIN + turn * 5, ask).1.len());
    let twice: Vec<usize> = polls.enumerate().filter(|(_, asked)| *asked == 2).map(|(turn, _)| turn).collect();
    assert_eq!(twice, [1, 2, 4, 8, 16, 32]);
}

#[test]
fn too_many_series_and_other_windows_are_asked_for_whole() {
    let past = RangeCache::default();
    let many = |grid: Times| {
        let all = (0..=MAX_SERIES).map(|n| Curve {
            labels: Labels::of([("n", n.to_string().as_str())]),
            points: vec![Point { t: grid.end * 1000, v: 1.0 }],
        });
        QueryAnswer { said: Said::Curves(Curves::new(all.collect(), 0)), warnings: Vec::new() }
    };
    let still = Window { end: Some(at(BEGIN)), ..HALF_HOUR };
    for turn in 0..3 {
        let (read, asked) = poll(&past, HALF_HOUR, BEGIN + turn * 5, many);
        assert_eq!((asked, read.0.items()), (vec![361], MAX_SERIES));
        assert_eq!(poll(&past, still, BEGIN + turn * 5, steady).1, [361]);
    }
    let (read, asked) = poll(&past, Window::live(Duration::from_secs(600)), BEGIN + 20, steady);
    assert!(matches!(read.0, Data::Series(_)));
    assert_eq!(asked, [301]);
}

#[test]
fn a_poll_that_does_not_land_leaves_nothing() {
    let past = RangeCache::default();
    poll(&past, HALF_HOUR, BEGIN, steady);
    drop(past.turn(&request(HALF_HOUR, BEGIN + 5)));
    assert_eq!(poll(&past, HALF_HOUR, BEGIN + 10, steady).1, [361]);
}

const DAY: Window = Window::live(Duration::from_secs(86_400));

/// One series that is 0 but for 20 seconds at a time no point of few falls on.
fn spike(grid: Times) -> QueryAnswer {
    let value = |t: i64| if (BEGIN - 40_085..BEGIN - 40_065).contains(&t) { 50.0 } else { 0.0 };
    let points = (grid.start..=grid.end).step_by(grid.step as usize);
    let points = points.map(|t| Point { t: t * 1000, v: value(t) }).collect();
    let curve = Curve { labels: Labels::of([("pod", "a")]), points };
    QueryAnswer { said: Said::Curves(Curves::new(vec![curve], 0)), warnings: Vec::new() }
}

fn greatest(read: &Content) -> f64 {
    let Data::Series(series) = &read.0 else { panic!("series") };
    series.iter().flat_map(|series| &series.points).map(|point| point.v).fold(f64::NAN, f64::max)
}

#[test]
fn a_spike_of_seconds_stands_in_a_window_of_a_day() {
    let few = times(DAY, BEGIN);
    let Said::Curves(curves) = spike(few).said else { panic!("curves") };
    assert!(curves.all[0].points.iter().all(|point| point.v == 0.0), "few points do not show it");
    let past = RangeCache::default();
    for window in [DAY, Window { end: Some(at(BEGIN)), ..DAY }] {
        let (read, asked) = poll(&past, window, BEGIN, spike);
        assert_eq!((greatest(&read), asked), (50.0, vec![289, 8641]));
        // From then on it costs no more than a window of minutes.
        for turn in 1..48 {
            let (read, asked) = poll(&past, window, BEGIN + turn * 5, spike);
            assert_eq!(greatest(&read), 50.0);
            assert!(asked.len() == 1 && asked[0] < 10, "{asked:?}");
        }
    }
    let whole = (48..80).map(|turn| poll(&past, DAY, BEGIN + turn * 5, spike).1);
    assert!(whole.filter(|asked| asked != &[7] && asked != &[8]).all(|asked| asked == [8641]));
}

#[test]
fn more_points_that_are_refused_are_not_asked_for_again_soon() {
    let past = RangeCache::default();
    for (now, expected) in [(0, 2), (5, 1), (10, 1), (1300, 2)] {
        let mut turn = past.turn(&request(DAY, BEGIN + now)).expect("a range");
        let mut asked = 0;
        let read = loop {
            let grid = turn.times();
            asked += 1;
            let answer = match grid.step == 300 {
                true => turn.answered(spike(grid), Duration::ZERO),
                false => match turn.refused() {
                    Refused::Has(content) => Some(content),
                    Refused::FewPoints => None,
                    Refused::Nothing => panic!("few points"),
                },
            };
            if let Some(read) = answer {
                break read;
            }
        };
        past.land(turn);
        assert_eq!((asked, greatest(&read)), (expected, 0.0), "after {now} s");
    }
}

#[test]
fn more_points_that_were_had_and_are_refused_give_way_to_few() {
    let past = RangeCache::default();
    let (first, asked) = poll(&past, DAY, BEGIN, spike);
    assert!(asked.len() == 2 && greatest(&first) == 50.0, "{asked:?}");
    for (now, expected) in [(400, vec![10, 300]), (405, vec![300])] {
        let mut turn = past.turn(&request(DAY, BEGIN + now)).expect("a range");
        let mut asked = Vec::new();
        let read = loop {
            let grid = turn.times();
            asked.push(grid.step);
            if grid.step < 300 {
                assert!(matches!(turn.refused(), Refused::FewPoints), "the whole of it was refused");
            } else if let Some(read) = turn.answered(spike(grid), Duration::ZERO) {
                break read;
            }
        };
        past.land(turn);
        assert_eq!((asked, greatest(&read)), (expected, 0.0), "after {now} s");
    }
}

#[test]
fn queries_that_look_ahead() {
    for (query, expected) in [
        ("sum(rate(x[1m] offset 1d)) - 1", false),
        ("x offset -5m", true),
        ("x OFFSET\n( -5m)", true),
        ("x @ end()", true),
        ("rate(x[range()])", true),
        ("offset_total - 1", false),
    ] {
        assert_eq!(looks_ahead(query), expected, "{query}");
    }
}
