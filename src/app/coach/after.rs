//! After the bleeding has stopped: whether it comes back, what the cause was, what was learned, what is to be done.

use super::{Advice, Step, memory, only, with};
use crate::{
    app::{App, View},
    incident::{AlertTurn, HypothesisState, Question, Status, ranking},
    signal::Severity,
};

pub(super) fn stanched(app: &App) -> Advice {
    const PARTS: [super::Part; 7] = [recurred, super::treat::verify, blind, left_running, confirm, ask, act];
    let said = PARTS.iter().find_map(|part| part(app).filter(|advice| memory::is_news(app, advice)));
    said.or_else(|| close(app).filter(|advice| memory::is_news(app, advice)))
        .unwrap_or_else(|| only("Impact stopped. `q` writes the notes and quits; `C` in Act closes it."))
}

/// Closed is not deaf.
pub(super) fn closed(app: &App) -> Advice {
    recurred(app)
        .filter(|advice| memory::is_news(app, advice))
        .unwrap_or_else(|| only("Closed. `q` writes the notes and quits."))
}

/// A vital that is out of range again, or an alert that pages and began after the impact stopped.
fn recurred(app: &App) -> Option<Advice> {
    let again = Step::Status(Status::Bleeding);
    if let Some((vital, value)) = app.hurting() {
        let text = format!("{} is {} again: is it bleeding again?", vital.title, vital.unit.format(value));
        return Some(with(text, again));
    }
    let stopped = app.incident.status_history.last()?.at;
    let fired_again = app.incident.alerts.iter().find(|alert| {
        let fired = alert.turns.last().is_some_and(|turn| turn.1 == AlertTurn::Fired && turn.0 > stopped);
        fired && alert.severity == Severity::Critical
    })?;
    app.paging()?;
    Some(with(format!("{} fires again: is it bleeding again?", fired_again.title), again))
}

/// While a vital is not known nobody would see it come back.
fn blind(app: &App) -> Option<Advice> {
    let title = super::sight::unknown_vital(app)?;
    let text = format!("{title} is UNKNOWN: nobody would see it come back. Look another way and note it.");
    Some(with(text, Step::Note(title.to_owned())))
}

fn left_running(app: &App) -> Option<Advice> {
    let running = app.running();
    let first = running.iter().find(|running| memory::is_new(app, &Step::Verify(running.id)))?;
    Some(with(format!("{} {} still runs: what came of it?", first.label, first.text), Step::Verify(first.id)))
}

/// That the impact stopped does not say why it began.
fn confirm(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    if board.hypotheses.iter().any(|row| row.state == HypothesisState::Confirmed) {
        return None;
    }
    let leader = app.incident.ranking.leader()?;
    let ranking::RowId::Named(id) = leader.id else { return None };
    let row = board.hypothesis(id).filter(|row| row.state.is_live())?;
    let own = !ranking::own_signs(board, id).is_empty();
    let text =
        format!("Impact stopped; the cause is not confirmed. {} {} leads: is it the cause?", row.label, row.text);
    own.then(|| with(text, Step::Confirm(id)))
}

/// The next question of the review. A why follows from the one before it, so none is asked behind one that was left.
fn ask(app: &App) -> Option<Advice> {
    let answers = &app.incident.answers;
    let follows = |question: Question| match question {
        Question::Why2 => Some(Question::Why1),
        Question::Why3 => Some(Question::Why2),
        Question::Why4 => Some(Question::Why3),
        Question::Why5 => Some(Question::Why4),
        Question::WorseNeeds => Some(Question::Worse),
        _ => None,
    };
    let may_be_asked = |question: &Question| {
        !answers.contains_key(question)
            && follows(*question).is_none_or(|before| answers.contains_key(&before))
            && memory::is_new(app, &Step::Review(*question))
    };
    let question = Question::ALL.into_iter().find(may_be_asked)?;
    let parked = match (question, app.incident.whys.first()) {
        (Question::Why1, Some(why)) => format!(" You parked: {}", why.text),
        _ => String::new(),
    };
    Some(with(format!("Impact stopped. {}{parked}", question.text()), Step::Review(question)))
}

fn act(app: &App) -> Option<Advice> {
    let text = "What would make next week page less? Add an action.";
    app.incident.actions.is_empty().then(|| with(text, Step::AddAction))
}

fn close(app: &App) -> Option<Advice> {
    let open = Question::ALL.iter().filter(|question| !app.incident.answers.contains_key(question)).count();
    let open = match open {
        0 => String::new(),
        1 => " 1 question is open.".into(),
        open => format!(" {open} questions are open."),
    };
    // Someone who passed the questions over may want to see them first.
    let step = Step::Status(Status::Closed);
    let view = if app.view == View::Learn || open.is_empty() { "" } else { " `5` shows them." };
    Some(with(format!("Close it when it is learned from.{open}{view}"), step))
}
