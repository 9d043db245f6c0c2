//! The time axis: when it begins and ends, and what happened in between.

use jiff::{Timestamp, ToSpan};
use ratatui::{buffer::Buffer, layout::Rect};

use super::Body;
use crate::ui::{
    Role,
    pane::{Mark, MarkKind},
    sign,
    widget::{braille::Braille, row, text},
};

/// Marks that get a thin line through the plot, newest first; more would be a fence.
const MAX_LINES: usize = 6;

/// The column of the time that is looked at, and its words.
type LookedAt = Option<(usize, String)>;

/// Below this many milliseconds the seconds are told. A window as short that follows the clock begins with a round time and
/// ends with `now`: times that are another each second are not read, and cost a chart a second.
pub(super) const SHORT: i64 = 600_000;

/// One line: times at both ends, marks at their places, and between them the time of the most telling mark, or a round
/// time. The time that is looked at takes what is left beside its column, so that nothing moves for it.
pub(super) fn draw(body: &Body<'_, '_>, window: (i64, i64), looked_at: LookedAt, area: Rect, buf: &mut Buffer) {
    let mut line = Line { body, area, taken: vec![false; area.width.into()] };
    let width = usize::from(area.width);
    let time = |ms| Timestamp::from_millisecond(ms).map(|at| clock(body, at, window)).unwrap_or_default();
    // A wide window that follows the clock reaches a stride ahead; its last column is of now.
    let end = if body.input.window.is_live() { window.1.min(body.input.now.as_millisecond()) } else { window.1 };
    let follows = body.input.window.is_live() && window.1 - window.0 < SHORT;
    let begin = if follows { round_after(body, window) } else { window.0 };
    let (first, last) = (time(begin), if follows { "now".into() } else { time(end.max(window.0)) });
    let marks = marks(body, window, area.width);
    // Where a mark falls on the first or last time, the mark is the news.
    for (x, kind) in &marks {
        line.put(*x, glyph(*kind), role(*kind), 0, buf);
    }
    let dim = Role::Dim;
    let begins = Timestamp::from_millisecond(begin).ok().and_then(|at| column(at, window, area.width));
    line.put(begins.filter(|_| follows).unwrap_or(0), &first, dim, 1, buf);
    if width >= 2 * last.len() + 2 {
        line.put(width.saturating_sub(last.len()), &last, dim, 1, buf);
    }
    for (x, kind) in marks.iter().filter(|(_, kind)| *kind > MarkKind::AlertStart) {
        let at = time(window.0 + ((window.1 - window.0) as f64 * (*x as f64 + 0.5) / width as f64) as i64);
        let exact = body.input.marks.iter().filter(|mark| mark.kind == *kind).map(|mark| mark.at);
        let exact = exact.chain(body.input.onset.filter(|_| *kind == MarkKind::Onset));
        let near = exact.filter(|at| column(*at, window, area.width) == Some(*x)).map(|at| clock(body, at, window));
        let at = near.max().unwrap_or(at);
        let words = if *kind == MarkKind::Onset { format!("onset {at}") } else { at.clone() };
        let cells = text::width(&words);
        let _ = x.checked_sub(cells + 1).is_some_and(|left| line.put(left, &words, role(*kind), 1, buf))
            || line.put(x + 2, &words, role(*kind), 1, buf)
            || x.checked_sub(at.len() + 1).is_some_and(|left| line.put(left, &at, role(*kind), 1, buf))
            || line.put(x + 2, &at, role(*kind), 1, buf);
    }
    if marks.is_empty() && width >= 30 {
        let middle = round_middle(body, window);
        if let Some(x) = column(middle, window, area.width) {
            let words = clock(body, middle, window);
            line.put(x.saturating_sub(words.len() / 2), &words, dim, 3, buf);
        }
    }
    if let Some((x, words)) = looked_at.as_ref().filter(|(_, words)| words.len() <= width) {
        let most = width - words.len();
        let places = [x.saturating_sub(words.len() / 2).min(most), (x + 1).min(most), x.saturating_sub(words.len())];
        let _ = places.into_iter().any(|place| line.put(place, words, Role::Focus, 1, buf))
            || line.put(*x, sign::TIME, Role::Focus, 0, buf);
    }
}

