//! The one door from the command line to the full screen: what the runtime is asked to do, as data.

use super::Failure;
use crate::{config::Config, incident::board::file::BoardFile, journal::Home, runtime::log_file::Log, sim::Sim};

/// What the runtime is asked to do.
pub struct Launch {
    /// What to watch.
    pub config: Config,
    /// Who writes.
    pub author: String,
    /// Which of the three.
    pub mode: Mode,
    /// Where a cockpit says what it does, for bug reports.
    pub log: Log,
}

/// The three that draw a frame.
pub enum Mode {
    /// The cockpit.
    Cockpit {
        /// Where incidents are kept.
        home: Home,
        /// Which incident.
        which: Which,
        /// A board to begin with, and the file it is from.
        board: Option<(String, BoardFile)>,
        /// Whether nothing may be written.
        read_only: bool,
    },
    /// The cockpit on a simulated outage.
    Demo {
        /// Where incidents are kept.
        home: Home,
        /// The outage; it ends when this is dropped.
        sim: Sim,
        /// Known causes, with how their signs are checked there.
        known: BoardFile,
    },
    /// One frame as text; writes nothing.
    Snapshot {
        /// Where incidents are kept; the newest unclosed one gives the board and the log.
        home: Option<Home>,
        /// What of it, how large, how long to wait, and whether in colour.
        options: super::snapshot::Options,
    },
}

/// Which incident a cockpit opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest unclosed one if it is fresh, else a new one.
    Resume,
    /// A new one, of this title if one was given.
    New(Option<String>),
    /// This one.
    Id(String),
}

/// Runs it to its end; the one place that knows the runtime.
pub fn launch(launch: Launch) -> Result<(), Failure> {
    crate::runtime::run(launch)
}
