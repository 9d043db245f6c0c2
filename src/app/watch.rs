//! View 1: which pane has the focus, what is selected in it, and the stretch of time shown.

use std::{collections::HashMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use super::{
    App, Effect,
    action::Action,
    layout::{Bands, Grid, Span},
    rows::{Cursor, Row, What},
};
use crate::{
    config::{PaneKind, Plan, QueryId, plan::PlannedPane},
    signal::{AlertState, Freshness, Window},
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
    /// When the window was last chosen: readings from before are of another one.
    pub moved: Option<Timestamp>,
}

/// The narrowest and widest window.
const SPANS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(7 * 86_400));

impl WatchState {
    /// The alerts have the focus at first.
    pub(super) fn new(plan: &Plan) -> Self {
        let alerts = plan.panes.iter().position(|pane| pane.pane.kind == PaneKind::Alerts);
        Self { focus: alerts.unwrap_or(0), ..Self::default() }
    }
}

impl App {
    /// The pane that has the focus.
    pub fn focused(&self) -> Option<&PlannedPane> {
        self.plan.panes.get(self.watch.focus)
    }

    /// The whole screen.
    pub fn area(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }

    /// How many columns and rows of the grid each pane wants.
    pub fn spans(&self) -> Vec<Span> {
        self.plan.panes.iter().map(|pane| (pane.pane.width, pane.pane.height)).collect()
    }

    /// Remembers which row each list's cursor is on as soon as it has one, so that a worse alert that comes in above does
    /// not slip under it. Alerts that do not fire are not worth holding on to.
    pub(super) fn hold_cursors(&mut self, query: QueryId) {
        let plan = self.plan.clone();
        let shows = |pane: &&PlannedPane| pane.queries.contains(&query) && pane.pane.kind != PaneKind::Logs;
        for (at, pane) in plan.panes.iter().enumerate().filter(|(_, pane)| shows(pane)) {
            if self.watch.cursors.get(&at).is_none_or(|cursor| cursor.key.is_none()) {
                // Before all have answered it is not known what is silenced.
                let all_answered = self.slots(pane).iter().all(|slot| slot.freshness != Freshness::Never);
                let rows = self.rows(pane);
                let worth = all_answered
                    && match rows.get(0).map(|row| row.what) {
                        Some(What::Alerts(alerts)) => alerts.state == AlertState::Firing,
                        _ => true,
                    };
                if let Some(first) = rows.id(0).filter(|_| worth && rows.is_list()).map(str::to_owned) {
                    self.watch.cursors.insert(at, Cursor { key: Some(first), line: 0 });
                }
            }
        }
    }

    /// The identity of the row selected in a pane.
    pub fn selected_row(&self, at: usize) -> Option<String> {
        self.selected(at).map(|row| row.id)
    }

