//! The few words that events are told in and everything else refers to. Their JSON is part of the contract.

use serde::{Deserialize, Serialize};

/// Where an incident stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Users are hurt.
    #[default]
    Bleeding,
    /// Impact stopped; the cause may be unknown.
    Stanched,
    /// Learned from.
    Closed,
}

impl Status {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bleeding => "bleeding",
            Self::Stanched => "stanched",
            Self::Closed => "closed",
        }
    }
}

/// What a source can have too many of to write each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Observed {
    AlertGroups,
    Changes,
}

impl Observed {
    /// The word for many of them.
    pub fn word(self) -> &'static str {
        match self {
            Self::AlertGroups => "groups of alerts",
            Self::Changes => "changes",
        }
    }
}

/// What happened to a group of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertTurn {
    /// It began to fire.
    Fired,
    /// It was already firing when the cockpit looked for the first time.
    FiringWhenOpened,
    /// It had begun before, silenced or inhibited, and is that no longer.
    Unmuted,
    /// It ended while its source answered.
    Resolved,
    /// It vanished while its source, or the source behind it, was failing. Not the same as resolved.
    LostSight,
}

impl AlertTurn {
    /// Whether the group fires after it.
    pub fn is_firing(self) -> bool {
        matches!(self, Self::Fired | Self::FiringWhenOpened | Self::Unmuted)
    }
}
