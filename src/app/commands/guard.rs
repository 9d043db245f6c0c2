//! The next step on something that is about to be done: the questions that stand before it, with what is recorded of
//! their answers, then its command, or what is done by hand.
//!
//! Nothing is run here: each step only opens the next question.

use crate::{
    app::{
        App, Effect, Intent, Overlay,
        act::{
            guard_field,
            intent::{guard_of, held_back},
        },
        commands::{intent, verify},
        drafts::taken_back,
        screen::overlay::{Choice, GuardSheet, Purpose, choice::Then},
    },
    base::text,
    incident::{Draft, Event, GuardAnswer, GuardQuestion, mitigation::guard},
};

/// Takes the next step on it: the question that keeps a change from being gone back on, the guard, the command.
pub(in crate::app) fn begin(app: &mut App, intent: Intent) {
    if app.refuses_to_write() {
        return;
    }
    if let Some(record) = held_back(&app.incident, &intent) {
        let (id, title) = (record.change.id.clone(), record.change.title.clone());
        return ask_written_since(app, &id, &title);
    }
    let open = guard::next_open(&guard_of(&app.incident, &intent));
    if is_guarded(app, &intent) && open.is_some() && !intent.skipped {
        return open_guard(app, intent);
    }
    go_on(app, intent);
}

/// Whether the four questions come before it: by what it is said to be, which may be another's word, or by what its
/// command is in the configuration.
fn is_guarded(app: &App, intent: &Intent) -> bool {
    let command = app.session.config.commands.iter().find(|command| Some(&command.name) == intent.command.as_ref());
    intent.kind.is_guarded() || command.is_some_and(|command| command.kind.is_guarded())
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

/// Shows the four questions, at the first one that is open.
pub(in crate::app) fn open_guard(app: &mut App, intent: Intent) {
    if app.refuses_to_write() {
        return;
    }
    let open = guard::next_open(&guard_of(&app.incident, &intent));
    let at = open.and_then(|open| GuardQuestion::ALL.iter().position(|q| *q == open)).unwrap_or(0);
    app.screen.overlay = Some(Overlay::Guard(GuardSheet { intent, at, field: None, stray: None }));
}

/// An answer: of the mitigation; before there is one, of the change, so that asking alone proposes nothing.
fn answer_of(app: &mut App, intent: &Intent, question: GuardQuestion, answer: GuardAnswer, text: String) -> Draft {
    let change = intent.change.clone().filter(|_| !intent::is_recorded(app, intent));
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
    let text = text::line(text.trim()).into_owned();
    let only_asked = !intent::is_recorded(app, intent) && intent.change.is_some();
    let mut drafts = if only_asked { Vec::new() } else { intent::proposal(app, intent) };
    if question == GuardQuestion::Proof && answer == GuardAnswer::Said && !only_asked {
        drafts.push(intent::planned(app, intent.id, &text));
    }
    drafts.push(answer_of(app, intent, question, answer, text));
    drafts.extend(taken_back(app, &guard_field(intent, question)));
    app.record_drafts(drafts)
}

/// Whether anything was written since a change that is not simply gone back on.
fn ask_written_since(app: &mut App, change: &str, title: &str) {
    let answer = |answer| {
        let (question, change) = (GuardQuestion::WrittenSince, Some(change.to_owned()));
        Event::GuardAnswered { mitigation: None, change, question, answer, text: String::new() }
    };
    let choice = Choice::new(format!("{title}: was anything written since?"))
        .titled("Before going back")
        .telling("What was written since would be lost or unreadable. Only after a no is going back offered.")
        .or('n', "no, nothing was written: go on", Then::NotWritten(change.to_owned()))
        .or('y', "yes: it is not offered", Then::Record(vec![answer(GuardAnswer::Yes)]))
        .or('u', "not known: it is not offered", Then::Record(vec![answer(GuardAnswer::Unknown)]));
    app.screen.overlay = Some(Overlay::Choice(choice));
}

/// Nothing was written since: that is recorded, and the guard opens.
pub(in crate::app) fn not_written(app: &mut App, change: &str) -> Vec<Effect> {
    let (question, answer) = (GuardQuestion::WrittenSince, GuardAnswer::No);
    let (mitigation, text) = (None, String::new());
    let event = Event::GuardAnswered { mitigation, change: Some(change.to_owned()), question, answer, text };
    if let Some(intent) = intent::intent_to_undo(app, change) {
        open_guard(app, intent);
    }
    app.record(vec![event])
}