    /// The row selected in a pane.
    pub fn selected(&self, at: usize) -> Option<Row<'_>> {
        let pane = self.plan.panes.get(at)?;
        let rows = self.rows(pane);
        let fallback = Cursor { key: None, line: if pane.pane.kind == PaneKind::Logs { usize::MAX } else { 0 } };
        rows.get(self.watch.cursors.get(&at).unwrap_or(&fallback).find_row(&rows)?)
    }

    /// Lines hidden above in a pane that has lines but no rows to select: a table, bars, a text.
    pub fn scrolled(&self, at: usize) -> usize {
        let lines = self.plan.panes.get(at).map_or(0, |pane| self.lines(pane));
        self.watch.cursors.get(&at).map_or(0, |cursor| cursor.line).min(lines.saturating_sub(1))
    }

    /// How many lines such a pane has; 0 for the others.
    fn lines(&self, pane: &PlannedPane) -> usize {
        match pane.pane.kind {
            PaneKind::Text => pane.pane.text.lines().count(),
            PaneKind::Table | PaneKind::BarGauge => self.rows(pane).len(),
            _ => 0,
        }
    }

    pub(super) fn watch_action(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::NextPane => self.focus_step(1),
            Action::PreviousPane => self.focus_step(-1),
            Action::Up => self.row_or_pane(-1),
            Action::Down => self.row_or_pane(1),
            Action::Left => self.focus_step(-1),
            Action::Right => self.focus_step(1),
            Action::PageUp => self.row_step(-10),
            Action::PageDown => self.row_step(10),
            Action::First => self.row_step(isize::MIN / 2),
            Action::Last => self.row_step(isize::MAX / 2),
            Action::Open => self.watch.zoomed = !self.watch.zoomed && !self.plan.panes.is_empty(),
            Action::Back => self.leave(),
            Action::Narrower => return self.resize_window(|span| span / 2),
            Action::Wider => return self.resize_window(|span| span * 2),
            Action::PanBack => return self.pan(-1),
            Action::PanForward => return self.pan(1),
            Action::SignHere => self.ask_for_sign_here(),
            Action::Live => return self.set_window(Window::live(self.window.span)),
            _ => {}
        }
        Vec::new()
    }

    fn leave(&mut self) {
        if self.watch.zoomed {
            self.watch.zoomed = false;
        } else {
            self.watch.filter.clear();
        }
    }

    fn focus_step(&mut self, by: isize) {
        let count = self.plan.panes.len();
        if count > 0 {
            self.watch.focus = (self.watch.focus + count).saturating_add_signed(by) % count;
        }
    }

    /// In a list the cursor moves; in a chart the focus goes to the pane above or below.
    fn row_or_pane(&mut self, by: isize) {
        let has_rows = self.focused().is_some_and(|pane| {
            matches!(pane.pane.kind, PaneKind::Alerts | PaneKind::Changes | PaneKind::Logs) && self.rows(pane).is_list()
        });
        let scrolls = self.watch.zoomed && self.focused().is_some_and(|pane| self.lines(pane) > 0);
        if has_rows || scrolls {
            return self.row_step(by);
        }
        let body = Bands::of(self.area()).body;
        let columns = Grid::of(body, &self.spans()).columns();
        let to = self.watch.focus.checked_add_signed(by * columns as isize);
        if let Some(to) = to.filter(|to| *to < self.plan.panes.len()) {
            self.watch.focus = to;
        }
    }

    fn row_step(&mut self, by: isize) {
        let at = self.watch.focus;
        let Some(pane) = self.plan.panes.get(at) else { return };
        let lines = self.lines(pane);
        if lines > 0 {
            let line = self.scrolled(at).saturating_add_signed(by).min(lines - 1);
            self.watch.cursors.insert(at, Cursor { key: None, line });
            return;
        }
        let rows = self.rows(pane);
        let logs = pane.pane.kind == PaneKind::Logs;
        let start = Cursor { key: None, line: if logs { usize::MAX } else { 0 } };
        let mut cursor = self.watch.cursors.get(&at).cloned().unwrap_or(start);
        cursor.step_rows(&rows, by);
        self.watch.cursors.insert(at, cursor);
    }

    fn resize_window(&mut self, change: impl Fn(Duration) -> Duration) -> Vec<Effect> {
        let span = change(self.window.span).clamp(SPANS.0, SPANS.1);
        self.set_window(Window { span, ..self.window })
    }

    /// Moves the window by half its width; at the present it is live again.
    fn pan(&mut self, by: i64) -> Vec<Effect> {
        let half = SignedDuration::try_from(self.window.span / 2).unwrap_or_default();
        let (_, end) = self.window.bounds(self.now);
        let to = if by < 0 { end.checked_sub(half) } else { end.checked_add(half) };
        let end = to.ok().filter(|to| *to < self.now);
        self.set_window(Window { end, ..self.window })
    }

    fn set_window(&mut self, window: Window) -> Vec<Effect> {
        if window == self.window {
            return Vec::new();
        }
        self.window = window;
        self.watch.moved = Some(self.now);
        vec![Effect::SetWindow(window)]
    }
}
