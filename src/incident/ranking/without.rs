//! What the order would be without one column: how much hangs on it.
//!
//! A lead that one observation carries is a lead to look at again, whether or not anyone thinks of a coincidence.

use super::{Ranking, Row, RowId, rank, rank_with};
use crate::incident::{
    Board, Id,
    board::{Observation, ObservationState},
};

/// How many rows a line names.
const SHOWN: usize = 3;

/// The ranking without one column; for a column that counts for nothing, with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Without {
    /// In one line: `without s3: B +2.1, A +0.4 — B leads instead of A`.
    pub text: String,
    /// Whether another row would lead, or none.
    pub turns: bool,
}

/// What the board would say without this column, or, where it is flagged as a coincidence, with it. `None` for a column
/// that is not on the board.
pub fn without(board: &Board, column: Id) -> Option<Without> {
    let column = board.observation(column)?;
    let label = &column.label;
    if !column.state.is_settled() {
        let why = match column.state {
            ObservationState::Unclear => "unclear",
            _ => "untested",
        };
        return Some(Without { text: format!("{label} is {why}: the order is the same without it"), turns: false });
    }
    let now = rank(board);
    let flagged = column.coincidence;
    let then = rank_with(board, |other: &Observation| match other.id == column.id {
        true => flagged,
        false => other.counts(),
    });
    let word = if flagged { "with" } else { "without" };
    let rows = then.named().map(|(_, row)| row).filter(|row| row.state.is_live()).take(SHOWN);
    let numbers: Vec<_> = rows.map(|row| format!("{} {}", label_of(board, row.id), row.bits)).collect();
    if numbers.is_empty() {
        return Some(Without { text: format!("{word} {label}: no row is live"), turns: false });
    }
    let (was, is) = (first(&now), first(&then));
    let text = format!("{word} {label}: {} — {}", numbers.join(", "), leads(board, &was, &is));
    Some(Without { text, turns: was != is })
}

/// The rows that share the first place.
fn first(ranking: &Ranking) -> Vec<RowId> {
    ranking.rows.iter().filter(|row| row.rank == 1).map(|row: &Row| row.id).collect()
}

fn leads(board: &Board, was: &[RowId], is: &[RowId]) -> String {
    let labels = |ids: &[RowId]| ids.iter().map(|id| label_of(board, *id)).collect::<Vec<_>>().join(", ");
    match (was, is) {
        ([one], [_]) if was == is => format!("{} still leads", label_of(board, *one)),
        (_, many) if was == is => format!("{} still level", labels(many)),
        (_, [RowId::Other]) => "nothing named leads".to_owned(),
        ([one], [other]) => format!("{} leads instead of {}", label_of(board, *other), label_of(board, *one)),
        (_, [one]) => format!("{} leads", label_of(board, *one)),
        (_, many) => format!("{} are level", labels(many)),
    }
}

fn label_of(board: &Board, id: RowId) -> &str {
    match id {
        RowId::Named(id) => board.hypothesis(id).map_or("", |row| &row.label),
        RowId::Other => "–",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::ranking::sketch::{column_id, sketch};

    #[track_caller]
    fn check(board: &str, column: usize, text: &str, turns: bool) {
        let expected = Some(Without { text: text.to_owned(), turns });
        assert_eq!(without(&sketch(board), column_id(column)), expected);
    }

    #[test]
    fn how_much_hangs_on_a_column() {
        let board = "present present present\n A # # .\n B + . #\n C . + . refuted";
        check(board, 0, "without s1: A +2.1, B +2.1 — A, B are level", true);
        check(board, 1, "without s2: B +3.3, A +2.1 — B leads instead of A", true);
        check(board, 2, "without s3: A +4.2, B +1.2 — A still leads", false);
        // Of an origin only this column goes.
        check("present/o present/o\n A # +\n B + +", 0, "without s1: A +1.2, B +1.2 — A, B are level", true);
        check("present\n A #", 0, "without s1: A 0.0 — A still leads", false);
        check("absent\n A #", 0, "without s1: A 0.0 — A leads instead of –", true);
        check("absent absent absent\n A X X + rare", 0, "without s1: A -1.8 — nothing named leads", true);
        check("present present\n A # .\n B # .", 1, "without s2: A +2.1, B +2.1 — A, B still level", false);
        check("present\n A # refuted", 0, "without s1: no row is live", false);
    }

    #[test]
    fn what_counts_for_nothing() {
        check("untested\n A #", 0, "s1 is untested: the order is the same without it", false);
        check("unclear\n A #", 0, "s1 is unclear: the order is the same without it", false);
        check("present present*\n A # .\n B . #", 1, "with s2: A +2.1, B +2.1 — A, B are level", true);
        assert_eq!(without(&sketch("present\n A #"), column_id(7)), None);
    }
}
