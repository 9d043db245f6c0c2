//! Grafana dashboards that are open: their panels are panes, behind those of the configuration.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::SignedDuration;

use crate::{
    app::{App, Effect},
    base::text,
    config::{Config, DashboardAt, DashboardEntry, Pane, PaneKind, SourceId, Threshold, ThresholdLevel},
    dashboard::{Ask, PaneId, PanelAsk, PanelOrigin, Plan, PlannedPane, Query, Subscriber},
    grafana::{
        color, json,
        model::Panel,
        open::OpenDashboard,
        plan::Unit,
        routes::Way,
        threshold::{Step, Thresholds},
    },
    signal::{Tone, Unit as ValueUnit, Window},
};

/// The longest text of a panel, in bytes.
const MAX_TEXT: usize = 20_000;

/// How often a panel is asked, unless its source is asked less often. Who looks at curves of half an hour sees nothing more
/// by asking more often, and vitals come first.
const OFTEN: Duration = Duration::from_secs(15);
/// How often one of a collapsed row is asked, and what nobody sees.
pub(in crate::app) const SELDOM: Duration = Duration::from_secs(60);

/// The longest query that is kept beside a panel, in bytes.
const MAX_QUERY: usize = 10_000;

/// How long another stretch of time must have stood before variables that go by it are asked again: a key held down
/// changes it thirty times a second.
const SETTLED: SignedDuration = SignedDuration::from_millis(500);

/// The dashboards of the configuration, by their place there.
#[derive(Clone, Debug, Default)]
pub struct Dashboards {
    /// Those that are open.
    pub open: BTreeMap<usize, Arc<OpenDashboard>>,
    /// What was chosen by hand for the variables of each.
    chosen: BTreeMap<usize, Vec<(String, String)>>,
    requests: BTreeMap<usize, Requested>,
    /// The one that is to be seen as soon as it is open, unless a person has gone elsewhere meanwhile: with where they were.
    wanted: Option<(usize, Option<PaneId>)>,
    /// Counts the times that other panels were shown.
    pub(in crate::app) revision: u64,
}

/// A dashboard that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DashboardRow {
    /// Where it is.
    pub entry: DashboardEntry,
    /// What people call it.
    pub title: String,
    /// Its folder and what it is about, in a few words.
    pub about: String,
    /// Whether somebody has marked it in Grafana.
    pub is_starred: bool,
    /// Its place in the configuration, where it has one.
    pub place: Option<usize>,
}

/// Requests to open a dashboard.
#[derive(Clone, Copy, Debug, Default)]
struct Requested {
    /// The number of the newest.
    newest: u64,
    /// The number of the one that was answered last.
    answered: u64,
    /// The stretch of time that was shown at the newest.
    window: Option<Window>,
}

impl Dashboards {
    /// As they are to be in another incident: nobody is on the way to one of them.
    pub(in crate::app) fn at_rest(&self) -> Self {
        Self { wanted: None, ..self.clone() }
    }

    /// Asks for a dashboard with the values that are chosen by now.
    fn request(&mut self, place: usize, window: Window) -> Effect {
        let requested = self.requests.entry(place).or_default();
        (requested.newest, requested.window) = (requested.newest + 1, Some(window));
        let (chosen, request) = (self.chosen.get(&place).cloned().unwrap_or_default(), requested.newest);
        Effect::OpenDashboard { place, chosen, request }
    }

    /// Asks for a dashboard with other values for one of its variables.
    pub(in crate::app) fn choose(&mut self, place: usize, name: &str, values: &[String], window: Window) -> Effect {
        let all = self.chosen.entry(place).or_default();
        all.retain(|(known, _)| known != name);
        all.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
        self.request(place, window)
    }

    /// What was chosen by hand for the variables of one, also what it is not opened with yet.
    pub(in crate::app) fn chosen_by_hand(&self, place: usize) -> Vec<(String, String)> {
        self.chosen.get(&place).cloned().unwrap_or_default()
    }

    /// Whether this answers the newest request; what was asked before has been overtaken.
    fn takes(&mut self, place: usize, request: u64) -> bool {
        let requested = self.requests.entry(place).or_default();
        requested.answered = request.max(requested.answered);
        request == requested.newest
    }

