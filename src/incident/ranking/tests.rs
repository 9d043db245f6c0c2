//! The ranking against numbers worked out by hand, and against a slow judge that shares no code with it.

use proptest::prelude::*;

use super::{
    sketch::{column_id, row_id, sketch},
    *,
};
use crate::incident::{Entry, Event, Incident, board::Prior};

/// `expected` has a line for each row, best first: rank, label (`-` for `other`), bits, explains, against, not assessed.
#[track_caller]
fn check(board: &str, expected: &str) {
    let board = sketch(board);
    let ranking = rank(&board);
    let lines = |text: &str| text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect::<Vec<_>>();
    let label = |id: RowId| match id {
        RowId::Named(id) => board.hypothesis(id).expect("a row").label.clone(),
        RowId::Other => "-".to_owned(),
    };
    let line = |row: &Row| {
        let Row { rank, bits, explains, of, against, not_assessed, .. } = row;
        format!("{rank} {} {bits} {explains}/{of} {against} {not_assessed}", label(row.id))
    };
    assert_eq!(ranking.rows.iter().map(line).collect::<Vec<_>>(), lines(expected));
    for row in &ranking.rows {
        let sum: Tenths = reasons(&board, row.id).iter().map(|reason| reason.bits).sum();
        assert_eq!(sum, row.bits, "{} is the sum of its reasons", label(row.id));
    }
}

#[test]
fn nothing_named_holds_up() {
    let fails = |text: &str| rank(&sketch(text)).nothing_holds_up();
    assert!(fails("present absent\n A . #\n B X +"), "-2.4 and -3.8");
    assert!(fails("absent\n A # common changed"), "its prior keeps it first, and that is no evidence");
    assert!(!fails("present absent\n A . #\n B + -"), "B stands");
    assert!(!fails("present absent\n A . #\n B . ."), "nothing speaks against B");
    assert!(fails("present absent\n A . #\n B + - refuted"), "what is refuted holds nothing up");
    assert!(!fails("absent\n A # confirmed"), "a person's word");
    assert!(!fails("present\n A X refuted") && !fails("present"), "nothing is named");
}

#[test]
fn worked_examples() {
    // 1.2 + 1.2 + 2.1; 0.8 + 2.1 + 1.2; -1.6 + (1.2 + 2.1 + 1.2 + 1.2 + 2.1 + 0) / 2 = -1.6 + 3.9
    check(
        "  present present present absent untested
         A +       +       #       .      -
         B #       +       .       .      #        changed",
        "1 A +4.5 3/3 0 0
         2 B +4.1 2/3 0 0
         3 - +2.3 0/3 0 0",
    );
    // Each level against each outcome: 2.1 + 1.2 - 1.7 - 3.3 and -2.4 - 0.5 + 0.2 + 0.3.
    check(
        "  present present present present present present
         A #       +       .       -       X       ?",
        "1 A -1.7 2/6 2 1
         2 - -3.3 0/6 0 0",
    );
    check(
        "  absent absent absent absent absent absent
         A #      +      .      -      X      ?",
        "1 - -1.6 0/0 0 0
         2 A -2.4 0/0 2 1",
    );
    // Untested, unclear and coincidences add nothing.
    check(
        "  untested unclear present*
         A #        X       #        rare
         B ?        ?       ?        common",
        "1 B +1.6 0/0 0 0
         2 A -1.6 0/0 0 0
         3 - -1.6 0/0 0 0",
    );
}

#[test]
fn an_origin_counts_once() {
    // A: (2.1 + 1.2 - 1.7) / 3 = 0.533; B: (2.1 - 3.3) / 2 = -0.6, the neutral and the blank one stay out of the mean;
    // other: -1.6 + (0.5 - 0.6) / 2 = -1.65, half away from zero.
    check(
        "  present/g present/g present/g present/g
         A #         +         -         .
         B #         ?         X         .",
        "1 A +0.5 2/4 1 0
         2 B -0.6 1/4 1 1
         3 - -1.7 0/4 0 0",
    );
    // (2.1 - 0.5) / 2 = 0.8; an absent column of an origin that has a present one counts for `other` too.
    check(
        "  present/g absent/g
         A #         +",
        "1 A +0.8 1/1 1 0
         2 - -0.8 0/1 0 0",
    );
}

