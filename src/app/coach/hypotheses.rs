//! Finding the cause: hypotheses, what each expects, the sign that tells them apart.

use crate::{
    app::{
        coach::{Advice, Case, Step, dismissed, only, with},
        screen::overlay::Fill,
        world::checks,
    },
    incident::{
        Hypothesis, HypothesisState, Id, ObservationState, next_check,
        ranking::{self, Row, RowId},
    },
};

/// A check that is expected to tell less than this many bits is not worth a responder's minute.
const WORTH: f64 = 0.05;
/// Rows named at most.
const NAMED: usize = 5;

/// More contradicted rows than this are no step to be taken one by one before anything else is looked at.
const FEW: usize = 3;

/// Something that cannot be is there, something that must be is not, or what the row takes for granted is broken: offer to
/// refute, with the reason filled in. Of many such rows only those that lead stand in the way.
pub(super) fn refute(case: Case<'_>) -> Option<Advice> {
    let rows = refutable(case);
    let few = rows.len() <= FEW;
    offer_to_refute(case, rows.into_iter().filter(|(_, rank, _)| few || *rank == 1))
}

/// Offers to refute the rows that [`refute`] passes over, when there is nothing better to do.
pub(super) fn refute_the_rest(case: Case<'_>) -> Option<Advice> {
    offer_to_refute(case, refutable(case).into_iter())
}

fn offer_to_refute<'a>(
    case: Case<'_>,
    mut rows: impl Iterator<Item = (&'a Hypothesis, usize, String)>,
) -> Option<Advice> {
    let (row, _, why) = rows.find(|(row, ..)| dismissed::is_new(case, &Step::Refute(row.id)))?;
    let text = format!("Refute {} {}? {}", row.label, row.text, sentence(&why));
    Some(with(text, Step::Refute(row.id)))
}

/// Live rows that something contradicts, best first, with their rank and why.
fn refutable(case: Case<'_>) -> Vec<(&Hypothesis, usize, String)> {
    let board = &case.facts.incident.board;
    let broken = |id| board.broken_under(id).next().is_some();
    let named = case.facts.incident.ranking.named().filter(|(id, score)| {
        let open = score.state.is_live() && score.state != HypothesisState::Confirmed;
        open && (score.against > 0 || broken(*id))
    });
    let of = |(id, score): (Id, &Row)| {
        let row = board.hypothesis(id)?;
        Some((row, score.rank, why_refute(case, row)?))
    };
    named.filter_map(of).collect()
}

fn why_refute(case: Case<'_>, row: &Hypothesis) -> Option<String> {
    let board = &case.facts.incident.board;
    let Some(against) = ranking::contradictions(board, row.id).first().and_then(|id| board.observation(*id)) else {
        return board.broken_under(row.id).next().map(|broken| format!("It hangs on what is broken, {}", broken.text));
    };
    let failed =
        case.facts.incident.mitigations.iter().find(|m| against.origin == Some(format!("mitigation {}", m.id)));
    Some(match failed {
        Some(m) => format!("{} failed", m.label),
        None => format!("{} is {}, against it: {}", against.label, against.state.word(), against.text),
    })
}

/// Two rows at least, and a rival for the last one standing.
pub(super) fn hypothesise(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    let add = match board.live().count() {
        0 => Some("What could cause this? Add two hypotheses."),
        1 if board.hypotheses.len() < 2 => Some("One hypothesis is a trap: add a rival."),
        _ => None,
    };
    if let Some(text) = add.filter(|_| dismissed::is_new(case, &Step::AddHypotheses)) {
        return Some(with(text, Step::AddHypotheses));
    }
    // The last one standing has not won: that the others fell says nothing for it.
    let last = board.live().next().filter(|row| board.live().count() == 1 && row.state != HypothesisState::Confirmed);
    if let Some(row) = last.filter(|row| add.is_none() && dismissed::is_new(case, &Step::AddRival(row.id))) {
        let text = format!(
            "Only {} {} is left, and that the others fell does not prove it: add a rival.",
            row.label, row.text
        );
        return Some(with(text, Step::AddRival(row.id)));
    }
    None
}

/// What nobody has assessed in columns that count. A failed mitigation is such a column: it speaks against its own row at
/// once, and what it says of the others is asked.
pub(super) fn fill(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    let mut open = Fill::of(board, &[])?.cells;
    open.retain(|(_, column)| board.observation(*column).is_some_and(|column| column.counts()));
    let (_, first) = *open.first()?;
    let text = match board.observation(first) {
        Some(column) if open.len() > 1 && open.iter().all(|(_, column)| *column == first) => {
            let labels = open.iter().filter_map(|(row, _)| board.hypothesis(*row)).map(|row| row.label.as_str());
            let labels: Vec<&str> = labels.take(NAMED).collect();
            let more = if open.len() > labels.len() { " …" } else { "" };
            let whose = format!("{}{more}", labels.join(", "));
            format!("Say what {whose} expect of {}: {}", column.label, sentence(&column.text))
        }
        _ if open.len() == 1 => "1 cell is not assessed: say what the row expects.".to_owned(),
        _ => format!("{} cells are not assessed: say what each row expects.", open.len()),
    };
    Some(with(text, Step::Fill))
}

/// The text with just one full stop at its end.
fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// The best check that is worth a look and was not left as things stand.
pub(super) fn best_check(case: Case<'_>) -> Option<&next_check::NextCheck> {
    case.facts.judgement?.checks.iter().find(|check| is_worth_it(case, check))
}

fn is_worth_it(case: Case<'_>, check: &next_check::NextCheck) -> bool {
    // What was asked a moment ago answers by itself.
    check.gain >= WORTH
        && dismissed::is_new(case, &Step::Settle(check.observation))
        && !checks::is_being_checked(case.facts, check.observation)
}

pub(super) fn settle(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    if case.facts.judgement.is_none() {
        return Some(only("Working out what to look at next."));
    }
    let best = best_check(case);
    match best.and_then(|check| Some((board.observation(check.observation)?, check))) {
        Some((column, check)) => {
            let first = check.question(board).map(|question| format!(" {question}")).unwrap_or_default();
            let verb = if checks::would_run(case.facts, column.id) { "Run" } else { "Look for" };
            let text = format!("{verb} {} {}: it {}.{first}", column.label, column.text, check.separates(board));
            Some(with(text, Step::Settle(column.id)))
        }
        None if board.observations.iter().all(|o| o.state != ObservationState::Untested) && leaders(case) > 1 => {
            Some(with("The leaders are close: add a sign that only one of them would show.", Step::AddSign))
        }
        None => None,
    }
}

/// How many named rows share the first place or stand within a bit of it.
fn leaders(case: Case<'_>) -> usize {
    let rows = || case.facts.incident.ranking.rows.iter().filter(|row| row.id != RowId::Other && row.state.is_live());
    let best = rows().map(|row| row.bits).max();
    rows().filter(|row| best.is_some_and(|best| best.0 - row.bits.0 < 10)).count()
}
