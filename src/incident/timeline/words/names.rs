//! What an id is called in a sentence: its label and its text.

use crate::incident::{Event, Id, Incident};

/// Label and text of a row. One whose adding was undone has no label any more.
pub(super) fn row(id: Id, incident: &Incident) -> (String, String) {
    match incident.board.hypothesis(id) {
        Some(row) => (row.label.clone(), row.text.clone()),
        None => taken_back(id, incident),
    }
}

/// Label and text of a column. One whose adding was undone has no label any more.
pub(super) fn column(id: Id, incident: &Incident) -> (String, String) {
    match incident.board.observation(id) {
        Some(column) => (column.label.clone(), column.text.clone()),
        None => taken_back(id, incident),
    }
}

/// Label and text of a mitigation. One whose adding was undone has no label any more.
pub(super) fn mitigation(id: Id, incident: &Incident) -> (String, String) {
    match incident.mitigation(id) {
        Some(known) => (known.label.clone(), known.text.clone()),
        None => taken_back(id, incident),
    }
}

/// The words of a why, whether it was put aside or is an answer.
pub(super) fn why(id: Id, incident: &Incident) -> String {
    let answer = incident.causes.iter().find(|why| why.id == id).map(|why| why.text.clone());
    let parked = || incident.whys.iter().find(|why| why.id == id).map(|why| why.text.clone());
    answer.or_else(parked).unwrap_or_default()
}

fn taken_back(id: Id, incident: &Incident) -> (String, String) {
    let text = match incident.without_effect(id).map(|entry| &entry.event) {
        Some(
            Event::HypothesisAdded { text, .. }
            | Event::ObservationAdded { text, .. }
            | Event::MitigationAdded { text, .. },
        ) => text.clone(),
        _ => String::new(),
    };
    let label = if incident.is_beyond(id) { "(left out)" } else { "(taken back)" };
    (label.into(), text)
}
