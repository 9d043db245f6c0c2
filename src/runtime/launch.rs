//! What the command line may ask a cockpit for, as data. Whoever fills it in has read the options; nothing here
//! parses, opens or runs anything.

use super::log_file::Log;
use crate::{config::Config, incident::board::file::BoardFile, journal::Home, sim::Sim};

/// A cockpit to be run to its end.
pub struct Launch {
    /// What to watch.
    pub config: Config,
    /// The name the person's entries are written under.
    pub author: String,
    /// Whether it is the real thing.
    pub mode: Mode,
    /// Where a cockpit says what it does, for bug reports.
    pub log: Log,
    /// Whether it is told in sentences, not drawn.
    pub plain: bool,
}

/// The two kinds of cockpit.
pub enum Mode {
    /// The cockpit.
    Cockpit {
        /// Where incidents are kept.
        home: Home,
        /// The incident to open.
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
}

/// The incident that a cockpit opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest unclosed one if it is fresh, else a new one.
    Resume,
    /// A new one, of this title if one was given.
    New(Option<String>),
    /// The one with this id.
    Id(String),
}
