//! What a panel shows of the answers to its queries.

use std::collections::BTreeMap;

/// What is read off a panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Numbers with their names: of each series the last, or what a stat reduces to. `None` for panels without any.
    pub fields: Option<Vec<ShownField>>,
    /// Curves, for panels that draw some, in the order of their names among `fields`.
    pub lines: Vec<Line>,
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
}

/// Rows and columns, as texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownTable {
    /// The heads.
    pub columns: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
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
}
