//! The rows of a pane, and the cursor among them.
//!
//! Which rows there are, in which order and by what name, is said here and nowhere else: the drawing goes by it too. A
//! cursor remembers which row it is on, not which line, so it stays on the same alert when the list changes.

pub mod cache;
pub mod dedup;
pub mod list;
pub mod order;
pub mod row;

use std::sync::Arc;

pub(super) use crate::app::world::rows::cache::KeptRows;
pub use crate::app::world::rows::{
    list::Rows,
    order::Totals,
    row::{AlertsRow, Filter, Row, SlotView, What},
};
use crate::{
    app::{App, Facts},
    config::{PaneKind, SourceId},
    dashboard::{PlannedPane, QueryId},
    signal::{AlertGroup, AlertState, Severity},
};

/// A group of alerts that is shown whole: the same alert known to two sources stands there once.
#[derive(Clone, Debug)]
pub struct ShownGroup<'a> {
    /// The source it comes from.
    pub source: SourceId,
    /// The group.
    pub group: &'a AlertGroup,
    /// When its source was last heard, if that is silent now.
    pub silent_since: Option<jiff::Timestamp>,
    id: Arc<str>,
}

impl ShownGroup<'_> {
    /// What tells it from all others of its pane.
    pub fn key(&self) -> String {
        self.id.to_string()
    }
}

/// What the queries of a pane returned so far.
pub fn slots<'a>(facts: Facts<'a>, pane: &PlannedPane) -> Vec<SlotView<'a>> {
    let view = |query: &QueryId| {
        let slot = facts.world.signals.slot(*query)?;
        let source = facts.session.config.source(facts.world.plan.query(*query)?.source)?;
        let last_good = slot.good.as_ref().map(|reading| reading.at);
        let of_this_window = |at: &jiff::Timestamp| facts.world.window_moved.is_none_or(|moved| moved <= *at);
        Some(SlotView {
            source: &source.name,
            tells: !source.evaluates_alerts(),
            reading: slot.good.as_deref(),
            until: last_good.filter(of_this_window).map(|at| facts.world.window.end.unwrap_or(at)),
            freshness: facts.world.signals.freshness(*query, facts.session.now),
            heard: facts.world.signals.is_heard(*query, facts.session.now),
            fault: slot.fault(),
            last_good,
            every: facts.world.signals.every(*query),
        })
    };
    pane.queries.iter().filter_map(view).collect()
}

/// All alert groups of a pane, worst first, whatever the filter hides.
pub fn known_alerts<'a>(facts: Facts<'a>, pane: &PlannedPane) -> Vec<ShownGroup<'a>> {
    whole_groups(facts, &cache::all_rows(facts, pane))
}

/// The alert groups a pane shows whole, worst first.
pub fn shown_alerts<'a>(app: &'a App, pane: &PlannedPane) -> Vec<ShownGroup<'a>> {
    whole_groups(app.facts(), &cache::rows(app, pane))
}

fn whole_groups<'a>(facts: Facts<'a>, rows: &Rows<'a>) -> Vec<ShownGroup<'a>> {
    let whole = rows.alerts().filter(|(.., alerts)| alerts.is_whole());
    let shown = whole.filter_map(|(id, slot, alerts)| {
        let source = facts.session.source_of(slot.source)?;
        Some(ShownGroup { source, group: alerts.group, silent_since: slot.silent_since(), id: Arc::clone(id) })
    });
    shown.collect()
}

/// The identities of a pane's selectable rows, in the order they are shown.
pub fn row_keys(app: &App, pane: &PlannedPane) -> Vec<String> {
    let rows = cache::rows(app, pane);
    let lines = if rows.is_list() { rows.len() } else { 0 };
    (0..lines).filter_map(|line| rows.id(line).map(str::to_owned)).collect()
}

/// Whether a pane shows a row of this identity.
pub(in crate::app) fn has_row(app: &App, pane: &PlannedPane, key: &str) -> bool {
    cache::rows(app, pane).line(key).is_some()
}

/// How many alerts fire, in how many groups, over all alert panes; watchdogs aside.
pub fn firing(app: &App) -> (usize, usize) {
    let panes = app.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    let groups = panes.flat_map(|pane| shown_alerts(app, pane));
    let firing = groups.filter(|s| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
    firing.fold((0, 0), |(alerts, groups), s| (alerts + s.group.counts.firing, groups + 1))
}

/// Where a cursor stands in a list that may have changed: on its row, or, when that is gone, where it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The row's identity.
    pub key: Option<String>,
    /// The line it was last seen on.
    pub line: usize,
}

impl Cursor {
    /// The line of the cursor in `keys`; `None` when the list is empty.
    pub fn find<K: AsRef<str>>(&self, keys: &[K]) -> Option<usize> {
        if keys.is_empty() {
            return None;
        }
        let known = self.key.as_ref().and_then(|key| keys.iter().position(|other| other.as_ref() == key));
        Some(known.unwrap_or(self.line.min(keys.len() - 1)))
    }

    /// The line of the cursor among the rows of a pane.
    pub fn find_row(&self, rows: &Rows<'_>) -> Option<usize> {
        let last = rows.len().checked_sub(1).filter(|_| rows.is_list())?;
        Some(self.key.as_ref().and_then(|key| rows.line(key)).unwrap_or(self.line.min(last)))
    }

    /// Moves by lines among the rows of a pane.
    pub fn step_rows(&mut self, rows: &Rows<'_>, by: isize) {
        let Some(line) = self.find_row(rows) else { return };
        self.line = line.saturating_add_signed(by).min(rows.len() - 1);
        self.key = rows.id(self.line).map(str::to_owned);
    }

    /// Moves by lines and remembers the row it comes to.
    pub fn step(&mut self, keys: &[String], by: isize) {
        let Some(line) = self.find(keys) else { return };
        self.put(keys, line.saturating_add_signed(by).min(keys.len() - 1));
    }

    /// Moves to a line.
    pub fn put(&mut self, keys: &[String], line: usize) {
        self.line = line;
        self.key = keys.get(line).cloned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_stays_on_its_row() {
        let keys = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        let mut cursor = Cursor::default();
        cursor.step(&keys("abc"), 1);
        assert_eq!(cursor.find(&keys("xyabc")), Some(3), "b moved, and the cursor with it");
        assert_eq!(cursor.find(&keys("ac")), Some(1), "b is gone; the line stays");
        assert_eq!(cursor.find(&keys("")), None);
    }
}
