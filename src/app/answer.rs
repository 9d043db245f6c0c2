//! What comes of an answer to a question of one key, and which answers take a second one.

use super::{
    App, Effect,
    overlay::{Purpose, choice::Then},
};
use crate::incident::{Event, HypothesisState, Id, MitigationState};

impl App {
    /// Whether an answer takes a second key: it changes a decision, or it leads back to a view in which the letters that may
    /// follow are commands.
    pub fn takes_enter(&self, then: &Then) -> bool {
        matches!(
            then,
            Then::Nothing
                | Then::Record(_)
                | Then::Begin(..)
                | Then::Evidence(..)
                | Then::Failed(..)
                | Then::NotWritten(_)
                | Then::ReplaceFile(_)
        ) || self.changes_a_decision(then)
    }

    /// Whether an answer takes back what a person has decided before.
    fn changes_a_decision(&self, then: &Then) -> bool {
        let board = &self.incident.board;
        let decided = |id: Id| {
            let state = board.hypothesis(id).map(|row| row.state);
            matches!(state, Some(HypothesisState::Confirmed | HypothesisState::Refuted))
        };
        match then {
            Then::Ask(Purpose::Judge(id, _)) => decided(*id),
            Then::Ask(Purpose::SettleNote(id, _)) => board.observation(*id).is_some_and(|o| o.state.is_settled()),
            Then::Ask(Purpose::MitigationNote(id, _)) => {
                let known = self.incident.mitigations.iter().find(|m| m.id == *id);
                use MitigationState::{Failed, Undone, Worked};
                known.is_some_and(|m| matches!(m.state, Worked | Failed | Undone))
            }
            _ => false,
        }
    }

    pub(super) fn answered(&mut self, then: Then) -> Vec<Effect> {
        match then {
            Then::Nothing => {}
            Then::Record(events) => {
                // One after the other: the next one to poke stands first then.
                if matches!(events.as_slice(), [Event::AssumptionSet { .. }]) {
                    self.list_assumptions();
                }
                return self.record(events);
            }
            Then::Ask(Purpose::Judge(id, state)) => {
                let reason = self.reason_for(id, state);
                self.ask_with(Purpose::Judge(id, state), &reason);
            }
            Then::ReplaceFile(path) => return self.save_board(&path, true),
            Then::Ask(Purpose::StatusReason(status)) => {
                let reason = self.status_reason(status);
                self.ask_with(Purpose::StatusReason(status), &reason);
            }
            Then::Ask(Purpose::Plan(id)) => {
                let known = self.incident.mitigations.iter().find(|m| m.id == id);
                let effect = known.map(|m| m.effect.clone()).unwrap_or_default();
                self.ask_with(Purpose::Plan(id), &effect);
            }
            Then::Ask(purpose) => self.ask(purpose),
            Then::Run(mitigation) => self.run_of(mitigation),
            Then::Mark(mitigation, state) => self.mark(mitigation, state),
            Then::Begin(intent, state) => return self.begun(&intent, state, String::new()),
            Then::Guard(mitigation) => {
                if let Some(intent) = self.intent_of(mitigation) {
                    self.open_guard(intent);
                }
            }
            Then::Evidence(mitigation, row) => {
                let drafts = self.failure_as_evidence(mitigation, row);
                return self.record_drafts(drafts);
            }
            Then::Failed(mitigation, row) => {
                let mut drafts = self.marked(mitigation, MitigationState::Failed, String::new());
                drafts.extend(self.failure_as_evidence(mitigation, row));
                return self.record_drafts(drafts);
            }
            Then::NotWritten(change) => return self.not_written(&change),
        }
        Vec::new()
    }
}
