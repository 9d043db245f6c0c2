//! Which entries of a log take effect: those that are neither undone nor say again what another cockpit had written.
//!
//! What was undone must be as if it had never been, so all undoing has to be heard before the first entry is admitted.

use std::collections::{HashMap, HashSet};

use super::{DedupKeys, Entry, Event, Id};

/// What is undone, and what was said so far.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    undone: HashSet<Id>,
    /// All that were ever undone, and their numbers as far as they are in the log.
    named: HashMap<Id, Option<u64>>,
    keys: DedupKeys,
    repeats: HashSet<Id>,
}

/// What becomes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// It takes effect.
    Yes,
    /// It is undone: it is in the log, and changes nothing.
    Undone,
    /// Two cockpits saw the same at once, and the first one counts.
    Repeat,
}

impl Effective {
    /// Knows what is undone at the end of this log.
    pub fn after<'a>(log: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut effective = Self::default();
        log.into_iter().for_each(|event| effective.hear(event));
        effective
    }

    /// Takes in that an entry was undone or holds again; the newest word counts.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::Undone { entry } => {
                self.undone.insert(*entry);
                self.named.entry(*entry).or_default();
            }
            Event::Redone { entry } => drop(self.undone.remove(entry)),
            _ => {}
        }
    }

    /// What becomes of the next entry of the log.
    pub fn admit(&mut self, entry: &Entry) -> Admitted {
        if let Some(number) = self.named.get_mut(&entry.id) {
            *number = Some(entry.seq);
        }
        if let Some(key) = entry.event.dedup_key()
            && !self.keys.insert(key)
        {
            self.repeats.insert(entry.id);
            return Admitted::Repeat;
        }
        if self.undone.contains(&entry.id) { Admitted::Undone } else { Admitted::Yes }
    }

    /// The number of an entry that was ever undone.
    pub(super) fn number_of(&self, undone: Id) -> Option<u64> {
        *self.named.get(&undone)?
    }

    /// Whether nothing is undone.
    pub fn is_untouched(&self) -> bool {
        self.undone.is_empty()
    }

    /// Whether an event with this key was admitted.
    pub fn has_key(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Whether an entry is undone.
    pub fn is_undone(&self, entry: Id) -> bool {
        self.undone.contains(&entry)
    }

    /// Whether an entry says again what was already written.
    pub fn is_repeat(&self, entry: Id) -> bool {
        self.repeats.contains(&entry)
    }
}
