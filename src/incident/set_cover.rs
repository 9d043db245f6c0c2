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
const MOST_SETS: usize = 100;

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
    unexplained_in(&Matrix::of(board, Observation::counts))
}

pub(super) fn unexplained_in(matrix: &Matrix<'_>) -> Vec<Id> {
    let nobody = |&column: &usize| !matrix.live.iter().any(|&row| expects(matrix.cell(row, column)));
    present(matrix).filter(nobody).map(|column| matrix.column(column).id).collect()
}

/// Columns on which all live rows say the same, so that they tell none from another. Nothing agrees with itself alone,
/// and what was not assessed is no agreement.
pub fn agreed(board: &Board) -> Vec<Id> {
    agreed_in(&Matrix::of(board, Observation::counts))
}

pub(super) fn agreed_in(matrix: &Matrix<'_>) -> Vec<Id> {
    let [first, others @ ..] = &*matrix.live else { return Vec::new() };
    let same = |&column: &usize| {
        let cell = matrix.cell(*first, column);
        cell != Cell::Unassessed && others.iter().all(|&row| matrix.cell(row, column) == cell)
    };
    if others.is_empty() {
        return Vec::new();
    }
    (0..matrix.board.observations.len()).filter(same).map(|column| matrix.column(column).id).collect()
}

/// The smallest sets, those found first preferring rows that lead in `ranking`.
pub fn covers(board: &Board, ranking: &Ranking) -> Covers {
    covers_in(&Matrix::of(board, Observation::counts), ranking)
}

pub(super) fn covers_in(matrix: &Matrix<'_>, ranking: &Ranking) -> Covers {
    let rows = live_by_rank(matrix, ranking);
    // Per column the rows that explain it.
    let mut columns: Vec<FixedBitSet> = present(matrix)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::incident::ranking::{
        rank,
        sketch::{column_id, row_id, sketch},
        tests::any_board,
    };

    #[track_caller]
    fn check(board: &str, expected: &[&[usize]]) {
        let board = sketch(board);
        let covers = covers(&board, &rank(&board));
        let expected: Vec<Vec<_>> = expected.iter().map(|set| set.iter().map(|row| row_id(*row)).collect()).collect();
        assert_eq!(covers, Covers { sets: expected, truncated: false, exact: true });
    }

    #[test]
    fn smallest_sets() {
        check("present present\n A # +\n B # .", &[&[0]]);
        check("present present\n A # .\n B . +\n C # -", &[&[0, 1], &[1, 2]]);
        // Nobody explains the second; refuted rows explain nothing; there may be nothing to explain.
        check("present present\n A # .\n B + ? \n C . # refuted", &[&[0], &[1]]);
        check("absent untested\n A # #", &[]);
        check("present", &[]);
    }

    #[test]
    fn many_sets_are_cut_off() {
        // Seven columns, each explained by two rows of its own: 2^7 sets of seven.
        let cell = |row: usize, column: usize| if row / 2 == column { "# " } else { ". " };
        let row = |row| format!("R{row} {}\n", (0..7).map(|column| cell(row, column)).collect::<String>());
        let text = format!("{}\n{}", "present ".repeat(7), (0..14).map(row).collect::<String>());
        let board = sketch(&text);
        let covers = covers(&board, &rank(&board));
        assert!(covers.truncated && covers.exact);
        assert_eq!(covers.sets.len(), MOST_SETS);
        assert!(covers.sets.iter().all(|set| set.len() == 7));
    }

    #[test]
    fn above_twenty_rows_it_is_greedy_and_says_so() {
        let cell = |row: usize, column: usize| if column < 3 && row == column || row == 20 { "# " } else { ". " };
        let row = |row| format!("R{row} {}\n", (0..4).map(|column| cell(row, column)).collect::<String>());
        let board = sketch(&format!("{}\n{}", "present ".repeat(4), (0..21).map(row).collect::<String>()));
        let covers = covers(&board, &rank(&board));
        assert_eq!(covers, Covers { sets: vec![vec![row_id(20)]], truncated: false, exact: false });
    }

    #[test]
    fn greedy_drops_what_later_rows_made_needless() {
        // Row 0 explains most and is taken first, but 1 and 2 are needed anyway and explain all of it.
        let columns: Vec<FixedBitSet> = [&[0, 1][..], &[0, 1], &[0, 2], &[0, 2], &[1], &[2]]
            .iter()
            .map(|rows| rows.iter().copied().collect())
            .collect();
        assert_eq!(greedy(&columns, 3), [1, 2]);
    }

    #[test]
    fn what_nothing_explains_and_what_tells_nothing_apart() {
        let board = sketch(
            "  present present* present absent untested
             A #       .        -       #      +
             B #       .        ?       +      +
             C +       #        #       #      ?      parked",
        );
        assert_eq!(unexplained(&board), [column_id(2)]);
        assert_eq!(agreed(&board), [column_id(0), column_id(1), column_id(4)]);
        assert_eq!(agreed(&sketch("present\n A #\n B # refuted")), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_subset_tried(board in any_board(7, 8)) {
            let live: Vec<_> = board.live().map(|row| row.id).collect();
            let expected = |row: Id, column: Id| "#+".contains(board.cell(row, column).sign());
            let present: Vec<_> = board.observations.iter().filter(|c| c.counts() && c.state == ObservationState::Present).collect();
            let (explained, not): (Vec<_>, Vec<_>) =
                present.iter().map(|c| c.id).partition(|c| live.iter().any(|row| expected(*row, *c)));
            prop_assert_eq!(unexplained(&board), not);
            let sets: Vec<Vec<Id>> = (1..1u32 << live.len())
                .map(|mask| (0..live.len()).filter(|at| mask >> at & 1 == 1).map(|at| live[at]).collect::<Vec<_>>())
                .filter(|set| explained.iter().all(|column| set.iter().any(|row| expected(*row, *column))))
                .collect();
            let least = sets.iter().map(Vec::len).min();
            let mut sets: Vec<_> = sets.into_iter().filter(|set| Some(set.len()) == least && !explained.is_empty()).collect();
            let ranking = rank(&board);
            let found = covers(&board, &ranking);
            let mut plain: Vec<Vec<Id>> = found.sets.iter().map(|set| { let mut set = set.clone(); set.sort(); set }).collect();
            plain.sort();
            sets.sort();
            prop_assert_eq!(plain, sets);
            prop_assert!(found.exact && !found.truncated);
            let place = |id: &Id| ranking.named().position(|(known, _)| known == *id);
            for set in &found.sets {
                prop_assert!(set.is_sorted_by_key(place));
            }
        }
    }
}
