//! The score on series made up here, each with what is to come of it.

use super::*;

/// The onset of all of them, in milliseconds.
const ONSET: i64 = 1_500_000;

/// 200 points, a point every 10 s, made of the number of the point and its time.
fn curve(value: impl Fn(usize, i64) -> f64) -> Vec<Point> {
    (0..200).map(|i| Point { t: i as i64 * 10_000, v: value(i, i as i64 * 10_000) }).collect()
}

/// A sawtooth between 0 and 6.
fn tooth(i: usize) -> f64 {
    (i * 5 % 7) as f64
}

fn after(t: i64, value: f64) -> f64 {
    if t >= ONSET { value } else { 0.0 }
}

/// The smell of the last of these series, with the report.
fn last(series: &[(&str, Vec<Point>)]) -> (Smell, Report) {
    let candidates: Vec<_> = series.iter().map(|(name, points)| Candidate::named(name, points)).collect();
    let report = score(&candidates, ONSET);
    let index = series.len() - 1;
    let smell = report.smells.iter().find(|smell| smell.index == index).expect("every series").clone();
    (smell, report)
}

fn calm() -> (&'static str, Vec<Point>) {
    ("cpu{pod=\"calm\"}", curve(|i, _| tooth(i)))
}

#[test]
fn what_steps_away_is_fishiest_and_says_how_far_and_since_when() {
    let (smell, report) = last(&[calm(), ("cpu{pod=\"b\"}", curve(|i, t| tooth(i) + after(t, 80.0)))]);
    assert_eq!((report.smells[0].index, smell.is_fishy, smell.is_up, smell.what), (1, true, true, What::Away));
    assert_eq!(smell.since, ONSET);
    assert!(smell.spreads > 15.0 && smell.spreads_before < 2.0, "{smell:?}");
    assert_eq!((smell.usual, smell.peak), (3.0, 86.0));
    assert_eq!(report.fishy().count(), 1);
}

#[test]
fn when_all_is_as_it_was_nothing_smells() {
    let (smell, report) = last(&[calm(), ("cpu{pod=\"b\"}", curve(|i, _| 50.0 + tooth(i + 3)))]);
    assert_eq!(report.fishy().count(), 0);
    assert!(smell.score < report.limit);
}

#[test]
fn a_spiky_series_is_allowed_its_spikes() {
    let spiky = || curve(|i, _| tooth(i) + if i % 20 == 7 { 80.0 } else { 0.0 });
    let (smell, report) = last(&[("cpu", spiky()), ("mem", curve(|i, t| tooth(i) + after(t, 80.0)))]);
    assert!(smell.is_fishy);
    assert!(!report.smells.iter().any(|smell| smell.index == 0 && smell.is_fishy), "{report:?}");
}

#[test]
fn what_never_moved_and_now_does_smells_and_what_goes_on_lying_still_comes_last() {
    let (smell, report) = last(&[calm(), ("flat", curve(|_, _| 7.0)), ("oom_kills", curve(|_, t| after(t, 3.0)))]);
    assert_eq!((smell.what, smell.is_fishy), (What::Moves, true));
    assert_eq!(report.smells.last().map(|smell| (smell.index, smell.what)), Some((1, What::Same)));
}

#[test]
fn more_availability_is_no_symptom_and_less_is() {
    let availability = |change: f64| ("availability", curve(move |i, t| 90.0 + tooth(i) / 10.0 + after(t, change)));
    let (worse, _) = last(&[availability(-9.0)]);
    let (better, _) = last(&[availability(9.0)]);
    assert!(worse.is_fishy && !worse.is_up, "{worse:?}");
    assert!(!better.is_fishy && better.is_up, "{better:?}");
}

#[test]
fn a_counter_smells_of_what_it_gains_and_not_of_its_restart() {
    let counter = |gain: f64, restart: usize| {
        move |i: usize, _| {
            let grown =
                |upto: usize| (0..upto).map(|i| 10.0 + tooth(i) + if i > 160 { gain } else { 0.0 }).sum::<f64>();
            if i >= restart { grown(i) - grown(restart) } else { grown(i) }
        }
    };
    let (restarted, _) = last(&[("requests_failed_total", curve(counter(0.0, 170)))]);
    assert!(!restarted.is_fishy, "{restarted:?}");
    let (faster, _) = last(&[("requests_failed_total", curve(counter(300.0, 999)))]);
    assert!(faster.is_fishy && faster.is_up, "{faster:?}");
}

