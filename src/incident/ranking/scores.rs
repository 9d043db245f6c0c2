//! The number of each row, kept up to date one fact at a time.
//!
//! A log of a large board sets tens of thousands of cells, and each may have turned the order. Laying the whole board out
//! for each would take minutes of a replay; here a cell costs one origin of one row, a column one origin of each row. What
//! ranks and ties need beyond the numbers is left to [`rank`](super::rank), which agrees with these to the tenth.

use std::collections::HashMap;

use super::{
    EvidenceKey, RowId, Tenths,
    matrix::{Sum, prior_bits},
    order,
    weight::OTHER_PRIOR,
};
use crate::incident::{
    Board, Event, Id,
    board::{Cell, Hypothesis, HypothesisState, Observation, ObservationState},
};

/// What each row adds up to. [`Default`] is an empty board.
#[derive(Clone, Debug, Default)]
pub(in crate::incident) struct Scores {
    rows: Vec<Row>,
    row_at: HashMap<Id, usize>,
    columns: Vec<Column>,
    column_at: HashMap<Id, usize>,
    origins: Vec<Origin>,
    named: HashMap<String, usize>,
    /// What the origins with something present give to the live rows.
    given: Tenths,
}

#[derive(Clone, Debug)]
struct Row {
    id: Id,
    state: HypothesisState,
    prior: Tenths,
    /// The means of its origins together.
    evidence: Tenths,
    /// By origin.
    sums: Vec<Sum>,
    /// By column.
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug)]
struct Column {
    origin: usize,
    /// The origin that is nobody else's, once it had one.
    own: Option<usize>,
    /// What is known of it, where it counts as evidence.
    counts: Option<ObservationState>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Origin {
    /// Columns that count and are present.
    present: usize,
    /// The sum of its means over the live rows.
    given: Tenths,
}

/// Where the rows stand to each other: all that the order depends on, in order of the board.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::incident) struct Standing(Vec<Place>);

/// A row, and what decides where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::incident) struct Place {
    pub id: RowId,
    pub state: HypothesisState,
    pub bits: Tenths,
}

impl Scores {
    /// The numbers of a whole board.
    #[cfg(test)]
    pub fn of(board: &Board) -> Self {
        let mut scores = Self::default();
        board.hypotheses.iter().for_each(|row| scores.put_row(row, board));
        board.observations.iter().for_each(|column| scores.put_column(column, board));
        scores
    }

    /// Takes in what an event has just changed on the board. `added` is the id it gave to a row or column.
    pub fn follow(&mut self, event: &Event, added: Id, board: &Board) {
        match event {
            Event::HypothesisAdded { .. } => self.put_rows(added, board),
            Event::HypothesisEdited { hypothesis, .. } | Event::HypothesisSet { hypothesis, .. } => {
                self.put_rows(*hypothesis, board);
            }
            Event::ObservationAdded { .. } => self.put_columns(added, board),
            Event::ObservationSet { observation, .. }
            | Event::CheckTurned { observation, .. }
            | Event::OriginSet { observation, .. }
            | Event::CoincidenceSet { observation, .. } => self.put_columns(*observation, board),
            Event::CellSet { hypothesis, observation, cell } => self.put_cell(*hypothesis, *observation, *cell),
            _ => {}
        }
    }

    /// Where the rows stand now.
    pub fn standing(&self) -> Standing {
        let named = self.rows.iter().map(|row| (RowId::Named(row.id), row.state, row.prior + row.evidence));
        let other = (RowId::Other, HypothesisState::Open, self.other());
        Standing(named.chain([other]).map(|(id, state, bits)| Place { id, state, bits }).collect())
    }

    fn other(&self) -> Tenths {
        match self.rows.is_empty() {
            true => Tenths::default(),
            false => {
                let live = self.rows.iter().filter(|row| row.state.is_live()).count();
                OTHER_PRIOR + Tenths::mean(self.given, live as u32)
            }
        }
    }

    fn put_rows(&mut self, id: Id, board: &Board) {
        if let Some(row) = board.hypothesis(id) {
            self.put_row(row, board);
        }
    }

    fn put_columns(&mut self, id: Id, board: &Board) {
        if let Some(column) = board.observation(id) {
            self.put_column(column, board);
        }
    }

