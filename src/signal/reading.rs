//! What one poll of one query returned.

use jiff::Timestamp;

use super::{AlertSet, Band, Change, Curves, Heatmap, Histogram, LogLine, Readout, Series, Table};

/// How a warning begins that says that an answer is not whole.
pub const PARTIAL: &str = "partial answer";

/// How a warning begins that says which of very many log lines are there: nothing is wrong with them.
pub const SOME_LINES: [&str; 3] = ["the newest ", "the first ", "the nearest "];

/// Whether a warning says which of very many log lines are there.
pub fn says_which_lines(warning: &str) -> bool {
    SOME_LINES.iter().any(|begin| warning.starts_with(begin))
}

/// A successful poll.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// When the answer was complete, by our clock.
    pub at: Timestamp,
    /// What it says.
    pub data: Data,
    /// What the source, or a cap of ours, wants said about it: `showing 50 of 812 series`.
    pub warnings: Vec<String>,
}

impl Reading {
    /// Whether the source says that part of the answer is missing.
    pub fn is_partial(&self) -> bool {
        self.warnings.iter().any(|warning| warning.starts_with(PARTIAL))
    }
}

/// The kinds of answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Numbers over time; an instant query gives series of one point.
    Series(Vec<Series>),
    /// The same, and how each is drawn.
    Curves(Curves),
    /// A single number.
    Number(f64),
    /// Numbers in words, each with its name.
    Readouts(Vec<Readout>),
    /// Counts of values by size and time.
    Heatmap(Heatmap),
    /// Counts of values by size.
    Histogram(Histogram),
    /// States over time.
    States(Vec<Band>),
    /// Rows and columns.
    Table(Table),
    /// Alerts, grouped.
    Alerts(AlertSet),
    /// Changes, newest first.
    Changes(Vec<Change>),
    /// Log lines, oldest first.
    Logs(Vec<LogLine>),
}

impl Data {
    /// How many things there are: series, rows, alerts, changes, lines.
    pub fn items(&self) -> usize {
        match self {
            Self::Series(series) | Self::Curves(Curves { series, .. }) => series.len(),
            Self::Number(_) => 1,
            Self::Readouts(readouts) => readouts.len(),
            Self::Heatmap(heatmap) => heatmap.buckets.len(),
            Self::Histogram(histogram) => histogram.bars.len(),
            Self::States(bands) => bands.len(),
            Self::Table(table) => table.rows.len() + table.dropped,
            Self::Alerts(set) => set.counts().total() + set.dropped,
            Self::Changes(changes) => changes.len(),
            Self::Logs(lines) => lines.len(),
        }
    }

    /// The one number this comes down to: the number itself, or the newest value of the only series. `None` when there
    /// is no series, more than one, or none with a point: such a reading settles nothing.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Series(series) | Self::Curves(Curves { series, .. }) => match series.as_slice() {
                [only] => only.last().map(|point| point.v),
                _ => None,
            },
            Self::Readouts(readouts) => match readouts.as_slice() {
                [only] => only.value,
                _ => None,
            },
            _ => None,
        }
    }
}
