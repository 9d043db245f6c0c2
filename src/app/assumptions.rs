//! What is taken for granted, by a row or by all of them: in which order it is poked.

use crate::{
    app::{App, Overlay, screen::cursor::Cursor},
    incident::{
        Incident,
        board::{
            Assumption,
            AssumptionState::{Broken, Holds, Unpoked},
        },
    },
};

/// Assumptions in the order they are poked: those nobody has poked, oldest first, then those that are broken, then those
/// that hold.
pub fn assumptions(incident: &Incident) -> Vec<&Assumption> {
    let mut known: Vec<&Assumption> = incident.board.assumptions.iter().collect();
    known.sort_by_key(|assumption| match assumption.state {
        Unpoked => 0,
        Broken => 1,
        Holds => 2,
    });
    known
}

/// The line of the list that is selected. The list is in order of what is known, which others change, too.
pub fn assumption_line(incident: &Incident, cursor: &Cursor) -> usize {
    cursor.find(&assumption_keys(incident)).unwrap_or(0)
}

/// Keeps the cursor of the list on the line it is shown on.
pub(in crate::app) fn stay_in_assumptions(app: &mut App) {
    let keys = assumption_keys(&app.incident);
    if let Some(Overlay::Assumptions { cursor }) = &mut app.screen.overlay {
        cursor.step(&keys, 0);
    }
}

pub(in crate::app) fn assumption_keys(incident: &Incident) -> Vec<String> {
    assumptions(incident).iter().map(|known| known.id.to_string()).collect()
}
