//! Where the order should be doubted: a lead that hangs on a blank cell, a row the evidence speaks against, a row about
//! to be confirmed on signs it shares, a hand that orders otherwise than the evidence.
//!
//! Nothing here decides anything. Each is a question or an offer; refuting and confirming are a person's.

use super::{Ranking, Row, RowId, Tenths, expects, matrix::Matrix, matrix::Sum, reason::words, weight};
use crate::incident::{
    Board, Id,
    board::{Cell, Observation, ObservationState},
};

/// A live row that the coach may offer to refute.
#[derive(Clone, Debug, PartialEq)]
pub struct Refutation {
    /// The row that could be refuted.
    pub hypothesis: Id,
    /// What speaks against it: an `X` that is present, or a `#` that is absent.
    pub observations: Vec<Id>,
    /// The reason to be recorded, filled in: `s4 lookups are slow: expected for certain, yet it is not there`.
    pub reason: String,
}

/// Two neighbours in the order by hand that the evidence puts the other way round.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// The row the hand puts above.
    pub above: RowId,
    /// The row the evidence puts above.
    pub below: RowId,
    /// By how much.
    pub bits: Tenths,
}

/// Live rows that contradict what is known, in order of the board. Coincidences contradict nothing.
pub fn refutations(board: &Board) -> Vec<Refutation> {
    let offer = |row: &super::super::Hypothesis| {
        let against: Vec<_> = contradicting(board, row.id).collect();
        let line = |column: &&Observation| format!("{} {}", column.label, words(column, board.cell(row.id, column.id)));
        (!against.is_empty()).then(|| Refutation {
            hypothesis: row.id,
            observations: against.iter().map(|column| column.id).collect(),
            reason: against.iter().map(line).collect::<Vec<_>>().join("; "),
        })
    };
    board.live().filter_map(offer).collect()
}

/// What contradicts one row: an `X` that is present, or a `#` that is absent. In order of the board.
pub fn contradictions(board: &Board, hypothesis: Id) -> Vec<Id> {
    contradicting(board, hypothesis).map(|column| column.id).collect()
}

fn contradicting(board: &Board, row: Id) -> impl Iterator<Item = &Observation> {
    let columns = board.observations.iter().filter(|column| column.counts());
    columns.filter(move |column| contradicts(board.cell(row, column.id), column.state))
}

/// Whether nothing on the board has spoken, or could speak, against a live row: it expects only what is present anyway and
/// says nothing of the rest. What nobody has assessed may still say something.
pub fn is_untestable(board: &Board, hypothesis: Id) -> bool {
    let live = board.hypothesis(hypothesis).is_some_and(|row| row.state.is_live());
    let fits = |column: &Observation| match (board.cell(hypothesis, column.id), column.state) {
        (Cell::Neutral, _) => true,
        (Cell::Must | Cell::Likely, state) => state == ObservationState::Present,
        (Cell::Unlikely | Cell::Cannot | Cell::Unassessed, _) => false,
    };
    live && !board.observations.is_empty() && board.observations.iter().all(fits)
}

/// Columns that could still refute a row, or that could have and did not: it says `#` or `X`, and that is not yet borne out
/// by something present that it was made to explain. A row without any has risked nothing.
pub fn could_be_refuted(board: &Board, hypothesis: Id) -> bool {
    board.observations.iter().filter(|column| !column.coincidence).any(|column| {
        match (board.cell(hypothesis, column.id), column.state) {
            (Cell::Must, state) => state != ObservationState::Present,
            (Cell::Cannot, _) => true,
            _ => false,
        }
    })
}

/// Present columns that this row expects and no other live row does. Confirming a row without any deserves a warning:
/// whatever it explains, a rival explains too.
pub fn own_signs(board: &Board, hypothesis: Id) -> Vec<Id> {
    let present = board.observations.iter().filter(|c| c.counts() && c.state == ObservationState::Present);
    let own = |column: &&Observation| {
        let shared = board.live().any(|row| row.id != hypothesis && expects(board.cell(row.id, column.id)));
        expects(board.cell(hypothesis, column.id)) && !shared
    };
    present.filter(own).map(|column| column.id).collect()
}

/// The order to show when a person has ranked by hand: their live rows as they put them, then the live rows they did not
/// place, then the rest, each in order of evidence. Without an order by hand it is the order of evidence.
pub fn by_hand(ranking: &Ranking, board: &Board) -> Vec<RowId> {
    let place = |row: &&Row| match row.id {
        _ if !row.state.is_live() => usize::MAX,
        RowId::Named(id) => board.hand_order.iter().position(|known| *known == id).unwrap_or(usize::MAX - 1),
        RowId::Other => usize::MAX - 1,
    };
    let mut rows: Vec<_> = ranking.rows.iter().collect();
    rows.sort_by_key(place);
    rows.into_iter().map(|row| row.id).collect()
}

