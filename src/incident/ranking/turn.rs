//! Changes of the order that are worth a line in the timeline, with what made them.
//!
//! Calm on purpose: numbers that move without moving the order say nothing, and while someone fills cells only a new
//! leader does.

use jiff::Timestamp;

use super::{
    OTHER, RowId,
    scores::{Place, Standing},
};
use crate::incident::{Board, Entry, Event, Id};

/// A change of the order worth a line in the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The time at which the entry that made it was written.
    pub at: Timestamp,
    /// The entry that made it.
    pub seq: u64,
    /// The change in words, without what made it: `B bad deploy v2.3.1 leads at +4.1 (was A)`.
    pub what: String,
    /// The change in words, with what made it: `B bad deploy v2.3.1 leads at +4.1 (was A): s3 pool is absent`.
    pub text: String,
}

/// How long the lead has stood as it does, and what was done about it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lead {
    /// The time from which the same rows lead; `None` on a board that nothing was put on.
    pub since: Option<Timestamp>,
    /// The time of the last change of a row, a column or a cell; `None` before the first.
    pub touched: Option<Timestamp>,
    /// Whether a column was settled while they led.
    pub checked: bool,
}

impl Lead {
    /// Takes in what an entry did.
    pub(in crate::incident) fn follow(&mut self, before: &Standing, after: &Standing, entry: &Entry) {
        use Event::{CheckTurned, MitigationAdded, MitigationPlanned, MitigationSet, ObservationSet};
        if matches!(entry.event, MitigationAdded { .. } | MitigationPlanned { .. } | MitigationSet { .. }) {
            return; // what is done about it tells nothing of the cause, until it has failed
        }
        self.touched = Some(entry.at);
        if first(before) != first(after) || self.since.is_none() {
            (self.since, self.checked) = (Some(entry.at), false);
        } else {
            self.checked |= matches!(
                entry.event,
                ObservationSet { state, .. } | CheckTurned { state, .. } if state.is_settled()
            );
        }
    }
}

impl Turn {
    /// What changed between two standings, if it is worth a line.
    pub(in crate::incident) fn between(
        before: &Standing,
        after: &Standing,
        board: &Board,
        entry: &Entry,
    ) -> Option<Self> {
        if before == after || before.places().len() < 2 {
            return None; // the first row of a board always leads
        }
        let what = lead(before, after, board, entry).or_else(|| moves(before, after, board, entry))?;
        let text = match cause(board, &entry.event) {
            Some(cause) => format!("{what}: {cause}"),
            None => what.clone(),
        };
        Some(Self { at: entry.at, seq: entry.seq, what, text })
    }
}

fn lead(before: &Standing, after: &Standing, board: &Board, entry: &Entry) -> Option<String> {
    let (was, is) = (first(before), first(after));
    let bits = |id: RowId| after.place(id).map(|place| place.bits);
    match (&*was, &*is) {
        _ if was == is => None,
        (_, [RowId::Other]) => Some(format!("nothing named leads any more, {OTHER} does")),
        (_, [id]) => {
            let was = match &*was {
                [one] => format!(" (was {})", label(board, *one)),
                level => format!(" (was level: {})", labels(board, level)),
            };
            Some(format!("{} leads at {}{was}", name(board, *id), bits(*id)?))
        }
        // Filling cells makes and breaks ties all the time; what comes of it is told when one leads.
        (_, _) if matches!(entry.event, Event::CellSet { .. } | Event::HypothesisAdded { .. }) => None,
        ([_], level) => Some(format!("{} are level at {}", labels(board, level), bits(*level.first()?)?)),
        _ => None,
    }
}

/// Rows that changed their place among those that were there before and still are, when evidence did it.
fn moves(before: &Standing, after: &Standing, board: &Board, entry: &Entry) -> Option<String> {
    let by_evidence = matches!(
        entry.event,
        Event::ObservationSet { .. }
            | Event::CheckTurned { .. }
            | Event::CoincidenceSet { .. }
            | Event::OriginSet { .. }
            | Event::HypothesisEdited { .. }
    );
    if !by_evidence {
        return None;
    }
    let stays = |is: &Place| {
        let was = before.place(is.id)?;
        let stays = is.id != RowId::Other && was.state.is_live() && is.state.is_live();
        stays.then(|| (*is, was.key(), is.key()))
    };
    let mut common: Vec<_> = after.places().iter().filter_map(stays).collect();
    common.sort_by_key(|(_, _, key)| *key);
    // One more than the number of rows that are strictly better.
    let was = |own| 1 + common.iter().filter(|(_, key, _)| *key < own).count();
    let is = |own| 1 + common.iter().filter(|(_, _, key)| *key < own).count();
    let places = common.iter().map(|&(place, was_key, is_key)| (place, was(was_key), is(is_key)));
    let moved = places.filter(|(_, was, is)| was != is);
    // The one that moved furthest stands for all; of equals the one that rose, because those it passed all fell.
    let (place, was, is) = moved.max_by_key(|(_, was, is)| (was.abs_diff(*is), is < was))?;
    let verb = if is < was { "rises" } else { "falls" };
    Some(format!("{} {verb} from place {was} to {is} at {}", name(board, place.id), place.bits))
}

