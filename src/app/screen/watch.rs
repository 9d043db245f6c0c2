//! View 1: which pane has the focus, and what is selected in it.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::{
    app::{
        App, View,
        screen::{
            Screen,
            cursor::Cursor,
            layout::{PanelWish, Room, Wish},
        },
        world::{
            World,
            rows::{
                self, Row, cache,
                legend::{Legend, LegendState},
            },
        },
    },
    config::PaneKind,
    dashboard::{PaneId, Plan, PlannedPane},
    signal::{Curves, Data},
};

/// Which panes are seen, and what tells that they still are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Attention {
    pub(in crate::app) view: View,
    pub(in crate::app) zoomed: bool,
    pub(in crate::app) size: (u16, u16),
    /// Of the dashboards: other panels have another one.
    pub(in crate::app) revision: u64,
    pub(in crate::app) panes: usize,
    pub(in crate::app) seen: HashSet<PaneId>,
}

/// The pane of the lines around a moment, and what was on the screen before it.
#[derive(Clone, Debug)]
pub(in crate::app) struct Around {
    pub(in crate::app) pane: Option<PaneId>,
    /// The moment.
    pub(in crate::app) at: Timestamp,
    pub(in crate::app) focus: Option<PaneId>,
    pub(in crate::app) zoomed: bool,
    pub(in crate::app) view: View,
    pub(in crate::app) time: Option<Timestamp>,
}

/// The state of view 1.
#[derive(Clone, Debug, Default)]
pub struct WatchState {
    /// The pane that has the focus; the first one while it is not there.
    pub focus: Option<PaneId>,
    /// Whether it fills the view.
    pub zoomed: bool,
    /// What is selected in each pane.
    pub cursors: HashMap<PaneId, Cursor>,
    /// The row that the cursor of a pane was put on by itself.
    pub(in crate::app) placed: HashMap<PaneId, String>,
    /// What the rows of a pane must contain to be shown, of those that have a filter.
    pub filters: HashMap<PaneId, String>,
    /// Panes whose log lines are wrapped.
    pub wrapped: HashSet<PaneId>,
    /// Panes in which log lines that say the same each have a row.
    pub unfolded: HashSet<PaneId>,
    /// Words that are marked in the lines of a pane of logs, of those that have some.
    pub marked: HashMap<PaneId, String>,
    /// The lines around a moment, while they are shown.
    pub(in crate::app) around: Option<Around>,
    /// Which series of a chart are drawn, of those charts where a person chose.
    pub legends: HashMap<PaneId, LegendState>,
    /// The time that is looked at in all panes.
    pub time: Option<Timestamp>,
    /// The pane that was looked at last on each dashboard, and among the team's own panes.
    pub(in crate::app) left: HashMap<Option<usize>, PaneId>,
    /// What was seen when it was last said how often each panel is asked.
    pub(in crate::app) attention: Option<Attention>,
}

impl WatchState {
    /// The alerts have the focus at first.
    pub(in crate::app) fn new(plan: &Plan) -> Self {
        let alerts = plan.panes.iter().find(|pane| pane.pane.kind == PaneKind::Alerts);
        Self { focus: alerts.or(plan.panes.first()).map(|pane| pane.id), ..Self::default() }
    }

    /// Lets go of all that is known of a pane that will not be shown again.
    pub(in crate::app) fn forget(&mut self, pane: PaneId) {
        self.cursors.remove(&pane);
        self.placed.remove(&pane);
        self.filters.remove(&pane);
        self.marked.remove(&pane);
        self.wrapped.remove(&pane);
        self.unfolded.remove(&pane);
    }

    /// What is marked in the lines of a pane: each word of its filter, and what was chosen.
    pub fn marked(&self, pane: PaneId) -> impl Iterator<Item = &str> {
        let chosen = self.marked.get(&pane).map(String::as_str).filter(|text| !text.is_empty());
        self.filter(pane).split_whitespace().chain(chosen)
    }

