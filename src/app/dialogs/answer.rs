//! What comes of an answer to a question of one key, and which answers take a second one.

use crate::{
    app::{
        App, Effect,
        act::intent::intent_of,
        commands::{act, assumptions, board_file, coach, guard, judge, status, verify},
        screen::overlay::{Purpose, choice::Then},
    },
    incident::{Event, HypothesisState, Id, Incident, MitigationState},
};

/// Whether an answer takes a second key: it changes a decision, or it leads back to a view in which the letters that may
/// follow are commands.
pub fn takes_enter(incident: &Incident, then: &Then) -> bool {
    matches!(
        then,
        Then::Nothing
            | Then::Record(_)
            | Then::Begin(..)
            | Then::Evidence(..)
            | Then::Failed(..)
            | Then::NotWritten(_)
            | Then::ReplaceFile(_)
    ) || changes_a_decision(incident, then)
}

/// Whether an answer takes back what a person has decided before.
fn changes_a_decision(incident: &Incident, then: &Then) -> bool {
    let board = &incident.board;
    let decided = |id: Id| {
        let state = board.hypothesis(id).map(|row| row.state);
        matches!(state, Some(HypothesisState::Confirmed | HypothesisState::Refuted))
    };
    match then {
        Then::Ask(Purpose::Judge(id, _)) => decided(*id),
        Then::Ask(Purpose::SettleNote(id, _)) => board.observation(*id).is_some_and(|o| o.state.is_settled()),
        Then::Ask(Purpose::MitigationNote(id, _)) => {
            let known = incident.mitigation(*id);
            use MitigationState::{Failed, Undone, Worked};
            known.is_some_and(|m| matches!(m.state, Worked | Failed | Undone))
        }
        _ => false,
    }
}

pub(in crate::app) fn answered(app: &mut App, then: Then) -> Vec<Effect> {
    match then {
        Then::Nothing => {}
        Then::Record(events) => {
            // One after the other: the next one to poke stands first then.
            if matches!(events.as_slice(), [Event::AssumptionSet { .. }]) {
                assumptions::list_assumptions(&mut app.screen);
            }
            return app.record(events);
        }
        Then::Ask(Purpose::Judge(id, state)) => {
            let reason = judge::reason_for(&app.incident, id, state);
            app.ask_with(Purpose::Judge(id, state), &reason);
        }
        Then::ReplaceFile(path) => return board_file::save_board(app, &path, true),
        Then::Ask(Purpose::StatusReason(status)) => {
            let reason = status::status_reason(app.facts(), status);
            app.ask_with(Purpose::StatusReason(status), &reason);
        }
        Then::Ask(Purpose::Plan(id)) => {
            let known = app.incident.mitigation(id);
            let effect = known.map(|m| m.effect.clone()).unwrap_or_default();
            app.ask_with(Purpose::Plan(id), &effect);
        }
        Then::Ask(purpose) => app.ask(purpose),
        Then::Run(mitigation) => act::run_of(app, mitigation),
        Then::Mark(mitigation, state) => verify::mark(app, mitigation, state),
        Then::Begin(intent, state) => {
            let drafts = verify::begun(app, &intent, state, String::new());
            return app.record_drafts(drafts);
        }
        Then::Guard(mitigation) => {
            if let Some(intent) = intent_of(&app.incident, mitigation) {
                guard::open_guard(app, intent);
            }
        }
        Then::Evidence(mitigation, row) => {
            let drafts = verify::failure_as_evidence(app, mitigation, row);
            return app.record_drafts(drafts);
        }
        Then::Failed(mitigation, row) => {
            let mut drafts = verify::marked(app, mitigation, MitigationState::Failed, String::new());
            drafts.extend(verify::failure_as_evidence(app, mitigation, row));
            return app.record_drafts(drafts);
        }
        Then::NotWritten(change) => return guard::not_written(app, &change),
        Then::NextStep => return coach::take_confirmed(app),
    }
    Vec::new()
}
