//! From wanting to do something to what is recorded of it: the mitigation it becomes, the guard's answers, the command run.
//!
//! Nothing is recorded until something was decided: a question answered, or a command's name typed.

use crate::{
    app::{
        App, Effect, Intent,
        act::{
            environment,
            intent::{change_undone_by, command_that_undoes, guard_of, row_of_change},
        },
    },
    config::Command,
    incident::{
        Draft, Event, GuardAnswer, GuardQuestion, Id, MitigationKind, MitigationState,
        mitigation::{VERIFY_WITHIN, guard},
    },
    signal::ChangeKind,
};

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
    let record = app.incident.change_record(change)?.clone();
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

/// Whether it is a mitigation, or about to become one.
pub(in crate::app) fn is_recorded(app: &App, intent: &Intent) -> bool {
    app.incident.mitigation(intent.id).is_some() || app.outbox.is_refused(intent.id)
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

/// What is expected of a mitigation, from one sentence: the vital it names and the minutes it gives.
pub(in crate::app) fn planned(app: &mut App, id: Id, text: &str) -> Draft {
    let known = app.incident.mitigation(id);
    let reversible = known.and_then(|m| m.reversible);
    let lower = text.to_lowercase();
    let reversible = guard::reversible_in(text).or(reversible);
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
