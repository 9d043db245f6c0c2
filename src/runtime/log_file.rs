//! A file that says what the cockpit did, line by line, for bug reports. Off unless asked for.
//!
//! Lines are written by a thread of their own, so that no disk slows the cockpit; what it does not keep up with is counted
//! and left out. There is no facade and no global logger: only the runtime says what stands in the file, and no library
//! can put an address or a header into it.
#![expect(clippy::disallowed_methods, reason = "a line begins with the time")]

mod file;
mod journal;
mod tail;
mod words;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use jiff::Timestamp;

pub use file::CannotLog;
pub use journal::Appends;
pub use tail::tail;
pub use words::{Polls, started};

use crate::base::text;
use file::LogFile;

/// Largest file, in bytes; the one before it is kept as `FILE.1`.
const MAX_FILE: u64 = 5_000_000;

/// Longest text of a line, in bytes.
const MAX_WORDS: usize = 600;

/// Lines that wait to be written, at the most.
const WAITING: usize = 1024;

/// How long the last lines are waited for.
const PARTING: Duration = Duration::from_millis(100);

/// How much a line matters to whoever looks for a bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Level {
    Info,
    Warn,
    Error,
}

/// Where lines are put; one that leads nowhere when no file was asked for.
#[derive(Clone, Debug, Default)]
pub struct Log(Option<Way>);

#[derive(Clone, Debug)]
struct Way {
    to: SyncSender<Order>,
    left_out: Arc<AtomicU64>,
}

enum Order {
    Line(String),
    /// Answered when everything before is written.
    Answer(SyncSender<()>),
}

impl Log {
    /// Opens the file and starts what writes it.
    pub fn open(path: &Path) -> Result<Self, CannotLog> {
        let file = LogFile::open(path, MAX_FILE)?;
        let (to, orders) = sync_channel(WAITING);
        let left_out = Arc::<AtomicU64>::default();
        let counted = Arc::clone(&left_out);
        let cannot = |error| CannotLog::new(path, error);
        thread::Builder::new().name("log".into()).spawn(move || write(file, &orders, &counted)).map_err(cannot)?;
        Ok(Self(Some(Way { to, left_out })))
    }

    /// Whether there is a file; what costs something to find out is not to be found out otherwise.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Puts a line into it: how bad, which part of the program, what. Never waits.
    pub fn say(&self, level: Level, area: &str, words: impl AsRef<str>) {
        let Some(way) = &self.0 else { return };
        if way.to.try_send(Order::Line(line(Timestamp::now(), level, area, words.as_ref()))).is_err() {
            way.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until everything is written, but not for a disk that hangs.
    pub fn flush(&self) {
        let Some(way) = &self.0 else { return };
        let (answer, answered) = sync_channel(1);
        if way.to.try_send(Order::Answer(answer)).is_ok() {
            let _ = answered.recv_timeout(PARTING);
        }
    }
}

fn line(at: Timestamp, level: Level, area: &str, words: &str) -> String {
    let level = match level {
        Level::Info => "INFO ",
        Level::Warn => "WARN ",
        Level::Error => "ERROR",
    };
    format!("{at:.3} {level} {area:<8} {}\n", text::clipped(words, MAX_WORDS))
}

fn write(mut file: LogFile, orders: &Receiver<Order>, left_out: &AtomicU64) {
    for order in orders {
        match order {
            Order::Line(line) => {
                let missed = left_out.swap(0, Ordering::Relaxed);
                let words = format!("{missed} lines were left out here");
                let gap =
                    if missed > 0 { self::line(Timestamp::now(), Level::Warn, "log", &words) } else { String::new() };
                if file.append(&(gap + &line)).is_err() {
                    left_out.fetch_add(missed + 1, Ordering::Relaxed);
                }
            }
            Order::Answer(answer) => drop(answer.try_send(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_of_text_and_not_too_long() {
        let at: Timestamp = "2026-11-22T03:14:05.1239Z".parse().expect("a time");
        let said = line(at, Level::Warn, "poll", "a\nb\x1b[31m\u{202e}c\0");
        assert_eq!(said, "2026-11-22T03:14:05.123Z WARN  poll     a b[31mc\n");
        assert!(line(at, Level::Info, "poll", &"x".repeat(10_000)).len() < MAX_WORDS + 60);
    }

    #[test]
    fn what_was_said_stands_in_the_file_and_without_one_nothing_happens() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stanch.log");
        Log::default().say(Level::Info, "start", "nowhere");
        let log = Log::open(&path).expect("a log");
        log.say(Level::Info, "start", "one");
        log.clone().say(Level::Error, "panic", "two");
        log.flush();
        let text = std::fs::read_to_string(&path).expect("a file");
        let words: Vec<_> = text.lines().filter_map(|line| line.rsplit(' ').next()).collect();
        assert_eq!(words, ["one", "two"], "{text}");
    }

    #[test]
    fn lines_that_could_not_be_written_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/stanch.log");
        std::fs::create_dir(folder.path().join("deep")).expect("made");
        let log = Log::open(&path).expect("a log");
        log.say(Level::Info, "x", "before");
        log.flush();
        // Whoever takes the folder away takes the log away, and nothing else.
        std::fs::rename(folder.path().join("deep"), folder.path().join("gone")).expect("moved");
        std::fs::remove_dir_all(folder.path().join("gone")).expect("removed");
        log.say(Level::Info, "x", "lost");
        log.say(Level::Info, "x", "lost too");
        log.flush();
        std::fs::create_dir(folder.path().join("deep")).expect("made");
        log.say(Level::Info, "x", "after");
        log.flush();
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains("2 lines were left out here") && text.ends_with("after\n"), "{text}");
    }
}
