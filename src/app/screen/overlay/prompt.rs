//! A question answered in one line: what it is for, and in one match what it says and where its text is kept. The other
//! match over the purposes is in [`submit`](crate::app::dialogs::submit): what comes of the answer.

use crate::{
    app::{
        Intent, View,
        field::Field,
        screen::overlay::{About, write::Write},
        world::checks::SignOf,
    },
    base::command_line,
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
    SettleNote(Id, ObservationState),
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
    /// Which alerts are to be told to nobody, for how long, and why.
    Silence {
        /// The name of the source that would be told.
        source: String,
        /// The alerts that are proposed; what was typed for others is kept apart.
        of: String,
    },
    /// The name of a change at a source, typed to have it done.
    Write(Box<Write>),
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
    /// Other words for something to be done.
    EditAction(Id),
    /// What a view shows must contain this.
    Filter(View),
    /// What is marked in the lines of the pane that has the focus.
    Highlight,
    /// A board file to put on the board.
    LoadBoard,
    /// A file to write the board to.
    SaveBoard,
    /// The title of a new incident.
    NewIncident,
}

impl Prompt {
    /// An empty line, or one that already says `text`.
    pub fn new(purpose: Purpose, text: &str) -> Self {
        let field = Field::line(text);
        Self { purpose, initial: field.text(), field, trouble: None }
    }

    /// Whether something else stands there than when it was opened.
    pub(in crate::app) fn is_changed(&self) -> bool {
        self.field.text() != self.initial
    }
}

/// What a question says, and where its text is kept: all that differs from purpose to purpose, besides what comes of
/// the answer.
#[derive(Clone, Debug)]
pub struct PromptSpec {
    /// What it is, in a word or two.
    pub title: String,
    /// The question.
    pub question: String,
    /// What Enter does: `adds it`.
    pub enter: String,
    /// What Esc does: `leaves, text is kept`.
    pub esc: &'static str,
    /// Whether an empty answer is an answer.
    pub may_be_empty: bool,
    /// Some more about what can be typed, below the field.
    pub hint: Option<&'static str>,
    /// What the answer is about.
    pub about: About,
    /// Where its text is kept when it is left.
    pub kept_under: KeptUnder,
    /// Whether the coach's key, in an empty field, is meant for the step before and is no text.
    pub ignores_coach: bool,
}

/// The name text is kept under when its field is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptUnder {
    /// In the journal.
    Draft(String),
    /// While the cockpit is open: it is about the screen or a file, not about the incident, so the journal has no place for
    /// it.
    Aside(&'static str),
    /// It must be typed anew each time, as the name that runs a command.
    Nowhere,
}

impl KeptUnder {
    /// Its name in the journal.
    pub fn draft(self) -> Option<String> {
        match self {
            Self::Draft(name) => Some(name),
            Self::Aside(_) | Self::Nowhere => None,
        }
    }

    /// Its name while the cockpit is open.
    pub fn aside(self) -> Option<&'static str> {
        match self {
            Self::Aside(name) => Some(name),
            Self::Draft(_) | Self::Nowhere => None,
        }
    }
}

impl PromptSpec {
    fn new(title: impl Into<String>, question: impl Into<String>, enter: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            question: question.into(),
            enter: enter.into(),
            esc: "leaves, text is kept",
            may_be_empty: false,
            hint: None,
            about: About::Nothing,
            kept_under: KeptUnder::Nowhere,
            ignores_coach: false,
        }
    }

    fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    fn draft(self, name: impl Into<String>) -> Self {
        Self { kept_under: KeptUnder::Draft(name.into()), ..self }
    }

    fn aside(self, name: &'static str) -> Self {
        Self { kept_under: KeptUnder::Aside(name), ..self }
    }

    fn or_empty(self) -> Self {
        Self { may_be_empty: true, ..self }
    }

    fn ignoring_coach(self) -> Self {
        Self { ignores_coach: true, ..self }
    }

    /// What Enter and Esc do, in a few words.
    pub fn keys(&self) -> String {
        format!("Enter {} · Esc {}", self.enter, self.esc)
    }
}

