//! What an event changes on the board.

use crate::incident::{
    Entry, Event, Hypothesis, HypothesisState, Incident, Observation,
    board::{Assumption, AssumptionState, column_label, row_label},
};

impl Incident {
    pub(super) fn change_board(&mut self, entry: &Entry) {
        let board = &mut self.board;
        let at = entry.event.when().unwrap_or(entry.at);
        match entry.event.clone() {
            Event::ObservationAdded { text, state, origin, evidence, check, .. } => {
                board.observations.push(Observation {
                    id: entry.id,
                    label: column_label(self.counters.columns - 1),
                    text,
                    state,
                    note: String::new(),
                    origin,
                    coincidence: false,
                    when: at,
                    cleared: None,
                    evidence: evidence.map(|seen| *seen),
                    check,
                    by: entry.by.clone(),
                });
            }
            Event::ObservationSet { observation, state, note, .. } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.state = state;
                    column.note = note;
                    column.when = at;
                    column.cleared = None;
                }
                self.said_of(observation, entry.at);
            }
            Event::ObservationCleared { observation, when } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.cleared = when;
                }
            }
            Event::ObservationReworded { observation, text } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.text = text;
                }
            }
            Event::OriginSet { observation, origin } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.origin = origin;
                }
            }
            Event::CoincidenceSet { observation, coincidence } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.coincidence = coincidence;
                }
            }
            Event::HypothesisAdded { text, prior, changed, from } => board.hypotheses.push(Hypothesis {
                id: entry.id,
                label: row_label(self.counters.rows - 1),
                text,
                state: HypothesisState::Open,
                reason: String::new(),
                since: entry.at,
                prior,
                changed,
                from,
                owner: None,
                by: entry.by.clone(),
                stoppable: false,
            }),
            Event::HypothesisEdited { hypothesis, text, prior, changed, owner } => {
                if let Some(row) = board.hypothesis_mut(hypothesis) {
                    row.text = text;
                    row.prior = prior;
                    row.changed = changed;
                    row.owner = owner;
                }
            }
            Event::HypothesisSet { hypothesis, state, reason } => {
                if let Some(row) = board.hypothesis_mut(hypothesis) {
                    row.state = state;
                    row.reason = reason;
                    row.since = entry.at;
                }
            }
            Event::CellSet { hypothesis, observation, cell }
                if board.hypothesis(hypothesis).is_some() && board.observation(observation).is_some() =>
            {
                board.set_cell(hypothesis, observation, cell, &entry.by);
            }
            Event::RankedByHand { order } => board.hand_order = order,
            Event::AssumptionAdded { text, hypothesis } => {
                board.assumptions.push(Assumption { id: entry.id, text, hypothesis, state: AssumptionState::Unpoked })
            }
            Event::AssumptionSet { assumption, state } => {
                if let Some(known) = board.assumptions.iter_mut().find(|a| a.id == assumption) {
                    known.state = state;
                }
            }
            _ => {}
        }
    }
}
