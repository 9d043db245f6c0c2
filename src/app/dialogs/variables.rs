//! Keys while a variable of a dashboard is set: what is typed narrows the list, Space marks several values, Enter takes.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::{
    App, Effect, Overlay,
    commands::variables,
    screen::overlay::{VariablePicker, variables::Taken},
};

pub(in crate::app) fn press_variables(app: &mut App, mut picker: VariablePicker, key: KeyEvent) -> Vec<Effect> {
    let is_plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    match key.code {
        KeyCode::Enter => return take(app, picker),
        KeyCode::Char(' ') if is_plain && picker.marks() => picker.mark(),
        KeyCode::Tab if picker.marks() => picker.mark(),
        KeyCode::Backspace | KeyCode::Left if picker.field.is_blank() && picker.of().is_some() && picker.has_list() => {
            picker.list();
        }
        KeyCode::Down | KeyCode::Tab => picker.step(1),
        KeyCode::Up | KeyCode::BackTab => picker.step(-1),
        KeyCode::PageDown => picker.step(10),
        KeyCode::PageUp => picker.step(-10),
        _ => {
            if picker.field.press(key) {
                picker.trouble = None;
                picker.search();
            }
        }
    }
    app.screen.overlay = Some(Overlay::Variables(picker));
    Vec::new()
}

/// Takes what is selected or marked; `pod=web-1` is taken as it stands, whatever is listed.
fn take(app: &mut App, mut picker: VariablePicker) -> Vec<Effect> {
    let typed = picker.field.text();
    let taken = match picker.taken() {
        Taken::Opens(name) => {
            picker.open(&name);
            app.screen.overlay = Some(Overlay::Variables(picker));
            return Vec::new();
        }
        Taken::Sets(name, values) => variables::choose(app, picker.place, &name, values),
        Taken::Nothing if typed.contains('=') => variables::set(app, &typed),
        Taken::Nothing => Err(variables::nothing_fits(&picker)),
    };
    taken.unwrap_or_else(|why| {
        picker.trouble = Some(why);
        app.screen.overlay = Some(Overlay::Variables(picker));
        Vec::new()
    })
}
