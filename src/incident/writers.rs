//! What is kept of each author of a log, so that the next entry costs as much after a million others as after ten.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Id, Watch};

/// An index over the authors of one incident, and over its watches.
#[derive(Clone, Debug, Default)]
pub(super) struct Writers {
    authors: HashMap<String, Writer>,
    /// Places of watches, by their session: the first of each.
    sessions: HashMap<Id, usize>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Writer {
    /// The latest time at which an entry was written.
    last: Option<Timestamp>,
    /// The place of the newest watch.
    watch: Option<usize>,
}

impl Writers {
    /// Takes in that an author wrote an entry.
    pub fn wrote(&mut self, by: &str, at: Timestamp) {
        // An author is new once: only then is the name copied.
        match self.authors.get_mut(by) {
            Some(known) => known.last = known.last.max(Some(at)),
            None => drop(self.authors.insert(by.to_owned(), Writer { last: Some(at), watch: None })),
        }
    }

    /// Takes in a watch, and the place it has.
    pub fn watches(&mut self, watch: &Watch, at: usize) {
        self.authors.entry(watch.by.clone()).or_default().watch = Some(at);
        self.sessions.entry(watch.session).or_insert(at);
    }

    /// The latest time at which an author wrote.
    pub fn last(&self, by: &str) -> Option<Timestamp> {
        self.authors.get(by)?.last
    }

    /// The place of an author's newest watch.
    pub fn watch_of(&self, by: &str) -> Option<usize> {
        self.authors.get(by)?.watch
    }

    /// The place of the watch of a session.
    pub fn watch_in(&self, session: Id) -> Option<usize> {
        self.sessions.get(&session).copied()
    }
}
