//! What a person decides on a row: refute, confirm, open again. A decision taken before is said, and takes a second key to
//! change.

use crate::{
    app::{
        Action, App, Effect, Facts, Overlay, clock,
        screen::{
            board,
            overlay::{Choice, Purpose, choice::Then},
        },
    },
    incident::{
        Event, Hypothesis, HypothesisState, Id, Incident,
        board::{Assumption, AssumptionState},
        ranking::{self, RowId},
    },
};

fn no_hypothesis(app: &App) -> String {
    format!("no hypothesis here: {} adds some", app.session.keymap.quoted(Action::AddHypotheses))
}

/// Asks what refuted the selected row; what was decided before is said, and takes a second key to change.
pub(in crate::app) fn ask_refute(app: &mut App) {
    let Some(row) = board::selected_hypothesis(app).and_then(|id| app.incident.board.hypothesis(id)) else {
        return app.complain(no_hypothesis(app));
    };
    let (id, state) = (row.id, HypothesisState::Refuted);
    if let Some(known) = decision_on(app.facts(), row) {
        let choice = Choice::new(format!("Refute {} {} all the same?", row.label, row.text))
            .titled(format!("Refute {}", row.label))
            .knowing(known)
            .or('y', "yes; say why", Then::Ask(Purpose::Judge(id, state)))
            .or('n', "no, leave it as it is", Then::Nothing);
        app.screen.overlay = Some(Overlay::Choice(choice));
        return;
    }
    let reason = reason_to_refute(&app.incident, id);
    app.ask_with(Purpose::Judge(id, state), &reason);
}

/// What was decided on a row before, in words.
fn decision_on(facts: Facts<'_>, row: &Hypothesis) -> Option<String> {
    if !matches!(row.state, HypothesisState::Confirmed | HypothesisState::Refuted) {
        return None;
    }
    let at = clock::minute(row.since, &facts.session.zone, facts.session.utc);
    let why = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
    Some(format!("It was {} at {at}{why}", row.state.word()))
}

/// The reason a field for one begins with.
pub(in crate::app) fn reason_for(incident: &Incident, id: Id, state: HypothesisState) -> String {
    if state == HypothesisState::Refuted { reason_to_refute(incident, id) } else { String::new() }
}

/// What speaks most against a row, in words; empty when nothing does.
fn reason_to_refute(incident: &Incident, id: Id) -> String {
    let board = &incident.board;
    if let Some(offer) = ranking::refutations(board).into_iter().find(|offer| offer.hypothesis == id) {
        return offer.reason;
    }
    if let Some(broken) = board.broken_under(id).next() {
        return format!("it takes for granted what is broken: {}", broken.text);
    }
    let reasons = ranking::reasons(board, RowId::Named(id));
    let against = reasons.into_iter().filter(|reason| reason.bits.0 < 0 && !reason.observations.is_empty());
    against.min_by_key(|reason| reason.bits).map(|reason| reason.text).unwrap_or_default()
}

pub(in crate::app) fn ask_confirm(app: &mut App) {
    let Some(row) = board::selected_hypothesis(app).and_then(|id| app.incident.board.hypothesis(id)) else {
        return app.complain(no_hypothesis(app));
    };
    let mut choice = Choice::new(format!("Confirm {} {} as the cause?", row.label, row.text))
        .titled(format!("Confirm {}", row.label));
    if let Some(known) = decision_on(app.facts(), row) {
        choice = choice.knowing(known);
    }
    for doubt in doubts_about(&app.incident, row) {
        choice = choice.knowing(doubt);
    }
    let choice = choice
        .or('y', "yes; say what confirmed it", Then::Ask(Purpose::Judge(row.id, HypothesisState::Confirmed)))
        .or('n', "not yet", Then::Nothing);
    app.screen.overlay = Some(Overlay::Choice(choice));
}

/// What speaks against confirming a row; empty when nothing does. Nothing of it forbids to.
fn doubts_about(incident: &Incident, row: &Hypothesis) -> Vec<String> {
    let board = &incident.board;
    let mut doubts = Vec::new();
    let rivals = || board.hypotheses.iter().filter(|other| other.id != row.id);
    let explains = incident.ranking.row(RowId::Named(row.id)).is_some_and(|score| score.explains > 0);
    if rivals().next().is_none() {
        doubts.push("No rival was ever considered.".to_owned());
    }
    if !explains {
        doubts.push("No sign is present that it expects.".to_owned());
    } else if ranking::own_signs(board, row.id).is_empty() && rivals().any(|other| other.state.is_live()) {
        doubts.push("No sign is present that only this row expects: a rival explains as much.".to_owned());
    }
    let reasons = ranking::reasons(board, RowId::Named(row.id));
    let mut against: Vec<_> = reasons.into_iter().filter(|r| r.bits.0 < 0 && !r.observations.is_empty()).collect();
    against.sort_by_key(|reason| reason.bits);
    if let [worst, others @ ..] = against.as_slice() {
        let more = if others.is_empty() { String::new() } else { format!("; and {} more", others.len()) };
        doubts.push(format!("Against it: {}{more}.", worst.text));
    }
    if let Some(broken) = board.broken_under(row.id).next() {
        doubts.push(format!("It takes for granted what is broken: {}.", broken.text));
    }
    let is_open = |known: &&Assumption| known.hypothesis == Some(row.id) && known.state == AssumptionState::Unpoked;
    if let Some(known) = board.assumptions.iter().find(is_open) {
        doubts.push(format!("It takes for granted what nobody has checked: {}.", known.text));
    }
    if ranking::is_untestable(board, row.id) {
        doubts.push("Nothing on the board could have proved it wrong.".to_owned());
    }
    doubts
}

pub(in crate::app) fn reopen(app: &mut App) -> Vec<Effect> {
    let row = board::selected_hypothesis(app).and_then(|id| app.incident.board.hypothesis(id));
    let Some(row) = row.filter(|row| row.state != HypothesisState::Open) else {
        app.say("it is open");
        return Vec::new();
    };
    let (hypothesis, state) = (row.id, HypothesisState::Open);
    let events = vec![Event::HypothesisSet { hypothesis, state, reason: String::new() }];
    let Some(known) = decision_on(app.facts(), row) else { return app.record(events) };
    let choice = Choice::new(format!("Open {} {} again?", row.label, row.text))
        .titled(format!("Reopen {}", row.label))
        .knowing(known)
        .or('y', "yes, it takes part in the ranking again", Then::Record(events))
        .or('n', "no, leave it as it is", Then::Nothing);
    app.screen.overlay = Some(Overlay::Choice(choice));
    Vec::new()
}
