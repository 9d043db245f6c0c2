//! Keys while a line is typed. What comes of it when it is accepted is in [`submit`].

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{Action, App, Effect, Overlay, dialogs::submit, screen::overlay::Prompt};

pub(in crate::app) fn press_prompt(app: &mut App, mut prompt: Prompt, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => return submit::submit(app, prompt),
        // The next question is asked already; who presses the coach's key for it does not mean it as an answer. No
        // command's name begins with it, either.
        _ if prompt.purpose.spec().ignores_coach
            && prompt.field.is_blank()
            && app.session.keymap.means(app.screen.view, key, Action::Coach) => {}
        _ => {
            prompt.field.press(key);
            prompt.trouble = None;
        }
    }
    app.screen.overlay = Some(Overlay::Prompt(prompt));
    Vec::new()
}
