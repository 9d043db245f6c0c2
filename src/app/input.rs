//! Keys and pastes: to the overlay when one is open, else through the keymap.

pub mod pace;

use std::{collections::VecDeque, sync::Arc};

use pace::{Pace, Stray};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{
    Action, App, Effect, Overlay,
    field::Field,
    keymap::{Lookup, Stroke},
    overlay::{GuardSheet, Prompt, Purpose, choice::Pressed},
};
use crate::{
    app::{
        act::guard_keys, answer, assumptions, board, boards, drafts, lists, perform, screen::Screen, selections,
        submit, world::storm::keys,
    },
    incident::board::file::BoardFile,
};

/// Keys that wait for the journal; more are dropped, and the notice says so.
const MOST_WAITING: usize = 256;

/// What a person gave: a key, pasted text, or a board file they asked for.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Key(KeyEvent),
    Paste(String),
    Board(String, Arc<BoardFile>),
}

/// What is known of the keys so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// The first of two strokes.
    prefix: Option<Stroke>,
    /// Keys and pastes that wait for a record to come back.
    pub(super) waiting: VecDeque<Input>,
    pace: Pace,
}

/// Takes a key or a paste now, or after the record that is on its way.
pub(in crate::app) fn take_input(app: &mut App, input: Input) -> Vec<Effect> {
    if let Input::Key(key) = &input {
        let ctrl_c = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        if ctrl_c {
            return app.quit();
        }
        app.coach.offer.pressed(app.session.now);
    }
    if app.outbox.keys_wait() {
        if app.screen.keys.waiting.len() < MOST_WAITING {
            app.screen.keys.waiting.push_back(input);
        } else {
            app.complain("the journal is slow: keys were dropped");
        }
        return Vec::new();
    }
    let effects = match input {
        Input::Key(key) => press(app, key),
        Input::Paste(text) => paste(app, &text),
        Input::Board(path, file) => boards::take_board(app, &path, &file),
    };
    selections::hold(app, true);
    effects
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    if app.screen.keys.pace.is_half_of_alt_enter(key, app.session.now) {
        return Vec::new();
    }
    let is_coach = is_coach(app, key);
    if app.screen.keys.pace.is_coach_again(is_coach, app.session.now) {
        return Vec::new();
    }
    match app.screen.overlay.take() {
        Some(overlay) => {
            let stray = Stray::after(&overlay, key);
            let effects = press_over(app, overlay, key);
            app.screen.keys.pace.expect(stray.filter(|_| app.screen.overlay.is_none()), app.session.now);
            effects
        }
        None if is_stray(app, key) => Vec::new(),
        None => press_view(app, key),
    }
}

/// A step was refused: words that were meant as its answer command nothing.
pub(in crate::app) fn refused(app: &mut App) {
    app.screen.keys.pace.expect(Some(Stray::Letters), app.session.now);
}

/// A question that was to follow is not asked: words that were typed ahead for it command nothing.
pub(in crate::app) fn not_asked_on(app: &mut App) {
    app.screen.keys.pace.expect(Some(Stray::Words), app.session.now);
}

/// Whether a key follows an answer, or a step that was refused, too fast to be a command; says so.
fn is_stray(app: &mut App, key: KeyEvent) -> bool {
    if is_coach(app, key) {
        app.screen.keys.pace.forget();
        return false;
    }
    let stray = app.screen.keys.pace.is_stray(key, app.session.now);
    if stray {
        app.coach.offer.refused();
        app.complain("too fast after that to be a command: press it again");
    }
    stray
}

fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    match &mut app.screen.overlay {
        Some(Overlay::Note(field)) => field.paste(text),
        Some(Overlay::Prompt(prompt)) => prompt.field.paste(text),
        Some(Overlay::Guard(GuardSheet { field: Some(field), .. })) => field.paste(text),
        Some(Overlay::Picker(picker)) => {
            picker.field.paste(text);
            picker.search();
        }
        Some(Overlay::Palette(palette)) => {
            palette.field.paste(text);
            lists::search_palette(app);
        }
        // Outside of a field a paste never means keys: it becomes a note that a person can still leave.
        _ => {
            perform::open_note(app);
            if let Some(Overlay::Note(field)) = &mut app.screen.overlay {
                field.paste(text);
            }
        }
    }
    Vec::new()
}

fn press_view(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    match app.session.keymap.look_up(app.screen.view, app.screen.keys.prefix.take(), key) {
        Lookup::Action(action) => {
            let effects = perform::perform(app, action);
            if action == Action::Coach && app.screen.overlay.as_ref().is_some_and(Overlay::is_typing) {
                app.screen.keys.pace.coach_asked(app.session.now);
            }
            if let Some(Overlay::Choice(choice)) = &mut app.screen.overlay {
                choice.asked_by(key, action == Action::Coach);
            }
            effects
        }
        Lookup::Prefix(stroke) => {
            app.screen.keys.prefix = Some(stroke);
            Vec::new()
        }
        Lookup::Unbound => Vec::new(),
    }
}

