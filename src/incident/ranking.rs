//! Which hypothesis the evidence favours, and why, in numbers that add up.
//!
//! The score is a weight of evidence: naive Bayes in bits, with five levels of expectation and three of prior, so that a
//! tired person can fill it and an expert can check it.

use jiff::Timestamp;

use super::{Board, Entry, Id};

/// A row of the ranking: a hypothesis, or what is not on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowId {
    /// A hypothesis.
    Named(Id),
    /// Something not on this board.
    Other,
}

/// Tenths of a bit. Whole tenths, so that a row's number is exactly the sum of the reasons it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenths(pub i32);

/// One line under a row: what it weighs, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What it adds.
    pub bits: Tenths,
    /// The observations it comes from; none for a prior.
    pub observations: Vec<Id>,
    /// In words: `5xx on checkout: must be there, is`.
    pub text: String,
}

/// A hypothesis with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub id: RowId,
    /// Its place, dense from 1; rows that tie share it.
    pub rank: usize,
    /// The sum of its reasons.
    pub bits: Tenths,
    /// Present columns it expects, with `#` or `+`.
    pub explains: usize,
    /// All present columns that count.
    pub of: usize,
    /// Columns that weigh against it.
    pub against: usize,
    /// Settled columns it has not been held against.
    pub not_assessed: usize,
    /// The prior first, then each origin in order of its columns.
    pub reasons: Vec<Reason>,
}

/// The board judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// Best first, every row of the board and `other`.
    pub rows: Vec<Row>,
}

/// A change of the order worth a line in the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// The entry that made it.
    pub seq: u64,
    /// In words: `B bad deploy v2.3.1 leads at +4.1 (was A): s3 pool is absent`.
    pub text: String,
}

impl Turn {
    /// What changed between two rankings, if it is worth a line.
    pub fn between(_before: &Ranking, _after: &Ranking, _board: &Board, _entry: &Entry) -> Option<Self> {
        None
    }
}

/// Judges a board.
pub fn rank(_board: &Board) -> Ranking {
    Ranking::default()
}
