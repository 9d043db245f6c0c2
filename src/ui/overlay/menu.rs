//! What can be done with what was clicked on, beside it.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::boxed;
use crate::{
    app::{Action, App, screen::overlay::Menu},
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::{list, text},
    },
};

/// The widest it gets, in cells.
const WIDEST: usize = 72;

pub(super) fn draw(screen: Screen<'_>, menu: &Menu, body: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let keys = menu.actions.iter().map(|action| text::width(&keys_of(app, *action))).max().unwrap_or(0);
    let docs = menu.actions.iter().map(|action| text::width(doc(*action))).max().unwrap_or(0);
    let inner = boxed(screen, "Do", "Enter does it · Esc", area(menu, keys + docs + 8, body), buf);
    let view = list::in_view(menu.actions.len(), inner.height.into(), app.screen.overlay_top, Some(menu.cursor));
    screen.note_lines(inner, &view, menu.actions.len());
    for (y, at) in (inner.y..).zip(view) {
        let (row, action) = (Rect { y, height: 1, ..inner }, menu.actions[at]);
        let line = Line::from(vec![
            words(theme, Role::Focus, format!("{} ", sign::cursor(at == menu.cursor))),
            words(theme, Role::Key, format!("{}  ", text::left(&keys_of(app, action), keys))),
            words(theme, Role::Text, doc(action)),
        ]);
        line::put(buf, row, &line);
        if at == menu.cursor {
            line::select(buf, row, theme);
        }
    }
}

/// Below what was clicked on and on its right where there is room, else as near as can be.
fn area(menu: &Menu, width: usize, body: Rect) -> Rect {
    let width = u16::try_from(width.clamp(30, WIDEST)).unwrap_or(u16::MAX).min(body.width);
    let height = u16::try_from(menu.actions.len() + 2).unwrap_or(u16::MAX).min(body.height);
    let (column, row) = menu.at;
    let x = column.clamp(body.x, body.right() - width);
    let y = (row + 1).clamp(body.y, body.bottom() - height);
    Rect { x, y, width, height }
}

/// What it does to what was clicked on.
fn doc(action: Action) -> &'static str {
    if action == Action::Open { "open it" } else { action.spec().doc }
}

/// Its first key, or how it is called in the palette.
fn keys_of(app: &App, action: Action) -> String {
    let key = app.session.keymap.key(action);
    let called = || format!("{} {}", app.session.keymap.key(Action::Palette), action.spec().name);
    if key.is_empty() { called() } else { key }
}
