//! From a board file to the entries that put it on a board which may have some of it already.
//!
//! Rows and columns go by their text. What people made of them since stands.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Board, Cell, Draft, Event, Hypothesis, HypothesisState, Id, Ids, Observation, board::file::BoardFile};

impl BoardFile {
    /// The events that put all of it on an empty board.
    pub fn drafts(&self, ids: &mut Ids, now: Timestamp) -> Vec<Draft> {
        self.drafts_missing(&Board::default(), ids, now)
    }

    /// The events that put on a board what it has not yet. Rows and columns go by their text.
    pub fn drafts_missing(&self, board: &Board, ids: &mut Ids, now: Timestamp) -> Vec<Draft> {
        let columns: Vec<_> = self.board.observations.iter().collect();
        let rows: Vec<_> = self.board.hypotheses.iter().collect();
        self.drafts_of(&rows, &columns, board, ids, now)
    }

    /// The events that add some of its rows to a board that may have others: the chosen rows, the signs that should be
    /// there if one of them is true, and what they say of signs the board has already, which go by their text.
    pub fn drafts_onto(&self, board: &Board, chosen: &[Id], ids: &mut Ids, now: Timestamp) -> Vec<Draft> {
        let rows: Vec<_> = self.board.hypotheses.iter().filter(|row| chosen.contains(&row.id)).collect();
        let expected = |column: &Observation| {
            rows.iter().any(|row| matches!(self.board.cell(row.id, column.id), Cell::Must | Cell::Likely))
        };
        let wanted = |column: &&Observation| known(board, column).is_some() || expected(column);
        let columns: Vec<_> = self.board.observations.iter().filter(wanted).collect();
        self.drafts_of(&rows, &columns, board, ids, now)
    }

    fn drafts_of(
        &self,
        rows: &[&Hypothesis],
        columns: &[&Observation],
        onto: &Board,
        ids: &mut Ids,
        now: Timestamp,
    ) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let mut add = |event| {
            let id = ids.next(now);
            drafts.push(Draft { id, event });
            id
        };
        let mut names = HashMap::new();
        for column in columns {
            let name = known(onto, column).unwrap_or_else(|| add_column(column, &mut add));
            names.insert(column.id, name);
        }
        for row in rows {
            let there = known_row(onto, row);
            let name = there.unwrap_or_else(|| add_row(row, &mut add));
            for column in columns {
                let cell = self.board.cell(row.id, column.id);
                // Where both were there already, what people made of them since stands.
                let old = there.is_some() && known(onto, column).is_some();
                if cell != Cell::Unassessed && !old {
                    add(Event::CellSet { hypothesis: name, observation: names[&column.id], cell });
                }
            }
        }
        drafts
    }
}

fn add_column(column: &Observation, add: &mut impl FnMut(Event) -> Id) -> Id {
    let id = add(Event::ObservationAdded {
        text: column.text.clone(),
        state: column.state,
        origin: column.origin.clone(),
        when: None,
        evidence: None,
        check: column.check.clone(),
    });
    if !column.note.is_empty() {
        add(Event::ObservationSet { observation: id, state: column.state, note: column.note.clone(), when: None });
    }
    if column.coincidence {
        add(Event::CoincidenceSet { observation: id, coincidence: true });
    }
    id
}

fn add_row(row: &Hypothesis, add: &mut impl FnMut(Event) -> Id) -> Id {
    let from = if row.from.is_empty() { "board file".to_owned() } else { row.from.clone() };
    let text = row.text.clone();
    let id = add(Event::HypothesisAdded { text, prior: row.prior, changed: row.changed, from });
    if row.state != HypothesisState::Open {
        add(Event::HypothesisSet { hypothesis: id, state: row.state, reason: row.reason.clone() });
    }
    id
}

/// The column of a board that says the same.
fn known(board: &Board, column: &Observation) -> Option<Id> {
    let same = |other: &&Observation| other.text.to_lowercase() == column.text.to_lowercase();
    board.observations.iter().find(same).map(|column| column.id)
}

/// The row of a board that says the same.
fn known_row(board: &Board, row: &Hypothesis) -> Option<Id> {
    let same = |other: &&Hypothesis| other.text.to_lowercase() == row.text.to_lowercase();
    board.hypotheses.iter().find(same).map(|row| row.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::board::file::tests::{BOARD, recorded};

    fn parse(text: &str) -> BoardFile {
        BoardFile::parse(text, "board.toml").expect("a board")
    }

    #[test]
    fn a_chosen_row_brings_its_signs_once() {
        let file = BoardFile::generic_causes();
        let id = |label: &str| file.board.hypotheses.iter().find(|row| row.label == label).expect("a row").id;
        let mut ids = Ids::new(1);
        let mut drafts = file.drafts_onto(&Board::default(), &[id("dns")], &mut ids, Timestamp::UNIX_EPOCH);
        let first = recorded(drafts.clone()).board;
        assert_eq!((first.hypotheses.len(), first.observations.len()), (1, 2));
        drafts.extend(file.drafts_onto(&first, &[id("network")], &mut ids, Timestamp::UNIX_EPOCH));
        let both = recorded(drafts).board;
        // DNS errors are a sign of both and stand there once.
        assert_eq!((both.hypotheses.len(), both.observations.len()), (2, 6));
        let (dns, network) = (both.hypotheses[0].id, both.hypotheses[1].id);
        let text =
            |text: &str| both.observations.iter().find(|column| column.text.contains(text)).expect("a column").id;
        let errors = text("cannot be resolved");
        assert_eq!([both.cell(dns, errors), both.cell(network, errors)], [Cell::Must, Cell::Likely]);
        assert_eq!(both.cell(network, text("config or flag")), Cell::Neutral);
    }

    #[test]
    fn put_on_a_board_again_it_brings_only_what_is_new() {
        let mut ids = Ids::new(1);
        let mut drafts = parse(BOARD).drafts(&mut ids, Timestamp::UNIX_EPOCH);
        let first = recorded(drafts.clone()).board;
        assert_eq!(parse(BOARD).drafts_missing(&first, &mut ids, Timestamp::UNIX_EPOCH), []);
        let cell = Event::CellSet {
            hypothesis: first.hypotheses[0].id,
            observation: first.observations[0].id,
            cell: Cell::Cannot,
        };
        drafts.push(Draft { id: ids.next(Timestamp::UNIX_EPOCH), event: cell });
        let changed = recorded(drafts.clone()).board;
        let longer = "[[observation]]\nid = \"s3\"\ntext = \"new\"\n".to_owned()
            + BOARD.trim_start().split_once('\n').expect("a title").1;
        let longer = longer.replace("s2 = \"+\"", "s2 = \"+\", s3 = \"#\"");
        drafts.extend(parse(&longer).drafts_missing(&changed, &mut ids, Timestamp::UNIX_EPOCH));
        let board = recorded(drafts).board;
        assert_eq!((board.hypotheses.len(), board.observations.len()), (2, 3));
        let cells: Vec<_> =
            board.observations.iter().map(|column| board.cell(board.hypotheses[0].id, column.id)).collect();
        assert_eq!(cells, [Cell::Cannot, Cell::Likely, Cell::Must], "what was changed by hand stands");
    }
}
