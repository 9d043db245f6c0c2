//! A question answered by one key, or the end of a row of questions.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, paragraph, put_lines};
use crate::{
    app::screen::overlay::Choice,
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::text,
    },
};

pub(super) fn draw(screen: Screen<'_>, choice: &Choice, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let answers = choice.answers.iter().map(|answer| text::width(&answer.text) + 11).max().unwrap_or(0);
    let told = choice.told.iter().map(|told| text::width(told) + 4);
    let asked = [text::width(&choice.question) + 4, text::width(&choice.title) + 50];
    // What is asked is wrapped, an answer is not.
    let longest = told.chain(asked).max().unwrap_or(60).min(84).max(answers.min(120));
    let width = u16::try_from(longest).unwrap_or(u16::MAX).min(body.width);
    let inside = width.saturating_sub(4).max(1);
    let mut lines = paragraph(screen, Role::Strong, &choice.question, inside);
    for told in &choice.told {
        lines.extend(paragraph(screen, Role::Text, told, inside));
    }
    for known in &choice.about {
        lines.extend(paragraph(screen, Role::Warning, &format!("! {known}"), inside));
    }
    if !choice.answers.is_empty() {
        lines.push(Line::default());
    }
    let first = lines.len();
    for (at, answer) in choice.answers.iter().enumerate() {
        let cursor = sign::cursor(choice.selected == Some(at));
        let text = text::clip(&answer.text, usize::from(inside).saturating_sub(6)).into_owned();
        lines.push(Line::from(vec![
            words(theme, Role::Focus, cursor),
            words(theme, Role::Key, format!(" {}  ", answer.key)),
            words(theme, Role::Text, text),
        ]));
    }
    let said = hint(choice);
    if !said.is_empty() {
        lines.push(Line::default());
        lines.extend(paragraph(screen, Role::Dim, &said, inside));
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let keys = if choice.answers.is_empty() { "Esc leaves" } else { "Esc leaves, nothing is decided" };
    let title = if choice.title.is_empty() { "Choose" } else { &choice.title };
    let inner = boxed(screen, title, keys, super::middle(body, width, height), buf);
    // In a low window the answers stay: they are what is needed. Without any it is read from its first line on.
    let kept = if choice.answers.is_empty() { 0 } else { first + choice.answers.len() };
    let hidden = kept.saturating_sub(inner.height.into()).min(lines.len());
    put_lines(&lines[hidden..], inner, buf);
    let answers = Rect { y: inner.y + first.saturating_sub(hidden) as u16, ..inner }.intersection(inner);
    screen.note_lines(answers, &(hidden.saturating_sub(first)..choice.answers.len()), choice.answers.len());
    let selected = choice.selected.and_then(|at| (first + at).checked_sub(hidden)).filter(|y| *y < inner.height.into());
    if let Some(y) = selected {
        line::select(buf, Rect { y: inner.y + y as u16, height: 1, ..inner }, theme);
    }
}

/// What the next key does, where that is not plain.
fn hint(choice: &Choice) -> String {
    if choice.answers.is_empty() {
        return String::new();
    }
    match (choice.selected.and_then(|at| choice.answers.get(at)), choice.stray) {
        (Some(answer), _) => format!("Enter takes {}.", answer.key),
        (None, true) => "That is no answer; nothing was decided. The letters above answer; so do ↑ ↓ and Enter.".into(),
        (None, false) => String::new(),
    }
}
