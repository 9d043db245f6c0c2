//! Which queries are asked for the panes and vitals of a configuration, each once.

use std::fmt;

use super::query::{Ask, Query, ask_for_number, ask_of};
use crate::{
    config::{Config, Pane, PaneKind, Shape, Source, SourceId},
    grafana::model::Place,
};

/// What one query is called, for as long as the program runs: handed out by the [`Plan`] when it is first wanted, and
/// never again for another. Equal queries have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueryId(usize);

impl fmt::Display for QueryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "q{}", self.0)
    }
}

#[cfg(test)]
impl QueryId {
    /// The query that a plan hands out as its nth, from 0.
    pub(crate) const fn nth(number: usize) -> Self {
        Self(number)
    }

    /// How many were handed out before it.
    pub(crate) const fn number(self) -> usize {
        self.0
    }
}

/// What one pane is called, for as long as the program runs: handed out by the [`Plan`] when it is first shown, and never
/// again for another, also when it is shown no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PaneId(u32);

#[cfg(test)]
impl PaneId {
    /// An id that no plan has handed out.
    pub(crate) const fn made_up(number: u32) -> Self {
        Self(number)
    }
}

/// The queries to ask, and who needs them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Each once, at the place its id says; `None` for one that nobody will ask again. Only ever added to.
    queries: Vec<Option<Query>>,
    /// The panes to show: those configured, and one for alert sources that no pane shows.
    pub panes: Vec<PlannedPane>,
    /// The query behind each vital, in the order of the configuration.
    pub vitals: Vec<QueryId>,
    /// How many panes were ever shown: the number of the next one's id.
    pane_ids: u32,
}

/// A pane and the queries it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedPane {
    /// What it is called by everything that outlives a frame.
    pub id: PaneId,
    /// The pane.
    pub pane: Pane,
    /// Its queries; none for a text pane.
    pub queries: Vec<QueryId>,
    /// The panel it is, for a pane of a dashboard.
    pub origin: Option<PanelOrigin>,
}

/// Which panel of which dashboard a pane is. Stays the same when variables get other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelOrigin {
    /// The place of the dashboard among those that are open.
    pub dashboard: usize,
    /// The number of the panel, and the values it is repeated for.
    pub panel: (i64, Vec<String>),
    /// The title of the row it is in; `None` above the first.
    pub row: Option<String>,
    /// Where it stands in Grafana's grid.
    pub place: Place,
}

impl Plan {
    /// Plans a configuration whose names have been checked; a source that is not there is left out.
    pub fn of(config: &Config) -> Self {
        let mut plan = Self::default();
        for vital in &config.vitals {
            let Some((id, source)) = config.source_named(&vital.source) else { continue };
            let ask = ask_for_number(source, &vital.query);
            let id = plan.ask(Query::new(id, ask));
            plan.vitals.push(id);
        }
        for pane in &config.panes {
            plan.show(config, pane.clone());
        }
        for pane in panes_nobody_asked_for(config) {
            plan.show(config, pane);
        }
        plan
    }

    /// The query of this id.
    pub fn query(&self, id: QueryId) -> Option<&Query> {
        self.queries.get(id.0)?.as_ref()
    }

    /// The pane of this id; `None` when it is shown no more.
    pub fn pane(&self, id: PaneId) -> Option<&PlannedPane> {
        self.place(id).and_then(|place| self.panes.get(place))
    }

    /// The place of a pane among those shown.
    pub fn place(&self, id: PaneId) -> Option<usize> {
        self.panes.iter().position(|pane| pane.id == id)
    }

    /// The queries of one source, with their ids.
    pub fn of_source(&self, source: SourceId) -> impl Iterator<Item = (QueryId, &Query)> {
        self.queries().filter(move |(_, query)| query.source == source)
    }

    /// All queries, with their ids.
    pub fn queries(&self) -> impl Iterator<Item = (QueryId, &Query)> {
        self.queries.iter().enumerate().filter_map(|(at, query)| Some((QueryId(at), query.as_ref()?)))
    }

    /// Adds the query of a check; an identical one is shared. `None` when no source has this name.
    pub fn watch(&mut self, config: &Config, source: &str, query: &str) -> Option<QueryId> {
        let (id, source) = config.source_named(source)?;
        let ask = if source.kind.lists_alerts() { Ask::Alerts } else { ask_for_number(source, query) };
        Some(self.ask(Query::new(id, ask)))
    }

    fn show(&mut self, config: &Config, pane: Pane) {
        let mut queries = Vec::new();
        for (id, source) in pane.sources.iter().filter_map(|name| config.source_named(name)) {
            let ask = ask_of(source, &pane);
            queries.push(self.ask(Query::new(id, ask)));
        }
        self.push(pane, queries, None);
    }

    fn push(&mut self, pane: Pane, queries: Vec<QueryId>, origin: Option<PanelOrigin>) {
        self.panes.push(PlannedPane { id: PaneId(self.pane_ids), pane, queries, origin });
        self.pane_ids += 1;
    }

