//! The commands of view 1: which pane has the focus, which row, and the stretch of time shown. Nothing of it is written to
//! the journal.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    app::{
        Action, App, Effect, WatchState, clock,
        commands::chart,
        mouse::Listed,
        screen::{
            cursor::Cursor,
            layout::{Bands, Grid},
            watch::{cursor, focused, lines, scrolled},
        },
        world::rows::{cache, legend::LegendState},
    },
    config::PaneKind,
    dashboard::{PaneId, PlannedPane},
    signal::Window,
};

/// The narrowest and widest window.
const SPANS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(7 * 86_400));

pub(super) fn narrower(app: &mut App) -> Vec<Effect> {
    resize_window(app, |span| span / 2)
}

pub(super) fn wider(app: &mut App) -> Vec<Effect> {
    resize_window(app, |span| span * 2)
}

pub(super) fn pan_back(app: &mut App) -> Vec<Effect> {
    pan(app, -1)
}

pub(super) fn pan_forward(app: &mut App) -> Vec<Effect> {
    pan(app, 1)
}

pub(super) fn go_live(app: &mut App) -> Vec<Effect> {
    set_window(app, Window::live(app.world.window.span))
}

/// Shows a stretch of time, in milliseconds, in all charts.
pub(in crate::app) fn zoom_in(app: &mut App, (from, to): (i64, i64)) -> Vec<Effect> {
    let span = Duration::from_millis(u64::try_from(to - from).unwrap_or(0)).clamp(SPANS.0, SPANS.1);
    let end = Timestamp::from_millisecond(to).map_or(app.session.now, |to| to.min(app.session.now));
    let window = Window { span, end: Some(end) };
    let (from, to) = window.bounds(app.session.now);
    let shown = in_words(app, (from.as_millisecond(), to.as_millisecond()));
    app.say(format!("{shown} · {} back to live", app.session.keymap.key(Action::Live)));
    set_window(app, window)
}

/// A stretch of time, in milliseconds: `03:12:00–03:15:30`.
pub(in crate::app) fn in_words(app: &App, (from, to): (i64, i64)) -> String {
    let time = |at| Timestamp::from_millisecond(at).map(|at| clock::time(at, &app.session.zone, app.session.utc));
    [from, to].map(|at| time(at).unwrap_or_default()).join("–")
}

/// Shows the pane that has the focus alone, or all of them again.
pub(super) fn zoom(app: &mut App) {
    app.screen.watch.zoomed = !app.screen.watch.zoomed && !app.world.plan.panes.is_empty();
}

/// Leaves the time that is looked at, then shows all panes again; when it does, all rows and series of the pane that has
/// the focus, and then of every pane.
pub(super) fn leave(watch: &mut WatchState) {
    if watch.time.take().is_some() {
        return;
    }
    let is_narrowed = |pane: &PaneId| {
        watch.filters.contains_key(pane) || watch.legends.get(pane).is_some_and(LegendState::leaves_out)
    };
    match watch.focus.filter(is_narrowed) {
        _ if watch.zoomed => watch.zoomed = false,
        Some(pane) => {
            watch.filters.remove(&pane);
            watch.legends.entry(pane).or_default().show_all();
        }
        None => {
            watch.filters.clear();
            watch.legends.values_mut().for_each(LegendState::show_all);
        }
    }
}

/// Goes to another page of panes, where there are several; whether there are.
pub(super) fn turn_page(app: &mut App, by: isize) -> bool {
    let grid = Grid::of(Bands::of(app.screen.area()).body, &app.world.wishes());
    let focus = focused(app).map(|pane| pane.id).filter(|_| !app.screen.watch.zoomed && grid.pages() > 1);
    let Some(focus) = focus else { return false };
    let page = grid.page_of(focus).saturating_add_signed(by).min(grid.pages() - 1);
    if page != grid.page_of(focus)
        && let Some((pane, _)) = grid.page(page).first()
    {
        app.screen.watch.focus = Some(*pane);
    }
    true
}

pub(super) fn focus_step(app: &mut App, by: isize) {
    let panes = &app.world.plan.panes;
    if let Some(place) = place_of_focus(app) {
        app.screen.watch.focus = Some(panes[(place + panes.len()).saturating_add_signed(by) % panes.len()].id);
    }
}

fn place_of_focus(app: &App) -> Option<usize> {
    app.world.plan.place(focused(app)?.id)
}

