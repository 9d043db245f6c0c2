//! Something that was changed: a deploy, a config push, a flag flip.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A change that a source reported, with who did it and how to undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The id its source gave it; the same change keeps its id from poll to poll.
    pub id: String,
    /// What kind of change.
    #[serde(default)]
    pub kind: ChangeKind,
    /// One line: `checkout v2.3.1`.
    pub title: String,
    /// The service it touched, if the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The version it went to, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The time it was done: finished, not begun.
    pub at: Timestamp,
    /// The person or machine that did it, if the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The way back, in words or as a command to type elsewhere; never run from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
    /// An address to read more at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Change {
    /// The title, with the version behind it unless it says it already.
    pub fn name(&self) -> String {
        match &self.version {
            Some(version) if !self.title.contains(version.as_str()) => format!("{} {version}", self.title),
            _ => self.title.clone(),
        }
    }
}

/// What kind of change; decides whether it may be offered as something to roll back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum ChangeKind {
    #[default]
    Deploy,
    Config,
    Flag,
    Scale,
    Failover,
    Schema,
    Data,
    Rollback,
    Other,
}

impl ChangeKind {
    /// Whether going back is a first suggestion. Failovers, schema and data changes are not, until a person has said
    /// that nothing was written since; nor are rollbacks, which lead to what had been taken back.
    pub fn is_revertible(self) -> bool {
        matches!(self, Self::Deploy | Self::Config | Self::Flag | Self::Scale)
    }

    /// Reads the words that deploy feeds use; unknown ones are `Other`.
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "" | "deploy" | "deployment" | "release" | "rollout" => Self::Deploy,
            "config" | "configuration" => Self::Config,
            "flag" | "feature_flag" | "feature-flag" => Self::Flag,
            "scale" | "scaling" | "autoscale" => Self::Scale,
            "failover" | "promotion" => Self::Failover,
            "schema" | "migration" => Self::Schema,
            "data" | "backfill" => Self::Data,
            "rollback" | "roll_back" | "roll-back" | "rolledback" | "rolled_back" | "revert" | "undo" => Self::Rollback,
            _ => Self::Other,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Config => "config",
            Self::Flag => "flag",
            Self::Scale => "scale",
            Self::Failover => "failover",
            Self::Schema => "schema",
            Self::Data => "data",
            Self::Rollback => "rollback",
            Self::Other => "change",
        }
    }
}
