//! View 1: which pane has the focus, and what is selected in it.

use std::collections::HashMap;

use ratatui::layout::Rect;

use super::{
    App,
    layout::Span,
    world::{
        World, rows,
        rows::{Cursor, Row, What, cache},
    },
};
use crate::{
    app::screen::Screen,
    config::{PaneKind, Plan, QueryId, plan::PlannedPane},
    signal::{AlertState, Freshness},
};

/// The state of view 1.
#[derive(Clone, Debug, Default)]
pub struct WatchState {
    /// The pane that has the focus, by its place in the plan.
    pub focus: usize,
    /// Whether it fills the view.
    pub zoomed: bool,
    /// What is selected in each pane.
    pub cursors: HashMap<usize, Cursor>,
    /// What rows must contain to be shown.
    pub filter: String,
}

impl WatchState {
    /// The alerts have the focus at first.
    pub(super) fn new(plan: &Plan) -> Self {
        let alerts = plan.panes.iter().position(|pane| pane.pane.kind == PaneKind::Alerts);
        Self { focus: alerts.unwrap_or(0), ..Self::default() }
    }
}

/// The pane that has the focus.
pub fn focused(app: &App) -> Option<&PlannedPane> {
    app.world.plan.panes.get(app.screen.watch.focus)
}

impl Screen {
    /// The whole screen.
    pub fn area(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }
}

impl World {
    /// How many columns and rows of the grid each pane wants.
    pub fn spans(&self) -> Vec<Span> {
        self.plan.panes.iter().map(|pane| (pane.pane.width, pane.pane.height)).collect()
    }
}

/// Remembers which row each list's cursor is on as soon as it has one, so that a worse alert that comes in above does
/// not slip under it. Alerts that do not fire are not worth holding on to.
pub(in crate::app) fn hold_cursors(app: &mut App, query: QueryId) {
    let plan = app.world.plan.clone();
    let shows = |pane: &&PlannedPane| pane.queries.contains(&query) && pane.pane.kind != PaneKind::Logs;
    for (at, pane) in plan.panes.iter().enumerate().filter(|(_, pane)| shows(pane)) {
        if app.screen.watch.cursors.get(&at).is_none_or(|cursor| cursor.key.is_none()) {
            // Before all have answered it is not known what is silenced.
            let all_answered = rows::slots(app.facts(), pane).iter().all(|slot| slot.freshness != Freshness::Never);
            let rows = cache::rows(app, pane);
            let worth = all_answered
                && match rows.get(0).map(|row| row.what) {
                    Some(What::Alerts(alerts)) => alerts.state == AlertState::Firing,
                    _ => true,
                };
            if let Some(first) = rows.id(0).filter(|_| worth && rows.is_list()).map(str::to_owned) {
                app.screen.watch.cursors.insert(at, Cursor { key: Some(first), line: 0 });
            }
        }
    }
}

/// The identity of the row selected in a pane.
pub fn selected_row(app: &App, at: usize) -> Option<String> {
    selected(app, at).map(|row| row.id)
}

/// The row selected in a pane.
pub fn selected(app: &App, at: usize) -> Option<Row<'_>> {
    let pane = app.world.plan.panes.get(at)?;
    let rows = cache::rows(app, pane);
    let fallback = Cursor { key: None, line: if pane.pane.kind == PaneKind::Logs { usize::MAX } else { 0 } };
    rows.get(app.screen.watch.cursors.get(&at).unwrap_or(&fallback).find_row(&rows)?)
}

/// Lines hidden above in a pane that has lines but no rows to select: a table, bars, a text.
pub fn scrolled(app: &App, at: usize) -> usize {
    let lines = app.world.plan.panes.get(at).map_or(0, |pane| lines(app, pane));
    app.screen.watch.cursors.get(&at).map_or(0, |cursor| cursor.line).min(lines.saturating_sub(1))
}

/// How many lines such a pane has; 0 for the others.
pub(in crate::app) fn lines(app: &App, pane: &PlannedPane) -> usize {
    match pane.pane.kind {
        PaneKind::Text => pane.pane.text.lines().count(),
        PaneKind::Table | PaneKind::BarGauge => cache::rows(app, pane).len(),
        _ => 0,
    }
}
