//! Rows and columns; numbers aligned on the right, columns as wide as they need to be. Where there is no room for all, those
//! that say least give way: what is the same in each row, times, then words, the last of them first.

use std::collections::HashMap;

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Body, Head, alerts, level, readout};
use crate::{
    app::world::rows::{Row, What, series_names},
    signal::{Data, Series, Table, Tone},
    ui::{
        Role,
        widget::{list, row, text},
    },
};

/// Labels of series shown as columns, at most.
const MAX_LABELS: usize = 6;
/// In so many cells most words can be told from others.
const MOST_WORDS: usize = 10;

/// A table as it is shown, whatever it came from.
struct Grid {
    heads: Vec<(String, bool)>,
    rows: Vec<(String, Vec<(String, Style)>)>,
}

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let all = body.input.rows.shown();
    if all.is_empty() {
        return body.say_no_rows("no rows", buf);
    }
    let grid = match source_table(body) {
        Some(table) => of_cells(body, table, &all),
        None => of_series(body, &all),
    };
    let columns = grid.heads.len();
    let grid = grid.with_room(usize::from(body.area.width));
    let hidden = columns - grid.heads.len();
    let widths = widths(&grid, usize::from(body.area.width));
    let head_lines = u16::from(body.area.height > 1);
    if head_lines == 1 {
        let heads: Vec<(String, Style)> =
            grid.heads.iter().map(|(name, _)| (name.clone(), body.style(Role::Dim))).collect();
        draw_cells(&grid, &heads, &widths, body.line(0), buf);
    }
    let selected = body.input.cursor.and_then(|id| grid.rows.iter().position(|row| row.0 == id));
    let height = usize::from(body.area.height - head_lines);
    let view = list::in_view(grid.rows.len(), height, body.input.scroll, selected);
    body.note_rows(head_lines, height, &view, grid.rows.len());
    for (at, (id, cells)) in (head_lines..).zip(&grid.rows[view.clone()]) {
        draw_cells(&grid, cells, &widths, body.line(at), buf);
        if body.input.cursor == Some(id.as_str()) {
            alerts::select(body, body.line(at), buf);
        }
    }
    let dropped = source_table(body).map_or(0, |table| table.dropped);
    let n = grid.rows.len();
    let total = match (n, dropped) {
        (1, 0) => "1 row".into(),
        (_, 0) => format!("{n} rows"),
        _ => format!("{n} rows, {dropped} left out"),
    };
    let forms = [list::position(&view, n), Some(total)].into_iter().flatten();
    let more = if hidden == 1 { "1 column more".to_owned() } else { format!("{hidden} columns more") };
    let forms = forms.flat_map(|words| (hidden > 0).then(|| format!("{words} · {more}")).into_iter().chain([words]));
    Head::of(body.style(Role::Dim), forms.collect::<Vec<_>>())
}

fn source_table<'a>(body: &Body<'a, '_>) -> Option<&'a Table> {
    body.input.slots.iter().find_map(|slot| match &slot.reading?.data {
        Data::Table(table) => Some(table),
        _ => None,
    })
}

fn of_cells(body: &Body<'_, '_>, table: &Table, all: &[Row<'_>]) -> Grid {
    let plain = body.style(Role::Text);
    // Rows are found by where they lie: they were sorted and filtered on the way here.
    let places: HashMap<*const String, usize> = match table.tones.is_empty() {
        true => HashMap::new(),
        false => table.rows.iter().enumerate().map(|(at, row)| (row.as_ptr(), at)).collect(),
    };
    let tone = |cells: &[String], column: usize| {
        let row = places.get(&cells.as_ptr())?;
        let known = table.tones.binary_search_by_key(&(*row, column), |(row, column, _)| (*row, *column)).ok()?;
        table.tones.get(known).map(|(.., tone)| *tone)
    };
    let styled = |cells: &[String], column: usize, cell: &str| {
        let tone = tone(cells, column);
        let style = match tone {
            Some(Tone::Bad) => body.style(Role::Critical),
            Some(Tone::Warning) => body.style(Role::Warning),
            Some(Tone::Good) => body.style(Role::Ok),
            None => plain,
        };
        match readout::sign_of(tone) {
            "" => (cell.to_owned(), style),
            sign => (format!("{sign} {cell}"), style),
        }
    };
    let cells = |row: &Row<'_>| match row.what {
        What::Cells(cells) => {
            let styled = cells.iter().enumerate().map(|(column, cell)| styled(cells, column, cell));
            Some((row.id.clone(), styled.collect()))
        }
        _ => None,
    };
    Grid {
        heads: table.columns.iter().map(|column| (column.name.clone(), column.numeric)).collect(),
        rows: all.iter().filter_map(cells).collect(),
    }
}

