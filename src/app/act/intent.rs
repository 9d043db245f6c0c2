//! From wanting to do something to doing it: what is meant, the questions before it, the command typed by name.
//!
//! Nothing is recorded until something was decided: a question answered, or a command's name typed.

use super::guard_field;
use crate::{
    app::{
        App, Effect, Overlay,
        act::{environment, verify},
        drafts,
        facts::Facts,
        overlay::{GuardSheet, Purpose},
    },
    config::Command,
    incident::{
        ChangeRecord, Draft, Event, Guard, GuardAnswer, GuardQuestion, Id, Incident, Mitigation, MitigationKind,
        MitigationState,
        mitigation::{VERIFY_WITHIN, guard},
    },
    signal::{ChangeKind, scrub},
};

/// Something that is about to be done. It may not be in the journal yet; its id is given so that it can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The mitigation's name in the log.
    pub id: Id,
    /// What is done.
    pub text: String,
    /// What kind of action.
    pub kind: MitigationKind,
    /// The hypothesis it would help with.
    pub hypothesis: Option<Id>,
    /// The name of its command in the configuration.
    pub command: Option<String>,
    /// The change it undoes.
    pub change: Option<String>,
    /// Whether the guard's open questions were skipped, all at once.
    pub skipped: bool,
}

impl Intent {
    fn of(m: &Mitigation) -> Self {
        Self {
            id: m.id,
            text: m.text.clone(),
            kind: m.kind,
            hypothesis: m.hypothesis,
            command: m.command.clone(),
            change: m.change.clone(),
            skipped: false,
        }
    }

    /// What stays the same when the same thing is meant again.
    pub(in crate::app) fn name(&self) -> String {
        self.change.clone().or_else(|| self.command.clone()).unwrap_or_else(|| self.id.to_string())
    }
}

impl MitigationKind {
    /// Whether the guard stands before it.
    fn is_guarded(self) -> bool {
        matches!(self, Self::Rollback | Self::Failover)
    }
}

/// Begins on a mitigation that is known.
pub(in crate::app) fn intent_of(incident: &Incident, id: Id) -> Option<Intent> {
    incident.mitigations.iter().find(|m| m.id == id).map(Intent::of)
}

/// Means to run a configured command, by its place.
pub(in crate::app) fn intent_to_run(app: &mut App, at: usize, change: Option<String>) -> Option<Intent> {
    let command = app.session.config.commands.get(at)?.clone();
    let change = change.or_else(|| change_undone_by(app.facts(), at).map(|record| record.change.id.clone()));
    Some(Intent {
        id: app.session.ids.next(app.session.now),
        hypothesis: row_of_change(&app.incident, change.as_deref()),
        text: command.text,
        kind: command.kind,
        command: Some(command.name),
        change,
        skipped: false,
    })
}

/// Means to go back on a change, with the team's own command when there is one.
pub(in crate::app) fn intent_to_undo(app: &mut App, change: &str) -> Option<Intent> {
    let record = app.incident.changes.iter().find(|record| record.change.id == change)?.clone();
    let command = command_that_undoes(app.facts(), &record).map(|at| app.session.config.commands[at].clone());
    let kind = match (&command, record.change.kind) {
        (Some(command), _) => command.kind,
        (None, ChangeKind::Flag) => MitigationKind::FlagOff,
        (None, ChangeKind::Failover) => MitigationKind::Failover,
        (None, _) => MitigationKind::Rollback,
    };
    let text = command.as_ref().map_or_else(|| format!("Roll back {}", record.change.title), |c| c.text.clone());
    Some(Intent {
        id: app.session.ids.next(app.session.now),
        text,
        kind,
        hypothesis: row_of_change(&app.incident, Some(change)),
        command: command.map(|command| command.name),
        change: Some(change.to_owned()),
        skipped: false,
    })
}

/// Takes the next step on it: the question that keeps a change from being gone back on, the guard, the command.
pub(in crate::app) fn begin(app: &mut App, intent: Intent) {
    if app.session.read_only {
        return app.complain("read-only: nothing is written");
    }
    if let Some(record) = held_back(&app.incident, &intent) {
        let (id, title) = (record.change.id.clone(), record.change.title.clone());
        return verify::ask_written_since(app, &id, &title);
    }
    let open = guard::next_open(&guard_of(&app.incident, &intent));
    if intent.kind.is_guarded() && open.is_some() && !intent.skipped {
        return open_guard(app, intent);
    }
    go_on(app, intent);
}