    /// What the rows of a pane must contain to be shown; empty for all of them.
    pub fn filter(&self, pane: PaneId) -> &str {
        self.filters.get(&pane).map_or("", String::as_str)
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
    /// What each pane wants of the screen.
    pub fn wishes(&self) -> Vec<Wish> {
        let (mut row, mut rows) = (None, 0);
        let mut wish = |pane: &PlannedPane| {
            let panel = pane.origin.as_ref().map(|origin| {
                if row.as_ref() != Some(&origin.row) {
                    row = Some(origin.row.clone());
                    rows += 1;
                }
                PanelWish {
                    dashboard: origin.dashboard,
                    row: rows,
                    y: origin.place.y,
                    height: origin.place.height,
                    width: origin.place.width,
                    room: room(pane.pane.kind),
                }
            });
            Wish { id: pane.id, span: (pane.pane.width, pane.pane.height), panel }
        };
        self.plan.panes.iter().map(&mut wish).collect()
    }
}

fn room(kind: PaneKind) -> Room {
    match kind {
        PaneKind::Stat | PaneKind::Gauge => Room::Number,
        PaneKind::BarGauge => Room::Bars,
        PaneKind::Table | PaneKind::Alerts | PaneKind::Changes | PaneKind::Logs => Room::Table,
        PaneKind::Text => Room::Text,
        PaneKind::TimeSeries => Room::Curve,
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
    rows.get(cursor(app, pane).find_row(&rows)?)
}

/// The cursor of a pane: logs follow the newest line until it was moved.
pub(in crate::app) fn cursor(app: &App, pane: &PlannedPane) -> Cursor {
    let follows = pane.pane.kind == PaneKind::Logs;
    let start = || Cursor { line: if follows { usize::MAX } else { 0 }, ..Cursor::default() };
    app.screen.watch.cursors.get(&pane.id).cloned().unwrap_or_else(start)
}

/// The line selected in the legend of a chart that fills the view.
pub fn selected_series(app: &App, pane: &PlannedPane) -> Option<String> {
    let is_open = app.screen.watch.zoomed && pane.pane.kind == PaneKind::TimeSeries;
    app.screen.watch.cursors.get(&pane.id).filter(|_| is_open)?.key.clone()
}

/// What is hidden above in a pane, in logs below, before its view has moved to what is selected.
pub fn scrolled(app: &App, id: PaneId) -> usize {
    let Some(cursor) = app.screen.watch.cursors.get(&id) else { return 0 };
    match app.world.plan.pane(id).map_or(0, |pane| lines(app, pane)) {
        0 => cursor.top.unwrap_or(0),
        lines => cursor.line.min(lines - 1),
    }
}

/// The legend of a chart; without lines where nothing came or the pane is none.
pub fn legend<'a>(app: &'a App, pane: &PlannedPane) -> Legend<'a> {
    if pane.pane.kind != PaneKind::TimeSeries {
        return Legend::default();
    }
    let (start, end) = app.world.window.bounds(app.session.now);
    let (window, none) = ((start.as_millisecond(), end.as_millisecond()), LegendState::default());
    let (filter, state) = (app.screen.watch.filter(pane.id), app.screen.watch.legends.get(&pane.id).unwrap_or(&none));
    Legend::of(&pane.pane, &rows::slots(app.facts(), pane), filter, window, state)
}

/// Whether a pane is a chart that got several series.
pub fn has_series(app: &App, pane: &PlannedPane) -> bool {
    let of = |slot: &rows::SlotView<'_>| match slot.reading.map(|reading| &reading.data) {
        Some(Data::Series(series) | Data::Curves(Curves { series, .. })) => series.len(),
        _ => 0,
    };
    pane.pane.kind == PaneKind::TimeSeries && rows::slots(app.facts(), pane).iter().map(of).sum::<usize>() > 1
}

/// How many lines such a pane has; 0 for the others.
pub(in crate::app) fn lines(app: &App, pane: &PlannedPane) -> usize {
    match pane.pane.kind {
        PaneKind::Text => pane.pane.text.lines().count(),
        PaneKind::Table | PaneKind::BarGauge => cache::rows(app, pane).len(),
        _ => 0,
    }
}
