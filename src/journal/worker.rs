//! A thread that owns a journal, so that nothing that reads keys ever waits for a disk.
//!
//! It appends what it is given, one answer for each, looks twice a second for what other processes appended, and
//! syncs to disk within a tenth of a second, several appends at once. What the journal does not take it puts aside in the
//! second one, and what that does not take either it gives back.
#![expect(clippy::disallowed_methods, reason = "the writer stamps entries with the time they are written")]

use std::{
    collections::VecDeque,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{
    Journal, JournalError, Log, Spilled, Warning,
    file::{SyncJob, lock::PATIENCE},
};
use crate::incident::event::{Draft, Entry};

/// How often it looks for what others appended.
pub const TAIL_EVERY: Duration = Duration::from_millis(500);

/// How long an entry may stay in the kernel before it is synced to disk.
pub const SYNC_WITHIN: Duration = Duration::from_millis(100);

/// How long after a failed sync the next one is tried.
const SYNC_AGAIN: Duration = Duration::from_secs(5);

/// How long one try for the lock blocks the thread, so that tailing and syncing go on meanwhile.
const ONE_TRY: Duration = Duration::from_millis(50);

/// What the thread has to say.
#[derive(Debug)]
pub enum Report {
    /// New entries, one's own and others' alike, in order of the log, each exactly once. Every
    /// [`record`](Writer::record) is answered, in order, by one of these, [`Rebased`](Self::Rebased) or
    /// [`Failed`](Self::Failed); it is empty when the log had all of it already.
    Recorded(Vec<Entry>),
    /// The journal was replaced from outside. This is the whole log now; what was shown must be built anew from it.
    Rebased(Vec<Entry>),
    /// These could not be written. Nothing of them is in the log.
    Failed {
        /// As they were given.
        drafts: Vec<Draft>,
        /// Why not.
        error: JournalError,
    },
    /// Another process has held the lock for two seconds. What is to be written is put aside; where that cannot be, it
    /// waits its turn, and this is said every two seconds.
    Busy,
    /// These entries are recorded in a second journal only, or there are none any more; said when it changes.
    Elsewhere(Option<Spilled>),
    /// Everything up to this number is on disk.
    Synced(u64),
    /// Everything from this number on may not be on disk: a sync failed, and the file has to be written anew.
    Unsynced {
        /// The first such entry.
        since: u64,
    },
    /// What a person should know about the journal.
    Warned(Vec<Warning>),
    /// Others' entries could not be read; said once until it works again.
    TailFailed(JournalError),
}

/// The thread's handle. Dropping it finishes it.
#[derive(Debug)]
pub struct Writer {
    sender: Sender<Order>,
    thread: Option<JoinHandle<()>>,
    /// Its other end is held by the thread for as long as it runs.
    ended: Receiver<()>,
}

/// What the thread is told.
enum Order {
    Record(Vec<Draft>),
    /// A sync is over: the last entry on disk, if it went well.
    Synced(Option<u64>),
    Finish,
}

impl Writer {
    /// Starts the thread. What the journal held when it was opened is for the caller to take before; `on` is called on the
    /// thread and should only pass the report on.
    pub fn spawn(journal: Journal, author: String, on: impl Fn(Report) + Send + 'static) -> Self {
        Self::with_disk(journal, author, on, SyncJob::run)
    }

    /// The same on a disk that takes its time, or fails.
    fn with_disk(
        journal: Journal,
        author: String,
        on: impl Fn(Report) + Send + 'static,
        sync: impl Fn(&SyncJob) -> Result<u64, JournalError> + Send + 'static,
    ) -> Self {
        let (sender, receiver) = mpsc::channel();
        let syncer = syncer(sender.clone(), sync);
        let (running, ended) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let _until_the_end = running;
            Work::new(journal, author, on, syncer).run(&receiver);
        });
        Self { sender, thread: Some(thread), ended }
    }

    /// Appends these, all or none, after those given before.
    pub fn record(&self, drafts: Vec<Draft>) {
        self.send(Order::Record(drafts));
    }

    /// Writes what is still to be written, syncs it, and waits for the end. What cannot be written is given back in
    /// [`Report::Failed`].
    pub fn finish(mut self) {
        self.join();
    }

    /// The same, for so long at the most: of what a disk that hangs has not answered by then nothing is said.
    pub fn finish_within(mut self, within: Duration) {
        self.send(Order::Finish);
        // Answered when the thread has ended and let go of its end, however it ended.
        if self.ended.recv_timeout(within) == Err(RecvTimeoutError::Timeout) {
            drop(self.thread.take());
        }
        self.join();
    }

    fn send(&self, order: Order) {
        // Fails only when the thread has panicked, and then the process is on its way out.
        let _ = self.sender.send(order);
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.send(Order::Finish);
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.join();
    }
}

