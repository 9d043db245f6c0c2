//! The heads of the columns: label, title in a few lines, what is known.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Style, Stylize},
    text::Line,
};

use super::{Table, head_words};
use crate::{
    app::{clock, world::checks},
    incident::{Observation, ObservationState, board::AssumptionState},
    ui::{
        Role, line,
        line::words,
        widget::{list, text},
    },
};

/// The least width, in cells, at which a title is cut in the middle.
const MIDDLE: usize = 14;
/// Most lines of a title.
const MOST: usize = 8;

/// Lines a title takes on a board of this height: as many as the longest needs, where the rows leave them. All columns
/// count, those that are out of view too, so that nothing moves when they are scrolled.
pub(super) fn title_lines(columns: &[Observation], cell: u16, height: u16, rows: usize) -> u16 {
    let least = if height < 26 { 2 } else { 3 };
    let width = usize::from(inner_width(cell));
    // A label, a state and a mark; below each row a line about it, where there is room for that.
    let left = |each: usize| usize::from(height).saturating_sub(3 + each * rows);
    let free = if left(2) >= least { left(2) } else { left(1) };
    let most = free.min(MOST).max(least);
    let mut needed = least;
    for column in columns.iter().filter(|column| column.text.len() > width) {
        if needed >= most {
            break;
        }
        // Of lines that are broken where a word ends, every other one may be short; most titles need no look.
        if 2 * column.text.len() / usize::max(width, 1) + 1 > needed {
            needed = needed.max(head_words::wrap(&column.text, width).len());
        }
    }
    needed.min(most) as u16
}

/// Cells of a column that have words. The narrowest has just room for `untested`.
fn inner_width(cell: u16) -> u16 {
    cell.saturating_sub(if cell > 10 { 2 } else { 1 })
}

pub(super) fn height(table: &Table<'_>) -> u16 {
    if table.columns.is_empty() {
        return 1;
    }
    let marks = table.columns.iter().map(|column| marks(table, column, usize::MAX).len()).max().unwrap_or(0);
    // A label, the title, the state, marks if there are some.
    1 + table.titles + 1 + u16::try_from(marks).unwrap_or(u16::MAX)
}

pub(super) fn draw(table: &Table<'_>, area: Rect, buf: &mut Buffer) {
    draw_corner(table, Rect { width: table.label, ..area }, buf);
    for (at, column) in table.columns.iter().enumerate() {
        draw_column(table, column, table.column_area(at, area.y, area.height), buf);
    }
}

/// Says which part of the board is in view, and whose order it is.
fn draw_corner(table: &Table<'_>, area: Rect, buf: &mut Buffer) {
    let board = &table.screen.app.incident.board;
    let theme = table.screen.theme;
    let mut first = Line::from(words(theme, Role::Title, " Board").bold());
    if let Some(view) = list::position(&table.view, board.observations.len()) {
        first.push_span(words(theme, Role::Dim, format!("  columns {view}")));
    }
    let broken = board.assumptions.iter().filter(|a| a.hypothesis.is_none() && a.state == AssumptionState::Broken);
    match broken.count() {
        0 => {}
        1 => first.push_span(words(theme, Role::Critical, "  a✗ all hangs on 1")),
        more => first.push_span(words(theme, Role::Critical, format!("  a✗ all hangs on {more}"))),
    }
    line::put(buf, Rect { height: area.height.min(1), ..area }, &first);
    let order = if board.hand_order.is_empty() { "by evidence, in bits" } else { "ranked by hand" };
    if area.height >= 2 {
        let second = Line::from(words(theme, Role::Dim, format!(" {order}")));
        line::put(buf, Rect { y: area.bottom() - 1, height: 1, ..area }, &second);
    }
    let between = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: area.height };
    let between = Rect { height: area.height.saturating_sub(2), ..between };
    draw_whole_name(table, between, buf);
}

