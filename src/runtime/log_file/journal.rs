//! What the log says of the journal: what was appended and how long that took, and what was not. Never what it was.
#![expect(clippy::disallowed_methods, reason = "how long it took is measured here")]

use std::{collections::VecDeque, time::Instant};

use super::{Level, Log};
use crate::journal::{News, Stall, Ticket, Warning};

/// The appends that the journal has not answered yet, each with when it began.
#[derive(Debug, Default)]
pub struct Appends {
    log: Log,
    /// Oldest first, and since when.
    waiting: VecDeque<(Ticket, Instant)>,
}

impl Appends {
    /// Without any; lines go to `log`.
    pub fn new(log: Log) -> Self {
        Self { log, waiting: VecDeque::new() }
    }

    /// This submission is under way, since a moment ago.
    pub fn begin(&mut self, ticket: Ticket) {
        if self.log.is_on() {
            self.waiting.push_back((ticket, Instant::now()));
        }
    }

    /// What became of them, or what the journal has to say by itself.
    pub fn end(&mut self, news: &News) {
        if !self.log.is_on() {
            return;
        }
        let (level, words) = match news {
            News::Appended { entries, tickets } => {
                let whose = match self.answered(tickets) {
                    Some(begun) => format!("in {:.1} ms", begun.elapsed().as_secs_f64() * 1000.0),
                    None => "by others".to_owned(),
                };
                (Level::Info, format!("{} appended {whose}", entries.len()))
            }
            News::Rebased { entries, tickets } => {
                self.answered(tickets);
                (Level::Warn, format!("replaced from outside: {} entries", entries.len()))
            }
            News::Refused { ticket, drafts, error } => {
                self.answered(&[*ticket]);
                (Level::Error, format!("{} not appended: {}", drafts.len(), error.brief()))
            }
            News::Stalled(Stall::Locked) => (Level::Warn, "another process holds it".to_owned()),
            News::Spilled(Some(spilled)) => {
                let (entries, path) = (spilled.entries, spilled.path.parent().unwrap_or(&spilled.path));
                (Level::Warn, format!("{entries} in a second journal in {}: {}", path.display(), spilled.why))
            }
            News::Spilled(None) => (Level::Info, "no second journal any more".to_owned()),
            News::Durable(_) => return,
            News::NotDurable { since } => (Level::Error, format!("not on disk from entry {since} on")),
            News::Warned(warnings) => (Level::Warn, warnings.iter().map(brief).collect::<Vec<_>>().join("; ")),
            News::Unreadable(error) => (Level::Error, format!("cannot be read: {}", error.brief())),
            // The panic has said itself.
            News::Broken => return,
        };
        self.log.say(level, "journal", words);
    }

    /// When the oldest of these began, which are under way no more.
    fn answered(&mut self, tickets: &[Ticket]) -> Option<Instant> {
        let oldest = self.waiting.iter().find(|(ticket, _)| tickets.contains(ticket)).map(|(_, begun)| *begun);
        self.waiting.retain(|(ticket, _)| !tickets.contains(ticket));
        oldest
    }
}

/// A warning without names of files: an incident's folder is named after its title, which somebody typed.
fn brief(warning: &Warning) -> String {
    match warning {
        Warning::Damaged { line, damage, .. } => format!("line {line} {damage}"),
        Warning::Linked { .. } => "goes on in another part".to_owned(),
        Warning::Gap { from, to, .. } => format!("entries {from} to {to} are missing"),
        Warning::TailRepaired { bytes, .. } => format!("{bytes} bytes of a torn line put aside"),
        Warning::Rewritten { .. } => "was gone, cut short or no file any more, and is written again".to_owned(),
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
