//! Whether the system has room for a program that polls: where it lets no file be opened and no thread be started, the
//! libraries this is made of panic. Asked before anything is begun, so that nothing is left half done.

use std::{
    io,
    sync::{Mutex, PoisonError},
    thread,
};

use rustix::process::{Resource, getrlimit};

use crate::failure::Failure;

/// Files that must still be free: two runtimes with their signals take fifteen, the journal and a few sources the rest.
const FILES: usize = 32;

/// Threads that must still be free for a cockpit: those of the journal, the sources, the keys, the log and the end.
pub const COCKPIT: usize = 8;

/// Threads that must still be free to ask every source once: those that look up names and read certificates.
pub const ONCE: usize = 2;

/// An error in words when there is too little.
pub fn check(threads: usize) -> Result<(), Failure> {
    open_files().map_err(|_| {
        let allowed = getrlimit(Resource::Nofile).current;
        let allowed = allowed.map_or_else(String::new, |allowed| format!(", {allowed} at once here"));
        Failure::Failed(format!("cannot start: too few files may be open{allowed}; `ulimit -n 256` allows more"))
    })?;
    start(threads).map_err(|error| {
        let advice = "end other programs of yours, or allow more (`ulimit -u`, or the container's limit)";
        Failure::Failed(format!("cannot start: no more threads may be started ({error}); {advice}"))
    })
}

/// Opens as many as are needed, for a moment.
fn open_files() -> io::Result<()> {
    let open = || rustix::io::fcntl_dupfd_cloexec(io::stderr(), 0);
    let held: Result<Vec<_>, _> = std::iter::repeat_with(open).take(FILES).collect();
    held?;
    Ok(())
}

/// Starts so many, for a moment, all at once.
fn start(threads: usize) -> io::Result<()> {
    let gate = Mutex::new(());
    let closed = gate.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        let wait = || drop(gate.lock());
        let outcome = (0..threads).try_for_each(|_| thread::Builder::new().spawn_scoped(scope, wait).map(drop));
        drop(closed);
        outcome
    })
}
