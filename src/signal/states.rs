//! What state things were in, and until when.

use super::Tone;

/// The states of one thing over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// What it is called.
    pub name: String,
    /// The stretches of one state each, the earliest first. What lies between two of them is not known.
    pub stretches: Vec<Stretch>,
}

/// A stretch of time in one state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stretch {
    /// When it begins, in milliseconds.
    pub from: i64,
    /// When it ends, in milliseconds.
    pub until: i64,
    /// The state, in words.
    pub state: String,
    /// How good or bad that is, where its source says so.
    pub tone: Option<Tone>,
}
