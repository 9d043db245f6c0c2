//! The board laid out for arithmetic: dense cells, and per row what each origin adds up to.
//!
//! Ranking, covers and next checks all read this, so each number on the screen comes from the same sums. A board of 50
//! rows and 500 columns is laid out in well under half a millisecond; nothing is kept between two calls.

use std::collections::HashMap;

use super::weight::{CHANGED, OTHER_PRIOR, Tenths, weight};
use crate::incident::board::{Board, Cell, Hypothesis, Observation, ObservationState};

/// Rows and columns by their place on the board.
pub(in crate::incident) struct Matrix<'a> {
    pub board: &'a Board,
    /// Live rows, in order of the board.
    pub live: Vec<usize>,
    /// Columns that count: settled, and no coincidence.
    pub counting: Vec<usize>,
    /// The origin of each column.
    pub origin_of: Vec<usize>,
    /// The columns of each origin, in order of its first column.
    pub origins: Vec<Vec<usize>>,
    /// Whether an origin has a present column that counts.
    pub has_present: Vec<bool>,
    /// Untested columns that are no coincidence, and the minutes they cost.
    pub untested: Vec<(usize, f64)>,
    /// The columns that count, with their origins and states.
    pub settled: Vec<(usize, usize, ObservationState)>,
    cells: Vec<Cell>,
    sums: Vec<Sum>,
}

/// How a row stands to the columns that count.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::incident) struct Tally {
    pub explains: usize,
    pub against: usize,
    pub not_assessed: usize,
}

/// The weights one origin gives to one row, before they are averaged.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::incident) struct Sum {
    pub tenths: Tenths,
    pub count: u32,
}

impl Sum {
    pub fn with(self, weight: Option<Tenths>) -> Self {
        match weight {
            Some(weight) => Self { tenths: self.tenths + weight, count: self.count + 1 },
            None => self,
        }
    }

    pub fn mean(self) -> Tenths {
        if self.count == 1 { self.tenths } else { Tenths::mean(self.tenths, self.count) }
    }

    /// What one cell gives: nothing, or a weight that counts once.
    pub fn of(cell: Cell, state: ObservationState) -> Self {
        // Read from a table, because on a large board the branches of `weight` cost more than all the rest.
        const TABLE: [[Sum; STATES.len()]; CELLS.len()] = table();
        TABLE[cell as usize][state as usize]
    }

    fn add(&mut self, other: Self) {
        self.tenths += other.tenths;
        self.count += other.count;
    }

    /// Takes one weight out and puts another in.
    pub fn swap(&mut self, out: Self, within: Self) {
        self.tenths = self.tenths + within.tenths - out.tenths;
        self.count = self.count + within.count - out.count;
    }
}

const CELLS: [Cell; 6] = [Cell::Must, Cell::Likely, Cell::Neutral, Cell::Unlikely, Cell::Cannot, Cell::Unassessed];
const STATES: [ObservationState; 4] =
    [ObservationState::Present, ObservationState::Absent, ObservationState::Untested, ObservationState::Unclear];

const fn table() -> [[Sum; STATES.len()]; CELLS.len()] {
    let mut table = [[Sum { tenths: Tenths(0), count: 0 }; STATES.len()]; CELLS.len()];
    let mut at = 0;
    while at < CELLS.len() * STATES.len() {
        let (cell, state) = (CELLS[at / STATES.len()], STATES[at % STATES.len()]);
        if let Some(tenths) = weight(cell, state) {
            table[cell as usize][state as usize] = Sum { tenths, count: 1 };
        }
        at += 1;
    }
    table
}

impl<'a> Matrix<'a> {
    /// Lays out a board; `counts` says which columns are evidence.
    pub fn of(board: &'a Board, counts: impl Fn(&Observation) -> bool) -> Self {
        let columns = &board.observations;
        let (origin_of, origins) = origins(columns);
        let counting: Vec<_> = (0..columns.len()).filter(|&c| counts(&columns[c])).collect();
        let mut has_present = vec![false; origins.len()];
        for &column in &counting {
            has_present[origin_of[column]] |= columns[column].state == ObservationState::Present;
        }
        let settled: Vec<_> = counting.iter().map(|&c| (c, origin_of[c], columns[c].state)).collect();
        let is_untested = |c: &Observation| c.state == ObservationState::Untested && !c.coincidence;
        let untested = columns.iter().enumerate().filter(|(_, column)| is_untested(column));
        let untested = untested.map(|(at, column)| (at, column.check.minutes)).collect();
        let cells = cells(board);
        let mut sums = vec![Sum::default(); board.hypotheses.len() * origins.len()];
        for row in 0..board.hypotheses.len() {
            let (cells, sums) = (&cells[row * columns.len()..], &mut sums[row * origins.len()..]);
            for &(column, origin, state) in &settled {
                sums[origin].add(Sum::of(cells[column], state));
            }
        }
        let live = (0..board.hypotheses.len()).filter(|&row| board.hypotheses[row].state.is_live()).collect();
        Self { board, live, counting, origin_of, origins, has_present, untested, settled, cells, sums }
    }