#[test]
fn ties_and_order() {
    // Live before parked before refuted; equal rows share a rank; what stops the bleeding goes first among equals, then
    // the cheapest check that speaks of the row, then age.
    check(
        "  present untested
         A #       .        refuted
         B #       ?        parked
         C +       .
         D +       +
         E +       .        stoppable",
        "1 E +1.2 1/1 0 0
         1 D +1.2 1/1 0 0
         1 C +1.2 1/1 0 0
         2 - -0.4 0/1 0 0
         3 B +2.1 1/1 0 0
         4 A +2.1 1/1 0 0",
    );
    // `other` loses a tie.
    check(
        "  absent
         A .     rare",
        "1 A -1.6 0/0 0 0
         2 - -1.6 0/0 0 0",
    );
}

#[test]
fn boards_with_nothing_to_compare() {
    check("present absent", "1 - 0.0 0/1 0 0");
    check("", "1 - 0.0 0/0 0 0");
    check(
        "  present
         A #       refuted",
        "1 - -1.6 0/1 0 0
         2 A +2.1 1/1 0 0",
    );
}

#[test]
fn reasons_in_words() {
    let board = sketch(
        "  present present/rate absent/rate present/rate present/rate absent
         A #       +           X           -            #            #       common changed",
    );
    let lines = |row| reasons(&board, row).iter().map(|r| format!("{} {}", r.bits, r.text)).collect::<Vec<_>>();
    assert_eq!(
        lines(RowId::Named(row_id(0))),
        [
            "+1.6 common cause",
            "+0.8 changed shortly before the onset",
            "+2.1 sign 1: expected for certain, and it is there",
            "+0.5 rate, mean of 4: sign 2: expected, and it is there; sign 3: ruled out by this cause, and it is not there; sign 4: not expected, yet it is there; and 1 more",
            "-2.4 sign 6: expected for certain, yet it is not there",
        ]
    );
    assert_eq!(
        lines(RowId::Other)[..2],
        ["-1.6 a cause nobody has named is rare", "+2.1 sign 1: explained as well as by the average row"]
    );
    assert!(reasons(&board, RowId::Named(row_id(7))).is_empty());
}

#[test]
fn a_reason_of_other_is_a_mean_rounded_like_any_other() {
    // Twice 1.65: the number is -1.6 + 3.3.
    let board = sketch("  present present\n A # #\n B + +");
    let rows = reasons(&board, RowId::Other);
    let bits: Vec<_> = rows.iter().map(|reason| reason.bits.0).collect();
    assert_eq!(bits, [-16, 17, 17, -1]);
}

#[test]
fn what_a_column_changes() {
    let board = sketch(
        "  present present*
         A #       X
         B +       #",
    );
    let first = |ranking: Ranking| ranking.rows[0].id;
    assert_eq!(first(rank(&board)), RowId::Named(row_id(0)));
    assert_eq!(first(rank_with(&board, |_| true)), RowId::Named(row_id(1)));
    assert_eq!(rank_with(&board, |column| column.id != column_id(0)).rows[0].of, 1);
}

#[test]
fn belief_adds_up() {
    let board = sketch(
        "  present
         A #
         B #       rare
         C #       refuted",
    );
    // bits 2.1, 0.5, and other -1.6 + 2.1 = 0.5
    let beliefs = rank(&board).beliefs();
    let share = 2f64.powf(2.1) / (2f64.powf(2.1) + 2.0 * 2f64.powf(0.5));
    assert_eq!(beliefs.len(), 3);
    assert!((beliefs[0].1 - share).abs() < 1e-12);
}

/// The board as plain numbers, and the ranking as DESIGN's formulas spell it, in exact fractions.
mod slow {
    use super::*;

    pub fn weight(sign: char, state: ObservationState) -> Option<i64> {
        let at = "#+-X".find(sign)?;
        match state {
            ObservationState::Present => Some([21, 12, -17, -33][at]),
            ObservationState::Absent => Some([-24, -5, 2, 3][at]),
            _ => None,
        }
    }

