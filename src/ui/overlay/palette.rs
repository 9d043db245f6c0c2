//! Actions by name.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field};
use crate::{
    app::{
        action::{Scope, synonyms},
        screen::overlay::Palette,
    },
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::{list, text},
    },
};

/// Cells of an action's name.
const NAME: usize = 16;

pub(super) fn draw(screen: Screen<'_>, palette: &Palette, body: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let inner =
        boxed(screen, "Find an action by any word", "Enter does it · Esc leaves", super::middle(body, 76, 20), buf);
    let field = Rect { height: inner.height.min(1), ..inner };
    line::put(buf, field, &Line::from(words(theme, Role::Accent, ": ")));
    draw_field(screen, &palette.field, Rect { x: field.x + 2, width: field.width.saturating_sub(2), ..field }, buf);
    let below = Rect { y: inner.y + field.height, height: inner.height.saturating_sub(1), ..inner };
    if palette.found.is_empty() {
        let said = match synonyms::elsewhere(&palette.field.text(), |action| app.session.keymap.quoted(action)) {
            Some(said) => format!("  {said}"),
            None => "  no action has such a word; Esc leaves".to_owned(),
        };
        line::put(buf, below, &Line::from(words(theme, Role::Dim, said)));
        return;
    }
    let view =
        list::in_view(palette.found.len(), below.height.into(), screen.app.screen.overlay_top, Some(palette.cursor));
    screen.note_lines(below, &view, palette.found.len());
    for (y, at) in (below.y..).zip(view) {
        let action = palette.found[at];
        let row = Rect { y, height: 1, ..below };
        let selected = at == palette.cursor;
        let left = Line::from(vec![
            words(theme, Role::Focus, format!("{} ", sign::cursor(selected))),
            words(theme, Role::Strong, format!("{} ", text::left(action.spec().name, NAME))),
            words(theme, Role::Text, action.spec().doc),
        ]);
        let keys = words(theme, Role::Key, app.session.keymap.keys_of(action).join("  "));
        let right = match action.spec().scope {
            Scope::In(view) if view != app.screen.view => {
                Line::from(vec![words(theme, Role::Dim, format!("in {}  ", view.name())), keys])
            }
            _ => Line::from(keys),
        };
        line::put_both(buf, row, &left, &right);
        if selected {
            line::select(buf, row, theme);
        }
    }
}
