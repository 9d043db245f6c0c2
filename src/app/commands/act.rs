//! The commands of view 3: of the selected change, command or mitigation the guard is opened, or its result is marked; and
//! what a command that ended is recorded as.
//!
//! Nothing runs from here: what is begun goes through [`guard`], and ends in an effect.

use crate::{
    app::{
        ActItem, Action, App, Effect,
        act::intent::intent_of,
        commands::{guard, intent, verify},
        msg::CommandEnd,
        screen::{act::selected_act, overlay::Purpose},
    },
    base::text,
    incident::{Event, Id, MitigationState},
};

pub(super) fn ask_mitigation(app: &mut App) {
    app.ask(Purpose::Mitigation { hypothesis: None });
}

/// Asks what came of the selected mitigation, or of another one.
pub(super) fn verify_selected(app: &mut App) {
    let selected = selected_mitigation(app);
    verify::ask_verify(app, selected);
}

fn selected_mitigation(app: &App) -> Option<Id> {
    match selected_act(app) {
        Some(ActItem::Mitigation(m)) => Some(m.id),
        _ => None,
    }
}

/// Enter on a change or a command begins on it, behind the guard; on a mitigation it begins, or asks what came of it.
pub(super) fn open_act(app: &mut App) {
    match selected_act(app) {
        Some(ActItem::Command(at)) => {
            if let Some(intent) = intent::intent_to_run(app, at, None) {
                guard::begin(app, intent);
            }
        }
        Some(ActItem::Mitigation(m)) => {
            let (id, proposed) = (m.id, m.state == MitigationState::Proposed);
            match intent_of(&app.incident, id).filter(|_| proposed) {
                Some(intent) => guard::begin(app, intent),
                None => verify::ask_about(app, id),
            }
        }
        Some(ActItem::Change(record)) => {
            let change = record.change.id.clone();
            propose_undoing(app, &change);
        }
        None => app.ask(Purpose::Mitigation { hypothesis: None }),
    }
}

/// The four questions about what is selected, answered or not.
pub(super) fn guard_selected(app: &mut App) {
    let intent = match selected_act(app) {
        Some(ActItem::Command(at)) => intent::intent_to_run(app, at, None),
        Some(ActItem::Mitigation(m)) => {
            let id = m.id;
            intent_of(&app.incident, id)
        }
        Some(ActItem::Change(record)) => {
            let change = record.change.id.clone();
            return propose_undoing(app, &change);
        }
        None => None,
    };
    match intent {
        Some(intent) => guard::open_guard(app, intent),
        None => {
            let mitigate = app.session.keymap.quoted(Action::Mitigate);
            app.complain(format!("nothing to roll back here: {mitigate} enters a mitigation"));
        }
    }
}

/// Begins on the way back from a change: one that was begun before, or a new one.
pub(in crate::app) fn propose_undoing(app: &mut App, change: &str) {
    let known = app.incident.mitigations.iter().rev().find(|m| m.change.as_deref() == Some(change));
    if let Some((id, state)) = known.map(|m| (m.id, m.state)) {
        match intent_of(&app.incident, id).filter(|_| state == MitigationState::Proposed) {
            Some(intent) => return guard::begin(app, intent),
            None => return verify::ask_about(app, id),
        }
    }
    if let Some(intent) = intent::intent_to_undo(app, change) {
        guard::begin(app, intent);
    }
}

pub(in crate::app) fn run_of(app: &mut App, mitigation: Id) {
    match intent_of(&app.incident, mitigation) {
        Some(intent) => guard::go_on(app, intent),
        None => app.complain("it is not there any more"),
    }
}

pub(in crate::app) fn command_ended(app: &mut App, end: CommandEnd) -> Vec<Effect> {
    match end.exit {
        Some(0) => app.say("the command ended well; watch the vitals"),
        Some(code) => app.complain(format!("the command ended with {code}; its output is in the log")),
        None => {
            let why = end.output.lines().last().unwrap_or("the command did not run to its end").to_owned();
            app.complain(format!("{}; see the log", text::clipped(&why, 120)));
        }
    }
    app.record_quietly(vec![Event::CommandRan {
        mitigation: Some(end.mitigation),
        argv: end.argv,
        exit: end.exit,
        output: end.output,
        seconds: end.seconds,
    }])
}
