//! Standard output while the terminal is ours, never waited for.
//!
//! A terminal may stop taking what it is sent, or take it slowly: a connection hangs, a window is stopped, a serial line
//! takes 1,200 bytes a second. A write would then sleep in the kernel, and with it the keys, the signals and the end. So it
//! is opened once more, for this program alone, and asked not to wait: what it does not take of a frame is kept, and no
//! other frame is begun until it has taken the rest.
//!
//! That the terminal is gone is noticed elsewhere and is no error here: ratatui would print it from a destructor, to a
//! standard error that is gone too, and panic.
#![expect(clippy::disallowed_methods, reason = "how long a terminal has taken nothing is measured here")]

use std::{
    collections::VecDeque,
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    },
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::OFlags,
    io::Errno,
    termios::{QueueSelector, tcflush},
};
use tokio::time::sleep;

use crate::{base::text, failure};

/// How long a terminal may take none of the last words.
const PATIENCE: Duration = Duration::from_secs(1);
/// The same for text that is nowhere else.
const LONG_PATIENCE: Duration = Duration::from_secs(5);
/// How long until a terminal that has not taken all of a frame is sent more: most take the rest in no time, and a slow one
/// is not asked all the time.
const AGAIN: [Duration; 5] = [millis(1), millis(2), millis(4), millis(8), LAST_AGAIN];
/// How long it is from then on, and between any two tries for the last words.
const LAST_AGAIN: Duration = millis(20);

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// What a pipe that takes anything takes at once, in bytes: `PIPE_BUF` of POSIX.
const A_LITTLE: usize = 512;
/// How much of a complaint is said, in bytes.
const MAX_COMPLAINT: usize = 64 * 1024;

/// Whether the terminal is ours. Whoever gives it back first wins; the others do nothing.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether it took none of the last words so far: those that follow are not waited for.
static STUCK: AtomicBool = AtomicBool::new(false);

/// The way to the terminal, and what it has not taken yet of the last frame. Clones are the same way.
#[derive(Clone)]
pub struct Output(Arc<Way>);

struct Way {
    /// Where it has no name of its own, as in some containers, standard output has to do, and waits.
    to: Option<File>,
    rest: Mutex<VecDeque<u8>>,
    /// How often the rest of this frame was tried in vain.
    tries: AtomicUsize,
}

impl Output {
    /// To the terminal that is now ours.
    pub fn take() -> Self {
        TAKEN.store(true, Ordering::SeqCst);
        Self(Arc::new(Way { to: open(), rest: Mutex::default(), tries: AtomicUsize::new(0) }))
    }

    /// Sends on what it takes now. Whether all of the last frame is sent.
    pub fn is_done(&self) -> bool {
        let mut rest = self.rest();
        let before = rest.len();
        self.send(&mut rest);
        match rest.len() {
            0 => self.0.tries.store(0, Ordering::Relaxed),
            left if left == before => drop(self.0.tries.fetch_add(1, Ordering::Relaxed)),
            _ => {}
        }
        rest.is_empty()
    }

    /// Whether it has not taken all of the last frame, as far as was tried.
    pub fn is_busy(&self) -> bool {
        !self.rest().is_empty()
    }

    /// Waits until it may take more: it is tried again and again, since to be told costs a registration at each frame.
    pub async fn takes_more(&self) {
        let tries = self.0.tries.load(Ordering::Relaxed);
        sleep(AGAIN.get(tries).copied().unwrap_or(LAST_AGAIN)).await;
    }

