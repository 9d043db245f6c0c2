//! The fill strip: one cell after the other, one key each. The board stays in view above it, with the cell asked for
//! highlighted.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, put_lines};
use crate::{
    app::screen::overlay::Fill,
    incident::Cell,
    ui::{Role, Screen, line, line::words, widget::text},
};

/// The least width, in cells, at which all answers stand in one row.
const ONE_ROW: u16 = 140;

/// Lines the strip takes at the bottom of the body.
pub(in crate::ui) fn height(body: Rect) -> u16 {
    let height = if body.width < ONE_ROW { 6 } else { 5 };
    height.min(body.height)
}

pub(super) fn draw(screen: Screen<'_>, fill: &Fill, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let height = height(body);
    let area = Rect { y: body.bottom() - height, height, ..body };
    let (number, all) = fill.place();
    let at = format!("{number} of {all} · Esc leaves the rest ?");
    let inner = boxed(screen, "Fill: what does each row expect?", &at, area, buf);
    let Some((hypothesis, observation)) = fill.current() else { return };
    let board = &screen.app.incident.board;
    let (Some(row), Some(column)) = (board.hypothesis(hypothesis), board.observation(observation)) else { return };
    // Names give way, the question does not.
    let name = |room: usize, label: &str, name: &str| {
        let room = usize::from(inner.width).saturating_sub(room);
        words(theme, Role::Strong, text::clip_middle(&format!("{label} {name}"), room).into_owned())
    };
    let state = format!(" ({})", column.state.word());
    let sign = Line::from(vec![name(state.len(), &column.label, &column.text), words(theme, Role::Dim, state)]);
    let (before, behind) = ("If it is ", ", then this …");
    let asked = Line::from(vec![
        words(theme, Role::Text, before),
        name(before.len() + behind.len(), &row.label, &row.text),
        words(theme, Role::Text, behind),
    ]);
    let mut lines = vec![sign, asked];
    lines.extend(answers(screen, inner.width));
    if fill.stray.is_some() {
        // What answers stays in sight: the word of what was pressed is said in the place of the column.
        let said = "✗ letters are no answer here; nothing was filled";
        lines[0] = super::paragraph(screen, Role::Warning, said, inner.width).swap_remove(0);
    }
    put_lines(&lines, inner, buf);
}

fn answers(screen: Screen<'_>, width: u16) -> Vec<Line<'static>> {
    let theme = screen.theme;
    let cell = |cell: Cell| (cell.sign().to_string(), cell.words());
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