/// Where the order by hand and the order of evidence disagree. Ties are no disagreement. Neighbours are enough: an order
/// whose neighbours all agree agrees as a whole.
pub fn disagreements(ranking: &Ranking, board: &Board) -> Vec<Disagreement> {
    if board.hand_order.is_empty() {
        return Vec::new();
    }
    let order = by_hand(ranking, board);
    let rows: Vec<_> = order.iter().filter_map(|id| ranking.row(*id)).filter(|row| row.state.is_live()).collect();
    let neighbours = rows.windows(2).filter(|pair| pair[0].bits < pair[1].bits);
    neighbours
        .map(|pair| Disagreement { above: pair[0].id, below: pair[1].id, bits: pair[1].bits - pair[0].bits })
        .collect()
}

/// Whether the first of `rows` would lose its lead if its `?`, or those of one rival, were filled at their worst.
pub(super) fn is_shaky(matrix: &Matrix<'_>, rows: &[Row]) -> bool {
    let [first, second, ..] = rows else { return false };
    if first.rank == second.rank {
        return false; // there is no lead to lose
    }
    let at = |row: &Row| matrix.live.iter().copied().find(|&at| RowId::Named(matrix.hypothesis(at).id) == row.id);
    let lowest = at(first).map_or(first.bits, |leader| filled(matrix, leader, Fill::Worst));
    let rivals = rows[1..].iter().filter(|row| row.state.is_live());
    rivals.into_iter().any(|rival| match at(rival) {
        Some(rival) => lowest <= filled(matrix, rival, Fill::Best),
        None => lowest < rival.bits, // `other` has nothing to fill, and loses ties
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Fill {
    Worst,
    Best,
}

/// The number of a row with every `?` filled so that the row comes out worst, or best.
fn filled(matrix: &Matrix<'_>, row: usize, fill: Fill) -> Tenths {
    let mut blanks = vec![(0, 0); matrix.origins.len()];
    for &(column, origin, state) in &matrix.settled {
        if matrix.cell(row, column) == Cell::Unassessed {
            let (present, absent) = &mut blanks[origin];
            *(if state == ObservationState::Present { present } else { absent }) += 1;
        }
    }
    let change = |(origin, &(present, absent)): (usize, &(usize, usize))| {
        let sum = matrix.sum(row, origin);
        extreme(sum, present, absent, fill) - sum.mean()
    };
    matrix.bits(row) + blanks.iter().enumerate().map(change).sum()
}

/// The least or greatest mean of an origin with `present` and `absent` cells left to fill. A cell that would pull the
/// mean back is filled with `.`, which leaves it as it is.
fn extreme(sum: Sum, present: usize, absent: usize, fill: Fill) -> Tenths {
    let (for_present, for_absent) = match fill {
        Fill::Worst => (Cell::Cannot, Cell::Must),
        Fill::Best => (Cell::Must, Cell::Cannot),
    };
    let present = std::iter::repeat_n(weight(for_present, ObservationState::Present), present);
    let absent = std::iter::repeat_n(weight(for_absent, ObservationState::Absent), absent);
    let mut sum = sum;
    for value in present.chain(absent).flatten() {
        let total = value.0 * sum.count as i32;
        let pulls_on = if fill == Fill::Worst { total < sum.tenths.0 } else { total > sum.tenths.0 };
        if sum.count == 0 && (value.0 < 0) == (fill == Fill::Worst) || pulls_on {
            sum = sum.with(Some(value));
        }
    }
    sum.mean()
}

fn contradicts(cell: Cell, state: ObservationState) -> bool {
    matches!((cell, state), (Cell::Cannot, ObservationState::Present) | (Cell::Must, ObservationState::Absent))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::incident::ranking::{
        rank,
        sketch::{row_id, sketch},
        tests::any_board,
    };

    #[track_caller]
    fn check_shaky(board: &str, expected: bool) {
        assert_eq!(rank(&sketch(board)).leader_is_shaky, expected, "{board}");
    }

    #[test]
    fn a_lead_that_hangs_on_a_blank_cell() {
        // B could be +2.1 on the blank, and draw level.
        check_shaky("  present present\n A # .\n B . ?", true);
        // B leads by 4.2; even an X of its own leaves it there, and no rival can reach it.
        check_shaky("  present present absent\n A X . #\n B # # ?", false);
        // The leader's own blank: an X would cost it 3.3.
        check_shaky("  present present\n A # ?\n B + .", true);
        // Nothing is blank; a tie is no lead; blanks of columns nobody has settled weigh nothing; refuted rows are no
        // rivals.
        check_shaky("  present present\n A # .\n B . #\n C . .", false);
        check_shaky("  present present\n A # ?\n B # ?", false);
        check_shaky("  present untested\n A # ?\n B . ?", false);
        check_shaky("  present present\n A # .\n B . ? refuted", false);
        check_shaky("  absent\n A #", false);
    }

    #[test]
    fn refuting_is_offered_with_its_reason() {
        let board = sketch(
            "  present absent absent*
             A X       #      #
             B #       .      #
             C X       .      .      refuted",
        );
        let offers = refutations(&board);
        assert_eq!(offers.len(), 1);
        assert_eq!(offers[0].hypothesis, row_id(0));
        assert_eq!(
            offers[0].reason,
            "s1 sign 1: ruled out by this cause, yet it is there; s2 sign 2: expected for certain, yet it is not there"
        );
    }

    #[test]
    fn a_row_that_has_risked_something() {
        let risks = |text: &str| could_be_refuted(&sketch(text), row_id(0));
        assert!(risks("present untested\n A # #"), "it may turn out absent");
        assert!(risks("present untested\n A # X"), "it may turn out present");
        assert!(risks("present absent\n A # X"), "it could have, and did not");
        assert!(risks("present unclear\n A # #"), "nobody could tell yet");
        assert!(!risks("present untested\n A # +"), "likely refutes nothing");
        assert!(!risks("present untested*\n A # X"), "a coincidence neither");
        assert!(!risks("present untested\n A # ?"));
        assert!(!risks("present present\n A # #"), "made to explain what was there");
    }

    #[test]
    fn own_signs_are_shared_with_no_live_rival() {
        let board = sketch(
            "  present present present* absent present
             A #       +       #        #      .
             B +       -       .        .      #
             C .       #       .        .      .      refuted",
        );
        let signs = |row| own_signs(&board, row_id(row)).len();
        assert_eq!([signs(0), signs(1), signs(2)], [1, 1, 0]);
        assert_eq!(own_signs(&board, row_id(0)), [board.observations[1].id]);
    }

    #[test]
    fn the_hand_and_the_evidence_disagree() {
        let mut board = sketch(
            "  present
             A #
             B +
             C .
             D #     refuted
             E +",
        );
        let ranking = rank(&board);
        let named = |row| RowId::Named(row_id(row));
        assert_eq!(disagreements(&ranking, &board), []);
        // B, A by hand; E and C were not placed; D is refuted whatever the hand says.
        board.hand_order = vec![row_id(3), row_id(1), row_id(0)];
        let order = by_hand(&ranking, &board);
        assert_eq!(order, [named(1), named(0), named(4), named(2), RowId::Other, named(3)]);
        let expected = Disagreement { above: named(1), below: named(0), bits: Tenths(9) };
        assert_eq!(disagreements(&ranking, &board), [expected]);
    }

    /// Every way of filling the blanks of a row, as numbers.
    fn fillings(board: &Board, row: Id) -> Vec<Tenths> {
        let blank = board.observations.iter().find(|c| c.counts() && board.cell(row, c.id) == Cell::Unassessed);
        let Some(blank) = blank.map(|column| column.id) else {
            return rank(board).row(RowId::Named(row)).map(|row| row.bits).into_iter().collect();
        };
        let filled = |cell| {
            let mut board = board.clone();
            board.set_cell(row, blank, cell, "bob");
            fillings(&board, row)
        };
        [Cell::Must, Cell::Likely, Cell::Neutral, Cell::Unlikely, Cell::Cannot].into_iter().flat_map(filled).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn shaky_is_what_filling_every_blank_shows(board in any_board(3, 4)) {
            let ranking = rank(&board);
            let mut rows = ranking.rows.iter();
            let leader = rows.next().expect("other at least");
            let tied = ranking.leader().is_none();
            let range = |row: &Row| match row.id {
                RowId::Named(id) => fillings(&board, id),
                RowId::Other => vec![row.bits],
            };
            let lowest = range(leader).into_iter().min();
            let expected = !tied && rows.filter(|row| row.state.is_live()).any(|rival| {
                let best = range(rival).into_iter().max();
                if rival.id == RowId::Other { lowest < best } else { lowest <= best }
            });
            prop_assert_eq!(ranking.leader_is_shaky, expected);
        }
    }
}
