//! Dashboards are read and their variables asked, away from the loop. Those named on the command line are read here too,
//! so that all say the same of a file that cannot be used.

use std::{path::Path, sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    app::world::dashboards::DashboardOpened,
    base::text,
    config::{Config, DashboardAt, DashboardEntry, Source, SourceId},
    files::{self, CannotRead},
    grafana::{
        model::Dashboard,
        open::OpenDashboard,
        routes::{Routes, Way},
        time_range::TimeRange,
        variable::Variables,
    },
    signal::Window,
    source::{self, Registry},
};

/// Largest file that is read as a dashboard, in bytes.
pub const LARGEST: u64 = 50_000_000;

/// Said of one that made the program fail.
const FAILED: &str = "a dashboard could not be opened: the program failed at it, which is a bug";

/// The longest title, in bytes.
const MAX_TITLE: usize = 200;

/// How long a dashboard waits to be told which data sources Grafana has; and one of a file, which may do without.
const SOURCES_IN: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(3)];

/// Reads a dashboard; why it cannot be, in a line.
pub fn read(path: &Path) -> Result<Dashboard, String> {
    let name = path.display();
    let bytes = files::read(path, LARGEST).map_err(|why| match why {
        CannotRead::TooLarge(_) => {
            format!("the dashboard {name} is larger than {} MB; is it one?", LARGEST / 1_000_000)
        }
        why => format!("cannot read the dashboard {name}: {why}"),
    })?;
    parse(&bytes, &name.to_string())
}

/// Reads the text of a dashboard that is called so.
pub fn parse(bytes: &[u8], name: &str) -> Result<Dashboard, String> {
    let text = String::from_utf8_lossy(bytes);
    let read = Dashboard::read(text.trim_start_matches('\u{feff}'));
    read.map_err(|why| format!("the dashboard {}: {}", text::line(name), text::line(&why)))
}

/// What is to be opened.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The place in the configuration.
    pub place: usize,
    /// Values for its variables that were chosen since.
    pub chosen: Vec<(String, String)>,
    /// The number of the request.
    pub request: u64,
    /// The dashboard as it is open, so that it need not be read again.
    pub previous: Option<Arc<OpenDashboard>>,
}

/// Opens a dashboard and tells of it; tries again, ever more seldom, while who has it or is asked answers nothing at all.
pub async fn open_in_time(
    registry: Registry,
    config: Arc<Config>,
    wanted: Wanted,
    (window, now): (Window, Timestamp),
    told: impl Fn(DashboardOpened),
) {
    let (mut pause, mut is_told) = (Duration::from_secs(5), false);
    let is_elsewhere =
        config.dashboards.get(wanted.place).is_some_and(|entry| matches!(entry.at, DashboardAt::Grafana { .. }));
    loop {
        let opened = open(&registry, &config, &wanted, (window, now)).await;
        let is_deaf = opened.outcome.as_ref().map_or(is_elsewhere, |dashboard| dashboard.is_unanswered());
        // That there is still no answer is no news.
        if !is_deaf || !is_told {
            told(opened);
        }
        if !is_deaf {
            return;
        }
        is_told = true;
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(60));
    }
}

/// Opens the dashboard at a place of the configuration.
pub async fn open(registry: &Registry, config: &Config, wanted: &Wanted, when: (Window, Timestamp)) -> DashboardOpened {
    let Wanted { place, request, .. } = *wanted;
    let outcome = match config.dashboards.get(place) {
        None => Err("there is no such dashboard".into()),
        Some(entry) => opened(registry, config, entry, wanted, when).await,
    };
    let as_it_was =
        wanted.previous.as_ref().zip(outcome.as_ref().ok()).filter(|(before, now)| Arc::ptr_eq(before, now));
    if let Some((before, _)) = as_it_was {
        return DashboardOpened::unchanged((place, request), Arc::clone(before));
    }
    // Hundreds of panels are planned, which is not for the thread that asks the sources.
    let config = config.clone();
    let panes = move || DashboardOpened::of((place, request), &config, outcome);
    let made = tokio::task::spawn_blocking(panes).await;
    made.unwrap_or_else(|_| DashboardOpened::failed((place, request), FAILED.into()))
}

