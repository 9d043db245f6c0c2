//! What the mouse was last used for.

use jiff::{SignedDuration, Timestamp};

/// Two clicks on one cell that follow each other faster are one.
const TWICE: SignedDuration = SignedDuration::from_millis(400);

/// What is known of the mouse so far.
#[derive(Clone, Debug, Default)]
pub struct Pointer {
    /// The cell of a pane or a view that was clicked on last, and when.
    clicked: Option<((u16, u16), Timestamp)>,
}

impl Pointer {
    /// Whether a click at this time follows another one on the same cell. A third one is the first of two again.
    pub(in crate::app) fn clicks_twice(&mut self, at: (u16, u16), now: Timestamp) -> bool {
        let before = self.clicked.take();
        let twice = before.is_some_and(|(there, then)| there == at && now.duration_since(then) < TWICE);
        self.clicked = (!twice).then_some((at, now));
        twice
    }

    /// What was clicked on last is there no more, or was nothing that opens.
    pub(in crate::app) fn forget_click(&mut self) {
        self.clicked = None;
    }
}
