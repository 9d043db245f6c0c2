//! The rows of a pane: which there are, in which order and by what name. That is said here and nowhere else: the drawing
//! goes by it too.

pub mod cache;
pub mod dedup;
pub mod legend;
pub mod list;
pub mod order;
pub mod row;
pub mod series_names;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

pub(super) use crate::app::world::rows::cache::KeptRows;
pub use crate::app::world::rows::{
    list::Rows,
    order::Totals,
    row::{AlertsRow, Filter, Row, SlotView, What},
};
use crate::{
    app::{App, Facts, world::signals::Stamp},
    config::{PaneKind, SourceId},
    dashboard::{Ask, PlannedPane, QueryId},
    incident::WatchdogRecord,
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
    pub silent_since: Option<Timestamp>,
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
    slots_of(facts, pane.queries.iter().copied())
}

/// How much earlier, and what the queries of a pane returned of then; `None` where nothing is compared.
pub fn earlier_slots<'a>(facts: Facts<'a>, pane: &PlannedPane) -> Option<(Duration, Vec<SlotView<'a>>)> {
    let ago = facts.world.comparison.ago.filter(|_| pane.pane.kind == PaneKind::TimeSeries)?;
    let earlier = pane.queries.iter().filter_map(|query| facts.world.comparison.of(*query));
    Some((ago, slots_of(facts, earlier)))
}

/// How much earlier, and the states of what the queries of a pane returned of then.
pub fn earlier_stamps(facts: Facts<'_>, pane: &PlannedPane) -> Option<(Duration, Vec<Stamp>)> {
    let ago = facts.world.comparison.ago.filter(|_| pane.pane.kind == PaneKind::TimeSeries)?;
    let earlier = pane.queries.iter().filter_map(|query| facts.world.comparison.of(*query));
    Some((ago, earlier.map(|query| facts.world.signals.stamp(query, facts.session.now)).collect()))
}

fn slots_of<'a>(facts: Facts<'a>, queries: impl Iterator<Item = QueryId>) -> Vec<SlotView<'a>> {
    let view = |query: QueryId| {
        let slot = facts.world.signals.slot(query)?;
        let asked = facts.world.plan.query(query)?;
        let source = facts.session.config.source(asked.source)?;
        let last_good = slot.good.as_ref().map(|reading| reading.at);
        let of_this_window = |at: &Timestamp| facts.world.window_moved.is_none_or(|moved| moved <= *at);
        Some(SlotView {
            source: &source.name,
            tells: !source.evaluates_alerts(),
            follows: matches!(
                asked.ask,
                Ask::Range(_) | Ask::Lines { around: None, .. } | Ask::Panel(_) | Ask::Earlier { .. }
            ),
            reading: slot.good.as_deref(),
            until: last_good.filter(of_this_window).map(|at| facts.world.window.end.unwrap_or(at)),
            freshness: facts.world.signals.freshness(query, facts.session.now),
            heard: facts.world.signals.is_heard(query, facts.session.now),
            fault: slot.fault(),
            last_good,
            every: facts.world.signals.every(query),
        })
    };
    queries.filter_map(view).collect()
}

/// The states of what the queries of a pane returned.
pub fn stamps(facts: Facts<'_>, pane: &PlannedPane) -> impl Iterator<Item = Stamp> {
    pane.queries.iter().map(move |query| facts.world.signals.stamp(*query, facts.session.now))
}

/// The states of what all panes of alerts returned.
pub(in crate::app) fn alert_stamps(facts: Facts<'_>) -> impl Iterator<Item = Stamp> {
    let panes = facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    panes.flat_map(move |pane| stamps(facts, pane))
}

/// All alert groups of a pane, worst first, whatever the filter hides.
pub(in crate::app) fn known_alerts<'a>(
    facts: Facts<'a>,
    pane: &PlannedPane,
) -> impl Iterator<Item = ShownGroup<'a>> + use<'a> {
    whole_groups(facts, cache::all_rows(facts, pane))
}

/// The alert groups a pane shows whole, worst first.
pub fn shown_alerts<'a>(app: &'a App, pane: &PlannedPane) -> impl Iterator<Item = ShownGroup<'a>> + use<'a> {
    whole_groups(app.facts(), cache::rows(app, pane))
}

fn whole_groups<'a>(facts: Facts<'a>, rows: Rows<'a>) -> impl Iterator<Item = ShownGroup<'a>> + use<'a> {
    let sources = rows.slots().iter().map(|slot| Some((facts.session.source_of(slot.source)?, slot.silent_since())));
    let sources: Vec<_> = sources.collect();
    (0..rows.len()).filter_map(move |line| {
        let (slot, alerts) = rows.alerts(line).filter(|(_, alerts)| alerts.is_whole())?;
        let (source, silent_since) = (*sources.get(slot)?)?;
        Some(ShownGroup { source, group: alerts.group, silent_since, id: Arc::clone(rows.name(line)?) })
    })
}

/// Alerts of a pane's sources that fire on purpose, all the time, and are missing.
pub fn stopped(facts: Facts<'_>, pane: &PlannedPane) -> Vec<String> {
    if pane.pane.kind != PaneKind::Alerts || facts.incident.watchdogs.is_empty() {
        return Vec::new();
    }
    let sources = pane.queries.iter().filter_map(|query| Some(facts.world.plan.query(*query)?.source));
    let sources: Vec<String> = sources.map(|source| facts.session.source_name(source)).collect();
    let missing = |known: &&WatchdogRecord| known.missing.is_some() && sources.contains(&known.source);
    facts.incident.watchdogs.iter().filter(missing).map(|known| known.title.clone()).collect()
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
