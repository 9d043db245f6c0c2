//! The log of an incident, and the only code that opens its file.
//!
//! Whoever adds to a log or follows it while a cockpit runs does so through a [`Store`]; a [`Worker`] is the store that is a
//! file. Commands that write one line and end open the [`Journal`] itself.
//!
//! A journal is a totally ordered, append-only log that several processes may write at once. It lies in
//! `<data>/incidents/<id>/`:
//!
//! | file | what |
//! |---|---|
//! | `journal.jsonl` | a header line, then one JSON object a line |
//! | `journal-2.jsonl` … | where the log goes on after a damaged line was found in the part before |
//! | `lock` | locked with `flock` while someone reads the tail, repairs and writes; never renamed or removed |
//! | `*.torn`, `*.damaged` | bytes that were cut off, and copies of lines that could not be trusted |
//! | `*.second` | what a second journal held that is no entry |
//! | `owner` | host and process of the one writer, where the file system cannot lock |
//!
//! The header is `{"format":"1.0","incident":"<id>","created":"<time>","writer":"stanch <version>","crc":"<hex>"}`: the
//! format's version first, as `major.minor`. A newer minor format is appended to, a newer major one is only read. A part
//! that continues another has `"after":{"file":"journal.jsonl","seq":12}` as well. Every line ends with `,"crc":"<hex>"}`:
//! eight lower-case digits, the CRC-32C of the line's bytes before `,"crc"`.
//!
//! What the journal does not take, on a full disk or without the right to write, goes to a second journal, at once and
//! synced: `<runtime folder>/<id>.<crc>.<uuid>.jsonl`, one a process, in `$XDG_RUNTIME_DIR/stanch` or `stanch-<uid>` in the
//! folder for temporary files, which must be this user's alone. The lines are the same; the header's `after` names the
//! journal it stands in for, by its whole path, and `<crc>` is the CRC-32C of that path. When the journal takes entries
//! again, it gets them in their order, each once; so does the next process that writes to the incident. Until then whoever
//! reads the incident (`log`, `export`, `list`, `rank`) reads them behind the journal's own entries, with provisional
//! numbers. A second journal is removed when all it holds is on the journal's disk.
//!
//! What an append hands back has been read back from the bytes it wrote, so what is shown live is what a replay shows.
//! Nothing here judges an event, draws, or talks to a network.

mod author;
mod file;
mod home;
mod listing;
#[cfg(test)]
pub mod memory;
mod name;
mod private;
mod sizes;
pub mod store;
mod worker;

use std::{
    io,
    path::{Path, PathBuf},
};

pub use author::{author, ids};
pub use file::{Damage, Journal, Spilled, Tail, Warning};
pub use home::{Contents, Home, RESUME_WITHIN};
pub use listing::Listing;
pub use sizes::Size;
pub use store::{News, Stall, Store, Ticket};
pub use worker::{Access, Worker};

use crate::base::text;

/// The first part of every journal.
pub const FILE: &str = "journal.jsonl";

/// Why a journal could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// No such incident.
    #[error("no incident {id:?} in {}", folder.display())]
    NotFound {
        /// The id asked for.
        id: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// Several incidents have this in their ids.
    #[error("{given:?} is a part of {}; expected more of one", candidates(ids))]
    Ambiguous {
        /// What was asked for.
        given: String,
        /// The ids, newest first.
        ids: Vec<String>,
    },
    /// Written by a version whose format this one must not append to.
    #[error("{} is in format {found}, newer than this version writes; it can be read, not added to", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: String,
    },
    /// Something before it was refused, and has to be written first.
    #[error("{why}")]
    Behind {
        /// Why that was refused.
        why: String,
    },
    /// Another process has held the lock for two seconds.
    #[error("{} is held by another process", path.display())]
    Busy {
        /// The lock.
        path: PathBuf,
    },
    /// The file system cannot lock, and another process is the one that may write.
    #[error("{} cannot be shared on this file system and is written by {owner}; it can only be read here", path.display())]
    Owned {
        /// The incident's folder.
        path: PathBuf,
        /// Host and process.
        owner: String,
    },
    /// The file may be read, not written.
    #[error("{} is read-only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// What is to be private could be looked into, or was made, by another user.
    #[error("{} is not a folder of this user's alone", path.display())]
    NotPrivate {
        /// The folder.
        path: PathBuf,
    },
    /// Not all bytes could be written; those that were have been taken back.
    #[error("{} took only {written} of {wanted} bytes; is the disk full?", path.display())]
    ShortWrite {
        /// The file.
        path: PathBuf,
        /// Bytes it took.
        written: usize,
        /// Bytes there were.
        wanted: usize,
    },
    /// An event that has no JSON.
    #[error("failed to encode an event: {0}")]
    Encode(#[from] serde_json::Error),
    /// There is nowhere to put journals.
    #[error("no folder for data: set STANCH_DATA or HOME, or give --data")]
    NoDataFolder,
    /// The operating system said no.
    #[error("failed to {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What it answered.
        source: io::Error,
    },
}

impl JournalError {
    /// Whether entries that fail so are spilled. Not those that must not be written at all; and what another process writes,
    /// or holds for a moment, can be waited for.
    fn is_for_the_spill(&self) -> bool {
        matches!(self, Self::ReadOnly { .. } | Self::ShortWrite { .. } | Self::Io { .. } | Self::NotFound { .. })
    }

    /// Why, without where: for a line that has little room.
    pub fn brief(&self) -> String {
        match self {
            Self::Io { source, .. } => source.to_string(),
            Self::ShortWrite { .. } => "the disk is full".to_owned(),
            Self::ReadOnly { .. } => "it is read-only".to_owned(),
            Self::Busy { .. } => "another process holds it".to_owned(),
            error => error.to_string(),
        }
    }

    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

/// The first few, and how many more there are.
fn candidates(ids: &[String]) -> String {
    const TOLD: usize = 5;
    let more = ids.len().saturating_sub(TOLD);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    ids.iter().take(TOLD).map(|id| text::line(id)).collect::<Vec<_>>().join(", ") + &more
}
