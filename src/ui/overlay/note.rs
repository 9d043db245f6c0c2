//! A note of several lines.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{boxed, draw_field, paragraph, put_lines};
use crate::{
    app::field::Field,
    ui::{Role, Screen, line},
};

pub(super) fn draw(screen: Screen<'_>, field: &Field, body: Rect, buf: &mut Buffer) {
    let height = (body.height / 2).clamp(6, 16);
    let keys = "Enter or Ctrl-S saves · Ctrl-J new line · Esc leaves, text is kept · Ctrl-E editor";
    let keys = if body.width < 96 { "Enter or Ctrl-S saves · Ctrl-J new line · Esc keeps the text" } else { keys };
    let keys = if body.width < 72 { "Enter or Ctrl-S saves · Esc leaves" } else { keys };
    let inner = boxed(screen, "Note", keys, super::middle(body, 100, height), buf);
    let said = field.trouble().map(|said| paragraph(screen, Role::Warning, &format!("✗ {said}"), inner.width));
    let said = said.unwrap_or_default();
    let below = inner.height.saturating_sub(1).min(said.len() as u16);
    draw_field(screen, field, Rect { height: inner.height - below, ..inner }, buf);
    put_lines(&said, Rect { y: inner.bottom() - below, height: below, ..inner }, buf);
    if field.is_blank() && inner.height > 1 {
        let style = screen.theme[Role::Dim];
        line::at(buf, inner, inner.x, inner.y + 1, "`03:05 text` dates it back", style);
    }
}
