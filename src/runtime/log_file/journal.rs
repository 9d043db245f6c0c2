//! What the log says of the journal: what was appended and how long that took, and what was not. Never what it was.
#![expect(clippy::disallowed_methods, reason = "how long it took is measured here")]

use std::{collections::VecDeque, time::Instant};

use super::{Level, Log};
use crate::{
    incident::{Draft, Id},
    journal::writer::Report,
};

/// Appends under way.
#[derive(Debug, Default)]
pub struct Appends {
    log: Log,
    waiting: VecDeque<(Instant, Vec<Id>)>,
}

impl Appends {
    /// None yet.
    pub fn new(log: Log) -> Self {
        Self { log, waiting: VecDeque::new() }
    }

    /// These are given to the journal.
    pub fn begin(&mut self, drafts: &[Draft]) {
        if self.log.is_on() {
            self.waiting.push_back((Instant::now(), drafts.iter().map(|draft| draft.id).collect()));
        }
    }

    /// What became of them, or what the journal has to say by itself.
    pub fn end(&mut self, report: &Report) {
        if !self.log.is_on() {
            return;
        }
        let (level, words) = match report {
            Report::Recorded(entries) => {
                // What others wrote comes in between; an answer without entries says that they were there already.
                let is_ours = |(_, ids): &(Instant, Vec<Id>)| {
                    entries.is_empty() || entries.iter().any(|entry| ids.contains(&entry.id))
                };
                let whose = match self.waiting.front().filter(|waiting| is_ours(waiting)) {
                    Some((begun, _)) => format!("in {:.1} ms", begun.elapsed().as_secs_f64() * 1000.0),
                    None => "by others".to_owned(),
                };
                if !whose.starts_with("by") {
                    self.waiting.pop_front();
                }
                (Level::Info, format!("{} appended {whose}", entries.len()))
            }
            Report::Rebased(entries) => {
                self.waiting.clear();
                (Level::Warn, format!("replaced from outside: {} entries", entries.len()))
            }
            Report::Failed { drafts, error } => {
                self.waiting.pop_front();
                (Level::Error, format!("{} not appended: {}", drafts.len(), error.brief()))
            }
            Report::Busy => (Level::Warn, "another process holds it".to_owned()),
            Report::Elsewhere(Some(elsewhere)) => {
                let (entries, path) = (elsewhere.entries, elsewhere.path.parent().unwrap_or(&elsewhere.path));
                (Level::Warn, format!("{entries} in a second journal in {}: {}", path.display(), elsewhere.why))
            }
            Report::Elsewhere(None) => (Level::Info, "no second journal any more".to_owned()),
            Report::Synced(_) => return,
            Report::Unsynced { since } => (Level::Error, format!("not on disk from entry {since} on")),
            Report::Warned(warnings) => {
                let words: Vec<_> = warnings.iter().map(ToString::to_string).collect();
                (Level::Warn, words.join("; "))
            }
            Report::TailFailed(error) => (Level::Error, format!("cannot be read: {}", error.brief())),
        };
        self.log.say(level, "journal", words);
    }
}
