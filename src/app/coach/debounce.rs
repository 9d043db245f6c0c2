//! What the coach line says, as the person saw it: worked out once a frame, and done only when it is what was seen.
//!
//! Polls change what comes next while a finger is on its way to the key. A step that has just changed by itself is not
//! done; the line says the new one, and the next press does that.

use jiff::{SignedDuration, Timestamp};

use super::Advice;

/// Nobody reads a line in less.
const TO_READ: SignedDuration = SignedDuration::from_millis(700);
/// A change this soon after a key came of the key.
const OWN: SignedDuration = SignedDuration::from_secs(1);

/// The advice on the screen.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// The advice of the last frame; `None` when something has happened since.
    fresh: Option<Advice>,
    /// The advice of the last frame that was the last word on it, whatever has happened since.
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

    pub(in crate::app) fn is_stale(&self) -> bool {
        self.fresh.is_none()
    }

    /// What stands on the screen, unless something has happened since.
    pub(in crate::app) fn shown(&self) -> Option<&Advice> {
        self.fresh.as_ref()
    }

    /// The next frame shows this.
    pub(in crate::app) fn show(&mut self, advice: Advice, now: Timestamp) {
        let before = self.seen.as_ref();
        if before.is_some_and(|before| before.step != advice.step) {
            // A key accounts for one change: what comes after came by itself. Where no step was shown none was aimed at.
            let own = self.key.take().is_some_and(|key| now.duration_since(key) < OWN);
            let was_shown = before.is_some_and(|before| before.step.is_some());
            self.changed = (was_shown && !own).then_some(now);
        }
        self.seen = Some(advice.clone());
        self.fresh = Some(advice);
    }

    /// The next frame shows this, which is not the last word: a step that comes after it is held against what was seen
    /// before it.
    pub(in crate::app) fn show_meanwhile(&mut self, advice: Advice) {
        self.fresh = Some(advice);
    }

    /// The key did nothing: what changes next is not of its making.
    pub(in crate::app) fn refused(&mut self) {
        self.key = None;
    }

    /// A key was pressed.
    pub(in crate::app) fn pressed(&mut self, now: Timestamp) {
        self.key = Some(now);
    }

    /// Whether the step on the screen is not, or not yet for long enough, the one that would be done.
    pub(in crate::app) fn has_just_changed(&self, advice: &Advice, now: Timestamp) -> bool {
        let Some(seen) = &self.seen else { return false };
        seen.step != advice.step || self.changed.is_some_and(|changed| now.duration_since(changed) < TO_READ)
    }
}
