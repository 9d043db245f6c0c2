//! Keys and pastes: to the overlay when one is open, else through the keymap.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{
    App, Effect, Overlay,
    field::MAX_TEXT,
    keymap::Lookup,
    overlay::{Fill, GuardSheet, Prompt, Purpose, choice::Then, picker::fuzzy},
};
use crate::{
    incident::{Cell, Event, MitigationState},
    signal::scrub,
};

/// Keys that wait for the journal; more are dropped, and the notice says so.
const MOST_WAITING: usize = 256;

/// What a person gave: a key, or pasted text.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Key(KeyEvent),
    Paste(String),
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
            Some(overlay) => self.press_over(overlay, key),
            None => self.press_view(key),
        }
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
            Lookup::Action(action) => self.perform(action),
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
            Overlay::Note(field) => self.press_note(field, key),
            Overlay::Prompt(prompt) => self.press_prompt(prompt, key),
            Overlay::Picker(_) => self.press_picker(overlay, key),
            Overlay::Palette(_) => self.press_palette(overlay, key),
            Overlay::Fill(fill) => self.press_fill(fill, key),
            Overlay::Guard(sheet) => self.press_guard(sheet, key),
            Overlay::Choice(choice) => {
                let pressed = match key.code {
                    KeyCode::Char(c) if (key.modifiers - KeyModifiers::SHIFT).is_empty() => Some(c),
                    _ => None,
                };
                if pressed == Some('q') && choice.answers.iter().all(|answer| answer.key != 'q') {
                    return Vec::new();
                }
                let answer = choice.answers.iter().find(|answer| Some(answer.key) == pressed);
                match answer.map(|answer| answer.then.clone()) {
                    Some(then) => self.answered(then),
                    None => {
                        self.overlay = Some(Overlay::Choice(choice));
                        Vec::new()
                    }
                }
            }
        }
    }

    fn answered(&mut self, then: Then) -> Vec<Effect> {
        match then {
            Then::Nothing => {}
            Then::Record(events) => return self.record(events),
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
            _ => return Vec::new(), // any other key closes it, and does nothing else
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
            _ => {
                prompt.field.press(key);
                prompt.trouble = None;
            }
        }
        self.overlay = Some(Overlay::Prompt(prompt));
        Vec::new()
    }

    fn press_picker(&mut self, overlay: Overlay, key: KeyEvent) -> Vec<Effect> {
        let Overlay::Picker(mut picker) = overlay else { return Vec::new() };
        match key.code {
            KeyCode::Enter => return self.submit_picker(picker),
            KeyCode::Tab => picker.mark(),
            KeyCode::Down => picker.step(1),
            KeyCode::Up => picker.step(-1),
            KeyCode::PageDown => picker.step(10),
            KeyCode::PageUp => picker.step(-10),
            _ => {
                if picker.field.press(key) {
                    picker.search();
                }
            }
        }
        self.overlay = Some(Overlay::Picker(picker));
        Vec::new()
    }

    fn press_palette(&mut self, overlay: Overlay, key: KeyEvent) -> Vec<Effect> {
        let Overlay::Palette(mut palette) = overlay else { return Vec::new() };
        let last = palette.found.len().saturating_sub(1);
        match key.code {
            KeyCode::Enter => {
                let action = palette.found.get(palette.cursor).copied();
                return action.map(|action| self.perform(action)).unwrap_or_default();
            }
            KeyCode::Down | KeyCode::Tab => palette.cursor = (palette.cursor + 1).min(last),
            KeyCode::Up | KeyCode::BackTab => palette.cursor = palette.cursor.saturating_sub(1),
            _ => drop(palette.field.press(key)),
        }
        self.overlay = Some(Overlay::Palette(palette));
        if !matches!(key.code, KeyCode::Down | KeyCode::Up | KeyCode::Tab | KeyCode::BackTab) {
            self.search_palette();
        }
        Vec::new()
    }

    pub(super) fn search_palette(&mut self) {
        let actions = self.actions_here();
        let Some(Overlay::Palette(palette)) = &mut self.overlay else { return };
        let texts: Vec<String> =
            actions.iter().map(|action| format!("{} {}", action.spec().name, action.spec().doc)).collect();
        let found = fuzzy(&palette.field.text(), texts.iter().map(String::as_str));
        palette.found = found.into_iter().map(|at| actions[at]).collect();
        palette.cursor = 0;
    }

    fn press_fill(&mut self, mut fill: Fill, key: KeyEvent) -> Vec<Effect> {
        let Some((hypothesis, observation)) = fill.current() else { return Vec::new() };
        let cell = match key.code {
            KeyCode::Char('#') => Some(Cell::Must),
            KeyCode::Char('+') => Some(Cell::Likely),
            KeyCode::Char('.') => Some(Cell::Neutral),
            KeyCode::Char('-') => Some(Cell::Unlikely),
            KeyCode::Char('!' | 'X' | 'x') => Some(Cell::Cannot),
            _ => None,
        };
        let mut events = Vec::new();
        match (cell, key.code) {
            (Some(cell), _) => {
                events.push(Event::CellSet { hypothesis, observation, cell });
                fill.at += 1;
            }
            (None, KeyCode::Char(',')) => {
                let rest = fill.rest_of_column();
                fill.at += rest.len();
                let neutral =
                    |(hypothesis, observation)| Event::CellSet { hypothesis, observation, cell: Cell::Neutral };
                events.extend(rest.into_iter().map(neutral));
            }
            (None, KeyCode::Char('?' | ' ') | KeyCode::Right | KeyCode::Down | KeyCode::Enter) => fill.at += 1,
            (None, KeyCode::Left | KeyCode::Up | KeyCode::Backspace) => fill.at = fill.at.saturating_sub(1),
            (None, KeyCode::Char('q')) => return Vec::new(),
            _ => {}
        }
        if fill.current().is_some() {
            self.overlay = Some(Overlay::Fill(fill));
        } else {
            self.say("filled; `e` shows the reasons of a row");
        }
        if events.is_empty() { Vec::new() } else { self.record(events) }
    }
}

/// Typed text can hold what a paste can: some terminals send a paste as keys.
fn draft_kept(field: String, text: &str) -> Event {
    Event::DraftKept { field, text: scrub::block(text, MAX_TEXT).into_owned() }
}
