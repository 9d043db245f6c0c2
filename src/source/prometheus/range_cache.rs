//! What was answered before, so that a poll asks only for what may have changed since.
//!
//! A point is kept once the newest one is further than [`OVERLAP`] (and three steps) away from it, and asked for again
//! with every poll until then: a sample that comes late by less than that is shown as a query for the whole window would
//! show it. Where the part that is asked for begins, old and new must agree in every series; wherever they do not, or
//! anything else is odd, the whole window is asked for at once. It is asked for every few minutes anyway, so nothing
//! that slipped through stays longer; and always after a failure, a pause, a step of the clock or another window, and for
//! queries whose past depends on what comes later.
//!
//! A wide window is asked for with few points first, and at once with more if the server bears it: see
//! [`finer`](super::finer). That a server refused them is remembered for a while; its first answer is shown then.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::{
    super::{
        client::Content,
        request::{Question, Request, Times},
    },
    curves::Curves,
    decode::{QueryAnswer, Said},
    finer,
};
use crate::signal::Window;

/// How late a sample may come and still be shown at once, in seconds: scrapes take their time, and so do the rules and
/// the remote writes after them.
const OVERLAP: i64 = 60;
/// The whole window is asked for after this time, a fifth more or less.
const REFRESH: Duration = Duration::from_secs(5 * 60);
/// Longest pause between two attempts at asking for a part, in polls, where the parts do not fit.
const MAX_PAUSE: u32 = 63;

/// The last answer to each question.
#[derive(Default)]
pub(super) struct RangeCache {
    kept: Mutex<HashMap<Arc<Question>, CachedRange>>,
    /// When more points were refused.
    refused: Mutex<HashMap<Arc<Question>, Timestamp>>,
    dice: RandomState,
}

/// The last answer to one question.
struct CachedRange {
    times: Times,
    curves: Curves,
    warnings: Vec<String>,
    /// How long the server took for the whole window, and with which times.
    took: (Duration, Times),
    /// When the whole window was asked for.
    at: Timestamp,
    /// When it is to be asked for again.
    until: Timestamp,
    misfits: Misfits,
}

/// How often a part did not fit.
#[derive(Clone, Copy, Default)]
struct Misfits {
    /// One after the other.
    count: u32,
    /// For how many polls the whole is asked for.
    pause: u32,
}

/// One poll of one question.
pub(super) struct Turn {
    question: Arc<Question>,
    window: Window,
    /// Whether its past stays as it is, so that what comes of it may be continued.
    is_settled: bool,
    /// Whether more points may be asked for.
    may_refine: bool,
    /// The step that the question has, in seconds.
    coarse: u64,
    /// The answer with few points, while one with more is asked for.
    few: Option<CachedRange>,
    /// Whether more points were refused: they are not asked for again soon.
    is_refused: bool,
    now: Timestamp,
    whole: Times,
    /// What is to be continued, and where its continuation begins, in seconds.
    kept: Option<(CachedRange, i64)>,
    misfits: Misfits,
    /// When the whole is to be asked for again, if it is now.
    until: Timestamp,
    read: Option<CachedRange>,
}

impl RangeCache {
    /// Begins a poll; `None` when it is not about a range. What was kept is taken out until the poll has landed: one that
    /// fails leaves nothing behind.
    pub(super) fn turn(&self, request: &Request) -> Option<Turn> {
        let Request { question, now } = request;
        let Question::Range { query, window, step } = &**question else { return None };
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(question);
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(question).copied();
        let is_settled = !looks_ahead(query);
        let may_refine = is_settled && refused.is_none_or(|at| is_long_ago(at, *now));
        let continued = kept.as_ref().map(|kept| Times::of(*window, kept.times.step, *now));
        let seam = kept.as_ref().zip(continued).and_then(|(kept, whole)| kept.seam(whole, *now));
        // What was answered with more points is asked for whole again at once; it may have other series by now.
        let again = kept.as_ref().filter(|kept| may_refine && kept.times.step < *step).map(|kept| {
            let (took, times) = kept.took;
            let points = |step: u64| u32::try_from(window.span.as_secs() / step.max(1) + 1).unwrap_or(u32::MAX);
            let few = took.mul_f64(f64::from(points(*step)) / f64::from(points(times.step)));
            finer::step(Times::of(*window, *step, *now), kept.curves.all.len(), few)
        });
        let whole = match (seam, continued) {
            (Some(_), Some(whole)) => whole,
            _ => Times::of(*window, again.unwrap_or(*step), *now),
        };
        let misfits = kept.as_ref().map(|kept| kept.misfits).unwrap_or_default();
        let kept = kept.zip(seam);
        let part = self.dice.hash_one((query, now)) % 1000;
        let until = *now + REFRESH.mul_f64(0.8 + 0.4 * part as f64 / 1000.0);
        Some(Turn {
            question: Arc::clone(question),
            window: *window,
            is_settled,
            may_refine,
            coarse: *step,
            few: None,
            is_refused: false,
            now: *now,
            whole,
            kept,
            misfits,
            until,
            read: None,
        })
    }

    /// Keeps what a poll brought.
    pub(super) fn land(&self, turn: Turn) {
        let Turn { question, now, read, is_refused, .. } = turn;
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if is_refused {
            refused.insert(Arc::clone(&question), now);
        }
        refused.retain(|_, at| !is_long_ago(*at, now));
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody asks for any more.
        all.retain(|_, kept| !is_long_ago(kept.at, now));
        if let Some(read) = read {
            all.insert(question, read);
        }
    }
}

