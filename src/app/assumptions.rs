//! What is taken for granted, by a row or by all of them: in which order it is poked, and what came of that.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::{
    app::{
        App, Effect, Overlay, board,
        overlay::{Choice, Purpose, choice::Then},
        selections,
        selections::ListId,
        world::rows::Cursor,
    },
    incident::{
        Event, Id, Incident,
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

/// The row the cursor is on; `None`, which stands for all of them, when it is on none.
pub(in crate::app) fn selected_or_all(app: &App) -> Option<Id> {
    board::selected_hypothesis(app)
}

/// Lists the assumptions, the oldest nobody has poked selected; asks for one when there is none.
pub(in crate::app) fn open_assumptions(app: &mut App) {
    if app.incident.board.assumptions.is_empty() {
        return app.ask(Purpose::Assumption(selected_or_all(app)));
    }
    list_assumptions(app);
}

/// The list, its first line selected.
pub(in crate::app) fn list_assumptions(app: &mut App) {
    app.screen.overlay = Some(Overlay::Assumptions { cursor: Cursor::default() });
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

fn assumption_keys(incident: &Incident) -> Vec<String> {
    assumptions(incident).iter().map(|known| known.id.to_string()).collect()
}

pub(in crate::app) fn press_assumptions(app: &mut App, cursor: &Cursor, key: KeyEvent) -> Vec<Effect> {
    let keys = assumption_keys(&app.incident);
    let line = assumption_line(&app.incident, cursor);
    let to = match key.code {
        KeyCode::Char('q') => return Vec::new(),
        KeyCode::Enter => {
            if selections::tell_gone_of(app, &[ListId::Assumptions]) {
                line
            } else if let Some(id) = assumptions(&app.incident).get(line).map(|known| known.id) {
                ask_to_poke(app, id);
                return Vec::new();
            } else {
                return Vec::new();
            }
        }
        KeyCode::Down | KeyCode::Tab => line + 1,
        KeyCode::Up | KeyCode::BackTab => line.saturating_sub(1),
        KeyCode::PageDown => line + 10,
        KeyCode::PageUp => line.saturating_sub(10),
        // Letters command nothing here: whoever types words into it changes nothing.
        _ => line,
    };
    let mut cursor = cursor.clone();
    cursor.put(&keys, to.min(keys.len().saturating_sub(1)));
    app.screen.overlay = Some(Overlay::Assumptions { cursor });
    Vec::new()
}

pub(in crate::app) fn ask_to_poke(app: &mut App, assumption: Id) {
    let known = app.incident.board.assumptions.iter().find(|known| known.id == assumption);
    let Some(text) = known.map(|known| known.text.clone()) else { return };
    let then = |state| Then::Record(vec![Event::AssumptionSet { assumption, state }]);
    let choice = Choice::new(format!("{text}: is it so?"))
        .titled("Poke an assumption")
        .or('h', "holds: looked, and it is so", then(Holds))
        .or('b', "broken: it is not so; what hung on it is marked", then(Broken))
        .or('u', "not poked yet", then(Unpoked));
    app.screen.overlay = Some(Overlay::Choice(choice));
}
