//! A note of several lines.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{boxed, draw_field};
use crate::{
    app::field::Field,
    ui::{Role, Screen, line},
};

pub(super) fn draw(screen: Screen<'_>, field: &Field, body: Rect, buf: &mut Buffer) {
    let height = (body.height / 2).clamp(6, 16);
    let keys = "Ctrl-S keeps · Esc leaves, text stays as draft · Ctrl-E editor";
    let keys = if body.width < 80 { "Ctrl-S keeps · Esc leaves" } else { keys };
    let inner = boxed(screen, "Note", keys, super::middle(body, 100, height), buf);
    draw_field(screen, field, inner, buf);
    if field.is_blank() && inner.height > 1 {
        let style = screen.theme[Role::Dim];
        line::at(buf, inner, inner.x, inner.y + 1, "`03:05 text` dates it back", style);
    }
}
