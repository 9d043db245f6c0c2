//! A store that is a list, for tests: it answers when it is told to, and can do all that a store may do to its users.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::{JournalError, News, Stall, Store, Ticket, worker::refused::Refused};
use crate::incident::{
    Id,
    event::{Draft, Entry, Event},
};

/// The store's user has one end of it.
#[derive(Debug)]
pub struct MemoryStore(Memory);

/// The test has the other.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    log: Vec<Entry>,
    /// Submitted and not answered, oldest first.
    waiting: VecDeque<(Ticket, Vec<Draft>)>,
    /// Answered and not polled for.
    news: Vec<News>,
    refused: Refused,
    last: Ticket,
    now: Timestamp,
    hangs: bool,
}

impl Memory {
    /// An empty log; entries bear this time until another is [set](Self::set_time).
    pub fn at(now: Timestamp) -> Self {
        let memory = Self::default();
        memory.state().now = now;
        memory
    }

    /// The end for the store's user.
    pub fn store(&self) -> MemoryStore {
        MemoryStore(self.clone())
    }

    /// Entries bear this time from now on.
    pub fn set_time(&self, now: Timestamp) {
        self.state().now = now;
    }

    /// All that is in the log.
    pub fn log(&self) -> Vec<Entry> {
        self.state().log.clone()
    }

    /// How many submissions are not answered.
    pub fn waiting(&self) -> usize {
        self.state().waiting.len()
    }

    /// Appends the oldest submissions, up to so many of them, and answers them at once.
    pub fn answer(&self, count: usize) {
        self.state().answer(count, "me@here");
    }

    /// Refuses the oldest submission.
    pub fn refuse(&self) {
        let mut state = self.state();
        let Some((ticket, drafts)) = state.waiting.pop_front() else { return };
        state.refuse(ticket, drafts, JournalError::NoDataFolder);
    }

    /// Says that submissions take longer than they should.
    pub fn stall(&self) {
        self.state().news.push(News::Stalled(Stall::Locked));
    }

    /// Appends what somebody else wrote.
    pub fn write(&self, id: Id, event: Event) {
        let mut state = self.state();
        let entries = state.append(vec![Draft { id, event }], "bob@there");
        state.news.push(News::Appended { entries, tickets: Vec::new() });
    }

    /// Puts another log in its place, in which somebody else wrote this before the last `back` entries.
    pub fn rebase(&self, back: usize, id: Id, event: Event) {
        let mut state = self.state();
        let tail = state.log.len().saturating_sub(back).max(usize::from(!state.log.is_empty()));
        let after = state.log.split_off(tail);
        state.append(vec![Draft { id, event }], "bob@there");
        for entry in after {
            let seq = state.log.len() as u64 + 1;
            state.log.push(Entry { seq, ..entry });
        }
        let entries = state.log.clone();
        state.news.push(News::Rebased { entries, tickets: Vec::new() });
    }

    /// From now on it answers nothing, not even at the end.
    pub fn hang(&self) {
        self.state().hangs = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn append(&mut self, drafts: Vec<Draft>, by: &str) -> Vec<Entry> {
        let mut entries = Vec::new();
        for Draft { id, event } in drafts {
            let key = event.dedup_key();
            let known = |entry: &Entry| entry.id == id || key.is_some() && entry.event.dedup_key() == key;
            if self.log.iter().any(known) {
                continue;
            }
            let entry = Entry { seq: self.log.len() as u64 + 1, id, at: self.now, by: by.to_owned(), event };
            self.log.push(entry.clone());
            entries.push(entry);
        }
        entries
    }

    fn refuse(&mut self, ticket: Ticket, drafts: Vec<Draft>, error: JournalError) {
        self.refused.add(&drafts, &error, |id| self.log.iter().any(|entry| entry.id == id));
        self.news.push(News::Refused { ticket, drafts, error });
    }

    /// Appends the oldest submissions, with as few news as there can be.
    fn answer(&mut self, count: usize, by: &str) {
        let (mut entries, mut tickets) = (Vec::new(), Vec::new());
        for (ticket, drafts) in self.waiting.drain(..count.min(self.waiting.len())).collect::<Vec<_>>() {
            if let Some(error) = self.refused.hold_back(&drafts) {
                self.tell_appended(mem::take(&mut entries), mem::take(&mut tickets));
                self.refuse(ticket, drafts, error);
                continue;
            }
            drafts.iter().for_each(|draft| self.refused.remove(draft.id));
            entries.extend(self.append(drafts, by));
            tickets.push(ticket);
        }
        self.tell_appended(entries, tickets);
    }

    fn tell_appended(&mut self, entries: Vec<Entry>, tickets: Vec<Ticket>) {
        if !tickets.is_empty() {
            self.news.push(News::Appended { entries, tickets });
        }
    }
}

impl Store for MemoryStore {
    fn submit(&mut self, drafts: Vec<Draft>) -> Ticket {
        let mut state = self.0.state();
        let ticket = state.last.next();
        state.last = ticket;
        state.waiting.push_back((ticket, drafts));
        ticket
    }

    fn poll(&mut self) -> Vec<News> {
        mem::take(&mut self.0.state().news)
    }

    fn close(&mut self, _within: Duration) {
        let mut state = self.0.state();
        if !state.hangs {
            state.answer(usize::MAX, "me@here");
        }
    }
}
