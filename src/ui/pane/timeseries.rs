//! Lines over time.
//!
//! ```text
//! ┌ Checkout errors ─────────────────── ▲ 12.3 req/s ┐
//! │                                       ⢀⣠⣴⡾  12.3 │  greatest; the newest value stands at its line
//! │┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⢀⡠⠔⠊┈┈┈┈┈  5 │  a threshold
//! │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⠤⠒⠉                              0 │  least
//! │02:46             03:06 ↺ ▲              03:16    │  times, and what happened
//! │■ 500 12.3  ◆ 503 0.4  +192 more                  │  names, when there are several
//! └──────────────────────────────────────────────────┘
//! ```

mod axis;
pub mod legend;
pub mod plot;
pub mod scale;

use std::time::Duration;

use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

use super::{Body, Head, PaneInput, level};
use crate::{
    config::ThresholdLevel,
    signal::{Series, unit},
    ui::{
        Role,
        widget::{age, braille::Braille, row, text},
    },
};
use scale::Span;

/// Lines that are drawn; of more series, those with the greatest newest values.
const MAX_LINES: usize = 8;

/// A series to be drawn.
struct Line<'a> {
    series: &'a Series,
    /// The newest value in the window.
    now: f64,
}

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let window = bounds(body.input);
    let all = body.series();
    let mut lines: Vec<Line<'_>> =
        all.iter().filter_map(|series| Some(Line { series, now: plot::in_window(series, window).last()?.v })).collect();
    if lines.is_empty() {
        return match all.is_empty() && !body.input.filter.is_empty() {
            true => body.say_no_rows("", buf),
            false => body.say(&no_data(body.input), buf),
        };
    }
    let total = lines.len();
    if total > 1 {
        let rank = |value: f64| if value.is_nan() { f64::NEG_INFINITY } else { value };
        lines.sort_by(|a, b| rank(b.now).total_cmp(&rank(a.now)));
        lines.truncate(MAX_LINES);
    }
    let values = || lines.iter().flat_map(|line| plot::in_window(line.series, window)).map(|point| point.v);
    let Some(span) = Span::of(values(), lines[0].now, body.input.pane) else {
        let infinite = values().any(f64::is_infinite);
        let words = if infinite { "only infinite values came" } else { "only NaN came: nothing was measured" };
        return body.say(&format!("{words} · {}", super::freshness::polled(body.input)), buf);
    };
    let notes = notes(body, &lines, window);
    let head = head(body, &lines, &span, total);

    let (width, height) = (body.area.width, body.area.height);
    let legend_lines = u16::from((total > 1 || !notes.is_empty() || names_its_line(body)) && height >= 5);
    let axis_lines = u16::from(height >= 4);
    let mut labels = labels(body, &lines, &span, total);
    let is_narrow = width < 24;
    if is_narrow {
        // Just the newest value, and none where it takes a sign to say whose it is.
        labels.truncate(usize::from(total == 1 && width >= 9));
    }
    let caption = if is_narrow { String::new() } else { caption(body, &lines, &span) };
    let words = labels.iter().map(|label| label.words.as_str()).chain([caption.as_str()]);
    let gutter = match words.map(text::width).max() {
        None | Some(0) => 0,
        Some(cells) => (cells as u16 + 1).min(width / 2),
    };
    let plot = Rect { width: width - gutter, height: height - legend_lines - axis_lines, ..body.area };
    draw_plot(body, &lines, &span, window, plot, buf);
    if gutter > 0 {
        let area = Rect { x: plot.right(), width: body.area.right() - plot.right(), ..plot };
        draw_labels(&labels, &span, area, buf);
    }
    if axis_lines == 1 {
        let area = Rect { y: plot.bottom(), height: 1, ..plot };
        axis::draw(body, window, area, buf);
        let beside = Rect { x: area.right(), width: gutter, ..area };
        let words = text::right(&caption, gutter.into());
        row::put(buf, beside, beside.x, beside.y, &words, body.style(Role::Dim));
    }
    if legend_lines == 1 {
        let area = Rect { y: body.area.bottom() - 1, height: 1, ..body.area };
        legend::draw(body, &lines, (&notes, total), &span, area, buf);
    }
    head
}

