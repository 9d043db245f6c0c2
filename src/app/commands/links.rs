//! Where a panel and its dashboard lead to: a dashboard is opened here, any other address is copied, and where the terminal
//! takes links it can be clicked on.

use std::sync::Arc;

use crate::{
    app::{
        App, Effect, Overlay,
        screen::{
            overlay::{Choice, choice::Then},
            watch::{focused, legend, selected, selected_series},
        },
        world::{dashboards::DashboardRow, rows::What},
    },
    base::{redact::without_secrets_of_addresses, text},
    config::{DashboardAt, GrafanaLink},
    dashboard::PlannedPane,
    grafana::{
        links::{self, Link, LinkTo, Selected, Shown},
        open::OpenDashboard,
        time_range::TimeRange,
    },
    signal::Data,
};

/// The keys of links; `q` leaves.
const KEYS: &str = "abcdefghijklmnoprstuvwxyz";

/// Lists the links of the pane that has the focus; says so where there are none.
pub(super) fn open(app: &mut App) {
    let known = focused(app).and_then(|pane| {
        let origin = pane.origin.as_ref()?;
        Some((pane.clone(), origin.dashboard, Arc::clone(app.world.dashboards.open.get(&origin.dashboard)?)))
    });
    let Some((pane, place, dashboard)) = known else {
        return app.complain("this pane is none of a dashboard: only those have links");
    };
    let (from, to) = app.world.window.bounds(app.session.now);
    let range = TimeRange { from: from.as_millisecond(), to: to.as_millisecond() };
    let shown = Shown { range, is_live: app.world.window.is_live() };
    let found = links::of(&dashboard, unit(&dashboard, &pane), shown, selection(app, &pane).as_ref());
    if found.is_empty() {
        return app.complain("neither this panel nor its dashboard has links");
    }
    let base = base(app, place);
    let mut choice = Choice::new("Where to?").titled(format!("Links of {}", pane.pane.title));
    let count = found.len();
    for (key, link) in KEYS.chars().zip(found) {
        let (words, then) = answer(app, link, base.as_deref());
        choice = choice.or(key, words, then);
    }
    if count > KEYS.len() {
        choice = choice.telling(format!("the first {} of {count}", KEYS.len()));
    }
    choice.selected = Some(0);
    app.screen.overlay = Some(Overlay::Choice(choice));
}

/// Copies an address.
pub(in crate::app) fn follow(app: &mut App, address: String) -> Vec<Effect> {
    app.say(format!("copied, if the terminal takes OSC 52: {}", text::clipped(&address, 120)));
    vec![Effect::Copy(address)]
}

/// What a link says, and what comes of taking it.
fn answer(app: &App, link: Link, base: Option<&str>) -> (String, Then) {
    let title = text::line(&link.title).into_owned();
    let to = match link.to {
        LinkTo::Dashboards(words) => return (format!("{title}  listed here"), Then::ListDashboards(words.join(" "))),
        LinkTo::Address(to) => to,
    };
    let address = match (to.starts_with('/'), base) {
        (true, Some(base)) => format!("{base}{to}"),
        _ => to,
    };
    let address = text::line(&address).into_owned();
    let is_of_base = base.is_some_and(|base| GrafanaLink::parse(&address).is_some_and(|link| link.base == base));
    match row(app, &address).filter(|_| is_of_base) {
        Some(row) => (format!("{title}  opens here"), Then::OpenDashboard(Box::new(row))),
        None if title == address => (address.clone(), Then::Follow(address)),
        None => (format!("{title}  {address}"), Then::Follow(address)),
    }
}

/// The dashboard that an address leads to. One that is known, and that nothing else is to be chosen for, is gone to.
fn row(app: &App, address: &str) -> Option<DashboardRow> {
    let entry = GrafanaLink::parse(address)?.entry();
    let is_same = |known: &DashboardAt| match (known, &entry.at) {
        (DashboardAt::Grafana { uid, .. }, DashboardAt::Grafana { uid: other, .. }) => uid == other,
        _ => false,
    };
    let place = app
        .session
        .config
        .dashboards
        .iter()
        .position(|known| is_same(&known.at) && (entry.vars.is_empty() || known.vars == entry.vars));
    let title = entry.shown();
    Some(DashboardRow { entry, title, about: String::new(), is_starred: false, place })
}

/// The address of the Grafana that a dashboard comes from, or of the one that is asked for it.
fn base(app: &App, place: usize) -> Option<String> {
    let config = &app.session.config;
    let entry = config.dashboards.get(place)?;
    let given = match &entry.at {
        DashboardAt::Grafana { base, .. } => base.clone(),
        DashboardAt::File(_) | DashboardAt::Shipped { .. } => None,
    };
    let asked = || Some(config.source(entry.grafana(config)?)?.http()?.url.clone());
    let base = given.or_else(asked)?;
    Some(without_secrets_of_addresses(base.trim_end_matches('/')))
}

/// Which unit of its dashboard a pane is.
fn unit(dashboard: &OpenDashboard, pane: &PlannedPane) -> Option<usize> {
    let (id, values) = &pane.origin.as_ref()?.panel;
    let mut units = dashboard.units();
    units.position(|(unit, panel)| panel.id == *id && unit.repeat.iter().map(|local| &local.text).eq(values))
}

/// What is selected in a pane, for links that go by it: a series of an open chart, or the only one; a row of a table.
fn selection(app: &App, pane: &PlannedPane) -> Option<Selected> {
    if let Some(What::Cells(cells)) = selected(app, pane.id).map(|row| row.what) {
        let mut readings = pane.queries.iter().filter_map(|query| app.world.signals.slot(*query)?.good.as_ref());
        let columns = readings.find_map(|reading| match &reading.data {
            Data::Table(table) => Some(&table.columns),
            _ => None,
        })?;
        let cells = columns.iter().zip(cells).map(|(column, cell)| (column.name.clone(), cell.clone())).collect();
        return Some(Selected { value: String::new(), cells, ..Selected::default() });
    }
    let legend = legend(app, pane);
    let key = selected_series(app, pane);
    let line = match &key {
        Some(key) => legend.lines.iter().find(|line| line.key() == *key),
        None => legend.lines.first().filter(|_| legend.lines.len() == 1),
    };
    let line = line?;
    let labels = line.series.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let value = line.now.to_string();
    Some(Selected { series: line.series.name.to_string(), labels, value, cells: Vec::new() })
}