/// Thin lines through the plot where something changed, behind everything else.
pub(super) fn draw_behind(body: &Body<'_, '_>, window: (i64, i64), area: Rect, raster: &Braille, buf: &mut Buffer) {
    let marks = marks(body, window, area.width);
    let telling = marks.iter().rev().filter(|(_, kind)| *kind > MarkKind::AlertStart);
    for (x, kind) in telling.take(MAX_LINES) {
        let style = match kind {
            MarkKind::Onset => body.style(Role::Dim),
            _ => body.style(Role::Frame),
        };
        for y in (0..area.height).filter(|y| !raster.is_set(*x as u16, *y)) {
            row::put(buf, area, area.x + *x as u16, area.y + y, sign::ONSET, style);
        }
    }
}

/// A time as the axis says it: as exact as the window is long.
pub(super) fn clock(body: &Body<'_, '_>, at: Timestamp, window: (i64, i64)) -> String {
    let format = match window.1 - window.0 {
        ..SHORT => "%H:%M:%S",
        SHORT..=86_400_000 => "%H:%M",
        86_400_001..=604_800_000 => "%a %H:%M",
        _ => "%b %-d",
    };
    at.to_zoned(body.input.tz.clone()).strftime(format).to_string()
}

fn glyph(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::AlertStart => sign::CRITICAL,
        MarkKind::Change => sign::CHANGE,
        MarkKind::Onset => sign::ONSET,
    }
}

fn role(kind: MarkKind) -> Role {
    match kind {
        MarkKind::AlertStart => Role::Warning,
        MarkKind::Change => Role::Change,
        MarkKind::Onset => Role::Critical,
    }
}

/// Marks by their column, left to right; one a column.
fn marks(body: &Body<'_, '_>, window: (i64, i64), width: u16) -> Vec<(usize, MarkKind)> {
    let onset = body.input.onset.map(|at| Mark { at, kind: MarkKind::Onset });
    let known = body.input.marks.iter().any(|mark| mark.kind == MarkKind::Onset);
    let all = body.input.marks.iter().copied().chain(onset.filter(|_| !known));
    let mut marks: Vec<_> = all.filter_map(|mark| Some((column(mark.at, window, width)?, mark.kind))).collect();
    marks.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    marks.dedup_by_key(|mark| mark.0);
    marks
}

pub(super) fn column(at: Timestamp, window: (i64, i64), width: u16) -> Option<usize> {
    let at = at.as_millisecond();
    if width == 0 || !(window.0..=window.1).contains(&at) {
        return None;
    }
    let part = (at - window.0) as f64 / (window.1 - window.0).max(1) as f64;
    Some(((part * f64::from(width)) as usize).min(usize::from(width) - 1))
}

/// The longest round step, in seconds, that a window has so many of.
fn step(window: (i64, i64), times: i64) -> i64 {
    const STEPS: [i64; 14] = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];
    let length = (window.1 - window.0) / 1000;
    STEPS.iter().rev().copied().find(|step| step * times <= length).unwrap_or(1)
}

/// The first round time of a window of minutes, in milliseconds.
fn round_after(body: &Body<'_, '_>, window: (i64, i64)) -> i64 {
    let step = step(window, 10) * 1000;
    let begin = Timestamp::from_millisecond(window.0).unwrap_or(body.input.now);
    let offset = i64::from(body.input.tz.to_offset(begin).seconds()) * 1000;
    -(-(window.0 + offset)).div_euclid(step) * step - offset
}

/// A round time near the middle of the window.
fn round_middle(body: &Body<'_, '_>, window: (i64, i64)) -> Timestamp {
    let step = step(window, 5);
    let middle = Timestamp::from_millisecond(window.0 + (window.1 - window.0) / 2).unwrap_or(body.input.now);
    // Round on the clock that is shown, which in some zones is not round in UTC.
    let offset = i64::from(body.input.tz.to_offset(middle).seconds());
    let local = middle.as_second() + offset;
    let rounded = (local + step / 2).div_euclid(step) * step;
    middle.checked_add((rounded - local).seconds()).unwrap_or(middle)
}

/// The axis while it is filled.
struct Line<'a, 'b, 'c> {
    body: &'c Body<'a, 'b>,
    area: Rect,
    taken: Vec<bool>,
}

impl Line<'_, '_, '_> {
    /// Puts words at a column if all of their cells, and `air` cells beside them, are free.
    fn put(&mut self, x: usize, words: &str, role: Role, air: usize, buf: &mut Buffer) -> bool {
        let cells = text::width(words);
        let around = x.saturating_sub(air)..(x + cells + air).min(self.taken.len());
        if x + cells > self.taken.len() || self.taken[around].iter().any(|taken| *taken) {
            return false;
        }
        self.taken[x..x + cells].fill(true);
        let style = self.body.style(role).remove_modifier(ratatui::style::Modifier::BOLD);
        row::put(buf, self.area, self.area.x + x as u16, self.area.y, words, style);
        true
    }
}