    /// Whether a dashboard is being opened, or opened anew with other values.
    pub fn is_being_opened(&self, place: usize) -> bool {
        self.requests.get(&place).is_some_and(|requested| requested.answered < requested.newest)
    }
}

/// A dashboard that can be looked at, or why it cannot, in a line.
#[derive(Clone, Debug)]
pub struct DashboardOpened {
    /// Its place among those that were asked for.
    pub place: usize,
    /// The request that this answers.
    pub request: u64,
    /// The dashboard.
    pub outcome: Result<Arc<OpenDashboard>, String>,
    /// Its panels as panes, without regard to others of the same title.
    panels: Vec<PanelPane>,
}

/// A panel as a pane: where it comes from, how it is drawn, what it asks.
type PanelPane = (PanelOrigin, Pane, Option<Query>);

impl DashboardOpened {
    /// An answer to a request, with all that takes time worked out: to be made where no key waits for it.
    pub fn of((place, request): (usize, u64), config: &Config, outcome: Result<Arc<OpenDashboard>, String>) -> Self {
        let panels = outcome.as_ref().map(|dashboard| panels(place, config, dashboard)).unwrap_or_default();
        Self { place, request, outcome, panels }
    }

    /// An answer that says why there is none.
    pub fn failed((place, request): (usize, u64), why: String) -> Self {
        Self { place, request, outcome: Err(why), panels: Vec::new() }
    }

    /// An answer that says: it is as it was.
    pub fn unchanged((place, request): (usize, u64), dashboard: Arc<OpenDashboard>) -> Self {
        Self { place, request, outcome: Ok(dashboard), panels: Vec::new() }
    }
}

/// What a dashboard is called in the journal: it is the same on another day and in another folder.
pub(in crate::app) fn name_of(config: &Config, place: usize) -> String {
    let name = |entry: &DashboardEntry| match &entry.at {
        DashboardAt::File(file) => {
            let name = file.file_name().unwrap_or(file.as_os_str());
            text::line(&name.to_string_lossy()).into_owned()
        }
        DashboardAt::Grafana { uid, .. } => text::line(uid).into_owned(),
        DashboardAt::Shipped { name, .. } => (*name).to_owned(),
    };
    let Some(own) = config.dashboards.get(place).map(name) else { return String::new() };
    let before = config.dashboards.iter().take(place).filter(|file| name(file) == own).count();
    if before == 0 { own } else { format!("{own} #{}", before + 1) }
}

/// What was chosen for a dashboard in this incident: a variable and a value each.
pub fn remembered(app: &App, place: usize) -> Vec<(String, String)> {
    app.incident.variables_of(&name_of(&app.session.config, place), &app.session.author)
}

/// Opens the dashboards of the configuration that are not open yet, or not with the values that were chosen last in this
/// incident.
pub(in crate::app) fn open_all(app: &mut App) -> Vec<Effect> {
    let mut behind = Vec::new();
    for place in 0..app.session.config.dashboards.len() {
        let chosen = remembered(app, place);
        let dashboards = &mut app.world.dashboards;
        let is_other = dashboards.chosen.get(&place).map_or(&[][..], Vec::as_slice) != chosen;
        dashboards.chosen.insert(place, chosen);
        if is_other || !dashboards.open.contains_key(&place) || dashboards.is_being_opened(place) {
            behind.push(place);
        }
    }
    // Whoever brings dashboards and no panes of their own came to see them.
    if app.session.config.panes.is_empty() && app.world.dashboards.open.is_empty() && !behind.is_empty() {
        app.world.dashboards.wanted = Some((behind[0], app.screen.watch.focus));
    }
    let window = app.world.window;
    behind.into_iter().map(|place| app.world.dashboards.request(place, window)).collect()
}

/// Asks again for what can be chosen where that goes by the stretch of time, once another one has stood for a moment.
pub(in crate::app) fn follow_window(app: &mut App) -> Vec<Effect> {
    let (window, now) = (app.world.window, app.session.now);
    if app.world.window_moved.is_none_or(|moved| now.duration_since(moved) < SETTLED) {
        return Vec::new();
    }
    let dashboards = &mut app.world.dashboards;
    let is_of_another = |place: &usize| {
        dashboards.requests.get(place).is_some_and(|requested| requested.window.is_some_and(|of| of != window))
    };
    let follows = dashboards.open.iter().filter(|(place, one)| is_of_another(place) && one.variables().follow_time());
    let follows: Vec<usize> = follows.map(|(place, _)| *place).collect();
    follows.into_iter().map(|place| dashboards.request(place, window)).collect()
}

