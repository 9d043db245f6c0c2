//! After the bleeding has stopped: whether it comes back, what the cause was, what was learned, what is to be done.

use crate::{
    app::{
        Action, View,
        act::verify,
        coach::{Advice, Case, Step, dismissed, only, with},
        screen::learn,
        world::{vitals, worst_alert},
    },
    base::human_time,
    incident::{AlertTurn, HypothesisState, Question, Status, ranking},
    signal::Severity,
};

pub(super) fn stanched(case: Case<'_>) -> Advice {
    const PARTS: [super::Part; 7] = [recurred, super::mitigation::verify, blind, left_running, confirm, ask, act];
    let said = PARTS.iter().find_map(|part| part(case).filter(|advice| dismissed::is_news(case, advice)));
    said.or_else(|| close(case).filter(|advice| dismissed::is_news(case, advice))).unwrap_or_else(|| {
        let keymap = &case.facts.session.keymap;
        let (quit, close) = (keymap.quoted(Action::Quit), keymap.quoted_with_view(Action::Closed));
        only(format!("Impact stopped. {quit} writes the notes and quits; {close} closes it."))
    })
}

/// Closed is not deaf.
pub(super) fn closed(case: Case<'_>) -> Advice {
    recurred(case).filter(|advice| dismissed::is_news(case, advice)).unwrap_or_else(|| {
        let quit = case.facts.session.keymap.quoted(Action::Quit);
        only(format!("Closed. {quit} writes the notes and quits."))
    })
}

/// A vital that is out of range again, or an alert that pages and began after the impact stopped.
fn recurred(case: Case<'_>) -> Option<Advice> {
    let again = Step::Status(Status::Bleeding);
    if let Some((vital, value)) = vitals::hurting(case.facts) {
        let text = format!("{} is {} again: is it bleeding again?", vital.title, vital.format(value));
        return Some(with(text, again));
    }
    let stopped = case.facts.incident.status_history.last()?.at;
    let fired_again = case.facts.incident.alerts.iter().find(|alert| {
        let fired = alert.turns.last().is_some_and(|told| told.turn == AlertTurn::Fired && told.at > stopped);
        fired && alert.severity == Severity::Critical
    })?;
    worst_alert::paging(case.facts).filter(|alert| alert.silent.is_none())?;
    Some(with(format!("{} fires again: is it bleeding again?", fired_again.title), again))
}

/// While a vital is not known nobody would see it come back.
fn blind(case: Case<'_>) -> Option<Advice> {
    let Some(title) = super::calm::unknown_vital(case) else { return alerts_silent(case) };
    let text = format!("{title} is UNKNOWN: nobody would see it come back. Look another way and note it.");
    Some(with(text, Step::Note(title.to_owned())))
}

/// Where alerts are what would tell, the same is true of them.
fn alerts_silent(case: Case<'_>) -> Option<Advice> {
    let (silent, since) = super::calm::silent(case, |source| super::calm::shows_alerts(case, source))?;
    let age = human_time::age(human_time::seconds_between(since, case.facts.session.now));
    let text = format!(
        "Nothing has been heard from {silent} for {age}: nobody would see it come back. Look another way and note it."
    );
    Some(with(text, Step::Note(format!("{silent} {since}"))))
}

fn left_running(case: Case<'_>) -> Option<Advice> {
    let running = verify::running(case.facts.incident);
    let first = running.iter().find(|running| dismissed::is_new(case, &Step::Verify(running.id)))?;
    Some(with(format!("{} {} still runs: what came of it?", first.label, first.text), Step::Verify(first.id)))
}

/// That the impact stopped does not say why it began.
fn confirm(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    if board.hypotheses.iter().any(|row| row.state == HypothesisState::Confirmed) {
        return None;
    }
    let leader = case.facts.incident.ranking.leader()?;
    let ranking::RowId::Named(id) = leader.id else { return None };
    let row = board.hypothesis(id).filter(|row| row.state.is_live())?;
    let own = !ranking::own_signs(board, id).is_empty();
    let text =
        format!("Impact stopped; the cause is not confirmed. {} {} leads: is it the cause?", row.label, row.text);
    own.then(|| with(text, Step::Confirm(id)))
}

/// The next question of the review: what happened, then the whys, branch by branch, then the rest. What was left once is
/// passed over.
fn ask(case: Case<'_>) -> Option<Advice> {
    let answers = &case.facts.incident.answers;
    let may_be_asked = |question: &Question| {
        let follows = *question != Question::WorseNeeds || answers.contains_key(&Question::Worse);
        !answers.contains_key(question) && follows && dismissed::is_new(case, &Step::Review(*question))
    };
    let what_happened = Question::ALL[0].part();
    let (first, rest): (Vec<_>, Vec<_>) =
        Question::ALL.into_iter().filter(may_be_asked).partition(|question| question.part() == what_happened);
    let question = |question: &Question| with(format!("Impact stopped. {}", question.text()), Step::Review(*question));
    first.first().map(question).or_else(|| ask_why(case)).or_else(|| rest.first().map(question))
}

/// The next why that nobody has answered; a branch that ends with a person is asked on, kindly.
fn ask_why(case: Case<'_>) -> Option<Advice> {
    let open = case.facts.incident.open_whys().into_iter().find(|of| dismissed::is_new(case, &Step::Why(*of)))?;
    let (asked, about) = case.facts.incident.why_asked(open);
    let is_parked = case.facts.incident.whys.iter().any(|why| Some(why.id) == open);
    let text = match about {
        None => format!("Impact stopped. {asked}"),
        Some(about) if is_parked => format!("You put a why aside: {about}. Why was that?"),
        Some(about) => format!("{} {about}?", asked.replace('?', ":")),
    };
    Some(with(text, Step::Why(open)))
}

fn act(case: Case<'_>) -> Option<Advice> {
    let text = "What would make next week page less? Add an action.";
    case.facts.incident.actions.is_empty().then(|| with(text, Step::AddAction))
}

fn close(case: Case<'_>) -> Option<Advice> {
    let open = match learn::open_questions(case.facts.incident) {
        0 => String::new(),
        1 => " 1 question is open.".into(),
        open => format!(" {open} questions are open."),
    };
    // Someone who passed the questions over may want to see them first.
    let step = Step::Status(Status::Closed);
    let shows = || format!(" {} shows them.", case.facts.session.keymap.quoted(Action::Learn));
    let view = if case.view == View::Learn || open.is_empty() { String::new() } else { shows() };
    Some(with(format!("Close it when it is learned from.{open}{view}"), step))
}
