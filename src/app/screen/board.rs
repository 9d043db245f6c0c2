//! View 2: where the cursor is on the board, and which rows have moved.

use jiff::Timestamp;

use crate::{
    app::{Action, App},
    base::human_time,
    incident::{
        Event, Id, Incident,
        ranking::{self, RowId},
    },
};

/// The state of view 2.
#[derive(Clone, Debug, Default)]
pub struct BoardState {
    /// The row selected; `None` before there is one.
    pub row: Option<RowId>,
    /// The column selected.
    pub column: Option<Id>,
    /// Rows hidden above, as the mouse has left it; see [`Cursor::top`](super::cursor::Cursor::top).
    pub top: usize,
    /// Columns hidden on the left, in the same way.
    pub left: Option<usize>,
    /// Rows that moved: which, from which place, and when. Shown for a few seconds.
    pub moved: Vec<(RowId, usize, Timestamp)>,
    /// What made them move, in words.
    pub moved_by: Option<String>,
    /// What was marked in the picker when it was left.
    pub(in crate::app) marked: Vec<String>,
}

/// Rows in the order they are shown: the order given by hand, then that of the evidence.
pub fn board_order(incident: &Incident) -> Vec<RowId> {
    ranking::by_hand(&incident.ranking, &incident.board)
}

/// The row the cursor is on, the first one when it is on none.
pub fn board_row(app: &App) -> Option<RowId> {
    let order = board_order(&app.incident);
    app.screen.board.row.filter(|row| order.contains(row)).or_else(|| order.first().copied())
}

/// The hypothesis the cursor is on.
pub(in crate::app) fn selected_hypothesis(app: &App) -> Option<Id> {
    match board_row(app)? {
        RowId::Named(id) => Some(id),
        RowId::Other => None,
    }
}

/// The observation the cursor is on, the first one when it is on none.
pub fn selected_observation(app: &App) -> Option<Id> {
    let columns = &app.incident.board.observations;
    let wanted = app.screen.board.column.filter(|id| columns.iter().any(|column| column.id == *id));
    wanted.or_else(|| columns.first().map(|column| column.id))
}

/// Notes which rows have moved.
pub(in crate::app) fn note_moves(app: &mut App, before: &[RowId], why: Option<&Event>) {
    let after = board_order(&app.incident);
    let now = app.session.now;
    app.screen.board.moved.retain(|(_, _, at)| human_time::seconds_between(*at, now) < 8);
    for (place, row) in after.iter().enumerate() {
        if let Some(was) = before.iter().position(|known| known == row).filter(|was| *was != place) {
            app.screen.board.moved.retain(|(id, _, _)| id != row);
            app.screen.board.moved.push((*row, was + 1, now));
            app.screen.board.moved_by = why.and_then(|event| settled_in_words(&app.incident, event));
        }
    }
}

/// What settled a column, in a few words: `s5 is present, 0.97`.
fn settled_in_words(incident: &Incident, event: &Event) -> Option<String> {
    let (id, state, value) = match event {
        Event::CheckTurned { observation, state, shown, .. } => (*observation, state, shown.as_str()),
        Event::ObservationSet { observation, state, .. } => (*observation, state, ""),
        _ => return None,
    };
    let column = incident.board.observation(id)?;
    let value = if value.is_empty() { String::new() } else { format!(", {value}") };
    Some(format!("{} is {}{value}", column.label, state.word()))
}

/// Whether an event is what a person or a check found out about a column.
pub(in crate::app) fn settles(event: &Event) -> bool {
    matches!(event, Event::CheckTurned { .. } | Event::ObservationSet { .. })
}

/// Said where a board has no column yet.
pub(in crate::app) fn no_column(app: &App) -> String {
    let [symptom, sign] = [Action::TakeSymptom, Action::AddSign].map(|of| app.session.keymap.quoted(of));
    format!("no column yet: {symptom} adds a symptom, {sign} a sign to look for")
}