/// The whole name of the selected row, where it may be cut below.
fn draw_whole_name(table: &Table<'_>, area: Rect, buf: &mut Buffer) {
    let Some(id) = table.row else { return };
    let (label, name) = super::name(table.screen, id);
    // Rows of one line have less room for it.
    let lines = table.area.height.saturating_sub(height(table));
    let less = if table.order.len() * 2 > usize::from(lines) + 1 { 10 } else { 0 };
    if super::AROUND + text::width(&label) + text::width(&name) + less <= table.label.into() {
        return;
    }
    let lines = wrapped(&format!("{label} {name}"), area.width.into(), area.height.into());
    for (y, words) in (area.y..area.bottom()).zip(&lines) {
        line::at(buf, area, area.x, y, words, table.screen.theme[Role::Text]);
    }
}

fn draw_column(table: &Table<'_>, column: &Observation, area: Rect, buf: &mut Buffer) {
    let theme = table.screen.theme;
    let selected = table.column == Some(column.id);
    let quiet = column.coincidence || table.known.agreed.contains(&column.id);
    let inner = Rect { x: area.x + 1, width: inner_width(area.width), ..area };
    let plain = theme[if quiet { Role::Dim } else { Role::Text }];
    let label = if selected { theme[Role::Focus] } else { theme[Role::Dim] };
    line::at(buf, inner, inner.x, inner.y, &column.label, label);
    let lines = wrapped(&column.text, inner.width.into(), table.titles.into());
    for (y, words) in (inner.y + 1..inner.bottom()).zip(&lines) {
        line::at(buf, inner, inner.x, y, words, plain);
    }
    let y = inner.y + 1 + table.titles;
    let (word, style) = state(table, column, quiet);
    if y < inner.bottom() {
        line::at(buf, inner, inner.x, y, &text::clip(word, inner.width.into()), style);
    }
    for (y, (words, role)) in (y + 1..inner.bottom()).zip(marks(table, column, inner.width.into())) {
        line::at(buf, inner, inner.x, y, &text::clip(&words, inner.width.into()), theme[role]);
    }
    if selected {
        line::select(buf, Rect { width: area.width.saturating_sub(1), ..area }, theme);
    }
}

/// The first lines of a text; `…` in the last one says that there is more.
fn wrapped(title: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines = head_words::wrap(title, width);
    if lines.len() > most && most > 0 {
        let rest = lines.split_off(most - 1).join(" ");
        // Titles often differ at their ends only; in a narrow column that would leave crumbs.
        let cut = if width < MIDDLE { text::clip(&rest, width) } else { text::clip_middle(&rest, width) };
        lines.push(cut.into_owned());
    }
    lines
}

fn state(table: &Table<'_>, column: &Observation, quiet: bool) -> (&'static str, Style) {
    let theme = table.screen.theme;
    let style = match column.state {
        _ if quiet => theme[Role::Dim],
        ObservationState::Present => theme[Role::Strong],
        ObservationState::Absent => theme[Role::Text],
        ObservationState::Untested => theme[Role::Accent],
        ObservationState::Unclear => theme[Role::Stale],
    };
    (column.state.word(), style)
}

/// What else is to be known of a column, a line each: what its check shows first.
fn marks(table: &Table<'_>, column: &Observation, width: usize) -> Vec<(String, Role)> {
    let app = table.screen.app;
    let checked = checks::check_of(app.facts(), column).map(|view| super::check::short(app, &view, width));
    checked.into_iter().chain(mark(table, column, width).map(|words| (words, Role::Dim))).collect()
}

fn mark(table: &Table<'_>, column: &Observation, width: usize) -> Option<String> {
    let app = table.screen.app;
    if column.coincidence {
        return Some("chance?".into());
    }
    if let Some(cleared) = column.cleared {
        let at = clock::minute(cleared, &app.session.zone, app.session.utc);
        // Under its state, which is present: till then.
        let mut forms = [format!("cleared {at}"), format!("till {at}"), format!("to {at}")].into_iter();
        return forms.find(|form| text::width(form) <= width).or_else(|| Some(format!("-{at}")));
    }
    let origin = column.origin.as_ref()?;
    let mut others = app.incident.board.observations.iter().take_while(|other| other.id != column.id);
    // Of one origin: they count once together.
    others.find(|other| other.origin.as_ref() == Some(origin)).map(|other| format!("with {}", other.label))
}
