//! Keys in the picker, the palette and the fill strip.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{
    Action, App, Effect, Overlay,
    action::TABLE,
    overlay::{Fill, picker::by_words},
};
use crate::{
    app::{boards, perform, submit},
    incident::{Cell, Event},
};

pub(in crate::app) fn press_picker(app: &mut App, overlay: Overlay, key: KeyEvent) -> Vec<Effect> {
    let Overlay::Picker(mut picker) = overlay else { return Vec::new() };
    match key.code {
        KeyCode::Enter => return submit::submit_picker(app, picker),
        KeyCode::Tab => picker.mark(),
        KeyCode::Down => picker.step(1),
        KeyCode::Up => picker.step(-1),
        KeyCode::PageDown => picker.step(10),
        KeyCode::PageUp => picker.step(-10),
        _ => {
            if picker.field.press(key) {
                picker.search();
            }
        }
    }
    app.screen.overlay = Some(Overlay::Picker(picker));
    Vec::new()
}

pub(in crate::app) fn press_palette(app: &mut App, overlay: Overlay, key: KeyEvent) -> Vec<Effect> {
    let Overlay::Palette(mut palette) = overlay else { return Vec::new() };
    let last = palette.found.len().saturating_sub(1);
    match key.code {
        KeyCode::Enter => {
            match palette.with_argument() {
                Some((Action::Load, path)) => return boards::load_board(app, &path),
                Some((Action::Save, path)) => return boards::save_board(app, &path, false),
                _ => {}
            }
            let action = palette.found.get(palette.cursor).copied();
            return action.map(|action| perform::perform_anywhere(app, action)).unwrap_or_default();
        }
        KeyCode::Down | KeyCode::Tab => palette.cursor = (palette.cursor + 1).min(last),
        KeyCode::Up | KeyCode::BackTab => palette.cursor = palette.cursor.saturating_sub(1),
        _ => drop(palette.field.press(key)),
    }
    app.screen.overlay = Some(Overlay::Palette(palette));
    if !matches!(key.code, KeyCode::Down | KeyCode::Up | KeyCode::Tab | KeyCode::BackTab) {
        search_palette(app);
    }
    Vec::new()
}

pub(in crate::app) fn search_palette(app: &mut App) {
    let actions = perform::actions_anywhere(app);
    let Some(Overlay::Palette(palette)) = &mut app.screen.overlay else { return };
    let texts: Vec<String> =
        actions.iter().map(|action| format!("{} {}", action.spec().name, action.spec().doc)).collect();
    let found = by_words(&palette.field.text(), texts.iter().map(String::as_str));
    let typed = palette.field.text();
    let named = TABLE.iter().find(|spec| spec.name == typed.trim()).map(|spec| spec.action);
    // A name typed whole means that action and no other, even where it can do nothing and only says so.
    palette.found = match palette.with_argument().map(|(action, _)| action).or(named) {
        Some(action) => vec![action],
        None => found.into_iter().map(|at| actions[at]).collect(),
    };
    palette.cursor = 0;
}

pub(in crate::app) fn press_fill(app: &mut App, mut fill: Fill, key: KeyEvent) -> Vec<Effect> {
    let Some((hypothesis, observation)) = fill.current() else { return Vec::new() };
    if fill.is_deaf_to(key.code) {
        app.screen.overlay = Some(Overlay::Fill(fill));
        return Vec::new();
    }
    let cell = match key.code {
        KeyCode::Char('#') => Some(Cell::Must),
        KeyCode::Char('+') => Some(Cell::Likely),
        KeyCode::Char('.') => Some(Cell::Neutral),
        KeyCode::Char('-') => Some(Cell::Unlikely),
        KeyCode::Char('!' | 'X') => Some(Cell::Cannot),
        _ => None,
    };
    let mut events = Vec::new();
    match (cell, key.code) {
        (Some(cell), _) => {
            events.push(Event::CellSet { hypothesis, observation, cell });
            fill.at += 1;
        }
        (None, KeyCode::Char(',')) => {
            let rest = fill.rest_of_column();
            fill.at += rest.len();
            let neutral = |(hypothesis, observation)| Event::CellSet { hypothesis, observation, cell: Cell::Neutral };
            events.extend(rest.into_iter().map(neutral));
        }
        (None, KeyCode::Char('?' | ' ') | KeyCode::Right | KeyCode::Down | KeyCode::Enter) => fill.at += 1,
        (None, KeyCode::Left | KeyCode::Up | KeyCode::Backspace) => fill.at = fill.at.saturating_sub(1),
        (None, KeyCode::Char('q')) => return Vec::new(),
        _ => {}
    }
    if fill.current().is_some() {
        app.screen.overlay = Some(Overlay::Fill(fill));
    } else {
        app.say("filled; `e` shows the reasons of a row");
    }
    if events.is_empty() { Vec::new() } else { app.record(events) }
}
