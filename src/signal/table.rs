//! Rows and columns, for sources that answer with neither series nor alerts.

use super::Tone;

/// A table with scrubbed cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Heads, left to right.
    pub columns: Vec<Column>,
    /// Each row has as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Rows left out because of the cap.
    pub dropped: usize,
    /// How good or bad cells are, where their source says so: row, column and tone, in this order.
    pub tones: Vec<(usize, usize, Tone)>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether all of its cells are numbers; those are aligned on the right.
    pub numeric: bool,
}