/// The change that must not be gone back on before someone said that nothing was written since.
fn held_back<'a>(incident: &'a Incident, intent: &Intent) -> Option<&'a ChangeRecord> {
    let record = incident.changes.iter().find(|r| Some(&r.change.id) == intent.change.as_ref())?;
    (!incident.may_go_back(&record.change)).then_some(record)
}

/// Shows the four questions, at the first one that is open.
pub(in crate::app) fn open_guard(app: &mut App, intent: Intent) {
    if app.session.read_only {
        return app.complain("read-only: nothing is written");
    }
    let open = guard::next_open(&guard_of(&app.incident, &intent));
    let at = open.and_then(|open| GuardQuestion::ALL.iter().position(|q| *q == open)).unwrap_or(0);
    app.screen.overlay = Some(Overlay::Guard(GuardSheet { intent, at, field: None, deaf: false }));
}

/// After the questions: its command, whole; without one, what is being done about it.
pub(in crate::app) fn go_on(app: &mut App, intent: Intent) {
    match &intent.command {
        Some(name) => match app.session.config.commands.iter().find(|command| command.name == *name) {
            Some(command) => {
                let (name, argv) = (command.name.clone(), command.argv.clone());
                app.ask(Purpose::RunCommand { intent: Box::new(intent), name, argv });
            }
            None => app.complain("its command is not in the configuration"),
        },
        None => verify::ask_about_intent(app, intent),
    }
}

/// What was answered about it so far; before it is a mitigation, about the change it undoes.
pub fn guard_of(incident: &Incident, intent: &Intent) -> Guard {
    let known = incident.mitigations.iter().find(|m| m.id == intent.id).map(|m| &m.guard);
    let of_change = || incident.change_guards.get(intent.change.as_ref()?);
    known.or_else(of_change).cloned().unwrap_or_default()
}

/// Whether it is a mitigation, or about to become one.
pub(in crate::app) fn is_recorded(app: &App, intent: &Intent) -> bool {
    app.incident.mitigations.iter().any(|m| m.id == intent.id) || app.outbox.is_refused(intent.id)
}

/// The entries that make it a mitigation; none when it is one.
pub(in crate::app) fn proposal(app: &mut App, intent: &Intent) -> Vec<Draft> {
    if is_recorded(app, intent) {
        return Vec::new();
    }
    let event = Event::MitigationAdded {
        text: intent.text.clone(),
        mitigation_kind: intent.kind,
        hypothesis: intent.hypothesis,
        command: intent.command.clone(),
        change: intent.change.clone(),
    };
    let mut drafts = vec![Draft { id: intent.id, event }];
    let guard = guard_of(&app.incident, intent);
    if let Some(proof) = guard.get(&GuardQuestion::Proof).filter(|reply| reply.answer == GuardAnswer::Said) {
        drafts.push(planned(app, intent.id, &proof.text));
    }
    if intent.skipped {
        drafts.extend(skipping(app, intent));
    }
    drafts
}

/// Every open question of a mitigation as skipped.
pub(in crate::app) fn skipping(app: &mut App, intent: &Intent) -> Vec<Draft> {
    let guard = guard_of(&app.incident, intent);
    let open = GuardQuestion::ALL.into_iter().filter(|question| !guard.contains_key(question));
    let (mitigation, answer) = (Some(intent.id), GuardAnswer::Skipped);
    let skip = |question| Event::GuardAnswered { mitigation, change: None, question, answer, text: String::new() };
    open.map(skip).map(|event| app.draft(event)).collect()
}

/// An answer: of the mitigation; before there is one, of the change, so that asking alone proposes nothing.
fn answer_of(app: &mut App, intent: &Intent, question: GuardQuestion, answer: GuardAnswer, text: String) -> Draft {
    let change = intent.change.clone().filter(|_| !is_recorded(app, intent));
    let mitigation = change.is_none().then_some(intent.id);
    app.draft(Event::GuardAnswered { mitigation, change, question, answer, text })
}