/// Goes to the first panel of a dashboard, once it is open.
pub(in crate::app) fn show(app: &mut App, place: usize) -> Vec<Effect> {
    if app.world.dashboards.open.contains_key(&place) {
        focus(app, place);
        return Vec::new();
    }
    let (chosen, window) = (remembered(app, place), app.world.window);
    app.world.dashboards.chosen.insert(place, chosen);
    app.world.dashboards.wanted = Some((place, app.screen.watch.focus));
    vec![app.world.dashboards.request(place, window)]
}

fn focus(app: &mut App, place: usize) {
    let mut panes = app.world.plan.panes.iter();
    let first = panes.find(|pane| pane.origin.as_ref().is_some_and(|origin| origin.dashboard == place));
    if let Some(pane) = first.map(|pane| pane.id) {
        app.screen.watch.focus = Some(pane);
        app.screen.watch.zoomed = false;
    }
}

/// Shows the panels of a dashboard, in place of what was shown of it before.
pub(in crate::app) fn opened(app: &mut App, opened: DashboardOpened) -> Vec<Effect> {
    let DashboardOpened { place, request, outcome, panels } = opened;
    if !app.world.dashboards.takes(place, request) {
        return Vec::new();
    }
    let dashboard = match outcome {
        Ok(dashboard) => dashboard,
        Err(why) => {
            app.world.dashboards.wanted.take_if(|(wanted, _)| *wanted == place);
            app.complain(why);
            return Vec::new();
        }
    };
    if app.world.dashboards.open.get(&place).is_some_and(|known| Arc::ptr_eq(known, &dashboard)) {
        return Vec::new();
    }
    let config = app.session.config.clone();
    let panels = with_own_titles(panels, place, &app.world.plan);
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
    app.world.dashboards.revision += 1;
    // What filled the screen may be gone.
    let is_there = app.screen.watch.focus.is_none_or(|focus| app.world.plan.pane(focus).is_some());
    app.screen.watch.zoomed &= is_there;
    let wanted = app.world.dashboards.wanted.take_if(|(wanted, _)| *wanted == place);
    if wanted.is_some_and(|(_, from)| from == app.screen.watch.focus && !app.screen.watch.zoomed) {
        focus(app, place);
    }
    changes.into_iter().map(Effect::Subscribe).collect()
}

fn panels(place: usize, config: &Config, dashboard: &Arc<OpenDashboard>) -> Vec<PanelPane> {
    let panel = |(nth, (unit, panel)): (usize, (&Unit, &Panel))| {
        let values: Vec<String> = unit.repeat.iter().map(|local| local.text.clone()).collect();
        let origin = PanelOrigin {
            dashboard: place,
            panel: (panel.id, values),
            row: unit.row.as_deref().map(|row| text::line(row).into_owned()),
            place: panel.place,
        };
        let title = text::line(if unit.title.is_empty() { &panel.kind } else { &unit.title }).into_owned();
        let id = match dashboard.way(nth) {
            Way::Direct(number) | Way::Grafana(number) => SourceId::nth(number),
            Way::None => SourceId::nth(0),
        };
        let source = config.source(id);
        let usual = source.map(|source| source.every).unwrap_or_default();
        let wanted = config.dashboards.get(place).and_then(|entry| entry.refresh);
        let often = if unit.is_collapsed { SELDOM } else { OFTEN };
        let every = Some(wanted.unwrap_or(usual.max(often)));
        let sources = source.map(|source| source.name.clone()).into_iter().collect();
        let mut pane = Pane { sources, kind: kind(panel), every, ..Pane::titled(title) };
        // Its series have the names that Grafana gives them, whatever their labels are.
        pane.legend = Some(String::new());
        let unit_id = json::text(json::at(&panel.field_config, "defaults"), "unit").unwrap_or_default();
        pane.unit = ValueUnit::parse(&unit_id);
        pane.thresholds = drawn_thresholds(panel);
        // Straight from a Loki come lines, as in a pane of logs; through Grafana rows of a table.
        let is_direct = matches!(dashboard.way(nth), Way::Direct(_));
        if panel.kind == "logs" && is_direct && source.is_some_and(|source| source.kind.answers_logql()) {
            pane.kind = PaneKind::Logs;
        }
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
        let query = ask.queries().into_iter().next().unwrap_or_default();
        pane.query = text::clipped(&query, MAX_QUERY).into_owned();
        (origin, pane, Some(Query::new(id, Ask::Panel(ask))))
    };
    dashboard.units().enumerate().map(panel).collect()
}

