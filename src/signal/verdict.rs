//! What a condition comes to on an answer: it holds, it does not, not yet, or nobody can tell.
//!
//! `for 1m` is judged on the curve itself, backwards from its newest point, so it does not matter when somebody began to
//! look. A gap, NaN and a series that has ended break a stretch; none of them settles anything.

use std::sync::Arc;

use super::{Condition, Reach, Series};

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// At least one series meets it, and has for as long as it must.
    Holds(Found),
    /// At least one series meets it now, none of them for as long as it must.
    NotYet(Found),
    /// No series meets it now, and at least one has a newest value that says so.
    Not(Found),
    /// There is nothing to judge: no series, none that goes on, or NaN only.
    Empty,
}

/// The series that speaks loudest, and how many speak.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its name; empty when there is only one.
    pub series: Arc<str>,
    /// Its newest value.
    pub value: f64,
    /// Since when it has been so, in milliseconds since the Unix epoch; for what is not met, since the last one met it,
    /// one that has ended included.
    pub since: i64,
    /// Whether it has been so for as long as was looked, and maybe longer.
    pub or_longer: bool,
    /// How many more series are in the same state.
    pub more: usize,
}

/// Points further apart than so many steps are no stretch.
const GAP_STEPS: i64 = 4;

/// Judges a condition on the series of one answer, which were asked for until `until` (milliseconds). It holds when any
/// series meets it for as long as it must.
pub fn judge(condition: &Condition, series: &[Series], until: i64) -> Verdict {
    let reach = Reach::of(series, until);
    let going_on = series.iter().filter(|one| reach.ended(one).is_none());
    let tails: Vec<Tail<'_>> = going_on.filter_map(|one| Tail::of(condition, one)).collect();
    let held = |tail: &&Tail<'_>| tail.met && tail.length >= hold_of(condition);
    let distance = |tail: &&Tail<'_>| (tail.value - condition.value).abs();
    let loudest = |tails: &[&Tail<'_>], near: bool| {
        let by = |a: &&&Tail<'_>, b: &&&Tail<'_>| distance(a).total_cmp(&distance(b));
        let one = if near { tails.iter().min_by(by) } else { tails.iter().max_by(by) };
        one.map(|tail| Found {
            series: if series.len() > 1 { tail.series.name.clone() } else { "".into() },
            value: tail.value,
            since: tail.since,
            or_longer: tail.or_longer,
            more: tails.len() - 1,
        })
    };
    let holding: Vec<_> = tails.iter().filter(held).collect();
    let met: Vec<_> = tails.iter().filter(|tail| tail.met).collect();
    let not: Vec<_> = tails.iter().filter(|tail| !tail.met).collect();
    if let Some(mut found) = loudest(&holding, false) {
        // It began with the first of them.
        if let Some(first) = holding.iter().min_by_key(|tail| tail.since) {
            (found.since, found.or_longer) = (first.since, first.or_longer);
        }
        return Verdict::Holds(found);
    }
    if let Some(found) = loudest(&met, false) {
        return Verdict::NotYet(found);
    }
    match loudest(&not, true) {
        // It is over when the last of those that met it is; one that never did says nothing of when.
        Some(found) => {
            let last = not.iter().max_by_key(|tail| (!tail.or_longer, tail.since));
            let (since, or_longer) = last.map_or((found.since, found.or_longer), |tail| (tail.since, tail.or_longer));
            // Pods that were replaced met it to their end: it was not over before.
            let ended = series.iter().filter(|one| reach.ended(one).is_some()).filter_map(Series::last);
            let until = ended.filter(|last| condition.met_by(last.v) == Some(true)).map(|last| last.t).max();
            let (since, or_longer) = match until {
                Some(until) if until > since => (until, false),
                _ => (since, or_longer),
            };
            Verdict::Not(Found { since, or_longer, ..found })
        }
        None => Verdict::Empty,
    }
}

fn hold_of(condition: &Condition) -> i64 {
    i64::try_from(condition.hold.as_millis()).unwrap_or(i64::MAX)
}

/// The newest stretch of a series that is all met, or all not met.
struct Tail<'s> {
    series: &'s Series,
    value: f64,
    met: bool,
    since: i64,
    or_longer: bool,
    /// Milliseconds from its first point to its newest.
    length: i64,
}

