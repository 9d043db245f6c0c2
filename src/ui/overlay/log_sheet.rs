//! A log line whole: when, how bad, from where, its fields, its text; and what was folded into it.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    boxed,
    pairs::{pair, when},
};
use crate::{
    app::{Action, clock, screen::overlay::LogSheet},
    signal::{Level, LogLine},
    ui::{Role, Screen, line::words, sheet::Sheet, widget::text},
};

/// The widest lines are read in.
const WIDEST: u16 = 132;
/// Values of a label that are named.
const VALUES: usize = 6;

pub(super) fn draw(screen: Screen<'_>, sheet: &LogSheet, body: Rect, buf: &mut Buffer) {
    let width = body.width.min(WIDEST);
    let inside = width.saturating_sub(4).max(1);
    let lines = lines(screen, sheet, inside);
    let area = super::middle(body, width, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
    let key = screen.app.session.keymap.key(Action::Copy);
    let scrolls = if lines.len() + 2 > usize::from(body.height) { "↓ ↑ scroll · " } else { "" };
    let title = if sheet.count > 1 {
        format!("{} · {} lines that say the same", sheet.pane, sheet.count)
    } else {
        sheet.pane.clone()
    };
    let title = text::clip(&title, usize::from(width).saturating_sub(44).max(12)).into_owned();
    let inner = boxed(screen, &title, &format!("{scrolls}{key} copies it whole · Esc closes"), area, buf);
    let scroll = sheet.scroll.min(lines.len().saturating_sub(inner.height.into()));
    lines.draw(screen.theme, inner, Some(scroll), buf);
    lines.note(screen, inner, Some(scroll));
}

fn lines(screen: Screen<'_>, of: &LogSheet, width: u16) -> Sheet<'static> {
    let theme = screen.theme;
    let mut sheet = Sheet::default();
    let newest = if of.count > 1 { "newest" } else { "time" };
    let at = of.line.at.map_or_else(|| "the source does not say".to_owned(), |at| when(screen, at));
    let role = match of.line.level {
        Level::Error => Role::Critical,
        Level::Warn => Role::Warning,
        _ => Role::Text,
    };
    pair(screen, newest, &at, Role::Text, width, &mut sheet);
    if let Some(first) = of.earlier.first().and_then(|line| line.at) {
        pair(screen, "first", &when(screen, first), Role::Text, width, &mut sheet);
    }
    pair(screen, "level", of.line.level.word(), role, width, &mut sheet);
    pair(screen, "source", &of.source, Role::Text, width, &mut sheet);
    for (name, values) in &of.labels {
        let more = values.len().saturating_sub(VALUES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown = values[..values.len().min(VALUES)].join(", ");
        pair(screen, name, &format!("{shown}{more}"), Role::Text, width, &mut sheet);
    }
    sheet.gap();
    if !of.fields.is_empty() {
        for (name, value) in &of.fields {
            pair(screen, name, value, Role::Strong, width, &mut sheet);
        }
        sheet.gap();
        sheet.push(Line::from(words(theme, Role::Dim, "as it is written")));
    }
    let role = if of.fields.is_empty() { Role::Strong } else { Role::Text };
    for piece in text::wrap(&of.line.text, width.into()) {
        sheet.push(Line::from(words(theme, role, piece)));
    }
    if !of.earlier.is_empty() {
        sheet.gap();
        let all = of.earlier.len() + 1 == of.count;
        sheet.push(Line::from(words(theme, Role::Dim, if all { "before it" } else { "some of those before it" })));
        for line in &of.earlier {
            sheet.push_wrapped(&earlier(screen, line), width, 2);
        }
    }
    sheet
}

fn earlier(screen: Screen<'_>, line: &LogLine) -> Line<'static> {
    let session = &screen.app.session;
    let at = line.at.map(|at| clock::time(at, &session.zone, session.utc) + "  ").unwrap_or_default();
    Line::from(vec![words(screen.theme, Role::Dim, at), words(screen.theme, Role::Text, line.text.clone())])
}
