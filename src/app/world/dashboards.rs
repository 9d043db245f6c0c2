//! Grafana dashboards that are open: their panels are panes, behind those of the configuration.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use crate::{
    app::{App, Effect},
    base::text,
    config::{Pane, PaneKind, SourceId},
    dashboard::{Ask, PaneId, PanelAsk, PanelOrigin, PlannedPane, Query, Subscriber},
    grafana::{json, model::Panel, open::OpenDashboard, plan::Unit},
    signal::Unit as ValueUnit,
};

/// The longest text of a panel, in bytes.
const MAX_TEXT: usize = 20_000;

/// How often a panel is asked, unless its source is asked less often; and one of a collapsed row. Who looks at curves of
/// half an hour sees nothing more by asking more often, and vitals come first.
const EVERY: [Duration; 2] = [Duration::from_secs(15), Duration::from_secs(60)];

/// The dashboards of the configuration, by their place there.
#[derive(Clone, Debug, Default)]
pub struct Dashboards {
    /// Those that are open.
    pub open: BTreeMap<usize, Arc<OpenDashboard>>,
    /// What was chosen by hand for the variables of each.
    chosen: BTreeMap<usize, Vec<(String, String)>>,
    /// The number of the newest request to open each, and of the one that was answered last.
    requests: BTreeMap<usize, (u64, u64)>,
}

impl Dashboards {
    /// Asks for a dashboard with the values that are chosen by now.
    fn request(&mut self, place: usize) -> Effect {
        let (newest, _) = self.requests.entry(place).or_default();
        *newest += 1;
        Effect::OpenDashboard { place, chosen: self.chosen.get(&place).cloned().unwrap_or_default(), request: *newest }
    }

    /// Asks for a dashboard with other values for one of its variables.
    pub(in crate::app) fn choose(&mut self, place: usize, name: &str, values: Vec<String>) -> Effect {
        let all = self.chosen.entry(place).or_default();
        all.retain(|(known, _)| known != name);
        all.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        self.request(place)
    }

    /// Whether this answers the newest request; what was asked before has been overtaken.
    fn takes(&mut self, place: usize, request: u64) -> bool {
        let (newest, answered) = self.requests.entry(place).or_default();
        *answered = request.max(*answered);
        request == *newest
    }
}

/// A dashboard that can be looked at, or why it cannot, in a line.
#[derive(Clone, Debug)]
pub struct DashboardOpened {
    /// Its place among those that were asked for.
    pub place: usize,
    /// The request that this answers.
    pub request: u64,
    /// The source that its panels ask.
    pub source: SourceId,
    /// The dashboard.
    pub outcome: Result<Arc<OpenDashboard>, String>,
}

/// Opens the dashboards of the configuration that are not open yet, or not with the values that were chosen last.
pub(in crate::app) fn open_all(app: &mut App) -> Vec<Effect> {
    let places = 0..app.session.config.dashboards.len();
    let dashboards = &mut app.world.dashboards;
    let is_behind = |place: &usize| {
        let (newest, answered) = dashboards.requests.get(place).copied().unwrap_or_default();
        !dashboards.open.contains_key(place) || answered < newest
    };
    let behind: Vec<usize> = places.filter(is_behind).collect();
    behind.into_iter().map(|place| dashboards.request(place)).collect()
}

/// Shows the panels of a dashboard, in place of what was shown of it before.
pub(in crate::app) fn opened(app: &mut App, opened: DashboardOpened) -> Vec<Effect> {
    let DashboardOpened { place, request, source, outcome } = opened;
    if !app.world.dashboards.takes(place, request) {
        return Vec::new();
    }
    let dashboard = match outcome {
        Ok(dashboard) => dashboard,
        Err(why) => {
            app.complain(why);
            return Vec::new();
        }
    };
    let config = app.session.config.clone();
    let name = config.source(source).map_or(String::new(), |source| source.name.clone());
    let panels = panels(place, source, &name, &dashboard, app);
    let plan = Arc::make_mut(&mut app.world.plan);
    let is_of_it = |pane: &&PlannedPane| pane.origin.as_ref().is_some_and(|origin| origin.dashboard == place);
    let gone: Vec<PaneId> = plan.panes.iter().filter(is_of_it).map(|pane| pane.id).collect();
    plan.show_dashboard(place, panels);
    let (before, wanted) = (app.world.subscriptions.clone(), &mut app.world.subscriptions);
    gone.into_iter().for_each(|pane| wanted.leave(Subscriber::Pane(pane)));
    plan.panes.iter().filter(is_of_it).for_each(|pane| wanted.follow_pane(&config, plan, pane));
    let changes = wanted.changes_from(&before);
    app.world.signals.follow(&config, &app.world.plan, &app.world.subscriptions);
    if let Some(said) = dashboard.said() {
        app.complain(text::line(&said));
    }
    app.world.dashboards.open.insert(place, dashboard);
    // What filled the screen may be gone.
    let is_there = app.screen.watch.focus.is_none_or(|focus| app.world.plan.pane(focus).is_some());
    app.screen.watch.zoomed &= is_there;
    changes.into_iter().map(Effect::Subscribe).collect()
}

