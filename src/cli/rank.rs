//! `stanch rank`: the ranking with every reason, of a board file or of a board from the journal. Writes nothing but its
//! answer.
#![expect(clippy::disallowed_methods, reason = "a board file named on the command line is read here")]

use std::{io::Write, path::Path};

use anyhow::Context;

use crate::incident::{
    Board,
    board::file::BoardFile,
    ranking::{self, json::Judgement},
};

/// Ranks the board in a file. Mistakes in the file are a [`BoardFileError`](crate::incident::board::file::BoardFileError).
pub fn run(file: &Path, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {name}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8 text"))?;
    show(&BoardFile::parse(&text, &name)?.board, json, out)
}

/// Ranks a board.
pub fn show(board: &Board, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut *out, &Judgement::of(board))?;
        writeln!(out)?;
    } else {
        write!(out, "{}", ranking::text(board))?;
    }
    Ok(())
}
