//! Keys in the menu of what can be done with what was clicked on: the key of an action does it there, too.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{App, Effect, Overlay, commands, keymap::Lookup, screen::overlay::Menu};

pub(in crate::app) fn press_menu(app: &mut App, mut menu: Menu, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => return choose(app, &menu, menu.cursor),
        KeyCode::Down | KeyCode::Tab => menu.step(1),
        KeyCode::Up | KeyCode::BackTab => menu.step(-1),
        _ => {
            if let Lookup::Action(action) = app.session.keymap.look_up(app.screen.view, None, key)
                && menu.actions.contains(&action)
            {
                return commands::perform_asked(app, action, Some(key));
            }
            if key.code == KeyCode::Char('q') {
                return Vec::new();
            }
        }
    }
    app.screen.overlay = Some(Overlay::Menu(menu));
    Vec::new()
}

/// Does what stands in a line of it. It has been closed.
pub(in crate::app) fn choose(app: &mut App, menu: &Menu, line: usize) -> Vec<Effect> {
    let action = menu.actions.get(line).copied();
    action.map(|action| commands::perform_asked(app, action, None)).unwrap_or_default()
}
