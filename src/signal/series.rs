//! Numbers over time.

use std::sync::Arc;

use super::Labels;

/// One line of a chart: a name, its labels and its points in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What a legend says: the metric name, or the labels that tell it from its neighbours.
    pub name: Arc<str>,
    /// Labels as the source gave them.
    pub labels: Labels,
    /// Oldest first. A gap is where points are further apart than the step; NaN is a gap too.
    pub points: Vec<Point>,
}

/// A value at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Milliseconds since the Unix epoch.
    pub t: i64,
    /// The value; may be NaN or infinite.
    pub v: f64,
}

impl Series {
    /// The newest point, NaN or not.
    pub fn last(&self) -> Option<Point> {
        self.points.last().copied()
    }
}

/// A series has ended when its newest point is more than this many steps older than it could be.
const LATE_STEPS: i64 = 4;
/// An answer takes its time: so much later than its newest point, in milliseconds, it may come at any step.
const SLOW_ANSWER: i64 = 30_000;

/// How far the series of one answer reach, so that one that has ended (its pod is gone) can be told from those that go
/// on: its last value is history, however bad it was.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// The time of the newest point of any of them, in milliseconds.
    newest: i64,
    /// The end of the stretch that was asked for, in milliseconds; the newest point where points go by the clock of the
    /// server.
    until: i64,
    /// The least time between two neighbours, in milliseconds; a minute where every series is a single point.
    step: i64,
}

impl Reach {
    /// Measures the series of one answer, which were asked for until `until` (milliseconds).
    pub fn of<'s>(series: impl IntoIterator<Item = &'s Series>, until: i64) -> Self {
        let (mut newest, mut step) = (i64::MIN, i64::MAX);
        for points in series.into_iter().map(|series| series.points.as_slice()) {
            newest = points.last().map_or(newest, |point| newest.max(point.t));
            if let ([first, second, ..], [.., before, last]) = (points, points) {
                step = step.min(second.t - first.t).min(last.t - before.t);
            }
        }
        // Single points, as a query of now gives them, carry the time of the server, whose clock may be another.
        let alone = step == i64::MAX;
        Self { newest, until: if alone { newest } else { until.max(newest) }, step: if alone { 60_000 } else { step } }
    }

    /// The time at which a series ended, in milliseconds; `None` when it goes on, or never began.
    pub fn ended(&self, series: &Series) -> Option<i64> {
        let last = series.last()?.t;
        let late = self.step.saturating_mul(LATE_STEPS);
        let is_over = self.newest - last > late || self.until - last > late.max(SLOW_ANSWER);
        is_over.then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Series with a point every 5 s between each pair of seconds, asked for until 600 s.
    #[track_caller]
    fn check(spans: &[(i64, i64)], expected: &[Option<i64>]) {
        let point = |second: i64| Point { t: second * 1000, v: 1.0 };
        let series = |span: &(i64, i64)| Series {
            name: "a".into(),
            labels: Labels::default(),
            points: (span.0..=span.1).step_by(5).map(point).collect(),
        };
        let all: Vec<Series> = spans.iter().map(series).collect();
        let reach = Reach::of(&all, 600_000);
        let ended: Vec<_> = all.iter().map(|series| reach.ended(series).map(|ms| ms / 1000)).collect();
        assert_eq!(ended, expected);
    }

    #[test]
    fn what_stopped_before_the_others_or_before_now_has_ended() {
        check(&[(0, 600), (0, 580), (0, 575)], &[None, None, Some(575)]);
        check(&[(0, 575)], &[None]); // a slow answer
        check(&[(0, 565), (0, 300)], &[Some(565), Some(300)]);
        check(&[(0, 600), (595, 595), (300, 300)], &[None, None, Some(300)]);
        check(&[(90, 90)], &[None]); // one point of now, by a clock that is late
        check(&[(9, 0)], &[None]);
    }
}