/// In a list the cursor moves; in a chart the focus goes to the pane above or below.
pub(super) fn row_or_pane(app: &mut App, by: isize) {
    let has_rows = focused(app).is_some_and(|pane| {
        matches!(pane.pane.kind, PaneKind::Alerts | PaneKind::Changes | PaneKind::Logs)
            && cache::rows(app, pane).is_list()
    });
    let has_legend = chart::has_legend(app);
    let scrolls = app.screen.watch.zoomed && focused(app).is_some_and(|pane| lines(app, pane) > 0);
    if has_rows || scrolls || has_legend {
        return row_step(app, by);
    }
    let body = Bands::of(app.screen.area()).body;
    let wishes = app.world.wishes();
    let to = focused(app).and_then(|pane| Grid::of(body, &wishes).beside(&wishes, pane.id, by));
    app.screen.watch.focus = to.or(app.screen.watch.focus);
}

pub(super) fn row_step(app: &mut App, by: isize) {
    let Some(pane) = focused(app) else { return };
    let id = pane.id;
    let lines = lines(app, pane);
    if lines > 0 {
        let line = scrolled(app, id).saturating_add_signed(by).min(lines - 1);
        app.screen.watch.cursors.insert(id, Cursor { line, ..Cursor::default() });
        return;
    }
    if chart::has_legend(app) {
        return chart::legend_step(app, by);
    }
    let rows = cache::rows(app, pane);
    let mut cursor = cursor(app, pane);
    cursor.step_rows(&rows, by);
    let beyond = hidden(pane, cursor.line, cursor.line + 1, rows.len());
    cursor.top = cursor.top.map(|top| top.min(beyond));
    app.screen.watch.cursors.insert(id, cursor);
}

/// Scrolls a pane, whichever has the focus, by as many lines as it has to. A row that is selected stays in view.
pub(super) fn scroll(app: &mut App, id: PaneId, list: &Listed, by: isize) {
    let Some(pane) = app.world.plan.pane(id) else { return };
    let top = list.moved(by);
    if lines(app, pane) > 0 {
        app.screen.watch.cursors.insert(id, Cursor { line: top, ..Cursor::default() });
        return;
    }
    let rows = cache::rows(app, pane);
    let mut cursor = cursor(app, pane);
    let Some(line) = cursor.find_row(&rows) else { return };
    if pane.pane.kind == PaneKind::Logs && top == list.most {
        // At the end the newest line is followed again.
        app.screen.watch.cursors.remove(&id);
        return;
    }
    let kept = list.kept(line, top);
    if kept != line {
        cursor.put_row(&rows, kept);
    }
    cursor.top = Some(hidden(pane, top, top + list.of - list.most, rows.len()));
    app.screen.watch.cursors.insert(id, cursor);
    if kept != line {
        // What was selected before was left on purpose.
        app.screen.selections.panes.remove(&id);
    }
}

/// Gives a pane the focus, and puts its cursor on a row of what is in view.
pub(super) fn point(app: &mut App, id: PaneId, row: Option<usize>, list: Option<&Listed>) {
    app.screen.watch.focus = Some(id);
    let (Some(pane), Some(row), Some(list)) = (app.world.plan.pane(id), row, list) else { return };
    let rows = cache::rows(app, pane);
    if !rows.is_list() || row >= rows.len() {
        return;
    }
    let mut cursor = cursor(app, pane);
    cursor.put_row(&rows, row);
    cursor.top = Some(hidden(pane, list.top, list.top + list.of - list.most, rows.len()));
    app.screen.selections.panes.remove(&id);
    app.screen.watch.cursors.insert(id, cursor);
}

/// How much is hidden of the rows of a pane when these are in view: above, but below in logs.
fn hidden(pane: &PlannedPane, from: usize, to: usize, of: usize) -> usize {
    if pane.pane.kind == PaneKind::Logs { of.saturating_sub(to) } else { from }
}

fn resize_window(app: &mut App, change: impl Fn(Duration) -> Duration) -> Vec<Effect> {
    let span = change(app.world.window.span).clamp(SPANS.0, SPANS.1);
    // Around the time that is looked at, as far as there is a past and a future around it.
    let end = match app.screen.watch.time {
        Some(at) => at.checked_add(span / 2).ok().filter(|end| *end < app.session.now),
        None => app.world.window.end,
    };
    set_window(app, Window { span, end })
}

/// Moves the window by half its width; at the present it is live again.
fn pan(app: &mut App, by: i64) -> Vec<Effect> {
    let half = SignedDuration::try_from(app.world.window.span / 2).unwrap_or_default();
    let (_, end) = app.world.window.bounds(app.session.now);
    let to = if by < 0 { end.checked_sub(half) } else { end.checked_add(half) };
    let end = to.ok().filter(|to| *to < app.session.now);
    set_window(app, Window { end, ..app.world.window })
}

fn set_window(app: &mut App, window: Window) -> Vec<Effect> {
    if window == app.world.window {
        return Vec::new();
    }
    app.world.window = window;
    app.world.window_moved = Some(app.session.now);
    vec![Effect::SetWindow(window)]
}
