//! What was done on the board, in one plain sentence each.

use jiff::tz::TimeZone;

use super::{
    Said, bracketed, labelled,
    names::{column, row},
    said, with, written,
};
use crate::{
    base::human_time::seconds_between,
    incident::{
        Entry, Event, HypothesisState, Incident, ObservationState,
        board::AssumptionState,
        timeline::{Kind, time::clock_near_in},
    },
};

/// The sentence of an entry; none for what is not about the board.
pub(super) fn say(entry: &Entry, incident: &Incident, zone: &TimeZone) -> Option<Said> {
    Some(match &entry.event {
        Event::ObservationAdded { text, state, when, .. } => {
            let (label, _) = column(entry.id, incident);
            let what = match state {
                ObservationState::Present => format!("symptom {label}"),
                ObservationState::Absent => format!("absent sign {label}"),
                ObservationState::Untested => format!("sign {label} to look for"),
                ObservationState::Unclear => format!("unclear sign {label}"),
            };
            let since = when.filter(|when| seconds_between(*when, entry.at) >= 60);
            let since =
                since.map(|when| format!(" (since {})", clock_near_in(when, entry.at, zone))).unwrap_or_default();
            said(Kind::Board, with(&what, text) + &since)
        }
        Event::ObservationSet { observation, state, note, when } => {
            let (label, text) = column(*observation, incident);
            let what = labelled(label, &format!("is {}", state.word()), &text) + &bracketed(note);
            said(Kind::Board, what + &written(*when, entry.at, zone))
        }
        Event::ObservationCleared { observation, when } => {
            let (label, text) = column(*observation, incident);
            said(Kind::Board, labelled(label, if when.is_some() { "cleared" } else { "is back" }, &text))
        }
        Event::CheckSet { observation, check } => {
            let (label, text) = column(*observation, incident);
            said(
                Kind::Board,
                match &check.query {
                    Some(query) => labelled(label, "is checked by", &format!("{query}")),
                    None => labelled(label, "is looked at by people again", &text),
                },
            )
        }
        Event::CheckStarted { observation } => {
            let (label, text) = column(*observation, incident);
            said(Kind::Board, with(&format!("ran the check of {label}"), &text))
        }
        Event::CheckTurned { observation, state, was, shown, times, .. } => {
            let (label, text) = column(*observation, incident);
            let word = match (was, state) {
                (None, ObservationState::Present) => "checked, it holds",
                (None, ObservationState::Absent) => "checked, it does not hold",
                (_, ObservationState::Present) => "holds now",
                (_, ObservationState::Absent) => "no longer holds",
                (_, ObservationState::Unclear | ObservationState::Untested) => "checked, nobody can tell",
            };
            let flapped = if *times > 0 { format!(", after {times} turns too quick to tell") } else { String::new() };
            let what = format!("{label} {text}: {word}{}{flapped}", bracketed(shown));
            Said { kind: Kind::Check, what, important: *state == ObservationState::Present }
        }
        Event::ObservationReworded { observation, text } => {
            said(Kind::Board, labelled(column(*observation, incident).0, "reworded", text))
        }
        Event::OriginSet { observation, origin } => {
            let (label, _) = column(*observation, incident);
            said(
                Kind::Board,
                match origin {
                    Some(origin) => format!("{label} counts once with all of {origin}"),
                    None => format!("{label} stands for itself"),
                },
            )
        }
        Event::CoincidenceSet { observation, coincidence } => {
            let (label, text) = column(*observation, incident);
            let word = if *coincidence { "set aside as a coincidence" } else { "no coincidence, counts again" };
            said(Kind::Board, labelled(label, word, &text))
        }
        Event::HypothesisAdded { text, .. } => {
            said(Kind::Board, with(&format!("hypothesis {}", row(entry.id, incident).0), text))
        }
        Event::HypothesisEdited { hypothesis, text, .. } => {
            said(Kind::Board, labelled(row(*hypothesis, incident).0, "edited", text))
        }
        Event::HypothesisSet { hypothesis, state, reason } => {
            let (label, text) = row(*hypothesis, incident);
            let decided = matches!(state, HypothesisState::Confirmed | HypothesisState::Refuted);
            let word = if *state == HypothesisState::Open { "reopened" } else { state.word() };
            let what = with(&format!("{word} {label} {text}"), reason);
            Said { kind: Kind::Decision, what, important: decided }
        }
        Event::CellSet { hypothesis, observation, cell } => {
            let (row, _) = row(*hypothesis, incident);
            let (column, text) = column(*observation, incident);
            said(Kind::Board, format!("for {row}, {column} {text}: {}", cell.words()))
        }
        Event::RankedByHand { order } if order.is_empty() => said(Kind::Board, "back to the order of evidence"),
        Event::RankedByHand { order } => {
            let labels: Vec<_> = order.iter().map(|id| row(*id, incident).0).collect();
            said(Kind::Board, format!("ranked by hand: {}", labels.join(", ")))
        }
        Event::AssumptionAdded { text, .. } => said(Kind::Board, with("assumed", text)),
        Event::AssumptionSet { assumption, state } => {
            let known = incident.board.assumptions.iter().find(|known| known.id == *assumption);
            let text = known.map(|known| known.text.as_str()).unwrap_or_default();
            said(
                Kind::Board,
                match state {
                    AssumptionState::Unpoked => with("assumption not checked yet", text),
                    AssumptionState::Holds => with("assumption holds", text),
                    AssumptionState::Broken => with("assumption broken", text),
                },
            )
        }
        _ => return None,
    })
}
