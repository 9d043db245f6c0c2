//! `stanch dashboard`: what a Grafana dashboard shows now, as text or JSON, or as panes for `stanch.toml`.

mod as_panes;
mod as_text;

use std::{io::Read as _, path::Path, time::Duration};

use clap::Args;
use jiff::Timestamp;

use super::{Global, asking::asked, out};
use crate::{
    base::{human_time, text, toml},
    config::{Config, SourceId, load},
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
                        stanch dashboard node.json --toml >> stanch.toml\n\n\
                        The file is what Grafana exports (Share, Export, Save to file), of any age. All panels that ask Prometheus \
                        are asked of one; others are named with what they ask.")]
pub struct Options {
    /// The dashboard's JSON; `-` is standard input
    #[arg(value_name = "FILE|-")]
    file: String,
    /// The Prometheus that is asked
    #[arg(long, value_name = "URL", conflicts_with = "source")]
    prometheus: Option<String>,
    /// The Prometheus of the configuration that is asked [default: the first one]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The end of what is shown, such as 2026-11-30T03:05:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// How long a stretch of time is shown
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    range: Duration,
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
    let file = shown(&options.file);
    let dashboard = read(&options.file)?;
    dashboard.warnings.iter().for_each(|warning| complain(&format!("{file}: {warning}"), "warning: "));
    let (config, id) = source(global, &options)?;
    let to = options.at.unwrap_or_else(|| global.now()).as_millisecond();
    let length = i64::try_from(options.range.as_millis()).unwrap_or(i64::MAX);
    let range = TimeRange { from: to.saturating_sub(length), to };
    let variables = Variables::of(&dashboard, range, &options.vars);
    if let Some((name, _)) = options.vars.iter().find(|(name, _)| variables.named(name).is_none()) {
        let known: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
        return Err(Failure::Usage(format!("{file} has no variable {name}; {known}")));
    }
    let registry = Registry::of(&config);
    let asked = asked(source::dashboard(&registry, id, &dashboard, variables, Resolution::default()))?;
    let title = asked.variables.interpolate(&dashboard.title, Format::Text);
    if options.toml {
        let source = config.source(id).map_or("", |source| source.name.as_str());
        return out::print(&as_panes::text(&title, source, &asked.panels));
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

/// What a person called the file, for messages.
fn shown(file: &str) -> String {
    if file == "-" { "standard input".into() } else { text::line(file).into_owned() }
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

/// The source that is asked, and a configuration that has it.
fn source(global: &Global, options: &Options) -> Result<(Config, SourceId), Failure> {
    if let Some(url) = &options.prometheus {
        let url = toml::quoted(url);
        let text = format!("[[source]]\nname = \"prometheus\"\ntype = \"prometheus\"\nurl = {url}\n");
        let (config, _) = load::parse(&text, Path::new("--prometheus"))?;
        return Ok((config, SourceId::nth(0)));
    }
    let config = global.config()?;
    let found = match &options.source {
        Some(name) => config.source_named(name).map(|(id, _)| id).ok_or_else(|| {
            let names: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
            Failure::Usage(format!("there is no source {name}; there are: {}", names.join(", ")))
        })?,
        None => {
            let takes = |source: &crate::config::Source| source.kind.answers_promql();
            config
                .sources_by_id()
                .find(|(_, source)| takes(source))
                .map(|(id, _)| id)
                .ok_or_else(|| Failure::Usage("no source answers PromQL; name one with --prometheus URL".into()))?
        }
    };
    match config.source(found) {
        Some(source) if !source.kind.answers_promql() => Err(Failure::Usage(format!(
            "{} is of type {}, which does not answer PromQL",
            source.name, source.kind.name
        ))),
        _ => Ok((config, found)),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let read = human_time::parse(text).filter(|duration| !duration.is_zero());
    read.ok_or_else(|| "expected a duration such as 1h".into())
}

fn variable(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(name, _)| !name.is_empty());
    parts.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "expected NAME=VALUE".into())
}
