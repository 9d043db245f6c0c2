//! View 3: which mitigation, command or change is selected.

use crate::app::{
    App,
    act::{ActItem, act_items},
    screen::cursor::Cursor,
};

/// The state of view 3.
#[derive(Clone, Debug, Default)]
pub struct ActState {
    /// The row selected.
    pub cursor: Cursor,
}

/// The row selected in view 3.
pub fn selected_act(app: &App) -> Option<ActItem<'_>> {
    let items = act_items(app.facts());
    let keys: Vec<_> = items.iter().map(ActItem::key).collect();
    app.screen.act.cursor.find(&keys).map(|line| items[line])
}

/// Moves the cursor over the rows; by none it stays on the one it is shown on.
pub(in crate::app) fn act_step(app: &mut App, by: isize) {
    let keys: Vec<_> = act_items(app.facts()).iter().map(ActItem::key).collect();
    app.screen.act.cursor.step(&keys, by);
}
