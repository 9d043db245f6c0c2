//! Finding the cause: hypotheses, what each expects, the sign that tells them apart.

use super::{Advice, Step, memory, with};
use crate::{
    app::{App, overlay::Fill},
    incident::{Cell, HypothesisState, ObservationState, next_check, ranking::RowId},
};

/// A check that is expected to tell less than this many bits is not worth a responder's minute.
const WORTH: f64 = 0.05;

/// Something that cannot be is there, or something that must be is not: offer to refute, with the reason filled in.
pub(super) fn refute(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    let contradicted = board.live().find_map(|row| {
        if row.state == HypothesisState::Confirmed || !memory::is_new(app, &Step::Refute(row.id)) {
            return None;
        }
        let against = board.observations.iter().find(|column| {
            column.counts()
                && matches!(
                    (board.cell(row.id, column.id), column.state),
                    (Cell::Cannot, ObservationState::Present) | (Cell::Must, ObservationState::Absent)
                )
        })?;
        Some((row, against))
    });
    let (row, against) = contradicted?;
    let failed = app.incident.mitigations.iter().find(|m| against.origin == Some(format!("mitigation {}", m.id)));
    let why = match failed {
        Some(m) => format!("{} failed", m.label),
        None => format!("{} is {}", against.text, against.state.word()),
    };
    let text = format!("{} {}: {why}. Refute it?", row.label, row.text);
    Some(with(text, Step::Refute(row.id)))
}

pub(super) fn hypothesise(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    let add = match board.live().count() {
        0 => Some("What could cause this? Add two hypotheses."),
        1 if board.hypotheses.len() < 2 => Some("One hypothesis is a trap: add a rival."),
        _ => None,
    };
    if let Some(text) = add.filter(|_| memory::is_new(app, &Step::AddHypotheses)) {
        return Some(with(text, Step::AddHypotheses));
    }
    let fill = Fill::of(board, &[])?;
    let open = fill.cells.iter().filter(|(_, column)| board.observation(*column).is_some_and(|o| o.counts())).count();
    let cells = if open == 1 { "1 cell is".into() } else { format!("{open} cells are") };
    (open > 0).then(|| with(format!("{cells} not assessed: say what each row expects."), Step::Fill))
}

pub(super) fn settle(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    let worth = |check: &next_check::NextCheck| {
        let worth = check.gain >= WORTH && memory::is_new(app, &Step::Settle(check.observation));
        // What was asked a moment ago answers by itself.
        worth && !app.is_being_checked(check.observation)
    };
    let best = app.judgement.checks.iter().find(|check| worth(check));
    match best.and_then(|check| Some((board.observation(check.observation)?, check))) {
        Some((column, check)) => {
            let first = check.question(board).map(|question| format!(" {question}")).unwrap_or_default();
            let verb = if app.would_run(column.id) { "Run" } else { "Look for" };
            let text = format!("{verb} {} {}: it {}.{first}", column.label, column.text, check.separates(board));
            Some(with(text, Step::Settle(column.id)))
        }
        None if board.observations.iter().all(|o| o.state != ObservationState::Untested) && leaders(app) > 1 => {
            Some(with("The leaders are close: add a sign that only one of them would show.", Step::AddSign))
        }
        None => None,
    }
}

/// How many named rows share the first place or stand within a bit of it.
fn leaders(app: &App) -> usize {
    let rows = || app.incident.ranking.rows.iter().filter(|row| row.id != RowId::Other && row.state.is_live());
    let best = rows().map(|row| row.bits).max();
    rows().filter(|row| best.is_some_and(|best| best.0 - row.bits.0 < 10)).count()
}
