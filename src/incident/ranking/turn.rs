//! Changes of the order that are worth a line in the timeline, with what made them.
//!
//! Calm on purpose: numbers that move without moving the order say nothing, and while someone fills cells only a new
//! leader does.

use jiff::Timestamp;

use super::{OTHER, Ranking, Row, RowId};
use crate::incident::{Board, Entry, Event, Id};

/// A change of the order worth a line in the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// The entry that made it.
    pub seq: u64,
    /// In words: `B bad deploy v2.3.1 leads at +4.1 (was A): s3 pool is absent`.
    pub text: String,
}

impl Turn {
    /// What changed between two rankings, if it is worth a line.
    pub fn between(before: &Ranking, after: &Ranking, board: &Board, entry: &Entry) -> Option<Self> {
        before.named().next()?; // the first row of a board always leads
        let what = lead(before, after, board, entry).or_else(|| moves(before, after, board, entry))?;
        let text = match cause(board, &entry.event) {
            Some(cause) => format!("{what}: {cause}"),
            None => what,
        };
        Some(Self { at: entry.event.when().unwrap_or(entry.at), seq: entry.seq, text })
    }
}

fn lead(before: &Ranking, after: &Ranking, board: &Board, entry: &Entry) -> Option<String> {
    let (was, is) = (first(before), first(after));
    match (&*was, &*is) {
        _ if was == is => None,
        (_, [RowId::Other]) => Some(format!("nothing named leads any more, {OTHER} does")),
        (_, [id]) => {
            let was = match &*was {
                [one] => format!(" (was {})", label(board, *one)),
                level => format!(" (was level: {})", labels(board, level)),
            };
            Some(format!("{} leads at {}{was}", name(board, *id), after.row(*id)?.bits))
        }
        // Filling cells makes and breaks ties all the time; what comes of it is told when one leads.
        (_, _) if matches!(entry.event, Event::CellSet { .. } | Event::HypothesisAdded { .. }) => None,
        ([_], level) => Some(format!("{} are level at {}", labels(board, level), after.row(*level.first()?)?.bits)),
        _ => None,
    }
}

/// Rows that changed their place among those that were there before and still are, when evidence did it.
fn moves(before: &Ranking, after: &Ranking, board: &Board, entry: &Entry) -> Option<String> {
    let by_evidence = matches!(
        entry.event,
        Event::ObservationSet { .. }
            | Event::CoincidenceSet { .. }
            | Event::OriginSet { .. }
            | Event::HypothesisEdited { .. }
    );
    if !by_evidence {
        return None;
    }
    let stays = |id: RowId| [before, after].iter().all(|r| r.row(id).is_some_and(|row| row.state.is_live()));
    let common: Vec<_> = after.named().map(|(id, _)| RowId::Named(id)).filter(|id| stays(*id)).collect();
    let moved = common.iter().filter_map(|&id| {
        let (was, is) = (place(before, &common, id)?, place(after, &common, id)?);
        (was != is).then(|| (was.abs_diff(is), id, was, is))
    });
    // The one that moved furthest stands for all; of equals the one that rose, because those it passed all fell.
    let (_, id, was, is) = moved.max_by_key(|(distance, _, was, is)| (*distance, is < was))?;
    let bits = after.row(id)?.bits;
    let verb = if is < was { "rises" } else { "falls" };
    Some(format!("{} {verb} from place {was} to {is} at {bits}", name(board, id)))
}

/// The rows that share the first rank.
fn first(ranking: &Ranking) -> Vec<RowId> {
    ranking.rows.iter().take_while(|row| row.rank == 1).map(|row| row.id).collect()
}

/// One more than the number of rows among `common` that are strictly better.
fn place(ranking: &Ranking, common: &[RowId], id: RowId) -> Option<usize> {
    let own = ranking.row(id)?.rank;
    let better = |row: &&Row| row.rank < own && common.contains(&row.id);
    Some(1 + ranking.rows.iter().filter(better).count())
}

fn name(board: &Board, id: RowId) -> String {
    match id {
        RowId::Named(id) => board.hypothesis(id).map_or_else(String::new, |row| format!("{} {}", row.label, row.text)),
        RowId::Other => OTHER.to_owned(),
    }
}

fn label(board: &Board, id: RowId) -> &str {
    match id {
        RowId::Named(id) => board.hypothesis(id).map_or("", |row| &row.label),
        RowId::Other => OTHER,
    }
}

fn labels(board: &Board, ids: &[RowId]) -> String {
    ids.iter().map(|id| label(board, *id)).collect::<Vec<_>>().join(", ")
}

/// What the entry did, in words.
fn cause(board: &Board, event: &Event) -> Option<String> {
    let row = |id: Id| name(board, RowId::Named(id));
    let column =
        |id: Id| board.observation(id).map_or_else(String::new, |column| format!("{} {}", column.label, column.text));
    Some(match event {
        Event::ObservationSet { observation, state, .. } => format!("{} is {}", column(*observation), state.word()),
        Event::OriginSet { observation, origin: Some(origin) } => {
            format!("{} counts as one of {origin}", column(*observation))
        }
        Event::OriginSet { observation, origin: None } => format!("{} counts for itself", column(*observation)),
        Event::CoincidenceSet { observation, coincidence: true } => {
            format!("{} is taken for a coincidence", column(*observation))
        }
        Event::CoincidenceSet { observation, coincidence: false } => {
            format!("{} is no coincidence after all", column(*observation))
        }
        Event::CellSet { hypothesis, observation, cell } => {
            format!(
                "{} {} if {} is the cause",
                column(*observation),
                cell.words(),
                label(board, RowId::Named(*hypothesis))
            )
        }
        Event::HypothesisAdded { .. } => "newly on the board".to_owned(),
        Event::HypothesisEdited { hypothesis, .. } => format!("{} was edited", row(*hypothesis)),
        Event::HypothesisSet { hypothesis, state, reason } if reason.is_empty() => {
            format!("{} is {}", row(*hypothesis), state.word())
        }
        Event::HypothesisSet { hypothesis, state, reason } => {
            format!("{} is {}: {reason}", row(*hypothesis), state.word())
        }
        _ => return None,
    })
}
