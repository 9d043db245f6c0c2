//! What comes of an answer to a question of one key.

use crate::{
    app::{
        App, Effect,
        act::intent::intent_of,
        commands::{act, assumptions, board_file, coach, dashboards, guard, judge, links, status, verify},
        screen::overlay::{Purpose, choice::Then},
    },
    incident::{Event, MitigationState},
};

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
        Then::Follow(address) => return links::follow(app, address),
        Then::OpenDashboard(row) => return dashboards::show(app, *row),
        Then::ListDashboards(words) => return dashboards::open_list_of(app, &words),
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
