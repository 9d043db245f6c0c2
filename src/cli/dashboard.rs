//! `stanch dashboard`: what a Grafana dashboard shows now, as text or JSON, or as panes for `stanch.toml`.

mod as_panes;
mod as_text;
mod stretch;

use std::{io::Read as _, path::Path, time::Duration};

use clap::Args;
use jiff::Timestamp;

use super::{Global, asking::asked, dashboard_argument, out};
use crate::{
    base::{human_time, text, toml},
    config::{Config, DashboardAt, DashboardEntry, Kind, Source, load},
    failure::{Failure, complain},
    grafana::{
        evaluate, model::Dashboard, plan::Resolution, report::Report, template::Format, time_range::TimeRange,
        variable::Variables,
    },
    runtime::dashboards,
    source::{self, Registry},
};

/// Show what a Grafana dashboard shows now
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch dashboard node.json --prometheus http://127.0.0.1:9090\n  \
                        stanch dashboard node.json --source prom --var instance=web-1 --range 6h --json\n  \
                        stanch dashboard 'https://grafana.example/d/rYdddlPWk/node?var-job=api&from=now-6h&to=now'\n  \
                        stanch dashboard node.json --toml >> stanch.toml\n\n\
                        A file is what Grafana exports (Share, Export, Save to file), of any age. An address or a uid needs a \
                        [[source]] of type grafana, or for an address a token in $GRAFANA_TOKEN. Panels that ask Prometheus or \
                        Loki are asked of one, all others through Grafana; where there is no Grafana they are named with what they ask.")]
pub struct Options {
    /// The dashboard's JSON, its address in Grafana, or its uid there; `-` is standard input
    #[arg(value_name = "FILE|URL|UID|-")]
    dashboard: String,
    /// The Prometheus that is asked
    #[arg(long, value_name = "URL", conflicts_with = "source")]
    prometheus: Option<String>,
    /// The Loki that is asked
    #[arg(long, value_name = "URL")]
    loki: Option<String>,
    /// The Prometheus or Grafana of the configuration that is asked [default: for a file the first Prometheus, else Grafana]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The end of what is shown, such as 2026-11-30T03:05:00Z [default: what the address says, or now]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// How long a stretch of time is shown [default: what the address says, or 1h]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    range: Option<Duration>,
    /// Sets a variable; several values for one name choose several
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    vars: Vec<(String, String)>,
    /// Print JSON
    #[arg(long, conflicts_with = "toml")]
    json: bool,
    /// Print its panels as panes for stanch.toml
    #[arg(long)]
    toml: bool,
}

/// Asks, and prints.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let name = shown(&options.dashboard);
    let is_address = options.dashboard.contains("://");
    let given = options.prometheus.as_ref().or(options.loki.as_ref());
    let mut config = match (given, is_address) {
        (Some(_), false) if Path::new(&options.dashboard).exists() || options.dashboard == "-" => Config::default(),
        _ => global.config()?,
    };
    let (mut entry, link) = match options.dashboard.as_str() {
        "-" => (DashboardEntry::of_file("-"), None),
        named => dashboard_argument::entry(&mut config, named)?,
    };
    // What cannot be read is said before anyone is asked.
    let read = match &entry.at {
        DashboardAt::File(_) => Some(read(&options.dashboard)?),
        DashboardAt::Grafana { .. } | DashboardAt::Shipped { .. } => None,
    };
    entry.source = asked_source(&mut config, &options)?;
    if let Some(url) = &options.loki {
        let name = add_source(&mut config, url, Kind::answers_logql, "--loki")?;
        // What was said just now counts before what the configuration says.
        let kind = config.source_named(&name).map_or("", |(_, source)| source.kind.name);
        entry.sources.insert(0, (kind.to_owned(), name));
    }
    let asks_nobody = entry.prometheus(&config).is_none() && entry.grafana(&config).is_none();
    if asks_nobody && entry.lokis(&config).is_empty() {
        return Err(Failure::Usage(
            "no source answers PromQL or LogQL; name one with --prometheus URL or --loki URL".into(),
        ));
    }
    // What is said by hand counts before what the address says.
    entry.vars.retain(|(name, _)| options.vars.iter().all(|(set, _)| set != name));
    let now = global.now().as_millisecond();
    let said = link.as_ref().and_then(|link| stretch::of(link.from.as_deref()?, link.to.as_deref()?, now));
    let to = options.at.map_or(said.map_or(now, |said| said.to), Timestamp::as_millisecond);
    let length = options.range.map(|range| i64::try_from(range.as_millis()).unwrap_or(i64::MAX));
    let length = length.or(said.map(|said| said.to - said.from)).unwrap_or(3_600_000);
    let range = TimeRange { from: to.saturating_sub(length), to };
    asked(show(&config, &entry, read, range, &name, &options))?
}

