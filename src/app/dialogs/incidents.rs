//! Keys in the list of incidents: what is typed narrows it, Enter goes to the selected one.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{App, Effect, Overlay, commands::incidents, screen::overlay::IncidentList};

pub(in crate::app) fn press_incidents(app: &mut App, mut list: IncidentList, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => {
            if let Some(id) = list.selected().map(|row| row.id.clone()) {
                return incidents::switch_to(app, &id);
            }
        }
        KeyCode::Down | KeyCode::Tab => list.step(1),
        KeyCode::Up | KeyCode::BackTab => list.step(-1),
        KeyCode::PageDown => list.step(10),
        KeyCode::PageUp => list.step(-10),
        _ => {
            if list.field.press(key) {
                list.search();
            }
        }
    }
    app.screen.overlay = Some(Overlay::Incidents(list));
    Vec::new()
}
