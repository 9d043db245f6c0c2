//! The commands of view 2: the cursor on the board, its cells, the order of its rows, origins and coincidences.
//!
//! What a person decides on a row is in [`judge`](super::judge), what a query finds out in [`super::checks`].

use crate::{
    app::{
        Action, App, Effect, Overlay,
        commands::checks,
        screen::{
            board::{board_order, board_row, no_column, selected_hypothesis, selected_observation},
            overlay::{Choice, Fill, Purpose, Subject, choice::Then},
        },
    },
    incident::{Cell, Event, Id, Incident, ObservationState, ranking::RowId},
};

pub(super) fn row_move(app: &mut App, by: isize) {
    let order = board_order(&app.incident);
    let Some(at) = board_row(app).and_then(|row| order.iter().position(|known| *known == row)) else { return };
    let to = at.saturating_add_signed(by).min(order.len() - 1);
    app.screen.board.row = Some(order[to]);
}

pub(super) fn column_move(app: &mut App, by: isize) {
    let columns = &app.incident.board.observations;
    let selected = selected_observation(app);
    let Some(at) = columns.iter().position(|column| Some(column.id) == selected) else { return };
    app.screen.board.column = Some(columns[at.saturating_add_signed(by).min(columns.len() - 1)].id);
}

/// How far Tab goes: on a wide board a handful of columns at once.
pub(super) fn column_page(incident: &Incident) -> isize {
    if incident.board.observations.len() > 20 { 5 } else { 1 }
}

pub(super) fn set_cell(app: &mut App, cell: Cell) -> Vec<Effect> {
    let (Some(hypothesis), Some(observation)) = (selected_hypothesis(app), selected_observation(app)) else {
        let named = !app.incident.board.hypotheses.is_empty() && selected_hypothesis(app).is_none();
        let [symptom, hypotheses] =
            [Action::TakeSymptom, Action::AddHypotheses].map(|of| app.session.keymap.quoted(of));
        app.complain(match named {
            true => format!("this row has no cells: it stands for what nobody has named; {hypotheses} names it"),
            false => format!("no cell here yet: {symptom} adds a symptom, {hypotheses} adds hypotheses"),
        });
        return Vec::new();
    };
    if app.incident.board.cell(hypothesis, observation) == cell {
        return Vec::new();
    }
    app.record(vec![Event::CellSet { hypothesis, observation, cell }])
}

pub(super) fn next_cell(app: &mut App) -> Vec<Effect> {
    let (Some(row), Some(column)) = (selected_hypothesis(app), selected_observation(app)) else {
        return Vec::new();
    };
    set_cell(
        app,
        match app.incident.board.cell(row, column) {
            Cell::Unassessed => Cell::Must,
            Cell::Must => Cell::Likely,
            Cell::Likely => Cell::Neutral,
            Cell::Neutral => Cell::Unlikely,
            Cell::Unlikely => Cell::Cannot,
            Cell::Cannot => Cell::Unassessed,
        },
    )
}

pub(super) fn rest_says_nothing(app: &mut App) -> Vec<Effect> {
    let Some(observation) = selected_observation(app) else { return Vec::new() };
    let board = &app.incident.board;
    let open = board.live().filter(|row| board.cell(row.id, observation) == Cell::Unassessed);
    let events: Vec<_> =
        open.map(|row| Event::CellSet { hypothesis: row.id, observation, cell: Cell::Neutral }).collect();
    app.record(events)
}

/// Enter on a column with a query runs it; without one it settles what is untested or unclear; else it opens the fill
/// strip, or the reasons when all cells are filled.
pub(super) fn open_on_board(app: &mut App) -> Vec<Effect> {
    let selected = selected_observation(app);
    if let Some(effects) = selected.and_then(|id| checks::run_check(app, id)) {
        return effects;
    }
    let column = selected.and_then(|id| app.incident.board.observation(id));
    if column.is_some_and(|column| !column.state.is_settled()) {
        ask_to_settle(app);
    } else {
        open_fill_strip(app);
    }
    Vec::new()
}

pub(super) fn open_fill_strip(app: &mut App) {
    match Fill::of(&app.incident.board, &[]) {
        Some(fill) => app.screen.overlay = Some(Overlay::Fill(fill)),
        None => show_reasons(app),
    }
}

