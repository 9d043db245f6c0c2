//! The rows of each pane, worked out once when what they follow from has changed, not for each key that asks for them.

use std::{collections::HashMap, sync::Arc};

use crate::{
    app::{
        App, Facts,
        world::{
            rows,
            rows::{
                Rows,
                order::{Order, Shown},
            },
        },
    },
    config::PaneKind,
    dashboard::{PaneId, PlannedPane},
    signal::Freshness,
};

/// What is kept of each pane.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct KeptRows(HashMap<PaneId, Kept>);

#[derive(Clone, Debug)]
struct Kept {
    /// Versions of the readings, and how far each can be believed: that decides which source is shown.
    seen: Vec<(u64, Freshness)>,
    filter: String,
    zoomed: bool,
    /// Whatever the filter hides.
    all: Arc<Shown>,
    shown: Arc<Shown>,
}

/// Whether the rows of all panes are of the readings, the filter and the zoom as they are.
pub(in crate::app) fn is_current(app: &App) -> bool {
    let (filter, zoomed) = (&app.screen.watch.filter, app.screen.watch.zoomed);
    let is_kept = |pane: &PlannedPane| {
        kept(app.facts(), pane).is_some_and(|kept| kept.filter == *filter && kept.zoomed == zoomed)
    };
    app.world.plan.panes.iter().filter(|pane| has_rows(pane)).all(is_kept)
}

/// Brings the rows up to date with the readings, the filter and the zoom.
pub(in crate::app) fn keep_rows(app: &mut App) {
    let plan = Arc::clone(&app.world.plan);
    for pane in plan.panes.iter().filter(|pane| has_rows(pane)) {
        let seen = seen_of_rows(app.facts(), pane);
        let (filter, zoomed) = (&app.screen.watch.filter, app.screen.watch.zoomed);
        let known = app.world.rows.0.get(&pane.id).filter(|kept| kept.seen == seen);
        if known.is_some_and(|kept| kept.filter == *filter && kept.zoomed == zoomed) {
            continue;
        }
        let slots = rows::slots(app.facts(), pane);
        let (order, all) = match known {
            Some(kept) => (kept.all.order(), Arc::clone(&kept.all)),
            None => {
                let order = Arc::new(Order::of(pane.pane.kind, &slots));
                (Arc::clone(&order), Arc::new(Shown::of(order, &slots, "", true)))
            }
        };
        let shown = Arc::new(Shown::of(order, &slots, filter, zoomed));
        let kept = Kept { seen, filter: filter.clone(), zoomed, all, shown };
        app.world.rows.0.insert(pane.id, kept);
    }
}

/// The rows a pane shows.
pub fn rows<'a>(app: &'a App, pane: &PlannedPane) -> Rows<'a> {
    let (filter, zoomed) = (&app.screen.watch.filter, app.screen.watch.zoomed);
    match kept(app.facts(), pane).filter(|kept| kept.filter == *filter && kept.zoomed == zoomed) {
        Some(kept) => Rows::kept(rows::slots(app.facts(), pane), &kept.shown),
        None => Rows::of(pane.pane.kind, &rows::slots(app.facts(), pane), filter, zoomed),
    }
}

/// All rows a pane has, whatever the filter hides.
pub(in crate::app) fn all_rows<'a>(facts: Facts<'a>, pane: &PlannedPane) -> Rows<'a> {
    match kept(facts, pane) {
        Some(kept) => Rows::kept(rows::slots(facts, pane), &kept.all),
        None => Rows::of(pane.pane.kind, &rows::slots(facts, pane), "", true),
    }
}

fn kept<'a>(facts: Facts<'a>, pane: &PlannedPane) -> Option<&'a Kept> {
    facts.world.rows.0.get(&pane.id).filter(|kept| kept.seen == seen_of_rows(facts, pane))
}

fn seen_of_rows(facts: Facts<'_>, pane: &PlannedPane) -> Vec<(u64, Freshness)> {
    let of = |query: &crate::dashboard::QueryId| {
        let version = facts.world.signals.slot(*query).map_or(0, |slot| slot.version);
        (version, facts.world.signals.freshness(*query, facts.session.now))
    };
    pane.queries.iter().map(of).collect()
}

fn has_rows(pane: &PlannedPane) -> bool {
    use PaneKind as K;
    matches!(pane.pane.kind, K::Alerts | K::Changes | K::Logs | K::Table | K::BarGauge)
}
