//! Curves whose source says how they are to be drawn.

use super::{Series, Unit};

/// Several series, and how each is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The series.
    pub series: Vec<Series>,
    /// How each is drawn, in the same order. A series without one is a plain line.
    pub looks: Vec<Look>,
}

impl Curves {
    /// How the series at a place is drawn.
    pub fn look(&self, at: usize) -> Option<&Look> {
        self.looks.get(at)
    }
}

/// How a series is drawn; by default as a plain line in the unit of its pane, on the common scale.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Its unit, where that is not the one of the pane.
    pub unit: Option<Unit>,
    /// Whether its scale is another one than that of those of the same unit.
    pub is_apart: bool,
    /// Whether it stands on those before it.
    pub stack: Stack,
    /// What is drawn of it.
    pub stroke: Stroke,
    /// Whether what lies below it is filled.
    pub is_filled: bool,
    /// The base of a logarithmic scale, above 1; `None` for a scale of even steps.
    pub log: Option<f64>,
    /// Whether it is drawn upside down, as what goes out is below what comes in.
    pub is_mirrored: bool,
    /// The least and the greatest value of its scale, where they are given.
    pub ends: [Option<f64>; 2],
}

/// Whether a series stands on others, and what counts then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// It stands for itself.
    #[default]
    No,
    /// Values add up.
    Sum,
    /// Values are parts of a hundred.
    Percent,
}

/// What is drawn of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stroke {
    /// A line from point to point.
    #[default]
    Line,
    /// A line that stays at a value until the next one.
    Steps,
    /// A bar for each point.
    Bars,
    /// The points alone.
    Points,
}
