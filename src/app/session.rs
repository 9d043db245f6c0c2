//! Who sits at the keys, since when, with which configuration: what is the same for the incident and for the screen.
//!
//! It says nothing of the incident and nothing of what sources answered.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    app::Keymap,
    config::{Config, SourceId},
    incident::{Draft, Event, Id, Ids, board::file::BoardFile},
};

/// One cockpit, from its start to its end.
#[derive(Clone, Debug)]
pub struct Session {
    /// The configuration.
    pub config: Arc<Config>,
    /// Which keys mean what.
    pub keymap: Keymap,
    /// The incident's name in the data folder.
    pub id: String,
    /// Who is at the keyboard: `alice@host`.
    pub author: String,
    /// Whether the mouse is ours and not the terminal's.
    pub mouse: bool,
    /// Nothing is written.
    pub read_only: bool,
    /// The time as of the last message.
    pub now: Timestamp,
    /// Local time.
    pub zone: TimeZone,
    /// Whether times are shown in UTC.
    pub utc: bool,
    /// Causes that are offered besides the changes seen, with the signs each predicts.
    pub(in crate::app) generic: Arc<BoardFile>,
    pub(in crate::app) ids: Ids,
    /// Names this session in the journal.
    pub(in crate::app) watch: Id,
    /// Whether it has asked to end.
    pub quitting: bool,
}

impl Session {
    /// The zone times are shown in, and so typed in.
    pub fn shown_zone(&self) -> TimeZone {
        if self.utc { TimeZone::UTC } else { self.zone.clone() }
    }

    /// The source of this name.
    pub(in crate::app) fn source_of(&self, name: &str) -> Option<SourceId> {
        self.config.source_named(name).map(|(id, _)| id)
    }

    pub(in crate::app) fn source_name(&self, id: SourceId) -> String {
        self.config.source(id).map(|source| source.name.clone()).unwrap_or_default()
    }

    pub(in crate::app) fn draft(&mut self, event: Event) -> Draft {
        Draft { id: self.ids.next(self.now), event }
    }
}
