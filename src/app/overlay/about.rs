//! What a question is about, in words: the row, the column or the mitigation it would change, and from what to what.

use super::Purpose;
use crate::incident::Incident;

/// What the answer is for, one line each; none when the question says it all.
pub fn question_is_about(incident: &Incident, purpose: &Purpose) -> Vec<String> {
    let row = |id| incident.board.hypothesis(id).map(|row| format!("{} {}", row.label, row.text));
    let about = match purpose {
        Purpose::Judge(id, _) | Purpose::Reword(id) | Purpose::SignAgainst(id) | Purpose::Assumption(Some(id)) => {
            row(*id)
        }
        Purpose::SettleNote(id, state) => {
            let column = incident.board.observation(*id);
            column
                .map(|column| format!("{} {}: {}", column.label, column.text, turn(column.state.word(), state.word())))
        }
        Purpose::Check(id) => incident.board.observation(*id).map(|column| format!("{} {}", column.label, column.text)),
        Purpose::MitigationNote(id, state) => {
            let known = incident.mitigations.iter().find(|m| m.id == *id);
            known.map(|m| format!("{} {}: {}", m.label, m.text, turn(m.state.word(), state.word())))
        }
        Purpose::Mitigation { hypothesis: Some(id) } => row(*id).map(|row| format!("For {row}")),
        Purpose::Plan(id) => {
            incident.mitigations.iter().find(|m| m.id == *id).map(|m| format!("{} {}", m.label, m.text))
        }
        Purpose::StatusReason(status) => Some(turn(incident.summary.status.word(), status.word())),
        Purpose::Why { of, .. } => incident.why_asked(*of).1.map(str::to_owned),
        Purpose::WhyWords(id) => incident.causes.iter().find(|why| why.id == *id).map(|why| why.text.clone()),
        Purpose::Severity => incident.summary.severity.as_ref().map(|severity| format!("Now {severity}")),
        _ => None,
    };
    about.into_iter().collect()
}

fn turn(from: &str, to: &str) -> String {
    if from == to { format!("{to}, as before") } else { format!("{from} → {to}") }
}