    fn put_row(&mut self, row: &Hypothesis, board: &Board) {
        let at = *self.row_at.entry(row.id).or_insert(self.rows.len());
        if at == self.rows.len() {
            self.rows.push(Row {
                id: row.id,
                state: HypothesisState::Parked, // it gives nothing yet
                prior: Tenths::default(),
                evidence: Tenths::default(),
                sums: vec![Sum::default(); self.origins.len()],
                cells: vec![Cell::Unassessed; self.columns.len()],
            });
            for &(column, cell) in board.row_cells(row.id) {
                self.put_cell(row.id, column, cell);
            }
        }
        let Row { state, prior, .. } = &mut self.rows[at];
        let was_live = state.is_live();
        (*state, *prior) = (row.state, prior_bits(row));
        if was_live != row.state.is_live() {
            self.count_row(at, row.state.is_live());
        }
    }

    /// Adds what a row is given to what all live rows are, or takes it away.
    fn count_row(&mut self, at: usize, live: bool) {
        for (origin, sum) in self.origins.iter_mut().zip(&self.rows[at].sums) {
            let change = if live { sum.mean() } else { Tenths::default() - sum.mean() };
            origin.given += change;
            if origin.present > 0 {
                self.given += change;
            }
        }
    }

    fn put_column(&mut self, column: &Observation, board: &Board) {
        let counts = column.counts().then_some(column.state);
        let at = *self.column_at.entry(column.id).or_insert(self.columns.len());
        if at == self.columns.len() {
            self.columns.push(Column { origin: 0, own: None, counts: None });
            for row in &mut self.rows {
                row.cells.push(board.cell(row.id, column.id));
            }
        }
        let origin = self.origin_of(at, column.origin.as_deref());
        if origin != self.columns[at].origin {
            self.weigh(at, None);
            self.columns[at].origin = origin;
        }
        self.weigh(at, counts);
    }

    /// Lets a column count as this, or not at all.
    fn weigh(&mut self, at: usize, counts: Option<ObservationState>) {
        let Column { origin, counts: before, .. } = self.columns[at];
        if before == counts {
            return;
        }
        self.columns[at].counts = counts;
        let present = |counts| usize::from(counts == Some(ObservationState::Present));
        self.given = self.given - self.origins[origin].shown();
        self.origins[origin].present = self.origins[origin].present + present(counts) - present(before);
        let weight = |cell, counts: Option<_>| counts.map_or(Sum::default(), |state| Sum::of(cell, state));
        for row in &mut self.rows {
            let cell = row.cells[at];
            let change = row.change(origin, weight(cell, before), weight(cell, counts));
            if row.state.is_live() {
                self.origins[origin].given += change;
            }
        }
        self.given += self.origins[origin].shown();
    }

    fn put_cell(&mut self, row: Id, column: Id, cell: Cell) {
        let (Some(&row), Some(&column)) = (self.row_at.get(&row), self.column_at.get(&column)) else { return };
        let (row, Column { origin, counts, .. }) = (&mut self.rows[row], self.columns[column]);
        let before = std::mem::replace(&mut row.cells[column], cell);
        let Some(state) = counts else { return };
        let change = row.change(origin, Sum::of(before, state), Sum::of(cell, state));
        if row.state.is_live() {
            let origin = &mut self.origins[origin];
            origin.given += change;
            if origin.present > 0 {
                self.given += change;
            }
        }
    }

    /// The place of a column's origin.
    fn origin_of(&mut self, column: usize, name: Option<&str>) -> usize {
        let next = self.origins.len();
        let at = match name {
            None => *self.columns[column].own.get_or_insert(next),
            Some(name) => match self.named.get(name) {
                Some(&known) => known,
                None => *self.named.entry(name.to_owned()).or_insert(next),
            },
        };
        if at == next {
            self.origins.push(Origin::default());
            self.rows.iter_mut().for_each(|row| row.sums.push(Sum::default()));
        }
        at
    }
}

impl Row {
    /// Puts one weight in the place of another and says by how much the origin's mean grows.
    fn change(&mut self, origin: usize, before: Sum, after: Sum) -> Tenths {
        let sum = &mut self.sums[origin];
        let mean = sum.mean();
        sum.swap(before, after);
        let change = sum.mean() - mean;
        self.evidence += change;
        change
    }
}

