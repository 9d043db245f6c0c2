//! Which hypothesis the evidence favours, and why, in numbers that add up.
//!
//! The score is a weight of evidence: naive Bayes in bits, with five levels of expectation and three of prior, so that a
//! tired person can fill it and an expert can check it.
//!
//! ```text
//! bits(row) = prior + changed + Σ over origins of the mean weight of its settled observations that the row speaks of
//! other     = -1.6 + Σ over origins with a present observation of the mean over the live rows of what they get there
//! ```
//!
//! For a row each origin's mean is rounded half away from zero to a tenth; for `other` the whole sum is, once, so that many
//! columns do not add up to a drift. Either way each number is exactly the sum of its [`reasons`]. The weights stand in
//! [`weight`](self::weight()).
//!
//! Top-1 with all findings known, on diagnosis networks with a known truth: five-level weights .82 and .93 (exact
//! posterior .89 and .93), counting explained symptoms .35 and .83, counting contradictions (ACH) .65 and .86.

mod doubt;
mod matrix;
mod reason;
mod scores;
#[cfg(test)]
pub(super) mod sketch;
mod turn;
mod weight;
mod without;

use super::{
    Board, Id,
    board::{Cell, HypothesisState, Observation, ObservationState},
};
pub use doubt::{
    Disagreement, Refutation, by_hand, contradictions, could_be_refuted, disagreements, is_untestable, own_signs,
    refutations,
};
pub(super) use matrix::{Matrix, expects};
use matrix::{Tally, prior_bits};
pub(super) use reason::reasons_in;
pub use reason::{Reason, reasons};
pub(super) use scores::{Scores, Standing};
pub use turn::{Lead, Turn};
use weight::OTHER_PRIOR;
pub use weight::{BASE_RATE, Tenths, chance, weight};
pub use without::{Without, without};

/// A row of the ranking: a hypothesis, or what is not on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowId {
    /// A hypothesis.
    Named(Id),
    /// Something not on this board.
    Other,
}

/// What [`RowId::Other`] is called.
pub const OTHER: &str = "something not on this board";

/// A hypothesis with its score. Why it has this score: [`reasons`].
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The hypothesis, or what is not on the board.
    pub id: RowId,
    /// Where it stands; what is not on the board is always open.
    pub state: HypothesisState,
    /// Its place, dense from 1; rows that tie share it.
    pub rank: usize,
    /// The sum of its reasons.
    pub bits: Tenths,
    /// What observations alone add to it: without how common such a cause is, and without what changed.
    pub evidence: Tenths,
    /// Present columns it expects, with `#` or `+`.
    pub explains: usize,
    /// All present columns that count.
    pub of: usize,
    /// Columns that weigh against it.
    pub against: usize,
    /// Settled columns it has not been held against.
    pub not_assessed: usize,
}

/// The board judged. [`Default`] is an empty board, which has a row for what is not on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Best first, every row of the board and `other`.
    pub rows: Vec<Row>,
    /// Whether the leader would lose its lead if a `?` of its own or of one rival were filled: `≈`.
    pub leader_is_shaky: bool,
}

impl Default for Ranking {
    fn default() -> Self {
        rank(&Board::default())
    }
}

impl Ranking {
    /// The first row, if no other ties with it.
    pub fn leader(&self) -> Option<&Row> {
        match &*self.rows {
            [first, second, ..] if first.rank == second.rank => None,
            rows => rows.first(),
        }
    }

    /// The row of a hypothesis.
    pub fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Whether more speaks against every live row than for it, priors aside: then the order says which of them is the least
    /// bad, and the cause is probably on none. What a person has confirmed holds up by their word.
    pub fn nothing_holds_up(&self) -> bool {
        let mut live = self.named().map(|(_, row)| row).filter(|row| row.state.is_live()).peekable();
        let fails = |row: &Row| row.evidence < Tenths::default() && row.state != HypothesisState::Confirmed;
        live.peek().is_some() && live.all(fails)
    }

    /// Named rows, best first.
    pub fn named(&self) -> impl Iterator<Item = (Id, &Row)> {
        self.rows.iter().filter_map(|row| match row.id {
            RowId::Named(id) => Some((id, row)),
            RowId::Other => None,
        })
    }

    /// How much each live row is believed, `other` included, in the order of the ranking; they add up to 1. For
    /// arithmetic such as "impact over the belief in all rows", never to be shown as percentages.
    pub fn beliefs(&self) -> Vec<(RowId, f64)> {
        let live: Vec<_> = self.rows.iter().filter(|row| row.state.is_live()).collect();
        let bits: Vec<_> = live.iter().map(|row| row.bits.bits()).collect();
        live.iter().map(|row| row.id).zip(softmax(&bits)).collect()
    }
}

