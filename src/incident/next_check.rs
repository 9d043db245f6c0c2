//! What to look at next: the check that tells the rows apart best, for the time it costs.
//!
//! Belief is proportional to `2^bits` over the live rows and what is not on the board. For each untested column both
//! outcomes are scored as if they had been seen (with the mean of the column's origin, and `other` as ever). The gain is
//! how far belief is expected to move, in bits: the relative entropy of belief after to belief before, over both outcomes
//! (Lindley 1956). For exact probabilities that equals the expected drop of entropy; with rounded weights and averaged
//! origins the drop can come out below zero for a check that does tell something, the relative entropy cannot. On the
//! networks with known truth the two choose equally well.
//!
//! Gain per minute decides; two minutes of attention are added to each check, so that a hundred trivial ones do not beat a
//! good one.

use super::{
    Board, Id, Ranking,
    board::{Cell, Observation, ObservationState},
    ranking::{BASE_RATE, Matrix, RowId, Tenths, chance, softmax, weight},
};

/// Minutes of attention that any check costs beside its own.
const ATTENTION: f64 = 2.0;

/// A rival this near to the leader is strong: it has a quarter of its belief or more.
const STRONG: Tenths = Tenths(20);

/// An untested column, and what looking at it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct NextCheck {
    /// The column.
    pub observation: Id,
    /// Expected gain of information, in bits.
    pub gain: f64,
    /// Minutes it costs, attention not included.
    pub minutes: f64,
    /// Whether it only reads.
    pub read_only: bool,
    /// Whether one outcome contradicts the leader: it says `#` or `X` here.
    pub could_refute_leader: bool,
    /// The live rows it separates: those that rather expect it, best first …
    pub more: Vec<Id>,
    /// … from those that rather do not. Rows that were not assessed here are in neither.
    pub less: Vec<Id>,
    /// The strongest row near the top that was not assessed here: "first: would B show this too?"
    pub ask_first: Option<Id>,
}

impl NextCheck {
    /// What decides between checks: gain per minute, attention included.
    fn per_minute(&self) -> f64 {
        self.gain / (self.minutes + ATTENTION)
    }

    /// In words: `separates A from B, C: 0.5 bit, 1 min, read-only`.
    pub fn words(&self, board: &Board) -> String {
        let access = if self.read_only { "read-only" } else { "changes something" };
        let minutes = (self.minutes * 10.0).round() / 10.0;
        format!("{}: {:.1} bit, {minutes} min, {access}", self.separates(board), self.gain)
    }

    /// Which rows it separates, in words: `separates A from B, C`; where it separates none, what else it may tell.
    pub fn separates(&self, board: &Board) -> String {
        match (&*self.more, &*self.less) {
            ([], []) => self.tells(board),
            (more, less) => format!("separates {} from {}", labels(board, more), labels(board, less)),
        }
    }

    /// What it tells when no two rows say different things of it.
    fn tells(&self, board: &Board) -> String {
        let said: Vec<_> = board.live().map(|row| (row.id, board.cell(row.id, self.observation))).collect();
        let speaking = |wanted: fn(Cell) -> bool| -> Vec<Id> {
            said.iter().filter(|(_, cell)| wanted(*cell)).map(|(id, _)| *id).collect()
        };
        let all = speaking(|cell| cell != Cell::Unassessed);
        let could = speaking(|cell| matches!(cell, Cell::Must | Cell::Cannot));
        match (&*all, &*could) {
            _ if said.is_empty() => "no row is live that it could speak of".to_owned(),
            ([], _) => "nobody has said what a row expects of it".to_owned(),
            // All that were assessed say the same.
            (_, [one]) => format!("could prove {} wrong", labels(board, &[*one])),
            (_, [_, ..]) => format!("could prove {} wrong together", labels(board, &could)),
            (all, []) if said.iter().any(|(_, cell)| matches!(cell, Cell::Likely | Cell::Unlikely)) => {
                format!("speaks for or against {}", labels(board, all))
            }
            (all, []) => format!("says nothing of {}", labels(board, all)),
        }
    }

