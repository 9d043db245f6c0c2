//! What can be changed at a source, as data, and what came of it.
//!
//! Nothing here changes anything. An operation is shown whole, confirmed by a person and recorded before a source is told;
//! what came of it is recorded as well.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One change at one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Operation {
    /// Alerts that meet all matchers are told to nobody until a time.
    Silence {
        /// Each as it is written there: `service="checkout"`.
        matchers: Vec<String>,
        /// The end, after which they are told again.
        until: Timestamp,
        /// Who wants it.
        by: String,
        /// What others are told who see it.
        comment: String,
    },
    /// Somebody is on it.
    Acknowledge {
        /// What is acknowledged, by the id its source gave it.
        id: String,
        /// Who is on it.
        by: String,
        /// Said along with it; may be empty.
        note: String,
    },
}

/// The kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    /// [`Operation::Silence`].
    Silence,
    /// [`Operation::Acknowledge`].
    Acknowledge,
}

/// That a source took an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// How the source calls what was made of it; empty when it has no name for it.
    pub id: String,
    /// When it had taken it, by our clock.
    pub at: Timestamp,
}

impl Operation {
    /// The kind of change it is, by which a source says whether it can do it.
    pub fn kind(&self) -> WriteKind {
        match self {
            Self::Silence { .. } => WriteKind::Silence,
            Self::Acknowledge { .. } => WriteKind::Acknowledge,
        }
    }
}

impl WriteKind {
    /// The word for what has happened then: `silenced`.
    pub fn done(self) -> &'static str {
        match self {
            Self::Silence => "silenced",
            Self::Acknowledge => "acknowledged",
        }
    }
}