impl Purpose {
    /// Whether what is answered changes the screen alone.
    pub(in crate::app) fn only_looks(&self) -> bool {
        matches!(self, Self::Filter(_) | Self::Highlight)
    }

    /// All that is said and kept for it.
    pub fn spec(&self) -> PromptSpec {
        const ACTION: &str = "What is to be done? Then, if known: `owner: maria`, `due: Dec 1`, `#prevent`, `#detect`, \
                              `#mitigate` or `#process`";
        use PromptSpec as Spec;
        match self {
            Self::Symptom => Spec::new("Symptom", "What is seen?", "adds it").draft("symptom"),
            Self::Sign => {
                Spec::new("Sign", "What would be seen if a row were true, and is not yet looked for?", "adds it")
                    .draft("sign")
            }
            Self::Check(id) => {
                let asked = "Which source is asked what, and when is it present? `prom QUERY present > 0.5 for 1m`";
                Spec::new("Check", asked, "gives it this query")
                    .or_empty()
                    .about(About::Column(*id))
                    .draft(format!("check {id}"))
            }
            Self::SignOf(of) => {
                let SignOf { source, query, .. } = &**of;
                let asked = format!("What would be seen, and when is it present? Asked of {source}: {query}");
                Spec::new("Sign", asked, "adds it").draft(format!("sign {source} {query}"))
            }
            Self::SignAgainst(id) => {
                let asked = "What would be seen if it were wrong, and cannot be there if it is right?";
                Spec::new("Sign", asked, "adds it").about(About::Row(*id)).draft(format!("against {id}"))
            }
            Self::ParkWhy => Spec::new("Park a why", "Why … (put aside; Learn has it)", "parks it").draft("why"),
            Self::Judge(id, state) => {
                let (title, asked, enter) = match state {
                    HypothesisState::Refuted => ("Refute", "What refuted it?", "refutes it"),
                    HypothesisState::Confirmed => ("Confirm", "What confirmed it?", "confirms it"),
                    HypothesisState::Open | HypothesisState::Testing | HypothesisState::Parked => {
                        ("Park", "Why?", "keeps it")
                    }
                };
                Spec::new(title, asked, enter).about(About::Row(*id)).draft(format!("reason {id}"))
            }
            Self::Reword(id) => Spec::new("Reword", "What could be the cause, in better words?", "keeps it")
                .about(About::Row(*id))
                .draft(format!("words {id}")),
            Self::Assumption(Some(id)) => {
                let asked = "What does it take for granted? `all: …` is what everything here takes for granted";
                Spec::new("Assumption", asked, "adds it").about(About::Row(*id)).draft(format!("assumption {id}"))
            }
            Self::Assumption(None) => {
                Spec::new("Assumption", "What does everything here take for granted?", "adds it").draft("assumption")
            }
            Self::SettleNote(id, state) => {
                let (title, enter) = (format!("Settle: {}", state.word()), format!("marks it {}", state.word()));
                Spec::new(title, "What was seen? (may stay empty; `03:05 text` dates it back)", enter)
                    .or_empty()
                    .about(About::Settling(*id, *state))
                    .draft(format!("seen {id}"))
            }
            Self::Title => Spec::new("Title", "What is this incident called?", "sets it").draft("title"),
            Self::Severity => {
                let asked = "How bad is it? SEV1 to SEV5, P1 to P5, or a word of your team's; empty leaves it unsaid";
                Spec::new("Severity", asked, "sets it").or_empty().about(About::Severity).draft("severity")
            }
            Self::Onset => {
                Spec::new("Onset", "When did it begin? 03:05, 2026-11-22 03:05 or `8m ago`", "sets it").draft("onset")
            }
            Self::Mitigation { hypothesis } => {
                Spec::new("Mitigation", "What will be done to stop the bleeding?", "proposes it")
                    .about(hypothesis.map_or(About::Nothing, About::ForRow))
                    .draft("mitigation")
            }
            Self::Plan(id) => {
                let asked = "What it should do, by which vital, by when: `errors end, checkout ok within 5 min`";
                Spec::new("What it should do", asked, "keeps it")
                    .about(About::Mitigation(*id))
                    .draft(format!("plan {id}"))
            }
            Self::Reject(intent) => Spec::new("Mitigation: rejected", "Why is it not done?", "rejects it")
                .draft(format!("reject {}", intent.name())),
            Self::MitigationNote(id, state) => {
                let (title, enter) = (format!("Mitigation: {}", state.word()), format!("marks it {}", state.word()));
                let spec = match state {
                    MitigationState::Rejected => Spec::new(title, "Why is it not done?", enter),
                    _ => Spec::new(title, "What is seen now? (may stay empty; `03:05 text` dates it back)", enter)
                        .or_empty(),
                };
                spec.about(About::Marking(*id, *state)).draft(format!("seen {id}"))
            }
            Self::RunCommand { name, argv, .. } => {
                let asked = format!("Type {name} to run: {}", command_line::shown(argv));
                let spec = Spec::new("Run a command", asked, "runs it").ignoring_coach();
                Spec { esc: "leaves, nothing runs", ..spec }
            }
            Self::Silence { source, of } => {
                let asked =
                    format!("Which alerts is {source} to silence, for how long, why? `LABEL=\"VALUE\" for 2h: why`");
                Spec::new("Silence", asked, "shows what it hits").draft(format!("silence {of}"))
            }
            Self::Write(write) => {
                let asked = format!("Type {} to send it to {}", write.name(), write.source_name);
                let spec = Spec::new("Change at a source", asked, "sends it").ignoring_coach();
                Spec { esc: "leaves, nothing is sent", ..spec }
            }
            Self::StatusReason(status) => {
                let (title, enter) = (format!("Status: {}", status.word()), format!("makes it {}", status.word()));
                Spec::new(title, "How is that known? (may stay empty)", enter)
                    .or_empty()
                    .about(About::Status(*status))
                    .draft(format!("status {}", status.word()))
            }
            Self::Review(question) => Spec::new("Review", question.text(), "keeps it")
                .or_empty()
                .ignoring_coach()
                .draft(format!("review {question:?}")),
            Self::Why { of, asked } => {
                let name = of.map_or_else(|| "why it happened".to_owned(), |id| format!("why of {id}"));
                let hint = "A cause, not a person. `process: …` says that the branch ends there.";
                let spec = Spec::new("Why", *asked, "keeps it, empty leaves it open").or_empty().ignoring_coach();
                Spec { hint: Some(hint), ..spec.about(About::Why(*of)).draft(name) }
            }
            Self::WhyWords(id) => Spec::new("Why", "Why, in better words?", "keeps it, empty takes it back")
                .or_empty()
                .about(About::Answer(*id))
                .draft(format!("why words {id}")),
            Self::ActionItem => Spec::new("Action", ACTION, "adds it").draft("action"),
            Self::EditAction(id) => {
                Spec::new("Action", ACTION, "keeps it, empty takes it back").or_empty().draft(format!("action {id}"))
            }
            Self::Filter(of) => {
                let (name, asked) = match of {
                    View::Log => ("filter of the log", "Show the lines that contain"),
                    _ => ("filter", "Show in this pane what contains"),
                };
                let spec = Spec::new("Filter", asked, "keeps it").or_empty().aside(name);
                Spec { esc: "leaves the filter, text is kept", ..spec }
            }
            Self::Highlight => {
                Spec::new("Highlight", "Mark in these lines, as it stands there", "marks it, empty marks nothing")
                    .or_empty()
                    .aside("highlight")
            }
            Self::LoadBoard => {
                let asked = "Which board file? What the board has already stays as it is";
                Spec::new("Board file", asked, "puts it on the board").aside("load")
            }
            Self::SaveBoard => {
                Spec::new("Board file", "Which file is the board written to?", "writes it").aside("save")
            }
            Self::NewIncident => {
                let asked = "What is the new incident called? (may stay empty) The notes of this one are written first";
                Spec::new("New incident", asked, "begins it").or_empty().aside("new incident")
            }
        }
    }
}