#[test]
fn gaps_disorder_and_what_is_no_number_change_nothing() {
    let whole = curve(|i, t| tooth(i) + after(t, 80.0));
    let (clean, _) = last(&[calm(), ("b", whole.clone())]);
    let mut messy = whole.clone();
    messy.swap(20, 60);
    messy.insert(100, Point { t: 1_000_001, v: f64::NAN });
    messy.insert(50, Point { v: f64::INFINITY, ..whole[50] });
    messy.push(whole[150]);
    assert_eq!(last(&[calm(), ("b", messy)]).0, clean);
    let gap = whole.into_iter().filter(|point| !(1_400_000..1_550_000).contains(&point.t)).collect();
    let (gap, _) = last(&[calm(), ("b", gap)]);
    assert!(gap.is_fishy && gap.since == 1_550_000, "{gap:?}");
}

#[test]
fn what_fell_silent_while_others_speak_smells() {
    let silent: Vec<Point> = calm().1.into_iter().filter(|point| point.t < ONSET + 50_000).collect();
    let (smell, _) = last(&[calm(), ("cpu{pod=\"b\"}", silent)]);
    assert_eq!((smell.what, smell.since, smell.is_fishy), (What::Ended, ONSET + 40_000, true));
    let silent: Vec<Point> = calm().1.into_iter().filter(|point| point.t < ONSET + 50_000).collect();
    let new: Vec<Point> = calm().1.into_iter().filter(|point| point.t >= ONSET + 50_000).collect();
    let (replaced, _) = last(&[calm(), ("cpu{pod=\"c\"}", new), ("cpu{pod=\"b\"}", silent)]);
    assert_eq!((replaced.what, replaced.is_fishy), (What::Ended, false), "another pod took its place");
}

#[test]
fn what_is_asked_seldom_has_not_fallen_silent() {
    let silent: Vec<Point> = curve(|i, _| tooth(i)).into_iter().filter(|point| point.t <= ONSET + 40_000).collect();
    let (goes_on, asked) = (curve(|i, _| tooth(i)), Some(ONSET + 50_000));
    let last = |until| {
        let seldom = Candidate { until, ..Candidate::named("x_seldom", &silent) };
        let report = score(&[Candidate::named("y_often", &goes_on), seldom], ONSET);
        report.smells.iter().find(|smell| smell.index == 1).expect("it is scored").what
    };
    assert_eq!(last(None), What::Ended);
    assert_ne!(last(asked), What::Ended);
}

#[test]
fn what_began_since_smells_where_it_is_of_errors() {
    let new = || curve(|i, _| 1.0 + tooth(i)).into_iter().filter(|point| point.t >= ONSET).collect::<Vec<_>>();
    assert!(last(&[calm(), ("http_errors{code=\"503\"}", new())]).0.is_fishy);
    let (pod, _) = last(&[calm(), ("cpu{pod=\"new\"}", new())]);
    assert_eq!((pod.what, pod.is_fishy), (What::Began, false));
}

#[test]
fn without_a_past_nothing_can_be_called_unusual() {
    let points = curve(|i, _| tooth(i));
    let candidates = [Candidate::named("errors", &points)];
    for onset in [i64::MIN, -5, 0] {
        let report = score(&candidates, onset);
        assert_eq!((report.has_past, report.fishy().count(), report.smells.len()), (false, 0, 1));
    }
    assert_eq!(score(&[], ONSET), Report::default());
    assert_eq!(score(&[Candidate::named("none", &[])], ONSET).smells.len(), 0);
}

#[test]
fn a_page_that_comes_late_finds_the_same() {
    let late = curve(|i, t| tooth(i) + if t >= ONSET - 200_000 { 80.0 } else { 0.0 });
    let (smell, _) = last(&[calm(), ("cpu{pod=\"b\"}", late)]);
    assert_eq!((smell.is_fishy, smell.since), (true, ONSET - 200_000));
}

#[test]
fn times_at_the_ends_of_what_can_be_counted_do_no_harm() {
    let wild = [i64::MIN, -1, 0, i64::MAX - 1, i64::MAX].map(|t| Point { t, v: t as f64 });
    for onset in [i64::MIN, 0, i64::MAX] {
        assert_eq!(score(&[Candidate::named("a", &wild), Candidate::named("a_total", &wild)], onset).smells.len(), 2);
        assert!(onset::estimate(&[Candidate::named("a", &wild)]).is_none(), "longer than can be counted");
    }
}
