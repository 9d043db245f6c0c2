//! What to look at next: the check that tells the rows apart best, for the time it costs.

use super::{Board, Id, Ranking};

/// A check worth making.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What to look at.
    pub observation: Id,
    /// In words.
    pub text: String,
}

/// The best one.
pub fn best(_board: &Board, _ranking: &Ranking) -> Option<Check> {
    None
}
