//! Keys while a line is typed. What comes of it when it is accepted is in [`submit`].

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::{
    Action, App, Effect, Overlay, commands,
    dialogs::submit,
    screen::overlay::{Prompt, Purpose},
};

pub(in crate::app) fn press_prompt(app: &mut App, mut prompt: Prompt, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => return submit::submit(app, prompt),
        // The next question is asked already; who presses the coach's key for it does not mean it as an answer. No
        // command's name begins with it, either.
        _ if prompt.purpose.spec().ignores_coach
            && prompt.field.is_blank()
            && app.session.keymap.means(app.screen.view, key, Action::Coach) => {}
        _ => match (prompt.purpose.clone(), steps(key)) {
            // What is found is gone through while it is looked for.
            (Purpose::Filter(_), Some(action)) => drop(commands::perform(app, action)),
            (purpose, _) => {
                prompt.field.press(key);
                prompt.trouble = None;
                if let Purpose::Filter(of) = purpose {
                    app.screen.set_filter(of, prompt.field.text().trim());
                }
            }
        },
    }
    app.screen.overlay = Some(Overlay::Prompt(prompt));
    Vec::new()
}

/// The action of a key that moves the cursor of a list while a line is typed.
fn steps(key: KeyEvent) -> Option<Action> {
    let ctrl = key.modifiers == KeyModifiers::CONTROL;
    match key.code {
        KeyCode::Down => Some(Action::Down),
        KeyCode::Up => Some(Action::Up),
        KeyCode::Char('n') if ctrl => Some(Action::Down),
        KeyCode::Char('p') if ctrl => Some(Action::Up),
        _ => None,
    }
}
