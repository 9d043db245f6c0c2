//! Smallest sets of hypotheses that explain what is seen, and what nothing explains.
//!
//! A row explains a present column when it expects it (`#` or `+`). Finding a smallest set is a minimum hitting set over
//! the columns; up to [`EXACT_UP_TO`] live rows all of them are found, above that one small set is built greedily.

use fixedbitset::FixedBitSet;

use super::{
    Board, Id, Ranking,
    board::{Cell, Observation, ObservationState},
    ranking::{Matrix, expects},
};

/// Live rows up to which the smallest sets are exact.
pub const EXACT_UP_TO: usize = 20;

/// Sets listed at most.
pub const MOST_SETS: usize = 100;

/// The smallest sets of live rows that together explain everything that any of them explains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Covers {
    /// Each in order of the ranking; none when there is nothing to explain.
    pub sets: Vec<Vec<Id>>,
    /// Whether there are more than are listed.
    pub truncated: bool,
    /// Whether these are surely the smallest; above [`EXACT_UP_TO`] live rows one set is built greedily.
    pub exact: bool,
}

/// Present columns that no live row expects, in order of the board.
pub fn unexplained(board: &Board) -> Vec<Id> {
    let matrix = Matrix::of(board, Observation::counts);
    let nobody = |&column: &usize| !matrix.live.iter().any(|&row| expects(matrix.cell(row, column)));
    present(&matrix).filter(nobody).map(|column| matrix.column(column).id).collect()
}

/// Columns on which all live rows say the same, so that they tell none from another. Nothing agrees with itself alone,
/// and what was not assessed is no agreement.
pub fn agreed(board: &Board) -> Vec<Id> {
    let matrix = Matrix::of(board, Observation::counts);
    let [first, others @ ..] = &*matrix.live else { return Vec::new() };
    let same = |&column: &usize| {
        let cell = matrix.cell(*first, column);
        cell != Cell::Unassessed && others.iter().all(|&row| matrix.cell(row, column) == cell)
    };
    if others.is_empty() {
        return Vec::new();
    }
    (0..board.observations.len()).filter(same).map(|column| matrix.column(column).id).collect()
}

/// The smallest sets, those found first preferring rows that lead in `ranking`.
pub fn covers(board: &Board, ranking: &Ranking) -> Covers {
    let matrix = Matrix::of(board, Observation::counts);
    let rows = live_by_rank(&matrix, ranking);
    // Per column the rows that explain it.
    let mut columns: Vec<FixedBitSet> = present(&matrix)
        .map(|column| (0..rows.len()).filter(|&at| expects(matrix.cell(rows[at], column))).collect())
        .filter(|explainers: &FixedBitSet| !explainers.is_clear())
        .collect();
    if columns.is_empty() {
        return Covers { exact: true, ..Covers::default() };
    }
    keep_hardest(&mut columns);
    let exact = rows.len() <= EXACT_UP_TO;
    let mut sets = if exact { all_smallest(&columns) } else { vec![greedy(&columns, rows.len())] };
    let truncated = sets.len() > MOST_SETS;
    sets.truncate(MOST_SETS);
    let ids = |set: Vec<usize>| set.into_iter().map(|at| matrix.hypothesis(rows[at]).id).collect();
    Covers { sets: sets.into_iter().map(ids).collect(), truncated, exact }
}

fn present<'m>(matrix: &'m Matrix<'_>) -> impl Iterator<Item = usize> + 'm {
    matrix.counting.iter().copied().filter(|&column| matrix.state(column) == ObservationState::Present)
}

/// Places on the board of the live rows, best first.
fn live_by_rank(matrix: &Matrix<'_>, ranking: &Ranking) -> Vec<usize> {
    let place = |row: &usize| ranking.named().position(|(id, _)| id == matrix.hypothesis(*row).id);
    let mut rows = matrix.live.clone();
    rows.sort_by_cached_key(|row| place(row).unwrap_or(usize::MAX));
    rows
}

/// Drops each column that is explained whenever another one is: its rows include all of that one's.
fn keep_hardest(columns: &mut Vec<FixedBitSet>) {
    columns.sort_by_cached_key(|column| (column.count_ones(..), column.ones().collect::<Vec<_>>()));
    columns.dedup_by(|a, b| a.ones().eq(b.ones()));
    let mut kept: Vec<FixedBitSet> = Vec::new();
    for column in columns.drain(..) {
        if !kept.iter().any(|known| known.is_subset(&column)) {
            kept.push(column);
        }
    }
    *columns = kept;
}

/// All smallest sets, in order of their first rows; one more than is listed at most. Sets of one row are tried, then
/// of two, and so on, so the first size that works is the smallest.
fn all_smallest(columns: &[FixedBitSet]) -> Vec<Vec<usize>> {
    let masks: Vec<u32> = columns.iter().map(|column| column.ones().fold(0, |mask, row| mask | 1 << row)).collect();
    let mut found = Vec::new();
    for size in 1..=EXACT_UP_TO as u32 {
        extend(&masks, 0, 0, size, &mut found);
        if !found.is_empty() {
            break;
        }
    }
    let rows = |mask: u32| (0..EXACT_UP_TO).filter(|row| mask >> row & 1 == 1).collect::<Vec<_>>();
    let mut sets: Vec<_> = found.into_iter().map(rows).collect();
    sets.sort_unstable();
    sets
}

/// Branches on the rows of the first column not yet explained. A row that was tried is barred from the branches after
/// it, so that no set is found twice.
fn extend(columns: &[u32], taken: u32, barred: u32, left: u32, found: &mut Vec<u32>) {
    let Some(open) = columns.iter().filter(|&&column| column & taken == 0).min_by_key(|&&c| (c & !barred).count_ones())
    else {
        found.push(taken);
        return;
    };
    if left == 0 || !enough_left(columns, taken, left) {
        return;
    }
    let mut barred = barred;
    let mut rows = open & !barred;
    while rows != 0 && found.len() <= MOST_SETS {
        let row = rows & rows.wrapping_neg();
        extend(columns, taken | row, barred, left - 1, found);
        barred |= row;
        rows &= !row;
    }
}

/// Whether the open columns could be explained by `left` more rows: columns that share no row need one each.
fn enough_left(columns: &[u32], taken: u32, left: u32) -> bool {
    let mut used = 0;
    let mut needed = 0;
    for &column in columns.iter().filter(|&&column| column & taken == 0) {
        if column & used == 0 {
            used |= column;
            needed += 1;
        }
    }
    needed <= left
}

/// Takes the row that explains most of what is left, the leader of equals, until all is explained; then drops rows that
/// the later ones made needless.
fn greedy(columns: &[FixedBitSet], rows: usize) -> Vec<usize> {
    let mut set = Vec::new();
    let mut open: Vec<_> = columns.iter().collect();
    while !open.is_empty() {
        let explains = |row: &usize| open.iter().filter(|column| column.contains(*row)).count();
        let Some(best) = (0..rows).max_by_key(|row| (explains(row), std::cmp::Reverse(*row))) else { break };
        open.retain(|column| !column.contains(best));
        set.push(best);
    }
    for row in set.clone() {
        let without = |column: &FixedBitSet| set.iter().any(|&other| other != row && column.contains(other));
        if columns.iter().all(without) {
            set.retain(|&other| other != row);
        }
    }
    set.sort_unstable();
    set
}
