//! Keys in the fill strip: one fills a cell and goes on to the next. Letters fill nothing.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::{
    app::{Action, App, Effect, Overlay, Step, View, coach, commands, screen::overlay::Fill},
    incident::{Cell, Event},
};

pub(in crate::app) fn press_fill(app: &mut App, mut fill: Fill, key: KeyEvent) -> Vec<Effect> {
    let Some((hypothesis, observation)) = fill.current() else { return Vec::new() };
    if fill.is_deaf_to(key.code, app.session.now) {
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
        _ if app.session.keymap.means(View::Board, key, Action::Coach) => return leave_for_the_step(app, fill),
        _ => {}
    }
    if fill.current().is_some() {
        app.screen.overlay = Some(Overlay::Fill(fill));
    } else {
        let reasons = app.session.keymap.quoted(Action::Evidence);
        app.say(format!("filled; {reasons} shows the reasons of a row"));
    }
    app.record(events)
}

/// Does what the coach says, if that is something else than to fill; the rest stays unassessed.
fn leave_for_the_step(app: &mut App, fill: Fill) -> Vec<Effect> {
    let advice = coach::advise(app.case());
    let leaves = advice.step.as_ref().is_some_and(|step| *step != Step::Fill);
    if !leaves || app.coach.offer.has_just_changed(&advice, app.session.now) {
        app.screen.overlay = Some(Overlay::Fill(fill));
    }
    if leaves { commands::coach::take_advice(app) } else { Vec::new() }
}
