//! What a question is about, in words: the row, the column or the mitigation it would change, and from what to what.

use crate::incident::{Id, Incident, MitigationState, ObservationState, Status};

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The question says it all.
    Nothing,
    /// A row of the board.
    Row(Id),
    /// Something is done for a row.
    ForRow(Id),
    /// A column of the board.
    Column(Id),
    /// A column, and what it is to be.
    Settling(Id, ObservationState),
    /// A mitigation.
    Mitigation(Id),
    /// A mitigation, and what it is to be.
    Marking(Id, MitigationState),
    /// What the incident is to be.
    Status(Status),
    /// The severity as it is.
    Severity,
    /// What is asked why: an answer or a why put aside; else all that happened.
    Why(Option<Id>),
    /// An answer to a why.
    Answer(Id),
}

impl About {
    /// One line; `None` when the question says it all, or it is there no more.
    pub fn in_words(self, incident: &Incident) -> Option<String> {
        let row = |id| incident.board.hypothesis(id).map(|row| format!("{} {}", row.label, row.text));
        let mitigation = |id| incident.mitigation(id);
        match self {
            Self::Nothing => None,
            Self::Row(id) => row(id),
            Self::ForRow(id) => row(id).map(|row| format!("For {row}")),
            Self::Column(id) => {
                incident.board.observation(id).map(|column| format!("{} {}", column.label, column.text))
            }
            Self::Settling(id, state) => incident
                .board
                .observation(id)
                .map(|column| format!("{} {}: {}", column.label, column.text, turn(column.state.word(), state.word()))),
            Self::Mitigation(id) => mitigation(id).map(|m| format!("{} {}", m.label, m.text)),
            Self::Marking(id, state) => {
                mitigation(id).map(|m| format!("{} {}: {}", m.label, m.text, turn(m.state.word(), state.word())))
            }
            Self::Status(status) => Some(turn(incident.summary.status.word(), status.word())),
            Self::Severity => incident.summary.severity.as_ref().map(|severity| format!("Now {severity}")),
            Self::Why(of) => incident.why_asked(of).1.map(str::to_owned),
            Self::Answer(id) => incident.causes.iter().find(|why| why.id == id).map(|why| why.text.clone()),
        }
    }
}

fn turn(from: &str, to: &str) -> String {
    if from == to { format!("{to}, as before") } else { format!("{from} → {to}") }
}
