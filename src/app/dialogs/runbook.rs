//! Keys while a runbook is read, or chosen.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{
    Action, App, Effect, Overlay,
    commands::runbooks,
    screen::overlay::{RunbookList, RunbookSheet},
};

/// Blocks of a page.
const PAGE: isize = 8;

pub(in crate::app) fn press_runbook(app: &mut App, mut sheet: Box<RunbookSheet>, key: KeyEvent) -> Vec<Effect> {
    let mut effects = Vec::new();
    let is_copied = app.session.keymap.means(app.screen.view, key, Action::Copy);
    match key.code {
        _ if is_copied => {
            effects.extend(runbooks::copied(&sheet).map(Effect::Copy));
            app.say("copied, if the terminal takes OSC 52");
        }
        KeyCode::Char('q') | KeyCode::Enter => return Vec::new(),
        KeyCode::Down | KeyCode::Char('j') => sheet.step(1),
        KeyCode::Up | KeyCode::Char('k') => sheet.step(-1),
        KeyCode::PageDown => sheet.step(PAGE),
        KeyCode::PageUp => sheet.step(-PAGE),
        KeyCode::Home => sheet.point(0),
        KeyCode::End | KeyCode::Char('G') => sheet.point(usize::MAX),
        KeyCode::Char(']') => sheet.step_heading(true),
        KeyCode::Char('[') => sheet.step_heading(false),
        KeyCode::Char(' ') => effects = runbooks::tick(app, &mut sheet),
        KeyCode::Char('w') => effects = runbooks::find_fault(app, &sheet),
        KeyCode::Char('m') => effects = runbooks::propose_step(app, &sheet),
        KeyCode::Char('t') => effects = runbooks::take_board(app, &sheet),
        KeyCode::Char('/') => {
            runbooks::open_list(app);
            return Vec::new();
        }
        KeyCode::Tab | KeyCode::BackTab if sheet.places.len() > 1 => {
            let count = sheet.places.len();
            let by = if key.code == KeyCode::Tab { 1 } else { count - 1 };
            runbooks::show(app, sheet.places, (sheet.at + by) % count);
            return Vec::new();
        }
        KeyCode::Tab | KeyCode::BackTab => app.hint("no other runbook fits; / lists all of them"),
        // Whoever goes on typing words commands nothing.
        _ => {}
    }
    app.screen.overlay = Some(Overlay::Runbook(sheet));
    effects
}

pub(in crate::app) fn press_runbooks(app: &mut App, mut list: Box<RunbookList>, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => {
            if let Some(row) = list.selected() {
                runbooks::show(app, vec![row.place.clone()], 0);
                return Vec::new();
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
    app.screen.overlay = Some(Overlay::Runbooks(list));
    Vec::new()
}
