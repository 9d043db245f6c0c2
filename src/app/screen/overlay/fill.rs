//! The fill strip: cell after cell, column by column, one key each. Letters answer nothing: words typed by mistake leave
//! every cell as it is.

use jiff::Timestamp;
use ratatui::crossterm::event::KeyCode;

use crate::{
    app::keymap::TOGETHER,
    incident::{Board, Cell, Id},
};

/// Cells to fill and which one is next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Hypothesis and observation, column by column.
    pub cells: Vec<(Id, Id)>,
    /// How many of them are of columns that were looked at: those come first, and the coach counts them.
    pub settled: usize,
    /// The one asked now.
    pub at: usize,
    /// When a letter came, or a character right behind one: what follows too fast is the rest of a word.
    pub stray: Option<Timestamp>,
}

impl Fill {
    /// The cells of live rows that nobody has assessed, in settled and untested columns; `rows` come first within a
    /// column when given. `None` when there are none.
    pub fn of(board: &Board, rows: &[Id]) -> Option<Self> {
        let wanted = |row: &Id| rows.is_empty() || rows.contains(row);
        let live: Vec<Id> = board.live().map(|row| row.id).filter(wanted).collect();
        // What has been seen is asked first: it moves the ranking now.
        let columns = || board.observations.iter().filter(|column| !column.coincidence);
        let open = |settled: bool| {
            let columns = columns().filter(move |column| column.state.is_settled() == settled);
            let cells = columns.flat_map(|column| live.iter().map(|row| (*row, column.id)));
            cells.filter(|(row, column)| board.cell(*row, *column) == Cell::Unassessed)
        };
        let mut cells: Vec<_> = open(true).collect();
        let settled = cells.len();
        cells.extend(open(false));
        if cells.is_empty() { None } else { Some(Self { cells, settled, at: 0, stray: None }) }
    }

    /// Where the one asked now is: its number, of how many, among those looked at or behind them.
    pub fn place(&self) -> (usize, usize) {
        let (at, all) = match self.at.checked_sub(self.settled) {
            None => (self.at, self.settled),
            Some(behind) => (behind, self.cells.len() - self.settled),
        };
        ((at + 1).min(all), all)
    }

    /// Whether a key at this time does nothing because it is, or follows too fast, a letter that is no answer.
    pub(in crate::app) fn is_deaf_to(&mut self, code: KeyCode, now: Timestamp) -> bool {
        let before = self.stray.take();
        let KeyCode::Char(c) = code else { return false };
        let goes_on = before.is_some_and(|at| now.duration_since(at) < TOGETHER);
        self.stray = (goes_on || (c.is_alphanumeric() && !matches!(c, 'X' | 'q'))).then_some(now);
        self.stray.is_some()
    }

    /// The cell asked now.
    pub fn current(&self) -> Option<(Id, Id)> {
        self.cells.get(self.at).copied()
    }

    /// The cells of the current column from the current one on.
    pub(in crate::app) fn rest_of_column(&self) -> Vec<(Id, Id)> {
        let Some((_, column)) = self.current() else { return Vec::new() };
        self.cells[self.at..].iter().copied().take_while(|cell| cell.1 == column).collect()
    }
}
