//! The next step on something that is about to be done: the questions that stand before it, then its command, or what
//! is done by hand.
//!
//! Nothing is run or recorded here: each step only opens the next question.

use crate::{
    app::{
        App, Intent,
        act::intent::{guard_of, held_back},
        commands::{intent::open_guard, verify},
        screen::overlay::Purpose,
    },
    incident::mitigation::guard,
};

/// Takes the next step on it: the question that keeps a change from being gone back on, the guard, the command.
pub(in crate::app) fn begin(app: &mut App, intent: Intent) {
    if app.refuses_to_write() {
        return;
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
