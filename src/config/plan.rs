//! Which queries are asked for the panes and vitals of a configuration, each once.

use std::time::Duration;

use super::{Config, Pane, PaneKind, Read, Shape, Source, SourceId};

/// What live questions are about, whatever the panes show.
pub const LIVE: Duration = Duration::from_secs(30 * 60);

/// What one query is called, for as long as the program runs: handed out when it is first wanted, and never again for
/// another. Equal queries have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueryId(pub usize);

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

/// One question to one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The source that is asked.
    pub source: SourceId,
    /// What is asked.
    pub ask: Ask,
    /// The interval at which it is asked.
    pub every: Duration,
    /// Whether the names of variables in its text are replaced when it is asked. What stands in `stanch.toml` is asked as
    /// it stands there.
    pub template: bool,
}

impl Query {
    /// A query that is asked as it stands.
    pub fn new(source: SourceId, ask: Ask, every: Duration) -> Self {
        Self { source, ask, every, template: false }
    }

    /// Whether both come to the same question, however often it is asked.
    fn is_same(&self, other: &Self) -> bool {
        (self.source, self.template) == (other.source, other.template) && self.ask == other.ask
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Numbers over the window the panes show.
    Range(String),
    /// Numbers over the last half hour, whatever the panes show; for vitals.
    LiveRange(String),
    /// Numbers of now.
    Instant(String),
    /// All alerts.
    Alerts,
    /// What an `http` or `command` source answers.
    Fetch {
        /// A path below the source's address; may be empty.
        path: String,
        /// How the answer is read.
        read: Read,
    },
}

/// The queries to ask, and who needs them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Each once.
    pub queries: Vec<Query>,
    /// The panes to show: those configured, and one for alert sources that no pane shows.
    pub panes: Vec<PlannedPane>,
    /// The query behind each vital, in the order of the configuration.
    pub vitals: Vec<QueryId>,
    /// How many panes were ever shown: the number of the next one's id.
    pub pane_ids: u32,
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
}

impl Plan {
    /// Plans a configuration whose names have been checked; a source that is not there is left out.
    pub fn of(config: &Config) -> Self {
        let mut plan = Self::default();
        for vital in &config.vitals {
            let Some((id, source)) = config.source_named(&vital.source) else { continue };
            let ask = ask_for_number(source, &vital.query);
            let id = plan.ask(Query::new(id, ask, source.every));
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
        self.queries.get(id.0)
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
        self.queries.iter().enumerate().map(|(at, query)| (QueryId(at), query))
    }

    /// Adds the query of a check; an identical one is shared. `None` when no source has this name.
    pub fn watch(&mut self, config: &Config, source: &str, query: &str) -> Option<QueryId> {
        let (id, source) = config.source_named(source)?;
        let ask = if source.kind.lists_alerts() { Ask::Alerts } else { ask_for_number(source, query) };
        let query = Query::new(id, ask, source.every);
        let known = self.queries.iter().position(|known| known.is_same(&query));
        Some(known.map(QueryId).unwrap_or_else(|| self.ask(query)))
    }

    fn show(&mut self, config: &Config, pane: Pane) {
        let mut queries = Vec::new();
        for (id, source) in pane.sources.iter().filter_map(|name| config.source_named(name)) {
            let ask = ask_of(source, &pane);
            queries.push(self.ask(Query::new(id, ask, pane.every.unwrap_or(source.every))));
        }
        self.panes.push(PlannedPane { id: PaneId(self.pane_ids), pane, queries });
        self.pane_ids += 1;
    }

    /// The id of a query; an identical one is asked once, as often as the most impatient wants it.
    fn ask(&mut self, query: Query) -> QueryId {
        let known = self.queries.iter_mut().enumerate().find(|(_, known)| known.is_same(&query));
        match known {
            Some((at, known)) => {
                known.every = known.every.min(query.every);
                QueryId(at)
            }
            None => {
                self.queries.push(query);
                QueryId(self.queries.len() - 1)
            }
        }
    }
}

fn ask_for_number(source: &Source, query: &str) -> Ask {
    match source.kind.is_generic() {
        true => fetch(source, query, None, Shape::Number),
        false => Ask::LiveRange(query.to_owned()),
    }
}

fn ask_of(source: &Source, pane: &Pane) -> Ask {
    if source.kind.is_generic() {
        fetch(source, &pane.query, pane.read.as_ref(), pane.kind.shape())
    } else if pane.kind == PaneKind::Alerts || source.kind.lists_alerts() {
        Ask::Alerts
    } else if pane.kind.is_instant() {
        Ask::Instant(pane.query.clone())
    } else {
        Ask::Range(pane.query.clone())
    }
}

/// A pane's own reading counts before the source's; a shape that neither names follows the kind of the pane.
fn fetch(source: &Source, path: &str, own: Option<&Read>, shape: Shape) -> Ask {
    let theirs = source.settings.read.as_ref().filter(|read| **read != Read::default());
    let read = own.or(theirs).cloned().unwrap_or(Read { shape, ..Read::default() });
    Ask::Fetch { path: path.to_owned(), read }
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

impl Pane {
    /// An empty pane of this title.
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            sources: Vec::new(),
            query: String::new(),
            kind: PaneKind::default(),
            unit: crate::signal::Unit::default(),
            legend: None,
            thresholds: Vec::new(),
            min: None,
            max: None,
            every: None,
            width: 1,
            height: 1,
            text: String::new(),
            read: None,
        }
    }
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
}
