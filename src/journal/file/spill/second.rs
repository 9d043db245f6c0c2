//! The second journal: where entries go while the first takes none.
//!
//! One file a process, in a runtime folder that is this user's alone, with the lines of a journal; its header says which
//! journal it stands in for. Every write is synced. It is locked for as long as its process may write to it, so that what
//! a killed process left can be told from what is in use. The numbers in it are provisional; their order is not.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    incident::event::Entry,
    journal::{
        FILE, JournalError,
        file::{
            disk,
            line::{self, After, Header},
            replay::whole_lines,
        },
        private,
    },
};

/// How often a leftover's lock is tried: a process that is being started elsewhere holds a copy of it for a moment.
const TRIES: usize = 20;

/// Where the second journals of one incident lie.
#[derive(Clone, Debug)]
pub struct Place {
    /// The folders they may lie in, best first.
    folders: Vec<PathBuf>,
    /// The incident's id.
    id: String,
    /// The journal they stand in for.
    first: String,
}

/// One that was found.
#[derive(Debug)]
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// Its entries, with provisional numbers.
    pub entries: Vec<Entry>,
    /// What it holds that is no entry: a line that was cut short by a crash, or damaged.
    pub rest: Vec<u8>,
}

/// One that this process writes.
#[derive(Debug)]
pub struct Second {
    /// The file.
    pub path: PathBuf,
    /// Locked until it is closed.
    file: File,
    length: u64,
}

impl Place {
    /// Where those of the incident in `folder` lie, in the first of `folders` that takes them.
    pub fn new(folders: &[PathBuf], folder: &Path) -> Self {
        let whole = folder.canonicalize().or_else(|_| std::path::absolute(folder));
        let first = whole.unwrap_or_else(|_| folder.to_owned()).join(FILE);
        Self { folders: folders.to_vec(), id: disk::id_of(folder), first: first.display().to_string() }
    }

    /// What the names of its files begin with: incidents of different data folders may have one id.
    fn prefix(&self) -> String {
        format!("{}.{:08x}.", self.id, crc32c::crc32c(self.first.as_bytes()))
    }

    /// All there are, oldest first.
    pub fn found(&self) -> Vec<Found> {
        let prefix = self.prefix();
        let folders = self.folders.iter().filter(|folder| private::is_ours_alone(folder));
        let files = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let ours = files.filter(|file| file.file_name().to_string_lossy().starts_with(&prefix));
        let mut paths: Vec<_> = ours.map(|file| file.path()).collect();
        // Their names end with a time.
        paths.sort_unstable_by_key(|path| path.file_name().map(ToOwned::to_owned));
        paths.into_iter().filter_map(|path| self.read(path)).collect()
    }

    /// What is in a file, if its header says that it belongs here.
    fn read(&self, path: PathBuf) -> Option<Found> {
        let bytes = disk::read_path(&path).ok()?;
        let (whole, torn) = bytes.split_at(whole_lines(&bytes));
        let mut lines = whole.split_inclusive(|&byte| byte == b'\n');
        let header = lines.next().and_then(|line| line::decode_header(line.trim_ascii_end()).ok());
        // What a newer version wrote is for a newer version to merge.
        let header = header.filter(|header| !header.is_newer());
        let is_ours = header.is_some_and(|header| header.after.is_some_and(|after| after.file == self.first));
        let (mut entries, mut rest) = (Vec::new(), Vec::new());
        for line in lines {
            match line::decode(line.strip_suffix(b"\n").unwrap_or(line)) {
                Ok(entry) => entries.push(entry),
                Err(_) => rest.extend_from_slice(line),
            }
        }
        rest.extend_from_slice(torn);
        is_ours.then_some(Found { path, entries, rest })
    }

    /// Begins one, behind the entry `seq`.
    pub fn create(&self, seq: u64, now: Timestamp) -> Result<Second, JournalError> {
        let mut failed = None;
        for folder in &self.folders {
            match self.create_in(folder, seq, now) {
                Ok(second) => return Ok(second),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        Err(failed.unwrap_or(JournalError::NoDataFolder))
    }

    fn create_in(&self, folder: &Path, seq: u64, now: Timestamp) -> Result<Second, JournalError> {
        private::make(folder)?;
        let path = folder.join(format!("{}{}.jsonl", self.prefix(), uuid::Uuid::now_v7()));
        let after = After { file: self.first.clone(), seq };
        let mut header = Vec::new();
        line::encode_header(&mut header, &Header::new(&self.id, now, Some(after)))?;
        let file = disk::new_file(&path).map_err(JournalError::io("create", &path))?;
        let mut second = Second { path, file, length: 0 };
        let begun = lock(&second.file, &second.path).and_then(|()| second.write(&header));
        let begun = begun.and_then(|()| disk::sync_names(folder));
        if begun.is_err() {
            // It holds nothing.
            let _ = fs::remove_file(&second.path);
        }
        begun.map(|()| second)
    }
}

impl Second {
    /// Adds whole lines; they are on disk afterwards, or none of them is there.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), JournalError> {
        disk::write_once(&mut self.file, &self.path, lines, self.length)?;
        let synced = self.file.sync_data().map_err(JournalError::io("sync", &self.path));
        match &synced {
            Ok(()) => self.length += lines.len() as u64,
            // What it holds is given back as not written, and must not come up later.
            Err(_) => drop(self.file.set_len(self.length)),
        }
        synced
    }
}

/// Holds what a process left, unless it is in use.
pub fn adopt(path: &Path) -> Option<File> {
    let file = disk::open(OpenOptions::new().read(true), path).ok()?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
            // Where there are no locks, ids tell what is there twice.
            Ok(()) | Err(TryLockError::Error(_)) => return Some(file),
        }
    }
    None
}

fn lock(file: &File, path: &Path) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(JournalError::io("lock", path)(io::ErrorKind::WouldBlock.into())),
    }
}