    pub fn hypothesis(&self, row: usize) -> &'a Hypothesis {
        &self.board.hypotheses[row]
    }

    pub fn column(&self, column: usize) -> &'a Observation {
        &self.board.observations[column]
    }

    pub fn state(&self, column: usize) -> ObservationState {
        self.column(column).state
    }

    pub fn cell(&self, row: usize, column: usize) -> Cell {
        self.cells[row * self.board.observations.len() + column]
    }

    /// The weights that the columns of one origin give to a row.
    pub fn sum(&self, row: usize, origin: usize) -> Sum {
        self.sums[row * self.origins.len() + origin]
    }

    /// Counts the columns that speak for and against a row, and those it has not been held against.
    pub fn tally(&self, row: usize) -> Tally {
        let cells = &self.cells[row * self.board.observations.len()..];
        self.settled.iter().fold(Tally::default(), |tally, &(column, _, state)| {
            let cell = cells[column];
            Tally {
                explains: tally.explains + usize::from(expects(cell) & (state == ObservationState::Present)),
                against: tally.against + usize::from(Sum::of(cell, state).tenths < Tenths(0)),
                not_assessed: tally.not_assessed + usize::from(cell == Cell::Unassessed),
            }
        })
    }

    /// The bits of a row: its prior, whether it changed, and the mean of each origin.
    pub fn bits(&self, row: usize) -> Tenths {
        let sums = &self.sums[row * self.origins.len()..][..self.origins.len()];
        prior_bits(self.hypothesis(row)) + sums.iter().map(|sum| sum.mean()).sum()
    }

    /// The bits of what is not on the board: rare, and as well explained as by the average live row wherever something
    /// is present. An empty board has nothing to compare with. The mean is taken of the whole sum and rounded once.
    pub fn other_bits(&self) -> Tenths {
        self.other_bits_of((0..self.origins.len()).map(|origin| self.given_to_live(origin)).sum())
    }

    /// The bits of what is not on the board, had the origins given this to all live rows together.
    pub fn other_bits_of(&self, given: Tenths) -> Tenths {
        match self.board.hypotheses.is_empty() {
            true => Tenths::default(),
            false => OTHER_PRIOR + self.mean_of_live(given),
        }
    }

    /// What an origin with something present gives to all live rows together; zero for any other origin.
    pub fn given_to_live(&self, origin: usize) -> Tenths {
        match self.has_present[origin] {
            true => self.live.iter().map(|&row| self.sum(row, origin).mean()).sum(),
            false => Tenths::default(),
        }
    }

    /// A sum over the live rows, divided by their number.
    pub fn mean_of_live(&self, sum: Tenths) -> Tenths {
        Tenths::mean(sum, self.live.len() as u32)
    }
}

/// Whether a row that says this of a column expects it to be present.
pub(in crate::incident) fn expects(cell: Cell) -> bool {
    matches!(cell, Cell::Must | Cell::Likely)
}

/// What a row starts with, before any evidence.
pub(in crate::incident) fn prior_bits(row: &Hypothesis) -> Tenths {
    row.prior.bits() + if row.changed { CHANGED } else { Tenths::default() }
}

/// The origin of each column, and the columns of each origin. A column without an origin is one of its own.
fn origins(columns: &[Observation]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut named = HashMap::new();
    let mut origins: Vec<Vec<usize>> = Vec::new();
    let mut origin_of = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let next = origins.len();
        let origin = match &column.origin {
            Some(name) => *named.entry(name.as_str()).or_insert(next),
            None => next,
        };
        if origin == next {
            origins.push(Vec::new());
        }
        origins[origin].push(at);
        origin_of.push(origin);
    }
    (origin_of, origins)
}

/// The cells row by row. The board keeps each row in order of the columns' ids, so each row is one merge.
fn cells(board: &Board) -> Vec<Cell> {
    let width = board.observations.len();
    let mut by_id: Vec<_> = (0..width).map(|column| (board.observations[column].id, column)).collect();
    by_id.sort_unstable();
    let mut cells = vec![Cell::Unassessed; board.hypotheses.len() * width];
    for (row, hypothesis) in board.hypotheses.iter().enumerate() {
        let mut columns = by_id.iter().peekable();
        for &(id, cell) in board.row_cells(hypothesis.id) {
            while columns.next_if(|known| known.0 < id).is_some() {}
            if let Some((_, column)) = columns.next_if(|known| known.0 == id) {
                cells[row * width + column] = cell;
            }
        }
    }
    cells
}
