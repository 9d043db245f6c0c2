//! The list of runbooks: what each is called, and why it fits or where it is.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field};
use crate::{
    app::screen::overlay::RunbookList,
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::{list, text},
    },
};

pub(super) fn draw(screen: Screen<'_>, runbooks: &RunbookList, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let area = super::middle(body, 110, 24);
    let inner = boxed(screen, "Runbooks", "Enter opens · Esc leaves", area, buf);
    let field = Rect { height: inner.height.min(1), ..inner };
    line::put(buf, field, &Line::from(words(theme, Role::Accent, sign::PROMPT)));
    draw_field(screen, &runbooks.field, Rect { x: field.x + 2, width: field.width.saturating_sub(2), ..field }, buf);
    let below = Rect { y: inner.y + field.height, height: inner.height.saturating_sub(1), ..inner };
    if runbooks.found().len() == 0 {
        line::put(buf, below, &Line::from(words(theme, Role::Dim, "  no runbook has all of these words")));
    }
    let top = screen.app.screen.overlay_top;
    let view = list::in_view(runbooks.found().len(), below.height.into(), top, Some(runbooks.cursor));
    screen.note_lines(below, &view, runbooks.found().len());
    let shown = runbooks.found().enumerate().skip(view.start).take(view.len());
    for (y, (at, row)) in (below.y..).zip(shown) {
        let place = Rect { y, height: 1, ..below };
        let selected = at == runbooks.cursor;
        let fits = if row.place.alert.is_empty() { Role::Text } else { Role::Strong };
        let left = Line::from(vec![
            words(theme, Role::Focus, format!("{} ", sign::cursor(selected))),
            words(theme, fits, row.title.clone()),
        ]);
        // The title has the room it needs; of where it is both ends are read.
        let room = usize::from(below.width).saturating_sub(line::width(&left).min(usize::from(below.width) / 2) + 2);
        let about = text::clip_middle(&row.about, room).into_owned();
        line::put_both(buf, place, &left, &Line::from(words(theme, Role::Dim, about)));
        if selected {
            line::select(buf, place, theme);
        }
    }
}
