//! What `stanch rank` prints for people: each row with its reasons, then what is left to explain and what to look at.

use std::fmt::Write;

use super::{
    Board, Id, Observation, next_check,
    ranking::{Matrix, OTHER, RowId, rank_matrix, reasons_in},
    set_cover,
};

/// The board judged, in plain text, one line each.
pub fn text(board: &Board) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(board, &mut out);
    out
}

fn write(board: &Board, out: &mut String) -> std::fmt::Result {
    let matrix = Matrix::of(board, Observation::counts);
    let ranking = rank_matrix(&matrix);
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
        for reason in reasons_in(&matrix, row.id) {
            let columns = match &*reason.observations {
                [one] => format!("{} ", column(board, *one)),
                _ => String::new(),
            };
            writeln!(out, "  {:>6}  {columns}{}", reason.bits.to_string(), reason.text)?;
        }
    }
    if ranking.nothing_holds_up() {
        writeln!(out, "\nNothing on this board holds up: more speaks against every row than for it")?;
    }
    let unexplained = set_cover::unexplained(board);
    if !unexplained.is_empty() {
        writeln!(out, "\nNothing explains these")?;
        for id in unexplained {
            let text = board.observation(id).map_or("", |column| &column.text);
            writeln!(out, "  {} {text}", column(board, id))?;
        }
    }
    let covers = set_cover::covers(board, &ranking);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::ranking::sketch::sketch;

    #[test]
    fn for_people() {
        let board = sketch(
            "  present present/rate present/rate absent untested present
             A #       +            #            -      -        .      changed
             B +       ?            +            .      #        .      common
             C X       .            .            #      ?        .      refuted",
        );
        insta::assert_snapshot!(text(&board), @r##"
         1  A  cause A  +4.8
                  explains 3 of 4
             0.0  usual cause
            +0.8  changed shortly before the onset
            +2.1  s1 sign 1: expected for certain, and it is there
            +1.7  rate, mean of 2: sign 2: expected, and it is there; sign 3: expected for certain, and it is there
            +0.2  s4 sign 4: not expected, and it is not there
         2  B  cause B  +4.0
                  explains 2 of 4 · not assessed 1
            +1.6  common cause
            +1.2  s1 sign 1: expected, and it is there
            +1.2  s3 sign 3: expected, and it is there
         3  –  something not on this board  +1.5
            -1.6  a cause nobody has named is rare
            +1.7  s1 sign 1: explained as well as by the average row
            +1.4  rate, mean of 2: sign 2; sign 3: explained as well as by the average row
             0.0  s6 sign 6: explained as well as by the average row
         4  C  cause C  -5.7 · refuted
                  explains 0 of 4 · against 2
             0.0  usual cause
            -3.3  s1 sign 1: ruled out by this cause, yet it is there
            -2.4  s4 sign 4: expected for certain, yet it is not there

        Nothing explains these
          s6 sign 6

        Smallest sets that explain the rest
          {A}

        Look next at
          s5 sign 5: separates B from A: 0.5 bit, 5 min, read-only
        "##);
    }
}
