//! The store that is a file: a thread that owns a journal, so that nothing that reads keys ever waits for a disk.
//!
//! It appends what it is given, one answer for each, looks twice a second for what other processes appended, and
//! syncs to disk within a tenth of a second, several appends at once. What the journal does not take it spills, and what
//! cannot be spilled either it gives back. One that only follows does the looking alone.
#![expect(clippy::disallowed_methods, reason = "the writer stamps entries with the time they are written")]

pub(super) mod refused;
mod syncing;

use std::{
    collections::VecDeque,
    mem,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use self::{refused::Refused, syncing::Syncing};
use super::{
    Journal, JournalError, News, Spilled, Stall, Store, Ticket,
    file::{SyncJob, Tail, lock::PATIENCE},
};
use crate::incident::event::Draft;

/// How often it looks for what others appended: each look wakes an idle machine.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);

/// How long one try for the lock blocks the thread, so that tailing and syncing go on meanwhile.
const ONE_TRY: Duration = Duration::from_millis(50);

/// How long the end waits for another's lock, and for the last sync: a person waits for a terminal.
const AT_THE_END: Duration = Duration::from_millis(700);

/// What may be done with a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Entries are appended, in this author's name.
    Write {
        /// `alice@host`.
        author: String,
    },
    /// Nothing on the disk is changed; what is submitted is refused.
    Follow,
}

/// The thread's handle. Dropping it writes what is still to be written, however long that takes.
#[derive(Debug)]
pub struct Worker {
    orders: Sender<Order>,
    news: Receiver<News>,
    last: Ticket,
    /// Nothing once it was given up, and for one that only follows: that has nothing to write and is not waited for.
    thread: Option<JoinHandle<()>>,
    /// Its other end is held by the thread for as long as it runs.
    ended: Receiver<()>,
}

/// An order to the thread.
#[derive(Debug)]
enum Order {
    Append(Submission),
    /// A sync is over: the last entry on disk, if it went well.
    Synced(Option<u64>),
    Finish,
}

#[derive(Debug)]
struct Submission {
    ticket: Ticket,
    drafts: Vec<Draft>,
    /// Whether nothing of it was done by a person.
    is_observed: bool,
}

impl Worker {
    /// Starts the thread. What the journal held when it was opened is for the caller to take before; `wake` is called on
    /// the thread whenever there is news.
    pub fn spawn(journal: Journal, access: Access, wake: impl Fn() + Send + 'static) -> Self {
        Self::with_disk(journal, access, wake, SyncJob::run)
    }

    /// Like [`spawn`](Self::spawn), on a disk that takes its time, or fails.
    fn with_disk(
        journal: Journal,
        access: Access,
        wake: impl Fn() + Send + 'static,
        sync: impl Fn(&SyncJob) -> Result<u64, JournalError> + Send + 'static,
    ) -> Self {
        let (orders, receiver) = mpsc::channel();
        let (news, told) = mpsc::channel();
        let (running, ended) = mpsc::channel();
        let done = orders.clone();
        let syncing = Syncing::start(sync, move |upto| done.send(Order::Synced(upto)).is_ok());
        let teller = Teller { news, wake };
        let is_waited_for = access != Access::Follow;
        let thread = thread::spawn(move || {
            let _until_the_end = running;
            Work::new(journal, access, teller, syncing).run(&receiver);
        });
        Self { orders, news: told, last: Ticket::default(), thread: Some(thread).filter(|_| is_waited_for), ended }
    }

    fn send(&self, order: Order) {
        // Fails only when the thread has panicked, which it has told.
        let _ = self.orders.send(order);
    }

