//! The commands of view 4: the cursor on the timeline. Nothing of it is written to the journal.

use std::sync::Arc;

use crate::app::{App, screen::log::log_items};

/// Lines that a page has.
pub(super) fn page(app: &App) -> isize {
    isize::try_from(app.screen.size.1.saturating_sub(6)).unwrap_or(1).max(1)
}

/// Follows the newest entry again, and drops the filter.
pub(super) fn leave(app: &mut App) {
    app.screen.log.filter.clear();
    app.screen.log.selected = None;
}

/// Moves the cursor over the lines that pass the filter.
pub(super) fn step(app: &mut App, by: isize) {
    let all = log_items(app);
    app.screen.log.kept =
        Some(((app.outbox.revision(), app.incident.version(), app.incident.entries().len()), Arc::clone(&all)));
    let shown = app.screen.log_shown(&all);
    if shown.is_empty() {
        return;
    }
    let to = app.screen.log.find(&shown).saturating_add_signed(by).min(shown.len() - 1);
    let mut log = app.screen.log.clone();
    log.put(&shown, to);
    app.screen.log = log;
}
