//! A question answered in one line.

use crate::{
    app::{Intent, View, field::Field},
    incident::{HypothesisState, Id, MitigationState, ObservationState, Question, Status},
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
    /// What stood there when it was opened.
    initial: String,
}

/// What an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A symptom in words.
    Symptom,
    /// A sign to look for.
    Sign,
    /// The query that checks a column.
    Check(Id),
    /// What is selected in Watch as a sign to look for: its words and its condition.
    SignOf(Box<SignOf>),
    /// A sign that would prove this row wrong.
    SignAgainst(Id),
    /// A why to put aside.
    ParkWhy,
    /// What refuted a hypothesis, or why it is parked.
    Judge(Id, HypothesisState),
    /// Other words for a hypothesis.
    Reword(Id),
    /// Something that a row, or the incident as a whole, takes for granted.
    Assumption(Option<Id>),
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
    /// An answer to a why: to the one put aside or the answer of this id, else to "Why did it happen?".
    Why {
        /// What is asked why.
        of: Option<Id>,
        /// The question as it is asked.
        asked: &'static str,
    },
    /// Other words for an answer to a why.
    WhyWords(Id),
    /// Something to be done.
    ActionItem,
    /// The same, changed.
    EditAction(Id),
    /// What a view shows must contain this.
    Filter(View),
    /// A board file to put on the board.
    LoadBoard,
    /// A file to write the board to.
    SaveBoard,
}

/// How a sign that was taken from the screen is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOf {
    /// The source.
    pub source: String,
    /// The query.
    pub query: String,
    /// What an empty answer says.
    pub empty: Option<ObservationState>,
    /// Where it comes from; what comes from there counts once.
    pub origin: Option<String>,
}

impl Prompt {
    /// An empty line, or one that already says `text`.
    pub fn new(purpose: Purpose, text: &str) -> Self {
        let field = Field::line(text);
        Self { purpose, initial: field.text(), field, trouble: None }
    }

    /// Whether something else stands there than when it was opened.
    pub fn is_changed(&self) -> bool {
        self.field.text() != self.initial
    }
}

impl Purpose {
    /// What it is, in a word or two.
    pub fn title(&self) -> String {
        match self {
            Self::Symptom => "Symptom".into(),
            Self::Sign | Self::SignOf(_) | Self::SignAgainst(_) => "Sign".into(),
            Self::Check(_) => "Check".into(),
            Self::ParkWhy => "Park a why".into(),
            Self::Judge(_, HypothesisState::Refuted) => "Refute".into(),
            Self::Judge(_, HypothesisState::Confirmed) => "Confirm".into(),
            Self::Judge(..) => "Park".into(),
            Self::Reword(_) => "Reword".into(),
            Self::Assumption(_) => "Assumption".into(),
            Self::SettleNote(_, state) => format!("Settle: {}", state.word()),
            Self::Title => "Title".into(),
            Self::Severity => "Severity".into(),
            Self::Onset => "Onset".into(),
            Self::Mitigation { .. } => "Mitigation".into(),
            Self::Plan(_) => "What it should do".into(),
            Self::Reject(_) => "Mitigation: rejected".into(),
            Self::MitigationNote(_, state) => format!("Mitigation: {}", state.word()),
            Self::RunCommand { .. } => "Run a command".into(),
            Self::StatusReason(status) => format!("Status: {}", status.word()),
            Self::Review(_) => "Review".into(),
            Self::Why { .. } | Self::WhyWords(_) => "Why".into(),
            Self::ActionItem | Self::EditAction(_) => "Action".into(),
            Self::Filter(_) => "Filter".into(),
            Self::LoadBoard | Self::SaveBoard => "Board file".into(),
        }
    }

    /// The question.
    pub fn question(&self) -> String {
        match self {
            Self::Symptom => "What is seen?".into(),
            Self::Sign => "What would be seen if a row were true, and is not yet looked for?".into(),
            Self::Check(_) => {
                "Which source is asked what, and when is it present? `prom QUERY present > 0.5 for 1m`".into()
            }
            Self::SignOf(of) => {
                format!("What would be seen, and when is it present? Asked of {}: {}", of.source, of.query)
            }
            Self::SignAgainst(_) => "What would be seen if it were wrong, and cannot be there if it is right?".into(),
            Self::ParkWhy => "Why … (put aside; Learn has it)".into(),
            Self::Judge(_, HypothesisState::Refuted) => "What refuted it?".into(),
            Self::Judge(_, HypothesisState::Confirmed) => "What confirmed it?".into(),
            Self::Judge(..) => "Why?".into(),
            Self::Reword(_) => "What could be the cause, in better words?".into(),
            Self::Assumption(Some(_)) => {
                "What does it take for granted? `all: …` is what everything here takes for granted".into()
            }
            Self::Assumption(None) => "What does everything here take for granted?".into(),
            Self::SettleNote(..) => "What was seen? (may stay empty; `03:05 text` dates it back)".into(),
            Self::Title => "What is this incident called?".into(),
            Self::Severity => {
                "How bad is it? SEV1 to SEV5, P1 to P5, critical, major or minor; empty takes it back".into()
            }
            Self::Onset => "When did it begin? 03:05, 2026-11-22 03:05 or `8m ago`".into(),
            Self::Mitigation { .. } => "What will be done to stop the bleeding?".into(),
            Self::Plan(_) => {
                "What it should do, by which vital, by when: `errors end, checkout ok within 5 min`".into()
            }
            Self::Reject(_) | Self::MitigationNote(_, MitigationState::Rejected) => "Why is it not done?".into(),
            Self::MitigationNote(..) => "What is seen now? (may stay empty; `03:05 text` dates it back)".into(),
            Self::RunCommand { name, argv, .. } => format!("Type {name} to run: {}", argv.join(" ")),
            Self::StatusReason(_) => "How is that known? (may stay empty)".into(),
            Self::Review(question) => question.text().into(),
            Self::Why { asked, .. } => (*asked).into(),
            Self::WhyWords(_) => "Why, in better words?".into(),
            Self::ActionItem | Self::EditAction(_) => {
                "What is to be done? Then, if known: `owner: maria`, `due: Dec 1`, `#prevent`, `#detect`, `#mitigate` \
                 or `#process`"
                    .into()
            }
            Self::Filter(_) => "Show what contains".into(),
            Self::LoadBoard => "Which board file? What the board has already stays as it is".into(),
            Self::SaveBoard => "Which file is the board written to?".into(),
        }
    }

