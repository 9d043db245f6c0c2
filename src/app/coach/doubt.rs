//! Doubting what leads: whether anything holds up at all, a rival, the sign that would prove it wrong, what is taken for
//! granted.
//!
//! These are questions to a person, asked late and once for a state of the board: after what stops the bleeding, and before
//! the leader is believed merely because nothing else was thought of.

use crate::{
    app::coach::{Advice, Case, Step, dismissed, hypotheses, mitigation, with},
    base::human_time,
    incident::{
        Cell, Event, Hypothesis, HypothesisState, Id, ObservationState,
        board::{Assumption, AssumptionState},
        ranking::{self, RowId},
    },
};

/// A leader that nobody has put to a test for so many seconds needs a rival.
const UNVERIFIED: i64 = 600;
/// A check that takes more minutes than this is dear: asking whether what is taken for granted is so comes first.
const CHEAP: f64 = 10.0;
/// Columns named at most.
const NAMED: usize = 4;

/// More speaks against every row than for it: the order only says which is the least bad.
pub(super) fn nothing_holds_up(case: Case<'_>) -> Option<Advice> {
    if !case.facts.incident.ranking.nothing_holds_up() {
        return None;
    }
    let label = |id: &Id| case.facts.incident.board.observation(*id).map(|column| column.label.as_str());
    let all = case.facts.judgement.map(|judgement| judgement.unexplained.as_slice()).unwrap_or_default();
    let unexplained: Vec<&str> = all.iter().take(NAMED).filter_map(label).collect();
    let text = match unexplained.as_slice() {
        [] => "Nothing on this board holds up: more speaks against every row than for it. Add another cause.".into(),
        some => {
            let more = if all.len() > some.len() { " …" } else { "" };
            format!("Nothing on this board holds up: what would explain {}{more}? Add another cause.", some.join(", "))
        }
    };
    Some(with(text, Step::AddMissing))
}

/// What leads was not put to a test for a while: is there nothing else that it could be?
pub(super) fn rival(case: Case<'_>) -> Option<Advice> {
    let row = leader(case)?;
    let lead = case.facts.incident.lead;
    let quiet = human_time::seconds_between(lead.touched?, case.facts.session.now);
    if lead.checked || quiet < UNVERIFIED {
        return None;
    }
    let age = human_time::age(human_time::seconds_between(lead.since?, case.facts.session.now));
    let text =
        format!("{} {} leads for {age} and was not verified: what else could it be? Add a rival.", row.label, row.text);
    Some(with(text, Step::AddRival(row.id)))
}

/// A row that has risked nothing cannot be believed for having survived.
pub(super) fn disprove(case: Case<'_>) -> Option<Advice> {
    let row = leader(case)?;
    if ranking::could_be_refuted(&case.facts.incident.board, row.id) || has_passed_a_test(case, row.id) {
        return None;
    }
    let text = format!("{} {} leads: what would you see if it were wrong? Add that sign.", row.label, row.text);
    Some(with(text, Step::AddDisproof(row.id)))
}

/// Before a check that is dear, what costs a thought.
pub(super) fn poke_before_what_is_dear(case: Case<'_>) -> Option<Advice> {
    let best = hypotheses::best_check(case)?;
    if best.read_only && best.minutes <= CHEAP { None } else { poke(case) }
}

/// What the leader, or everything, takes for granted and nobody has looked at, oldest first; of every row when none holds
/// up.
pub(super) fn poke(case: Case<'_>) -> Option<Advice> {
    let ranking = &case.facts.incident.ranking;
    let stuck = ranking.nothing_holds_up();
    let leads = |id: Id| ranking.row(RowId::Named(id)).is_some_and(|row| row.rank == 1 && row.state.is_live());
    let matters = |known: &&Assumption| known.hypothesis.is_none_or(|id| stuck || leads(id));
    let unpoked = |known: &&Assumption| known.state == AssumptionState::Unpoked;
    let mut open = case.facts.incident.board.assumptions.iter().filter(unpoked).filter(matters);
    let next = open.find(|known| dismissed::is_new(case, &Step::Poke(known.id)))?;
    let whose = match next.hypothesis.and_then(|id| case.facts.incident.board.hypothesis(id)) {
        Some(row) => format!("{} {} takes for granted", row.label, row.text),
        None => "All rows take for granted".to_owned(),
    };
    let stuck = if stuck { "Nothing holds up. " } else { "" };
    Some(with(format!("{stuck}{whose}: {}. Is it so?", next.text), Step::Poke(next.id)))
}

/// Everything was offered and it still bleeds: what is taken for granted without anyone having said so?
pub(super) fn assume(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    if !mitigation::hurts(case) || !board.assumptions.is_empty() || board.live().next().is_none() {
        return None;
    }
    let still = if case.facts.incident.summary.is_bleeding() { "It still bleeds" } else { "It is not over" };
    let text = format!("{still}: what does everyone here take for granted? Write it down, then check it.");
    Some(with(text, Step::Assume))
}

/// The row that leads alone and that nobody has confirmed.
fn leader(case: Case<'_>) -> Option<&Hypothesis> {
    let RowId::Named(id) = case.facts.incident.ranking.leader()?.id else { return None };
    let row = case.facts.incident.board.hypothesis(id)?;
    (row.state.is_live() && row.state != HypothesisState::Confirmed).then_some(row)
}

/// Whether something that must be there if the row is true was looked for after the row was named, and was there.
fn has_passed_a_test(case: Case<'_>, row: Id) -> bool {
    let incident = case.facts.incident;
    let board = &incident.board;
    let must = |id: &Id| board.cell(row, *id) == Cell::Must && board.observation(*id).is_some_and(|o| o.counts());
    let since = incident.entries().iter().rev().take_while(|entry| entry.id != row);
    let mut settled = since.filter_map(|entry| match &entry.event {
        Event::ObservationSet { observation, state: ObservationState::Present, .. }
        | Event::CheckTurned { observation, state: ObservationState::Present, .. } => {
            (!incident.is_undone(entry.id)).then_some(observation)
        }
        _ => None,
    });
    settled.any(must)
}
