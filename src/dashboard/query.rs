//! One question to one source, and which one a pane, a vital or a check comes down to.

use std::time::Duration;

use jiff::Timestamp;

pub use super::panel_ask::PanelAsk;
use crate::config::{Lines, Pane, PaneKind, Read, Shape, Source, SourceId};

/// What live questions are about, whatever the panes show.
pub const LIVE: Duration = Duration::from_secs(30 * 60);

/// So long before and after a moment lines are of it.
pub const AROUND: Duration = Duration::from_secs(2 * 60);

/// One question to one source. How often it is asked is up to who wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The source that is asked.
    pub source: SourceId,
    /// What is asked.
    pub ask: Ask,
    /// Whether the names of variables in its text are replaced when it is asked. What stands in `stanch.toml` is asked as
    /// it stands there.
    pub template: bool,
}

impl Query {
    /// A query that is asked as it stands.
    pub fn new(source: SourceId, ask: Ask) -> Self {
        Self { source, ask, template: false }
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Numbers over the window the panes show.
    Range(String),
    /// Numbers over the last half hour, whatever the panes show; for vitals.
    LiveRange(String),
    /// Numbers of now.
    Instant(String),
    /// Log lines of the window the panes show, or of a time of their own.
    Lines {
        /// The query.
        query: String,
        /// How many, and which of them.
        lines: Lines,
        /// A moment: those shortly before and after it are meant, whatever the panes show.
        around: Option<Timestamp>,
    },
    /// What a panel of a Grafana dashboard shows over the window.
    Panel(PanelAsk),
    /// What another one shows as it was so much earlier, at the times of the window.
    Earlier {
        /// The other one.
        of: Box<Self>,
        /// By how much.
        ago: Duration,
    },
    /// All alerts.
    Alerts,
    /// What an `http` or `command` source answers.
    Fetch {
        /// A path below the source's address; may be empty.
        path: String,
        /// How the answer is read.
        read: Read,
    },
}

impl Ask {
    /// The panel of a dashboard that it is about, of now or of earlier.
    pub fn panel(&self) -> Option<&PanelAsk> {
        match self {
            Self::Panel(panel) => Some(panel),
            Self::Earlier { of, .. } => of.panel(),
            _ => None,
        }
    }
}

/// What is asked for a number of now and its past: for vitals and checks.
pub(super) fn ask_for_number(source: &Source, query: &str) -> Ask {
    match source.kind.is_generic() {
        true => fetch(source, query, None, Shape::Number),
        false => Ask::LiveRange(query.to_owned()),
    }
}

/// What a source is asked for a pane.
pub(super) fn ask_of(source: &Source, pane: &Pane) -> Ask {
    if source.kind.is_generic() {
        fetch(source, &pane.query, pane.read.as_ref(), pane.kind.shape())
    } else if pane.kind == PaneKind::Alerts || source.kind.lists_alerts() {
        Ask::Alerts
    } else if pane.kind == PaneKind::Logs {
        Ask::Lines { query: pane.query.clone(), lines: pane.lines.clone(), around: None }
    } else if pane.kind.is_instant() {
        Ask::Instant(pane.query.clone())
    } else {
        Ask::Range(pane.query.clone())
    }
}

/// A pane's own reading counts before the source's; a shape that neither names follows the kind of the pane.
fn fetch(source: &Source, path: &str, own: Option<&Read>, shape: Shape) -> Ask {
    let theirs = source.settings.read.as_ref().filter(|read| **read != Read::default());
    let read = own.or(theirs).cloned().unwrap_or(Read { shape, ..Read::default() });
    Ask::Fetch { path: path.to_owned(), read }
}