/// The rows that share the first rank, in order of the board.
fn first(standing: &Standing) -> Vec<RowId> {
    let best = standing.places().iter().map(Place::key).min();
    standing.places().iter().filter(|place| Some(place.key()) == best).map(|place| place.id).collect()
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
        Event::CheckTurned { observation, state, shown, .. } => {
            format!("{} is {} ({shown})", column(*observation), state.word())
        }
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
                "{}: {} if {} is the cause",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{
        Cell, HypothesisState, ObservationState,
        ranking::{
            Scores,
            sketch::{column_id, row_id, sketch},
        },
    };

    /// What the timeline says when `event` turns the first board into the second.
    #[track_caller]
    fn check(before: &str, after: &str, event: Event, expected: Option<&str>) {
        let (before, after) = (sketch(before), sketch(after));
        let entry = Entry { seq: 7, id: Id::small(9), at: Timestamp::UNIX_EPOCH, by: "alice".into(), event };
        let standing = |board: &Board| Scores::of(board).standing();
        let turn = Turn::between(&standing(&before), &standing(&after), &after, &entry);
        assert_eq!(turn.as_ref().map(|turn| &*turn.text), expected);
        assert!(turn.is_none_or(|turn| turn.seq == 7));
    }

    fn settled(state: ObservationState) -> Event {
        Event::ObservationSet { observation: column_id(1), state, note: String::new(), when: None }
    }

    fn cell(row: usize) -> Event {
        Event::CellSet { hypothesis: row_id(row), observation: column_id(1), cell: Cell::Must }
    }

    #[test]
    fn a_new_leader() {
        let (before, after) = ("present untested\n A # .\n B + #", "present present\n A # .\n B + #");
        let text = "B cause B leads at +3.3 (was A): s2 sign 2 is present";
        check(before, after, settled(ObservationState::Present), Some(text));
        let before = "present present\n A # .\n B + ?";
        let text = "B cause B leads at +3.3 (was A): s2 sign 2: must be there if B is the cause";
        check(before, after, cell(1), Some(text));
        let (before, after) = ("present present\n A # .\n B # .", "present present\n A # .\n B # #");
        let text = "B cause B leads at +4.2 (was level: A, B): s2 sign 2: must be there if B is the cause";
        check(before, after, cell(1), Some(text));
    }

    #[test]
    fn nothing_named_leads() {
        let (before, after) = ("absent untested\n A . #", "absent absent\n A . #");
        let text = "nothing named leads any more, something not on this board does: s2 sign 2 is absent";
        check(before, after, settled(ObservationState::Absent), Some(text));
        let event = Event::HypothesisSet {
            hypothesis: row_id(0),
            state: HypothesisState::Refuted,
            reason: "lookups answer in 2 ms".into(),
        };
        let text = "B cause B leads at +1.2 (was A): A cause A is refuted: lookups answer in 2 ms";
        check("present\n A #\n B +", "present\n A # refuted\n B +", event, Some(text));
    }

    #[test]
    fn a_row_that_moved() {
        let (before, after) = ("present untested\n A # #\n B + .\n C . #", "present present\n A # #\n B + .\n C . #");
        let text = "C cause C rises from place 3 to 2 at +2.1: s2 sign 2 is present";
        check(before, after, settled(ObservationState::Present), Some(text));
        // While cells are being filled only a new leader is told.
        check("present present\n A # #\n B + .\n C . .", "present present\n A # #\n B + .\n C . #", cell(2), None);
    }

    #[test]
    fn level_at_the_top() {
        let (before, after) = ("present untested\n A # .\n B . #", "present present\n A # .\n B . #");
        let text = "A, B are level at +2.1: s2 sign 2 is present";
        check(before, after, settled(ObservationState::Present), Some(text));
        check("present present\n A # .\n B . ?", after, cell(1), None);
    }

    #[test]
    fn calm() {
        // Only bits moved; the first row of a board; a row that pushes others down by being new.
        let (before, after) = ("present untested\n A # #\n B + .", "present present\n A # #\n B + .");
        check(before, after, settled(ObservationState::Present), None);
        let added = || Event::HypothesisAdded {
            text: String::new(),
            prior: Default::default(),
            changed: false,
            from: String::new(),
        };
        check("present", "present\n A ?", added(), None);
        check("present\n A #\n B -", "present\n A #\n B -\n C ?", added(), None);
        let text = "C cause C leads at +1.6 (was A): newly on the board";
        check("present\n A +\n B -", "present\n A +\n B -\n C ? common", added(), Some(text));
    }
}
