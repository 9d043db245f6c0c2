//! Data frames: what a query answered, as columns of one length.
//!
//! The model is Grafana's own, as its transformations and overrides are defined over it:
//! <https://grafana.com/developers/plugin-tools/key-concepts/data-frames>.

use std::{collections::BTreeMap, sync::Arc};

use super::field_config::FieldConfig;
pub use super::field_kind::FieldKind;

/// Columns of one length, from one query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// What it is called, where it has a name of its own.
    pub name: Option<String>,
    /// The letter of the query it comes from.
    pub ref_id: Option<String>,
    /// The columns.
    pub fields: Vec<Field>,
    /// What kind of answer this is.
    pub kind: FrameKind,
}

/// What a frame is, where that matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrameKind {
    /// Nothing said about it.
    #[default]
    Plain,
    /// One series over time.
    TimeSeries,
    /// One number of now.
    Numeric,
    /// The buckets of a histogram over time.
    HeatmapRows,
    /// Rows of labels and values.
    Table,
}

/// One column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Its name in the data, which is not always the one shown; see [`naming`](super::naming).
    pub name: String,
    /// What its cells are.
    pub kind: FieldKind,
    /// Labels of a series.
    pub labels: BTreeMap<String, String>,
    /// Whether it counts as one with labels even where there are none: the values of a series do, and what was joined.
    pub labelled: bool,
    /// The cells.
    pub cells: Vec<Cell>,
    /// How it is shown.
    pub config: FieldConfig,
    /// The name it is shown by, once that is settled.
    pub shown_name: Option<String>,
    /// Whether that name was settled among several frames; it is settled anew where this changes.
    pub named_among_many: Option<bool>,
    /// The least and the greatest value of all fields together, once overrides were applied; thresholds in percent and
    /// gauges go by it.
    pub range: Option<(f64, f64)>,
    /// Which of the shown series it is, for the colour of a palette; set with the overrides.
    pub series_index: Option<usize>,
}

/// One value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Null,
    /// A number or a time; may be NaN or infinite.
    Number(f64),
    /// A text.
    Text(Arc<str>),
    /// Yes or no.
    Boolean(bool),
    /// A series in a cell, and the value it was reduced to.
    Frame(Arc<Frame>, Option<f64>),
}

impl Frame {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.fields.iter().map(|field| field.cells.len()).max().unwrap_or(0)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first column of a kind.
    pub fn first_of(&self, kind: FieldKind) -> Option<&Field> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    /// Whether it has a time and a number: a series.
    pub fn is_time_series(&self) -> bool {
        self.first_of(FieldKind::Time).is_some() && self.first_of(FieldKind::Number).is_some()
    }
}

impl Field {
    /// Whether it counts as one with labels.
    pub fn has_labels(&self) -> bool {
        self.labelled || !self.labels.is_empty()
    }
}

impl Cell {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Boolean(yes) => Some(f64::from(u8::from(*yes))),
            _ => None,
        }
    }
}
