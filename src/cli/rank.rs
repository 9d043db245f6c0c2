//! `stanch rank`: the ranking with every reason, of a board file or of an incident. Writes nothing but its answer.

use std::path::Path;

use clap::Args;

use super::{Global, out};
use crate::{
    failure::Failure,
    incident::{rank_json::BoardJson, rank_text},
    runtime::boards,
};

/// Print the ranking of a board, with every reason
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch rank\n  stanch rank board.toml\n  \
                        stanch rank --json | jq '.next_checks[0].text'")]
pub struct Options {
    /// An incident (its ID or a part of it, or `last`), or a board file [default: the newest unclosed incident, else the
    /// newest]
    #[arg(value_name = "ID|FILE.toml", allow_negative_numbers = true)]
    what: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the ranking.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let board = match options.what {
        Some(what) if is_file(&what) => boards::read(Path::new(&what))?.board,
        what => global.incident(what)?.1.board,
    };
    if options.json { out::json(&BoardJson::of(&board)) } else { out::print(&rank_text::text(&board)) }
}

/// An id never holds a dot or a slash.
fn is_file(what: &str) -> bool {
    what.contains(['.', '/'])
}