    /// The question to ask before the check is run, if there is one: `first: would B show this too?`
    pub fn question(&self, board: &Board) -> Option<String> {
        let row = board.hypothesis(self.ask_first?)?;
        Some(format!("first: would {} show this too?", row.label))
    }
}

/// All untested columns, best first: those that only read before those that change something, then by gain per minute, at
/// equal value the one that could contradict the leader, then the quickest, then the oldest. A check that tells nothing
/// comes after all that do, even if it only reads. Coincidences are not offered.
pub fn next_checks(board: &Board, ranking: &Ranking) -> Vec<NextCheck> {
    checks_in(&Matrix::of(board, Observation::counts), ranking)
}

pub(super) fn checks_in(matrix: &Matrix<'_>, ranking: &Ranking) -> Vec<NextCheck> {
    let judge = Judge::new(matrix, ranking);
    let mut checks: Vec<_> = matrix.untested.iter().map(|(column, _)| judge.check(*column)).collect();
    checks.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.minutes.total_cmp(&b.minutes)));
    checks
}

/// Values are compared to a trillionth of a bit a minute: finer differences come from the order of additions, and two
/// checks that are worth the same must be seen to be.
fn key(check: &NextCheck) -> (bool, bool, i64, bool) {
    let value = (check.per_minute() * 1e12).round() as i64;
    (value <= 0, !check.read_only, -value, !check.could_refute_leader)
}

/// What all checks of one board share.
struct Judge<'m> {
    matrix: &'m Matrix<'m>,
    /// Live rows by their place on the board, best first.
    rows: Vec<usize>,
    /// Their bits, then those of `other`; so in all that follows.
    bits: Vec<f64>,
    belief: Vec<f64>,
    leader: Option<usize>,
    /// Rows that are near the top.
    strong: usize,
    /// What all origins with something present give to the live rows.
    given: Tenths,
}

impl<'m> Judge<'m> {
    fn new(matrix: &'m Matrix<'m>, ranking: &Ranking) -> Self {
        let place = |id: Id| matrix.live.iter().copied().find(|&row| matrix.hypothesis(row).id == id);
        let rows: Vec<_> = ranking.named().filter_map(|(id, _)| place(id)).collect();
        let tenths: Vec<_> = rows.iter().map(|&row| matrix.bits(row)).collect();
        let best = tenths.first().copied().unwrap_or_default();
        let strong = tenths.iter().filter(|&&bits| bits + STRONG >= best).count();
        let bits: Vec<_> = tenths.iter().copied().chain([matrix.other_bits()]).map(Tenths::bits).collect();
        let belief = softmax(&bits);
        let leads = ranking.rows.first().map(|row| row.id);
        let leader = rows.first().copied().filter(|&row| leads == Some(RowId::Named(matrix.hypothesis(row).id)));
        let given = (0..matrix.origins.len()).map(|origin| matrix.given_to_live(origin)).sum();
        Self { matrix, rows, bits, belief, leader, strong, given }
    }

    fn check(&self, column: usize) -> NextCheck {
        let observation = self.matrix.column(column);
        let (more, less) = self.sides(column);
        let cell = |row: usize| self.matrix.cell(row, column);
        let unasked = self.rows[..self.strong].iter().find(|&&row| cell(row) == Cell::Unassessed);
        NextCheck {
            observation: observation.id,
            gain: self.gain(column),
            minutes: if observation.check.minutes.is_finite() { observation.check.minutes.max(0.0) } else { 0.0 },
            read_only: observation.check.read_only,
            could_refute_leader: self.leader.is_some_and(|row| matches!(cell(row), Cell::Must | Cell::Cannot)),
            more,
            less,
            ask_first: unasked.map(|&row| self.matrix.hypothesis(row).id),
        }
    }

    fn gain(&self, column: usize) -> f64 {
        let chances = self.chances(column);
        let present: f64 = chances.iter().zip(&self.belief).map(|(chance, belief)| chance * belief).sum();
        let moved = |state| relative_entropy(&softmax(&self.bits_after(column, state)), &self.belief);
        present * moved(ObservationState::Present) + (1.0 - present) * moved(ObservationState::Absent)
    }

