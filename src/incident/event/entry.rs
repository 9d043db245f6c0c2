//! An event with its place in the log, and one on the way there.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Event;
use crate::incident::Id;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the log: contiguous from 1, given by the log.
    pub seq: u64,
    /// Its name, given by its author.
    pub id: Id,
    /// The time it was written at, by the clock of the writer.
    pub at: Timestamp,
    /// Who wrote it: `alice@host`.
    pub by: String,
    /// What happened.
    pub event: Event,
}

/// An entry before the log has given it a place and a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its name.
    pub id: Id,
    /// What happened.
    pub event: Event,
}
