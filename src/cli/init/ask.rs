//! Asks the servers, through the clients that a cockpit asks them with: which kind each is, and which series it has.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::Timestamp;

use super::{
    super::{asking::asked, dashboard_argument},
    golden::Block,
    places::Place,
};
use crate::{
    base::toml::quoted,
    config::{SourceId, load},
    dashboard::{Plan, QueryContext},
    failure::Failure,
    signal::{Data, Fault, FaultKind, Labels, Reading, Window},
    source::{self, DashboardHit, Registry, SearchFor},
};

/// How long one answer is waited for.
pub const TIMEOUT: &str = "5s";

/// A server that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    pub url: String,
    /// It wants to know who asks.
    pub is_locked: bool,
    /// The dashboards it has; those that are marked first.
    pub dashboards: Vec<DashboardHit>,
    /// The keys that say who asks, where that is known.
    pub sign_in: String,
    /// Panes that go with it alone.
    pub blocks: Vec<Block>,
}

impl Found {
    /// One that has nothing but its address.
    pub fn at(kind: Kind, url: &str) -> Self {
        let (dashboards, sign_in, blocks) = (Vec::new(), String::new(), Vec::new());
        Self { kind, url: url.to_owned(), is_locked: false, dashboards, sign_in, blocks }
    }
}

/// The servers that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Prometheus,
    Alertmanager,
    Grafana,
    Loki,
}

impl Kind {
    /// Its name, as its project writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Prometheus => "Prometheus",
            Self::Alertmanager => "Alertmanager",
            Self::Grafana => "Grafana",
            Self::Loki => "Loki",
        }
    }

    /// Its name in the configuration.
    fn name(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Alertmanager => "alertmanager",
            Self::Grafana => "grafana",
            Self::Loki => "loki",
        }
    }
}

/// Which kind of server is at a place; in words why that is not known.
pub fn server_at(place: &Place, now: Timestamp) -> Result<Found, String> {
    let url = quoted(&place.url);
    let mut text = String::new();
    for (kind, asks) in
        [(Kind::Prometheus, "type = \"table\"\nquery = \"vector(1)\""), (Kind::Alertmanager, "type = \"alerts\"")]
    {
        let name = kind.name();
        text += &format!(
            "[[source]]\nname = \"{name}\"\ntype = \"{name}\"\nurl = {url}\ntimeout = \"{TIMEOUT}\"\n\
             [[pane]]\ntitle = \"{name}\"\nsource = \"{name}\"\n{asks}\n"
        );
    }
    let answers = answers(&text, now).map_err(|failure| first_words(&failure))?;
    let outcome = |kind: Kind| answers.get(kind.name());
    let kinds = [Kind::Prometheus, Kind::Alertmanager];
    let url = place.url.clone();
    if let Some(kind) = kinds.into_iter().find(|kind| matches!(outcome(*kind), Some(Ok(_)))) {
        return Ok(Found::at(kind, &url));
    }
    if let Some(found) = grafana_at(&url, place.may_be_told_of_a_grafana()) {
        return Ok(found);
    }
    let fault = |kind| outcome(kind).and_then(|outcome| outcome.as_ref().err());
    let is_locked = |fault: &Fault| matches!(fault.kind, FaultKind::Unauthorized | FaultKind::Forbidden);
    match (fault(Kind::Prometheus), fault(Kind::Alertmanager)) {
        (Some(fault), _) if is_locked(fault) => {
            // Which of the two it is, the end of its address may say.
            let path = url.rsplit('/').next().unwrap_or_default();
            let is_alertmanager = path.contains("alertmanager") || path.ends_with(":9093");
            let kind = if is_alertmanager { Kind::Alertmanager } else { Kind::Prometheus };
            Ok(Found { is_locked: true, ..Found::at(kind, &url) })
        }
        (Some(as_prometheus), Some(as_alertmanager)) if as_prometheus.kind == as_alertmanager.kind => {
            Err(as_prometheus.to_string())
        }
        (Some(as_prometheus), Some(as_alertmanager)) => {
            Err(format!("no Prometheus ({as_prometheus}), no Alertmanager ({as_alertmanager}), no Grafana and no Loki"))
        }
        _ => Err("nothing came of asking".to_owned()),
    }
}