/// Records an answer of the guard, and what follows from it.
pub(in crate::app) fn answer_guard(
    app: &mut App,
    intent: &Intent,
    question: GuardQuestion,
    answer: GuardAnswer,
    text: &str,
) -> Vec<Effect> {
    let text = scrub::line(text.trim()).into_owned();
    let only_asked = !is_recorded(app, intent) && intent.change.is_some();
    let mut drafts = if only_asked { Vec::new() } else { proposal(app, intent) };
    if question == GuardQuestion::Proof && answer == GuardAnswer::Said && !only_asked {
        drafts.push(planned(app, intent.id, &text));
    }
    drafts.push(answer_of(app, intent, question, answer, text));
    let field = guard_field(intent, question);
    if drafts::my_draft(app.facts(), &field).is_some() {
        drafts.push(app.draft(Event::DraftKept { field, text: String::new() }));
    }
    app.record_drafts(drafts)
}

/// What is expected of a mitigation, from one sentence: the vital it names and the minutes it gives.
pub(in crate::app) fn planned(app: &mut App, id: Id, text: &str) -> Draft {
    let known = app.incident.mitigations.iter().find(|m| m.id == id);
    let reversible = known.and_then(|m| m.reversible);
    let lower = text.to_lowercase();
    let reversible = match () {
        () if lower.contains("cannot be undone") || lower.contains("irreversible") => Some(false),
        () if lower.contains("reversible") => Some(true),
        () => reversible,
    };
    let named = app.session.config.vitals.iter().find(|vital| lower.contains(&vital.title.to_lowercase()));
    let vital = named.map(|vital| vital.title.clone());
    let minutes = Some(guard::minutes_in(text).unwrap_or(VERIFY_WITHIN));
    app.draft(Event::MitigationPlanned { mitigation: id, effect: text.to_owned(), reversible, vital, minutes })
}

/// Runs a command whose name was typed.
pub(in crate::app) fn run_command(app: &mut App, intent: &Intent, name: &str) -> Vec<Effect> {
    let Some(command) = app.session.config.commands.iter().find(|command| command.name == name).cloned() else {
        return Vec::new();
    };
    let mut drafts = proposal(app, intent);
    let state = MitigationState::Running;
    drafts.push(app.draft(Event::MitigationSet { mitigation: intent.id, state, note: String::new(), when: None }));
    app.screen.act.cursor.key = Some(format!("m|{}", intent.id));
    let env = environment::environment(app.facts(), intent);
    let Command { argv, timeout, .. } = command;
    let mut effects = app.record_drafts(drafts);
    effects.push(Effect::RunCommand { mitigation: intent.id, argv, env, timeout });
    effects
}

/// The team's own command that undoes a change: it is a rollback, or takes a flag off, and names the service.
pub(in crate::app) fn command_that_undoes(facts: Facts<'_>, record: &ChangeRecord) -> Option<usize> {
    // A feed may say how it is undone in the team's own word.
    let undo = record.change.undo.as_deref();
    if let Some(at) = facts.session.config.commands.iter().position(|command| Some(command.name.as_str()) == undo) {
        return Some(at);
    }
    let service = record.change.service.as_deref().filter(|service| service.len() > 1)?.to_lowercase();
    let wanted = match record.change.kind {
        ChangeKind::Flag => MitigationKind::FlagOff,
        ChangeKind::Failover => MitigationKind::Failover,
        _ => MitigationKind::Rollback,
    };
    facts.session.config.commands.iter().position(|command| {
        command.kind == wanted && (super::names(&command.name, &service) || super::names(&command.text, &service))
    })
}

/// The newest change that a command would undo.
pub(in crate::app) fn change_undone_by(facts: Facts<'_>, at: usize) -> Option<&ChangeRecord> {
    let onset = facts.incident.onset();
    let before = |r: &&ChangeRecord| onset.is_none_or(|onset| r.change.at <= onset);
    facts.incident.changes.iter().filter(before).find(|record| command_that_undoes(facts, record) == Some(at))
}

/// The live row that blames a change.
pub(in crate::app) fn row_of_change(incident: &Incident, change: Option<&str>) -> Option<Id> {
    let record = incident.changes.iter().find(|record| Some(record.change.id.as_str()) == change)?;
    incident.board.live().find(|row| row.text.contains(&record.change.title)).map(|row| row.id)
}