/// A second thread that only syncs, because a disk may take seconds for it.
fn syncer(
    done: Sender<Order>,
    sync: impl Fn(&SyncJob) -> Result<u64, JournalError> + Send + 'static,
) -> Sender<SyncJob> {
    let (sender, jobs) = mpsc::channel::<SyncJob>();
    std::thread::spawn(move || {
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

struct Work<F> {
    journal: Journal,
    author: String,
    on: F,
    syncer: Sender<SyncJob>,
    waiting: VecDeque<Vec<Draft>>,
    finishing: bool,
    /// Since when the lock could not be had.
    busy: Option<Instant>,
    /// What was last said to be in the second journal.
    elsewhere: Option<Spilled>,
    tail_at: Instant,
    tail_failed: bool,
    sync_at: Option<Instant>,
    syncing: bool,
}

impl<F: Fn(Report)> Work<F> {
    fn new(mut journal: Journal, author: String, on: F, syncer: Sender<SyncJob>) -> Self {
        journal.set_patience(ONE_TRY);
        Self {
            journal,
            author,
            on,
            syncer,
            waiting: VecDeque::new(),
            finishing: false,
            busy: None,
            elsewhere: None,
            tail_at: Instant::now(),
            tail_failed: false,
            sync_at: None,
            syncing: false,
        }
    }

    fn run(mut self, orders: &Receiver<Order>) {
        self.warn();
        while !self.finishing || !self.waiting.is_empty() {
            self.wait(orders);
            self.append();
            if self.tail_at <= Instant::now() {
                self.tail();
            }
            self.plan_sync();
            if self.sync_at.is_some_and(|at| at <= Instant::now()) {
                self.sync();
            }
        }
        self.tail();
        self.sync_to_the_end(orders);
    }

    /// Sleeps until there is something to do, and takes in what is ordered.
    fn wait(&mut self, orders: &Receiver<Order>) {
        let until = self.sync_at.map_or(self.tail_at, |at| at.min(self.tail_at));
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
            Order::Record(drafts) => self.waiting.push_back(drafts),
            Order::Synced(upto) => self.synced(upto),
            Order::Finish => self.finishing = true,
        }
    }

    fn append(&mut self) {
        while let Some(drafts) = self.waiting.pop_front() {
            let mut done = self.journal.append(&self.author, &drafts, Timestamp::now());
            if let Err(error @ JournalError::Busy { .. }) = done {
                if !self.waited_enough() {
                    return self.waiting.push_front(drafts);
                }
                done = self.journal.put_in_spill(&self.author, &drafts, Timestamp::now(), error);
            }
            match done {
                Ok(entries) => {
                    self.busy = None;
                    self.report(entries);
                }
                Err(JournalError::Busy { .. }) if !self.finishing => return self.waiting.push_front(drafts),
                Err(error) => (self.on)(Report::Failed { drafts, error }),
            }
            self.warn();
        }
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
            (self.on)(Report::Busy);
        }
        enough
    }

    fn tail(&mut self) {
        self.tail_at = Instant::now() + TAIL_EVERY;
        match self.journal.tail() {
            Ok(entries) => {
                self.tail_failed = false;
                if !entries.is_empty() {
                    self.report(entries);
                }
            }
            Err(error) if !self.tail_failed => {
                self.tail_failed = true;
                (self.on)(Report::TailFailed(error));
            }
            Err(_) => {}
        }
        self.warn();
    }

    fn plan_sync(&mut self) {
        if !self.syncing && self.journal.unsynced_since().is_some() {
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
            Some(seq) => (self.on)(Report::Synced(seq)),
            None => self.unsynced(),
        }
    }

    fn unsynced(&mut self) {
        self.sync_at = Some(Instant::now() + SYNC_AGAIN);
        (self.on)(Report::Unsynced { since: self.journal.unsynced_since().unwrap_or(1) });
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

    fn report(&self, entries: Vec<Entry>) {
        // A journal's first entry is reported by whoever opened it; seeing it again means that the log was rebased.
        let rebased = entries.first().is_some_and(|entry| entry.seq == 1);
        (self.on)(if rebased { Report::Rebased(entries) } else { Report::Recorded(entries) });
    }

    fn warn(&mut self) {
        let warnings = self.journal.take_warnings();
        if !warnings.is_empty() {
            (self.on)(Report::Warned(warnings));
        }
        let elsewhere = self.journal.spilled();
        if elsewhere != self.elsewhere {
            self.elsewhere.clone_from(&elsewhere);
            (self.on)(Report::Elsewhere(elsewhere));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::MetadataExt,
        path::{Path, PathBuf},
        sync::atomic::{AtomicUsize, Ordering},
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

    #[track_caller]
    fn next(reports: &Receiver<Report>) -> Report {
        reports.recv_timeout(Duration::from_secs(30)).expect("a report")
    }

    #[test]
    fn a_slow_disk_holds_up_neither_keys_nor_other_writers() {
        let data = tempfile::tempdir().expect("a folder");
        let (journal, path) = journal(data.path());
        let id = journal.id().to_owned();
        let (sender, reports) = mpsc::channel();
        let (began, has_begun) = mpsc::channel();
        let (go_on, goes_on) = mpsc::channel::<()>();
        let slow = move |job: &SyncJob| {
            began.send(()).expect("someone waits");
            goes_on.recv().expect("someone goes on");
            job.run()
        };
        let writer = Writer::with_disk(journal, "a".into(), move |report| drop(sender.send(report)), slow);
        has_begun.recv_timeout(Duration::from_secs(30)).expect("it syncs");
        // While the disk is at it.
        for _ in 0..3 {
            writer.record(note());
            assert!(matches!(next(&reports), Report::Recorded(entries) if entries.len() == 1));
        }
        let mut other = Home::at(data.path()).open(&id).expect("a journal");
        assert_eq!(other.append("b", &note(), Timestamp::UNIX_EPOCH).expect("the lock is free").len(), 1);
        assert!(fs::read_to_string(path).expect("a file").lines().count() == 6);
        (0..9).for_each(|_| _ = go_on.send(()));
        let all = std::iter::repeat_with(|| next(&reports)).find(|report| matches!(report, Report::Synced(4..)));
        assert!(all.is_some());
        writer.finish();
    }

    #[test]
    fn what_a_failed_sync_left_is_on_disk_only_when_the_file_was_written_anew() {
        let data = tempfile::tempdir().expect("a folder");
        let (journal, path) = journal(data.path());
        let file = || fs::metadata(&path).expect("a file").ino();
        let first = file();
        let (sender, reports) = mpsc::channel();
        let tries = AtomicUsize::new(0);
        // The second try would say that all is well, as a kernel does that has dropped what it could not write.
        let failing = move |job: &SyncJob| match tries.fetch_add(1, Ordering::SeqCst) {
            0 => Err(JournalError::Busy { path: PathBuf::new() }),
            _ => job.run(),
        };
        let writer = Writer::with_disk(journal, "a".into(), move |report| drop(sender.send(report)), failing);
        assert!(matches!(next(&reports), Report::Unsynced { since: 1 }));
        writer.record(note());
        assert!(matches!(next(&reports), Report::Recorded(_)), "it goes on");
        assert_eq!(file(), first);
        writer.finish();
        assert!(reports.iter().any(|report| matches!(report, Report::Synced(2))));
        assert_ne!(file(), first, "another file, with the same lines");
        assert_eq!(fs::read_to_string(&path).expect("a file").lines().count(), 3);
    }
}
