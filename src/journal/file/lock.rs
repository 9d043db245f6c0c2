//! One writer at a time.
//!
//! Where the file system can lock, `flock` on a file that is opened anew each time and closed to let go, so that a killed
//! process never leaves a lock behind. Where it cannot, the first process owns the incident for as long as it lives and
//! the others only read.
#![expect(clippy::disallowed_methods, reason = "waiting for a lock needs a clock, the owner is named in a file")]

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rustix::io::Errno;

use super::disk;
use crate::journal::{JournalError, author};

/// How long an append waits for its turn.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// The lock of one incident.
#[derive(Debug)]
pub struct Lock {
    folder: PathBuf,
    owned: Option<Owner>,
    /// Locks a file, or says that it cannot be; another one in tests.
    try_lock: fn(&File) -> Result<(), TryLockError>,
}

/// The right to repair and write, until it is dropped.
#[derive(Debug)]
pub struct Guard {
    // Closing the file lets go of the lock. `None` where this process owns the incident.
    _held: Option<File>,
}

impl Lock {
    /// The lock of the incident in `folder`. Touches nothing yet.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), owned: None, try_lock: File::try_lock }
    }

    /// The same on a file system that cannot lock.
    #[cfg(test)]
    pub fn without_locks(folder: &Path) -> Self {
        let try_lock = |_: &File| Err(TryLockError::Error(Errno::NOLCK.into()));
        Self { try_lock, ..Self::new(folder) }
    }

    /// Waits for one's turn, at most for `patience`.
    pub fn acquire(&mut self, patience: Duration) -> Result<Guard, JournalError> {
        let path = self.folder.join("lock");
        let start = Instant::now();
        // Uneven, so that two writers that wait do not wake in step.
        let mut nap = Duration::from_micros(500 + u64::from(std::process::id() % 500));
        loop {
            let file = open(&path)?;
            match (self.try_lock)(&file) {
                Ok(()) if is_at(&file, &path) => return Ok(Guard { _held: Some(file) }),
                // Someone removed the file between opening and locking it: the lock held guards nothing.
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    return Err(JournalError::Busy { path });
                }
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(nap.min(patience.saturating_sub(start.elapsed())));
                    nap = (nap * 2).min(Duration::from_millis(10));
                }
                Err(TryLockError::Error(error)) if cannot_lock(&error) => return self.own(),
                Err(TryLockError::Error(error)) => return Err(JournalError::io("lock", &path)(error)),
            }
        }
    }

    fn own(&mut self) -> Result<Guard, JournalError> {
        if self.owned.is_none() {
            self.owned = Some(Owner::claim(&self.folder)?);
        }
        Ok(Guard { _held: None })
    }
}

/// The claim of one process on an incident, where there are no locks.
#[derive(Debug)]
struct Owner {
    path: PathBuf,
}

impl Owner {
    fn claim(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join("owner");
        let me = format!("{} {}", author::host(), std::process::id());
        // A second try after a dead owner was moved aside; whoever is slower then finds a living one.
        for _ in 0..2 {
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(mut file) => {
                    file.write_all(me.as_bytes()).map_err(JournalError::io("write", &path))?;
                    return Ok(Self { path });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(JournalError::io("create", &path)(error)),
            }
            let owner = named(&path);
            if !is_dead(&owner) {
                return Err(JournalError::Owned { path: folder.to_owned(), owner });
            }
            // Moved to a name of one's own and looked at again: another may have claimed it since it was found dead.
            let aside = folder.join(format!("owner.dead-{}", std::process::id()));
            if fs::rename(&path, &aside).is_ok() {
                let moved = named(&aside);
                let done = if is_dead(&moved) { fs::remove_file(&aside) } else { fs::rename(&aside, &path) };
                done.map_err(JournalError::io("move", &aside))?;
            }
        }
        Err(JournalError::Busy { path })
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Left behind it is only a dead owner's, which the next one moves aside.
        let _ = fs::remove_file(&self.path);
    }
}

/// The `host pid` in this file; empty when there is none.
fn named(path: &Path) -> String {
    disk::read_path(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Whether `host pid` names a process of this host that is no more.
fn is_dead(owner: &str) -> bool {
    let Some((host, pid)) = owner.split_once(' ') else { return false };
    let Some(pid) = pid.trim().parse().ok().and_then(rustix::process::Pid::from_raw) else { return false };
    host == author::host() && rustix::process::test_kill_process(pid) == Err(Errno::SRCH)
}

fn open(path: &Path) -> Result<File, JournalError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    disk::open(&mut options, path).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            JournalError::ReadOnly { path: path.to_owned() }
        }
        _ => JournalError::io("open", path)(error),
    })
}

fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

fn cannot_lock(error: &io::Error) -> bool {
    let code = error.raw_os_error();
    error.kind() == io::ErrorKind::Unsupported
        || [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS].iter().any(|errno| code == Some(errno.raw_os_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut a, mut b) = (Lock::new(folder.path()), Lock::new(folder.path()));
        let held = a.acquire(PATIENCE).expect("the lock");
        let start = Instant::now();
        assert!(matches!(b.acquire(Duration::from_millis(50)), Err(JournalError::Busy { .. })));
        assert!(start.elapsed() >= Duration::from_millis(50));
        drop(held);
        b.acquire(Duration::ZERO).expect("the lock is free");
    }

    #[test]
    fn a_removed_lock_file_guards_nothing_and_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut lock = Lock::new(folder.path());
        drop(lock.acquire(PATIENCE).expect("the lock"));
        fs::remove_file(folder.path().join("lock")).expect("removed");
        let _held = lock.acquire(PATIENCE).expect("the lock");
        assert!(folder.path().join("lock").exists());
    }

    #[test]
    fn without_locks_the_first_one_owns_it_until_it_lets_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Owner::claim(folder.path()).expect("nobody owns it");
        let second = Owner::claim(folder.path()).expect_err("it is owned").to_string();
        assert!(second.contains(&format!("{} {}", author::host(), std::process::id())), "{second}");
        drop(first);
        Owner::claim(folder.path()).expect("it was let go");
    }

    #[test]
    fn a_dead_owner_is_moved_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = std::process::Command::new("true").spawn().expect("a process");
        child.wait().expect("its end");
        fs::write(folder.path().join("owner"), format!("{} {}", author::host(), child.id())).expect("written");
        let _owner = Owner::claim(folder.path()).expect("the owner is dead");
        fs::write(folder.path().join("owner"), "elsewhere 1").expect("written");
        assert!(matches!(Owner::claim(folder.path()), Err(JournalError::Owned { .. })), "other hosts are believed");
    }
}
