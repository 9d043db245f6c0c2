//! Hypotheses to add: what is known, below it what is typed.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field};
use crate::{
    app::screen::overlay::{Candidate, Picker, picker::Line as Entry},
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::list,
    },
};

/// What is asked.
pub(in crate::ui) const ASKS: &str = "Add hypotheses: what could cause it?";

pub(super) fn draw(screen: Screen<'_>, picker: &Picker, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let lines = picker.lines();
    // As high as all that could be listed, so that it stands still while one types; a low window keeps some of its view.
    let height = u16::try_from(picker.candidates.len() + 4).unwrap_or(u16::MAX).min(body.height / 4 * 3).clamp(8, 24);
    let title = match picker.marked.len() {
        0 => ASKS.to_owned(),
        marked => format!("Add hypotheses: {marked} marked"),
    };
    let keys = match (picker.selected(), picker.marked.is_empty()) {
        (Some(Entry::Typed), true) => "Enter adds as typed · Tab marks best match · Esc leaves",
        (Some(Entry::Typed), false) => "Enter adds it and what is marked · Esc leaves",
        (_, false) => "Enter adds them · Tab marks more · Esc leaves",
        (_, true) if !picker.field.is_blank() => "Enter adds · Tab marks · Ctrl-S adds as typed · Esc leaves",
        (_, true) => "Enter adds · Tab marks several · Esc leaves",
    };
    let title = if body.width < 96 { title.replace(": what could cause it?", "") } else { title };
    let inner = boxed(screen, &title, keys, super::middle(body, 96, height), buf);
    let field = Rect { height: inner.height.min(1), ..inner };
    line::put(buf, field, &Line::from(words(theme, Role::Accent, sign::PROMPT)));
    draw_field(screen, &picker.field, Rect { x: field.x + 2, width: field.width.saturating_sub(2), ..field }, buf);
    let below = Rect { y: inner.y + field.height, height: inner.height.saturating_sub(1), ..inner };
    if lines.is_empty() {
        line::put(buf, below, &Line::from(words(theme, Role::Dim, "  type what could cause it")));
    }
    let view = list::in_view(lines.len(), below.height.into(), screen.app.screen.overlay_top, Some(picker.cursor));
    screen.note_lines(below, &view, lines.len());
    for (y, at) in (below.y..).zip(view) {
        let row = Rect { y, height: 1, ..below };
        draw_entry(screen, picker, lines[at], at == picker.cursor, row, buf);
        if at == picker.cursor {
            line::select(buf, row, theme);
        }
    }
}

/// One more word about a candidate.
pub(in crate::ui) fn about(candidate: &Candidate) -> &str {
    if candidate.about.is_empty() { candidate.from } else { &candidate.about }
}

fn draw_entry(screen: Screen<'_>, picker: &Picker, entry: Entry, selected: bool, row: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let cursor = words(theme, Role::Focus, format!("{} ", sign::cursor(selected)));
    match entry {
        Entry::Typed => {
            let name = Line::from(vec![cursor, words(theme, Role::Strong, format!("+ {}", picker.field.text()))]);
            line::put_both(buf, row, &name, &Line::from(words(theme, Role::Dim, "as typed")));
        }
        Entry::Known(at) => {
            let Some(candidate) = picker.candidates.get(at) else { return };
            let marked = picker.marked.contains(&at);
            let (sign, role) = if marked { ("✓ ", Role::Accent) } else { ("  ", Role::Dim) };
            let changed = if candidate.changed { Role::Change } else { Role::Dim };
            let name = if candidate.changed || marked { Role::Strong } else { Role::Text };
            let left = Line::from(vec![cursor, words(theme, role, sign), words(theme, name, candidate.text.clone())]);
            let about = about(candidate);
            let sign = if candidate.changed { format!("{} ", sign::CHANGE) } else { String::new() };
            line::put_both(buf, row, &left, &Line::from(words(theme, changed, format!("{sign}{about}"))));
        }
    }
}
