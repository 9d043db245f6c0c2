//! What can be done with what was clicked on: actions of the table, beside the place they are about.

use crate::app::action::Action;

/// Actions to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// Those that would do something here: what is done most, then the others in the order of the table.
    pub actions: Vec<Action>,
    /// The one selected, by its place.
    pub cursor: usize,
    /// The column and the row that was clicked on.
    pub at: (u16, u16),
}

impl Menu {
    /// The first one is selected.
    pub(in crate::app) fn new(mut actions: Vec<Action>, at: (u16, u16)) -> Self {
        actions.sort_by_key(|action| match action {
            Action::Open => 0,
            Action::TakeSymptom => 1,
            _ => 2,
        });
        Self { actions, cursor: 0, at }
    }

    /// Moves the selection; it goes round.
    pub(in crate::app) fn step(&mut self, by: isize) {
        let count = self.actions.len().max(1);
        self.cursor = (self.cursor + count).saturating_add_signed(by) % count;
    }
}
