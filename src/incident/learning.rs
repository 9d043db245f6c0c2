//! What is asked afterwards: whys, honest questions of the SOP, the worst case, and what to do about it.

pub mod whys;

use serde::{Deserialize, Serialize};

use super::Id;

/// A question of the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// What happened, in two sentences.
    Summary,
    /// Who was hurt, how much.
    Impact,
    /// The first of five whys in a row, as older journals have them; whys are a tree now, see [`whys`].
    Why1,
    /// The second.
    Why2,
    /// The third.
    Why3,
    /// The fourth.
    Why4,
    /// The fifth.
    Why5,
    /// Did the SOP find the cause?
    SopFoundCause,
    /// Did the SOP stop the bleeding?
    SopStopped,
    /// Was the SOP clear?
    SopClear,
    /// What must change in the runbook?
    SopChange,
    /// How could it have been worse?
    Worse,
    /// What would that have needed?
    WorseNeeds,
    /// What went well?
    Well,
    /// What went badly?
    Badly,
    /// Where were we lucky?
    Lucky,
}

impl Question {
    /// All that are asked, in order; the whys are asked behind the first two.
    pub const ALL: [Self; 11] = [
        Self::Summary,
        Self::Impact,
        Self::SopFoundCause,
        Self::SopStopped,
        Self::SopClear,
        Self::SopChange,
        Self::Worse,
        Self::WorseNeeds,
        Self::Well,
        Self::Badly,
        Self::Lucky,
    ];

    /// Whether it is one of the fixed five.
    pub fn is_why(self) -> bool {
        matches!(self, Self::Why1 | Self::Why2 | Self::Why3 | Self::Why4 | Self::Why5)
    }

    /// What it belongs to.
    pub fn part(self) -> &'static str {
        match self {
            Self::Summary | Self::Impact => "What happened",
            Self::Why1 | Self::Why2 | Self::Why3 | Self::Why4 | Self::Why5 => "Whys",
            Self::SopFoundCause | Self::SopStopped | Self::SopClear | Self::SopChange => "The runbook",
            Self::Worse | Self::WorseNeeds => "The worst case",
            Self::Well | Self::Badly | Self::Lucky => "Looking back",
        }
    }

    /// The question as it is asked.
    pub fn text(self) -> &'static str {
        match self {
            Self::Summary => "What happened, in two sentences?",
            Self::Impact => "Who was hurt, and how much?",
            Self::Why1 => "Why did it happen?",
            Self::Why2 | Self::Why3 | Self::Why4 | Self::Why5 => "Why was that?",
            Self::SopFoundCause => "Did the runbook find the cause?",
            Self::SopStopped => "Did the runbook stop the bleeding?",
            Self::SopClear => "Was the runbook clear?",
            Self::SopChange => "What must change in the runbook?",
            Self::Worse => "How could it have been worse?",
            Self::WorseNeeds => "What would that have needed?",
            Self::Well => "What went well?",
            Self::Badly => "What went badly?",
            Self::Lucky => "Where were we lucky?",
        }
    }
}

/// What an action is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum ActionKind {
    #[default]
    Prevent,
    Detect,
    Mitigate,
    Process,
}

impl ActionKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Prevent => "prevent",
            Self::Detect => "detect",
            Self::Mitigate => "mitigate",
            Self::Process => "process",
        }
    }
}

/// Something to be done so that next week pages less.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionItem {
    /// Its name in the log.
    pub id: Id,
    /// What is to be done.
    pub text: String,
    /// Who will do it; may be empty.
    pub owner: String,
    /// By when; may be empty.
    pub due: String,
    /// What it is for.
    pub kind: ActionKind,
}

impl ActionItem {
    /// As it was typed, and can be typed again.
    pub fn typed(&self) -> String {
        let named = |key: &str, text: &str| (!text.is_empty()).then(|| format!("{key}: {text}"));
        let parts = [Some(self.text.clone()), named("owner", &self.owner), named("due", &self.due)];
        let parts: Vec<_> = parts.into_iter().flatten().chain([format!("#{}", self.kind.word())]).collect();
        parts.join(" ")
    }
}