/// Titles of panes are unique, those of panels are not.
fn with_own_titles(mut panels: Vec<PanelPane>, place: usize, plan: &Plan) -> Vec<PanelPane> {
    let others = plan.panes.iter().filter(|pane| pane.origin.as_ref().is_none_or(|origin| origin.dashboard != place));
    let mut taken: HashSet<String> = others.map(|pane| pane.pane.title.clone()).collect();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (origin, pane, _) in &mut panels {
        let plain = pane.title.clone();
        let values: Vec<_> = origin.panel.1.iter().map(|value| text::line(value)).collect();
        let with_values = (!values.is_empty()).then(|| format!("{plain} {}", values.join(" ")));
        let first = [Some(plain.clone()), with_values].into_iter().flatten().find(|title| !taken.contains(title));
        pane.title = first.unwrap_or_else(|| {
            let number = numbers.entry(plain.clone()).or_insert(1);
            loop {
                *number += 1;
                let title = format!("{plain} {number}");
                if !taken.contains(&title) {
                    break title;
                }
            }
        });
        taken.insert(pane.title.clone());
    }
    panels
}

/// The thresholds that a chart draws, by what their colours say; none where it does not draw them.
fn drawn_thresholds(panel: &Panel) -> Vec<Threshold> {
    let defaults = json::at(&panel.field_config, "defaults");
    let mode = json::text(json::at(json::at(defaults, "custom"), "thresholdsStyle"), "mode");
    let drawn = Thresholds::read(json::at(defaults, "thresholds")).filter(|all| {
        let is_drawn = mode.as_ref().is_some_and(|mode| mode != "off");
        panel.kind == "timeseries" && is_drawn && !all.percentage
    });
    let threshold = |step: &Step| {
        let level = match Tone::of_hex(&color::hex(&step.color))? {
            Tone::Good => ThresholdLevel::Ok,
            Tone::Warning => ThresholdLevel::Warning,
            Tone::Bad => ThresholdLevel::Critical,
        };
        Some(Threshold { from: step.from, level })
    };
    drawn.iter().flat_map(|all| &all.steps).filter_map(threshold).take(20).collect()
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

fn kind(panel: &Panel) -> PaneKind {
    match panel.kind.as_str() {
        "stat" => PaneKind::Stat,
        "gauge" => PaneKind::Gauge,
        "bargauge" | "piechart" | "barchart" => PaneKind::BarGauge,
        "table" | "logs" => PaneKind::Table,
        "text" => PaneKind::Text,
        _ => PaneKind::TimeSeries,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_drawn_where_the_panel_draws_them() {
        let of = |kind: &str, style: &str, mode: &str| {
            let field_config = serde_json::json!({"defaults": {
                "custom": {"thresholdsStyle": {"mode": style}},
                "thresholds": {"mode": mode, "steps": [
                    {"color": "green", "value": null}, {"color": "blue", "value": 1}, {"color": "#f00", "value": 80}]}}});
            drawn_thresholds(&Panel { kind: kind.into(), field_config, ..Panel::default() })
        };
        let drawn = of("timeseries", "dashed", "absolute");
        let levels: Vec<_> = drawn.iter().map(|threshold| (threshold.from, threshold.level)).collect();
        assert_eq!(levels, [(f64::NEG_INFINITY, ThresholdLevel::Ok), (80.0, ThresholdLevel::Critical)]);
        assert!(of("timeseries", "off", "absolute").is_empty());
        assert!(of("timeseries", "line", "percentage").is_empty(), "they go by a range that is not known yet");
        assert!(of("stat", "line", "absolute").is_empty());
    }
}
