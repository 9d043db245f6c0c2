//! Standard output while the terminal is ours, never waited for longer than a moment.
//!
//! A terminal may stop taking what it is sent: a connection hangs, a window is stopped, nobody reads its other end. A write
//! would then sleep in the kernel, and with it the keys, the signals and the end. So it is opened once more, for this
//! program alone, and asked not to wait: what it does not take is dropped, and the first frame that it takes again is
//! sent whole.
//!
//! That the terminal is gone is noticed elsewhere and is no error here: ratatui would print it from a destructor, to a
//! standard error that is gone too, and panic.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    },
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::OFlags,
    io::Errno,
};

use crate::{base::text, failure};

/// How long a terminal may take nothing at all. A slow one takes a little all the time, and is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How much of a complaint is said, in bytes.
const MAX_COMPLAINT: usize = 64 * 1024;

/// Whether the terminal is ours. Whoever gives it back first wins; the others do nothing.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether it took nothing when it was last sent something.
static STUCK: AtomicBool = AtomicBool::new(false);
/// Whether something was dropped since it was last cleared.
static LOST: AtomicBool = AtomicBool::new(false);

/// Where frames go: what is left of one when the terminal has been given back is dropped.
pub struct Output(Option<File>);

impl Output {
    /// Of the terminal that is now ours.
    pub fn take() -> Self {
        TAKEN.store(true, Ordering::SeqCst);
        Self::open()
    }

    /// Where it has no name of its own, as in some containers, standard output has to do, and waits.
    fn open() -> Self {
        let name = rustix::termios::ttyname(io::stdout(), Vec::new());
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        let open = |name: &OsStr| OpenOptions::new().write(true).custom_flags(flags).open(name);
        Self(name.ok().and_then(|name| open(OsStr::from_bytes(name.as_bytes())).ok()))
    }

    /// Sends what it takes. How much is done with, dropped or sent.
    fn send(&self, bytes: &[u8]) -> usize {
        let stdout = io::stdout();
        let to = self.0.as_ref().map_or_else(|| stdout.as_fd(), AsFd::as_fd);
        loop {
            match rustix::io::write(to, bytes) {
                Ok(sent) => {
                    STUCK.store(false, Ordering::SeqCst);
                    return sent;
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    let patience = if STUCK.load(Ordering::SeqCst) { Duration::ZERO } else { PATIENCE };
                    if !takes_more(to, patience) {
                        STUCK.store(true, Ordering::SeqCst);
                        LOST.store(true, Ordering::SeqCst);
                        return bytes.len();
                    }
                }
                Err(_) => return bytes.len(),
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_ours = TAKEN.load(Ordering::SeqCst);
        Ok(if is_ours { self.send(bytes) } else { bytes.len() })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal is ours no more; it is sent these last words. Whether it was until now.
pub fn give_back(last: &[u8]) -> bool {
    let was_ours = TAKEN.swap(false, Ordering::SeqCst);
    if was_ours {
        say(last);
    }
    was_ours
}

/// Sends this, whoever has the terminal.
pub fn say(bytes: &[u8]) {
    let out = Output::open();
    let mut rest = bytes;
    while !rest.is_empty() {
        rest = rest.get(out.send(rest)..).unwrap_or_default();
    }
}

/// Says what did not go well: on standard error, and where that is the terminal not longer than that takes it.
pub fn complain(message: &str, before: &str) {
    if io::stderr().is_terminal() {
        say(format!("{before}{}\n", text::block(message, MAX_COMPLAINT)).as_bytes());
    } else {
        failure::complain(message, before);
    }
}

/// Whether the terminal takes nothing.
pub fn is_stuck() -> bool {
    STUCK.load(Ordering::SeqCst) && !takes_more(io::stdout().as_fd(), Duration::ZERO)
}

/// Whether the terminal does not show all that it was sent; from now on it does.
pub fn has_lost() -> bool {
    LOST.swap(false, Ordering::SeqCst)
}

fn takes_more(terminal: BorrowedFd<'_>, within: Duration) -> bool {
    let mut fds = [PollFd::new(&terminal, PollFlags::OUT)];
    let within = Timespec::try_from(within).unwrap_or_default();
    // A signal is as good a reason as any to look again.
    poll(&mut fds, Some(&within)).map_or_else(|error| error == Errno::INTR, |ready| ready > 0)
}
