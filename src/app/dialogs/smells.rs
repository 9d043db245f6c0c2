//! Keys in the list of what smells.

use std::sync::Arc;

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{
    App, Effect, Overlay,
    commands::smells::{jump, take_smell},
    screen::cursor::Cursor,
    smelling::Found,
};

/// The line that is selected: the list is in order of how fishy, which changes under the cursor.
pub fn smell_line(app: &App, cursor: &Cursor) -> usize {
    cursor.find(&smell_keys(app)).unwrap_or(0)
}

pub(in crate::app) fn smell_keys(app: &App) -> Vec<String> {
    app.world.smells.shown().map(|found| found.key()).collect()
}

pub(in crate::app) fn press_smells(app: &mut App, cursor: &Cursor, key: KeyEvent) -> Vec<Effect> {
    let keys = smell_keys(app);
    let line = smell_line(app, cursor);
    let is_gone = cursor.key.as_ref().is_some_and(|key| !keys.contains(key));
    let found: Option<Arc<Found>> = app.world.smells.shown().nth(line).cloned();
    let mut effects = Vec::new();
    let to = match (key.code, found) {
        (KeyCode::Char('q'), _) => return effects,
        // The key was for what is gone, not for what stands there now.
        (KeyCode::Enter | KeyCode::Char('s'), _) if is_gone => {
            app.say("what was selected smells no more");
            line
        }
        (KeyCode::Enter, Some(found)) => {
            jump(app, &found);
            return effects;
        }
        (KeyCode::Char('s'), Some(found)) => {
            effects = take_smell(app, &found);
            line
        }
        (KeyCode::Down | KeyCode::Tab | KeyCode::Char('j'), _) => line + 1,
        (KeyCode::Up | KeyCode::BackTab | KeyCode::Char('k'), _) => line.saturating_sub(1),
        (KeyCode::PageDown, _) => line + 10,
        (KeyCode::PageUp, _) => line.saturating_sub(10),
        (KeyCode::Home, _) => 0,
        (KeyCode::End, _) => keys.len(),
        _ => line,
    };
    let mut cursor = cursor.clone();
    cursor.put(&keys, to.min(keys.len().saturating_sub(1)));
    app.screen.overlay = Some(Overlay::Smells { cursor });
    effects
}
