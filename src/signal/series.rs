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

    /// The points between two times (milliseconds, both included).
    pub fn between(&self, (start, end): (i64, i64)) -> &[Point] {
        let from = self.points.partition_point(|point| point.t < start);
        let to = self.points.partition_point(|point| point.t <= end);
        &self.points[from..to.max(from)]
    }

    /// The usual time between two neighbours, in milliseconds: the lower quartile, which gaps leave as it is. `None`
    /// with fewer than two points.
    pub fn usual_step(&self) -> Option<i64> {
        let mut steps: Vec<i64> = self.points.windows(2).map(|pair| pair[1].t - pair[0].t).collect();
        let quarter = steps.len() / 4;
        (!steps.is_empty()).then(|| *steps.select_nth_unstable(quarter).1)
    }

    /// The point nearest to a time (milliseconds); `None` where none is within a step: what stands beyond a gap says
    /// nothing of the gap.
    pub fn near(&self, t: i64) -> Option<Point> {
        let after = self.points.partition_point(|point| point.t < t);
        let around = self.points[after.saturating_sub(1)..].iter().take(2);
        let nearest = around.copied().min_by_key(|point| (point.t - t).abs())?;
        let away = (nearest.t - t).abs();
        (away == 0 || away <= self.usual_step().unwrap_or(ALONE)).then_some(nearest)
    }
}

/// A series has ended when its newest point is more than this many steps older than it could be.
const LATE_STEPS: i64 = 4;
/// How far a point that is alone reaches, in milliseconds: as far as one of a query that is asked once a minute.
const ALONE: i64 = 60_000;
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
        Self { newest, until: if alone { newest } else { until.max(newest) }, step: if alone { ALONE } else { step } }
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

    fn series(points: &[(i64, f64)]) -> Series {
        let points = points.iter().map(|(t, v)| Point { t: *t, v: *v }).collect();
        Series { name: "a".into(), labels: Labels::default(), points }
    }

    #[test]
    fn the_usual_step_is_found_among_gaps() {
        let gaps = series(&[(0, 1.0), (10, 1.0), (200, 1.0), (210, 1.0), (400, 1.0), (410, 1.0)]);
        assert_eq!(gaps.usual_step(), Some(10));
        assert_eq!(series(&[(0, 1.0)]).usual_step(), None);
    }

    #[test]
    fn only_the_stretch_counts() {
        let series = series(&[(0, 1.0), (10, 2.0), (20, 3.0)]);
        let seen = |stretch| series.between(stretch).iter().map(|p| p.t).collect::<Vec<_>>();
        assert_eq!(seen((5, 20)), [10, 20]);
        assert_eq!(seen((30, 40)), [] as [i64; 0]);
        assert_eq!(seen((20, 0)), [] as [i64; 0]);
    }

    #[test]
    fn a_gap_has_no_value() {
        let gap = series(&[(0, 1.0), (10, 2.0), (20, 3.0), (100, 4.0), (110, 5.0)]);
        let near = |t| gap.near(t).map(|point| point.v);
        assert_eq!([-11, -10, 4, 6, 30, 31].map(near), [None, Some(1.0), Some(1.0), Some(2.0), Some(3.0), None]);
        assert_eq!([60, 89, 90, 120, 121].map(near), [None, None, Some(4.0), Some(5.0), None]);
        assert_eq!(series(&[]).near(0), None);
        assert_eq!([60_000, 60_001].map(|t| series(&[(0, 7.0)]).near(t).map(|point| point.v)), [Some(7.0), None]);
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