async fn opened(
    registry: &Registry,
    config: &Config,
    entry: &DashboardEntry,
    wanted: &Wanted,
    (window, now): (Window, Timestamp),
) -> Result<Arc<OpenDashboard>, String> {
    let mut warnings = Vec::new();
    let routes = routes(registry, config, entry, &mut warnings).await?;
    let dashboard = match &wanted.previous {
        Some(before) => Arc::clone(before.dashboard()),
        None => {
            let mut read = fetch(registry, config, entry).await?;
            read.warnings.append(&mut warnings);
            Arc::new(read)
        }
    };
    let (from, to) = window.bounds(now);
    let range = TimeRange { from: from.as_millisecond(), to: to.as_millisecond() };
    let is_free = |(name, _): &&(String, String)| wanted.chosen.iter().all(|(chosen, _)| chosen != name);
    let given: Vec<(String, String)> = entry.vars.iter().filter(is_free).chain(&wanted.chosen).cloned().collect();
    let mut variables = Variables::of(&dashboard, range, &given).by(routes);
    source::settle_variables(registry, &mut variables).await;
    let before = wanted.previous.clone();
    let open = move || match before.filter(|before| variables.is_as(before.variables())) {
        Some(before) => before,
        None => {
            let open = OpenDashboard::new(dashboard, variables);
            let title = text::clipped(&text::line(open.title()), MAX_TITLE).into_owned();
            Arc::new(open.titled(title))
        }
    };
    tokio::task::spawn_blocking(open).await.map_err(|_| FAILED.to_owned())
}

/// Reads a dashboard from where it is.
pub async fn fetch(registry: &Registry, config: &Config, entry: &DashboardEntry) -> Result<Dashboard, String> {
    let failed = |_| "a dashboard could not be read: the program failed at it".to_owned();
    match &entry.at {
        DashboardAt::File(path) => {
            let path = path.clone();
            tokio::task::spawn_blocking(move || read(&path)).await.map_err(failed)?
        }
        DashboardAt::Shipped { name, text } => {
            let (name, text) = (*name, *text);
            tokio::task::spawn_blocking(move || parse(text.as_bytes(), name)).await.map_err(failed)?
        }
        DashboardAt::Grafana { uid, .. } => {
            let id = entry.grafana(config);
            let id = id.ok_or_else(|| format!("the dashboard {uid} is in a Grafana, and no source is one"))?;
            let name = config.source(id).map_or("Grafana", |source| source.name.as_str());
            let body = source::fetch_dashboard(registry, id, uid).await;
            let body = body.map_err(|why| format!("the dashboard {uid} of {name}: {why}"))?;
            let called = format!("{uid} of {name}");
            let parsed = tokio::task::spawn_blocking(move || parse(&body, &called)).await.map_err(failed)?;
            parsed.map(|dashboard| match dashboard.uid.is_empty() {
                true => Dashboard { uid: uid.clone(), ..dashboard },
                false => dashboard,
            })
        }
    }
}

/// Who is asked what a dashboard asks. What Grafana does not tell about its data sources is one of the `warnings`.
pub async fn routes(
    registry: &Registry,
    config: &Config,
    entry: &DashboardEntry,
    warnings: &mut Vec<String>,
) -> Result<Routes, String> {
    let number = |id: SourceId| config.sources_by_id().position(|(known, _)| known == id);
    let prometheus = entry.prometheus(config).and_then(number);
    let grafana = entry.grafana(config);
    let lokis: Vec<usize> = entry.lokis(config).into_iter().filter_map(number).collect();
    if prometheus.is_none() && grafana.is_none() && lokis.is_empty() {
        let shown = entry.shown();
        return Err(format!("the dashboard {shown} has no Prometheus, no Loki and no Grafana to ask; configure one"));
    }
    let way = |name: &String| {
        let (id, source) = config.source_named(name)?;
        let number = number(id)?;
        Some(if source.kind.has_dashboards() { Way::Grafana(number) } else { Way::Direct(number) })
    };
    let said = entry.sources.iter().filter_map(|(of, name)| Some((of.clone(), way(name)?))).collect();
    let is_file = matches!(entry.at, DashboardAt::File(_));
    let mut known = Vec::new();
    if let Some(id) = grafana {
        match tokio::time::timeout(SOURCES_IN[usize::from(is_file)], source::data_sources(registry, id)).await {
            Ok(Ok(all)) => known = all.to_vec(),
            Ok(Err(fault)) => warnings.push(format!("which data sources Grafana has is not known: {fault}")),
            Err(_) => warnings.push("which data sources Grafana has is not known: it does not answer".into()),
        }
    }
    let scraped = |(id, source): (SourceId, &Source)| {
        let scrape = if source.kind.answers_promql() { source.span("scrape") } else { None };
        Some((number(id)?, scrape?.as_secs_f64() * 1e3))
    };
    let scraped = config.sources_by_id().filter_map(scraped).collect();
    let is_own = matches!(entry.at, DashboardAt::Grafana { .. });
    if let Some(base) = entry.is_asked_elsewhere(config) {
        let name = grafana.and_then(|id| config.source(id)).map_or("another Grafana", |source| &source.name);
        warnings.push(format!("it is asked of {name}: no source has the address {base}"));
    }
    Ok(Routes { prometheus, lokis, grafana: grafana.and_then(number), said, is_own, scraped, known })
}
