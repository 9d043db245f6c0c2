//! Whether anything says that users are hurt, and since when.
//!
//! An incident is open, and so "bleeding", from its first entry on. The word is worth its fright only when a vital left
//! its range, a page fires, or a person said so; until then the cockpit watches.

use jiff::Timestamp;

use super::{App, clock::seconds_between};
use crate::{
    incident::{ObservationState, Status},
    signal::Severity,
};

/// Calm for less than this, in seconds, was a pause and no end: the clock goes on.
const PAUSE: i64 = 600;

impl App {
    /// Since when it bleeds; `None` while nothing says that it does, and when it has stopped.
    pub fn bleeding_since(&self) -> Option<Timestamp> {
        if self.incident.status != Status::Bleeding {
            return None;
        }
        let mut since = None;
        for turn in self.incident.status_history.iter().rev() {
            match (turn.status, since) {
                (Status::Bleeding, _) => since = Some(turn.at),
                (_, Some(again)) if seconds_between(turn.at, again) < PAUSE => {}
                (_, since) => return since,
            }
        }
        [self.began(), since].into_iter().flatten().min()
    }

    /// When it began, if anything but a hunch says that it did.
    fn began(&self) -> Option<Timestamp> {
        let incident = &self.incident;
        let hurt = incident.vitals.values().any(|vital| vital.crossings.iter().any(|crossing| !crossing.1));
        let paged = incident.alerts.iter().any(|alert| alert.severity == Severity::Critical);
        if incident.onset_set.is_some() || hurt || paged {
            return incident.onset();
        }
        // Where nothing is measured, what a person saw has to do.
        let seen = incident.board.observations.iter().filter(|o| o.state == ObservationState::Present);
        seen.map(|o| o.when).min().filter(|_| self.config.vitals.is_empty())
    }
}