impl Origin {
    /// What it gives to `other`: something only where something is present.
    fn shown(self) -> Tenths {
        if self.present > 0 { self.given } else { Tenths::default() }
    }
}

impl Standing {
    /// All rows, in order of the board, `other` last.
    pub fn places(&self) -> &[Place] {
        &self.0
    }

    /// A row.
    pub fn place(&self, id: RowId) -> Option<&Place> {
        self.0.iter().find(|place| place.id == id)
    }
}

impl Place {
    /// Better rows have lesser keys; rows that tie share one.
    pub fn key(&self) -> EvidenceKey {
        order(self.id, self.state, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::incident::{Entry, Incident, Prior, ranking::rank};

    /// What may happen to a board of few rows and columns, unknown ones included.
    fn any_event() -> impl Strategy<Value = Event> {
        let row = || (100_u128..105).prop_map(Id::small);
        let column = || (1_u128..7).prop_map(Id::small);
        let state = || {
            use ObservationState::*;
            prop::sample::select(vec![Present, Present, Absent, Untested, Unclear])
        };
        let origin = || prop::sample::select(vec![None, Some("o1".to_owned()), Some("o2".to_owned())]);
        let cell = prop::sample::select(vec!["#", "+", ".", "-", "X", "?"]);
        let stands = {
            use HypothesisState::*;
            prop::sample::select(vec![Open, Testing, Confirmed, Refuted, Parked])
        };
        let prior = prop::sample::select(vec![Prior::Common, Prior::Usual, Prior::Rare]);
        prop_oneof![
            8 => (row(), column(), cell).prop_map(|(hypothesis, observation, sign)| Event::CellSet {
                hypothesis,
                observation,
                cell: Cell::parse(sign).expect("a sign"),
            }),
            2 => (state(), origin()).prop_map(|(state, origin)| Event::ObservationAdded {
                text: String::new(),
                state,
                origin,
                when: None,
                evidence: None,
                check: Default::default(),
            }),
            4 => (column(), state()).prop_map(|(observation, state)| Event::ObservationSet {
                observation,
                state,
                note: String::new(),
                when: None,
            }),
            1 => (column(), origin()).prop_map(|(observation, origin)| Event::OriginSet { observation, origin }),
            1 => (column(), any::<bool>())
                .prop_map(|(observation, coincidence)| Event::CoincidenceSet { observation, coincidence }),
            2 => any::<bool>().prop_map(|changed| Event::HypothesisAdded {
                text: String::new(),
                prior: Prior::Usual,
                changed,
                from: String::new(),
            }),
            1 => (row(), prior, any::<bool>()).prop_map(|(hypothesis, prior, changed)| Event::HypothesisEdited {
                hypothesis,
                text: String::new(),
                prior,
                changed,
                owner: None,
            }),
            1 => (row(), stands).prop_map(|(hypothesis, state)| Event::HypothesisSet {
                hypothesis,
                state,
                reason: String::new(),
            }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn kept_up_to_date_is_as_judged_afresh(events in prop::collection::vec(any_event(), 0..60)) {
            let (mut incident, mut rows, mut columns) = (Incident::default(), 100, 1);
            for (seq, event) in (1..).zip(events) {
                // Rows and columns are named in order, so that the events above sometimes name one before it is there.
                let name = match event {
                    Event::HypothesisAdded { .. } => &mut rows,
                    Event::ObservationAdded { .. } => &mut columns,
                    _ => &mut 1000,
                };
                let id = Id::small(*name);
                *name += 1;
                incident.apply(Entry { seq, id, at: Timestamp::UNIX_EPOCH, by: "alice".into(), event });
                let ranking = rank(&incident.board);
                for place in incident.scores.standing().places() {
                    let row = ranking.row(place.id).expect("the same rows");
                    prop_assert_eq!((place.state, place.bits), (row.state, row.bits), "{:?} after {}", place.id, seq);
                }
                prop_assert_eq!(incident.scores.standing().places().len(), ranking.rows.len());
                prop_assert_eq!(Scores::of(&incident.board).standing(), incident.scores.standing());
            }
        }
    }
}
