//! View 1: which pane has the focus, what is selected in it, and the stretch of time shown.

use std::{collections::HashMap, time::Duration};

use jiff::SignedDuration;
use ratatui::layout::Rect;

use crate::{
    app::{
        App, Effect,
        action::Action,
        layout::{Bands, Grid, Wish},
        screen::Screen,
        world::{
            World,
            checks::run,
            rows::{Cursor, Row, cache},
        },
    },
    config::{PaneId, PaneKind, Plan, plan::PlannedPane},
    signal::Window,
};

/// The state of view 1.
#[derive(Clone, Debug, Default)]
pub struct WatchState {
    /// The pane that has the focus; the first one while it is not there.
    pub focus: Option<PaneId>,
    /// Whether it fills the view.
    pub zoomed: bool,
    /// What is selected in each pane.
    pub cursors: HashMap<PaneId, Cursor>,
    /// What rows must contain to be shown.
    pub filter: String,
}

/// The narrowest and widest window.
const SPANS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(7 * 86_400));

impl WatchState {
    /// The alerts have the focus at first.
    pub(super) fn new(plan: &Plan) -> Self {
        let alerts = plan.panes.iter().find(|pane| pane.pane.kind == PaneKind::Alerts);
        Self { focus: alerts.or(plan.panes.first()).map(|pane| pane.id), ..Self::default() }
    }
}

/// The pane that has the focus.
pub fn focused(app: &App) -> Option<&PlannedPane> {
    app.screen.watch.focus.and_then(|id| app.world.plan.pane(id)).or(app.world.plan.panes.first())
}

impl Screen {
    /// The whole screen.
    pub fn area(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }
}

impl World {
    /// How many columns and rows of the grid each pane wants.
    pub fn wishes(&self) -> Vec<Wish> {
        self.plan.panes.iter().map(|pane| (pane.id, (pane.pane.width, pane.pane.height))).collect()
    }
}

/// The identity of the row selected in a pane.
pub fn selected_row(app: &App, id: PaneId) -> Option<String> {
    selected(app, id).map(|row| row.id)
}

/// The row selected in a pane.
pub fn selected(app: &App, id: PaneId) -> Option<Row<'_>> {
    let pane = app.world.plan.pane(id)?;
    let rows = cache::rows(app, pane);
    let fallback = Cursor { key: None, line: if pane.pane.kind == PaneKind::Logs { usize::MAX } else { 0 } };
    rows.get(app.screen.watch.cursors.get(&id).unwrap_or(&fallback).find_row(&rows)?)
}

/// Lines hidden above in a pane that has lines but no rows to select: a table, bars, a text.
pub fn scrolled(app: &App, id: PaneId) -> usize {
    let lines = app.world.plan.pane(id).map_or(0, |pane| lines(app, pane));
    app.screen.watch.cursors.get(&id).map_or(0, |cursor| cursor.line).min(lines.saturating_sub(1))
}

/// How many lines such a pane has; 0 for the others.
fn lines(app: &App, pane: &PlannedPane) -> usize {
    match pane.pane.kind {
        PaneKind::Text => pane.pane.text.lines().count(),
        PaneKind::Table | PaneKind::BarGauge => cache::rows(app, pane).len(),
        _ => 0,
    }
}

pub(in crate::app) fn watch_action(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::NextPane => focus_step(app, 1),
        Action::PreviousPane => focus_step(app, -1),
        Action::Up => row_or_pane(app, -1),
        Action::Down => row_or_pane(app, 1),
        Action::Left => focus_step(app, -1),
        Action::Right => focus_step(app, 1),
        Action::PageUp => row_step(app, -10),
        Action::PageDown => row_step(app, 10),
        Action::First => row_step(app, isize::MIN / 2),
        Action::Last => row_step(app, isize::MAX / 2),
        Action::Open => app.screen.watch.zoomed = !app.screen.watch.zoomed && !app.world.plan.panes.is_empty(),
        Action::Back => leave(app),
        Action::Narrower => return resize_window(app, |span| span / 2),
        Action::Wider => return resize_window(app, |span| span * 2),
        Action::PanBack => return pan(app, -1),
        Action::PanForward => return pan(app, 1),
        Action::SignHere => run::ask_for_sign_here(app),
        Action::Live => return set_window(app, Window::live(app.world.window.span)),
        _ => {}
    }
    Vec::new()
}

fn leave(app: &mut App) {
    if app.screen.watch.zoomed {
        app.screen.watch.zoomed = false;
    } else {
        app.screen.watch.filter.clear();
    }
}

fn place_of_focus(app: &App) -> Option<usize> {
    app.world.plan.place(focused(app)?.id)
}

fn focus_step(app: &mut App, by: isize) {
    let panes = &app.world.plan.panes;
    if let Some(place) = place_of_focus(app) {
        app.screen.watch.focus = Some(panes[(place + panes.len()).saturating_add_signed(by) % panes.len()].id);
    }
}

/// In a list the cursor moves; in a chart the focus goes to the pane above or below.
fn row_or_pane(app: &mut App, by: isize) {
    let has_rows = focused(app).is_some_and(|pane| {
        matches!(pane.pane.kind, PaneKind::Alerts | PaneKind::Changes | PaneKind::Logs)
            && cache::rows(app, pane).is_list()
    });
    let scrolls = app.screen.watch.zoomed && focused(app).is_some_and(|pane| lines(app, pane) > 0);
    if has_rows || scrolls {
        return row_step(app, by);
    }
    let body = Bands::of(app.screen.area()).body;
    let columns = Grid::of(body, &app.world.wishes()).columns();
    let to = place_of_focus(app).and_then(|place| place.checked_add_signed(by * columns as isize));
    if let Some(pane) = to.and_then(|to| app.world.plan.panes.get(to)) {
        app.screen.watch.focus = Some(pane.id);
    }
}

fn row_step(app: &mut App, by: isize) {
    let Some(pane) = focused(app) else { return };
    let id = pane.id;
    let lines = lines(app, pane);
    if lines > 0 {
        let line = scrolled(app, id).saturating_add_signed(by).min(lines - 1);
        app.screen.watch.cursors.insert(id, Cursor { key: None, line });
        return;
    }
    let rows = cache::rows(app, pane);
    let logs = pane.pane.kind == PaneKind::Logs;
    let start = Cursor { key: None, line: if logs { usize::MAX } else { 0 } };
    let mut cursor = app.screen.watch.cursors.get(&id).cloned().unwrap_or(start);
    cursor.step_rows(&rows, by);
    app.screen.watch.cursors.insert(id, cursor);
}

fn resize_window(app: &mut App, change: impl Fn(Duration) -> Duration) -> Vec<Effect> {
    let span = change(app.world.window.span).clamp(SPANS.0, SPANS.1);
    set_window(app, Window { span, ..app.world.window })
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