    /// `sum / count` in tenths, rounded half away from zero, by looking for the nearest.
    pub fn round(sum: i64, count: i64) -> i64 {
        let nearest = |n: &i64| ((n * count - sum).abs(), -n.abs());
        (-sum.abs() - 1..=sum.abs() + 1).min_by_key(nearest).unwrap_or(0)
    }

    pub fn origins(board: &Board) -> Vec<Vec<&Observation>> {
        let mut origins: Vec<Vec<&Observation>> = Vec::new();
        for column in &board.observations {
            let same = |known: &&mut Vec<&Observation>| column.origin.is_some() && known[0].origin == column.origin;
            match origins.iter_mut().find(same) {
                Some(known) => known.push(column),
                None => origins.push(vec![column]),
            }
        }
        origins
    }

    pub fn given(board: &Board, row: Id, origin: &[&Observation]) -> i64 {
        let weights: Vec<_> = origin
            .iter()
            .filter(|column| !column.coincidence)
            .filter_map(|column| weight(board.cell(row, column.id).sign(), column.state))
            .collect();
        if weights.is_empty() { 0 } else { round(weights.iter().sum(), weights.len() as i64) }
    }

    pub fn bits(board: &Board, row: Id) -> i64 {
        let hypothesis = board.hypothesis(row).expect("a row");
        let prior = match hypothesis.prior {
            Prior::Common => 16,
            Prior::Usual => 0,
            Prior::Rare => -16,
        };
        let evidence: i64 = origins(board).iter().map(|origin| given(board, row, origin)).sum();
        prior + if hypothesis.changed { 8 } else { 0 } + evidence
    }

    pub fn other(board: &Board) -> i64 {
        if board.hypotheses.is_empty() {
            return 0;
        }
        let live: Vec<_> = board.live().collect();
        let is_present = |c: &&Observation| c.state == ObservationState::Present && !c.coincidence;
        let shown: Vec<_> = origins(board).into_iter().filter(|origin| origin.iter().any(is_present)).collect();
        let all = shown.iter().flat_map(|origin| live.iter().map(|row| given(board, row.id, origin))).sum();
        -16 + if live.is_empty() { 0 } else { round(all, live.len() as i64) }
    }
}

