//! The shutdown comes to its end, whatever hangs.
//!
//! Between the last key and the notes stand disks, and a disk may hang for ever. When the end takes longer than a moment the
//! terminal is given back and it is said what is waited for; whoever will not wait ends it with a second signal.
#![expect(clippy::disallowed_methods, reason = "the end has a limit in time")]

use std::{
    process,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tokio::signal::unix::{SignalKind, signal};

use super::tty::{output, terminal};
use crate::source::kill_all;

/// How long the end may take, whatever hangs.
const IN_ALL: Duration = Duration::from_millis(1_800);
/// How long a disk may take for a file in any case, when all that went before has taken its time.
const A_FILE: Duration = Duration::from_millis(300);
/// How long the end may take without a word. A signal within this time is one with the first.
const MOMENT: Duration = Duration::from_millis(700);
/// How long it may take at all.
const LONGEST: Duration = Duration::from_secs(10);
/// How often it is looked whether someone will not wait.
const STEP: Duration = Duration::from_millis(20);

fn within<T: Send + 'static>(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, is_done) = channel();
    // Without a thread nothing is done.
    let thread = thread::Builder::new().name("files".into()).spawn(move || drop(done.send(work())));
    thread.ok().and_then(|_| is_done.recv_timeout(time).ok())
}

/// Watches over the end, until this is dropped.
pub struct Watchdog {
    begun: Instant,
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Begins to watch: from now on the end should not take long.
    pub fn begin() -> Self {
        let (over, is_over) = channel();
        let thread = thread::Builder::new().name("shutdown".into()).spawn(move || watch(&is_over));
        Self { begun: Instant::now(), over: Some(over), thread: thread.ok() }
    }

    /// The limit in time without the watch: the terminal is kept, whatever hangs.
    pub fn silent() -> Self {
        Self { begun: Instant::now(), over: None, thread: None }
    }

    /// Does what writes a file, which may take for ever: `None` when it takes too long, and is left to itself.
    pub fn write<T: Send + 'static>(&self, write: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        within(IN_ALL.saturating_sub(self.begun.elapsed()).max(A_FILE), write)
    }
}

impl Drop for Watchdog {
    /// Waits for a terminal that is just being given back.
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(is_over: &Receiver<()>) {
    if is_over.recv_timeout(MOMENT) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    terminal::give_back();
    output::complain("the journal and the notes are still being written; Ctrl-C leaves without them", "stanch: ");
    let (leave, must_leave) = channel();
    drop(thread::Builder::new().name("signals".into()).spawn(move || {
        if another_signal().is_some() {
            let _ = leave.send(());
        }
    }));
    for _ in 0..LONGEST.as_millis() / STEP.as_millis() {
        if is_over.recv_timeout(STEP) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        if must_leave.try_recv().is_ok() {
            break;
        }
    }
    let left = "left without waiting: what was just typed may not be in the journal; `stanch export` writes the notes";
    output::complain(left, "stanch: ");
    kill_all();
    process::exit(1);
}

/// Waits for someone who will not wait. A hangup is none: it comes from a terminal, often more than once.
fn another_signal() -> Option<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt()).ok()?;
        let mut terminate = signal(SignalKind::terminate()).ok()?;
        tokio::select! {
            told = interrupt.recv() => told,
            told = terminate.recv() => told,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_is_not_waited_for() {
        assert_eq!(within(Duration::from_secs(30), || 7), Some(7));
        let (_open, never) = channel::<()>();
        assert_eq!(within(Duration::from_millis(20), move || never.recv().is_ok()), None);
    }
}
