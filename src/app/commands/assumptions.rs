//! Commands on what is taken for granted: writes it down, lists it, asks whether it is so.
//!
//! In which order it is poked is said by [`assumptions`](crate::app::assumptions).

use crate::{
    app::{
        App, Overlay,
        screen::{
            Screen,
            board::selected_hypothesis,
            cursor::Cursor,
            overlay::{Choice, Purpose, choice::Then},
        },
    },
    incident::{
        Event, Id,
        board::AssumptionState::{Broken, Holds, Unpoked},
    },
};

/// Asks for something that the selected row takes for granted, or, with none, everything here.
pub(super) fn ask_assumption(app: &mut App) {
    app.ask(Purpose::Assumption(selected_hypothesis(app)));
}

/// Lists the assumptions, the oldest nobody has poked selected; asks for one when there is none.
pub(in crate::app) fn open_assumptions(app: &mut App) {
    if app.incident.board.assumptions.is_empty() {
        return ask_assumption(app);
    }
    list_assumptions(&mut app.screen);
}

/// The list, its first line selected.
pub(in crate::app) fn list_assumptions(screen: &mut Screen) {
    screen.overlay = Some(Overlay::Assumptions { cursor: Cursor::default() });
}

pub(in crate::app) fn ask_to_poke(app: &mut App, assumption: Id) {
    let known = app.incident.board.assumptions.iter().find(|known| known.id == assumption);
    let Some(text) = known.map(|known| known.text.clone()) else { return };
    let then = |state| Then::Record(vec![Event::AssumptionSet { assumption, state }]);
    let choice = Choice::new(format!("{text}: is it so?"))
        .titled("Poke an assumption")
        .or('h', "holds: looked, and it is so", then(Holds))
        .or('b', "broken: it is not so; what hung on it is marked", then(Broken))
        .or('u', "not checked yet", then(Unpoked));
    app.screen.overlay = Some(Overlay::Choice(choice));
}
