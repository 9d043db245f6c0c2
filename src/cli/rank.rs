//! `stanch rank`: the ranking with every reason, of a board file or of an incident. Writes nothing but its answer.
#![expect(clippy::disallowed_methods, reason = "a board file named on the command line is read here")]

use std::{io::Read, path::Path};

use clap::Args;

use super::{Failure, Global, out};
use crate::incident::{board::file::BoardFile, rank_json::BoardJson, rank_text};

/// Print the ranking of a board, with every reason
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch rank\n  stanch rank board.toml\n  \
                        stanch rank --json | jq '.next_checks[0].text'")]
pub struct Options {
    /// An incident, or a board file [default: the newest unclosed incident, else the newest]
    #[arg(value_name = "ID|FILE.toml")]
    what: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints it.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let board = match options.what {
        Some(what) if is_file(&what) => read(Path::new(&what))?.board,
        what => global.incident(what)?.1.board,
    };
    if options.json { out::json(&BoardJson::of(&board)) } else { out::print(&rank_text::text(&board)) }
}

/// The largest board file that is read, in bytes: some 300,000 cells.
const LARGEST: u64 = 4 << 20;

/// Reads a board file.
pub fn read(path: &Path) -> Result<BoardFile, Failure> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| Failure::Failed(format!("cannot read the board {name}: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        let largest = LARGEST >> 20;
        return Err(Failure::Failed(format!("the board {name} is larger than {largest} MiB; is it a board?")));
    }
    BoardFile::parse_bytes(&bytes, &name).map_err(|mistakes| Failure::Mistakes(mistakes.to_string()))
}

/// An id never holds a dot or a slash.
fn is_file(what: &str) -> bool {
    what.contains(['.', '/'])
}
