//! What `stanch rank` prints for people: each row with its reasons, then what is left to explain and what to look at.

use std::fmt;

use super::{
    Board, Id, Observation, next_check,
    ranking::{Matrix, OTHER, RowId, rank_matrix, reasons_in},
    set_cover,
};
use crate::base::text;

/// The board judged, in plain text, one line each.
pub fn text(board: &Board) -> String {
    let mut out = Lines(String::new());
    write(board, &mut out);
    out.0
}

/// Lines that stay lines, whatever stands in the words they are made of.
struct Lines(String);

impl Lines {
    fn heading(&mut self, line: fmt::Arguments<'_>) {
        self.0.push('\n');
        self.line(line);
    }

    fn line(&mut self, line: fmt::Arguments<'_>) {
        self.0 += &text::clipped(&line.to_string(), usize::MAX);
        self.0.push('\n');
    }
}

fn write(board: &Board, out: &mut Lines) {
    let matrix = Matrix::of(board, Observation::counts);
    let ranking = rank_matrix(&matrix);
    for (at, row) in ranking.rows.iter().enumerate() {
        let (label, text) = match row.id {
            RowId::Other => ("–", OTHER),
            RowId::Named(id) => board.hypothesis(id).map_or(("", ""), |row| (&row.label, &row.text)),
        };
        let shaky = if at == 0 && ranking.leader_is_shaky { " ≈" } else { "" };
        let state = if row.state.is_live() { String::new() } else { format!(" · {}", row.state.word()) };
        out.line(format_args!("{:>2}  {label}  {text}  {}{shaky}{state}", row.rank, row.bits));
        if row.id != RowId::Other {
            let mut shares = vec![format!("explains {} of {}", row.explains, row.of)];
            let counts = [(row.against, "against"), (row.not_assessed, "not assessed")];
            shares.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{word} {n}")));
            out.line(format_args!("          {}", shares.join(" · ")));
        }
        for reason in reasons_in(&matrix, row.id) {
            let columns = match &*reason.observations {
                [one] => format!("{} ", column(board, *one)),
                _ => String::new(),
            };
            out.line(format_args!("  {:>6}  {columns}{}", reason.bits.to_string(), reason.text));
        }
    }
    if ranking.nothing_holds_up() {
        out.heading(format_args!("Nothing on this board holds up: more speaks against every row than for it"));
    }
    let unexplained = set_cover::unexplained(board);
    if !unexplained.is_empty() {
        out.heading(format_args!("Nothing explains these"));
        for id in unexplained {
            let text = board.observation(id).map_or("", |column| &column.text);
            out.line(format_args!("  {} {text}", column(board, id)));
        }
    }
    let covers = set_cover::covers(board, &ranking);
    if !covers.sets.is_empty() {
        let how = if covers.exact { "" } else { " (found greedily; there may be smaller ones)" };
        let sets = covers.sets.iter().map(|set| format!("{{{}}}", rows(board, set))).collect::<Vec<_>>().join(" ");
        let more = if covers.truncated { " and more" } else { "" };
        out.heading(format_args!("Smallest sets that explain the rest{how}"));
        out.line(format_args!("  {sets}{more}"));
    }
    let checks = next_check::next_checks(board, &ranking);
    if !checks.is_empty() {
        out.heading(format_args!("Look next at"));
    }
    for check in checks {
        let text = board.observation(check.observation).map_or("", |column| &column.text);
        out.line(format_args!("  {} {text}: {}", column(board, check.observation), check.words(board)));
        if let Some(question) = check.question(board) {
            out.line(format_args!("      {question}"));
        }
    }
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
    fn a_line_stays_a_line() {
        let mut board = sketch("  present\n A #");
        board.hypotheses[0].text = "a\n 1  Z  not there\u{1b}[2J\u{202e}b".into();
        let text = text(&board);
        assert!(text.starts_with(" 1  A  a  1  Z  not there[2Jb  "), "{text}");
        assert!(!text.contains("\n 1  Z"), "{text}");
    }

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
            +1.5  rate, mean of 2: sign 2; sign 3: explained as well as by the average row
             0.0  s6 sign 6: explained as well as by the average row
            -0.1  the lines above are rounded one by one, their sum is not
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
