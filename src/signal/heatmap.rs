//! How often which values occurred, over time.

/// Counts by bucket and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heatmap {
    /// Times of the columns, in milliseconds, the earliest first.
    pub times: Vec<i64>,
    /// The buckets, the least values first.
    pub buckets: Vec<Bucket>,
}

/// One bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bucket {
    /// Which values are in it, in words: `≤ 500 ms`.
    pub name: String,
    /// How many there are at each time; NaN where nothing is known.
    pub counts: Vec<f64>,
}

impl Heatmap {
    /// The greatest count; 0 where there is none.
    pub fn greatest(&self) -> f64 {
        let counts = self.buckets.iter().flat_map(|bucket| &bucket.counts);
        counts.copied().filter(|count| count.is_finite()).fold(0.0, f64::max)
    }
}