    /// How likely each row, and `other`, makes it that the column turns out present. What nobody has named is given the
    /// mean of the live rows, as its score is.
    fn chances(&self, column: usize) -> Vec<f64> {
        let mut chances: Vec<_> = self.rows.iter().map(|&row| chance(self.matrix.cell(row, column))).collect();
        let mean = chances.iter().sum::<f64>() / chances.len() as f64;
        chances.push(if mean.is_finite() { mean } else { BASE_RATE });
        chances
    }

    /// The bits of each row, and of `other`, had the column turned out so.
    fn bits_after(&self, column: usize, state: ObservationState) -> Vec<f64> {
        let matrix = self.matrix;
        let origin = matrix.origin_of[column];
        let mut bits = Vec::with_capacity(self.bits.len());
        let mut given = Tenths::default();
        for (&row, before) in self.rows.iter().zip(&self.bits) {
            let sum = matrix.sum(row, origin);
            let mean = sum.with(weight(matrix.cell(row, column), state)).mean();
            given += mean;
            bits.push(before + (mean - sum.mean()).bits());
        }
        let counts = matrix.has_present[origin] || state == ObservationState::Present;
        let given = if counts { given } else { Tenths::default() };
        let sum = self.given - matrix.given_to_live(origin) + given;
        bits.push((matrix.other_bits_of(sum)).bits());
        bits
    }

    /// The live rows on either side of the column: those that expect it from those that do not; if all are on one side
    /// of that, those that say the more from those that say the less.
    fn sides(&self, column: usize) -> (Vec<Id>, Vec<Id>) {
        let said: Vec<_> = self.rows.iter().map(|&row| (row, self.matrix.cell(row, column))).collect();
        let said = || said.iter().filter(|(_, cell)| *cell != Cell::Unassessed);
        let expecting = |least: f64| said().filter(move |(_, cell)| chance(*cell) >= least);
        let splits = |least: &f64| {
            let count = expecting(*least).count();
            count > 0 && count < said().count()
        };
        let levels = [Cell::Likely, Cell::Must, Cell::Neutral, Cell::Unlikely].map(chance);
        let id = |(row, _): &(usize, Cell)| self.matrix.hypothesis(*row).id;
        match levels.iter().find(|level| splits(level)) {
            Some(&least) => {
                (expecting(least).map(id).collect(), said().filter(|(_, cell)| chance(*cell) < least).map(id).collect())
            }
            None => (Vec::new(), Vec::new()),
        }
    }
}

/// How far belief moved, in bits; never below zero. A row beyond all belief moves nothing.
fn relative_entropy(after: &[f64], before: &[f64]) -> f64 {
    let both = after.iter().zip(before).filter(|&(&q, &p)| q > 0.0 && p > 0.0);
    both.map(|(q, p)| q * (q / p).log2()).sum::<f64>().max(0.0)
}

