//! How many values lie between which bounds, altogether.

/// Counts of values by size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// The buckets, the least values first.
    pub bars: Vec<HistogramBar>,
}

/// One bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramBar {
    /// The least value in it, in words.
    pub from: String,
    /// The value all of its values are below, in words.
    pub to: String,
    /// How many values are in it.
    pub count: f64,
}
