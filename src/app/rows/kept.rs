//! The rows of each pane, worked out once when what they follow from has changed, not for each key that asks for them.

use std::{collections::HashMap, sync::Arc};

use super::{
    Rows,
    order::{Order, Shown},
};
use crate::{
    app::App,
    config::{PaneKind, plan::PlannedPane},
    signal::Freshness,
};

/// What is kept, by a pane's place in the plan.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct KeptRows(HashMap<usize, Kept>);

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

impl App {
    /// Brings the rows up to date with the readings, the filter and the zoom.
    pub(in crate::app) fn keep_rows(&mut self) {
        let plan = Arc::clone(&self.plan);
        for (at, pane) in plan.panes.iter().enumerate().filter(|(_, pane)| has_rows(pane)) {
            let seen = self.seen_of_rows(pane);
            let (filter, zoomed) = (&self.watch.filter, self.watch.zoomed);
            let known = self.kept_rows.0.get(&at).filter(|kept| kept.seen == seen);
            if known.is_some_and(|kept| kept.filter == *filter && kept.zoomed == zoomed) {
                continue;
            }
            let slots = self.slots(pane);
            let (order, all) = match known {
                Some(kept) => (kept.all.order(), Arc::clone(&kept.all)),
                None => {
                    let order = Arc::new(Order::of(pane.pane.kind, &slots));
                    (Arc::clone(&order), Arc::new(Shown::of(order, &slots, "", true)))
                }
            };
            let shown = Arc::new(Shown::of(order, &slots, filter, zoomed));
            let kept = Kept { seen, filter: filter.clone(), zoomed, all, shown };
            self.kept_rows.0.insert(at, kept);
        }
    }

    /// The rows a pane shows.
    pub fn rows<'a>(&'a self, pane: &PlannedPane) -> Rows<'a> {
        let (filter, zoomed) = (&self.watch.filter, self.watch.zoomed);
        match self.kept(pane).filter(|kept| kept.filter == *filter && kept.zoomed == zoomed) {
            Some(kept) => Rows::kept(self.slots(pane), &kept.shown),
            None => Rows::of(pane.pane.kind, &self.slots(pane), filter, zoomed),
        }
    }

    /// All rows a pane has, whatever the filter hides.
    pub(super) fn all_rows<'a>(&'a self, pane: &PlannedPane) -> Rows<'a> {
        match self.kept(pane) {
            Some(kept) => Rows::kept(self.slots(pane), &kept.all),
            None => Rows::of(pane.pane.kind, &self.slots(pane), "", true),
        }
    }

    fn kept(&self, pane: &PlannedPane) -> Option<&Kept> {
        let at = self.plan.panes.iter().position(|known| std::ptr::eq(known, pane))?;
        self.kept_rows.0.get(&at).filter(|kept| kept.seen == self.seen_of_rows(pane))
    }

    fn seen_of_rows(&self, pane: &PlannedPane) -> Vec<(u64, Freshness)> {
        let of = |query: &crate::config::QueryId| {
            let version = self.signals.slot(*query).map_or(0, |slot| slot.version);
            (version, self.signals.freshness(*query, self.now))
        };
        pane.queries.iter().map(of).collect()
    }
}

fn has_rows(pane: &PlannedPane) -> bool {
    use PaneKind as K;
    matches!(pane.pane.kind, K::Alerts | K::Changes | K::Logs | K::Table | K::BarGauge)
}
