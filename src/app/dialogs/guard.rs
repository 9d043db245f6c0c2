//! The keys of the rollback guard. What was answered is recorded at once, so that leaving it loses nothing.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    app::{
        App, Effect, Intent, Overlay,
        act::{field_for, hint::guard_hint, intent::guard_of},
        commands::{guard, intent},
        keymap::TOGETHER,
        screen::overlay::GuardSheet,
    },
    incident::{GuardAnswer, GuardQuestion, MitigationState, mitigation::VERIFY_WITHIN},
};

/// A key while the guard is open; it was taken out and is put back while it stays.
pub(in crate::app) fn press_guard(app: &mut App, mut sheet: GuardSheet, key: KeyEvent) -> Vec<Effect> {
    let Some(question) = sheet.question() else { return Vec::new() };
    if let Some(mut field) = sheet.field.take() {
        if key.code == KeyCode::Enter {
            if field.is_blank() {
                app.screen.overlay = Some(Overlay::Guard(sheet));
                return Vec::new();
            }
            return next_question(app, sheet, question, GuardAnswer::Said, &field.text());
        }
        field.press(key);
        sheet.field = Some(field);
        app.screen.overlay = Some(Overlay::Guard(sheet));
        return Vec::new();
    }
    let plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    let hint = || guard_hint(app.facts(), &sheet.intent, question).text;
    let in_words = matches!(question, GuardQuestion::LastGood | GuardQuestion::Proof);
    let now = app.session.now;
    let goes_on = sheet.stray.take().is_some_and(|at| now.duration_since(at) < TOGETHER);
    match key.code {
        KeyCode::Char(_) if goes_on => sheet.stray = Some(now),
        KeyCode::Char('y') if plain && in_words => {
            let hint = hint();
            // With nothing to suggest, the words are asked for.
            if !hint.is_empty() {
                return next_question(app, sheet, question, GuardAnswer::Said, &hint);
            }
            sheet.field = Some(field_for(app, &sheet.intent, question));
        }
        KeyCode::Char('y') if plain => return next_question(app, sheet, question, GuardAnswer::Yes, ""),
        KeyCode::Char('n') if plain => return next_question(app, sheet, question, GuardAnswer::No, ""),
        KeyCode::Char('u') if plain => return next_question(app, sheet, question, GuardAnswer::Unknown, ""),
        KeyCode::Char('s' | ' ') if plain => {
            return next_question(app, sheet, question, GuardAnswer::Skipped, "");
        }
        KeyCode::Char(digit @ '0'..='9') if plain && question == GuardQuestion::Proof => {
            let minutes = digit.to_digit(10).filter(|minutes| *minutes > 0).unwrap_or(10);
            let text = hint().replacen(&format!("within {} min", VERIFY_WITHIN), &format!("within {minutes} min"), 1);
            return next_question(app, sheet, question, GuardAnswer::Said, &text);
        }
        KeyCode::Char(',') if plain => return skip_the_rest(app, sheet),
        KeyCode::Enter => sheet.field = Some(field_for(app, &sheet.intent, question)),
        KeyCode::Up | KeyCode::Left | KeyCode::Backspace => sheet.at = sheet.at.saturating_sub(1),
        KeyCode::Down | KeyCode::Right | KeyCode::Tab => sheet.at = (sheet.at + 1).min(GuardQuestion::ALL.len() - 1),
        // Where words are an answer they may begin with any letter: it decides nothing, and leaves nothing.
        KeyCode::Char('q') if plain && !in_words => {
            app.coach.dismissed.stay();
            return Vec::new();
        }
        KeyCode::Char(letter) => sheet.stray = letter.is_alphanumeric().then_some(now),
        _ => {}
    }
    app.screen.overlay = Some(Overlay::Guard(sheet));
    Vec::new()
}

/// Records an answer and goes to the next open question; after the last one to what is about to be done.
fn next_question(
    app: &mut App,
    mut sheet: GuardSheet,
    question: GuardQuestion,
    answer: GuardAnswer,
    text: &str,
) -> Vec<Effect> {
    let effects = guard::answer_guard(app, &sheet.intent, question, answer, text);
    let answered = guard_of(&app.incident, &sheet.intent);
    let is_open = |at: &usize| GuardQuestion::ALL.get(*at).is_some_and(|q| *q != question && !answered.contains_key(q));
    match (sheet.at + 1..GuardQuestion::ALL.len()).chain(0..sheet.at).find(is_open) {
        Some(at) => {
            sheet.at = at;
            app.screen.overlay = Some(Overlay::Guard(sheet));
        }
        None => after_guard(app, sheet.intent),
    }
    effects
}

/// All that is open is skipped, by one key. That is recorded, of something that is not yet a mitigation when it
/// becomes one.
fn skip_the_rest(app: &mut App, sheet: GuardSheet) -> Vec<Effect> {
    let mut intent = sheet.intent;
    let drafts = if intent::is_recorded(app, &intent) { intent::skipping(app, &intent) } else { Vec::new() };
    intent.skipped = true;
    after_guard(app, intent);
    app.record_drafts(drafts)
}

/// What was just recorded is not in the incident yet; what follows does not depend on it.
fn after_guard(app: &mut App, intent: Intent) {
    let known = app.incident.mitigation(intent.id);
    if known.is_some_and(|m| m.state != MitigationState::Proposed) {
        return; // answered afterwards, for the notes
    }
    guard::go_on(app, intent);
}
