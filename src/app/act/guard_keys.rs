//! The keys of the rollback guard. What was answered is recorded at once, so that leaving it loses nothing.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{field_for, intent::Intent};
use crate::{
    app::{App, Effect, Overlay, overlay::GuardSheet},
    incident::{GuardAnswer, GuardQuestion},
};

impl App {
    /// A key while the guard is open; it was taken out and is put back while it stays.
    pub(in crate::app) fn press_guard(&mut self, mut sheet: GuardSheet, key: KeyEvent) -> Vec<Effect> {
        let Some(question) = sheet.question() else { return Vec::new() };
        if let Some(mut field) = sheet.field.take() {
            if key.code == KeyCode::Enter {
                if field.is_blank() {
                    self.overlay = Some(Overlay::Guard(sheet));
                    return Vec::new();
                }
                return self.next_question(sheet, question, GuardAnswer::Said, &field.text());
            }
            field.press(key);
            sheet.field = Some(field);
            self.overlay = Some(Overlay::Guard(sheet));
            return Vec::new();
        }
        let plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
        let hint = || self.guard_hint(&sheet.intent, question);
        let in_words = matches!(question, GuardQuestion::LastGood | GuardQuestion::Proof);
        sheet.deaf &= matches!(key.code, KeyCode::Char(_));
        match key.code {
            KeyCode::Char(_) if sheet.deaf => {}
            KeyCode::Char('y') if plain && in_words => {
                let hint = hint();
                // With nothing to suggest, the words are asked for.
                if !hint.is_empty() {
                    return self.next_question(sheet, question, GuardAnswer::Said, &hint);
                }
                sheet.field = Some(field_for(self, &sheet.intent, question));
            }
            KeyCode::Char('y') if plain => return self.next_question(sheet, question, GuardAnswer::Yes, ""),
            KeyCode::Char('n') if plain => return self.next_question(sheet, question, GuardAnswer::No, ""),
            KeyCode::Char('u') if plain => return self.next_question(sheet, question, GuardAnswer::Unknown, ""),
            KeyCode::Char('s' | ' ') if plain => {
                return self.next_question(sheet, question, GuardAnswer::Skipped, "");
            }
            KeyCode::Char(digit @ '0'..='9') if plain && question == GuardQuestion::Proof => {
                let minutes = digit.to_digit(10).filter(|minutes| *minutes > 0).unwrap_or(10);
                let text = hint().replacen(
                    &format!("within {} min", crate::incident::mitigation::VERIFY_WITHIN),
                    &format!("within {minutes} min"),
                    1,
                );
                return self.next_question(sheet, question, GuardAnswer::Said, &text);
            }
            KeyCode::Char(',') if plain => return self.skip_the_rest(sheet),
            KeyCode::Enter => sheet.field = Some(field_for(self, &sheet.intent, question)),
            KeyCode::Up | KeyCode::Left | KeyCode::Backspace => sheet.at = sheet.at.saturating_sub(1),
            KeyCode::Down | KeyCode::Right | KeyCode::Tab => {
                sheet.at = (sheet.at + 1).min(GuardQuestion::ALL.len() - 1)
            }
            // Where words are an answer they may begin with any letter: it decides nothing, and leaves nothing.
            KeyCode::Char('q') if plain && !in_words => return Vec::new(),
            KeyCode::Char(letter) => sheet.deaf = letter.is_alphanumeric(),
            _ => {}
        }
        self.overlay = Some(Overlay::Guard(sheet));
        Vec::new()
    }

    /// Records an answer and goes to the next open question; after the last one to what is about to be done.
    fn next_question(
        &mut self,
        mut sheet: GuardSheet,
        question: GuardQuestion,
        answer: GuardAnswer,
        text: &str,
    ) -> Vec<Effect> {
        let effects = self.answer_guard(&sheet.intent, question, answer, text);
        let guard = self.guard_of(&sheet.intent);
        let is_open =
            |at: &usize| GuardQuestion::ALL.get(*at).is_some_and(|q| *q != question && !guard.contains_key(q));
        match (sheet.at + 1..GuardQuestion::ALL.len()).chain(0..sheet.at).find(is_open) {
            Some(at) => {
                sheet.at = at;
                self.overlay = Some(Overlay::Guard(sheet));
            }
            None => self.after_guard(sheet.intent),
        }
        effects
    }

    /// All that is open is skipped, by one key. That is recorded, of something that is not yet a mitigation when it
    /// becomes one.
    fn skip_the_rest(&mut self, sheet: GuardSheet) -> Vec<Effect> {
        let mut intent = sheet.intent;
        let drafts = if self.is_recorded(&intent) { self.skipping(&intent) } else { Vec::new() };
        intent.skipped = true;
        self.after_guard(intent);
        self.record_drafts(drafts)
    }

    /// What was just recorded is not in the incident yet; what follows does not depend on it.
    fn after_guard(&mut self, intent: Intent) {
        let known = self.incident.mitigations.iter().find(|m| m.id == intent.id);
        if known.is_some_and(|m| m.state != crate::incident::MitigationState::Proposed) {
            return; // answered afterwards, for the notes
        }
        self.go_on(intent);
    }
}
