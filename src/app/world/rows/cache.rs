//! The rows of each pane, worked out once when what they follow from has changed, not for each key that asks for them.

use std::{collections::HashMap, sync::Arc};

use crate::{
    app::{
        App, Facts,
        world::{
            rows::{
                self, Rows,
                order::{Look, Order, Shown},
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
    unfolded: bool,
    /// Tells these rows from all others.
    made: u64,
    /// Every row, those that the filter hides among them.
    all: Arc<Shown>,
    shown: Arc<Shown>,
}

/// Every row there is, on a line of its own.
const EVERY_ROW: Look<'static> = Look { typed: "", zoomed: true, unfolded: true };

impl Kept {
    fn is_seen_as(&self, look: Look<'_>) -> bool {
        self.filter == look.typed && self.zoomed == look.zoomed && self.unfolded == look.unfolded
    }
}

/// How the rows of a pane are looked at.
fn look<'a>(app: &'a App, pane: &PlannedPane) -> Look<'a> {
    let watch = &app.screen.watch;
    Look { typed: watch.filter(pane.id), zoomed: watch.zoomed, unfolded: watch.unfolded.contains(&pane.id) }
}

/// Whether the rows of all panes are of the readings, the filter and the zoom as they are.
pub(in crate::app) fn is_current(app: &App) -> bool {
    let is_kept = |pane: &PlannedPane| kept(app.facts(), pane).is_some_and(|kept| kept.is_seen_as(look(app, pane)));
    app.world.plan.panes.iter().filter(|pane| has_rows(pane)).all(is_kept)
}

/// Brings the rows up to date with the readings, the filter and the zoom.
pub(in crate::app) fn keep_rows(app: &mut App) {
    let plan = Arc::clone(&app.world.plan);
    // Those of panes that are shown no more.
    if app.world.rows.panes.len() > plan.panes.len() {
        app.world.rows.panes.retain(|id, _| plan.pane(*id).is_some());
    }
    for pane in plan.panes.iter().filter(|pane| has_rows(pane)) {
        let look = look(app, pane);
        let known = kept(app.facts(), pane);
        if known.is_some_and(|kept| kept.is_seen_as(look)) {
            continue;
        }
        let slots = rows::slots(app.facts(), pane);
        let (order, all) = match known {
            Some(kept) => (kept.all.order(), Arc::clone(&kept.all)),
            None => {
                let order = Arc::new(Order::of(pane.pane.kind, &slots));
                (Arc::clone(&order), Arc::new(Shown::of(order, &slots, EVERY_ROW)))
            }
        };
        let shown = Arc::new(Shown::of(order, &slots, look));
        let seen = rows::stamps(app.facts(), pane).collect();
        let Look { typed, zoomed, unfolded } = look;
        let (filter, rows) = (typed.to_owned(), &mut app.world.rows);
        rows.made += 1;
        rows.panes.insert(pane.id, Kept { seen, filter, zoomed, unfolded, made: rows.made, all, shown });
    }
}

/// The rows a pane shows.
pub fn rows<'a>(app: &'a App, pane: &PlannedPane) -> Rows<'a> {
    let look = look(app, pane);
    match kept(app.facts(), pane).filter(|kept| kept.is_seen_as(look)) {
        Some(kept) => Rows::kept(rows::slots(app.facts(), pane), &kept.shown),
        None => Rows::seen_as(pane.pane.kind, &rows::slots(app.facts(), pane), look),
    }
}

/// All rows a pane has, whatever the filter hides.
pub(in crate::app) fn all_rows<'a>(facts: Facts<'a>, pane: &PlannedPane) -> Rows<'a> {
    match kept(facts, pane) {
        Some(kept) => Rows::kept(rows::slots(facts, pane), &kept.all),
        None => Rows::seen_as(pane.pane.kind, &rows::slots(facts, pane), EVERY_ROW),
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
