//! Which panes are on the screen, and where: what a frame is compared with to know what of it is new.

use std::collections::HashMap;

use ratatui::{layout::Rect, text::Line};

use crate::dashboard::PaneId;

/// The panes on the screen and where they are, in the order they are pasted, and the words in the lowest line: on the
/// right which part is shown, on the left what else there is.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub panes: Vec<(PaneId, Rect)>,
    pub words: Vec<(Line<'static>, Rect)>,
}

/// What a screen shows that was painted with the patches asked for so far.
#[derive(Debug)]
pub(super) struct Shown {
    pub page: Page,
    /// Each pane, and which drawing of it.
    pub drawn: HashMap<PaneId, u64>,
}

impl Page {
    /// Whether the same panes are at the same places, whichever of them is focused.
    pub fn is_laid_out_as(&self, other: &Self) -> bool {
        self.words == other.words
            && self.panes.len() == other.panes.len()
            && self.panes.iter().all(|place| other.panes.contains(place))
    }
}
