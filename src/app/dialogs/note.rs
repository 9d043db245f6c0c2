//! Keys while a note is written, and what comes of it. Enter takes it, as it takes any line; Alt-Enter and Ctrl-J break the
//! line.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    app::{
        App, Effect, Overlay, clock,
        drafts::record_taken,
        field::{Field, MAX_TEXT, parse},
    },
    base::text,
    incident::Event,
};

pub(in crate::app) fn press_note(app: &mut App, mut field: Field, key: KeyEvent) -> Vec<Effect> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Enter if key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SHIFT) => field.break_line(),
        KeyCode::Char('j') if ctrl => field.break_line(),
        KeyCode::Enter => return submit_note(app, field),
        KeyCode::Char('s' | 'd') if ctrl => return submit_note(app, field),
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

/// Takes a note; `03:05 text` dates it back. What looks like a time and is none is said once; then the note is taken as
/// it stands.
fn submit_note(app: &mut App, mut field: Field) -> Vec<Effect> {
    if field.is_blank() {
        return record_taken(app, "note", Vec::new());
    }
    let text = text::block(&field.text(), MAX_TEXT).into_owned();
    if field.trouble().is_none()
        && let Some(time) = parse::no_time(&text, app.session.now, &app.session.shown_zone())
    {
        field.warn(format!("{time} is no time of day. Mend it, or Enter again keeps it as text, dated now."));
        app.screen.overlay = Some(Overlay::Note(field));
        return Vec::new();
    }
    let (when, text) = clock::split_backdate(&text, app.session.now, &app.session.shown_zone());
    app.say("noted");
    record_taken(app, "note", vec![Event::Noted { text, when }])
}
