//! View 3: changes and mitigations.

use super::{
    App, Effect, Overlay,
    action::Action,
    msg::CommandEnd,
    overlay::{Choice, Purpose, choice::Then},
    rows::Cursor,
};
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
    /// A mitigation, newest first.
    Mitigation(&'a Mitigation),
    /// A command of the team's own that is not yet a mitigation, by its place in the configuration.
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

impl App {
    /// The rows of view 3: mitigations, commands, changes.
    pub fn act_items(&self) -> Vec<ActItem<'_>> {
        let used = |name: &str| self.incident.mitigations.iter().any(|m| m.command.as_deref() == Some(name));
        let mitigations = self.incident.mitigations.iter().rev().map(ActItem::Mitigation);
        let commands = self.config.commands.iter().enumerate().filter(|(_, command)| !used(&command.name));
        let changes = self.incident.changes.iter().map(ActItem::Change);
        mitigations.chain(commands.map(|(at, _)| ActItem::Command(at))).chain(changes).collect()
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
            Action::PageUp | Action::First => self.act.cursor.step(&keys, isize::MIN / 2),
            Action::PageDown | Action::Last => self.act.cursor.step(&keys, isize::MAX / 2),
            Action::Mitigate => self.propose_selected(),
            Action::Open => return self.open_act(),
            Action::Verify => self.ask_verify(),
            Action::Stanched => self.ask_status(Status::Stanched),
            Action::Closed => self.ask_status(Status::Closed),
            Action::Bleeding => self.ask_status(Status::Bleeding),
            _ => {}
        }
        Vec::new()
    }

    /// Enter on a change proposes to undo it, on a command proposes it, on a mitigation asks what to do with it.
    fn open_act(&mut self) -> Vec<Effect> {
        match self.selected_act() {
            Some(ActItem::Command(at)) => self.propose_command(at, None),
            Some(ActItem::Mitigation(m)) => {
                let id = m.id;
                self.ask_about(id);
                Vec::new()
            }
            Some(ActItem::Change(_)) | None => {
                self.propose_selected();
                Vec::new()
            }
        }
    }

    /// A mitigation to type; on a change it starts as the way back.
    fn propose_selected(&mut self) {
        let change = match self.selected_act() {
            Some(ActItem::Change(record)) => Some(record.change.id.clone()),
            _ => None,
        };
        match change {
            Some(id) => self.propose_undoing(&id),
            None => self.ask(Purpose::Mitigation { change: None }),
        }
    }

    pub(super) fn propose_undoing(&mut self, change: &str) {
        let known = self.incident.changes.iter().find(|record| record.change.id == change);
        let text = known.map(|record| format!("Roll back {}", record.change.title)).unwrap_or_default();
        self.ask_with(Purpose::Mitigation { change: Some(change.to_owned()) }, &text);
    }

    pub(super) fn propose_command(&mut self, at: usize, change: Option<String>) -> Vec<Effect> {
        let Some(command) = self.config.commands.get(at) else { return Vec::new() };
        let event = Event::MitigationAdded {
            text: command.text.clone(),
            mitigation_kind: command.kind,
            hypothesis: None,
            command: Some(command.name.clone()),
            change,
        };
        let draft = self.draft(event);
        self.act.cursor = Cursor { key: Some(format!("m|{}", draft.id)), line: 0 };
        let id = draft.id;
        let effects = self.record_drafts(vec![draft]);
        self.ask_to_run(id, at);
        effects
    }

    /// Shows a command whole; it runs when its name is typed.
    fn ask_to_run(&mut self, mitigation: Id, at: usize) {
        let Some(command) = self.config.commands.get(at) else { return };
        let purpose = Purpose::RunCommand { mitigation, name: command.name.clone(), argv: command.argv.clone() };
        self.ask(purpose);
    }

    pub(super) fn run_command(&mut self, mitigation: Id, name: &str) -> Vec<Effect> {
        let Some(command) = self.config.commands.iter().find(|command| command.name == name) else {
            return Vec::new();
        };
        let run = Effect::RunCommand { mitigation, argv: command.argv.clone(), timeout: command.timeout };
        let state = MitigationState::Running;
        let mut effects = self.record(vec![Event::MitigationSet { mitigation, state, note: String::new() }]);
        effects.push(run);
        effects
    }

    pub(super) fn run_of(&mut self, mitigation: Id) {
        let name = self.incident.mitigations.iter().find(|m| m.id == mitigation).and_then(|m| m.command.clone());
        let at = name.and_then(|name| self.config.commands.iter().position(|command| command.name == name));
        match at {
            Some(at) => self.ask_to_run(mitigation, at),
            None => self.complain("its command is not in the configuration"),
        }
    }

    fn ask_verify(&mut self) {
        let selected = match self.selected_act() {
            Some(ActItem::Mitigation(m)) => Some(m.id),
            _ => self.incident.running_mitigation().or(self.incident.mitigations.last()).map(|m| m.id),
        };
        match selected {
            Some(id) => self.ask_about(id),
            None => self.complain("no mitigation yet: `m` enters one"),
        }
    }

    /// Asks where a mitigation stands.
    pub(super) fn ask_about(&mut self, id: Id) {
        let Some(m) = self.incident.mitigations.iter().find(|m| m.id == id) else { return };
        let then = |state| Then::Ask(Purpose::MitigationNote(id, state));
        let mut choice = Choice::new(format!("{} {}", m.label, m.text));
        if let Some((vital, value)) = self.hurting() {
            choice = choice.knowing(format!("{} is {} now", vital.title, vital.unit.format(value)));
        }
        if m.command.is_some() && m.state == MitigationState::Proposed {
            choice = choice.or('x', "run its command; it is shown first", Then::Run(id));
        }
        let choice = choice
            .or('d', "being done, by hand", then(MitigationState::Running))
            .or('w', "worked: the impact stopped", then(MitigationState::Worked))
            .or('f', "failed: still bleeding", then(MitigationState::Failed))
            .or('b', "undone: taken back", then(MitigationState::Undone));
        self.overlay = Some(Overlay::Choice(choice));
    }

    pub(super) fn ask_status(&mut self, status: Status) {
        if self.incident.status == status {
            return self.say(format!("it is {}", status.word()));
        }
        let mut choice = Choice::new(match status {
            Status::Stanched => "Has the impact stopped? The cause may still be unknown.",
            Status::Closed => "Close it? What was learned stands in Learn.",
            Status::Bleeding => "Is it bleeding again?",
        });
        if status == Status::Stanched && !self.vitals_held(120) {
            choice = choice.knowing("Not all vitals have been live and in range for 2 minutes.");
        }
        let choice = choice.or('y', "yes", Then::Ask(Purpose::StatusReason(status))).or('n', "no", Then::Nothing);
        self.overlay = Some(Overlay::Choice(choice));
    }

    pub(super) fn command_ended(&mut self, end: CommandEnd) -> Vec<Effect> {
        match end.exit {
            Some(0) => self.say("the command ended; watch the vitals"),
            Some(code) => self.complain(format!("the command ended with {code}; its output is in the log")),
            None => self.complain("the command did not run to its end; see the log"),
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
