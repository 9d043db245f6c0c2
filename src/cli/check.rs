//! `stanch check`: polls every source once, a row each.

use clap::Args;
use serde::Serialize;

use super::{Failure, Global, failure::complain, out};
use crate::{
    config::Plan,
    source::{self, CheckRow},
};

/// Poll every source once
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stanch check\n  stanch check --config prod.toml --json | jq '.[] | select(.ok | not)'\n\n\
                        Writes nothing. Ends with 1 if any source failed."
)]
pub struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
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
    let config = global.config()?;
    let plan = Plan::of(&config);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Failed(format!("cannot start polling: {error}")))?;
    let rows = runtime.block_on(source::check(&config, &plan));
    // What still runs, a hanging look-up of a name for one, must not keep anyone waiting.
    runtime.shutdown_background();
    if options.json {
        out::json(&rows.iter().map(Row::of).collect::<Vec<_>>())?;
    } else if rows.is_empty() {
        complain("no sources are configured; `stanch init` writes a configuration to begin with", "");
    } else {
        out::print(&text(&rows))?;
    }
    if rows.iter().all(|row| row.ok) { Ok(()) } else { Err(Failure::Said) }
}

impl<'a> Row<'a> {
    fn of(row: &'a CheckRow) -> Self {
        let CheckRow { source, kind, ok, error, ms, items } = row;
        Self { source, kind, ok: *ok, error: error.as_deref(), ms: *ms, items: *items }
    }
}

fn text(rows: &[CheckRow]) -> String {
    let head = ["SOURCE", "KIND", "MS", "ITEMS", "ANSWER"].map(str::to_owned).to_vec();
    let cells = rows.iter().map(|row| {
        let answer = row.error.clone().filter(|_| !row.ok).unwrap_or_else(|| "ok".into());
        vec![row.source.clone(), row.kind.to_string(), row.ms.to_string(), row.items.to_string(), answer]
    });
    out::table(&std::iter::once(head).chain(cells).collect::<Vec<_>>())
}
