//! What a query yields.

use super::super::store::Labels;

/// What a query yields at one time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Scalar(f64),
    Text(String),
    Vector(Vec<Point>),
    Matrix(Vec<Track>),
}

/// One series at one time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub labels: Labels,
    pub value: f64,
}

/// One series over time, times in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Track {
    pub labels: Labels,
    pub values: Vec<(i64, f64)>,
}
