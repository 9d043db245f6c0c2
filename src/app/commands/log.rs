//! The commands of view 4: the cursor on the timeline. Nothing of it is written to the journal.

use crate::app::{
    App, LogState,
    mouse::Listed,
    screen::{Screen, layout::Bands, log::log_items},
};

/// Lines of the view that a page does not turn: the one that says where one is, and one that stays to go on from.
const KEPT: u16 = 2;

/// How many lines a page turns.
pub(super) fn page(screen: &Screen) -> isize {
    isize::try_from(Bands::of(screen.area()).body.height.saturating_sub(KEPT)).unwrap_or(1).max(1)
}

/// Follows the newest entry again, and drops the filter.
pub(super) fn leave(log: &mut LogState) {
    log.filter.clear();
    (log.selected, log.top) = (None, None);
}

/// Moves the view by as many lines, and the cursor as far as it has to. At the end the newest entry is followed again.
pub(super) fn scroll(app: &mut App, list: &Listed, by: isize) {
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    let Some(last) = shown.len().checked_sub(1) else { return };
    let (top, at) = (list.moved(by), app.screen.log.find(&shown));
    let ends = list.last().is_some_and(|end| end.saturating_add_signed(by) >= last) && by > 0;
    // How many lines the entries above take is not known: at the beginning it is the first one.
    let to = match by {
        ..0 if top == 0 => 0,
        _ if ends => last,
        _ => list.kept(at, top).min(last),
    };
    app.screen.log.put(&shown, to);
    app.screen.log.top = (!ends).then_some((top, 0));
}

/// Puts the cursor on a line that is in view, and leaves the view where it is.
pub(super) fn point(app: &mut App, row: Option<usize>, list: Option<&Listed>) {
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    if let (Some(row), Some(list)) = (row.filter(|row| *row < shown.len()), list) {
        app.screen.log.put(&shown, row);
        app.screen.log.top = Some((list.top, list.cut));
    }
}

/// Moves the cursor over the lines that pass the filter.
pub(super) fn step(app: &mut App, by: isize) {
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    if shown.is_empty() {
        return;
    }
    let to = app.screen.log.find(&shown).saturating_add_signed(by).min(shown.len() - 1);
    app.screen.log.put(&shown, to);
}
