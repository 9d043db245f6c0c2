//! Keys in the list of dashboards: what is typed narrows it, Enter opens the selected one.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{App, Effect, Overlay, commands::dashboards, screen::overlay::DashboardList};

pub(in crate::app) fn press_dashboards(app: &mut App, mut list: DashboardList, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => {
            if let Some(row) = list.selected().cloned() {
                return dashboards::show(app, row);
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
    app.screen.overlay = Some(Overlay::Dashboards(list));
    Vec::new()
}
