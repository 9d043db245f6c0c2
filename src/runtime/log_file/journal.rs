//! What the log says of the journal: what was appended and how long that took, and what was not. Never what it was.
#![expect(clippy::disallowed_methods, reason = "how long it took is measured here")]

use std::{collections::VecDeque, time::Instant};

use super::{Level, Log};
use crate::{
    incident::{Draft, Id},
    journal::{Warning, worker::Report},
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
                let ours = self.waiting.front().is_some_and(is_ours);
                let whose = match ours.then(|| self.waiting.pop_front()).flatten() {
                    Some((begun, _)) => format!("in {:.1} ms", begun.elapsed().as_secs_f64() * 1000.0),
                    None => "by others".to_owned(),
                };
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
            Report::Warned(warnings) => (Level::Warn, warnings.iter().map(brief).collect::<Vec<_>>().join("; ")),
            Report::TailFailed(error) => (Level::Error, format!("cannot be read: {}", error.brief())),
        };
        self.log.say(level, "journal", words);
    }
}

/// A warning without names of files: an incident's folder is named after its title, which somebody typed.
fn brief(warning: &Warning) -> String {
    match warning {
        Warning::Damaged { line, damage, .. } => format!("line {line} {damage}"),
        Warning::Linked { .. } => "goes on in another part".to_owned(),
        Warning::Gap { from, to, .. } => format!("entries {from} to {to} are missing"),
        Warning::TailRepaired { bytes, .. } => format!("{bytes} bytes of a torn line put aside"),
        Warning::Rewritten { .. } => "was gone or cut short, and is written again".to_owned(),
        Warning::Rebased { added, .. } => format!("was replaced by another file, {added} entries added"),
        Warning::InSpill { entries, .. } => format!("{entries} entries in a second journal"),
        Warning::Merged { entries, .. } => format!("{entries} entries merged from a second journal"),
        Warning::NewerFormat { found, .. } => format!("is in the newer format {found}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_is_said() {
        let path = "/run/2026-11-22-0312-acme-secret-merger.jsonl".to_owned();
        for warning in [
            Warning::InSpill { path: path.clone(), entries: 2 },
            Warning::Merged { path: path.clone(), entries: 2 },
            Warning::Rewritten { file: path.clone() },
            Warning::TailRepaired { bytes: 3, kept: path },
        ] {
            assert!(!brief(&warning).contains("acme"), "{warning:?}");
        }
    }
}
