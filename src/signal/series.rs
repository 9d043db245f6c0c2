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
