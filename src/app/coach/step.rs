//! The steps a coach line can name.

use crate::{
    app::{Facts, world::checks},
    dashboard::PaneId,
    incident::{Id, Question, Status},
};

/// What the coach's key does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Say: I am on it.
    Acknowledge,
    /// Take this alert group as a symptom: pane and row.
    TakeAlert(PaneId, String),
    /// Take this vital as a symptom, by its place.
    TakeVital(usize),
    /// Fold what fires into a few symptoms.
    Fold,
    /// List what smells.
    LookAtSmells,
    /// Type a symptom.
    TypeSymptom,
    /// Propose to undo a change.
    Undo(String),
    /// Begin on a configured command, by its place.
    Run(usize),
    /// Begin on a mitigation that was proposed.
    Begin(Id),
    /// Say that a mitigation failed.
    Fail(Id),
    /// Confirm a hypothesis.
    Confirm(Id),
    /// Write a note about something, by its name.
    Note(String),
    /// Add something to be done.
    AddAction,
    /// Say where a mitigation stands.
    Verify(Id),
    /// Add hypotheses.
    AddHypotheses,
    /// Add a rival of this row.
    AddRival(Id),
    /// Add what is missing where nothing on the board holds up.
    AddMissing,
    /// Fill the cells nobody has assessed.
    Fill,
    /// Add a sign to look for.
    AddSign,
    /// Add the sign that would prove this row wrong.
    AddDisproof(Id),
    /// Say whether what is taken for granted is so.
    Poke(Id),
    /// Write down what is taken for granted.
    Assume,
    /// Settle an observation.
    Settle(Id),
    /// Refute a hypothesis, with a reason filled in.
    Refute(Id),
    /// Set the status.
    Status(Status),
    /// Answer the first open question of the review.
    Review(Question),
    /// Enter a mitigation for a row.
    Mitigate(Option<Id>),
    /// Ask why: of an answer, of a why put aside, or of it all.
    Why(Option<Id>),
}

impl Step {
    /// What the key does, in a few words behind it.
    pub fn does(&self, facts: Facts<'_>) -> &'static str {
        match self {
            Self::Acknowledge => "says that you are",
            Self::TakeAlert(..) | Self::TakeVital(_) => "takes it",
            Self::TypeSymptom
            | Self::AddSign
            | Self::AddDisproof(_)
            | Self::Assume
            | Self::Mitigate(_)
            | Self::AddAction
            | Self::Note(_) => "opens a line for it",
            Self::Undo(_) => "asks four questions first",
            Self::Run(_) | Self::Begin(_) => "shows it, then asks",
            Self::Confirm(_) | Self::Poke(_) => "asks first",
            Self::Verify(_) | Self::Fail(_) => "asks what came of it",
            Self::Fold | Self::LookAtSmells => "lists them",
            Self::AddHypotheses | Self::AddRival(_) | Self::AddMissing => "offers some",
            Self::Fill => "asks one by one",
            Self::Settle(id) if checks::would_run(facts, *id) => "runs it",
            Self::Settle(_) => "asks what was seen",
            Self::Refute(_) => "asks for the reason",
            Self::Status(Status::Closed) => "asks, then closes it",
            Self::Status(_) => "asks first",
            Self::Review(_) | Self::Why(_) => "opens a line for the answer",
        }
    }
}
