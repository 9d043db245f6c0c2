//! `stanch check`: polls every source once, a row each, and opens every dashboard; with `--bundle`, what a bug report needs
//! as well.
#![expect(clippy::disallowed_methods, reason = "measures how long answers take")]

mod answers;
mod bundle;

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    time::Instant,
};

use answers::Answered;
use bundle::Read;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::{Global, asking::asked, out};
use crate::{
    base::text,
    config::Config,
    dashboard::{Plan, QueryContext},
    failure::{Failure, complain},
    files,
    runtime::{
        dashboards::{Wanted, open},
        room,
    },
    signal::Window,
    source,
    source::Registry,
};

/// Poll every source once
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stanch check\n  stanch check --config prod.toml --json | jq '.[] | select(.ok | not)'\n  \
                        stanch check --bundle report.md      for a bug report; read it before you send it\n\n\
                        Writes nothing but that. Ends with 1 if any source failed, or if there is none."
)]
pub struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write a text for a bug report, without secrets: versions, terminal, configuration, what the sources answer, sizes of
    /// journals, the end of the log; `-` is standard output
    #[arg(long, value_name = "FILE|-", conflicts_with = "json")]
    bundle: Option<PathBuf>,
}

/// One source in `--json`. A contract: names may be added, never renamed.
#[derive(Serialize)]
struct Row<'a> {
    source: &'a str,
    kind: &'a str,
    ok: bool,
    error: Option<&'a str>,
    ms: u64,
    items: usize,
}

/// Polls, prints, and fails if any source did.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let config = match (global.config(), &options.bundle) {
        (Err(Failure::Config(errors)), Some(path)) => {
            write(path, &bundle::bundle(global, &Read::Broken(&errors)))?;
            return Err(Failure::Config(errors));
        }
        (config, _) => config?,
    };
    let rows = ask(&config)?;
    let all_well = rows.iter().all(|row| row.error.is_none());
    let to_standard_output = options.bundle.as_deref() == Some(Path::new("-"));
    if rows.is_empty() {
        complain(&config.no_sources(), "");
    }
    if options.json {
        out::json(&rows.iter().map(Row::of).collect::<Vec<_>>())?;
    } else if !rows.is_empty() && !to_standard_output {
        out::print(&table(&rows))?;
    }
    if let Some(path) = &options.bundle {
        write(path, &bundle::bundle(global, &Read::Whole(&config, &rows)))?;
    }
    // The text for a bug report is there all the same.
    let is_done = !rows.is_empty() || options.bundle.is_some();
    if all_well && is_done { Ok(()) } else { Err(Failure::Said) }
}

fn ask(config: &Config) -> Result<Vec<Answered>, Failure> {
    let (plan, context) = (Plan::of(config), QueryContext::of(Window::live(config.window)));
    room::check(room::ONCE)?;
    let registry = Registry::of(config);
    let all =
        async { (source::check(&registry, &plan, &context).await, dashboards(config, &registry, &context).await) };
    let (rows, dashboards) = asked(all)?;
    Ok(rows.into_iter().map(|row| Answered::of(row, config, &plan)).chain(dashboards).collect())
}

/// Opens the dashboards of the configuration, with what their variables ask.
async fn dashboards(config: &Config, registry: &Registry, context: &QueryContext) -> Vec<Answered> {
    let mut rows = Vec::new();
    for (place, entry) in config.dashboards.iter().enumerate() {
        let begun = Instant::now();
        let wanted = Wanted { place, chosen: Vec::new(), request: 0, previous: None };
        let opened = open(registry, config, &wanted, (context.window, Timestamp::now())).await;
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (items, error) = match opened.outcome {
            Ok(dashboard) => (dashboard.units().count(), dashboard.said()),
            Err(why) => (0, Some(why)),
        };
        let error = error.map(|error| text::line(&error).into_owned());
        let words = error.clone().unwrap_or_else(|| "ok".into());
        let source = entry.shown();
        rows.push(Answered { source, kind: "dashboard", ms, items, error, words });
    }
    rows
}

/// Writes the text for a bug report, in place of an older one.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return out::print(text);
    }
    let cannot =
        |error| Failure::Failed(format!("cannot write the text for a bug report: {error}; --bundle - prints it"));
    // `--bundle` for `--config` is soon typed.
    let head = bundle::HEAD.as_bytes();
    let mut old = Vec::new();
    let is_there = files::open(path).is_ok_and(|file| file.take(head.len() as u64).read_to_end(&mut old).is_ok());
    if is_there && !old.is_empty() && old != head {
        let path = path.display();
        return Err(Failure::Mistakes(format!("{path} is no text for a bug report: --bundle would write over it")));
    }
    files::replace(path, text).map_err(cannot)?;
    out::print(&format!("wrote {}; read it before you send it\n", path.display()))
}

impl<'a> Row<'a> {
    fn of(row: &'a Answered) -> Self {
        let Answered { source, kind, error, ms, items, .. } = row;
        Self { source, kind, ok: error.is_none(), error: error.as_deref(), ms: *ms, items: *items }
    }
}

/// The answers as people read them: a line a source.
fn table(rows: &[Answered]) -> String {
    let head = ["SOURCE", "KIND", "MS", "ITEMS", "ANSWER"].map(str::to_owned).to_vec();
    let cells = rows.iter().map(|row| {
        let (ms, items) = (row.ms.to_string(), row.items.to_string());
        vec![row.source.clone(), row.kind.to_owned(), ms, items, row.words.clone()]
    });
    out::table(&std::iter::once(head).chain(cells).collect::<Vec<_>>())
}