impl<'s> Tail<'s> {
    /// `None` for a series that ends in NaN, or has no points.
    fn of(condition: &Condition, series: &'s Series) -> Option<Self> {
        let last = series.last()?;
        let met = condition.met_by(last.v)?;
        let step = series.points.windows(2).map(|pair| pair[1].t - pair[0].t).filter(|step| *step > 0).min();
        let gap = step.unwrap_or(i64::MAX / GAP_STEPS).saturating_mul(GAP_STEPS);
        let mut first = last;
        let mut or_longer = true;
        for point in series.points.iter().rev().skip(1) {
            let same = condition.met_by(point.v) == Some(met) && first.t - point.t <= gap;
            if !same {
                or_longer = false;
                break;
            }
            first = *point;
        }
        Some(Self { series, value: last.v, met, since: first.t, or_longer, length: last.t - first.t })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Labels, Point};

    /// Series drawn as digits, a point every 5 s that ends at 600 s: `.` is NaN, a space no point. The answer drawn as
    /// `holds 0.7 a since 590 +1`.
    #[track_caller]
    fn check(condition: &str, curves: &[&str], expected: &str) {
        let series = |(name, curve): (&str, &&str)| {
            let count = curve.chars().count() as i64;
            let point = |(at, c): (usize, char)| {
                let t = (600 - (count - 1 - at as i64) * 5) * 1000;
                match c {
                    ' ' => None,
                    '.' => Some(Point { t, v: f64::NAN }),
                    c => Some(Point { t, v: f64::from(c.to_digit(10).expect("a digit")) }),
                }
            };
            let points = curve.chars().enumerate().filter_map(point).collect();
            Series { name: name.into(), labels: Labels::default(), points }
        };
        let all: Vec<Series> = ["a", "b", "c"].into_iter().zip(curves).map(series).collect();
        let verdict = judge(&condition.parse().expect("a condition"), &all, 600_000);
        let said = |word: &str, found: &Found| {
            let since = if found.or_longer { "long".to_owned() } else { (found.since / 1000).to_string() };
            let more = if found.more > 0 { format!(" +{}", found.more) } else { String::new() };
            format!("{word} {} {} since {since}{more}", found.value, found.series).replace("  ", " ")
        };
        let verdict = match &verdict {
            Verdict::Holds(found) => said("holds", found),
            Verdict::NotYet(found) => said("not yet", found),
            Verdict::Not(found) => said("not", found),
            Verdict::Empty => "empty".into(),
        };
        assert_eq!(verdict, expected, "{condition} on {curves:?}");
    }

    #[test]
    fn any_series_that_meets_it_for_long_enough() {
        check("> 5", &["0009"], "holds 9 since 600");
        check("> 5", &["9999"], "holds 9 since long");
        check("> 5 for 10s", &["00999"], "holds 9 since 590");
        check("> 5 for 10s", &["000099"], "not yet 9 since 595");
        check("> 5 for 10s", &["0000", "0999", "0998"], "holds 9 b since 590 +1");
        check("> 5 for 10s", &["000", "999"], "holds 9 b since long");
        check("< 2", &["9991", "9990", "9999"], "holds 0 b since 600 +1");
    }

    #[test]
    fn what_is_not_met_names_the_nearest() {
        check("> 5", &["0003"], "not 3 since long");
        check("> 5", &["9994", "0001"], "not 4 a since 600 +1");
        check("> 5", &["9944", "9904"], "not 4 a since 595 +1");
        check("== 0", &["000001"], "not 1 since 600");
        check("> 5", &["9000", "   0"], "not 0 a since 590 +1"); // a new pod says nothing of when it was over
    }

    #[test]
    fn what_met_it_to_its_end_says_when_it_was_over() {
        check("> 5", &["9999              ", "000000000000000000"], "not 0 b since 530");
        check("> 5", &["9990              ", "000000000000000000"], "not 0 b since long");
        check("> 5", &["9999              ", "000000000000000900"], "not 0 b since 595");
    }

    #[test]
    fn gaps_nan_and_what_has_ended_settle_nothing() {
        check("> 5", &[], "empty");
        check("> 5", &["999."], "empty");
        check("> 5", &["999.", "0000"], "not 0 b since long");
        check("> 5 for 20s", &["9999.9"], "not yet 9 since 600");
        check("> 5 for 20s", &["99999       99"], "not yet 9 since 595");
    }
}
