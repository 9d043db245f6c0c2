//! The rows of each pane, worked out once when what they follow from has changed, not for each key that asks for them.

use std::{collections::HashMap, sync::Arc};

use crate::{
    app::{
        App, Facts,
        world::{
            rows::{
                self, Rows,
                order::{Order, Shown},
            },
            signals::Stamp,
        },
    },
    config::PaneKind,
    dashboard::{PaneId, PlannedPane},
};

/// What is kept of each pane.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct KeptRows {
    panes: HashMap<PaneId, Kept>,
    /// How often rows were worked out.
    made: u64,
}

#[derive(Clone, Debug)]
struct Kept {
    /// Of the readings: how far each can be believed decides which source is shown.
    seen: Vec<Stamp>,
    filter: String,
    zoomed: bool,
    /// Tells these rows from all others.
    made: u64,
    /// Every row, those that the filter hides among them.
    all: Arc<Shown>,
    shown: Arc<Shown>,
}

/// Whether the rows of all panes are of the readings, the filter and the zoom as they are.
pub(in crate::app) fn is_current(app: &App) -> bool {
    let (watch, zoomed) = (&app.screen.watch, app.screen.watch.zoomed);
    let is_kept = |pane: &PlannedPane| {
        kept(app.facts(), pane).is_some_and(|kept| kept.filter == watch.filter(pane.id) && kept.zoomed == zoomed)
    };
    app.world.plan.panes.iter().filter(|pane| has_rows(pane)).all(is_kept)
}

/// Brings the rows up to date with the readings, the filter and the zoom.
pub(in crate::app) fn keep_rows(app: &mut App) {
    let plan = Arc::clone(&app.world.plan);
    for pane in plan.panes.iter().filter(|pane| has_rows(pane)) {
        let (filter, zoomed) = (app.screen.watch.filter(pane.id), app.screen.watch.zoomed);
        let known = kept(app.facts(), pane);
        if known.is_some_and(|kept| kept.filter == filter && kept.zoomed == zoomed) {
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
        let seen = rows::stamps(app.facts(), pane).collect();
        let (filter, rows) = (filter.to_owned(), &mut app.world.rows);
        rows.made += 1;
        rows.panes.insert(pane.id, Kept { seen, filter, zoomed, made: rows.made, all, shown });
    }
}

/// The rows a pane shows.
pub fn rows<'a>(app: &'a App, pane: &PlannedPane) -> Rows<'a> {
    let (filter, zoomed) = (app.screen.watch.filter(pane.id), app.screen.watch.zoomed);
    match kept(app.facts(), pane).filter(|kept| kept.filter == filter && kept.zoomed == zoomed) {
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

/// Tells the rows a pane shows from those it showed before; nothing while they are not worked out.
pub(in crate::app) fn made(app: &App, pane: PaneId) -> Option<u64> {
    app.world.rows.panes.get(&pane).map(|kept| kept.made)
}

fn kept<'a>(facts: Facts<'a>, pane: &PlannedPane) -> Option<&'a Kept> {
    facts.world.rows.panes.get(&pane.id).filter(|kept| rows::stamps(facts, pane).eq(kept.seen.iter().copied()))
}

fn has_rows(pane: &PlannedPane) -> bool {
    use PaneKind as K;
    matches!(pane.pane.kind, K::Alerts | K::Changes | K::Logs | K::Table | K::BarGauge)
}
