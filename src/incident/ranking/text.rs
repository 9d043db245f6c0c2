//! What `stanch rank` prints for people: each row with its reasons, then what is left to explain and what to look at.

use std::fmt::Write;

use super::{OTHER, RowId, rank, reasons};
use crate::incident::{Board, Id, cover, next_check};

/// The board judged, in plain text, one line each.
pub fn text(board: &Board) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(board, &mut out);
    out
}

fn write(board: &Board, out: &mut String) -> std::fmt::Result {
    let ranking = rank(board);
    for (at, row) in ranking.rows.iter().enumerate() {
        let (label, text) = match row.id {
            RowId::Other => ("–", OTHER),
            RowId::Named(id) => board.hypothesis(id).map_or(("", ""), |row| (&row.label, &row.text)),
        };
        let shaky = if at == 0 && ranking.leader_is_shaky { " ≈" } else { "" };
        let state = if row.state.is_live() { String::new() } else { format!(" · {}", row.state.word()) };
        writeln!(out, "{:>2}  {label}  {text}  {}{shaky}{state}", row.rank, row.bits)?;
        if row.id != RowId::Other {
            let mut shares = vec![format!("explains {} of {}", row.explains, row.of)];
            let counts = [(row.against, "against"), (row.not_assessed, "not assessed")];
            shares.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{word} {n}")));
            writeln!(out, "          {}", shares.join(" · "))?;
        }
        for reason in reasons(board, row.id) {
            let columns = match &*reason.observations {
                [one] => format!("{} ", column(board, *one)),
                _ => String::new(),
            };
            writeln!(out, "  {:>6}  {columns}{}", reason.bits.to_string(), reason.text)?;
        }
    }
    let unexplained = cover::unexplained(board);
    if !unexplained.is_empty() {
        writeln!(out, "\nNothing explains these")?;
        for id in unexplained {
            let text = board.observation(id).map_or("", |column| &column.text);
            writeln!(out, "  {} {text}", column(board, id))?;
        }
    }
    let covers = cover::covers(board, &ranking);
    if !covers.sets.is_empty() {
        let how = if covers.exact { "" } else { " (found greedily; there may be smaller ones)" };
        let sets = covers.sets.iter().map(|set| format!("{{{}}}", rows(board, set))).collect::<Vec<_>>().join(" ");
        let more = if covers.truncated { " and more" } else { "" };
        writeln!(out, "\nSmallest sets that explain the rest{how}\n  {sets}{more}")?;
    }
    let checks = next_check::next_checks(board, &ranking);
    if !checks.is_empty() {
        writeln!(out, "\nLook next at")?;
    }
    for check in checks {
        let text = board.observation(check.observation).map_or("", |column| &column.text);
        writeln!(out, "  {} {text}: {}", column(board, check.observation), check.words(board))?;
        if let Some(question) = check.question(board) {
            writeln!(out, "      {question}")?;
        }
    }
    Ok(())
}

fn column(board: &Board, id: Id) -> &str {
    board.observation(id).map_or("", |column| &column.label)
}

fn rows(board: &Board, ids: &[Id]) -> String {
    ids.iter().filter_map(|id| board.hypothesis(*id)).map(|row| row.label.as_str()).collect::<Vec<_>>().join(", ")
}