    fn join(&mut self) {
        self.send(Order::Finish);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Store for Worker {
    fn submit(&mut self, drafts: Vec<Draft>) -> Ticket {
        self.last = self.last.next();
        let is_observed = drafts.iter().all(|draft| draft.event.is_observed());
        self.send(Order::Append(Submission { ticket: self.last, drafts, is_observed }));
        self.last
    }

    fn poll(&mut self) -> Vec<News> {
        self.news.try_iter().collect()
    }

    /// Writes and syncs. What cannot be written is given back with [`News::Refused`].
    fn close(&mut self, within: Duration) {
        self.send(Order::Finish);
        if self.thread.is_none() {
            return;
        }
        // Answered when the thread has ended and let go of its end, however it ended.
        if self.ended.recv_timeout(within) == Err(RecvTimeoutError::Timeout) {
            drop(self.thread.take());
        }
        self.join();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.join();
    }
}

/// Passes news on, and the thread's panic: else nothing would be written any more, without a word.
struct Teller<W: Fn()> {
    news: Sender<News>,
    wake: W,
}

impl<W: Fn()> Teller<W> {
    fn tell(&self, news: News) {
        // Fails only when nobody is left who would read it.
        let _ = self.news.send(news);
        (self.wake)();
    }
}

impl<W: Fn()> Drop for Teller<W> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.news.send(News::Broken);
            (self.wake)();
        }
    }
}

struct Work<W: Fn()> {
    journal: Journal,
    access: Access,
    teller: Teller<W>,
    syncing: Syncing,
    waiting: VecDeque<Submission>,
    refused: Refused,
    finishing: bool,
    /// Since when the lock could not be had.
    busy: Option<Instant>,
    /// What was last said to be in the spill.
    spilled: Option<Spilled>,
    look_at: Instant,
    look_failed: bool,
}

impl<W: Fn()> Work<W> {
    fn new(mut journal: Journal, access: Access, teller: Teller<W>, syncing: Syncing) -> Self {
        journal.set_patience(ONE_TRY);
        Self {
            journal,
            access,
            teller,
            syncing,
            waiting: VecDeque::new(),
            refused: Refused::default(),
            finishing: false,
            busy: None,
            spilled: None,
            look_at: Instant::now(),
            look_failed: false,
        }
    }

    fn run(mut self, orders: &Receiver<Order>) {
        self.warn();
        while !self.finishing || !self.waiting.is_empty() {
            self.wait(orders);
            self.append_next();
            if self.look_at <= Instant::now() {
                self.look();
            }
            if self.access != Access::Follow {
                self.syncing.plan(&self.journal);
            }
            if self.syncing.due().is_some_and(|at| at <= Instant::now()) {
                self.sync();
            }
        }
        if self.access != Access::Follow {
            self.look();
            self.sync_to_the_end(orders);
        }
    }

    /// Sleeps until there is something to do, and takes in what is ordered.
    fn wait(&mut self, orders: &Receiver<Order>) {
        let until = self.syncing.due().map_or(self.look_at, |at| at.min(self.look_at));
        let busy = self.finishing || !self.waiting.is_empty();
        let idle = if busy { Duration::ZERO } else { until.saturating_duration_since(Instant::now()) };
        match orders.recv_timeout(idle) {
            Ok(order) => self.take(order),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.finishing = true,
        }
        while let Ok(order) = orders.try_recv() {
            self.take(order);
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Append(submission) => self.queue(submission),
            Order::Synced(upto) => {
                let news = self.syncing.end(&mut self.journal, upto);
                self.teller.tell(news);
            }
            Order::Finish => self.finishing = true,
        }
    }

    /// What a person did goes before what machines observed: a storm that waits holds up nobody.
    fn queue(&mut self, submission: Submission) {
        let at = match submission.is_observed {
            true => self.waiting.len(),
            false => self.waiting.iter().rposition(|before| !before.is_observed).map_or(0, |at| at + 1),
        };
        self.waiting.insert(at, submission);
    }

    /// Answers the submission whose turn it is, unless another process holds the lock.
    fn append_next(&mut self) {
        let Some(submission) = self.waiting.pop_front() else { return };
        if let Some(error) = self.refused.hold_back(&submission.drafts) {
            return self.refuse(submission, error);
        }
        match self.append(&submission.drafts) {
            Ok(Some(tail)) => {
                self.busy = None;
                submission.drafts.iter().for_each(|draft| self.refused.remove(draft.id));
                self.report(tail, Some(submission.ticket));
            }
            Ok(None) => return self.waiting.push_front(submission),
            Err(JournalError::Busy { .. }) if !self.finishing => return self.waiting.push_front(submission),
            Err(error) => self.refuse(submission, error),
        }
        self.warn();
    }

