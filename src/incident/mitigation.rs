//! Actions that may stop the bleeding: what kind, how they are judged, what was answered before they were taken.

pub mod guard;

pub use guard::{Guard, GuardAnswer, GuardQuestion, GuardReply};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Id;
use crate::base::words;

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

    /// The kind a sentence most likely speaks of, from its whole words: `roll back checkout` is a rollback.
    pub fn guess(text: &str) -> Self {
        let known = WORDS.iter().find(|(_, plain, loose)| words::has_any(text, plain) || words::has_any(text, loose));
        known.map_or(Self::Other, |(kind, ..)| *kind)
    }

    /// Whether what a sentence speaks of can be taken back, where its words leave no doubt which kind it is. What also
    /// deletes or resets something is never said to be reversible.
    pub fn reversible_by_words(text: &str) -> Option<bool> {
        let mut certain = WORDS.iter().filter(|(_, plain, _)| words::has_any(text, plain)).map(|(kind, ..)| *kind);
        let kind = certain.next().filter(|_| certain.next().is_none())?;
        (!kind.is_reversible() || !words::has_any(text, &DESTROYS)).then_some(kind.is_reversible())
    }
}

/// The words that name a kind for certain, and those that merely speak for it, in the order in which they are looked for.
const WORDS: [(MitigationKind, &[&str], &[&str]); 7] = [
    (
        MitigationKind::Rollback,
        &["roll back", "rollback", "rolling back", "go back to"],
        &["rolled back", "roll", "revert", "undo", "downgrade"],
    ),
    (
        MitigationKind::FlagOff,
        &["flag off", "flags off", "turn off the flag", "feature flag", "kill switch", "toggle off"],
        &["flag", "flags", "toggle", "disable", "turn off", "switch off"],
    ),
    (MitigationKind::Failover, &["fail over", "failover", "fail-over", "switchover"], &["promote", "standby"]),
    (
        MitigationKind::Drain,
        &["drain", "divert traffic", "shift traffic"],
        &["evacuate", "divert", "cordon", "take out of rotation"],
    ),
    (MitigationKind::Restart, &["restart", "restarts", "rolling restart", "reboot"], &["bounce", "recycle", "kill"]),
    (
        MitigationKind::Scale,
        &[
            "scale up",
            "scale out",
            "scale down",
            "scale in",
            "upscale",
            "downscale",
            "add replicas",
            "add nodes",
            "add pods",
            "more replicas",
        ],
        &["scale", "replica", "replicas", "capacity", "increase"],
    ),
    (MitigationKind::Shed, &["shed load", "load shedding", "rate limit", "rate-limit", "throttle"], &["shed", "block"]),
];

/// Words of what does not come back by itself.
const DESTROYS: [&str; 20] = [
    "delete",
    "remove",
    "drop",
    "purge",
    "truncate",
    "wipe",
    "destroy",
    "erase",
    "terminate",
    "clear",
    "flush",
    "overwrite",
    "reset",
    "rotate",
    "revoke",
    "format",
    "prune",
    "clean",
    "vacuum",
    "discard",
];

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
    /// Whether it can be taken back: as someone said, else as its kind usually can. Good for an order, not for words: the
    /// kind may be a guess.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, kind: MitigationKind, reversible: Option<bool>) {
        assert_eq!(
            (MitigationKind::guess(text), MitigationKind::reversible_by_words(text)),
            (kind, reversible),
            "{text}"
        );
    }

    #[test]
    fn a_kind_comes_from_whole_words() {
        check("Roll back checkout", MitigationKind::Rollback, Some(true));
        check("rollback-checkout", MitigationKind::Rollback, Some(true));
        check("remove the stale replication slot", MitigationKind::Other, None);
        check("shift the blockchain node's peers", MitigationKind::Other, None);
        check("flagship store: send everyone to the queue page", MitigationKind::Other, None);
        check("fail over to eu", MitigationKind::Failover, Some(false));
        check("Restart the cluster's DNS resolvers", MitigationKind::Restart, Some(true));
    }

    #[test]
    fn what_is_guessed_or_deletes_something_is_not_called_reversible() {
        check("kill the long query", MitigationKind::Restart, None);
        check("increase the pool", MitigationKind::Scale, None);
        check("scale down and delete the old volume", MitigationKind::Scale, None);
        check("restart, then roll back", MitigationKind::Rollback, None);
    }
}