    /// What Enter and Esc do, in a few words.
    pub fn keys(&self) -> String {
        let enter = match self {
            Self::Check(_) => "gives it this query".into(),
            Self::Symptom
            | Self::Sign
            | Self::SignOf(_)
            | Self::SignAgainst(_)
            | Self::ActionItem
            | Self::Assumption(_) => "adds it".into(),
            Self::ParkWhy => "parks it".into(),
            Self::Judge(_, HypothesisState::Refuted) => "refutes it".into(),
            Self::Judge(_, HypothesisState::Confirmed) => "confirms it".into(),
            Self::Judge(..) | Self::Reword(_) | Self::Review(_) => "keeps it".into(),
            Self::Why { .. } => "keeps it, empty leaves it open".into(),
            Self::WhyWords(_) | Self::EditAction(_) => "keeps it, empty takes it back".into(),
            Self::SettleNote(_, state) => format!("marks it {}", state.word()),
            Self::MitigationNote(_, state) => format!("marks it {}", state.word()),
            Self::StatusReason(status) => format!("makes it {}", status.word()),
            Self::Title | Self::Severity | Self::Onset => "sets it".into(),
            Self::Mitigation { .. } => "proposes it".into(),
            Self::Plan(_) => "keeps it".into(),
            Self::Reject(_) => "rejects it".into(),
            Self::RunCommand { .. } => "runs it".into(),
            Self::Filter(_) => "filters".into(),
            Self::LoadBoard => "puts it on the board".into(),
            Self::SaveBoard => "writes it".into(),
        };
        let esc = match self {
            Self::RunCommand { .. } => "leaves, nothing runs",
            Self::Filter(_) => "leaves the filter, text is kept",
            _ => "leaves, text is kept",
        };
        format!("Enter {enter} · Esc {esc}")
    }

    /// Whether an empty answer is an answer.
    pub fn may_be_empty(&self) -> bool {
        matches!(
            self,
            Self::SettleNote(..)
                | Self::MitigationNote(..)
                | Self::StatusReason(_)
                | Self::Filter(_)
                | Self::Review(_)
                | Self::Why { .. }
                | Self::WhyWords(_)
                | Self::EditAction(_)
                | Self::Severity
                | Self::Check(_)
        ) && !matches!(self, Self::MitigationNote(_, MitigationState::Rejected))
    }

    /// Some more about what can be typed, below the field.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Why { .. } => Some("A cause, not a person. `process: …` says that the branch ends there."),
            _ => None,
        }
    }

    /// The name its text is kept under while the cockpit is open: it is about the screen or a file, not about the incident,
    /// so the journal has no place for it.
    pub fn aside_name(&self) -> Option<&'static str> {
        match self {
            Self::Filter(View::Log) => Some("filter of the log"),
            Self::Filter(_) => Some("filter"),
            Self::LoadBoard => Some("load"),
            Self::SaveBoard => Some("save"),
            _ => None,
        }
    }

    /// The name its text is kept under in the journal when it is left; `None` when it is kept elsewhere, or, as the name
    /// that runs a command, must be typed anew each time.
    pub fn draft_name(&self) -> Option<String> {
        Some(match self {
            Self::Symptom => "symptom".into(),
            Self::Sign => "sign".into(),
            Self::Check(id) => format!("check {id}"),
            Self::SignOf(of) => format!("sign {} {}", of.source, of.query),
            Self::SignAgainst(id) => format!("against {id}"),
            Self::ParkWhy => "why".into(),
            Self::Judge(id, _) => format!("reason {id}"),
            Self::Mitigation { .. } => "mitigation".into(),
            Self::Plan(id) => format!("plan {id}"),
            Self::Reject(intent) => format!("reject {}", intent.name()),
            Self::Review(question) => format!("review {question:?}"),
            Self::Why { of: None, .. } => "why it happened".into(),
            Self::Why { of: Some(id), .. } => format!("why of {id}"),
            Self::WhyWords(id) => format!("why words {id}"),
            Self::ActionItem => "action".into(),
            Self::EditAction(id) => format!("action {id}"),
            Self::SettleNote(id, _) | Self::MitigationNote(id, _) => format!("seen {id}"),
            Self::StatusReason(status) => format!("status {}", status.word()),
            Self::Reword(id) => format!("words {id}"),
            Self::Assumption(Some(id)) => format!("assumption {id}"),
            Self::Assumption(None) => "assumption".into(),
            Self::Title => "title".into(),
            Self::Severity => "severity".into(),
            Self::Onset => "onset".into(),
            Self::RunCommand { .. } | Self::Filter(_) | Self::LoadBoard | Self::SaveBoard => return None,
        })
    }
}
