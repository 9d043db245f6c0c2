//! Keys and pastes: to the overlay when one is open, else through the keymap.

mod pace;

use std::{collections::VecDeque, sync::Arc};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{
    Action, App, Effect, Overlay,
    field::Field,
    keymap::{Lookup, Stroke},
    overlay::{GuardSheet, Prompt, Purpose, choice::Pressed},
};
use crate::incident::board::file::BoardFile;
use pace::{Pace, Stray};

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

impl App {
    /// Takes a key or a paste now, or after the record that is on its way.
    pub(super) fn take_input(&mut self, input: Input) -> Vec<Effect> {
        if let Input::Key(key) = &input {
            let ctrl_c = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
            if key.kind == KeyEventKind::Release {
                return Vec::new();
            }
            if ctrl_c {
                return self.quit();
            }
            self.offer.pressed(self.now);
        }
        if self.outbox.keys_wait() {
            if self.keys.waiting.len() < MOST_WAITING {
                self.keys.waiting.push_back(input);
            } else {
                self.complain("the journal is slow: keys were dropped");
            }
            return Vec::new();
        }
        let effects = match input {
            Input::Key(key) => self.press(key),
            Input::Paste(text) => self.paste(&text),
            Input::Board(path, file) => self.take_board(&path, &file),
        };
        self.hold(true);
        effects
    }

    fn press(&mut self, key: KeyEvent) -> Vec<Effect> {
        if self.keys.pace.is_half_of_alt_enter(key, self.now) {
            return Vec::new();
        }
        let is_coach = self.is_coach(key);
        if self.keys.pace.is_coach_again(is_coach, self.now) {
            return Vec::new();
        }
        match self.overlay.take() {
            Some(overlay) => {
                let stray = Stray::after(&overlay, key);
                let effects = self.press_over(overlay, key);
                self.keys.pace.expect(stray.filter(|_| self.overlay.is_none()), self.now);
                effects
            }
            None if self.is_stray(key) => Vec::new(),
            None => self.press_view(key),
        }
    }

    /// A step was refused: words that were meant as its answer command nothing.
    pub(in crate::app) fn refused(&mut self) {
        self.keys.pace.expect(Some(Stray::Letters), self.now);
    }

    /// A question that was to follow is not asked: words that were typed ahead for it command nothing.
    pub(in crate::app) fn not_asked_on(&mut self) {
        self.keys.pace.expect(Some(Stray::Words), self.now);
    }

    /// Whether a key follows an answer, or a step that was refused, too fast to be a command; says so.
    fn is_stray(&mut self, key: KeyEvent) -> bool {
        if self.is_coach(key) {
            self.keys.pace.forget();
            return false;
        }
        let stray = self.keys.pace.is_stray(key, self.now);
        if stray {
            self.offer.refused();
            self.complain("too fast after that to be a command: press it again");
        }
        stray
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        match &mut self.overlay {
            Some(Overlay::Note(field)) => field.paste(text),
            Some(Overlay::Prompt(prompt)) => prompt.field.paste(text),
            Some(Overlay::Guard(GuardSheet { field: Some(field), .. })) => field.paste(text),
            Some(Overlay::Picker(picker)) => {
                picker.field.paste(text);
                picker.search();
            }
            Some(Overlay::Palette(palette)) => {
                palette.field.paste(text);
                self.search_palette();
            }
            // Outside of a field a paste never means keys: it becomes a note that a person can still leave.
            _ => {
                self.open_note();
                if let Some(Overlay::Note(field)) = &mut self.overlay {
                    field.paste(text);
                }
            }
        }
        Vec::new()
    }

    fn press_view(&mut self, key: KeyEvent) -> Vec<Effect> {
        match self.keymap.look_up(self.view, self.keys.prefix.take(), key) {
            Lookup::Action(action) => {
                let effects = self.perform(action);
                if action == Action::Coach && self.overlay.as_ref().is_some_and(Overlay::is_typing) {
                    self.keys.pace.coach_asked(self.now);
                }
                if let Some(Overlay::Choice(choice)) = &mut self.overlay {
                    choice.asked_by(key, action == Action::Coach);
                }
                effects
            }
            Lookup::Prefix(stroke) => {
                self.keys.prefix = Some(stroke);
                Vec::new()
            }
            Lookup::Unbound => Vec::new(),
        }
    }