/// What there is when an answer was refused.
pub(super) enum Refused {
    /// The answer with few points, which had come.
    Has(Content),
    /// Few points may be had: they are to be asked for.
    FewPoints,
    Nothing,
}

impl Turn {
    /// The times that are to be asked for.
    pub(super) fn times(&self) -> Times {
        self.kept.as_ref().map_or(self.whole, |(_, seam)| Times { start: *seam, ..self.whole })
    }

    /// What can be had when that was refused.
    pub(super) fn refused(&mut self) -> Refused {
        if let Some(few) = self.few.take() {
            return Refused::Has(self.fall_back(few));
        }
        if self.kept.is_some() || self.whole.step >= self.coarse {
            return Refused::Nothing;
        }
        (self.is_refused, self.may_refine) = (true, false);
        self.whole = Times::of(self.window, self.coarse, self.now);
        Refused::FewPoints
    }

    /// The answer with few points, where one with more cannot be had.
    fn fall_back(&mut self, few: CachedRange) -> Content {
        self.is_refused = true;
        self.whole = few.times;
        self.keep(few)
    }

    /// Reads the answer to that, for which the server took so long. `None` when it does not fit to what was kept, or when
    /// more points can be had: then the whole is to be asked for.
    pub(super) fn answered(&mut self, answer: QueryAnswer, took: Duration) -> Option<Content> {
        let QueryAnswer { said: Said::Curves(curves), warnings } = answer else { return Some(answer.told()) };
        let read = match self.kept.take() {
            Some((kept, seam)) => match kept.continued(curves, &warnings, seam, self.whole) {
                Some(kept) => kept,
                None => {
                    self.misfits.count = self.misfits.count.saturating_add(1);
                    self.misfits.pause = (1_u32 << (self.misfits.count - 1).min(10)).min(MAX_PAUSE + 1);
                    return None;
                }
            },
            None => {
                let misfits = Misfits { pause: self.misfits.pause.saturating_sub(1), ..self.misfits };
                let took = (took, self.whole);
                CachedRange { times: self.whole, curves, warnings, took, at: self.now, until: self.until, misfits }
            }
        };
        let is_coarse = read.times.step == self.coarse && read.took.1 == self.whole;
        if self.may_refine && self.few.is_none() && is_coarse && read.curves.is_whole() {
            let step = finer::step(self.whole, read.curves.all.len(), took);
            if step < self.coarse {
                self.whole = Times::of(self.window, step, self.now);
                self.few = Some(read);
                return None;
            }
        }
        // More points, but not of all series: it could not be kept, and would be asked for at each poll.
        if let Some(few) = self.few.take_if(|_| !read.curves.is_whole()) {
            return Some(self.fall_back(few));
        }
        Some(self.keep(read))
    }

    /// Keeps what was read, if it may be continued, and tells it.
    fn keep(&mut self, read: CachedRange) -> Content {
        // A window that stands still is asked for whole each time, unless that is much.
        let lasts = self.is_settled && (self.window.is_live() || read.times.step < self.coarse);
        let (curves, warnings) = match lasts && read.curves.is_whole() {
            true => {
                let read = self.read.insert(read);
                (read.curves.clone(), read.warnings.clone())
            }
            false => (read.curves, read.warnings),
        };
        QueryAnswer { said: Said::Curves(curves), warnings }.told()
    }
}

impl CachedRange {
    /// Where an answer that continues this one begins, in seconds; `None` if the whole is to be asked for.
    fn seam(&self, whole: Times, now: Timestamp) -> Option<i64> {
        let step = whole.step.cast_signed();
        let behind = self.times.end - OVERLAP.max(3 * step);
        let seam = behind - behind.rem_euclid(step);
        let fits = self.times.step == whole.step && self.times.start <= seam && self.times.end <= whole.end;
        let is_less = 2 * (whole.end - seam) <= whole.end - whole.start;
        let is_due = now < self.at || now >= self.until || self.misfits.pause > 0;
        (fits && is_less && !is_due).then_some(seam)
    }

    /// This answer up to the seam and `newer` from there on; `None` if they do not fit together.
    fn continued(self, newer: Curves, warnings: &[String], seam: i64, whole: Times) -> Option<Self> {
        if self.warnings != warnings {
            return None;
        }
        let curves = self.curves.continued(newer, Times { start: seam, ..whole }, whole.start)?;
        Some(Self { curves, times: whole, misfits: Misfits::default(), ..self })
    }
}

/// Whether what was true then is not counted on any more.
fn is_long_ago(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).unsigned_abs() >= REFRESH * 2
}

/// Whether a value depends on samples later than it, or on where the window begins and ends: `@`, a negative offset.
/// Rather once too often: these words may stand in a label.
fn looks_ahead(query: &str) -> bool {
    let query = query.to_ascii_lowercase();
    let mut offsets = query.split("offset").skip(1).map(|rest| rest.trim_start_matches([' ', '\t', '\n', '\r', '(']));
    query.contains('@') || query.contains("range(") || offsets.any(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::curves::{Curve, MAX_SERIES},
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
        let value =
            prop_oneof![6 => (0..5_i64).prop_map(|v| Some(v as f64)), 1 => Just(Some(f64::NAN)), 1 => Just(None)];
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
        let points =
            |add: f64| (grid.start..=grid.end).step_by(grid.step as usize).map(move |t| (t, add + (t % 7) as f64));
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
        let ask =
            |grid: Times| QueryAnswer { warnings: vec![format!("from {}", grid.end - grid.start)], ..steady(grid) };
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
}
