//! What comes of an answer: it is recorded, and the next one is asked at once. After the last one of a part the field
//! gives way to an end that takes no letters: who goes on typing answers commands nothing.

use crate::{
    app::{
        Action, App, Effect, Overlay,
        commands::learn,
        drafts::{record_taken, taken_back},
        screen::{
            Screen,
            learn::learn_to,
            overlay::{Choice, Prompt},
        },
    },
    incident::{Event, Id, Question, learning::whys},
};

/// Takes the answer to a question.
pub(in crate::app) fn submit_review(app: &mut App, question: Question, text: String, prompt: Prompt) -> Vec<Effect> {
    let answers = &app.incident.answers;
    let first = !answers.contains_key(&question);
    let mut events = Vec::new();
    if answers.get(&question).map_or(!text.is_empty(), |known| *known != text) {
        events.push(Event::Answered { question, text });
    }
    if first {
        after_answer(app, question);
    }
    let name = prompt.purpose.spec().kept_under.draft().unwrap_or_default();
    record_taken(app, &name, events)
}

/// The next question of the same part; behind what happened, the first why.
fn after_answer(app: &mut App, question: Question) {
    let at = Question::ALL.iter().position(|known| *known == question).unwrap_or(0);
    let of_part = Question::ALL[at + 1..].iter().take_while(|next| next.part() == question.part());
    let next = of_part.copied().find(|next| !app.incident.answers.contains_key(next));
    let coach = app.session.keymap.key(Action::Coach);
    match next {
        Some(next) => {
            learn_to(app, &format!("question {next:?}"));
            learn::ask_question(app, next);
        }
        None if question.part() == Question::ALL[0].part() && app.incident.branches(None).is_empty() => {
            learn_to(app, "why");
            learn::ask_why(app, None);
        }
        None => {
            let said = format!(
                "That was the last question of this part. Esc leaves; then {coach} goes on with the next step."
            );
            end_of_review(&mut app.screen, question.part(), said);
        }
    }
}

/// Takes the answer to a why, and asks why again until it names a process. Without words the branch is left open.
pub(in crate::app) fn submit_why(app: &mut App, of: Option<Id>, text: &str, prompt: &Prompt) -> Vec<Effect> {
    let name = prompt.purpose.spec().kept_under.draft().unwrap_or_default();
    if text.is_empty() {
        let open = app.session.keymap.key(Action::Open);
        app.say(format!("left open: {open} on the line asks on"));
        return record_taken(app, &name, Vec::new());
    }
    let (text, process) = whys::read(text, &app.incident);
    let depth = app.incident.why_depth(of) + 1;
    let mut drafts = vec![app.draft(Event::WhyAnswered { parent: of, text: text.to_owned(), process })];
    let id = drafts[0].id;
    app.screen.learn.cursor.key = Some(format!("why {id}"));
    drafts.extend(taken_back(app, &name));
    let coach = app.session.keymap.key(Action::Coach);
    let beside = app.session.keymap.key(Action::WhyBeside);
    if process {
        let ends = app.session.keymap.key(Action::WhyEnds);
        let said = format!(
            "That names a process: the branch ends there. Esc leaves; then {beside} adds another cause beside it, \
             {ends} opens the branch again, and {coach} goes on."
        );
        end_of_review(&mut app.screen, "Whys", said);
    } else if depth >= whys::HABIT && depth.is_multiple_of(whys::HABIT) {
        let said = format!(
            "{depth} levels down, and no process named yet. Esc leaves; then Enter asks on from here, and {coach} \
             goes on."
        );
        end_of_review(&mut app.screen, "Whys", said);
    } else {
        app.screen.awaited.why = Some(id);
    }
    app.record_drafts(drafts)
}

/// Asks why of an answer once the journal has it.
pub(in crate::app) fn ask_on(app: &mut App) {
    let Some(id) = app.screen.awaited.why.filter(|id| app.incident.causes.iter().any(|why| why.id == *id)) else {
        return;
    };
    app.screen.awaited.why = None;
    if app.screen.overlay.is_none() {
        learn::ask_why(app, Some(id));
    }
}

fn end_of_review(screen: &mut Screen, part: &str, said: String) {
    screen.overlay = Some(Overlay::Choice(Choice::end(part, said)));
}
