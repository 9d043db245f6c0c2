//! When what was appended is synced to disk, and the thread that does it: a disk may take seconds for a sync.
#![expect(clippy::disallowed_methods, reason = "when a sync is due is measured here")]

use std::{
    sync::mpsc::{self, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::journal::{Journal, JournalError, News, file::SyncJob};

/// How long an entry may stay in the kernel before it is synced to disk.
const SYNC_WITHIN: Duration = Duration::from_millis(100);

/// How long after a failed sync the next one is tried.
const SYNC_AGAIN: Duration = Duration::from_secs(5);

/// The syncs of one journal, one at a time.
pub(super) struct Syncing {
    jobs: Sender<SyncJob>,
    /// When the next sync is due; `None` when all is on disk, or on its way there.
    due: Option<Instant>,
    under_way: bool,
}

impl Syncing {
    /// Starts the thread. `done` is told of each job the last entry that is on disk, `None` when it failed, and answers
    /// whether anyone heard.
    pub(super) fn start(
        sync: impl Fn(&SyncJob) -> Result<u64, JournalError> + Send + 'static,
        done: impl Fn(Option<u64>) -> bool + Send + 'static,
    ) -> Self {
        let (jobs, receiver) = mpsc::channel::<SyncJob>();
        thread::spawn(move || {
            for job in receiver {
                let upto = sync(&job).ok();
                drop(job);
                if !done(upto) {
                    return;
                }
            }
        });
        Self { jobs, due: None, under_way: false }
    }

    /// When the next sync is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether a sync has begun and is not over.
    pub(super) fn is_under_way(&self) -> bool {
        self.under_way
    }

    /// Makes a sync due for what was appended, so that it takes in what else is appended meanwhile.
    pub(super) fn plan(&mut self, journal: &Journal) {
        if !self.under_way && journal.unsynced_since().is_some() {
            self.due.get_or_insert_with(|| Instant::now() + SYNC_WITHIN);
        }
    }

    /// Begins a sync; the news is that it could not.
    pub(super) fn begin(&mut self, journal: &mut Journal) -> Option<News> {
        self.due = None;
        match journal.start_sync() {
            Ok(Some(job)) => {
                self.under_way = self.jobs.send(job).is_ok();
                None
            }
            Ok(None) => None,
            Err(_) => Some(self.failed(journal)),
        }
    }

    /// Takes in what a sync came to.
    pub(super) fn end(&mut self, journal: &mut Journal, upto: Option<u64>) -> News {
        self.under_way = false;
        journal.end_sync(upto.is_some());
        upto.map_or_else(|| self.failed(journal), News::Durable)
    }

    /// Makes the next try due after a sync that failed, or is not waited for any longer.
    pub(super) fn failed(&mut self, journal: &Journal) -> News {
        self.due = Some(Instant::now() + SYNC_AGAIN);
        News::NotDurable { since: journal.unsynced_since().unwrap_or(1) }
    }
}