/// The stretch of time shown, in milliseconds. A window that follows the clock ends at the newest reading, so that
/// nothing moves until there is something new.
pub(super) fn bounds(input: &PaneInput<'_>) -> (i64, i64) {
    let newest = input.slots.iter().filter_map(|slot| slot.last_good).max();
    let (start, end) = input.window.bounds(newest.map_or(input.now, |at| at.min(input.now)));
    (start.as_millisecond(), end.as_millisecond().max(start.as_millisecond() + 1))
}

/// `no data in the last 30 min`.
pub(super) fn no_data(input: &PaneInput<'_>) -> String {
    let span = age::long(Duration::from_secs(input.window.span.as_secs().max(1)));
    match input.window.is_live() {
        true => format!("no data in the last {span} · {}", super::freshness::polled(input)),
        false => format!("no data in these {span}"),
    }
}

/// The newest value, or the greatest of several.
fn head(body: &Body<'_, '_>, lines: &[Line<'_>], span: &Span, total: usize) -> Head {
    let pane = body.input.pane;
    if total > 1 {
        let worst =
            lines.iter().filter_map(|line| level::of(&pane.thresholds, line.now)).max_by_key(|level| *level as u8);
        // The greatest of them, by the sign of its line.
        let (sign, style) = match level::sign(worst) {
            "" => (legend::SIGNS[0], body.style(Role::series(0))),
            sign => (sign.trim(), level::style(worst, body.theme)),
        };
        let value = (pane.unit.format(lines[0].now), level::style(worst, body.theme));
        let full = vec![(format!("{sign} "), style), value.clone()];
        return Head { value: vec![full, vec![value]] };
    }
    let Some(line) = lines.first() else { return Head::default() };
    let level = level::of(&pane.thresholds, line.now);
    let value = format!("{}{}", level::sign(level), pane.unit.format(line.now));
    let flat = span.flat.then(|| format!("flat  {value}"));
    // Only a narrow pane does without the unit.
    let short = (body.area.width < 30).then(|| format!("{}{}", level::sign(level), span.digits(line.now)));
    Head::of(level::style(level, body.theme), flat.into_iter().chain([value]).chain(short))
}

/// The unit of the numbers beside the plot, if the frame line does not already say it.
fn caption(body: &Body<'_, '_>, lines: &[Line<'_>], span: &Span) -> String {
    let said = body.input.pane.unit.scale(lines[0].now).suffix;
    let same = lines[0].now.is_finite() && said == span.scale.suffix;
    if same { String::new() } else { span.scale.suffix.trim().to_owned() }
}

/// What the picture alone does not say.
fn notes(body: &Body<'_, '_>, lines: &[Line<'_>], window: (i64, i64)) -> Vec<String> {
    let mut notes = Vec::new();
    let points = || lines.iter().flat_map(|line| plot::in_window(line.series, window));
    if points().any(|point| point.v.is_infinite()) {
        notes.push("∞ left out".into());
    }
    if let (1, Some(only), None) = (lines.len(), points().next(), points().nth(1)) {
        let at = Timestamp::from_millisecond(only.t).unwrap_or(body.input.now);
        notes.push(format!("one point, at {}", axis::clock(body, at, window)));
    }
    notes.extend(body.warnings().map(str::to_owned));
    notes
}

/// Whether a single line is given its name: when the user wrote how to name it.
fn names_its_line(body: &Body<'_, '_>) -> bool {
    body.input.pane.legend.is_some() && body.area.height >= 6
}

fn draw_plot(body: &Body<'_, '_>, lines: &[Line<'_>], span: &Span, window: (i64, i64), area: Rect, buf: &mut Buffer) {
    let mut raster = Braille::new(area.width, area.height);
    let pane = body.input.pane;
    // The greatest line is drawn with the greatest ink, which is on top where lines meet.
    let several = lines.len() > 1;
    for (at, line) in lines.iter().enumerate() {
        let ink = |value: f64| match several {
            true => (lines.len() - at) as u8,
            false => level::of(&pane.thresholds, value).map_or(0, |level| level as u8),
        };
        plot::line(&mut raster, line.series, window, span, ink);
    }
    let styles: Vec<Style> = match several {
        true => (0..=lines.len()).map(|ink| body.style(Role::series(lines.len() - ink.max(1)))).collect(),
        // An `ok` line needs no colour of its own.
        false => [Role::Series1, Role::Warning, Role::Critical].map(|role| body.style(role)).into(),
    };
    axis::draw_behind(body, window, area, &raster, buf);
    for threshold in &pane.thresholds {
        let Some(y) = span.row(threshold.from, area.height).filter(|_| threshold.level != ThresholdLevel::Ok) else {
            continue;
        };
        let style = level::role(Some(threshold.level)).map_or(Style::new(), |role| body.style(role));
        let style = style.remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM);
        for x in (0..area.width).filter(|x| !raster.is_set(*x, y)) {
            row::put(buf, area, area.x + x, area.y + y, "┈", style);
        }
    }
    raster.paint(area, buf, |ink| styles.get(usize::from(ink)).copied().unwrap_or_default());
}

/// A number beside the plot.
struct Label {
    value: f64,
    words: String,
    style: Style,
}

/// Numbers beside the plot, the ones that matter most first.
fn labels(body: &Body<'_, '_>, lines: &[Line<'_>], span: &Span, total: usize) -> Vec<Label> {
    let mut labels = Vec::new();
    let thresholds = &body.input.pane.thresholds;
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.now.is_finite()) {
        let (sign, style) = match total {
            1 => ("", level::style(level::of(thresholds, line.now), body.theme)),
            _ => (legend::SIGNS[at % legend::SIGNS.len()], body.style(Role::series(at))),
        };
        labels.push(Label { value: line.now, words: format!("{sign}{}", span.digits(line.now)), style });
    }
    let dim = body.style(Role::Dim);
    let plain = |value: f64, style| Label { value, words: span.digits(value), style };
    if !span.flat {
        labels.push(plain(span.high, dim));
        labels.push(plain(span.low, dim));
    }
    let shown = thresholds.iter().filter(|t| t.level != ThresholdLevel::Ok && (span.low..=span.high).contains(&t.from));
    labels.extend(shown.map(|threshold| {
        let role = level::role(Some(threshold.level)).unwrap_or(Role::Dim);
        plain(threshold.from, body.style(role).remove_modifier(Modifier::BOLD))
    }));
    if !span.flat {
        labels.push(plain(span.greatest, dim));
    }
    labels
}

fn draw_labels(labels: &[Label], span: &Span, area: Rect, buf: &mut Buffer) {
    let mut taken = vec![false; area.height.into()];
    for label in labels {
        let Some(y) = span.row(label.value, area.height) else { continue };
        let Some(free) = taken.get_mut(usize::from(y)).filter(|taken| !**taken) else { continue };
        *free = true;
        let words = text::right(&label.words, area.width.into());
        row::put(buf, area, area.x, area.y + y, &words, label.style);
    }
}

/// A number of an axis, with as many digits as the axis needs.
fn axis_digits(value: f64, decimals: Option<usize>) -> String {
    match decimals {
        Some(decimals) => format!("{value:.decimals$}"),
        // Beside a plot, 1397 is no more exact than 1400.
        None if value.abs() >= 1000.0 => {
            let last = 10f64.powf(value.abs().log10().floor() - 2.0);
            unit::digits((value / last).round() * last)
        }
        None => unit::digits(value),
    }
}
