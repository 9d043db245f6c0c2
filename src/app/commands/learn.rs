//! The commands of view 5: what is answered, asked on, ended and changed.
//!
//! What comes of an answer is in [`review`](super::review).

use crate::{
    app::{
        App, Effect, LearnItem,
        screen::{learn::selected_learning, overlay::Purpose},
    },
    incident::{Branch, End, Event, Id, Question},
};

/// Enter: a question is answered, a why is asked on, an action is changed.
pub(super) fn open_learn(app: &mut App) {
    match selected_learning(app) {
        LearnItem::Question(question) => ask_question(app, question),
        LearnItem::Root(parked) => {
            let of = parked.map(|why| why.id);
            ask_why(app, of);
        }
        LearnItem::Why(branch) => {
            let of = branch.why.id;
            ask_why(app, Some(of));
        }
        LearnItem::NewAction => app.ask(Purpose::ActionItem),
        LearnItem::Action(_) => reword(app),
    }
}

pub(in crate::app) fn ask_question(app: &mut App, question: Question) {
    let known = app.incident.answers.get(&question).cloned().unwrap_or_default();
    app.ask_with(Purpose::Review(question), &known);
}

/// Asks why, of an answer, of what was put aside, or of it all.
pub(in crate::app) fn ask_why(app: &mut App, of: Option<Id>) {
    let asked = app.incident.why_asked(of).0;
    app.ask(Purpose::Why { of, asked });
}

/// Another answer to the question that the selected one answers.
pub(super) fn ask_beside(app: &mut App) {
    match selected_learning(app) {
        LearnItem::Why(branch) => {
            let of = branch.why.parent;
            ask_why(app, of);
        }
        LearnItem::Root(parked) => {
            let of = parked.map(|why| why.id);
            ask_why(app, of);
        }
        _ => app.say("select an answer to a why: another one goes beside it"),
    }
}

/// The selected answer names a process, or does not after all.
pub(super) fn end_branch(app: &mut App) -> Vec<Effect> {
    let LearnItem::Why(Branch { why, end, .. }) = selected_learning(app) else {
        app.say("select the answer that names a process");
        return Vec::new();
    };
    if end == End::GoesOn {
        app.say("it was asked why already: the branch ends further down");
        return Vec::new();
    }
    let (why, process) = (why.id, !why.process);
    app.say(if process { "a process: the branch ends here" } else { "the branch is open again" });
    app.record(vec![Event::WhyEnded { why, process }])
}

pub(super) fn reword(app: &mut App) {
    let (purpose, text) = match selected_learning(app) {
        LearnItem::Why(branch) => (Purpose::WhyWords(branch.why.id), branch.why.text.clone()),
        LearnItem::Action(action) => (Purpose::EditAction(action.id), action.typed()),
        LearnItem::Question(question) => return ask_question(app, question),
        LearnItem::Root(_) | LearnItem::NewAction => return app.say("select an answer or an action to change it"),
    };
    app.ask_with(purpose, &text);
}
