//! Log lines, one a record or one for all that say the same, the newest at the bottom; wrapped, where that is wanted.

use jiff::Timestamp;
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use super::{ALL_LATER, Body, Head, alerts};
use crate::{
    app::world::rows::{Totals, What},
    base::human_time,
    signal::{Level, LogLine},
    ui::{
        Role,
        widget::{list, row, text},
    },
};

/// Least cells of a pane that says how long ago the last of several lines was; their time stands in front of them.
const WITH_AGE: u16 = 80;

/// A row in view.
struct Shown<'a> {
    row: usize,
    line: &'a LogLine,
    /// Its text, or as much of it as there is room for.
    pieces: Vec<String>,
}

/// What stands before the text of each line.
struct Margin {
    times: bool,
    /// Cells for how many lines say the same; 0 where none do.
    count: usize,
}

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let rows = &body.input.rows;
    let count = (0..rows.len()).take_while(|row| line(body, *row).is_some()).count();
    if count == 0 {
        return body.say_no_rows("no log lines", buf);
    }
    let Totals { lines, errors, most, .. } = rows.totals();
    let looked_at = body.input.time.and_then(|time| {
        (0..count).rev().find(|row| line(body, *row).and_then(|line| line.at).is_some_and(|at| at <= time))
    });
    let selected = body.input.cursor.and_then(|id| rows.line(id));
    // Of a time before all of them the oldest are the nearest.
    let all_later = body.input.time.is_some() && looked_at.is_none();
    let in_view = looked_at.or(all_later.then_some(0)).or(selected);
    let dated = (0..count).any(|row| line(body, row).is_some_and(|line| line.at.is_some()));
    let margin = Margin {
        times: dated && body.area.width >= 40,
        count: if lines > count { text::width(&times(most)) + 1 } else { 0 },
    };
    let shown = if body.input.wrapped {
        wrapped(body, count, margin.cells(body), in_view)
    } else {
        let view = list::in_view_from_end(count, body.area.height.into(), body.input.scroll, in_view);
        view.filter_map(|row| Some(Shown { row, line: line(body, row)?, pieces: Vec::new() })).collect()
    };
    let (mut y, mut ages) = (0, Vec::new());
    for one in &shown {
        let height = one.pieces.len().max(1) as u16;
        ages.extend(draw_line(body, &margin, one, Rect { height, ..body.line(y) }, buf));
        if looked_at == Some(one.row) {
            body.mark_time(y, buf);
        }
        y += height;
    }
    let role = if errors > 0 { Role::Critical } else { Role::Dim };
    let view = shown.first().map_or(0, |first| first.row)..shown.last().map_or(0, |last| last.row + 1);
    body.note_tall_rows(shown.iter().map(|one| (one.row, one.pieces.len().max(1) as u16)), &view, count);
    let all = if lines == 1 { "1 line".into() } else { format!("{lines} lines") };
    let all = if lines > count { format!("{all} in {count}") } else { all };
    let of = list::position(&view, count).filter(|_| body.input.scroll > 0 || selected.is_some());
    let count = if all_later { ALL_LATER.to_owned() } else { of.unwrap_or(all) };
    let bad = format!("{errors} err");
    let head = match errors {
        0 => Head::of(body.style(role), [count]),
        _ => Head::of(body.style(role), [format!("{bad} · {count}"), bad]),
    };
    Head { ages, ..head }
}

impl Margin {
    fn cells(&self, body: &Body<'_, '_>) -> u16 {
        let cells = if self.times { TIME } else { 0 } + SIGN + self.count;
        u16::try_from(cells).unwrap_or(u16::MAX).min(body.area.width.saturating_sub(1))
    }
}

/// Cells of a time and of a level, each with a space behind it.
const TIME: usize = 9;
const SIGN: usize = 7;

fn line<'a>(body: &Body<'a, '_>, row: usize) -> Option<&'a LogLine> {
    match body.input.rows.what(row) {
        Some(What::Line(line)) => Some(line),
        _ => None,
    }
}

