//! Writes board files, as short as they can be read: what is as usual is left out.

use crate::incident::board::{Board, Cell, CheckSpec, Hypothesis, HypothesisState, Observation, Prior};

/// Writes a board so that [`BoardFile::parse`](super::BoardFile::parse) reads the same one. What was measured (evidence, times, authors) stays in
/// the journal.
pub fn to_toml(title: &str, board: &Board) -> String {
    let mut out = format!("title = {}\n", quoted(title));
    for column in &board.observations {
        out += &column_toml(column);
    }
    for row in &board.hypotheses {
        out += &row_toml(board, row);
    }
    out
}

fn column_toml(column: &Observation) -> String {
    let mut out = format!(
        "\n[[observation]]\nid = {}\ntext = {}\nstate = \"{}\"\n",
        quoted(&column.label),
        quoted(&column.text),
        column.state.word()
    );
    if !column.note.is_empty() {
        out += &format!("note = {}\n", quoted(&column.note));
    }
    if let Some(origin) = &column.origin {
        out += &format!("origin = {}\n", quoted(origin));
    }
    if column.coincidence {
        out += "coincidence = true\n";
    }
    let standard = CheckSpec::default();
    if column.check.minutes != standard.minutes {
        out += &format!("minutes = {}\n", column.check.minutes);
    }
    if !column.check.read_only {
        out += "read_only = false\n";
    }
    if let Some(check) = &column.check.query {
        let (source, query) = (quoted(&check.source), quoted(&check.query));
        let empty = check.empty.map_or_else(String::new, |state| format!(", empty = \"{}\"", state.word()));
        let present = quoted(&check.present.to_string());
        out += &format!("check = {{ source = {source}, query = {query}, present = {present}{empty} }}\n");
    }
    out
}

fn row_toml(board: &Board, row: &Hypothesis) -> String {
    let mut out = format!("\n[[hypothesis]]\nid = {}\ntext = {}\n", quoted(&row.label), quoted(&row.text));
    if row.prior != Prior::default() {
        out += &format!("prior = \"{}\"\n", row.prior.word());
    }
    if row.changed {
        out += "changed = true\n";
    }
    if row.state != HypothesisState::default() {
        out += &format!("state = \"{}\"\n", row.state.word());
    }
    if !row.reason.is_empty() {
        out += &format!("reason = {}\n", quoted(&row.reason));
    }
    let said = board.observations.iter().map(|column| (column, board.cell(row.id, column.id)));
    let assessed = said.filter(|(_, cell)| *cell != Cell::Unassessed);
    let cells: Vec<_> = assessed.map(|(c, cell)| format!("{} = \"{}\"", key(&c.label), cell.sign())).collect();
    match cells.is_empty() {
        true => out,
        false => out + &format!("cells = {{ {} }}\n", cells.join(", ")),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { text.to_owned() } else { quoted(text) }
}
