//! What is said of a key that does nothing here: what it does elsewhere, or that nothing is bound to it.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::{Action, App, keymap::Lookup, view::View};

/// A key that means nothing in this view. Only what prints is spoken of: the rest is the terminal's as often as ours.
pub(super) fn hint_unbound(app: &mut App, key: KeyEvent) {
    let Some(name) = printed(key) else { return };
    let elsewhere = meanings_elsewhere(app, key);
    let text = match elsewhere.as_slice() {
        // A filter leaves nothing but matches: what goes on in other programs is a step here, and `n` a note.
        [] if name == "N" && !app.screen.filter_of(app.screen.view).is_empty() => {
            let key = |action| app.session.keymap.key(action);
            let (down, up, note) = (key(Action::Down), key(Action::Up), key(Action::Note));
            format!("only what matches is shown: {down} {up} go from one to the next · {note} writes a note")
        }
        [] => format!("nothing is bound to {name} here · {} help", app.session.keymap.key(Action::Help)),
        [(view, action)] => format!("{name} is for {}: {}", named(app, *view), action.spec().doc),
        views => {
            let views: Vec<String> = views.iter().map(|(view, _)| named(app, *view)).collect();
            format!("{name} is for {}", views.join(" and "))
        }
    };
    app.hint(text);
}

/// A key whose action can do nothing here and now.
pub(super) fn hint_idle(app: &mut App, action: Action, key: KeyEvent) {
    let name = printed(key).unwrap_or_else(|| app.session.keymap.key(action));
    app.hint(format!("{name} does nothing here ({})", action.spec().doc));
}

/// The first of two strokes.
pub(super) fn hint_prefix(app: &mut App, key: KeyEvent) {
    let Some(name) = printed(key) else { return };
    let pairs = app.session.keymap.begun_by(app.screen.view, key);
    let pairs: Vec<String> = pairs.iter().map(|(keys, action)| format!("{keys} {}", action.spec().doc)).collect();
    app.hint(format!("{name} waits for a second key: {}", pairs.join(" · ")));
}

/// The key as it is written, if it is one that prints.
fn printed(key: KeyEvent) -> Option<String> {
    match key.code {
        _ if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => None,
        KeyCode::Char(' ') => Some("Space".into()),
        KeyCode::Char(c) => Some(c.to_string()),
        KeyCode::Backspace => Some("Backspace".into()),
        _ => None,
    }
}

fn meanings_elsewhere(app: &App, key: KeyEvent) -> Vec<(View, Action)> {
    let meaning = |view: View| match app.session.keymap.look_up(view, None, key) {
        Lookup::Action(action) => Some((view, action)),
        Lookup::Prefix(_) | Lookup::Unbound => None,
    };
    View::ALL.into_iter().filter_map(meaning).collect()
}

/// A view by its key and name: `1 Watch`.
fn named(app: &App, view: View) -> String {
    format!("{} {}", app.session.keymap.key(view.action()), view.name())
}
