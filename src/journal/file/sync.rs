//! From the kernel onto the disk.
//!
//! Never under the lock, and apart from the journal itself, so that a slow disk holds up neither keys nor other writers.
//! A sync that failed proves nothing when it is tried again, because the kernel may have dropped what it could not
//! write; only a new file does.

use std::{fs::File, path::PathBuf};

use super::{Journal, Rest, disk};
use crate::journal::JournalError;

/// What is in the kernel and may not be on disk.
#[derive(Debug, Default)]
pub struct Unsynced {
    /// The first entry that may not be, of those no job is at.
    since: Option<u64>,
    /// The first entry that may not be, of those a job is at.
    under_way: Option<u64>,
    /// Files with such entries that are no longer the current one.
    files: Vec<File>,
    /// Files were made or renamed.
    names: bool,
    failed: bool,
}

impl Unsynced {
    /// Everything may not be on disk.
    pub fn all(&mut self) {
        (self.since, self.names) = (Some(1), true);
    }

    /// Entries from `seq` on may not be on disk.
    pub fn from(&mut self, seq: u64) {
        self.since.get_or_insert(seq);
    }

    /// A file was made.
    pub fn name(&mut self) {
        self.names = true;
    }

    /// `file` is no longer the current one.
    pub fn leave(&mut self, file: File) {
        if self.since.is_some() {
            self.files.push(file);
        }
    }

    fn start(&self) -> Option<u64> {
        self.since.into_iter().chain(self.under_way).min()
    }
}

/// A sync that can be run on any thread.
#[derive(Debug)]
pub struct SyncJob {
    files: Vec<File>,
    folder: Option<PathBuf>,
    path: PathBuf,
    /// The last entry that is on disk afterwards.
    upto: u64,
}

impl SyncJob {
    /// Runs it, which may take long, and returns the last entry that is on disk afterwards.
    pub fn run(&self) -> Result<u64, JournalError> {
        for file in &self.files {
            file.sync_data().map_err(JournalError::io("sync", &self.path))?;
        }
        // The incident's folder, that of all incidents, and the data folder: each may be new.
        for folder in self.folder.iter().flat_map(|folder| folder.ancestors().take(3)) {
            disk::sync_names(folder)?;
        }
        Ok(self.upto)
    }
}

impl Journal {
    /// The first entry that may not be on disk yet.
    pub fn unsynced_since(&self) -> Option<u64> {
        self.unsynced.start()
    }

    /// Brings what was appended onto the disk, and returns the last number that is there. May take long. After a failure
    /// the file is written anew.
    pub fn sync(&mut self) -> Result<u64, JournalError> {
        let Some(job) = self.start_sync()? else { return Ok(self.known.seq) };
        let done = job.run();
        self.end_sync(done.is_ok());
        done
    }

    /// The sync that is due, to be run elsewhere; its end is to be told to [`end_sync`](Self::end_sync).
    pub(in crate::journal) fn start_sync(&mut self) -> Result<Option<SyncJob>, JournalError> {
        if self.unsynced.since.is_none() || self.unsynced.under_way.is_some() {
            return Ok(None);
        }
        if self.unsynced.failed {
            self.rewrite()?;
        }
        let path = self.path();
        let current = self.file.try_clone().map_err(JournalError::io("sync", &path))?;
        let mut files = std::mem::take(&mut self.unsynced.files);
        files.push(current);
        let folder = std::mem::take(&mut self.unsynced.names).then(|| self.folder.clone());
        self.unsynced.under_way = self.unsynced.since.take();
        Ok(Some(SyncJob { files, folder, path, upto: self.known.seq }))
    }

    /// The sync is over.
    pub(in crate::journal) fn end_sync(&mut self, ok: bool) {
        let under_way = self.unsynced.under_way.take();
        self.unsynced.failed = !ok;
        if !ok {
            self.unsynced.since = self.unsynced.since.into_iter().chain(under_way).min();
        } else if self.unsynced.since.is_none() {
            self.tidy();
        }
    }

    fn rewrite(&mut self) -> Result<(), JournalError> {
        let guard = self.acquire(self.patience)?;
        let done = match self.look()? {
            Rest::Nothing => disk::put(&self.folder, &self.part.name(), &self.part.raw),
            // The next append puts these right first.
            Rest::Torn(_) | Rest::Lost => Err(JournalError::Busy { path: self.path() }),
        };
        drop(guard);
        done?;
        self.unsynced.name();
        self.look().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::journal::Home;

    #[test]
    fn after_a_failed_sync_only_a_new_file_counts() {
        let data = tempfile::tempdir().expect("a folder");
        let now = "2026-11-22T03:12:00Z".parse().expect("a time");
        let mut journal = Home::at(data.path()).create("x", false, "a", now).expect("a journal");
        assert_eq!(journal.unsynced_since(), Some(1));

        let job = journal.start_sync().expect("no error").expect("a job");
        drop(job);
        journal.end_sync(false);
        assert_eq!(journal.unsynced_since(), Some(1), "what failed is not on disk");

        let before = fs::read(journal.path()).expect("bytes");
        let old = disk::identity(&fs::metadata(journal.path()).expect("a file"));
        assert_eq!(journal.sync().expect("synced"), 1);
        assert_ne!(disk::identity(&fs::metadata(journal.path()).expect("a file")), old, "a new file");
        assert_eq!(fs::read(journal.path()).expect("bytes"), before, "with the same bytes");
        assert_eq!(journal.unsynced_since(), None);
    }

    #[test]
    fn what_is_appended_during_a_sync_waits_for_the_next() {
        use crate::incident::event::{Draft, Event};
        let data = tempfile::tempdir().expect("a folder");
        let now = "2026-11-22T03:12:00Z".parse().expect("a time");
        let mut journal = Home::at(data.path()).create("x", false, "a", now).expect("a journal");
        let job = journal.start_sync().expect("no error").expect("a job");
        let event = Event::Noted { text: "meanwhile".into(), when: None };
        journal.append("a", &[Draft { id: crate::journal::ids().next(now), event }], now).expect("appended");
        assert!(journal.start_sync().expect("no error").is_none(), "one at a time");
        assert_eq!(job.run().expect("synced"), 1);
        journal.end_sync(true);
        assert_eq!(journal.unsynced_since(), Some(2));
        assert_eq!(journal.sync().expect("synced"), 2);
    }
}
