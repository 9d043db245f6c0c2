//! What follows from the board besides its ranking: checks worth making and the smallest sets that explain what is seen.
//!
//! Both cost more than a ranking, so they are computed once for each version of the board and kept.

use crate::incident::{
    Incident,
    cover::{self, Covers},
    next_check::{self, NextCheck},
};

/// The judgement of one version of the board.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The version of the incident it was made from.
    pub version: u64,
    /// Untested columns, the best check first.
    pub checks: Vec<NextCheck>,
    /// The smallest sets of rows that explain what is seen.
    pub covers: Covers,
}

impl Judged {
    /// Judges an incident's board.
    pub fn of(incident: &Incident) -> Self {
        Self {
            version: incident.version(),
            checks: next_check::next_checks(&incident.board, &incident.ranking),
            covers: cover::covers(&incident.board),
        }
    }
}
