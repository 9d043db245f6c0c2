//! Boards drawn in a few characters, for tests.

use jiff::Timestamp;

use crate::incident::{
    Board, Cell, Hypothesis, HypothesisState, Id, Observation, ObservationState, Prior,
    board::{CheckSpec, column_label},
};

/// The first line has a word for each column, `present`, `absent/origin`, `untested*` (a coincidence); each line after it
/// a row: its label, a sign for each column, then words such as `common changed refuted stoppable`.
pub(in crate::incident) fn sketch(text: &str) -> Board {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut board = Board::default();
    for (at, word) in lines.next().unwrap_or_default().split_whitespace().enumerate() {
        let (word, origin) = word.split_once('/').map_or((word, None), |(word, origin)| (word, Some(origin)));
        board.observations.push(column(at, word.trim_end_matches('*'), origin, word.ends_with('*')));
    }
    for (at, line) in lines.enumerate() {
        let mut words = line.split_whitespace();
        let mut row = row(at, words.next().unwrap_or_default());
        for column in 0..board.observations.len() {
            let cell = words.next().and_then(Cell::parse).unwrap_or_else(|| panic!("a cell for each column in {line}"));
            if cell != Cell::Unassessed {
                board.set_cell(row.id, column_id(column), cell, "alice");
            }
        }
        words.for_each(|word| describe(&mut row, word));
        board.hypotheses.push(row);
    }
    board
}

/// The id of the nth row.
pub(in crate::incident) fn row_id(at: usize) -> Id {
    Id::small(1000 + at as u128)
}

/// The id of the nth column.
pub(in crate::incident) fn column_id(at: usize) -> Id {
    Id::small(1 + at as u128)
}

fn column(at: usize, word: &str, origin: Option<&str>, coincidence: bool) -> Observation {
    let states =
        [ObservationState::Present, ObservationState::Absent, ObservationState::Untested, ObservationState::Unclear];
    let state = states.into_iter().find(|state| state.word() == word);
    Observation {
        id: column_id(at),
        label: column_label(at),
        text: format!("sign {}", at + 1),
        state: state.unwrap_or_else(|| panic!("a state, not {word}")),
        note: String::new(),
        origin: origin.map(str::to_owned),
        coincidence,
        when: Timestamp::UNIX_EPOCH,
        cleared: None,
        evidence: None,
        check: CheckSpec::default(),
        by: String::new(),
    }
}

fn row(at: usize, label: &str) -> Hypothesis {
    Hypothesis {
        id: row_id(at),
        label: label.to_owned(),
        text: format!("cause {label}"),
        state: HypothesisState::Open,
        reason: String::new(),
        since: Timestamp::UNIX_EPOCH,
        prior: Prior::Usual,
        changed: false,
        from: String::new(),
        owner: None,
        by: String::new(),
        stoppable: false,
    }
}

fn describe(row: &mut Hypothesis, word: &str) {
    match word {
        "common" => row.prior = Prior::Common,
        "rare" => row.prior = Prior::Rare,
        "changed" => row.changed = true,
        "stoppable" => row.stoppable = true,
        "testing" => row.state = HypothesisState::Testing,
        "confirmed" => row.state = HypothesisState::Confirmed,
        "refuted" => row.state = HypothesisState::Refuted,
        "parked" => row.state = HypothesisState::Parked,
        word => panic!("`{word}` describes no row"),
    }
}
