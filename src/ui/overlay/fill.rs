//! The fill strip: one cell after the other, one key each. The board stays in view above it, with the cell asked for
//! highlighted.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, put_lines};
use crate::{
    app::overlay::Fill,
    incident::Cell,
    ui::{
        Role, Screen,
        line::{self, words},
    },
};

/// Lines the strip takes at the bottom of the body.
pub(in crate::ui) fn height(body: Rect) -> u16 {
    let height = if body.width < 100 { 5 } else { 4 };
    height.min(body.height)
}

pub(super) fn draw(screen: Screen<'_>, fill: &Fill, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let height = height(body);
    let area = Rect { y: body.bottom() - height, height, ..body };
    let at = format!("{} of {} · Esc leaves the rest ?", (fill.at + 1).min(fill.cells.len()), fill.cells.len());
    let inner = boxed(screen, "Fill", &at, area, buf);
    let Some((hypothesis, observation)) = fill.current() else { return };
    let board = &screen.app.incident.board;
    let (Some(row), Some(column)) = (board.hypothesis(hypothesis), board.observation(observation)) else { return };
    let asked = Line::from(vec![
        words(theme, Role::Strong, format!("{} {}", column.label, column.text)),
        words(theme, Role::Dim, format!(" ({})", column.state.word())),
        words(theme, Role::Text, "  what does "),
        words(theme, Role::Strong, format!("{} {}", row.label, row.text)),
        words(theme, Role::Text, " expect?"),
    ]);
    line::put(buf, inner, &asked);
    let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    put_lines(&answers(screen, inner.width), below, buf);
}

fn answers(screen: Screen<'_>, width: u16) -> Vec<Line<'static>> {
    let theme = screen.theme;
    let cell = |cell: Cell| match cell {
        Cell::Cannot => ("!".to_owned(), cell.words()),
        cell => (cell.sign().to_string(), cell.words()),
    };
    let cells = [Cell::Must, Cell::Likely, Cell::Neutral, Cell::Unlikely, Cell::Cannot].map(cell);
    let others =
        [(",".to_owned(), "rest of the column says nothing"), ("?".to_owned(), "skip"), ("←".to_owned(), "back")];
    let mut lines = vec![Line::default()];
    for (key, does) in cells.into_iter().chain(others) {
        let entry = [words(theme, Role::Key, key), words(theme, Role::Text, format!(" {does}   "))];
        let last = lines.len() - 1;
        let cells = line::width(&lines[last]) + line::width(&Line::from(entry.to_vec()));
        if cells > usize::from(width) + 3 && !lines[last].spans.is_empty() {
            lines.push(Line::default());
        }
        let last = lines.len() - 1;
        lines[last].spans.extend(entry);
    }
    lines
}
