//! The board: hypotheses in rows, observations in columns, and in each cell what the one expects of the other.
//!
//! Rows are hypotheses because that way round measurably reduces confirmation bias (Dhami et al. 2024). The board holds
//! facts only; what follows from them is judged by [`ranking`](super::ranking), [`set_cover`](super::set_cover) and
//! [`next_check`](super::next_check).

pub mod file;
mod words;

use std::{collections::HashMap, fmt, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
pub use words::{AssumptionState, Cell, HypothesisState, ObservationState, Prior};

use super::Id;
use crate::signal::Condition;

/// The most observations of a board.
pub const MOST_COLUMNS: usize = 1_000;

/// The most hypotheses.
pub const MOST_ROWS: usize = 500;

/// The most cells, whether anything is said in them or not: each of them is judged with every key that changes the board.
pub const MOST_CELLS: usize = 50_000;

/// The most authors that are told apart in one cell.
const MOST_IN_A_CELL: usize = 20;

/// What was seen, kept with its numbers so that it can be believed later.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is: the title of the pane or the alert.
    pub title: String,
    /// The source it came from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The query behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// The value with its unit, or the line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// When it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Where it can be looked at again, with absolute times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// A few points of the curve: seconds since the Unix epoch and values.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "super::float::points")]
    pub points: Vec<(i64, f64)>,
}

/// How an observation is settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckSpec {
    /// By a query; without one a person looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<CheckQuery>,
    /// Minutes it costs.
    #[serde(default = "five_minutes", deserialize_with = "minutes")]
    pub minutes: f64,
    /// Whether it only reads.
    #[serde(default = "yes")]
    pub read_only: bool,
}

/// A query with a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckQuery {
    /// The source to ask.
    pub source: String,
    /// The query, as the source reads it.
    pub query: String,
    /// The observation is present when this holds.
    pub present: Condition,
    /// What an empty answer says; `None` settles nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<ObservationState>,
}

impl fmt::Display for CheckQuery {
    /// As a person types it: `prom sum(rate(errors[1m])) present > 0.5 for 1m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} present {}", self.source, self.query, self.present)?;
        match self.empty {
            Some(state) => write!(f, " empty {}", state.word()),
            None => Ok(()),
        }
    }
}

impl Default for CheckSpec {
    fn default() -> Self {
        Self { query: None, minutes: five_minutes(), read_only: true }
    }
}

/// The longest a check can be said to take: a year, in minutes.
const MOST_MINUTES: f64 = 525_600.0;

fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(f64::deserialize(deserializer)?.clamp(0.0, MOST_MINUTES))
}

fn five_minutes() -> f64 {
    5.0
}

fn yes() -> bool {
    true
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Its name in the log.
    pub id: Id,
    /// Its name on the screen: `s1`.
    pub label: String,
    /// What was, or could be, seen.
    pub text: String,
    /// What is known of it.
    pub state: ObservationState,
    /// What was seen when it was settled, in words.
    pub note: String,
    /// Observations of one origin count once; without one it stands for itself.
    pub origin: Option<String>,
    /// Kept, exported, not counted.
    pub coincidence: bool,
    /// When it began or was settled, as far as is known.
    pub when: Timestamp,
    /// When it was no longer to be seen; it stays evidence.
    pub cleared: Option<Timestamp>,
    /// What was seen.
    pub evidence: Option<Evidence>,
    /// How it is settled.
    pub check: CheckSpec,
    /// Who added it.
    pub by: String,
}

impl Observation {
    /// Whether it counts as evidence: settled, and no coincidence.
    pub fn counts(&self) -> bool {
        self.state.is_settled() && !self.coincidence
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypothesis {
    /// Its name in the log.
    pub id: Id,
    /// Its name on the screen: `A`.
    pub label: String,
    /// What could be the cause.
    pub text: String,
    /// Where it stands.
    pub state: HypothesisState,
    /// Why it stands there; for a refuted one, what refuted it.
    pub reason: String,
    /// When it came to stand there.
    pub since: Timestamp,
    /// How common such a cause is.
    pub prior: Prior,
    /// Whether something of it changed shortly before the onset.
    pub changed: bool,
    /// What it was made from.
    pub from: String,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Who added it.
    pub by: String,
    /// Whether a mitigation for it is ready and can be undone; the first tie-breaker.
    pub stoppable: bool,
}

/// Something taken for granted.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// Its name in the log.
    pub id: Id,
    /// What is taken for granted.
    pub text: String,
    /// The row that stands on it; `None` where the incident as a whole does.
    pub hypothesis: Option<Id>,
    /// What came of poking it.
    pub state: AssumptionState,
}

/// A cell that authors disagree on: the newest value counts, the others are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct CellEntry {
    /// The newest value.
    pub cell: Cell,
    /// The last value of each author, newest last.
    pub by: Vec<(String, Cell)>,
}

