//! View 3: changes and mitigations: which rows there are, and what its keys do.

mod environment;
mod guard_keys;
mod hint;
mod intent;
mod order;
mod status;
mod verify;

use hint::field_for;
pub(super) use hint::guard_field;
pub use intent::Intent;
pub use order::{Doable, Ordered};
pub use verify::Running;

use super::{App, Effect, action::Action, msg::CommandEnd, overlay::Purpose, rows::Cursor};
use crate::incident::{ChangeRecord, Event, Id, Mitigation, MitigationState, Status};

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

impl App {
    /// The rows of view 3: mitigations that run, what to try, what was tried or rejected, changes.
    pub fn act_items(&self) -> Vec<ActItem<'_>> {
        let all = || self.incident.mitigations.iter();
        let mut items: Vec<ActItem<'_>> =
            all().rev().filter(|m| m.state == MitigationState::Running).map(ActItem::Mitigation).collect();
        items.extend(self.what_to_try().iter().filter_map(|ordered| match ordered.what {
            Doable::Mitigation(id) => all().find(|m| m.id == id).map(ActItem::Mitigation),
            Doable::Command(at) => Some(ActItem::Command(at)),
        }));
        let done = |m: &&Mitigation| !matches!(m.state, MitigationState::Running | MitigationState::Proposed);
        items.extend(all().rev().filter(done).map(ActItem::Mitigation));
        items.extend(self.incident.changes.iter().map(ActItem::Change));
        items
    }

    /// The row selected in view 3.
    pub fn selected_act(&self) -> Option<ActItem<'_>> {
        let items = self.act_items();
        let keys: Vec<_> = items.iter().map(ActItem::key).collect();
        self.act.cursor.find(&keys).map(|line| items[line])
    }

    pub(super) fn act_action(&mut self, action: Action) -> Vec<Effect> {
        let keys: Vec<_> = self.act_items().iter().map(ActItem::key).collect();
        match action {
            Action::Up | Action::PreviousPane => self.act.cursor.step(&keys, -1),
            Action::Down | Action::NextPane => self.act.cursor.step(&keys, 1),
            Action::PageUp => self.act.cursor.step(&keys, -10),
            Action::PageDown => self.act.cursor.step(&keys, 10),
            Action::First => self.act.cursor.step(&keys, isize::MIN / 2),
            Action::Last => self.act.cursor.step(&keys, isize::MAX / 2),
            Action::Mitigate => self.ask(Purpose::Mitigation { hypothesis: None }),
            Action::Open => self.open_act(),
            Action::Guard => self.guard_selected(),
            Action::Verify => {
                let selected = self.selected_mitigation();
                self.ask_verify(selected);
            }
            Action::Stanched => self.ask_status(Status::Stanched),
            Action::Closed => self.ask_status(Status::Closed),
            Action::Bleeding => self.ask_status(Status::Bleeding),
            _ => {}
        }
        Vec::new()
    }

    fn selected_mitigation(&self) -> Option<Id> {
        match self.selected_act() {
            Some(ActItem::Mitigation(m)) => Some(m.id),
            _ => None,
        }
    }

    /// Enter on a change or a command begins on it, behind the guard; on a mitigation it begins, or asks what came of it.
    fn open_act(&mut self) {
        match self.selected_act() {
            Some(ActItem::Command(at)) => {
                if let Some(intent) = self.intent_to_run(at, None) {
                    self.begin(intent);
                }
            }
            Some(ActItem::Mitigation(m)) => {
                let (id, proposed) = (m.id, m.state == MitigationState::Proposed);
                match self.intent_of(id).filter(|_| proposed) {
                    Some(intent) => self.begin(intent),
                    None => self.ask_about(id),
                }
            }
            Some(ActItem::Change(record)) => {
                let change = record.change.id.clone();
                self.propose_undoing(&change);
            }
            None => self.ask(Purpose::Mitigation { hypothesis: None }),
        }
    }

    /// The four questions about what is selected, answered or not.
    fn guard_selected(&mut self) {
        let intent = match self.selected_act() {
            Some(ActItem::Command(at)) => self.intent_to_run(at, None),
            Some(ActItem::Mitigation(m)) => {
                let id = m.id;
                self.intent_of(id)
            }
            Some(ActItem::Change(record)) => {
                let change = record.change.id.clone();
                return self.propose_undoing(&change);
            }
            None => None,
        };
        match intent {
            Some(intent) => self.open_guard(intent),
            None => self.complain("nothing to roll back here: `m` enters a mitigation"),
        }
    }

    /// Begins on the way back from a change: one that was begun before, or a new one.
    pub(super) fn propose_undoing(&mut self, change: &str) {
        let known = self.incident.mitigations.iter().rev().find(|m| m.change.as_deref() == Some(change));
        if let Some((id, state)) = known.map(|m| (m.id, m.state)) {
            match self.intent_of(id).filter(|_| state == MitigationState::Proposed) {
                Some(intent) => return self.begin(intent),
                None => return self.ask_about(id),
            }
        }
        if let Some(intent) = self.intent_to_undo(change) {
            self.begin(intent);
        }
    }

    pub(super) fn run_of(&mut self, mitigation: Id) {
        match self.intent_of(mitigation) {
            Some(intent) => self.go_on(intent),
            None => self.complain("it is not there any more"),
        }
    }

    pub(super) fn command_ended(&mut self, end: CommandEnd) -> Vec<Effect> {
        match end.exit {
            Some(0) => self.say("the command ended well; watch the vitals"),
            Some(code) => self.complain(format!("the command ended with {code}; its output is in the log")),
            None => {
                let why = end.output.lines().last().unwrap_or("the command did not run to its end").to_owned();
                self.complain(format!("{}; see the log", crate::signal::scrub::clipped(&why, 80)));
            }
        }
        self.record_quietly(vec![Event::CommandRan {
            mitigation: Some(end.mitigation),
            argv: end.argv,
            exit: end.exit,
            output: end.output,
            seconds: end.seconds,
        }])
    }
}
