//! The commands of a pane of logs: how its lines stand there, and one of them whole. Nothing of it is written to the
//! journal.

use crate::{
    app::{
        App, Overlay,
        commands::when,
        screen::{
            overlay::{LogSheet, Purpose},
            watch::{self, focused},
        },
        world::rows::{What, cache},
    },
    dashboard::PaneId,
    signal::Level,
};

/// Wraps the lines of the pane that has the focus, or no more.
pub(super) fn wrap(app: &mut App) {
    let Some(pane) = pane_of_logs(app) else { return };
    let wrapped = &mut app.screen.watch.wrapped;
    if !wrapped.remove(&pane) {
        wrapped.insert(pane);
    }
}

/// Folds the lines that say the same, or shows each.
pub(super) fn fold_lines(app: &mut App) {
    let Some(pane) = pane_of_logs(app) else { return };
    let unfolded = &mut app.screen.watch.unfolded;
    let folds = unfolded.remove(&pane);
    if !folds {
        unfolded.insert(pane);
    }
    app.say(if folds { "lines that say the same are one row" } else { "each line has a row of its own" });
}

fn pane_of_logs(app: &mut App) -> Option<PaneId> {
    let pane = focused(app).map(|pane| pane.id).filter(|_| when::is_on_logs(app));
    if pane.is_none() {
        app.complain("that is for log lines: no pane of logs has the focus");
    }
    pane
}

/// Opens the selected line whole, in a pane of logs that has the screen or whose cursor was put on a line. Whether it did.
pub(super) fn open_line(app: &mut App) -> bool {
    let Some(pane) = focused(app).filter(|_| when::is_on_logs(app)) else { return false };
    let is_put = app.screen.watch.cursors.get(&pane.id).is_some_and(|cursor| cursor.key.is_some());
    let Some(row) = watch::selected(app, pane.id).filter(|_| is_put || app.screen.watch.zoomed) else { return false };
    let rows = cache::rows(app, pane);
    let lines = rows.line(&row.id).map(|line| rows.log_lines(line));
    let Some(sheet) = lines.and_then(|lines| LogSheet::of(&pane.pane.title, row.source, lines)) else { return false };
    app.screen.overlay = Some(Overlay::LogLine(Box::new(sheet)));
    true
}

/// Whether the cursor of the pane that has the focus was put on a line of logs.
pub(super) fn is_on_a_line(app: &App) -> bool {
    let pane = focused(app).filter(|_| when::is_on_logs(app)).map(|pane| pane.id);
    pane.and_then(|pane| app.screen.watch.cursors.get(&pane)).is_some_and(|cursor| cursor.key.is_some())
}

/// Follows the newest line again. Whether the cursor was on one.
pub(super) fn follow_newest(app: &mut App) -> bool {
    let Some(pane) = focused(app).filter(|_| when::is_on_logs(app)).map(|pane| pane.id) else { return false };
    app.screen.watch.cursors.remove(&pane).is_some_and(|cursor| cursor.key.is_some())
}

/// Puts the cursor on the next line that is an error, or on the one before; from the last it goes on with the first.
pub(super) fn next_error(app: &mut App, forward: bool) {
    let Some(id) = pane_of_logs(app) else { return };
    let Some(pane) = app.world.plan.pane(id) else { return };
    let rows = cache::rows(app, pane);
    let is_error = |row: &usize| matches!(rows.what(*row), Some(What::Line(line)) if line.level == Level::Error);
    let errors: Vec<usize> = (0..rows.len()).filter(is_error).collect();
    let is_put = app.screen.watch.cursors.get(&id).is_some_and(|cursor| cursor.key.is_some());
    let mut cursor = watch::cursor(app, pane);
    // Nobody has put it anywhere: it is behind the newest line.
    let from = cursor.find_row(&rows).filter(|_| is_put);
    let next = match (forward, from) {
        (true, from) => errors.iter().find(|row| from.is_some_and(|from| **row > from)).or(errors.first()),
        (false, None) => errors.last(),
        (false, Some(from)) => errors.iter().rfind(|row| **row < from).or(errors.last()),
    };
    let Some(next) = next.copied() else { return app.complain("no line here is an error") };
    let nth = errors.partition_point(|row| *row <= next);
    cursor.put_row(&rows, next);
    cursor.top = None;
    // What is looked at in all panes would keep the view where it is.
    app.screen.watch.time = None;
    app.screen.watch.cursors.insert(id, cursor);
    app.say(format!("error {nth} of {}", errors.len()));
}

/// Asks what is marked in the lines of the pane that has the focus.
pub(super) fn ask_highlight(app: &mut App) {
    let Some(pane) = pane_of_logs(app) else { return };
    let text = app.screen.watch.marked.get(&pane).cloned().unwrap_or_default();
    app.screen.watch.focus = Some(pane);
    app.ask_with(Purpose::Highlight, &text);
}

/// Marks it in the pane that has the focus; nothing any more when it is empty.
pub(in crate::app) fn highlight(app: &mut App, text: &str) {
    let Some(pane) = focused(app).map(|pane| pane.id) else { return };
    match text.is_empty() {
        true => drop(app.screen.watch.marked.remove(&pane)),
        false => drop(app.screen.watch.marked.insert(pane, text.to_owned())),
    }
}
