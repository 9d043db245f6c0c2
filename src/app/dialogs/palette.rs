//! Keys in the palette: what is typed finds an action, Enter does it, in its own view if it has one.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{
    Action, App, Effect, Overlay,
    commands::{self, board_file, compare, incidents, tabs, variables},
    screen::overlay::Palette,
};

pub(in crate::app) fn press_palette(app: &mut App, mut palette: Palette, key: KeyEvent) -> Vec<Effect> {
    let last = palette.found.len().saturating_sub(1);
    match key.code {
        KeyCode::Enter => {
            match palette.with_argument() {
                Some((Action::Load, path)) => return board_file::load_board(app, &path),
                Some((Action::Save, path)) => return board_file::save_board(app, &path, false),
                Some((Action::New, title)) => return incidents::begin(app, &title),
                Some((Action::Switch, name)) => return incidents::switch_to(app, &name),
                Some((Action::Variable, typed)) => return variables::set_by_name(app, &typed),
                Some((Action::Compare, typed)) => return compare::with(app, &typed),
                Some((Action::Tab, typed)) => return tabs::go_to(app, &typed),
                _ => {}
            }
            let action = palette.found.get(palette.cursor).copied();
            return action.map(|action| commands::perform_anywhere(app, action)).unwrap_or_default();
        }
        KeyCode::Down | KeyCode::Tab => palette.cursor = (palette.cursor + 1).min(last),
        KeyCode::Up | KeyCode::BackTab => palette.cursor = palette.cursor.saturating_sub(1),
        _ => drop(palette.field.press(key)),
    }
    if !matches!(key.code, KeyCode::Down | KeyCode::Up | KeyCode::Tab | KeyCode::BackTab) {
        palette.search(&commands::actions_anywhere(app));
    }
    app.screen.overlay = Some(Overlay::Palette(palette));
    Vec::new()
}

/// Takes a paste as typed.
pub(in crate::app) fn paste(app: &mut App, text: &str) {
    let actions = commands::actions_anywhere(app);
    if let Some(Overlay::Palette(palette)) = &mut app.screen.overlay {
        palette.field.paste(text);
        palette.search(&actions);
    }
}
