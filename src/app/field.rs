//! Text being typed: one line or several.

pub mod parse;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea, WrapMode};

use crate::base::text;

/// The most text a field takes, in bytes.
pub(in crate::app) const MAX_TEXT: usize = 1 << 20;

/// A text field. Keys that mean something outside of it are taken out before they get here.
#[derive(Clone, Debug)]
pub struct Field {
    area: TextArea<'static>,
    lines: bool,
    trouble: Option<String>,
}

impl Field {
    /// A field of one line that already says `text`.
    pub fn line(text: &str) -> Self {
        Self::with(&text::line(text), false)
    }

    /// A field of several lines that already says `text`.
    pub fn block(text: &str) -> Self {
        Self::with(&text::block(text, MAX_TEXT), true)
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether nothing but white space stands in it.
    pub fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Takes a key; whether the text changed.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        let changed = match key.code {
            // As in a shell; the widget would undo.
            KeyCode::Char('u') if key.modifiers == KeyModifiers::CONTROL => self.area.delete_line_by_head(),
            KeyCode::Char('z') if key.modifiers == KeyModifiers::CONTROL => self.area.undo(),
            // In one line it would look like blanks, and no name has one.
            KeyCode::Tab | KeyCode::BackTab if !self.lines => false,
            _ => self.area.input(key),
        };
        if changed {
            self.trouble = None;
        }
        changed
    }

    /// Goes on in a new line.
    pub fn break_line(&mut self) {
        self.trouble = None;
        self.area.insert_newline();
    }

    /// What is to be known before the text is taken as it stands, if something is.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Says what is to be known before the text is taken as it stands; the next change of the text takes that back.
    pub fn warn(&mut self, trouble: impl Into<String>) {
        self.trouble = Some(trouble.into());
    }

    /// Takes pasted text, made harmless. A field of one line has a blank where the text has a break; at its ends there is
    /// nothing to part.
    pub fn paste(&mut self, text: &str) {
        let room = MAX_TEXT.saturating_sub(self.text().len());
        let text = text::with_line_feeds(text);
        let text = match self.lines {
            true => text::block(&text, room),
            // The end of a line by itself comes between two lines that are typed for it.
            false if !text.is_empty() && text.chars().all(|c| c == '\n') => " ".into(),
            false => text::clipped(text.trim_matches('\n'), room),
        };
        self.trouble = None;
        self.area.insert_str(text);
    }

    /// The widget's data, for drawing.
    pub fn area(&self) -> &TextArea<'static> {
        &self.area
    }

    fn with(text: &str, lines: bool) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        area.set_cursor_line_style(ratatui::style::Style::new());
        if lines {
            area.set_wrap_mode(WrapMode::WordOrGlyph);
        }
        Self { area, lines, trouble: None }
    }
}
