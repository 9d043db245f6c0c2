//! All that is known of one thing: what it is, each fact by its name, and what there is more of.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    boxed,
    pairs::{pair, when},
};
use crate::{
    app::{
        Action,
        screen::overlay::{FactSheet, fact_sheet::Fact},
    },
    ui::{Role, Screen, line::words, sheet::Sheet, widget::text},
};

/// The widest lines are read in.
const WIDEST: u16 = 132;

pub(super) fn draw(screen: Screen<'_>, of: &FactSheet, body: Rect, buf: &mut Buffer) {
    let width = body.width.min(WIDEST);
    let inside = width.saturating_sub(4).max(1);
    let lines = lines(screen, of, inside);
    let area = super::middle(body, width, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
    let key = screen.app.session.keymap.key(Action::Copy);
    let scrolls = if lines.len() + 2 > usize::from(body.height) { "↓ ↑ scroll · " } else { "" };
    let title = text::clip(&of.place, usize::from(width).saturating_sub(44).max(12)).into_owned();
    let inner = boxed(screen, &title, &format!("{scrolls}{key} copies all of it · Esc closes"), area, buf);
    let scroll = of.scroll.min(lines.len().saturating_sub(inner.height.into()));
    lines.draw(screen.theme, inner, Some(scroll), buf);
    lines.note(screen, inner, Some(scroll));
}

fn lines(screen: Screen<'_>, of: &FactSheet, width: u16) -> Sheet<'static> {
    let theme = screen.theme;
    let mut sheet = Sheet::default();
    for piece in of.name.lines().flat_map(|line| text::wrap(line, width.into())) {
        sheet.push(Line::from(words(theme, Role::Strong, piece)));
    }
    sheet.gap();
    for (name, fact) in &of.facts {
        match fact {
            Fact::Words(said) | Fact::Address(said) => pair(screen, name, said, Role::Text, width, &mut sheet),
            Fact::At(at) => pair(screen, name, &when(screen, *at), Role::Text, width, &mut sheet),
            Fact::Unsaid => pair(screen, name, "the source does not say", Role::Dim, width, &mut sheet),
        }
    }
    for (heading, lines) in &of.more {
        sheet.gap();
        sheet.push(Line::from(words(theme, Role::Dim, heading.clone())));
        for line in lines {
            sheet.push_wrapped(&Line::from(words(theme, Role::Text, line.clone())), width, 2);
        }
    }
    sheet
}
