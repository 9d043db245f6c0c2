//! Keys and pastes: to the overlay when one is open, else through the keymap.

mod pointer;
mod silent_key;

use std::sync::Arc;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    app::{
        Action, App, Effect,
        commands::{self, board_file},
        dialogs,
        keymap::Lookup,
        screen::{
            overlay::Purpose,
            type_ahead::{Input, pace::Stray},
        },
        selections, typed,
    },
    incident::board::file::BoardFile,
};

/// Keys that wait for the journal; more are dropped, and the notice says so.
const MOST_WAITING: usize = 256;

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
    if waits(app) || !app.screen.keys.waiting.is_empty() {
        if app.screen.keys.waiting.len() < MOST_WAITING {
            app.screen.keys.waiting.push_back(input);
        } else {
            app.complain("the journal is slow: keys were dropped");
        }
        return press_waiting(app);
    }
    take_now(app, input)
}

/// Whether what is typed waits: for the journal, or for an incident that was asked for.
fn waits(app: &App) -> bool {
    let keys = &app.screen.keys;
    app.outbox.keys_wait() || (keys.is_leaving(app.session.now) && app.screen.overlay.is_none())
}

/// Takes what has waited, as far as nothing of it is to be waited for in turn.
pub(in crate::app) fn press_waiting(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    while !waits(app)
        && let Some(input) = app.screen.keys.waiting.pop_front()
    {
        effects.extend(take_now(app, input));
    }
    effects
}

/// Takes it, whatever else waits.
pub(in crate::app) fn take_now(app: &mut App, input: Input) -> Vec<Effect> {
    let effects = match input {
        Input::Key(key) => press(app, key),
        Input::Paste(text) => dialogs::paste(app, &text),
        Input::Line(line) => typed::take_line(app, &line),
        Input::Rest(rest) => typed::take_rest(app, &rest),
        Input::Mouse(mouse) => pointer::take(app, &mouse),
        Input::Board(path, file) => board_file::take_board(app, &path, &file),
    };
    selections::hold(app, true);
    effects
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    if app.screen.keys.pace.is_half_of_alt_enter(key, app.session.now) {
        app.hint("Enter right behind Esc is taken for Alt-Enter and does nothing: press it again");
        return Vec::new();
    }
    if key.code == KeyCode::Esc && pointer::gives_up_drag(app) {
        return Vec::new();
    }
    let is_coach = app.session.keymap.means(app.screen.view, key, Action::Coach);
    if app.screen.keys.pace.is_coach_again(is_coach, app.session.now) {
        return Vec::new();
    }
    match app.screen.overlay.take() {
        Some(overlay) => {
            let stray = Stray::after(&overlay, key);
            let effects = dialogs::press_over(app, overlay, key);
            dialogs::pointer::settle(app);
            app.screen.keys.pace.expect(stray.filter(|_| app.screen.overlay.is_none()), app.session.now);
            effects
        }
        None if is_stray(app, key) => Vec::new(),
        None => press_view(app, key),
    }
}

/// Whether a key follows an answer, or a step that was refused, too fast to be a command; says so.
fn is_stray(app: &mut App, key: KeyEvent) -> bool {
    if app.session.keymap.means(app.screen.view, key, Action::Coach) {
        app.screen.keys.pace.forget();
        return false;
    }
    let stray = app.screen.keys.pace.is_stray(key, app.session.now);
    if stray {
        app.coach.offer.refused();
        // Why the step was refused is worth more.
        if app.screen.notice.is_none() {
            app.complain("too fast after that to be a command: press it again");
        }
    }
    stray
}

fn press_view(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    match app.session.keymap.look_up(app.screen.view, app.screen.keys.prefix.take(), key) {
        Lookup::Action(action) => {
            let is_idle = !commands::can(app, action);
            let effects = commands::perform_asked(app, action, Some(key));
            // Most of those that can do nothing say it themselves, and better.
            if is_idle && effects.is_empty() && app.screen.overlay.is_none() && app.screen.notice.is_none() {
                silent_key::hint_idle(app, action, key);
            }
            effects
        }
        Lookup::Prefix(stroke) => {
            app.screen.keys.prefix = Some(stroke);
            silent_key::hint_prefix(app, key);
            Vec::new()
        }
        Lookup::Unbound => {
            silent_key::hint_unbound(app, key);
            Vec::new()
        }
    }
}

/// Takes in a file that was read. What a record on its way brings must be on the board before: rows are known by their
/// text, and one that is not there yet would come twice.
pub(in crate::app) fn board_read(app: &mut App, path: String, outcome: Result<Arc<BoardFile>, String>) -> Vec<Effect> {
    match outcome {
        Ok(file) => take_input(app, Input::Board(path, file)),
        Err(error) => {
            board_file::ask_again(app, Purpose::LoadBoard, &path, &error);
            Vec::new()
        }
    }
}
