//! View 1: panes in a grid, or one that fills the view.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    Cache, Role, Screen,
    line::{self, words},
    pane,
    widget::row,
};
use crate::app::{Action, layout::Grid};

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer, cache: &mut Cache) {
    let Screen { app, theme, .. } = screen;
    let count = app.plan.panes.len();
    if count == 0 || body.is_empty() {
        return draw_empty(screen, body, buf);
    }
    let focus = app.watch.focus.min(count - 1);
    let mut paste = |at: usize, area: Rect, buf: &mut Buffer| {
        if let Some(drawn) = cache.pane(app, theme, at, area) {
            pane::paste(drawn, buf);
        }
    };
    if app.watch.zoomed {
        paste(focus, body, buf);
        let key = app.keymap.key(Action::Back);
        return in_last_line(screen, body, &format!("{} of {count} · {key} back", focus + 1), buf);
    }
    let grid = Grid::of(body, &app.spans());
    let page = grid.page_of(focus);
    let places = || grid.page(page).iter().copied();
    // The focused one comes last, so that its frame is whole.
    for (at, area) in places().filter(|(at, _)| *at != focus).chain(places().filter(|(at, _)| *at == focus)) {
        paste(at, area, buf);
    }
    if grid.pages() > 1 {
        in_last_line(screen, body, &format!("{}/{}", page + 1, grid.pages()), buf);
    }
}

/// Words at the right of the lowest frame line.
fn in_last_line(screen: Screen<'_>, body: Rect, text: &str, buf: &mut Buffer) {
    let shown = Line::from(words(screen.theme, Role::Dim, format!(" {text} ")));
    let cells = line::width(&shown) as u16;
    if body.height >= 3 && body.width > cells + 4 {
        let area = Rect { x: body.right() - cells - 2, y: body.bottom() - 1, width: cells, height: 1 };
        line::put(buf, area, &shown);
    }
}

fn draw_empty(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let key = |action| app.keymap.key(action);
    let sources = if app.config.sources.is_empty() {
        "No sources and no panes yet: `stanch init` writes a stanch.toml that has some.".to_owned()
    } else {
        "No panes yet: add a [[pane]] to stanch.toml.".to_owned()
    };
    let without = format!(
        "The rest works without: {} takes a symptom you type, {} adds hypotheses, {} writes a note.",
        key(Action::TakeSymptom),
        key(Action::AddHypotheses),
        key(Action::Note),
    );
    let half = body.height / 2;
    row::middle(buf, Rect { height: half, ..body }, &sources, theme[Role::Text]);
    row::middle(buf, Rect { y: body.y + half, height: body.height - half, ..body }, &without, theme[Role::Dim]);
}
