//! `stanch log`: the journal as text, or as JSON lines.

use clap::Args;

use super::{Global, out};
use crate::{
    base::text,
    failure::Failure,
    incident::{Incident, timeline},
};

/// Print an incident's journal
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch log\n  stanch log 2026-11-22-0312-checkout-5xx --json | jq .event.kind")]
pub struct Options {
    /// The incident: its ID or a part of it, or `last` [default: the newest unclosed one, else the newest]
    #[arg(allow_negative_numbers = true)]
    id: Option<String>,
    /// Print every entry as a line of JSON
    #[arg(long)]
    json: bool,
}

/// Prints the journal.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let contents = global.journal(options.id)?;
    if !options.json {
        return out::print(&timeline::text(&Incident::replay(contents.entries)));
    }
    let mut text = String::new();
    for entry in &contents.entries {
        let line = serde_json::to_string(entry);
        text += &line.map_err(|error| Failure::Failed(format!("entry {} has no JSON: {error}", entry.seq)))?;
        text.push('\n');
    }
    out::print(&text::json(&text))
}
