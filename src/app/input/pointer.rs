//! The mouse: to the overlay when one is open, else to the view. A click selects and shows; it changes and records
//! something only on a line of the menu of the right button.

use crate::app::{
    Action, App, Effect, Mouse, Overlay,
    commands::{self, pointer},
    dialogs,
    mouse::{Gesture, Place},
    screen::{overlay::Menu, pointer::Drag},
};

/// Lines that a tick of the wheel goes.
const TICK: isize = 3;

pub(super) fn take(app: &mut App, mouse: &Mouse) -> Vec<Effect> {
    // While a record was on its way something has come to lie over what was pointed at, or was left.
    let is_over = matches!(mouse.under.place, Place::Overlay | Place::Beside);
    if is_over != app.screen.overlay.is_some() && mouse.gesture != Gesture::Release {
        return Vec::new();
    }
    match mouse.gesture {
        Gesture::Press => return press(app, mouse),
        Gesture::Wheel(ticks) => wheel(app, mouse, isize::try_from(ticks).unwrap_or(0).saturating_mul(TICK)),
        Gesture::Drag => drag(app, mouse.at.0),
        Gesture::Release => return release(app),
        Gesture::Menu => return menu(app, mouse),
    }
    Vec::new()
}

fn press(app: &mut App, mouse: &Mouse) -> Vec<Effect> {
    app.screen.keys.prefix = None;
    let under = &mouse.under;
    app.screen.pointer.drag = None;
    let opens = matches!(under.place, Place::Pane(_) | Place::View);
    if !opens {
        app.screen.pointer.forget_click();
    } else if app.screen.pointer.clicks_twice(mouse.at, app.session.now) {
        return pointer::open(app, under);
    }
    match under.place {
        Place::Pane(_) | Place::View => {
            pointer::point(app, under);
            begin_drag(app, mouse);
        }
        Place::Overlay => {
            let point = |row| dialogs::pointer::point(app, row, under.list.as_ref());
            return under.row.map(point).unwrap_or_default();
        }
        Place::Beside => return dialogs::pointer::leave(app),
        Place::Tab(view) => app.show(view),
        Place::Coach => say_what_the_coach_does(app),
        Place::Nothing => {}
    }
    Vec::new()
}

/// Selects what is there, and offers what can be done with it.
fn menu(app: &mut App, mouse: &Mouse) -> Vec<Effect> {
    let under = &mouse.under;
    app.screen.keys.prefix = None;
    app.screen.pointer.drag = None;
    app.screen.pointer.forget_click();
    match under.place {
        Place::Pane(_) | Place::View => pointer::point(app, under),
        Place::Coach => {}
        Place::Beside => return dialogs::pointer::leave(app),
        Place::Nothing | Place::Overlay | Place::Tab(_) => return Vec::new(),
    }
    let actions = pointer::actions_on(app, under);
    match actions.is_empty() {
        true => app.say("nothing to be done with this"),
        false => app.screen.overlay = Some(Overlay::Menu(Menu::new(actions, mouse.at))),
    }
    Vec::new()
}

fn begin_drag(app: &mut App, mouse: &Mouse) {
    if let (Place::Pane(pane), Some(plot)) = (mouse.under.place, mouse.under.plot) {
        app.screen.pointer.drag = Some(Drag::begin(pane, plot, app.world.window, mouse.at.0));
    }
}

fn drag(app: &mut App, column: u16) {
    let Some(drag) = &mut app.screen.pointer.drag else { return };
    drag.reach(column);
    if let Some(span) = drag.span() {
        // Whoever drags does not click twice.
        app.screen.pointer.forget_click();
        let said = format!("{}: let go to zoom in on it, Esc does not", commands::watch::in_words(app, span));
        app.say(said);
    }
}

fn release(app: &mut App) -> Vec<Effect> {
    let drag = app.screen.pointer.drag.take();
    // Charts that were given another window meanwhile show other times.
    let span = drag.filter(|drag| drag.window == app.world.window).and_then(|drag| drag.span());
    span.map(|span| commands::watch::zoom_in(app, span)).unwrap_or_default()
}

/// Whether a stretch of time was being drawn, which is given up.
pub(super) fn gives_up_drag(app: &mut App) -> bool {
    let dragged = app.screen.pointer.drag.take().is_some_and(|drag| drag.span().is_some());
    if dragged {
        app.say("not zoomed");
    }
    dragged
}

fn wheel(app: &mut App, mouse: &Mouse, by: isize) {
    let Some(list) = mouse.under.list.as_ref().filter(|list| list.moved(by) != list.top) else { return };
    match mouse.under.place {
        Place::Overlay => dialogs::pointer::scroll(app, list, by),
        place => pointer::scroll(app, place, list, by),
    }
}

/// The step is done by its key or from the menu, each pressed on purpose.
fn say_what_the_coach_does(app: &mut App) {
    if let Some(step) = app.advice().step {
        let key = |action| app.session.keymap.key(action);
        let said = format!("{} {} · {} not now", key(Action::Coach), step.does(app.facts()), key(Action::NotNow));
        app.say(said);
    }
}