async fn show(
    config: &Config,
    entry: &DashboardEntry,
    read: Option<Dashboard>,
    range: TimeRange,
    name: &str,
    options: &Options,
) -> Result<(), Failure> {
    let registry = Registry::of(config);
    let mut dashboard = match read {
        Some(read) => read,
        None => dashboards::fetch(&registry, config, entry).await.map_err(Failure::Failed)?,
    };
    let routes = dashboards::routes(&registry, config, entry, &mut dashboard.warnings).await;
    let routes = routes.map_err(Failure::Usage)?;
    dashboard.warnings.iter().for_each(|warning| complain(&format!("{name}: {warning}"), "warning: "));
    let given: Vec<(String, String)> = entry.vars.iter().chain(&options.vars).cloned().collect();
    let variables = Variables::of(&dashboard, range, &given).by(routes);
    if let Some((unknown, _)) = options.vars.iter().find(|(name, _)| variables.named(name).is_none()) {
        let known: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
        return Err(Failure::Usage(format!("{name} has no variable {unknown}; {known}")));
    }
    let asked = source::dashboard(&registry, &dashboard, variables, Resolution::default()).await;
    let title = asked.variables.interpolate(&dashboard.title, Format::Text);
    if options.toml {
        return out::print(&as_panes::text(&title, config, &asked.panels));
    }
    let shown = evaluate::all(&asked.panels, &asked.answers, &asked.variables);
    let failures = |answers: &[evaluate::Outcome]| {
        answers.iter().map(|outcome| outcome.as_ref().err().filter(|why| !why.is_empty()).cloned()).collect()
    };
    let panels = asked.panels.into_iter().zip(shown).zip(&asked.answers);
    let panels = panels.map(|((panel, shown), answers)| (panel, shown, failures(answers))).collect();
    let report = Report::of(title, &asked.variables, panels, dashboard.warnings.clone());
    if options.json { out::json(&report) } else { out::print(&as_text::text(&report)) }
}

/// What a person called the dashboard, for messages.
fn shown(named: &str) -> String {
    match named {
        "-" => "standard input".into(),
        address if address.contains("://") => source::shown_address(address),
        named => text::line(named).into_owned(),
    }
}

fn read(file: &str) -> Result<Dashboard, Failure> {
    if file != "-" {
        return dashboards::read(Path::new(file)).map_err(Failure::Failed);
    }
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock().take(dashboards::LARGEST + 1);
    input.read_to_end(&mut bytes).map_err(|error| Failure::Failed(format!("cannot read standard input: {error}")))?;
    dashboards::parse(&bytes, "on standard input").map_err(Failure::Failed)
}

/// The source that is asked, by its name; that of `--prometheus` is added to the configuration.
fn asked_source(config: &mut Config, options: &Options) -> Result<Option<String>, Failure> {
    if let Some(url) = &options.prometheus {
        return add_source(config, url, Kind::answers_promql, "--prometheus").map(Some);
    }
    let Some(name) = &options.source else { return Ok(None) };
    let found = config.source_named(name).map(|(_, source)| source).ok_or_else(|| {
        let names: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
        Failure::Usage(format!("there is no source {name}; there are: {}", names.join(", ")))
    })?;
    let takes = |source: &Source| source.kind.answers_promql() || source.kind.has_dashboards();
    match takes(found) {
        true => Ok(Some(found.name.clone())),
        false => Err(Failure::Usage(format!(
            "{} is of type {}, which answers neither PromQL nor for Grafana",
            found.name, found.kind.name
        ))),
    }
}

/// Adds a source that is named by its address, and says what it is called.
fn add_source(config: &mut Config, url: &str, can: fn(&Kind) -> bool, option: &str) -> Result<String, Failure> {
    let (kind, name) = dashboard_argument::named_after(config, can);
    let text = format!("[[source]]\nname = \"{name}\"\ntype = \"{kind}\"\nurl = {}\n", toml::quoted(url));
    let (parsed, _) = load::parse(&text, Path::new(option))?;
    config.sources.extend(parsed.sources);
    Ok(name)
}

fn duration(text: &str) -> Result<Duration, String> {
    let read = human_time::parse(text).filter(|duration| !duration.is_zero());
    read.ok_or_else(|| "expected a duration such as 1h".into())
}

fn variable(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(name, _)| !name.is_empty());
    parts.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "expected NAME=VALUE".into())
}
