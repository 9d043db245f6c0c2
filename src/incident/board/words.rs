//! The words of the board: what a cell expects, what is known of a column, where a row stands and how common it is.
//!
//! Journals and board files hold them as they are named here; none is ever renamed.

use serde::{Deserialize, Serialize};

/// What a hypothesis expects of an observation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cell {
    /// `#` must be there.
    #[serde(rename = "#")]
    Must,
    /// `+` likely there.
    #[serde(rename = "+")]
    Likely,
    /// `.` says nothing.
    #[serde(rename = ".")]
    Neutral,
    /// `-` unlikely.
    #[serde(rename = "-")]
    Unlikely,
    /// `X` cannot be there.
    #[serde(rename = "X")]
    Cannot,
    /// `?` not assessed.
    #[default]
    #[serde(rename = "?")]
    Unassessed,
}

impl Cell {
    /// The sign for it.
    pub fn sign(self) -> char {
        match self {
            Self::Must => '#',
            Self::Likely => '+',
            Self::Neutral => '.',
            Self::Unlikely => '-',
            Self::Cannot => 'X',
            Self::Unassessed => '?',
        }
    }

    /// Reads a sign.
    pub fn parse(sign: &str) -> Option<Self> {
        Some(match sign {
            "#" => Self::Must,
            "+" => Self::Likely,
            "." => Self::Neutral,
            "-" => Self::Unlikely,
            "X" | "x" | "!" => Self::Cannot,
            "?" => Self::Unassessed,
            _ => return None,
        })
    }

    /// What it says of an observation, in words that follow its text.
    pub fn words(self) -> &'static str {
        match self {
            Self::Must => "must be there",
            Self::Likely => "likely there",
            Self::Neutral => "says nothing",
            Self::Unlikely => "unlikely",
            Self::Cannot => "cannot be there",
            Self::Unassessed => "not assessed",
        }
    }
}

/// What is known of an observation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationState {
    /// It is, or was, there; people then call it a symptom.
    #[default]
    Present,
    /// Someone or something looked, and it was not there.
    Absent,
    /// A sign nobody has looked for yet.
    Untested,
    /// Looked for without a result.
    Unclear,
}

impl ObservationState {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Untested => "untested",
            Self::Unclear => "unclear",
        }
    }

    /// Whether it counts as evidence.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Present | Self::Absent)
    }
}

/// How common a cause is, before any evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Prior {
    Common,
    #[default]
    Usual,
    Rare,
}

impl Prior {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Usual => "usual",
            Self::Rare => "rare",
        }
    }
}

/// Where a hypothesis stands. `Open`, `Testing` and `Confirmed` are live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum HypothesisState {
    #[default]
    Open,
    Testing,
    Confirmed,
    Refuted,
    Parked,
}

impl HypothesisState {
    /// Whether it takes part in the ranking.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Testing | Self::Confirmed)
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Testing => "testing",
            Self::Confirmed => "confirmed",
            Self::Refuted => "refuted",
            Self::Parked => "parked",
        }
    }
}

/// What came of poking an assumption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum AssumptionState {
    #[default]
    Unpoked,
    Holds,
    Broken,
}
