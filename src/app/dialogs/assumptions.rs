//! Keys in the list of what is taken for granted. Letters command nothing there.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{
    App, Effect, Overlay,
    assumptions::{assumption_keys, assumption_line, assumptions},
    commands::assumptions::ask_to_poke,
    screen::{cursor::Cursor, selection::ListId},
    selections,
};

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
