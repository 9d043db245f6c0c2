//! Keys and pastes: to the overlay when one is open, else through the keymap.

use std::sync::Arc;

use jiff::SignedDuration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{
    Action, App, Effect, Overlay,
    field::MAX_TEXT,
    keymap::Lookup,
    overlay::{
        GuardSheet, Prompt, Purpose,
        choice::{Pressed, Then},
    },
};
use crate::{
    incident::{Event, HypothesisState, Id, MitigationState, board::file::BoardFile},
    signal::scrub,
};

/// Keys that wait for the journal; more are dropped, and the notice says so.
const MOST_WAITING: usize = 256;

/// Letters that follow each other faster are words, whoever wanted to write them.
const WORDS: SignedDuration = SignedDuration::from_millis(300);

/// What a person gave: a key, pasted text, or a board file they asked for.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Key(KeyEvent),
    Paste(String),
    Board(String, Arc<BoardFile>),
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
        if self.journal.in_flight.is_some() {
            if self.waiting.len() < MOST_WAITING {
                self.waiting.push_back(input);
            } else {
                self.complain("the journal is slow: keys were dropped");
            }
            return Vec::new();
        }
        match input {
            Input::Key(key) => self.press(key),
            Input::Paste(text) => self.paste(&text),
            Input::Board(path, file) => self.take_board(&path, &file),
        }
    }

    fn press(&mut self, key: KeyEvent) -> Vec<Effect> {
        // Alt-Enter arrives as Esc and Enter through some multiplexers; the Enter must not accept what Esc left.
        let just_escaped = self.just_escaped();
        if key.code == KeyCode::Esc {
            self.escaped = Some(self.now);
        } else if key.code == KeyCode::Enter && just_escaped {
            return Vec::new();
        }
        match self.overlay.take() {
            Some(overlay) => {
                let ends_with = words_after(&overlay, key);
                let effects = self.press_over(overlay, key);
                self.astray = ends_with.filter(|_| self.overlay.is_none()).map(|words| (words, self.now));
                effects
            }
            None if self.is_astray(key) => Vec::new(),
            None => self.press_view(key),
        }
    }

    /// A step was refused: words that were meant as its answer command nothing.
    pub(in crate::app) fn refused(&mut self) {
        self.astray = Some((Astray::Letters, self.now));
    }

    /// Whether a key is one of the letters that follow an answer, or a step that was refused, as fast as words do: they
    /// were meant for something else and command nothing.
    fn is_astray(&mut self, key: KeyEvent) -> bool {
        let Some((words, since)) = self.astray.take() else { return false };
        let fast = self.now.duration_since(since) < WORDS;
        if !fast || !words.has(key) || self.is_coach(key) {
            return false;
        }
        self.astray = Some((if words == Astray::Letters { Astray::Words } else { words }, self.now));
        self.offer.refused();
        self.complain("too fast after that to be a command: press it again");
        true
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

    fn just_escaped(&mut self) -> bool {
        self.escaped.take().is_some_and(|at| self.now.duration_since(at).as_millis() < 300)
    }

    fn press_view(&mut self, key: KeyEvent) -> Vec<Effect> {
        match self.keymap.look_up(self.view, self.prefix.take(), key) {
            Lookup::Action(action) => {
                let effects = self.perform(action);
                if let Some(Overlay::Choice(choice)) = &mut self.overlay {
                    choice.asked_by(key, action == Action::Coach);
                }
                effects
            }
            Lookup::Prefix(stroke) => {
                self.prefix = Some(stroke);
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
            Overlay::Assumptions { cursor } => self.press_assumptions(cursor, key),
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

    /// Whether an answer takes a second key: it changes a decision, or it leads back to a view in which the letters that may
    /// follow are commands.
    pub fn takes_enter(&self, then: &Then) -> bool {
        matches!(
            then,
            Then::Nothing
                | Then::Record(_)
                | Then::Begin(..)
                | Then::Evidence(..)
                | Then::Failed(..)
                | Then::NotWritten(_)
                | Then::ReplaceFile(_)
        ) || self.changes_a_decision(then)
    }

    /// Whether an answer takes back what a person has decided before.
    fn changes_a_decision(&self, then: &Then) -> bool {
        let board = &self.incident.board;
        let decided = |id: Id| {
            let state = board.hypothesis(id).map(|row| row.state);
            matches!(state, Some(HypothesisState::Confirmed | HypothesisState::Refuted))
        };
        match then {
            Then::Ask(Purpose::Judge(id, _)) => decided(*id),
            Then::Ask(Purpose::SettleNote(id, _)) => board.observation(*id).is_some_and(|o| o.state.is_settled()),
            Then::Ask(Purpose::MitigationNote(id, _)) => {
                let known = self.incident.mitigations.iter().find(|m| m.id == *id);
                use MitigationState::{Failed, Undone, Worked};
                known.is_some_and(|m| matches!(m.state, Worked | Failed | Undone))
            }
            _ => false,
        }
    }

    fn answered(&mut self, then: Then) -> Vec<Effect> {
        match then {
            Then::Nothing => {}
            Then::Record(events) => {
                // One after the other: the next one to poke stands first then.
                if matches!(events.as_slice(), [Event::AssumptionSet { .. }]) {
                    self.overlay = Some(Overlay::Assumptions { cursor: 0 });
                }
                return self.record(events);
            }
            Then::Ask(Purpose::Judge(id, state)) => {
                let reason = self.reason_for(id, state);
                self.ask_with(Purpose::Judge(id, state), &reason);
            }
            Then::ReplaceFile(path) => return self.save_board(&path, true),
            Then::Ask(Purpose::StatusReason(status)) => {
                let reason = self.status_reason(status);
                self.ask_with(Purpose::StatusReason(status), &reason);
            }
            Then::Ask(Purpose::Plan(id)) => {
                let known = self.incident.mitigations.iter().find(|m| m.id == id);
                let effect = known.map(|m| m.effect.clone()).unwrap_or_default();
                self.ask_with(Purpose::Plan(id), &effect);
            }
            Then::Ask(purpose) => self.ask(purpose),
            Then::Run(mitigation) => self.run_of(mitigation),
            Then::Mark(mitigation, state) => self.mark(mitigation, state),
            Then::Begin(intent, state) => return self.begun(&intent, state, String::new()),
            Then::Guard(mitigation) => {
                if let Some(intent) = self.intent_of(mitigation) {
                    self.open_guard(intent);
                }
            }
            Then::Evidence(mitigation, row) => {
                let drafts = self.failure_as_evidence(mitigation, row);
                return self.record_drafts(drafts);
            }
            Then::Failed(mitigation, row) => {
                let mut drafts = self.marked(mitigation, MitigationState::Failed, String::new());
                drafts.extend(self.failure_as_evidence(mitigation, row));
                return self.record_drafts(drafts);
            }
            Then::NotWritten(change) => return self.not_written(&change),
        }
        Vec::new()
    }

    /// Leaves an overlay; what was typed is kept as a draft.
    fn leave_overlay(&mut self, overlay: Overlay) -> Vec<Effect> {
        if let Overlay::Picker(picker) = &overlay {
            self.board.marked = picker.marked_texts();
        }
        if let Overlay::Storm(storm) = overlay {
            self.leave_storm(storm);
            return Vec::new();
        }
        if let Overlay::Prompt(prompt) = &overlay
            && let Some(name) = prompt.purpose.aside_name()
            && prompt.is_changed()
        {
            self.left.insert(name, prompt.field.text());
            self.say("kept: open it again to go on");
        }
        let draft = overlay.draft();
        let Some((field, text)) = draft.filter(|(field, text)| self.is_worth_keeping(field, text)) else {
            return Vec::new();
        };
        self.say("kept as a draft: open it again to go on");
        self.record(vec![draft_kept(field, &text)])
    }

    /// The draft of an open field, for when the cockpit ends.
    pub(super) fn keep_draft(&self) -> Option<Event> {
        let (field, text) = self.overlay.as_ref()?.draft()?;
        self.is_worth_keeping(&field, &text).then(|| draft_kept(field, &text))
    }

    fn is_worth_keeping(&self, field: &str, text: &str) -> bool {
        text.trim() != self.my_draft(field).unwrap_or_default().trim()
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

    fn press_note(&mut self, mut field: super::field::Field, key: KeyEvent) -> Vec<Effect> {
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
            Ok(text) => self.overlay = Some(Overlay::Note(super::field::Field::block(&text))),
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

/// What may follow so fast that it is not meant for the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Astray {
    /// More signs for cells, after the last one was filled.
    Signs,
    /// The rest of a word; a view, or a second key that leaves, may be meant.
    Letters,
    /// Words, digits and all.
    Words,
}

impl Astray {
    fn plain(key: KeyEvent) -> bool {
        (key.modifiers - KeyModifiers::SHIFT).is_empty()
    }

    fn has(self, key: KeyEvent) -> bool {
        let plain = Self::plain(key);
        match key.code {
            KeyCode::Char(c) if plain && self == Self::Signs => "#+.-!X, ?".contains(c),
            KeyCode::Char(c) if plain && self == Self::Letters => !c.is_ascii_digit() && c != 'q',
            KeyCode::Char(_) => plain,
            _ => false,
        }
    }
}

/// What may follow a key by which an overlay closes.
fn words_after(overlay: &Overlay, key: KeyEvent) -> Option<Astray> {
    let is_sign = Astray::Signs.has(key);
    let is_letter = matches!(key.code, KeyCode::Char(c) if c.is_alphabetic()) && Astray::plain(key);
    match overlay {
        Overlay::Fill(_) if is_sign => Some(Astray::Signs),
        // Only a question has someone answer in words; what was merely read is closed on purpose.
        Overlay::Choice(_) | Overlay::Guard(_) if is_letter && !overlay.is_typing() => Some(Astray::Letters),
        _ => None,
    }
}

/// Typed text can hold what a paste can: some terminals send a paste as keys.
fn draft_kept(field: String, text: &str) -> Event {
    Event::DraftKept { field, text: scrub::block(text, MAX_TEXT).into_owned() }
}
