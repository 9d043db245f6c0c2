//! A question answered in one line.

use crate::{
    app::{Intent, field::Field},
    incident::{HypothesisState, Id, MitigationState, Question, Status},
};

/// A question and the line being typed.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What the answer is for.
    pub purpose: Purpose,
    /// The answer so far.
    pub field: Field,
    /// What was wrong with the last answer, if something was.
    pub trouble: Option<String>,
}

/// What an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A symptom in words.
    Symptom,
    /// A sign to look for.
    Sign,
    /// A why to put aside.
    ParkWhy,
    /// What refuted a hypothesis, or why it is parked.
    Judge(Id, HypothesisState),
    /// Other words for a hypothesis.
    Reword(Id),
    /// What was seen when a column was settled.
    SettleNote(Id, crate::incident::ObservationState),
    /// The incident's title.
    Title,
    /// Its severity.
    Severity,
    /// When it began.
    Onset,
    /// A mitigation; the hypothesis it would help with, if one.
    Mitigation {
        /// The row it is for.
        hypothesis: Option<Id>,
    },
    /// What a mitigation is expected to do, by which vital, by when.
    Plan(Id),
    /// Why something is not done.
    Reject(Box<Intent>),
    /// What was seen when a mitigation was marked.
    MitigationNote(Id, MitigationState),
    /// The name of a command, typed to run it.
    RunCommand {
        /// What it is run for.
        intent: Box<Intent>,
        /// Its name.
        name: String,
        /// Its words, shown whole.
        argv: Vec<String>,
    },
    /// Why the status changes.
    StatusReason(Status),
    /// An answer of the review.
    Review(Question),
    /// Something to be done.
    ActionItem,
    /// What is shown must contain this.
    Filter,
}

impl Prompt {
    /// An empty line, or one that already says `text`.
    pub fn new(purpose: Purpose, text: &str) -> Self {
        Self { purpose, field: Field::line(text), trouble: None }
    }
}

impl Purpose {
    /// The question.
    pub fn question(&self) -> String {
        match self {
            Self::Symptom => "Symptom: what is seen".into(),
            Self::Sign => "Sign: what would be seen if a row were true, and is not yet looked for".into(),
            Self::ParkWhy => "Why … (put aside; Learn has it)".into(),
            Self::Judge(_, HypothesisState::Refuted) => "What refuted it".into(),
            Self::Judge(_, HypothesisState::Confirmed) => "What confirmed it".into(),
            Self::Judge(..) => "Why".into(),
            Self::Reword(_) => "Hypothesis".into(),
            Self::SettleNote(..) => "What was seen (may stay empty)".into(),
            Self::Title => "Title".into(),
            Self::Severity => "Severity, in your team's word".into(),
            Self::Onset => "When it began: 03:05, 2026-11-22 03:05 or `8m ago`".into(),
            Self::Mitigation { .. } => "Mitigation: what will be done to stop the bleeding".into(),
            Self::Plan(_) => {
                "What it should do, by which vital, by when: `errors end, checkout ok within 5 min`".into()
            }
            Self::Reject(_) | Self::MitigationNote(_, MitigationState::Rejected) => "Rejected: why".into(),
            Self::MitigationNote(_, state) => format!("{}: what is seen now (may stay empty)", state.word()),
            Self::RunCommand { name, argv, .. } => format!("Type {name} to run: {}", argv.join(" ")),
            Self::StatusReason(status) => format!("{}: how it is known (may stay empty)", status.word()),
            Self::Review(question) => question.text().into(),
            Self::ActionItem => "Action: what; then `@owner`, `due:when`, `#prevent|detect|mitigate|process`".into(),
            Self::Filter => "Show what contains".into(),
        }
    }

    /// Whether an empty answer is an answer.
    pub fn may_be_empty(&self) -> bool {
        matches!(
            self,
            Self::SettleNote(..)
                | Self::MitigationNote(..)
                | Self::StatusReason(_)
                | Self::Filter
                | Self::Review(_)
                | Self::Severity
        ) && !matches!(self, Self::MitigationNote(_, MitigationState::Rejected))
    }

    /// The name its text is kept under when it is left; `None` when it is not worth keeping.
    pub fn draft_name(&self) -> Option<String> {
        Some(match self {
            Self::Symptom => "symptom".into(),
            Self::Sign => "sign".into(),
            Self::ParkWhy => "why".into(),
            Self::Judge(id, _) => format!("reason {id}"),
            Self::Mitigation { .. } => "mitigation".into(),
            Self::Plan(id) => format!("plan {id}"),
            Self::Reject(intent) => format!("reject {}", intent.name()),
            Self::Review(question) => format!("review {question:?}"),
            Self::ActionItem => "action".into(),
            Self::SettleNote(id, _) | Self::MitigationNote(id, _) => format!("seen {id}"),
            Self::StatusReason(status) => format!("status {}", status.word()),
            Self::Reword(_) | Self::Title | Self::Severity | Self::Onset | Self::RunCommand { .. } | Self::Filter => {
                return None;
            }
        })
    }
}
