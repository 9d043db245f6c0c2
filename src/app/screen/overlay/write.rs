//! A change at a source that is shown whole and waits for its name to be typed.

use crate::{config::SourceId, signal::Operation};

/// What would be changed, and what a person should know before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The source.
    pub source: SourceId,
    /// Its name.
    pub source_name: String,
    /// What it would be told.
    pub operation: Operation,
    /// All of it in words, a line each.
    pub shown: Vec<String>,
    /// Where what was typed for it is kept until it is sent.
    pub draft: String,
    /// What speaks against it.
    pub warnings: Vec<String>,
}

impl Write {
    /// All that is to be seen before it is sent.
    pub fn lines(&self) -> Vec<&str> {
        self.shown.iter().chain(&self.warnings).map(String::as_str).collect()
    }

    /// The word that is typed to have it done.
    pub fn name(&self) -> &'static str {
        match self.operation {
            Operation::Silence { .. } => "silence",
            Operation::Acknowledge { .. } => "acknowledge",
        }
    }
}