/// Judges a board.
pub fn rank(board: &Board) -> Ranking {
    rank_matrix(&Matrix::of(board, Observation::counts))
}

/// Judges a board with only some of its columns as evidence: what it would say without one of them, or with those
/// flagged as coincidences. Columns that are not settled never count.
pub fn rank_with(board: &Board, counts: impl Fn(&Observation) -> bool) -> Ranking {
    rank_matrix(&Matrix::of(board, |column| column.state.is_settled() && counts(column)))
}

pub(super) fn rank_matrix(matrix: &Matrix<'_>) -> Ranking {
    let of = matrix.counting.iter().filter(|&&c| matrix.state(c) == ObservationState::Present).count();
    let mut rows: Vec<_> = (0..matrix.board.hypotheses.len())
        .map(|at| (judge(matrix, at, of), cheapest_check(matrix, at), matrix.hypothesis(at).stoppable))
        .collect();
    rows.push((other(matrix, of), f64::INFINITY, false));
    // A stable sort, so that the oldest stays first among equals.
    rows.sort_by(|(a, a_minutes, a_stops), (b, b_minutes, b_stops)| {
        let by_evidence = evidence_key(a).cmp(&evidence_key(b));
        by_evidence.then_with(|| b_stops.cmp(a_stops)).then_with(|| a_minutes.total_cmp(b_minutes))
    });
    let mut rows: Vec<_> = rows.into_iter().map(|row| row.0).collect();
    give_ranks(&mut rows);
    let leader_is_shaky = doubt::is_shaky(matrix, &rows);
    Ranking { rows, leader_is_shaky }
}

fn judge(matrix: &Matrix<'_>, at: usize, of: usize) -> Row {
    let hypothesis = matrix.hypothesis(at);
    let Tally { explains, against, not_assessed } = matrix.tally(at);
    let (id, state, bits) = (RowId::Named(hypothesis.id), hypothesis.state, matrix.bits(at));
    let evidence = bits - prior_bits(hypothesis);
    Row { id, state, rank: 0, bits, evidence, explains, of, against, not_assessed }
}

fn other(matrix: &Matrix<'_>, of: usize) -> Row {
    let (id, state, bits) = (RowId::Other, HypothesisState::Open, matrix.other_bits());
    let evidence = if matrix.board.hypotheses.is_empty() { bits } else { bits - OTHER_PRIOR };
    Row { id, state, rank: 0, bits, evidence, explains: 0, of, against: 0, not_assessed: 0 }
}

/// The order of evidence; what is left equal by it shares a rank. `other` loses ties.
type EvidenceKey = (u8, std::cmp::Reverse<Tenths>, bool);

fn evidence_key(row: &Row) -> EvidenceKey {
    order(row.id, row.state, row.bits)
}

fn order(id: RowId, state: HypothesisState, bits: Tenths) -> EvidenceKey {
    let class = match state {
        HypothesisState::Parked => 1,
        HypothesisState::Refuted => 2,
        HypothesisState::Open | HypothesisState::Testing | HypothesisState::Confirmed => 0,
    };
    (class, std::cmp::Reverse(bits), id == RowId::Other)
}

fn give_ranks(rows: &mut [Row]) {
    let mut rank = 0;
    let mut last = None;
    for row in rows {
        let key = Some(evidence_key(row));
        rank += usize::from(key != last);
        row.rank = rank;
        last = key;
    }
}

/// Minutes of the cheapest untested column that would speak for or against a row. It depends on the board alone, not on
/// the value of the check, so that the order of rows and the order of checks do not wait for each other.
fn cheapest_check(matrix: &Matrix<'_>, row: usize) -> f64 {
    let speaks = |column: usize| !matches!(matrix.cell(row, column), Cell::Neutral | Cell::Unassessed);
    let speaking = matrix.untested.iter().filter(|(column, _)| speaks(*column));
    speaking.map(|(_, minutes)| *minutes).fold(f64::INFINITY, f64::min)
}

/// Chances proportional to `2^bits` that add up to 1.
pub(super) fn softmax(bits: &[f64]) -> Vec<f64> {
    let greatest = bits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<_> = bits.iter().map(|bits| (bits - greatest).exp2()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

#[cfg(test)]
pub(super) mod tests;