/// The Grafana at an address, with the dashboards that may be read there; `None` where there is none. The token goes only
/// where a person said that there is one, and only to what says that it is one.
fn grafana_at(address: &str, trusted: bool) -> Option<Found> {
    let (name, url) = (Kind::Grafana.name(), quoted(address));
    let open = format!("[[source]]\nname = \"{name}\"\ntype = \"{name}\"\nurl = {url}\ntimeout = \"{TIMEOUT}\"\n");
    let token = match trusted && dashboard_argument::has_token() {
        true => format!("bearer = \"env:{}\"\n", dashboard_argument::TOKEN),
        false => String::new(),
    };
    let of = |text: &str| Some(Registry::of(&load::parse(text, Path::new("stanch.toml")).ok()?.0));
    let (unknown, known) = (of(&open)?, of(&(open + &token))?);
    let all = asked(async {
        let id = SourceId::nth(0);
        source::is_grafana(&unknown, id).await.ok()?;
        Some(source::search_dashboards(&known, id, &SearchFor::default()).await)
    });
    let hits = all.ok()??;
    let (is_locked, dashboards) = hits.map_or((true, Vec::new()), |hits| (false, hits));
    Some(Found { is_locked, dashboards, ..Found::at(Kind::Grafana, address) })
}

/// The first thing that is wrong, without its place in a file that nobody has.
fn first_words(failure: &Failure) -> String {
    let Failure::Config(errors) = failure else { return "it cannot be asked".to_owned() };
    let all = errors.to_string();
    let first = all.lines().next().unwrap_or_default();
    first.split_once(": ").map_or(first, |(_, words)| words).to_owned()
}

/// What a Prometheus says to some queries, by the names they are given here. One that fails has no series.
pub fn series(url: &str, queries: &[(&str, String)], now: Timestamp) -> Result<BTreeMap<String, Vec<Labels>>, Failure> {
    let mut text =
        format!("[[source]]\nname = \"it\"\ntype = \"prometheus\"\nurl = {}\ntimeout = \"{TIMEOUT}\"\n", quoted(url));
    for (name, query) in queries {
        let query = quoted(query);
        text += &format!("[[pane]]\ntitle = \"{name}\"\nsource = \"it\"\ntype = \"table\"\nquery = {query}\n");
    }
    let labels = |reading: Arc<Reading>| match &reading.data {
        Data::Series(series) => series.iter().map(|one| one.labels.clone()).collect(),
        _ => Vec::new(),
    };
    let answers = answers(&text, now)?;
    Ok(answers.into_iter().filter_map(|(name, outcome)| Some((name, labels(outcome.ok()?)))).collect())
}

/// What comes of asking everything that a configuration's panes and vitals ask, by their titles; of several queries of one
/// the worst.
pub fn answers(text: &str, now: Timestamp) -> Result<BTreeMap<String, Result<Arc<Reading>, Fault>>, Failure> {
    let (config, _) = load::parse(text, Path::new("stanch.toml"))?;
    let (plan, context) = (Plan::of(&config), QueryContext::of(Window::live(config.window)));
    let polled = asked(source::poll_once(&Registry::of(&config), &plan, &context, now))?;
    let mut answers = BTreeMap::new();
    for (query, polled) in polled {
        let panes = plan.panes.iter().filter(|pane| pane.queries.contains(&query)).map(|pane| &pane.pane.title);
        let vitals =
            config.vitals.iter().zip(&plan.vitals).filter(|(_, of)| **of == query).map(|(vital, _)| &vital.title);
        for title in panes.chain(vitals) {
            let known = answers.entry(title.clone()).or_insert_with(|| polled.outcome.clone());
            if polled.outcome.is_err() {
                known.clone_from(&polled.outcome);
            }
        }
    }
    Ok(answers)
}
