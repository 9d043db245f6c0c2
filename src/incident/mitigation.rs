//! Actions that may stop the bleeding: what kind, how they are judged, what was answered before they were taken.

pub mod guard;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use guard::{Guard, GuardAnswer, GuardQuestion, GuardReply};

use super::Id;

/// An action should show after so many minutes, unless someone said otherwise.
pub const VERIFY_WITHIN: u32 = 5;

/// What kind of action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum MitigationKind {
    #[default]
    Rollback,
    FlagOff,
    Failover,
    Drain,
    Scale,
    Shed,
    Restart,
    Other,
}

impl MitigationKind {
    /// All kinds, in the order a person is offered them.
    pub const ALL: [Self; 8] = [
        Self::Rollback,
        Self::FlagOff,
        Self::Failover,
        Self::Drain,
        Self::Scale,
        Self::Shed,
        Self::Restart,
        Self::Other,
    ];

    /// Whether it can be undone as a matter of course. A failover often can not.
    pub fn is_reversible(self) -> bool {
        !matches!(self, Self::Failover | Self::Other)
    }

    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Rollback => "roll back",
            Self::FlagOff => "flag off",
            Self::Failover => "fail over",
            Self::Drain => "drain",
            Self::Scale => "scale",
            Self::Shed => "shed load",
            Self::Restart => "restart",
            Self::Other => "other",
        }
    }

    /// The kind a sentence most likely speaks of: `roll back checkout` is a rollback.
    pub fn guess(text: &str) -> Self {
        let text = text.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match () {
            () if has(&["roll back", "rollback", "revert", "undo"]) => Self::Rollback,
            () if has(&["flag", "toggle", "kill switch", "disable"]) => Self::FlagOff,
            () if has(&["fail over", "failover", "promote"]) => Self::Failover,
            () if has(&["drain", "evacuate", "divert", "shift traffic"]) => Self::Drain,
            () if has(&["scale", "replica", "add nodes", "capacity", "increase"]) => Self::Scale,
            () if has(&["shed", "rate limit", "throttle", "block"]) => Self::Shed,
            () if has(&["restart", "reboot", "bounce", "kill"]) => Self::Restart,
            () => Self::Other,
        }
    }
}

/// Where a mitigation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum MitigationState {
    #[default]
    Proposed,
    Running,
    Worked,
    Failed,
    Undone,
    Rejected,
}

impl MitigationState {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Running => "running",
            Self::Worked => "worked",
            Self::Failed => "failed",
            Self::Undone => "undone",
            Self::Rejected => "rejected",
        }
    }
}

/// A mitigation came to a state.
#[derive(Clone, Debug, PartialEq)]
pub struct MitigationTurn {
    /// When it did, which may be earlier than it was written.
    pub at: Timestamp,
    /// Where it stands from then on.
    pub state: MitigationState,
    /// What was seen, in words; may be empty.
    pub note: String,
}

/// An action and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mitigation {
    /// Its name in the log.
    pub id: Id,
    /// Its name on the screen: `m1`.
    pub label: String,
    /// What is done.
    pub text: String,
    /// What kind of action.
    pub kind: MitigationKind,
    /// The hypothesis it would help with.
    pub hypothesis: Option<Id>,
    /// The name of its command in the configuration.
    pub command: Option<String>,
    /// The change it undoes.
    pub change: Option<String>,
    /// Where it stands.
    pub state: MitigationState,
    /// Each state it came to, the first one being that it was proposed.
    pub history: Vec<MitigationTurn>,
    /// Who proposed it.
    pub by: String,
    /// What it is expected to do, in words; may be empty.
    pub effect: String,
    /// Whether it can be taken back, when someone said so.
    pub reversible: Option<bool>,
    /// The title of the vital it is judged by; `None` for all of them.
    pub vital: Option<String>,
    /// Minutes within which it should show, when someone said so.
    pub minutes: Option<u32>,
    /// What was answered before it was done.
    pub guard: Guard,
}

impl Mitigation {
    /// Whether it can be taken back: as someone said, else as its kind usually can.
    pub fn is_reversible(&self) -> bool {
        self.reversible.unwrap_or_else(|| self.kind.is_reversible())
    }

    /// Since when it has been running, if it is.
    pub fn running_since(&self) -> Option<Timestamp> {
        if self.state != MitigationState::Running {
            return None;
        }
        self.history.iter().rev().find(|turn| turn.state == MitigationState::Running).map(|turn| turn.at)
    }

    /// When it should have shown, while it is running.
    pub fn deadline(&self) -> Option<Timestamp> {
        let minutes = SignedDuration::from_mins(self.minutes.unwrap_or(VERIFY_WITHIN).into());
        self.running_since()?.checked_add(minutes).ok()
    }

    /// Why it stands where it stands, as someone said.
    pub fn reason(&self) -> &str {
        self.history.last().map_or("", |turn| turn.note.as_str())
    }
}
