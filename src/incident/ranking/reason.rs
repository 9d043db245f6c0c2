//! The lines under a row: what each origin weighs, and why, in words. They add up to the row's number.
//!
//! Made when someone asks, not with the ranking: a large board has tens of thousands of them and re-ranks at every key.

use super::{
    RowId, Tenths,
    matrix::Matrix,
    weight::{CHANGED, OTHER_PRIOR},
};
use crate::incident::{
    Board, Id,
    board::{Cell, Observation, ObservationState},
};

/// One line under a row: what it weighs, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The bits it adds to the row.
    pub bits: Tenths,
    /// The observations it comes from; none for a prior.
    pub observations: Vec<Id>,
    /// The reason in words: `5xx on checkout: expected for certain, and it is there`.
    pub text: String,
}

/// How many observations of one origin are put in words; the rest are counted.
const SPELLED_OUT: usize = 3;

/// Why a row has the number it has: its prior, then each origin in order of its columns. A row that is not on the board
/// has no reasons.
pub fn reasons(board: &Board, row: RowId) -> Vec<Reason> {
    reasons_in(&Matrix::of(board, Observation::counts), row)
}

pub(in crate::incident) fn reasons_in(matrix: &Matrix<'_>, row: RowId) -> Vec<Reason> {
    match row {
        RowId::Other => reasons_of_other(matrix),
        RowId::Named(id) => {
            let at = matrix.board.hypotheses.iter().position(|row| row.id == id);
            at.map_or_else(Vec::new, |at| reasons_of_row(matrix, at))
        }
    }
}

/// What a column says of a row, in words: `5xx on checkout: expected for certain, and it is there`.
pub(in crate::incident) fn words(column: &Observation, cell: Cell) -> String {
    let said = match cell {
        Cell::Must => "expected for certain",
        Cell::Likely => "expected",
        Cell::Unlikely => "not expected",
        Cell::Cannot => "ruled out by this cause",
        Cell::Neutral => "it says nothing of this",
        Cell::Unassessed => "not assessed",
    };
    let agrees = match column.state {
        ObservationState::Present => !matches!(cell, Cell::Unlikely | Cell::Cannot),
        _ => !matches!(cell, Cell::Must | Cell::Likely),
    };
    let but = if agrees { "and" } else { "yet" };
    match column.state {
        ObservationState::Present => format!("{}: {said}, {but} it is there", column.text),
        ObservationState::Absent => format!("{}: {said}, {but} it is not there", column.text),
        state => format!("{}: {said}, {}", column.text, state.word()),
    }
}

fn reasons_of_row(matrix: &Matrix<'_>, row: usize) -> Vec<Reason> {
    let hypothesis = matrix.hypothesis(row);
    let mut reasons = vec![of_prior(hypothesis.prior.bits(), format!("{} cause", hypothesis.prior.word()))];
    if hypothesis.changed {
        reasons.push(of_prior(CHANGED, "changed shortly before the onset".to_owned()));
    }
    for (origin, columns) in matrix.origins.iter().enumerate() {
        let sum = matrix.sum(row, origin);
        if sum.count == 0 {
            continue;
        }
        let counted = counted(matrix, columns);
        let said: Vec<_> = counted.filter(|&column| speaks(matrix.cell(row, column))).collect();
        let words: Vec<_> = said.iter().map(|&c| words(matrix.column(c), matrix.cell(row, c))).collect();
        reasons.push(Reason {
            bits: sum.mean(),
            observations: ids(matrix, &said),
            text: averaged(matrix, &said, &words),
        });
    }
    reasons
}

fn reasons_of_other(matrix: &Matrix<'_>) -> Vec<Reason> {
    if matrix.board.hypotheses.is_empty() {
        return Vec::new();
    }
    let mut reasons = vec![of_prior(OTHER_PRIOR, "a cause nobody has named is rare".to_owned())];
    for (origin, columns) in matrix.origins.iter().enumerate().filter(|(origin, _)| matrix.has_present[*origin]) {
        let counted: Vec<_> = counted(matrix, columns).collect();
        let texts: Vec<_> = counted.iter().map(|&column| matrix.column(column).text.clone()).collect();
        reasons.push(Reason {
            bits: matrix.mean_of_live(matrix.given_to_live(origin)),
            observations: ids(matrix, &counted),
            text: format!("{}: explained as well as by the average row", averaged(matrix, &counted, &texts)),
        });
    }
    // The number is rounded once, each line for itself.
    let rounding = matrix.other_bits() - reasons.iter().map(|reason| reason.bits).sum();
    if rounding != Tenths::default() {
        reasons.push(of_prior(rounding, "the lines above are rounded one by one, their sum is not".to_owned()));
    }
    reasons
}

fn of_prior(bits: Tenths, text: String) -> Reason {
    Reason { bits, observations: Vec::new(), text }
}

/// One observation speaks for itself; several of one origin are named together, because they were averaged.
fn averaged(matrix: &Matrix<'_>, columns: &[usize], words: &[String]) -> String {
    let [first, _, ..] = columns else { return words.concat() };
    let origin = matrix.column(*first).origin.as_deref().unwrap_or_default();
    let spelled = words[..words.len().min(SPELLED_OUT)].join("; ");
    let more = match words.len().saturating_sub(SPELLED_OUT) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("{origin}, mean of {}: {spelled}{more}", words.len())
}

fn counted<'m>(matrix: &'m Matrix<'_>, columns: &'m [usize]) -> impl Iterator<Item = usize> + 'm {
    columns.iter().copied().filter(|column| matrix.counting.binary_search(column).is_ok())
}

fn speaks(cell: Cell) -> bool {
    !matches!(cell, Cell::Neutral | Cell::Unassessed)
}

fn ids(matrix: &Matrix<'_>, columns: &[usize]) -> Vec<Id> {
    columns.iter().map(|&column| matrix.column(column).id).collect()
}
