//! What a panel shows of the answers to its queries.

use std::collections::BTreeMap;

/// What is read off a panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Numbers with their names: of each series the last, or what a stat reduces to. `None` for panels without any.
    pub fields: Option<Vec<ShownField>>,
    /// Curves, for panels that draw some, in the order of their names among `fields`.
    pub lines: Vec<Line>,
    /// Counts by size and time, for a heatmap.
    pub heat: Option<Heat>,
    /// States over time, for a state timeline.
    pub bands: Option<Vec<ShownBand>>,
    /// The bars of a bar chart.
    pub bars: Option<Vec<ShownField>>,
    /// The buckets of a histogram.
    pub counts: Option<Vec<Count>>,
    /// Rows and columns.
    pub table: Option<ShownTable>,
    /// The words of a text panel.
    pub text: Option<String>,
    /// What is not as it should be, in words.
    pub warnings: Vec<String>,
    /// Why nothing is shown, in words.
    pub reason: Option<String>,
}

impl Shown {
    /// Nothing, and why.
    pub fn without(why: impl Into<String>) -> Self {
        Self { reason: Some(why.into()), ..Self::default() }
    }
}

/// A number with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownField {
    /// What it is called.
    pub name: String,
    /// The number; `None` where there is none.
    pub value: Option<f64>,
    /// The number in words, with its unit.
    pub text: String,
    /// The colour, where it depends on the number.
    pub level: Option<String>,
    /// Which part of its scale it fills; may be below 0 and above 1. `None` where it is not on one.
    pub part: Option<f64>,
    /// That scale, where it is to be seen.
    pub scale: Option<ShownScale>,
    /// Which part it is of all that are shown with it, for a pie.
    pub share: Option<f64>,
    /// What it was before: times in milliseconds, and values.
    pub past: Vec<(i64, f64)>,
}

/// The scale of a gauge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownScale {
    /// What its ends are, in words.
    pub ends: [String; 2],
    /// Where, from 0 to 1, which colour begins.
    pub marks: Vec<(f64, String)>,
}

/// Counts by size and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    /// Times in milliseconds, the earliest first.
    pub times: Vec<i64>,
    /// The buckets, the least values first.
    pub rows: Vec<HeatRow>,
}

/// A bucket of a heatmap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatRow {
    /// Which values are in it, in words.
    pub name: String,
    /// How many there are at each time; NaN where that is not known.
    pub counts: Vec<f64>,
}

/// The states of a series over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownBand {
    /// What it is called.
    pub name: String,
    /// The states, the earliest first.
    pub stretches: Vec<ShownStretch>,
}

/// A stretch of time in one state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownStretch {
    /// When it begins, in milliseconds.
    pub from: i64,
    /// When it ends, in milliseconds.
    pub until: i64,
    /// The state, in words.
    pub state: String,
    /// The colour, where somebody chose one for this state.
    pub level: Option<String>,
}

/// A bucket of a histogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Count {
    /// The least value in it, in words.
    pub from: String,
    /// The value that all of its values are below, in words.
    pub to: String,
    /// How many there are.
    pub count: f64,
}

/// Rows and columns, as texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownTable {
    /// The heads.
    pub columns: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
    /// The colours of cells that are to be seen: row, column, colour, in this order.
    pub levels: Vec<(usize, usize, String)>,
}

/// A curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// The labels of its series.
    pub labels: BTreeMap<String, String>,
    /// Times in milliseconds, and values.
    pub points: Vec<(i64, f64)>,
    /// How it is drawn.
    pub style: LineStyle,
}

/// How a curve is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineStyle {
    /// Grafana's id of its unit, where that is not the one of its panel.
    pub unit: Option<String>,
    /// Whether it goes by the axis on the right.
    pub is_right: bool,
    /// Whether it stands on those before it.
    pub stacking: Stacking,
    /// What is drawn of it.
    pub stroke: Stroke,
    /// Whether the area below it is filled.
    pub is_filled: bool,
    /// The base of a logarithmic axis.
    pub log: Option<f64>,
    /// Whether it is drawn upside down.
    pub is_mirrored: bool,
    /// The least and the greatest value of its axis, where they are given.
    pub ends: [Option<f64>; 2],
}

/// Whether curves stand on each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Stacking {
    #[default]
    No,
    Sum,
    Percent,
}

/// What is drawn of a curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Stroke {
    #[default]
    Line,
    Steps,
    Bars,
    Points,
}