pub(super) fn show_reasons(app: &mut App) {
    let subject = match (board_row(app), selected_observation(app)) {
        (Some(RowId::Named(id)), _) => Subject::Row(Some(id)),
        (Some(RowId::Other), _) => Subject::Row(None),
        (None, Some(column)) => Subject::Column(column),
        (None, None) => return,
    };
    app.screen.overlay = Some(Overlay::Detail { subject, scroll: 0 });
}

pub(in crate::app) fn ask_to_settle(app: &mut App) {
    let Some(column) = selected_observation(app).and_then(|id| app.incident.board.observation(id)) else {
        return app.complain(no_column(app));
    };
    let then = |state| Then::Ask(Purpose::SettleNote(column.id, state));
    let choice = Choice::new(format!("{} {}: what is seen?", column.label, column.text))
        .titled(format!("Settle {}, now {}", column.label, column.state.word()))
        .or('p', "present: it is there", then(ObservationState::Present))
        .or('a', "absent: looked, and it is not there", then(ObservationState::Absent))
        .or('u', "unclear: looked, and could not tell", then(ObservationState::Unclear))
        .or('t', "untested: nobody has looked", then(ObservationState::Untested));
    app.screen.overlay = Some(Overlay::Choice(choice));
}

pub(super) fn rank_by_hand(app: &mut App, by: isize) -> Vec<Effect> {
    let Some(selected) = selected_hypothesis(app) else { return Vec::new() };
    let named = |row: RowId| match row {
        RowId::Named(id) => Some(id),
        RowId::Other => None,
    };
    let mut order: Vec<Id> = board_order(&app.incident).into_iter().filter_map(named).collect();
    let Some(at) = order.iter().position(|id| *id == selected) else { return Vec::new() };
    let to = at.saturating_add_signed(by).min(order.len() - 1);
    if to == at {
        return Vec::new();
    }
    order.swap(at, to);
    app.screen.board.row = Some(RowId::Named(selected));
    app.record(vec![Event::RankedByHand { order }])
}

pub(super) fn ask_evidence_order(app: &mut App) {
    if app.incident.board.hand_order.is_empty() {
        return app.say("the rows are in the order of the evidence");
    }
    let choice = Choice::new("Back to the order of the evidence?")
        .titled("Order of the rows")
        .or('y', "yes, drop the order by hand", Then::Record(vec![Event::RankedByHand { order: Vec::new() }]))
        .or('n', "no, keep it", Then::Nothing);
    app.screen.overlay = Some(Overlay::Choice(choice));
}

pub(super) fn reword(app: &mut App) {
    if let Some(row) = selected_hypothesis(app).and_then(|id| app.incident.board.hypothesis(id)) {
        let (id, text) = (row.id, row.text.clone());
        app.ask_with(Purpose::Reword(id), &text);
    }
}

/// Offers the other columns to share an origin with.
pub(super) fn ask_origin(app: &mut App) {
    let Some(column) = selected_observation(app).and_then(|id| app.incident.board.observation(id)) else {
        return;
    };
    let observation = column.id;
    let mut choice = Choice::new(format!("{} {} comes from the same place as …", column.label, column.text))
        .titled(format!("Origin of {}", column.label));
    let others = app.incident.board.observations.iter().filter(|other| other.id != observation);
    for (key, other) in ('1'..='9').zip(others) {
        let origin = other.origin.clone().unwrap_or_else(|| other.text.clone());
        let mut events = Vec::new();
        if other.origin.is_none() {
            events.push(Event::OriginSet { observation: other.id, origin: Some(origin.clone()) });
        }
        events.push(Event::OriginSet { observation, origin: Some(origin) });
        choice = choice.or(key, format!("{} {}", other.label, other.text), Then::Record(events));
    }
    let own = Then::Record(vec![Event::OriginSet { observation, origin: None }]);
    app.screen.overlay = Some(Overlay::Choice(choice.or('0', "nothing else: it counts by itself", own)));
}

pub(super) fn toggle_coincidence(app: &mut App) -> Vec<Effect> {
    let Some(column) = selected_observation(app).and_then(|id| app.incident.board.observation(id)) else {
        return Vec::new();
    };
    let (observation, coincidence) = (column.id, !column.coincidence);
    app.record(vec![Event::CoincidenceSet { observation, coincidence }])
}