    fn rest(&self) -> MutexGuard<'_, VecDeque<u8>> {
        self.0.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, rest: &mut VecDeque<u8>) {
        let stdout = io::stdout();
        let to = self.0.to.as_ref().map_or_else(|| stdout.as_fd(), AsFd::as_fd);
        // Whoever has given the terminal back has said the last words.
        while TAKEN.load(Ordering::SeqCst) && !rest.is_empty() {
            match rustix::io::write(to, rest.as_slices().0) {
                Ok(sent) => drop(rest.drain(..sent)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                Err(_) => break,
            }
        }
        rest.clear();
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = self.rest();
        rest.extend(bytes);
        self.send(&mut rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal is ours no more; it is sent these last words. Whether it was until now.
pub fn give_back(last: &[u8]) -> bool {
    let was_ours = TAKEN.swap(false, Ordering::SeqCst);
    if was_ours {
        put(last, true, PATIENCE);
    }
    was_ours
}

/// Sends this, whoever has the terminal.
pub fn say(bytes: &[u8]) {
    put(bytes, false, PATIENCE);
}

/// Sends text that is nowhere else: a slow terminal is given the time to take it.
pub fn say_all(bytes: &[u8]) {
    STUCK.store(false, Ordering::SeqCst);
    put(bytes, false, LONG_PATIENCE);
}

/// Sends all of it to a terminal that takes a little all the time; one that takes nothing for so long gets no more. With
/// `instead`, what it was sent before and has not passed on is dropped where that is in the way: a frame that is being
/// left.
fn put(bytes: &[u8], mut instead: bool, patience: Duration) {
    let file = open();
    let stdout = io::stdout();
    let to = file.as_ref().map_or_else(|| stdout.as_fd(), AsFd::as_fd);
    let (mut rest, mut taken_at) = (bytes, Instant::now());
    while !rest.is_empty() {
        let written = if file.is_some() { rustix::io::write(to, rest) } else { write_a_little(to, rest) };
        match written {
            Ok(sent) => {
                STUCK.store(false, Ordering::SeqCst);
                (rest, taken_at) = (rest.get(sent..).unwrap_or_default(), Instant::now());
            }
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) if std::mem::take(&mut instead) => {
                // The beginning of these words may be among what is dropped.
                let _ = tcflush(to, QueueSelector::OFlush);
                rest = bytes;
            }
            // It is tried, not asked: a terminal says that it takes more only when nearly all is gone.
            Err(Errno::AGAIN) if !STUCK.load(Ordering::SeqCst) && taken_at.elapsed() < patience => {
                thread::sleep(LAST_AGAIN)
            }
            Err(Errno::AGAIN) => return STUCK.store(true, Ordering::SeqCst),
            Err(_) => return,
        }
    }
}

/// To what cannot be opened once more, a pipe above all: nothing when it takes nothing now, and never more than it takes
/// without waiting.
fn write_a_little(to: BorrowedFd<'_>, bytes: &[u8]) -> rustix::io::Result<usize> {
    let mut fds = [PollFd::new(&to, PollFlags::OUT)];
    match poll(&mut fds, Some(&Timespec::default()))? {
        0 => Err(Errno::AGAIN),
        _ => rustix::io::write(to, bytes.get(..A_LITTLE).unwrap_or(bytes)),
    }
}

fn open() -> Option<File> {
    let name = rustix::termios::ttyname(io::stdout(), Vec::new()).ok()?;
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    OpenOptions::new().write(true).custom_flags(flags).open(OsStr::from_bytes(name.as_bytes())).ok()
}

/// Says what did not go well: on standard error, and where that is the terminal not longer than that takes it.
pub fn complain(message: &str, before: &str) {
    if io::stderr().is_terminal() {
        say(format!("{before}{}\n", text::block(message, MAX_COMPLAINT)).as_bytes());
    } else {
        failure::complain(message, before);
    }
}

/// For a signal handler: the terminal is ours no more, and is sent these words if it takes them at once. Whether it was
/// ours until now.
pub fn leaves_now(last: &[u8]) -> bool {
    let was_ours = TAKEN.swap(false, Ordering::SeqCst);
    let stdout = rustix::stdio::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    if was_ours && poll(&mut fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0) {
        let _ = rustix::io::write(stdout, last);
    }
    was_ours
}
