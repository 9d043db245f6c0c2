//! The mouse: to the overlay when one is open, else to the view.

use crate::app::{
    App, Effect, Mouse,
    commands::pointer,
    dialogs,
    mouse::{Gesture, Place},
};

/// Lines that a tick of the wheel goes.
const TICK: isize = 3;

pub(super) fn take(app: &mut App, mouse: &Mouse) -> Vec<Effect> {
    match mouse.gesture {
        Gesture::Wheel(ticks) => wheel(app, mouse, isize::try_from(ticks).unwrap_or(0).saturating_mul(TICK)),
        Gesture::Press | Gesture::Drag | Gesture::Release | Gesture::Menu => {}
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
