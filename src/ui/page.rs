//! Which panes are on the screen, and where: what a frame is compared with to know what of it is new.

use std::collections::HashMap;

use ratatui::{layout::Rect, text::Line};

use super::widget::frame::Frame;
use crate::dashboard::PaneId;

/// The panes on the screen and where they are, in the order they are pasted, and the words in the lowest line: on the
/// right which part is shown, on the left what else there is.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub panes: Vec<(PaneId, Rect)>,
    pub words: Vec<(Line<'static>, Rect)>,
}

/// Which drawing of a pane it is: each has the next number. A frame may have been drawn anew around a body that stayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Drawing {
    pub body: u64,
    pub frame: u64,
}

/// What a screen shows that was painted with the patches asked for so far.
#[derive(Debug)]
pub(super) struct Shown {
    pub page: Page,
    /// Each pane, and which drawing of it.
    pub drawn: HashMap<PaneId, Drawing>,
}

impl Shown {
    /// Where it differs from what was shown before, if that was laid out in the same way: whole panes, and frames of which
    /// only the body has stayed.
    pub fn places_changed_since(&self, before: &Self) -> Vec<Rect> {
        let mut places = Vec::new();
        for (id, area) in &self.page.panes {
            match (before.drawn.get(id), self.drawn.get(id)) {
                (before, now) if before == now => {}
                (Some(before), Some(now)) if before.body == now.body => {
                    places.extend(Frame::edges(*area).into_iter().filter(|edge| !edge.is_empty()));
                }
                _ => places.push(*area),
            }
        }
        places
    }
}

impl Page {
    /// Whether the same panes are at the same places, whichever of them is focused.
    pub fn is_laid_out_as(&self, other: &Self) -> bool {
        self.words == other.words
            && self.panes.len() == other.panes.len()
            && self.panes.iter().all(|place| other.panes.contains(place))
    }
}
