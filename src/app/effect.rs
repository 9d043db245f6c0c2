//! Everything the app asks of the outside, as data.

use std::time::Duration;

use crate::{
    app::{Page, Task},
    config::SourceId,
    dashboard::SubscriptionChange,
    incident::{Draft, Id},
    signal::{Operation, Window},
};

/// Something to be done outside of the app. What comes of it returns as a [`Msg`](super::Msg).
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub enum Effect {
    /// Write these to the journal; answered by `Recorded` or `NotRecorded`.
    Record(Vec<Draft>),
    /// Ask all sources now.
    PollNow,
    /// What is wanted of the sources has changed; what is asked is answered by `Polled`.
    Subscribe(SubscriptionChange),
    /// The panes show another stretch of time.
    SetWindow(Window),
    /// Run a command of the team's own; answered by `CommandEnded`.
    RunCommand {
        /// The mitigation it is run for.
        mitigation: Id,
        /// The command and its arguments.
        argv: Vec<String>,
        /// What it may want to know, as environment variables: names and values.
        env: Vec<(String, String)>,
        /// How long it may run.
        timeout: Duration,
    },
    /// Have a source change something, once; answered by `Written`.
    Write {
        /// The entry that says so.
        sent: Id,
        /// The source.
        source: SourceId,
        /// What is to be changed.
        operation: Operation,
    },
    /// Put text on the clipboard.
    Copy(String),
    /// Open `$EDITOR` on this text; answered by `Edited`.
    OpenEditor(String),
    /// Read this board file; answered by `BoardRead`.
    LoadBoard(String),
    /// Write a board file; answered by `BoardSaved`.
    SaveBoard {
        /// The file's path, as a person typed it.
        path: String,
        /// The board as TOML.
        text: String,
        /// Whether a file that is there may be replaced.
        replace: bool,
    },
    /// Open a dashboard of the configuration, or open it anew with these values for its variables; answered by
    /// `DashboardOpened`.
    OpenDashboard {
        /// Its place in the configuration.
        place: usize,
        /// Names of variables, each with a value that was chosen; several of one name choose several.
        chosen: Vec<(String, String)>,
        /// Its number, which the answer has.
        request: u64,
    },
    /// List the dashboards in the folder of the configuration and in its Grafanas; answered by `DashboardsListed`.
    ListDashboards,
    /// List the incidents there are; answered by `IncidentsListed`.
    ListIncidents,
    /// Open another incident, and leave this one once it is open: its notes are written, and a new [`App`](super::App)
    /// takes the place of this one. Answered by `IncidentNotOpened` when nothing comes of it.
    OpenIncident(OtherIncident),
    /// Work this out where it holds up no key; answered by `Computed`, or not at all when a newer task of its kind came.
    Compute(Task),
    /// Say this once, to whoever types lines.
    Say(Page),
    /// Take the mouse, or leave it to the terminal.
    CaptureMouse(bool),
    /// Clear the terminal and draw everything anew.
    Redraw,
    /// Write the notes and end.
    Quit,
}

/// An incident to leave this one for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherIncident {
    /// A new one of this title; empty is that of the configuration.
    New(String),
    /// The one that a person calls so.
    Named(String),
}
