//! A pane that just says something: what to know, whom to call.

use ratatui::buffer::Buffer;

use super::{Body, Head};
use crate::ui::{
    Role,
    widget::{list, row, text},
};

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let lines = text::wrap(&body.input.pane.text, body.area.width.into());
    if lines.iter().all(String::is_empty) {
        return body.say("no text is configured for this pane", buf);
    }
    let view = list::in_view(lines.len(), body.area.height.into(), body.input.scroll, None);
    body.note_rows(0, body.area.height.into(), &view, lines.len());
    for (at, line) in (0..).zip(&lines[view.clone()]) {
        row::line(buf, body.line(at), &[(line, body.style(Role::Text))], &[]);
    }
    Head::of(body.style(Role::Dim), list::position(&view, lines.len()))
}
