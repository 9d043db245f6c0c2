//! View 3: changes and mitigations: which rows there are, and what its keys do.

pub mod environment;
pub mod guard_keys;
pub mod hint;
pub mod intent;
pub mod order;
pub mod status;
pub mod verify;

use hint::field_for;
pub(super) use hint::guard_field;
pub use intent::Intent;
pub use order::{Doable, Ordered};
pub use verify::Running;

use crate::{
    app::{App, Effect, action::Action, facts::Facts, msg::CommandEnd, overlay::Purpose, world::rows::Cursor},
    incident::{ChangeRecord, Event, Id, Mitigation, MitigationState, Status},
};

/// The state of view 3.
#[derive(Clone, Debug, Default)]
pub struct ActState {
    /// The row selected.
    pub cursor: Cursor,
}

/// A row of view 3.
#[derive(Clone, Copy, Debug)]
pub enum ActItem<'a> {
    /// A mitigation: those that run, those to try in the order to try them, those that are done with, newest first.
    Mitigation(&'a Mitigation),
    /// A command of the team's own that is not yet a mitigation, by its place in the configuration; among those to try.
    Command(usize),
    /// A change, newest first.
    Change(&'a ChangeRecord),
}

impl ActItem<'_> {
    /// What tells it from all others.
    pub fn key(&self) -> String {
        match self {
            Self::Mitigation(m) => format!("m|{}", m.id),
            Self::Command(at) => format!("c|{at}"),
            Self::Change(record) => format!("d|{}|{}", record.source, record.change.id),
        }
    }
}

/// Whether a text names a service as a word of its own: `checkout` stands in `rollback-checkout`, not in `checkouts`.
pub(super) fn names(text: &str, service: &str) -> bool {
    let (text, service) = (text.to_lowercase(), service.to_lowercase());
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(&service).any(|(at, found)| {
        !is_word(text[..at].chars().next_back()) && !is_word(text[at + found.len()..].chars().next())
    })
}

/// The rows of view 3: mitigations that run, what to try, what was tried or rejected, changes.
pub fn act_items(facts: Facts<'_>) -> Vec<ActItem<'_>> {
    let all = || facts.incident.mitigations.iter();
    let mut items: Vec<ActItem<'_>> =
        all().rev().filter(|m| m.state == MitigationState::Running).map(ActItem::Mitigation).collect();
    items.extend(order::what_to_try(facts).iter().filter_map(|ordered| match ordered.what {
        Doable::Mitigation(id) => all().find(|m| m.id == id).map(ActItem::Mitigation),
        Doable::Command(at) => Some(ActItem::Command(at)),
    }));
    let done = |m: &&Mitigation| !matches!(m.state, MitigationState::Running | MitigationState::Proposed);
    items.extend(all().rev().filter(done).map(ActItem::Mitigation));
    items.extend(facts.incident.changes.iter().map(ActItem::Change));
    items
}

/// The row selected in view 3.
pub fn selected_act(app: &App) -> Option<ActItem<'_>> {
    let items = act_items(app.facts());
    let keys: Vec<_> = items.iter().map(ActItem::key).collect();
    app.screen.act.cursor.find(&keys).map(|line| items[line])
}

pub(in crate::app) fn act_action(app: &mut App, action: Action) -> Vec<Effect> {
    let keys: Vec<_> = act_items(app.facts()).iter().map(ActItem::key).collect();
    match action {
        Action::Up | Action::PreviousPane => app.screen.act.cursor.step(&keys, -1),
        Action::Down | Action::NextPane => app.screen.act.cursor.step(&keys, 1),
        Action::PageUp => app.screen.act.cursor.step(&keys, -10),
        Action::PageDown => app.screen.act.cursor.step(&keys, 10),
        Action::First => app.screen.act.cursor.step(&keys, isize::MIN / 2),
        Action::Last => app.screen.act.cursor.step(&keys, isize::MAX / 2),
        Action::Mitigate => app.ask(Purpose::Mitigation { hypothesis: None }),
        Action::Open => open_act(app),
        Action::Guard => guard_selected(app),
        Action::Verify => {
            let selected = selected_mitigation(app);
            verify::ask_verify(app, selected);
        }
        Action::Stanched => status::ask_status(app, Status::Stanched),
        Action::Closed => status::ask_status(app, Status::Closed),
        Action::Bleeding => status::ask_status(app, Status::Bleeding),
        _ => {}
    }
    Vec::new()
}

fn selected_mitigation(app: &App) -> Option<Id> {
    match selected_act(app) {
        Some(ActItem::Mitigation(m)) => Some(m.id),
        _ => None,
    }
}

/// Enter on a change or a command begins on it, behind the guard; on a mitigation it begins, or asks what came of it.
fn open_act(app: &mut App) {
    match selected_act(app) {
        Some(ActItem::Command(at)) => {
            if let Some(intent) = intent::intent_to_run(app, at, None) {
                intent::begin(app, intent);
            }
        }
        Some(ActItem::Mitigation(m)) => {
            let (id, proposed) = (m.id, m.state == MitigationState::Proposed);
            match intent::intent_of(&app.incident, id).filter(|_| proposed) {
                Some(intent) => intent::begin(app, intent),
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
fn guard_selected(app: &mut App) {
    let intent = match selected_act(app) {
        Some(ActItem::Command(at)) => intent::intent_to_run(app, at, None),
        Some(ActItem::Mitigation(m)) => {
            let id = m.id;
            intent::intent_of(&app.incident, id)
        }
        Some(ActItem::Change(record)) => {
            let change = record.change.id.clone();
            return propose_undoing(app, &change);
        }
        None => None,
    };
    match intent {
        Some(intent) => intent::open_guard(app, intent),
        None => app.complain("nothing to roll back here: `m` enters a mitigation"),
    }
}

/// Begins on the way back from a change: one that was begun before, or a new one.
pub(in crate::app) fn propose_undoing(app: &mut App, change: &str) {
    let known = app.incident.mitigations.iter().rev().find(|m| m.change.as_deref() == Some(change));
    if let Some((id, state)) = known.map(|m| (m.id, m.state)) {
        match intent::intent_of(&app.incident, id).filter(|_| state == MitigationState::Proposed) {
            Some(intent) => return intent::begin(app, intent),
            None => return verify::ask_about(app, id),
        }
    }
    if let Some(intent) = intent::intent_to_undo(app, change) {
        intent::begin(app, intent);
    }
}

pub(in crate::app) fn run_of(app: &mut App, mitigation: Id) {
    match intent::intent_of(&app.incident, mitigation) {
        Some(intent) => intent::go_on(app, intent),
        None => app.complain("it is not there any more"),
    }
}

pub(in crate::app) fn command_ended(app: &mut App, end: CommandEnd) -> Vec<Effect> {
    match end.exit {
        Some(0) => app.say("the command ended well; watch the vitals"),
        Some(code) => app.complain(format!("the command ended with {code}; its output is in the log")),
        None => {
            let why = end.output.lines().last().unwrap_or("the command did not run to its end").to_owned();
            app.complain(format!("{}; see the log", crate::signal::scrub::clipped(&why, 80)));
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
