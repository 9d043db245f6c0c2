//! Everything that can happen to the running app.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::crossterm::event::KeyEvent;

use crate::{
    app::{
        Computed, Mouse,
        world::dashboards::{DashboardOpened, DashboardRow},
    },
    dashboard::QueryId,
    incident::{Draft, Entry, Id, board::file::BoardFile},
    runbook::Library,
    signal::{Fault, Reading, Receipt},
};

/// Something that just happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// A whole line was typed, where keys are not read one by one.
    Line(String),
    /// Something was done with the mouse.
    Mouse(Mouse),
    /// The terminal has a new size: columns, rows.
    Resized(u16, u16),
    /// It is this time now. The only way time gets in.
    Tick(Timestamp),
    /// A poll came to an end.
    Polled {
        /// The query that was asked.
        query: QueryId,
        /// What came of it.
        outcome: Result<Arc<Reading>, Fault>,
        /// When it came to an end.
        at: Timestamp,
    },
    /// Entries are in the journal, ours and those of others, in order.
    Recorded(Vec<Entry>),
    /// The journal was replaced from outside; this is all of it now.
    Rebased(Vec<Entry>),
    /// The journal has what these drafts say, and no entry comes of them.
    Confirmed(Vec<Id>),
    /// The journal has not answered for so long that nobody should wait for it any more.
    Unconfirmed,
    /// Something a person should know about the journal.
    JournalSays(String),
    /// These could not be written; nothing is lost, they are kept and tried again.
    NotRecorded(Vec<Draft>, String),
    /// Entries are recorded in a second journal only, and where and why in a line; or there are none any more.
    Spilled(Option<String>),
    /// The journal is on disk up to now, or has not been since a time.
    Synced(Option<Timestamp>),
    /// A command of the team's own ended.
    CommandEnded(CommandEnd),
    /// A source was told to change something.
    Written {
        /// The entry that says what.
        sent: Id,
        /// How it calls what it made, or why it did nothing, or why nobody knows.
        outcome: Result<Receipt, Fault>,
    },
    /// `$EDITOR` was closed with this text, or could not be opened.
    Edited(Result<String, String>),
    /// A board file was read, or could not be: what and why in a line.
    BoardRead {
        /// As it was asked for.
        path: String,
        /// The file.
        outcome: Result<Arc<BoardFile>, String>,
    },
    /// The board was written to a file, or was not.
    BoardSaved {
        /// As it was asked for.
        path: String,
        /// Why it was not, if it was not.
        outcome: Result<(), BoardNotSaved>,
    },
    /// The incidents there are, newest first, or why they cannot be listed in a line.
    IncidentsListed(Result<Vec<IncidentRow>, String>),
    /// Another incident was not opened, and why in a line; this one goes on.
    IncidentNotOpened(String),
    /// A task of [`Effect::Compute`](super::Effect::Compute) is done.
    Computed(Computed),
    /// A dashboard was opened, or could not be.
    DashboardOpened(DashboardOpened),
    /// Which dashboards there are besides those of the configuration, and what could not be read, in a line.
    DashboardsListed(Vec<DashboardRow>, Option<String>),
    /// The runbooks as they are on disk now.
    Runbooks(Arc<Library>),
    /// The process was asked to end: a signal, or the terminal went away.
    Terminate,
}

/// Why a board was not written to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoardNotSaved {
    /// There is one of this name, and nobody said that it may be replaced.
    Taken,
    /// It was tried; what went wrong, in a line.
    Failed(String),
}

/// An incident of the data folder, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its name in the data folder.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its status as the cockpit says it.
    pub status: &'static str,
    /// Its severity; `None` when nobody has said it.
    pub severity: Option<String>,
    /// Whether it is an exercise.
    pub drill: bool,
    /// When it was begun; `None` when that cannot be read.
    pub opened: Option<Timestamp>,
    /// When its last entry was written; `None` when that cannot be read.
    pub last: Option<Timestamp>,
    /// Why it cannot be read, or not as a whole.
    pub unreadable: Option<String>,
}

/// What a command left behind.
#[derive(Clone, Debug)]
pub struct CommandEnd {
    /// The mitigation it was run for.
    pub mitigation: Id,
    /// The command and its arguments.
    pub argv: Vec<String>,
    /// Its exit code; `None` when it was stopped or could not be started.
    pub exit: Option<i32>,
    /// The end of what it printed, scrubbed.
    pub output: String,
    /// How long it ran, in seconds.
    pub seconds: f64,
}
