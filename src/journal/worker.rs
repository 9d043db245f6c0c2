//! The store that is a file: a thread that owns a journal, so that nothing that reads keys ever waits for a disk.
//!
//! It appends what it is given, one answer for each, looks twice a second for what other processes appended, and
//! syncs to disk within a tenth of a second, several appends at once. What the journal does not take it spills, and what
//! cannot be spilled either it gives back. One that only follows does the looking alone.
#![expect(clippy::disallowed_methods, reason = "the writer stamps entries with the time they are written")]

use std::{
    collections::{HashSet, VecDeque},
    mem,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{
    Journal, JournalError, News, Spilled, Stall, Store, Ticket,
    file::{SyncJob, Tail, lock::PATIENCE},
};
use crate::incident::{Id, event::Draft};

/// How often it looks for what others appended: each look wakes an idle machine.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);

/// How long an entry may stay in the kernel before it is synced to disk.
const SYNC_WITHIN: Duration = Duration::from_millis(100);

/// How long after a failed sync the next one is tried.
const SYNC_AGAIN: Duration = Duration::from_secs(5);

/// How long one try for the lock blocks the thread, so that tailing and syncing go on meanwhile.
const ONE_TRY: Duration = Duration::from_millis(50);

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
        let syncer = syncer(orders.clone(), sync);
        let teller = Teller { news, wake };
        let is_waited_for = access != Access::Follow;
        let thread = thread::spawn(move || {
            let _until_the_end = running;
            Work::new(journal, access, teller, syncer).run(&receiver);
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
        self.send(Order::Append(Submission { ticket: self.last, drafts }));
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

/// A second thread that only syncs, because a disk may take seconds for it.
fn syncer(
    done: Sender<Order>,
    sync: impl Fn(&SyncJob) -> Result<u64, JournalError> + Send + 'static,
) -> Sender<SyncJob> {
    let (sender, jobs) = mpsc::channel::<SyncJob>();
    thread::spawn(move || {
        for job in jobs {
            let synced = Order::Synced(sync(&job).ok());
            drop(job);
            if done.send(synced).is_err() {
                return;
            }
        }
    });
    sender
}

/// What a person did and the journal did not take.
struct Refused {
    ids: HashSet<Id>,
    why: String,
}

impl Refused {
    fn of(drafts: &[Draft], error: &JournalError) -> Option<Self> {
        let persons = drafts.iter().filter(|draft| draft.event.dedup_key().is_none());
        let ids: HashSet<Id> = persons.map(|draft| draft.id).collect();
        (!ids.is_empty()).then(|| Self { ids, why: error.brief() })
    }
}

struct Work<W: Fn()> {
    journal: Journal,
    access: Access,
    teller: Teller<W>,
    syncer: Sender<SyncJob>,
    waiting: VecDeque<Submission>,
    refused: Option<Refused>,
    finishing: bool,
    /// Since when the lock could not be had.
    busy: Option<Instant>,
    /// What was last said to be in the spill.
    spilled: Option<Spilled>,
    look_at: Instant,
    look_failed: bool,
    sync_at: Option<Instant>,
    syncing: bool,
}

impl<W: Fn()> Work<W> {
    fn new(mut journal: Journal, access: Access, teller: Teller<W>, syncer: Sender<SyncJob>) -> Self {
        journal.set_patience(ONE_TRY);
        Self {
            journal,
            access,
            teller,
            syncer,
            waiting: VecDeque::new(),
            refused: None,
            finishing: false,
            busy: None,
            spilled: None,
            look_at: Instant::now(),
            look_failed: false,
            sync_at: None,
            syncing: false,
        }
    }

    fn run(mut self, orders: &Receiver<Order>) {
        self.warn();
        while !self.finishing || !self.waiting.is_empty() {
            self.wait(orders);
            self.append_all();
            if self.look_at <= Instant::now() {
                self.look();
            }
            self.plan_sync();
            if self.sync_at.is_some_and(|at| at <= Instant::now()) {
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
        let until = self.sync_at.map_or(self.look_at, |at| at.min(self.look_at));
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
            Order::Append(submission) => self.waiting.push_back(submission),
            Order::Synced(upto) => self.synced(upto),
            Order::Finish => self.finishing = true,
        }
    }

    fn append_all(&mut self) {
        while let Some(submission) = self.waiting.pop_front() {
            if let Some(error) = self.stands_behind(&submission.drafts) {
                let Submission { ticket, drafts } = submission;
                self.teller.tell(News::Refused { ticket, drafts, error });
                continue;
            }
            match self.append(&submission.drafts) {
                Ok(Some(tail)) => {
                    self.busy = None;
                    self.report(tail, Some(submission.ticket));
                }
                Ok(None) => return self.waiting.push_front(submission),
                Err(JournalError::Busy { .. }) if !self.finishing => return self.waiting.push_front(submission),
                Err(error) => {
                    let Submission { ticket, drafts } = submission;
                    self.refused = Refused::of(&drafts, &error).or(self.refused.take());
                    self.teller.tell(News::Refused { ticket, drafts, error });
                }
            }
            self.warn();
        }
    }

    /// Why these have to wait for what was refused before them: what a person did is written in the order in which it was
    /// done. Whoever submits again what was refused puts it in front.
    fn stands_behind(&mut self, drafts: &[Draft]) -> Option<JournalError> {
        let refused = self.refused.as_ref()?;
        if drafts.iter().any(|draft| refused.ids.contains(&draft.id)) {
            self.refused = None;
            return None;
        }
        let is_a_persons = |draft: &Draft| draft.event.dedup_key().is_none();
        drafts.iter().any(is_a_persons).then(|| JournalError::Behind { why: refused.why.clone() })
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
        let enough = self.busy.get_or_insert_with(Instant::now).elapsed() >= PATIENCE;
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

    fn plan_sync(&mut self) {
        if !self.syncing && self.access != Access::Follow && self.journal.unsynced_since().is_some() {
            self.sync_at.get_or_insert_with(|| Instant::now() + SYNC_WITHIN);
        }
    }

    fn sync(&mut self) {
        self.sync_at = None;
        match self.journal.start_sync() {
            Ok(Some(job)) => self.syncing = self.syncer.send(job).is_ok(),
            Ok(None) => {}
            Err(_) => self.unsynced(),
        }
    }

    fn synced(&mut self, upto: Option<u64>) {
        self.syncing = false;
        self.journal.end_sync(upto.is_some());
        match upto {
            Some(seq) => self.teller.tell(News::Durable(seq)),
            None => self.unsynced(),
        }
    }

    fn unsynced(&mut self) {
        self.sync_at = Some(Instant::now() + SYNC_AGAIN);
        self.teller.tell(News::NotDurable { since: self.journal.unsynced_since().unwrap_or(1) });
    }

    /// The last sync, and one more if it fails. A disk that hangs is not waited for: the terminal has to come back.
    fn sync_to_the_end(&mut self, orders: &Receiver<Order>) {
        let deadline = Instant::now() + PATIENCE;
        let mut tries = 0;
        loop {
            if self.syncing {
                match orders.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                    Ok(order) => self.take(order),
                    Err(_) => return self.unsynced(),
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
        if let Some(refused) = &mut self.refused {
            tail.entries.iter().for_each(|entry| {
                refused.ids.remove(&entry.id);
            });
        }
        self.refused = self.refused.take().filter(|refused| !refused.ids.is_empty());
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
mod tests {
    use std::{
        fs,
        os::unix::fs::MetadataExt,
        path::{Path, PathBuf},
        sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    };

    use super::*;
    use crate::{
        incident::Event,
        journal::{Home, ids},
    };

    fn journal(data: &Path) -> (Journal, PathBuf) {
        let home = Home::at(data).with_second_in(data.join("run"));
        let journal = home.create("x", false, "a", Timestamp::UNIX_EPOCH).expect("a journal");
        let path = journal.path();
        (journal, path)
    }

    fn note() -> Vec<Draft> {
        let event = Event::Noted { text: "a note".into(), when: None };
        vec![Draft { id: ids().next(Timestamp::UNIX_EPOCH), event }]
    }

    fn writing() -> Access {
        Access::Write { author: "a".into() }
    }

    /// Waits for news that is as wanted; what comes before it is passed over.
    #[track_caller]
    fn find(worker: &mut Worker, wanted: impl Fn(&News) -> bool) {
        let until = Instant::now() + Duration::from_secs(30);
        while !worker.poll().iter().any(&wanted) {
            assert!(Instant::now() < until, "no such news");
            thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn a_slow_disk_holds_up_neither_keys_nor_other_writers() {
        let data = tempfile::tempdir().expect("a folder");
        let (journal, path) = journal(data.path());
        let id = journal.id().to_owned();
        let (began, has_begun) = mpsc::channel();
        let (go_on, goes_on) = mpsc::channel::<()>();
        let slow = move |job: &SyncJob| {
            began.send(()).expect("someone waits");
            goes_on.recv().expect("someone goes on");
            job.run()
        };
        let mut worker = Worker::with_disk(journal, writing(), || {}, slow);
        has_begun.recv_timeout(Duration::from_secs(30)).expect("it syncs");
        // While the disk is at it.
        for _ in 0..3 {
            let ticket = worker.submit(note());
            find(&mut worker, |news| matches!(news, News::Appended { tickets, .. } if *tickets == [ticket]));
        }
        let mut other = Home::at(data.path()).open(&id).expect("a journal");
        assert_eq!(other.append("b", &note(), Timestamp::UNIX_EPOCH).expect("the lock is free").entries.len(), 1);
        assert!(fs::read_to_string(path).expect("a file").lines().count() == 6);
        (0..9).for_each(|_| _ = go_on.send(()));
        find(&mut worker, |news| matches!(news, News::Durable(4..)));
    }

    #[test]
    fn what_a_failed_sync_left_is_on_disk_only_when_the_file_was_written_anew() {
        let data = tempfile::tempdir().expect("a folder");
        let (journal, path) = journal(data.path());
        let file = || fs::metadata(&path).expect("a file").ino();
        let first = file();
        let tries = AtomicUsize::new(0);
        // The second try would say that all is well, as a kernel does that has dropped what it could not write.
        let failing = move |job: &SyncJob| match tries.fetch_add(1, Ordering::SeqCst) {
            0 => Err(JournalError::Busy { path: PathBuf::new() }),
            _ => job.run(),
        };
        let mut worker = Worker::with_disk(journal, writing(), || {}, failing);
        find(&mut worker, |news| matches!(news, News::NotDurable { since: 1 }));
        worker.submit(note());
        // It goes on.
        find(&mut worker, |news| matches!(news, News::Appended { .. }));
        assert_eq!(file(), first);
        worker.close(Duration::from_secs(30));
        assert!(worker.poll().iter().any(|news| matches!(news, News::Durable(2))));
        assert_ne!(file(), first, "another file, with the same lines");
        assert_eq!(fs::read_to_string(&path).expect("a file").lines().count(), 3);
    }

    #[test]
    fn one_that_only_follows_sees_what_others_write_and_writes_nothing() {
        let data = tempfile::tempdir().expect("a folder");
        let (journal, path) = journal(data.path());
        let mut other = Home::at(data.path()).open(journal.id()).expect("a journal");
        let mut worker = Worker::spawn(journal, Access::Follow, || {});
        let ticket = worker.submit(note());
        find(&mut worker, |news| matches!(news, News::Refused { ticket: refused, .. } if *refused == ticket));
        let before = fs::read(&path).expect("bytes");
        assert_eq!(other.append("b", &note(), Timestamp::UNIX_EPOCH).expect("appended").entries.len(), 1);
        find(&mut worker, |news| matches!(news, News::Appended { entries, .. } if entries.len() == 1));
        fs::write(&path, before).expect("an older file in its place");
        find(&mut worker, |news| matches!(news, News::Rebased { entries, .. } if entries.len() == 1));
        worker.close(Duration::from_secs(30));
    }

    #[test]
    fn what_a_person_did_behind_something_refused_waits_until_that_comes_again() {
        let data = tempfile::tempdir().expect("a folder");
        let (news, _told) = mpsc::channel();
        let (syncer, _jobs) = mpsc::channel();
        let mut work = Work::new(journal(data.path()).0, writing(), Teller { news, wake: || {} }, syncer);
        let (first, second) = (note(), note());
        assert!(work.stands_behind(&second).is_none(), "nothing was refused");
        let full = JournalError::Behind { why: "the disk is full".into() };
        work.refused = Refused::of(&first, &full);
        let why = work.stands_behind(&second).map(|error| error.brief());
        assert_eq!(why.as_deref(), Some("the disk is full"));
        let lost = Event::SourceLost {
            key: "lost|prom|1".into(),
            source: "prom".into(),
            error: String::new(),
            when: Timestamp::UNIX_EPOCH,
        };
        let seen = Draft { id: ids().next(Timestamp::UNIX_EPOCH), event: lost };
        assert!(work.stands_behind(&[seen]).is_none(), "what a machine saw has no order among what people did");
        let again: Vec<Draft> = first.iter().chain(&second).cloned().collect();
        assert!(
            work.stands_behind(&again).is_none() && work.stands_behind(&second).is_none(),
            "it came again, in front"
        );
    }

    #[test]
    fn a_panic_of_the_thread_is_told() {
        let data = tempfile::tempdir().expect("a folder");
        let first = AtomicBool::new(true);
        let wake = move || assert!(!first.swap(false, Ordering::SeqCst), "on purpose");
        let mut worker = Worker::spawn(journal(data.path()).0, writing(), wake);
        find(&mut worker, |news| matches!(news, News::Broken));
    }
}
