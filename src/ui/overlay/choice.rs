//! A question answered by one key.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, paragraph, put_lines};
use crate::{
    app::overlay::Choice,
    ui::{Role, Screen, line::words, widget::text},
};

pub(super) fn draw(screen: Screen<'_>, choice: &Choice, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let longest = choice.answers.iter().map(|answer| text::width(&answer.text) + 8);
    let told = choice.told.iter().map(|told| text::width(told) + 4);
    let longest = longest.chain(told).chain([text::width(&choice.question) + 4, 44]).max().unwrap_or(44);
    let width = u16::try_from(longest).unwrap_or(u16::MAX).min(84).min(body.width);
    let inside = width.saturating_sub(4).max(1);
    let mut lines = paragraph(screen, Role::Strong, &choice.question, inside);
    for told in &choice.told {
        lines.extend(paragraph(screen, Role::Text, told, inside));
    }
    for known in &choice.about {
        lines.extend(paragraph(screen, Role::Warning, &format!("! {known}"), inside));
    }
    lines.push(Line::default());
    for answer in &choice.answers {
        let key = words(theme, Role::Key, format!(" {}  ", answer.key));
        lines.push(Line::from(vec![key, words(theme, Role::Text, answer.text.clone())]));
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let inner = boxed(screen, "One key answers", "Esc leaves", super::middle(body, width, height), buf);
    // In a low window the answers stay: they are what is needed.
    let hidden = lines.len().saturating_sub(inner.height.into());
    put_lines(&lines[hidden..], inner, buf);
}
