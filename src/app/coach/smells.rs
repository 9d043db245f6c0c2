//! What smells: where to look, when what pages is on the board and no change can be gone back from.

use crate::{
    app::coach::{Advice, Case, Step, with},
    base::text,
};

/// The longest name of a series in the line, in bytes.
const MAX_NAME: usize = 40;

/// The fishiest curve, unless its pane is on the board; until there are hypotheses, which say themselves what to look at.
pub(super) fn look(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    if board.observations.is_empty() || !board.hypotheses.is_empty() {
        return None;
    }
    let smells: Vec<_> = case.facts.world.smells.shown().collect();
    let first = smells.first()?;
    let title = &case.facts.world.plan.pane(first.pane)?.pane.title;
    if board.observations.iter().any(|symptom| symptom.origin.as_deref() == Some(title)) {
        return None;
    }
    let series = match *first.series == **title || first.series.is_empty() {
        true => String::new(),
        false => format!(" ({})", text::clipped(&first.series, MAX_NAME)),
    };
    let more = match smells.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let text = format!("{title}{series} smells: {}{more}. Look at what smells.", first.smell.reason());
    Some(with(text, Step::LookAtSmells))
}