    /// Gives a submission back.
    fn refuse(&mut self, Submission { ticket, drafts, .. }: Submission, error: JournalError) {
        self.refused.add(&drafts, &error, |id| self.journal.has(id));
        self.teller.tell(News::Refused { ticket, drafts, error });
    }

    /// Appends these, or spills them; nothing when another process holds the lock and that can still be waited for.
    fn append(&mut self, drafts: &[Draft]) -> Result<Option<Tail>, JournalError> {
        let Access::Write { author } = &self.access else {
            return Err(JournalError::ReadOnly { path: self.journal.path() });
        };
        let error = match self.journal.append(author, drafts, Timestamp::now()) {
            Err(error @ JournalError::Busy { .. }) => error,
            done => return done.map(Some),
        };
        let author = author.clone();
        if !self.waited_enough() {
            return Ok(None);
        }
        self.journal.put_in_spill(&author, drafts, Timestamp::now(), error).map(Some)
    }

    /// Whether the lock was tried for as long as it should be. Not again for each entry, while others wait aside.
    fn waited_enough(&mut self) -> bool {
        if self.journal.spilled().is_some() {
            return true;
        }
        let patience = if self.finishing { AT_THE_END } else { PATIENCE };
        let enough = self.busy.get_or_insert_with(Instant::now).elapsed() >= patience;
        if enough {
            // At the end it is waited for once, not once for each of those that wait.
            self.busy = self.busy.filter(|_| self.finishing);
            self.teller.tell(News::Stalled(Stall::Locked));
        }
        enough
    }

    /// Looks for what others appended.
    fn look(&mut self) {
        self.look_at = Instant::now() + FOLLOW_EVERY;
        let looked = if self.access == Access::Follow { self.journal.follow() } else { self.journal.tail() };
        let failed_before = mem::replace(&mut self.look_failed, looked.is_err());
        match looked {
            Ok(tail) if tail.entries.is_empty() => {}
            Ok(tail) => self.report(tail, None),
            Err(error) if !failed_before => self.teller.tell(News::Unreadable(error)),
            Err(_) => {}
        }
        self.warn();
    }

    fn sync(&mut self) {
        if let Some(news) = self.syncing.begin(&mut self.journal) {
            self.teller.tell(news);
        }
    }

    /// The last sync, and one more if it fails. A disk that hangs is not waited for: the terminal has to come back.
    fn sync_to_the_end(&mut self, orders: &Receiver<Order>) {
        let deadline = Instant::now() + AT_THE_END;
        let mut tries = 0;
        loop {
            if self.syncing.is_under_way() {
                match orders.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                    Ok(order) => self.take(order),
                    Err(_) => {
                        let news = self.syncing.failed(&self.journal);
                        return self.teller.tell(news);
                    }
                }
            } else if self.journal.unsynced_since().is_some() && tries < 2 {
                tries += 1;
                self.sync();
            } else {
                return;
            }
        }
    }

    fn report(&mut self, tail: Tail, ticket: Option<Ticket>) {
        tail.entries.iter().for_each(|entry| self.refused.remove(entry.id));
        let (entries, tickets) = (tail.entries, ticket.into_iter().collect());
        let news = if tail.rebased { News::Rebased { entries, tickets } } else { News::Appended { entries, tickets } };
        self.teller.tell(news);
    }

    fn warn(&mut self) {
        let warnings = self.journal.take_warnings();
        // What stands in the way of writing is of no concern to one that only follows.
        if self.access == Access::Follow {
            return;
        }
        if !warnings.is_empty() {
            self.teller.tell(News::Warned(warnings));
        }
        let spilled = self.journal.spilled();
        if spilled != self.spilled {
            self.spilled.clone_from(&spilled);
            self.teller.tell(News::Spilled(spilled));
        }
    }
}

#[cfg(test)]
mod tests;