/// A key while something lies over the view. The overlay has been taken out; what stays open is put back.
fn press_over(app: &mut App, overlay: Overlay, key: KeyEvent) -> Vec<Effect> {
    // A line feed, as scripts and terminals without bracketed paste send it. The field would delete its line.
    let line_feed = key.code == KeyCode::Char('j') && key.modifiers == KeyModifiers::CONTROL;
    let key = if line_feed { KeyEvent::from(KeyCode::Enter) } else { key };
    if key.code == KeyCode::Esc {
        return drafts::leave_overlay(app, overlay);
    }
    match overlay {
        Overlay::Help { scroll } => app.screen.press_scroll(key, scroll, |scroll| Overlay::Help { scroll }),
        Overlay::Detail { subject, .. } if matches!(key.code, KeyCode::Char('e') | KeyCode::Tab) => {
            app.screen.overlay = board::other_detail(app, subject);
            Vec::new()
        }
        Overlay::Detail { subject, scroll } => {
            app.screen.press_scroll(key, scroll, |scroll| Overlay::Detail { subject, scroll })
        }
        Overlay::Assumptions { cursor } => assumptions::press_assumptions(app, &cursor, key),
        Overlay::Note(field) => press_note(app, field, key),
        Overlay::Prompt(prompt) => press_prompt(app, prompt, key),
        Overlay::Picker(_) => lists::press_picker(app, overlay, key),
        Overlay::Palette(_) => lists::press_palette(app, overlay, key),
        Overlay::Fill(fill) => lists::press_fill(app, fill, key),
        Overlay::Storm(storm) => keys::press_storm(app, storm, key),
        Overlay::Guard(sheet) => guard_keys::press_guard(app, sheet, key),
        Overlay::Choice(mut choice) => match choice.press(key, |then| answer::takes_enter(&app.incident, then)) {
            Pressed::Answered(then) => answer::answered(app, then),
            Pressed::Leaves => Vec::new(),
            Pressed::Stays => {
                app.screen.overlay = Some(Overlay::Choice(choice));
                Vec::new()
            }
        },
    }
}

impl Screen {
    pub(in crate::app) fn press_scroll(
        &mut self,
        key: KeyEvent,
        scroll: usize,
        with: impl Fn(usize) -> Overlay,
    ) -> Vec<Effect> {
        let scroll = match key.code {
            KeyCode::Down | KeyCode::Char('j') => scroll + 1,
            KeyCode::Up | KeyCode::Char('k') => scroll.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => scroll + 10,
            KeyCode::PageUp => scroll.saturating_sub(10),
            KeyCode::Home => 0,
            KeyCode::End | KeyCode::Char('G') => 1000,
            KeyCode::Char('q' | '?') | KeyCode::Enter => return Vec::new(),
            // Whoever goes on typing words neither closes it nor, with the rest of them, commands the view below.
            _ => scroll,
        };
        self.overlay = Some(with(scroll.min(1000)));
        Vec::new()
    }
}

fn press_note(app: &mut App, mut field: Field, key: KeyEvent) -> Vec<Effect> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('s' | 'd') if ctrl => return submit::submit_note(app, field),
        KeyCode::Char('e') if ctrl => {
            let text = field.text();
            app.screen.overlay = Some(Overlay::Note(field));
            return vec![Effect::OpenEditor(text)];
        }
        _ => drop(field.press(key)),
    }
    app.screen.overlay = Some(Overlay::Note(field));
    Vec::new()
}

pub(in crate::app) fn edited(app: &mut App, text: Result<String, String>) -> Vec<Effect> {
    match text {
        Ok(text) => app.screen.overlay = Some(Overlay::Note(Field::block(&text))),
        Err(error) => app.complain(format!("no editor: {error}")),
    }
    vec![Effect::Redraw]
}

fn press_prompt(app: &mut App, mut prompt: Prompt, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => return submit::submit(app, prompt),
        // The next question is asked already; who presses the coach's key for it does not mean it as an answer. No
        // command's name begins with it, either.
        _ if matches!(prompt.purpose, Purpose::Review(_) | Purpose::Why { .. } | Purpose::RunCommand { .. })
            && prompt.field.is_blank()
            && is_coach(app, key) => {}
        _ => {
            prompt.field.press(key);
            prompt.trouble = None;
        }
    }
    app.screen.overlay = Some(Overlay::Prompt(prompt));
    Vec::new()
}

fn is_coach(app: &App, key: KeyEvent) -> bool {
    app.session.keymap.look_up(app.screen.view, None, key) == Lookup::Action(Action::Coach)
}