/// Series of now: a column for each label that tells them apart, and the value.
fn of_series(body: &Body<'_, '_>, all: &[Row<'_>]) -> Grid {
    let series: Vec<(&str, &Series)> = all
        .iter()
        .filter_map(|row| match row.what {
            What::Series(series) => Some((row.id.as_str(), series)),
            _ => None,
        })
        .collect();
    let names = if body.input.pane.legend.is_some() { Vec::new() } else { telling_labels(&series) };
    let mut heads: Vec<(String, bool)> = names.iter().map(|name| ((*name).to_owned(), false)).collect();
    if names.is_empty() {
        heads.push(("series".into(), false));
    }
    heads.push(("value".into(), true));
    let rows = series.iter().map(|(id, series)| {
        let plain = body.style(Role::Text);
        let mut cells: Vec<(String, Style)> =
            names.iter().map(|name| (series.labels.get(name).unwrap_or_default().to_owned(), plain)).collect();
        if names.is_empty() {
            cells.push((series_names::name(series, body.input.pane), plain));
        }
        let value = series.last().map_or(f64::NAN, |point| point.v);
        let level = level::of(&body.input.pane.thresholds, value);
        let shown = format!("{}{}", level::sign(level), body.input.pane.unit.format(value));
        cells.push((shown, level::row_style(level, body.theme)));
        ((*id).to_owned(), cells)
    });
    Grid { rows: rows.collect(), heads }
}

/// Names of labels whose values differ between the series.
fn telling_labels<'s>(series: &[(&str, &'s Series)]) -> Vec<&'s str> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in series.iter().flat_map(|(_, series)| series.labels.iter()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.retain(|name| {
        let first = series.first().and_then(|(_, first)| first.labels.get(name));
        *name != "__name__" && series.iter().any(|(_, other)| other.labels.get(name) != first)
    });
    names.truncate(MAX_LABELS);
    names
}

impl Grid {
    /// The columns that can be read in so many cells. The first one of words names the rows, and stays; numbers are what
    /// tables are looked at for.
    fn with_room(mut self, room: usize) -> Self {
        let mut kept: Vec<usize> = (0..self.heads.len()).collect();
        let need: Vec<usize> = kept.iter().map(|at| self.least(*at)).collect();
        if need.iter().sum::<usize>() + 2 * need.len() <= room + 2 {
            return self;
        }
        let rank = |at: usize| match (self.is_same(at), self.is_times(at), self.heads[at].1) {
            (true, ..) => 0,
            (_, true, _) => 1,
            (.., false) => 2,
            (.., true) => 3,
        };
        let ranks: Vec<u8> = kept.iter().map(|at| rank(*at)).collect();
        let first = (0..self.heads.len()).find(|at| ranks[*at] == 2).unwrap_or(0);
        while kept.len() > 2 && kept.iter().map(|at| need[*at] + 2).sum::<usize>() > room + 2 {
            // Of those that say as little the last one.
            let least = kept.iter().filter(|at| **at != first).rev().min_by_key(|at| ranks[**at]).copied();
            kept.retain(|at| Some(*at) != least);
        }
        if kept.len() < self.heads.len() {
            self.heads = kept.iter().filter_map(|at| self.heads.get(*at).cloned()).collect();
            for (_, cells) in &mut self.rows {
                *cells = kept.iter().filter_map(|at| cells.get(*at).cloned()).collect();
            }
        }
        self
    }

    /// The cells in which a column can be read: numbers as they are, words with most of their letters.
    fn least(&self, at: usize) -> usize {
        let need = self.need(at);
        if self.heads[at].1 { need } else { need.min(MOST_WORDS) }
    }

    fn need(&self, at: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.1.get(at)).map(|cell| text::width(&cell.0));
        cells.chain([text::width(&self.heads[at].0)]).max().unwrap_or_default()
    }

    /// Whether its cells are times of a day: `2026-11-30 23:39:00`.
    fn is_times(&self, at: usize) -> bool {
        let is_time = |cell: &str| cell.len() >= 19 && cell.bytes().filter(|byte| *byte == b':').count() == 2;
        let mut cells = self.rows.iter().filter_map(|row| row.1.get(at)).map(|cell| cell.0.as_str());
        !self.rows.is_empty() && cells.all(is_time)
    }

    fn is_same(&self, at: usize) -> bool {
        let mut cells = self.rows.iter().map(|row| row.1.get(at).map(|cell| cell.0.as_str()));
        let first = cells.next().flatten();
        self.rows.len() > 1 && cells.all(|cell| cell == first)
    }
}

/// Cells per column: what each needs, and where that is too much, the widest gives way first.
fn widths(grid: &Grid, room: usize) -> Vec<usize> {
    const LEAST: usize = 4;
    let columns = grid.heads.len();
    let mut widths: Vec<usize> = (0..columns).map(|at| grid.need(at)).collect();
    let room = room.saturating_sub(2 * columns.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        // Numbers are of no use when they are cut.
        let words = (0..columns).filter(|at| !grid.heads[*at].1).max_by_key(|at| widths[*at]);
        let any = (0..columns).max_by_key(|at| widths[*at]);
        match words.filter(|at| widths[*at] > LEAST).or(any.filter(|at| widths[*at] > 0)) {
            Some(at) => widths[at] -= 1,
            None => break,
        }
    }
    // The only column of numbers stands at the right edge, where the eye looks for it; several stand side by side.
    let is_number = |at: &usize| grid.heads[*at].1 && !grid.is_times(*at);
    let mut numbers = (0..columns).filter(is_number);
    if numbers.next().is_some_and(|first| first + 1 == columns) {
        widths[columns - 1] += room.saturating_sub(widths.iter().sum());
    }
    widths
}

fn draw_cells(grid: &Grid, cells: &[(String, Style)], widths: &[usize], area: Rect, buf: &mut Buffer) {
    let mut x = area.x;
    for (at, ((words, style), width)) in cells.iter().zip(widths).enumerate() {
        let numeric = grid.heads.get(at).is_some_and(|head| head.1);
        let words =
            if numeric { text::right(words, *width) } else { text::left(&text::clip_middle(words, *width), *width) };
        x = row::put(buf, area, x, area.y, &words, *style);
        x = x.saturating_add(2);
    }
}