/// Boards of at least one column, with all states, origins, flags and priors.
pub(in crate::incident) fn any_board(rows: usize, columns: usize) -> impl Strategy<Value = Board> {
    let state = prop::sample::select(vec!["present", "present", "absent", "untested", "unclear"]);
    let origin = prop::sample::select(vec!["", "", "/o1", "/o2"]);
    let column = (state, prop::bool::weighted(0.1), origin)
        .prop_map(|(state, flag, origin)| format!("{state}{}{origin}", if flag { "*" } else { "" }));
    let sign = || prop::sample::select(vec!["#", "+", ".", "-", "X", "?"]);
    let words = ["", "common", "rare changed", "changed", "refuted", "parked", "testing", "stoppable"];
    (prop::collection::vec(column, 1..=columns), 0..=rows).prop_flat_map(move |(columns, rows)| {
        let cells = prop::collection::vec(sign(), columns.len());
        let row = (cells, prop::sample::select(words.to_vec()));
        prop::collection::vec(row, rows).prop_map(move |rows| {
            let row = |(at, (cells, words)): (usize, &(Vec<&str>, &str))| {
                format!("{} {} {words}\n", crate::incident::board::row_label(at), cells.join(" "))
            };
            sketch(&format!("{}\n{}", columns.join(" "), rows.iter().enumerate().map(row).collect::<String>()))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_agree_with_the_slow_judge(board in any_board(6, 8)) {
        let ranking = rank(&board);
        prop_assert_eq!(ranking.rows.len(), board.hypotheses.len() + 1);
        for row in &ranking.rows {
            let expected = match row.id {
                RowId::Other => slow::other(&board),
                RowId::Named(id) => slow::bits(&board, id),
            };
            prop_assert_eq!(i64::from(row.bits.0), expected);
            let sum: Tenths = reasons(&board, row.id).iter().map(|reason| reason.bits).sum();
            prop_assert_eq!(sum, row.bits);
        }
    }

    #[test]
    fn ranks_are_dense_and_in_order(board in any_board(6, 5)) {
        let rows = rank(&board).rows;
        let class = |row: &Row| match row.state {
            HypothesisState::Parked => 1,
            HypothesisState::Refuted => 2,
            _ => 0,
        };
        prop_assert_eq!(rows[0].rank, 1);
        for pair in rows.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            prop_assert!(class(a) < class(b) || class(a) == class(b) && a.bits >= b.bits);
            let equal = class(a) == class(b) && a.bits == b.bits && b.id != RowId::Other;
            prop_assert!(!(class(a) == class(b) && a.bits == b.bits && a.id == RowId::Other), "other loses ties");
            prop_assert_eq!(b.rank, a.rank + usize::from(!equal));
        }
    }

    #[test]
    fn columns_are_counted_as_defined(board in any_board(5, 8)) {
        for (id, row) in rank(&board).named() {
            let counted: Vec<_> = board.observations.iter().filter(|column| column.counts()).collect();
            let cells: Vec<_> = counted.iter().map(|column| (board.cell(id, column.id).sign(), column.state)).collect();
            let count = |f: &dyn Fn(char, ObservationState) -> bool| cells.iter().filter(|(c, s)| f(*c, *s)).count();
            prop_assert_eq!(row.explains, count(&|c, s| "#+".contains(c) && s == ObservationState::Present));
            prop_assert_eq!(row.of, count(&|_, s| s == ObservationState::Present));
            prop_assert_eq!(row.against, count(&|c, s| slow::weight(c, s).is_some_and(|w| w < 0)));
            prop_assert_eq!(row.not_assessed, count(&|c, _| c == '?'));
        }
    }

    #[test]
    fn the_order_of_cells_does_not_matter(board in any_board(4, 5), seed in any::<u64>()) {
        let cells = |shuffle: bool| {
            let mut events: Vec<_> = board.hypotheses.iter().flat_map(|row| {
                board.observations.iter().map(|column| Event::CellSet {
                    hypothesis: row.id, observation: column.id, cell: board.cell(row.id, column.id),
                })
            }).collect();
            if shuffle {
                events.sort_by_cached_key(|event| {
                    use std::hash::{DefaultHasher, Hash, Hasher};
                    let mut hasher = DefaultHasher::new();
                    (seed, format!("{event:?}")).hash(&mut hasher);
                    hasher.finish()
                });
            }
            events
        };
        let built = |cells| Incident::replay(entries(&board, cells));
        let (straight, shuffled) = (built(cells(false)), built(cells(true)));
        prop_assert_eq!(&straight.ranking, &shuffled.ranking);
        let bits = |ranking: &Ranking| ranking.rows.iter().map(|row| (row.id, row.bits)).collect::<Vec<_>>();
        let mut plain = board.clone();
        plain.hypotheses.iter_mut().for_each(|row| row.stoppable = false); // there is no mitigation in the log
        prop_assert_eq!(bits(&straight.ranking), bits(&rank(&plain)));
    }
}

/// A log that builds this board: rows and columns under their own ids, then the cells as given.
fn entries(board: &Board, cells: Vec<Event>) -> Vec<Entry> {
    let row = |row: &crate::incident::Hypothesis| {
        let (text, prior, changed) = (row.text.clone(), row.prior, row.changed);
        (row.id, Event::HypothesisAdded { text, prior, changed, from: String::new() })
    };
    let column = |column: &Observation| {
        let (text, state, origin) = (column.text.clone(), column.state, column.origin.clone());
        let check = column.check.clone();
        (column.id, Event::ObservationAdded { text, state, origin, when: None, evidence: None, check })
    };
    let flags = board.observations.iter().filter(|column| column.coincidence);
    let flags = flags.map(|column| Event::CoincidenceSet { observation: column.id, coincidence: true });
    let states = board.hypotheses.iter();
    let states = states.map(|row| Event::HypothesisSet { hypothesis: row.id, state: row.state, reason: String::new() });
    let later = flags.chain(states).chain(cells).enumerate().map(|(at, event)| (Id::small(5000 + at as u128), event));
    let all = board.hypotheses.iter().map(row).chain(board.observations.iter().map(column)).chain(later);
    let entry = |(at, (id, event))| Entry {
        seq: at as u64 + 1,
        id,
        at: jiff::Timestamp::UNIX_EPOCH,
        by: "alice".into(),
        event,
    };
    all.enumerate().map(entry).collect()
}
