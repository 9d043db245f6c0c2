//! The seam between the cockpit and whatever keeps an incident's log: a file on this disk, a list in a test, later a
//! server that several cockpits share.
//!
//! What is submitted gets a ticket, and the place it takes is told later, as news: nobody who submits ever waits. A store
//! decides on the order, and nothing here knows how it comes to it, what a screen is, or what an event means.

use std::{fmt, time::Duration};

use super::{JournalError, Spilled, Warning};
use crate::incident::event::{Draft, Entry};

/// A shared, totally ordered log that is given drafts and says what became of them.
pub trait Store: Send {
    /// Takes drafts that are to be appended, all or none, behind those submitted before. Drafts whose id or
    /// [key](crate::incident::Event::dedup_key) the log already has are skipped. Returns at once.
    ///
    /// What a person did stands in the log in the order in which it was done. After it has [refused](News::Refused) some of
    /// it, a store therefore refuses all that a person did later, until everything it refused is submitted again in one
    /// submission, first refused first, in front of what is new.
    ///
    /// What a machine [observed](crate::incident::Event::is_observed) has no order among that: it is held back by nothing and
    /// holds nothing back, and what a person does may be appended before it.
    fn submit(&mut self, drafts: Vec<Draft>) -> Ticket;

    /// What has happened since the last call, in the order in which it happened; empty when nothing has. Never waits: whoever
    /// makes a store gives it a function that is called when there is something to poll for.
    fn poll(&mut self) -> Vec<News>;

    /// Brings what was submitted to where it belongs, and lets go of the log. Waits for so long at the most; what the store
    /// came to by then is there to be [polled](Self::poll), and of what is left over nothing is said.
    fn close(&mut self, within: Duration);
}

/// Names one [`submit`](Store::submit) of one store. It is answered once, by [`News::Appended`], [`News::Rebased`] or
/// [`News::Refused`], and those of what a person did are answered in the order in which they were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

impl Ticket {
    /// The ticket after this one. A store's first is the one after the default, which no submission has.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Something that happened to the log.
#[derive(Debug)]
pub enum News {
    /// Entries were added to the log, one's own and others' alike.
    Appended {
        /// In order of the log, each exactly once. None when the log had all that was submitted.
        entries: Vec<Entry>,
        /// The submissions that are in the log with this.
        tickets: Vec<Ticket>,
    },
    /// What was told before no longer holds, and what was shown must be built anew.
    Rebased {
        /// The whole log.
        entries: Vec<Entry>,
        /// The submissions that are in the log with this.
        tickets: Vec<Ticket>,
    },
    /// A submission could not be kept anywhere, or [has to come again](Store::submit) behind what was refused before it.
    /// Nothing of it is in the log, but for what was there before.
    Refused {
        /// The submission.
        ticket: Ticket,
        /// Its drafts, as they were given.
        drafts: Vec<Draft>,
        /// The reason.
        error: JournalError,
    },
    /// Submissions take longer than they should. Said again for as long as that lasts.
    Stalled(Stall),
    /// Entries are kept in a spill and not where they belong, or there are none any more; said when it changes.
    Spilled(Option<Spilled>),
    /// Everything up to this number survives the loss of power.
    Durable(u64),
    /// Entries are in the log that may not survive the loss of power, because bringing them there failed. It is tried
    /// again.
    NotDurable {
        /// The first such entry.
        since: u64,
    },
    /// What a person should know about the log.
    Warned(Vec<Warning>),
    /// Others' entries could not be read; said once until it works again.
    Unreadable(JournalError),
    /// The store has failed, which is a bug, and will say nothing more.
    Broken,
}

/// Why submissions are not answered for longer than they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stall {
    /// Another process has held the lock for two seconds. What was submitted is spilled; where that cannot be, it waits its
    /// turn.
    Locked,
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked => f.write_str("another process holds the journal; waiting for it"),
        }
    }
}