fn panels(
    place: usize,
    source: SourceId,
    name: &str,
    dashboard: &Arc<OpenDashboard>,
    app: &App,
) -> Vec<(PanelOrigin, Pane, Option<Query>)> {
    let others = app.world.plan.panes.iter().filter(|pane| pane.origin.as_ref().is_none_or(|o| o.dashboard != place));
    let mut taken: BTreeSet<String> = others.map(|pane| pane.pane.title.clone()).collect();
    let panel = |(nth, (unit, panel)): (usize, (&Unit, &Panel))| {
        let values: Vec<String> = unit.repeat.iter().map(|local| local.text.clone()).collect();
        let origin = PanelOrigin {
            dashboard: place,
            panel: (panel.id, values.clone()),
            row: unit.row.as_deref().map(|row| text::line(row).into_owned()),
            place: panel.place,
        };
        let title = title(unit, panel, &values, &mut taken);
        let usual = app.session.config.source(source).map(|source| source.every).unwrap_or_default();
        let every = Some(usual.max(EVERY[usize::from(unit.is_collapsed)]));
        let mut pane = Pane { sources: vec![name.to_owned()], kind: kind(panel), every, ..Pane::titled(title) };
        let unit_id = json::text(json::at(&panel.field_config, "defaults"), "unit").unwrap_or_default();
        pane.unit = ValueUnit::parse(&unit_id);
        if let Some(shown) = dashboard.unasked(nth) {
            pane.kind = PaneKind::Text;
            let words = match (shown.text, shown.reason) {
                (Some(words), _) => words,
                (None, Some(why)) => not_shown(&why, panel),
                (None, None) => not_shown("it asks nothing that can be asked here", panel),
            };
            let words = if words.trim().is_empty() { "Nothing that has words.".into() } else { words };
            pane.text = text::block(&words, MAX_TEXT).into_owned();
            pane.sources = Vec::new();
            return (origin, pane, None);
        }
        let ask = PanelAsk { dashboard: Arc::clone(dashboard), unit: nth };
        // It stands for the panel in evidence and checks, which take one.
        pane.query = ask.queries().into_iter().next().unwrap_or_default();
        (origin, pane, Some(Query::new(source, Ask::Panel(ask))))
    };
    dashboard.units().enumerate().map(panel).collect()
}

/// Why nothing is shown, and what the panel would ask, for who wants to ask it elsewhere.
fn not_shown(why: &str, panel: &Panel) -> String {
    let queries = panel
        .targets
        .iter()
        .filter_map(|target| ["expr", "rawSql", "query", "target"].into_iter().find_map(|key| json::text(target, key)));
    let queries: Vec<String> = queries.filter(|query| !query.is_empty()).take(5).collect();
    match queries.is_empty() {
        true => format!("Not shown: {why}."),
        false => format!("Not shown: {why}.\n\n{}", queries.join("\n")),
    }
}

/// Titles of panes are unique, those of panels are not.
fn title(unit: &Unit, panel: &Panel, values: &[String], taken: &mut BTreeSet<String>) -> String {
    let words = if unit.title.is_empty() { &panel.kind } else { &unit.title };
    let plain = text::line(words).into_owned();
    let values: Vec<_> = values.iter().map(|value| text::line(value)).collect();
    let with_values = format!("{plain} {}", values.join(" "));
    let numbered = (2..).map(|nth| format!("{plain} {nth}"));
    let forms = [plain.clone()].into_iter().chain((!values.is_empty()).then_some(with_values)).chain(numbered);
    forms.into_iter().find(|title| taken.insert(title.clone())).unwrap_or(plain)
}

fn kind(panel: &Panel) -> PaneKind {
    match panel.kind.as_str() {
        "stat" => PaneKind::Stat,
        "gauge" => PaneKind::Gauge,
        "bargauge" | "piechart" | "state-timeline" | "status-history" => PaneKind::BarGauge,
        "table" | "barchart" | "logs" => PaneKind::Table,
        "text" => PaneKind::Text,
        _ => PaneKind::TimeSeries,
    }
}
