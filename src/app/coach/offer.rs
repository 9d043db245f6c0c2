//! What the coach line says, as the person saw it: worked out once a frame, and done only when it is what was seen.
//!
//! Polls change what comes next while a finger is on its way to the key. A step that has just changed by itself is not
//! done; the line says the new one, and the next press does that.

use jiff::{SignedDuration, Timestamp};

use super::Advice;
use crate::app::App;

/// Nobody reads a line in less.
const TO_READ: SignedDuration = SignedDuration::from_millis(700);
/// A change this soon after a key came of the key.
const OWN: SignedDuration = SignedDuration::from_secs(1);

/// The advice on the screen.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// As of the last frame; none when something has happened since.
    fresh: Option<Advice>,
    /// As of the last frame, whatever has happened since.
    seen: Option<Advice>,
    /// When it changed by itself.
    changed: Option<Timestamp>,
    /// When a key was last pressed.
    key: Option<Timestamp>,
}

impl Offer {
    /// Something has happened.
    pub(in crate::app) fn stale(&mut self) {
        self.fresh = None;
    }

    /// The key did nothing: what changes next is not of its making.
    pub(in crate::app) fn refused(&mut self) {
        self.key = None;
    }

    /// A key was pressed.
    pub(in crate::app) fn pressed(&mut self, now: Timestamp) {
        self.key = Some(now);
    }
}

impl App {
    /// The next best step, in one sentence.
    pub fn advice(&self) -> Advice {
        self.offer.fresh.clone().unwrap_or_else(|| super::advise(self))
    }

    /// Works out what the next frame shows; to be called before it is drawn.
    pub fn settle(&mut self) {
        if self.offer.fresh.is_some() {
            return;
        }
        let advice = super::advise(self);
        let before = self.offer.seen.as_ref();
        if before.is_some_and(|before| before.step != advice.step) {
            // A key accounts for one change: what comes after came by itself. Where no step was shown none was aimed at.
            let own = self.offer.key.take().is_some_and(|key| self.now.duration_since(key) < OWN);
            let was_shown = before.is_some_and(|before| before.step.is_some());
            self.offer.changed = (was_shown && !own).then_some(self.now);
        }
        self.offer.seen = Some(advice.clone());
        self.offer.fresh = Some(advice);
    }

    /// Whether the step on the screen is not, or not yet for long enough, the one that would be done.
    pub(in crate::app) fn step_has_just_changed(&self, advice: &Advice) -> bool {
        let Some(seen) = &self.offer.seen else { return false };
        seen.step != advice.step || self.offer.changed.is_some_and(|changed| self.now.duration_since(changed) < TO_READ)
    }
}