/// The rows in view with their whole text: up to the newest, unless what is selected is above those.
fn wrapped<'a>(body: &Body<'a, '_>, count: usize, margin: u16, selected: Option<usize>) -> Vec<Shown<'a>> {
    let room = usize::from(body.area.width - margin);
    let height = usize::from(body.area.height);
    let whole = |row: usize| {
        let line = line(body, row)?;
        let mut pieces = text::wrap(&line.text, room);
        if pieces.len() > height {
            let rest = pieces.split_off(height.saturating_sub(1)).concat();
            pieces.push(text::clip(&rest, room).into_owned());
        }
        Some(Shown { row, line, pieces })
    };
    let mut used = 0;
    let mut fits = |shown: &Shown<'_>| {
        used += shown.pieces.len().max(1);
        used <= height
    };
    let mut shown: Vec<_> = (0..count).rev().map_while(whole).take_while(&mut fits).collect();
    shown.reverse();
    match selected {
        Some(selected) if shown.first().is_none_or(|first| selected < first.row) => {
            used = 0;
            let mut fits = |shown: &Shown<'_>| {
                used += shown.pieces.len().max(1);
                used <= height
            };
            (selected..count).map_while(whole).take_while(&mut fits).collect()
        }
        _ => shown,
    }
}

/// Draws a row; the time whose age it says, if it says one.
fn draw_line(
    body: &Body<'_, '_>,
    margin: &Margin,
    shown: &Shown<'_>,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Timestamp> {
    let Shown { row, line, pieces } = shown;
    let (sign, role) = sign(line.level);
    let (dim, plain) = (body.style(Role::Dim), body.style(Role::Text));
    let time = match line.at {
        _ if !margin.times => String::new(),
        Some(at) => at.to_zoned(body.input.tz.clone()).strftime("%H:%M:%S ").to_string(),
        None => " ".repeat(TIME),
    };
    let repeats = body.input.rows.repeats(*row);
    let count = if repeats > 1 { times(repeats) } else { String::new() };
    let count = if margin.count > 0 { text::right(&count, margin.count - 1) + " " } else { count };
    let words = if line.level < Level::Warn { dim } else { plain };
    let first = Rect { height: 1, ..area };
    let last = line.at.filter(|_| repeats > 1 && pieces.is_empty() && area.width >= WITH_AGE);
    let age = |at| format!("last {} ago", human_time::long(human_time::between(at, body.input.now)));
    let said = last.map(age);
    let text = pieces.first().unwrap_or(&line.text);
    let left = [(time.as_str(), dim), (sign, body.style(role)), (&count, body.style(Role::Accent)), (text, words)];
    row::line(buf, first, &left, said.as_ref().map(|said| (said.as_str(), dim)).as_slice());
    let indent = margin.cells(body);
    for (y, piece) in (area.y + 1..area.bottom()).zip(pieces.iter().skip(1)) {
        row::put(buf, area, area.x + indent, y, piece, words);
    }
    mark(body, Rect { x: area.x + indent, width: area.width.saturating_sub(indent), ..area }, buf);
    if body.input.cursor.is_some_and(|id| body.input.rows.id(*row) == Some(id)) {
        (area.y..area.bottom()).for_each(|y| alerts::select(body, Rect { y, height: 1, ..area }, buf));
    }
    last
}

/// Marks in drawn text what is to be seen at a glance, in whatever case it is written. What a line break parts is not found.
fn mark(body: &Body<'_, '_>, area: Rect, buf: &mut Buffer) {
    let style = body.style(Role::Accent).add_modifier(Modifier::REVERSED);
    let wanted: Vec<String> = body.input.marked.iter().map(|text| text.to_lowercase()).collect();
    for y in area.top()..area.bottom() {
        if wanted.is_empty() {
            return;
        }
        // The text of the row, and of which cell each of its bytes is.
        let (mut shown, mut cells) = (String::new(), Vec::new());
        let mut x = area.left();
        while x < area.right() {
            let symbol = buf[(x, y)].symbol().to_lowercase();
            cells.extend(std::iter::repeat_n(x, symbol.len()));
            x += u16::try_from(text::width(&symbol)).unwrap_or(1).max(1);
            shown.push_str(&symbol);
        }
        for wanted in &wanted {
            for (at, found) in shown.match_indices(wanted.as_str()) {
                for x in &cells[at..at + found.len()] {
                    buf[(*x, y)].set_style(style);
                }
            }
        }
    }
}

/// How many lines say the same: `× 37`.
fn times(count: usize) -> String {
    format!("× {count}")
}

fn sign(level: Level) -> (&'static str, Role) {
    match level {
        Level::Error => ("▲ err  ", Role::Critical),
        Level::Warn => ("● warn ", Role::Warning),
        Level::Info => ("· info ", Role::Dim),
        Level::Debug => ("  dbg  ", Role::Dim),
    }
}
