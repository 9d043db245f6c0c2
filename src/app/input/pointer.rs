//! The mouse: to the overlay when one is open, else to the view. A click selects and shows; it never does what changes the
//! world or records a fact.

use crate::app::{
    Action, App, Effect, Mouse,
    commands::pointer,
    dialogs,
    mouse::{Gesture, Place},
};

/// Lines that a tick of the wheel goes.
const TICK: isize = 3;

pub(super) fn take(app: &mut App, mouse: &Mouse) -> Vec<Effect> {
    match mouse.gesture {
        Gesture::Press => return press(app, mouse),
        Gesture::Wheel(ticks) => wheel(app, mouse, isize::try_from(ticks).unwrap_or(0).saturating_mul(TICK)),
        Gesture::Drag | Gesture::Release | Gesture::Menu => {}
    }
    Vec::new()
}

fn press(app: &mut App, mouse: &Mouse) -> Vec<Effect> {
    app.screen.keys.prefix = None;
    let under = &mouse.under;
    let opens = matches!(under.place, Place::Pane(_) | Place::View);
    if !opens {
        app.screen.pointer.forget_click();
    } else if app.screen.pointer.clicks_twice(mouse.at, app.session.now) {
        return pointer::open(app, under);
    }
    match under.place {
        Place::Pane(_) | Place::View => pointer::point(app, under),
        Place::Overlay => under.row.into_iter().for_each(|row| dialogs::pointer::point(app, row, under.list.as_ref())),
        Place::Beside => return dialogs::pointer::leave(app),
        Place::Tab(view) => app.show(view),
        Place::Coach => say_what_the_coach_does(app),
        Place::Nothing => {}
    }
    Vec::new()
}

fn wheel(app: &mut App, mouse: &Mouse, by: isize) {
    let Some(list) = mouse.under.list.as_ref().filter(|list| list.moved(by) != list.top) else { return };
    match mouse.under.place {
        Place::Overlay => dialogs::pointer::scroll(app, list, by),
        place => pointer::scroll(app, place, list, by),
    }
}

/// The step is done by its key alone, which was pressed on purpose.
fn say_what_the_coach_does(app: &mut App) {
    if let Some(step) = app.advice().step {
        let key = |action| app.session.keymap.key(action);
        let said = format!("{} {} · {} not now", key(Action::Coach), step.does(app.facts()), key(Action::NotNow));
        app.say(said);
    }
}