    /// A key while something lies over the view. The overlay has been taken out; what stays open is put back.
    fn press_over(&mut self, overlay: Overlay, key: KeyEvent) -> Vec<Effect> {
        // A line feed, as scripts and terminals without bracketed paste send it. The field would delete its line.
        let line_feed = key.code == KeyCode::Char('j') && key.modifiers == KeyModifiers::CONTROL;
        let key = if line_feed { KeyEvent::from(KeyCode::Enter) } else { key };
        if key.code == KeyCode::Esc {
            return self.leave_overlay(overlay);
        }
        match overlay {
            Overlay::Help { scroll } => self.press_scroll(key, scroll, |scroll| Overlay::Help { scroll }),
            Overlay::Detail { subject, .. } if matches!(key.code, KeyCode::Char('e') | KeyCode::Tab) => {
                self.overlay = self.other_detail(subject);
                Vec::new()
            }
            Overlay::Detail { subject, scroll } => {
                self.press_scroll(key, scroll, |scroll| Overlay::Detail { subject, scroll })
            }
            Overlay::Assumptions { cursor } => self.press_assumptions(&cursor, key),
            Overlay::Note(field) => self.press_note(field, key),
            Overlay::Prompt(prompt) => self.press_prompt(prompt, key),
            Overlay::Picker(_) => self.press_picker(overlay, key),
            Overlay::Palette(_) => self.press_palette(overlay, key),
            Overlay::Fill(fill) => self.press_fill(fill, key),
            Overlay::Storm(storm) => self.press_storm(storm, key),
            Overlay::Guard(sheet) => self.press_guard(sheet, key),
            Overlay::Choice(mut choice) => match choice.press(key, |then| self.takes_enter(then)) {
                Pressed::Answered(then) => self.answered(then),
                Pressed::Leaves => Vec::new(),
                Pressed::Stays => {
                    self.overlay = Some(Overlay::Choice(choice));
                    Vec::new()
                }
            },
        }
    }

    fn press_scroll(&mut self, key: KeyEvent, scroll: usize, with: impl Fn(usize) -> Overlay) -> Vec<Effect> {
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

    fn press_note(&mut self, mut field: Field, key: KeyEvent) -> Vec<Effect> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('s' | 'd') if ctrl => return self.submit_note(field),
            KeyCode::Char('e') if ctrl => {
                let text = field.text();
                self.overlay = Some(Overlay::Note(field));
                return vec![Effect::OpenEditor(text)];
            }
            _ => drop(field.press(key)),
        }
        self.overlay = Some(Overlay::Note(field));
        Vec::new()
    }

    pub(super) fn edited(&mut self, text: Result<String, String>) -> Vec<Effect> {
        match text {
            Ok(text) => self.overlay = Some(Overlay::Note(Field::block(&text))),
            Err(error) => self.complain(format!("no editor: {error}")),
        }
        vec![Effect::Redraw]
    }

    fn press_prompt(&mut self, mut prompt: Prompt, key: KeyEvent) -> Vec<Effect> {
        match key.code {
            KeyCode::Enter => return self.submit(prompt),
            // The next question is asked already; who presses the coach's key for it does not mean it as an answer. No
            // command's name begins with it, either.
            _ if matches!(prompt.purpose, Purpose::Review(_) | Purpose::Why { .. } | Purpose::RunCommand { .. })
                && prompt.field.is_blank()
                && self.is_coach(key) => {}
            _ => {
                prompt.field.press(key);
                prompt.trouble = None;
            }
        }
        self.overlay = Some(Overlay::Prompt(prompt));
        Vec::new()
    }

    fn is_coach(&self, key: KeyEvent) -> bool {
        self.keymap.look_up(self.view, None, key) == Lookup::Action(Action::Coach)
    }
}