/// Labels side by side; a few stand for many.
fn labels(board: &Board, ids: &[Id]) -> String {
    const SHOWN: usize = 4;
    let shown = if ids.len() > SHOWN + 1 { SHOWN } else { ids.len() };
    let labels = ids[..shown].iter().filter_map(|id| board.hypothesis(*id)).map(|row| row.label.as_str());
    let labels = labels.collect::<Vec<_>>().join(", ");
    match ids.len() - shown {
        0 => labels,
        more => format!("{labels} and {more} more"),
    }
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

    fn checks(board: &Board) -> Vec<NextCheck> {
        next_checks(board, &rank(board))
    }

    /// The order of checks as places of columns, after `change` was made to the board.
    #[track_caller]
    fn check(board: &str, change: impl Fn(&mut Board), expected: &[usize]) {
        let mut board = sketch(board);
        change(&mut board);
        let expected: Vec<_> = expected.iter().map(|at| column_id(*at)).collect();
        assert_eq!(checks(&board).iter().map(|check| check.observation).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_better_and_the_cheaper_first() {
        // s2 tells A from B, s3 nothing, s4 a little.
        check("present untested untested untested\n A # # . +\n B # X . .", |_| {}, &[1, 3, 2]);
        // At the same gain the quicker one.
        check("untested untested\n A # #\n B X X", |b| b.observations[0].check.minutes = 6.0, &[1, 0]);
        // Two minutes of attention: at 0 minutes it is worth 3.5 times the one that takes 5, and not infinitely much.
        check("untested untested\n A . #\n B + X", |b| b.observations[0].check.minutes = 0.0, &[1, 0]);
        // What only reads goes first, unless it tells nothing.
        let active = |b: &mut Board| b.observations[0].check.read_only = false;
        check("untested untested\n A # +\n B X .", active, &[1, 0]);
        check("untested untested\n A # .\n B X .", active, &[0, 1]);
        // Settled, unclear and coincidental columns are not offered.
        check("present unclear untested* absent\n A # # # #\n B X X X X", |_| {}, &[]);
        check("untested untested", |_| {}, &[0, 1]);
    }

    #[test]
    fn at_equal_value_the_one_that_could_contradict_the_leader() {
        // Neither can tell anything, both are worth nothing; the second could still refute the leader.
        let board = sketch("present untested untested\n A # . .\n B . . .");
        assert!(checks(&board).iter().all(|check| !check.could_refute_leader));
        let board = sketch("untested untested\n A + # \n B + .");
        assert_eq!(checks(&board).iter().map(|c| c.could_refute_leader).collect::<Vec<_>>(), [true, false]);
        let check =
            |gain: f64, kills: bool| NextCheck { gain, could_refute_leader: kills, ..checks(&board)[0].clone() };
        assert!(key(&check(0.3, true)) < key(&check(0.3 + 1e-13, false)));
        assert!(key(&check(0.3, true)) > key(&check(0.3 + 1e-9, false)), "never by rounded numbers");
    }

    #[test]
    fn one_hypothesis_is_enough_for_a_check() {
        let board = sketch("untested\n A #");
        let check = &checks(&board)[0];
        assert!(check.gain > 0.0, "{check:?}");
        assert_eq!(check.separates(&board), "could prove A wrong");
    }

    #[test]
    fn in_words() {
        let words = |text: &str| {
            let board = sketch(text);
            checks(&board)[0].separates(&board)
        };
        assert_eq!(words("untested\n A #\n B X\n C .\n D +\n E ?"), "separates A, D from B, C");
        assert_eq!(words("untested\n A #\n B +"), "separates A from B");
        assert_eq!(words("untested\n A .\n B -"), "separates A from B");
        assert_eq!(words("untested\n A -\n B X"), "separates A from B");
        assert_eq!(words("untested\n A -\n B -"), "speaks for or against A, B");
        assert_eq!(words("untested\n A #\n B #"), "could prove A, B wrong together");
        assert_eq!(words("untested\n A X\n B ?"), "could prove A wrong");
        assert_eq!(words("untested\n A X\n B # refuted"), "could prove A wrong");
        assert_eq!(words("untested\n A .\n B ."), "says nothing of A, B");
        assert_eq!(words("untested\n A ?\n B ?"), "nobody has said what a row expects of it");
        assert_eq!(words("untested\n A # refuted"), "no row is live that it could speak of");
        assert_eq!(words("untested"), "no row is live that it could speak of");
        let many = "untested\n A #\n B .\n C .\n D .\n E .\n F .\n G .";
        assert_eq!(words(many), "separates A from B, C, D, E and 2 more");
        let mut board = sketch("untested\n A #\n B .");
        board.observations[0].check.minutes = 1.5;
        let check = &checks(&board)[0];
        assert_eq!(check.words(&board), format!("separates A from B: {:.1} bit, 1.5 min, read-only", check.gain));
    }

    #[test]
    fn asks_first_what_a_strong_rival_would_show() {
        let question = |text: &str| {
            let board = sketch(text);
            checks(&board)[0].question(&board)
        };
        assert_eq!(question("present untested\n A # #\n B + ?").as_deref(), Some("first: would B show this too?"));
        assert_eq!(question("present untested\n A # #\n B - ?"), None, "too weak to matter");
        assert_eq!(question("present untested\n A # #\n B + X"), None);
    }

    #[test]
    fn worked_by_hand() {
        // A and B at 0, other at -1.6. Chances .85, .02, and .435 for other.
        let board = sketch("untested\n A #\n B X");
        let o = 2f64.powf(-1.6);
        let before = [1.0 / (2.0 + o), 1.0 / (2.0 + o), o / (2.0 + o)];
        let present = before[0] * 0.85 + before[1] * 0.02 + before[2] * 0.435;
        // Present: +2.1 and -3.3, other -1.6 + (2.1 - 3.3) / 2. Absent: -2.4 and +0.3, other as it was.
        let moved = |bits: [f64; 3]| {
            let sum: f64 = bits.iter().map(|b| 2f64.powf(*b)).sum();
            bits.iter().zip(before).map(|(b, p)| 2f64.powf(*b) / sum * (2f64.powf(*b) / sum / p).log2()).sum::<f64>()
        };
        let expected = present * moved([2.1, -3.3, -2.2]) + (1.0 - present) * moved([-2.4, 0.3, -1.6]);
        assert!((checks(&board)[0].gain - expected).abs() < 1e-12);
    }

    /// The gain by its definition: put each outcome on a copy of the board and rank that.
    fn slow_gain(board: &Board, column: Id) -> f64 {
        let chance = |id: Id| match board.cell(id, column).sign() {
            '#' => 0.85,
            '+' => 0.45,
            '-' => 0.06,
            'X' => 0.02,
            _ => 0.20,
        };
        let before = rank(board).beliefs();
        let live: Vec<_> = board.live().map(|row| chance(row.id)).collect();
        let mean = if live.is_empty() { 0.20 } else { live.iter().sum::<f64>() / live.len() as f64 };
        let present: f64 =
            before.iter().map(|(id, belief)| belief * if let RowId::Named(id) = id { chance(*id) } else { mean }).sum();
        let moved = |state| {
            let mut board = board.clone();
            board.observations.iter_mut().find(|known| known.id == column).expect("a column").state = state;
            let after = rank(&board).beliefs();
            let of = |id: RowId| before.iter().find(|known| known.0 == id).expect("the same rows").1;
            after.iter().map(|(id, belief)| belief * (belief / of(*id)).log2()).sum::<f64>()
        };
        present * moved(ObservationState::Present) + (1.0 - present) * moved(ObservationState::Absent)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_gain_is_what_ranking_both_outcomes_gives(board in any_board(5, 7)) {
            let found = checks(&board);
            let untested = board.observations.iter().filter(|c| c.state == ObservationState::Untested && !c.coincidence);
            prop_assert_eq!(found.len(), untested.count());
            for check in &found {
                let expected = slow_gain(&board, check.observation);
                prop_assert!((check.gain - expected).abs() < 1e-9, "{} instead of {expected}", check.gain);
            }
            let values: Vec<_> = found.iter().map(NextCheck::per_minute).collect();
            prop_assert!(values.is_sorted_by(|a, b| *a > b - 1e-11), "{values:?}");
            for check in found {
                let rows = check.more.iter().chain(&check.less);
                prop_assert!(rows.clone().all(|id| board.live().any(|row| row.id == *id)));
                let cell = |id: &Id| board.cell(*id, check.observation);
                for (more, less) in check.more.iter().flat_map(|m| check.less.iter().map(move |l| (m, l))) {
                    prop_assert!(chance(cell(more)) > chance(cell(less)));
                }
            }
        }
    }

    #[test]
    fn rows_are_named_best_first() {
        let board = sketch("present untested\n A . #\n B # #\n C + X");
        let check = &checks(&board)[0];
        assert_eq!((&*check.more, &*check.less), (&[row_id(1), row_id(0)][..], &[row_id(2)][..]));
    }
}
