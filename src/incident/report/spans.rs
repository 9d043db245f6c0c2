//! Stretches outside a range that were measured more than once, taken together.
//!
//! A cockpit that is opened again, or a second one beside it, measures what is already written from a start of its own.
//! What two stretches both cover is counted once; as only their sums are known, each is taken to be even.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::incident::Stretch;

/// Time outside a range without a break that anyone saw.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    pub since: Timestamp,
    pub until: Timestamp,
    /// Really measured outside the range.
    pub seconds: f64,
    /// Distance from the range times minutes.
    pub area: f64,
}

/// Stretches by their start as spans that do not overlap, in order.
pub(super) fn spans(stretches: &BTreeMap<Timestamp, Stretch>) -> Vec<Span> {
    let mut spans = Vec::<Span>::new();
    for (since, stretch) in stretches {
        let next = Span { since: *since, until: stretch.until, seconds: stretch.seconds, area: stretch.area };
        match spans.last_mut().filter(|last| next.since <= last.until) {
            Some(last) => *last = last.with(&next),
            None => spans.push(next),
        }
    }
    spans
}

impl Span {
    fn with(&self, next: &Self) -> Self {
        if next.since == next.until {
            return self.clone(); // one point of what is known already
        }
        let until = self.until.max(next.until);
        let both = (next.since, self.until.min(next.until));
        // The first point of a stretch stands for the time before it, so a stretch can count a little more than it spans.
        let before = |span: &Self| (span.seconds - span.length()).max(0.0);
        let most = seconds(self.since, until) + before(self).max(before(next));
        let once = |a: f64, b: f64| (a + b - (a * self.share(both)).min(b * next.share(both))).max(a.max(b));
        Self {
            since: self.since,
            until,
            seconds: once(self.seconds, next.seconds).min(most),
            area: once(self.area, next.area),
        }
    }

    fn length(&self) -> f64 {
        seconds(self.since, self.until)
    }

    /// The part of it that lies between two times.
    pub fn share(&self, (from, to): (Timestamp, Timestamp)) -> f64 {
        let length = self.length();
        if length > 0.0 { seconds(from, to) / length } else { 0.0 }
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stretches as since, until, seconds, area; spans the same way.
    #[track_caller]
    fn check(stretches: &[(i64, i64, f64, f64)], expected: &[(i64, i64, f64, f64)]) {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let stretch = |(since, until, seconds, area): &(i64, i64, f64, f64)| {
            let shown = String::new();
            (at(*since), Stretch { until: at(*until), seconds: *seconds, worst: 0.0, shown, area: *area, back: None })
        };
        let spans = spans(&stretches.iter().map(stretch).collect());
        let found: Vec<_> = spans
            .iter()
            .map(|s| (s.since.as_second(), s.until.as_second(), rounded(s.seconds), rounded(s.area)))
            .collect();
        assert_eq!(found, expected);
    }

    fn rounded(v: f64) -> f64 {
        (v * 1e6).round() / 1e6
    }

    #[test]
    fn what_lies_apart_is_added_up() {
        check(&[(0, 60, 60.0, 1.0), (90, 120, 30.0, 2.0)], &[(0, 60, 60.0, 1.0), (90, 120, 30.0, 2.0)]);
    }

    #[test]
    fn what_both_saw_counts_once() {
        // The same minutes; one within the other; a start and an end apart; three in a row.
        check(&[(0, 60, 60.0, 6.0), (1, 60, 59.0, 5.9)], &[(0, 60, 60.0, 6.0)]);
        check(&[(0, 600, 600.0, 60.0), (100, 200, 100.0, 10.0)], &[(0, 600, 600.0, 60.0)]);
        check(&[(0, 1800, 1800.0, 180.0), (300, 2100, 1800.0, 180.0)], &[(0, 2100, 2100.0, 210.0)]);
        check(&[(0, 100, 100.0, 10.0), (50, 150, 100.0, 10.0), (120, 200, 80.0, 8.0)], &[(0, 200, 200.0, 20.0)]);
    }

    #[test]
    fn gaps_of_one_are_filled_by_the_other_and_never_beyond_the_time_there_was() {
        check(&[(0, 1000, 100.0, 10.0), (400, 600, 200.0, 20.0)], &[(0, 1000, 280.0, 28.0)]);
        check(&[(0, 100, 105.0, 10.5), (100, 100, 5.0, 0.5)], &[(0, 100, 105.0, 10.5)]);
    }
}