/// Hypotheses, observations and cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Rows in the order they were added.
    pub hypotheses: Vec<Hypothesis>,
    /// Columns in the order they were added.
    pub observations: Vec<Observation>,
    /// Things taken for granted.
    pub assumptions: Vec<Assumption>,
    /// The order a person gave, best first; empty for the order of evidence.
    pub hand_order: Vec<Id>,
    /// Shared with snapshots; only the row that is written to is ever copied.
    cells: HashMap<Id, Arc<RowCells>>,
}

/// The cells of one row in order of the columns' ids. The values stand apart from who said what, so that judging a row
/// reads them in one go.
#[derive(Clone, Debug, Default, PartialEq)]
struct RowCells {
    values: Vec<(Id, Cell)>,
    entries: Vec<CellEntry>,
}

impl Board {
    /// What `hypothesis` expects of `observation`; not assessed where nobody said.
    pub fn cell(&self, hypothesis: Id, observation: Id) -> Cell {
        self.cell_entry(hypothesis, observation).map_or(Cell::Unassessed, |entry| entry.cell)
    }

    /// A cell with who said what of it; `None` for one that nobody ever set.
    pub fn cell_entry(&self, hypothesis: Id, observation: Id) -> Option<&CellEntry> {
        let row = self.cells.get(&hypothesis)?;
        row.values.binary_search_by_key(&observation, |known| known.0).ok().map(|at| &row.entries[at])
    }

    /// The cells of a row that were ever set, in order of the columns' ids.
    pub(super) fn row_cells(&self, hypothesis: Id) -> &[(Id, Cell)] {
        self.cells.get(&hypothesis).map_or(&[], |row| &row.values)
    }

    /// Sets a cell as `by` said; the newest value counts.
    pub fn set_cell(&mut self, hypothesis: Id, observation: Id, cell: Cell, by: &str) {
        let row = Arc::make_mut(self.cells.entry(hypothesis).or_default());
        let at = row.values.binary_search_by_key(&observation, |known| known.0).unwrap_or_else(|at| {
            row.values.insert(at, (observation, cell));
            row.entries.insert(at, CellEntry { cell, by: Vec::new() });
            at
        });
        row.values[at].1 = cell;
        let entry = &mut row.entries[at];
        entry.cell = cell;
        entry.by.retain(|(author, _)| author != by);
        if entry.by.len() == MOST_IN_A_CELL {
            entry.by.remove(0);
        }
        entry.by.push((by.to_owned(), cell));
    }

    /// The row with this id.
    pub fn hypothesis(&self, id: Id) -> Option<&Hypothesis> {
        self.hypotheses.iter().find(|row| row.id == id)
    }

    /// The column with this id.
    pub fn observation(&self, id: Id) -> Option<&Observation> {
        self.observations.iter().find(|column| column.id == id)
    }

    /// Whether a column is settled by a query.
    pub fn has_query(&self, observation: Id) -> bool {
        self.observation(observation).is_some_and(|column| column.check.query.is_some())
    }

    pub(super) fn hypothesis_mut(&mut self, id: Id) -> Option<&mut Hypothesis> {
        self.hypotheses.iter_mut().find(|row| row.id == id)
    }

    pub(super) fn observation_mut(&mut self, id: Id) -> Option<&mut Observation> {
        self.observations.iter_mut().find(|column| column.id == id)
    }

    /// Assumptions of a row that turned out not to hold.
    pub fn broken_under(&self, hypothesis: Id) -> impl Iterator<Item = &Assumption> {
        let of_it = move |known: &&Assumption| known.hypothesis == Some(hypothesis);
        self.assumptions.iter().filter(of_it).filter(|known| known.state == AssumptionState::Broken)
    }

    /// Rows that take part in the ranking.
    pub fn live(&self) -> impl Iterator<Item = &Hypothesis> {
        self.hypotheses.iter().filter(|row| row.state.is_live())
    }
}

/// The label of the `n`th row, from 0: `A` … `Z`, `AA` ….
pub fn row_label(n: usize) -> String {
    let letter = char::from(b'A' + (n % 26) as u8);
    if n < 26 { letter.to_string() } else { format!("{}{letter}", row_label(n / 26 - 1)) }
}

/// The label of the `n`th column, from 0: `s1`, `s2` ….
pub fn column_label(n: usize) -> String {
    format!("s{}", n + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_on_after_z() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(row_label), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn the_newest_value_counts_and_a_disagreement_is_kept() {
        let (row, column) = (Id::small(1), Id::small(2));
        let mut board = Board::default();
        assert_eq!(board.cell(row, column), Cell::Unassessed);
        board.set_cell(row, column, Cell::Must, "alice");
        board.set_cell(row, column, Cell::Cannot, "bob");
        assert_eq!(board.cell(row, column), Cell::Cannot);
        let said = &board.cell_entry(row, column).expect("an entry").by;
        assert_eq!(said, &[("alice".to_owned(), Cell::Must), ("bob".to_owned(), Cell::Cannot)]);
    }
}