    /// Shows the panels of a dashboard behind the team's own panes, in place of those that were shown of it. A panel that was
    /// there keeps its id, so that it stays selected.
    pub fn show_dashboard(&mut self, place: usize, panels: Vec<(PanelOrigin, Pane, Option<Query>)>) {
        let is_of_it = |pane: &PlannedPane| pane.origin.as_ref().is_some_and(|origin| origin.dashboard == place);
        // They stand in the order of the configuration, whichever is open first.
        let is_behind = |pane: &PlannedPane| pane.origin.as_ref().is_some_and(|origin| origin.dashboard > place);
        let at = self.panes.iter().position(|pane| is_of_it(pane) || is_behind(pane));
        let (mut before, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.panes).into_iter().partition(is_of_it);
        self.panes = others;
        before.iter().flat_map(|pane| &pane.queries).for_each(|id| self.forget(*id));
        let behind = self.panes.split_off(at.unwrap_or(self.panes.len()));
        for (origin, pane, query) in panels {
            let queries = query.map(|query| self.add(query)).into_iter().collect();
            let same = |pane: &PlannedPane| pane.origin.as_ref().is_some_and(|known| known.panel == origin.panel);
            match before.iter().position(same).map(|at| before.remove(at)) {
                Some(known) => {
                    self.panes.push(PlannedPane { id: known.id, pane, queries, origin: Some(origin) });
                }
                None => self.push(pane, queries, Some(origin)),
            }
        }
        self.panes.extend(behind);
    }

    /// Shows a pane that nobody configured, behind the team's own, with a query of its own.
    pub fn show_apart(&mut self, pane: Pane, query: Query) -> PaneId {
        let (id, query) = (PaneId(self.pane_ids), self.add(query));
        self.pane_ids += 1;
        let at = self.panes.iter().position(|pane| pane.origin.is_some()).unwrap_or(self.panes.len());
        self.panes.insert(at, PlannedPane { id, pane, queries: vec![query], origin: None });
        id
    }

    /// Shows such a pane no more.
    pub fn hide(&mut self, id: PaneId) {
        let Some(at) = self.place(id) else { return };
        let pane = self.panes.remove(at);
        for id in pane.queries {
            let is_wanted = self.vitals.contains(&id) || self.panes.iter().any(|pane| pane.queries.contains(&id));
            if let Some(query) = self.queries.get_mut(id.0).filter(|_| !is_wanted) {
                *query = None;
            }
        }
    }

    /// The id of a query; an identical one is shared.
    pub fn ask(&mut self, query: Query) -> QueryId {
        let known = self.queries.iter().position(|known| known.as_ref() == Some(&query));
        known.map_or_else(|| self.add(query), QueryId)
    }

    /// The id of a query that is known to be another than all there are.
    fn add(&mut self, query: Query) -> QueryId {
        self.queries.push(Some(query));
        QueryId(self.queries.len() - 1)
    }

    /// Lets go of what a panel asked: with other values for its variables it is another query, and each holds on to the
    /// whole dashboard.
    pub fn forget(&mut self, id: QueryId) {
        if let Some(known) = self.queries.get_mut(id.0)
            && known.as_ref().is_some_and(|query| query.ask.panel().is_some())
        {
            *known = None;
        }
    }
}

/// One pane for all alert sources that no pane shows, and one for all change sources that no pane shows.
fn panes_nobody_asked_for(config: &Config) -> Vec<Pane> {
    let shown = |source: &Source, kind: PaneKind| {
        config.panes.iter().any(|pane| pane.kind == kind && pane.sources.contains(&source.name))
    };
    let names = |shape, kind| -> Vec<String> {
        let sources = config.sources.iter().filter(|source| source.is_feed_of(shape));
        sources.filter(|source| !shown(source, kind)).map(|source| source.name.clone()).collect()
    };
    let mut alerts = names(Shape::Alerts, PaneKind::Alerts);
    if !config.panes.iter().any(|pane| pane.kind == PaneKind::Alerts) {
        // Pending alerts are known only where they are evaluated.
        let evaluates = config.sources.iter().filter(|source| source.evaluates_alerts());
        alerts.extend(evaluates.map(|source| source.name.clone()));
    }
    let changes = names(Shape::Changes, PaneKind::Changes);
    [("Alerts", PaneKind::Alerts, alerts), ("Changes", PaneKind::Changes, changes)]
        .into_iter()
        .filter(|(_, _, sources)| !sources.is_empty())
        .map(|(title, kind, sources)| Pane { sources, kind, ..Pane::titled(free_title(config, title)) })
        .collect()
}

fn free_title(config: &Config, wanted: &str) -> String {
    let taken = |title: &str| config.panes.iter().any(|pane| pane.title == title);
    let numbered = (2..).map(|n| format!("{wanted} {n}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|title| !taken(title)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_pane_never_means_another() {
        let config = Config { panes: ["a", "b"].map(Pane::titled).into(), ..Config::default() };
        let mut plan = Plan::of(&config);
        let a = plan.panes.remove(0).id;
        plan.show(&config, Pane::titled("c"));
        assert_eq!(plan.pane(a), None);
        let titles: Vec<_> = plan.panes.iter().map(|pane| (plan.place(pane.id), pane.pane.title.as_str())).collect();
        assert_eq!(titles, [(Some(0), "b"), (Some(1), "c")]);
    }
    #[test]
    fn an_identical_query_is_asked_once() {
        let mut plan = Plan::default();
        let query = |text: &str| Query::new(SourceId::nth(0), Ask::Instant(text.into()));
        let [up, down, again] = ["up", "down", "up"].map(|text| plan.ask(query(text)));
        let template = plan.ask(Query { template: true, ..query("up") });
        assert_eq!((up, [up, down, template].map(QueryId::number)), (again, [0, 1, 2]));
        assert_eq!(plan.query(down), Some(&query("down")));
    }
}
