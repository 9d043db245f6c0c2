//! Everything that can happen to the running app.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::crossterm::event::KeyEvent;

use crate::{
    config::QueryId,
    incident::{Draft, Entry, Id},
    signal::{Fault, Reading},
};

/// Something that just happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has a new size: columns, rows.
    Resized(u16, u16),
    /// It is this time now. The only way time gets in.
    Tick(Timestamp),
    /// A poll came to an end.
    Polled {
        /// Which query.
        query: QueryId,
        /// What came of it.
        outcome: Result<Arc<Reading>, Fault>,
        /// When.
        at: Timestamp,
    },
    /// Entries are in the journal, ours and those of others, in order.
    Recorded(Vec<Entry>),
    /// The journal was replaced from outside; this is all of it now.
    Rebased(Vec<Entry>),
    /// Something a person should know about the journal.
    JournalSays(String),
    /// These could not be written; nothing is lost, they are kept and tried again.
    NotRecorded(Vec<Draft>, String),
    /// The journal is on disk up to now, or has not been since a time.
    Synced(Option<Timestamp>),
    /// A command of the team's own ended.
    CommandEnded(CommandEnd),
    /// `$EDITOR` was closed with this text, or could not be opened.
    Edited(Result<String, String>),
    /// The process was asked to end: a signal, or the terminal went away.
    Terminate,
}

/// What a command left behind.
#[derive(Clone, Debug)]
pub struct CommandEnd {
    /// For which mitigation.
    pub mitigation: Id,
    /// Its words.
    pub argv: Vec<String>,
    /// Its exit code; `None` when it was stopped or could not be started.
    pub exit: Option<i32>,
    /// The end of what it printed, scrubbed.
    pub output: String,
    /// How long it ran.
    pub seconds: f64,
}
