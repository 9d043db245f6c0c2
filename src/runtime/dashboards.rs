//! Dashboards are read and their variables asked, away from the loop. Those named on the command line are read here too,
//! so that all say the same of a file that cannot be used.

use std::{path::Path, sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    app::world::dashboards::DashboardOpened,
    base::text,
    config::{Config, DashboardFile, SourceId},
    files::{self, CannotRead},
    grafana::{model::Dashboard, open::OpenDashboard, time_range::TimeRange, variable::Variables},
    signal::Window,
    source::{self, Registry},
};

/// Largest file that is read as a dashboard, in bytes.
pub const LARGEST: u64 = 50_000_000;

/// The longest title, in bytes.
const MAX_TITLE: usize = 200;

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
}

/// Opens a dashboard and tells of it; tries again, ever more seldom, while its source answers nothing at all.
pub async fn open_in_time(
    registry: Registry,
    config: Arc<Config>,
    wanted: Wanted,
    (window, now): (Window, Timestamp),
    told: impl Fn(DashboardOpened),
) {
    let (mut pause, mut is_told) = (Duration::from_secs(5), false);
    loop {
        let opened = open(&registry, &config, &wanted, (window, now)).await;
        let is_deaf = opened.outcome.as_ref().is_ok_and(|dashboard| dashboard.is_unanswered());
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
    let no_source = SourceId::nth(0);
    let (source, outcome) = match config.dashboards.get(place).map(|file| (file, source_of(config, file))) {
        None => (no_source, Err("there is no such dashboard".into())),
        Some((_, Err(why))) => (no_source, Err(why)),
        Some((file, Ok(source))) => (source, opened(registry, file, source, wanted.chosen.clone(), when).await),
    };
    DashboardOpened { place, request, source, outcome: outcome.map(Arc::new) }
}

/// The source that a dashboard asks: the one that is named, else the first that answers PromQL.
fn source_of(config: &Config, file: &DashboardFile) -> Result<SourceId, String> {
    let found = match &file.source {
        Some(name) => config.source_named(name).map(|(id, _)| id),
        None => config.sources_by_id().find(|(_, source)| source.kind.answers_promql()).map(|(id, _)| id),
    };
    found.ok_or_else(|| format!("the dashboard {} has no Prometheus to ask; configure one", file.file.display()))
}

async fn opened(
    registry: &Registry,
    file: &DashboardFile,
    source: SourceId,
    chosen: Vec<(String, String)>,
    (window, now): (Window, Timestamp),
) -> Result<OpenDashboard, String> {
    let path = file.file.clone();
    let read = tokio::task::spawn_blocking(move || read(&path)).await;
    let dashboard = read.map_err(|_| "a dashboard could not be read: the program failed at it".to_owned())??;
    let (from, to) = window.bounds(now);
    let range = TimeRange { from: from.as_millisecond(), to: to.as_millisecond() };
    let is_free = |(name, _): &&(String, String)| chosen.iter().all(|(chosen, _)| chosen != name);
    let given: Vec<(String, String)> = file.vars.iter().filter(is_free).chain(&chosen).cloned().collect();
    let mut variables = Variables::of(&dashboard, range, &given);
    source::settle_variables(registry, source, &mut variables).await;
    let open = OpenDashboard::new(dashboard, variables);
    let title = text::clipped(&text::line(open.title()), MAX_TITLE).into_owned();
    Ok(open.titled(title))
}
