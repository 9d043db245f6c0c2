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

mod at;
mod axis;
pub(super) mod earlier;
pub mod legend;
mod open_legend;
mod paths;
pub mod plot;
pub mod scale;
mod shaped;
mod stack;

use std::time::Duration;

use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};
use scale::Span;

use self::{at::At, shaped::Shaped};
use super::{Body, Head, PaneInput, level};
use crate::{
    app::world::rows::{
        legend::{Legend, LegendLine, LegendState},
        series_names,
    },
    base::human_time,
    config::ThresholdLevel,
    signal::{Freshness, Series, unit},
    ui::{
        Role,
        spots::Spot,
        widget::{braille::Braille, row, text},
    },
};

/// Cells beside a plot that has room for them: the plots of neighbours, and so their times, begin and end alike.
pub(super) const GUTTER: u16 = 7;
/// The least width of a body in which there is room for all of them.
pub(super) const ROOMY: u16 = 34;

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let input = body.input;
    let (window, none) = (bounds(input), LegendState::default());
    let state = input.legend.unwrap_or(&none);
    let all = Legend::of(input.pane, &input.slots, input.filter, window, state);
    let (total, hidden) = (all.lines.len(), all.hidden());
    if total == 0 {
        return match all.all.is_empty() && !input.filter.is_empty() {
            true => body.say_no_rows("", buf),
            false => say_no_data(body, buf),
        };
    }
    let mut lines = all.drawn();
    let shaped = Shaped::of(body, &all, &mut lines, window);
    let open = open_legend::height(body, &all);
    let area = Rect { height: body.area.height - open, ..body.area };
    let at = At::of(input, window);
    if open > 0 {
        let below = Rect { y: area.bottom(), height: open, ..body.area };
        open_legend::draw(body, &all, (&lines, state.order), (at, window), below, buf);
    }
    let body = &Body { area, ..*body };
    if lines.is_empty() {
        let words = if total == 1 { "its series is hidden".into() } else { format!("all {total} series are hidden") };
        return Head { hidden, ..body.say(&words, buf) };
    }
    let before: Vec<Option<&Series>> = lines.iter().map(|line| earlier::of(input, line)).collect();
    let values = || lines.iter().flat_map(|line| line.series.between(window)).map(|point| point.v);
    let were = || before.iter().flatten().flat_map(|series| series.between(window)).map(|point| point.v);
    let span = match &shaped {
        Some(shaped) => shaped.spans.first().cloned(),
        None => {
            values().any(f64::is_finite).then(|| Span::of(values().chain(were()), lines[0].now, input.pane)).flatten()
        }
    };
    let Some(span) = span else {
        let infinite = values().any(f64::is_infinite);
        let words = if infinite { "only infinite values came" } else { "only NaN came: nothing was measured" };
        return Head { hidden, ..body.say_as_polled(words, buf) };
    };
    let notes = notes(body, &lines, (hidden, window));
    let head = match at {
        Some(at) => at.head(body, &lines, total),
        None => {
            let own = shaped.as_ref().and_then(|shaped| shaped.head(body, &lines));
            own.unwrap_or_else(|| head(body, &lines, &span, (total, window)))
        }
    };

    let (width, height) = (body.area.width, body.area.height);
    let is_named = (total > 1 || !notes.is_empty() || names_its_line(body)) && height >= 5;
    let legend = match is_named && (open == 0 || !notes.is_empty()) {
        true => legend::Legend::of(
            body,
            items(body, &all, &lines, (at, window), (&span, shaped.as_ref())),
            &notes,
            (total, hidden),
            at.is_some(),
        ),
        false => legend::Legend::default(),
    };
    let legend_lines = legend.height();
    let axis_lines = u16::from(height >= 4);
    let mut labels = match &shaped {
        Some(shaped) => shaped.labels(body, &lines, total),
        None => labels(body, &lines, &span, total),
    };
    let is_narrow = width < 24;
    if is_narrow {
        // Just the newest value, and none where it takes a sign to say whose it is.
        labels.truncate(usize::from(total == 1 && width >= 9));
    }
    let caption = match &shaped {
        _ if is_narrow => "",
        Some(shaped) => shaped.caption(),
        None => span.scale.suffix.trim(),
    };
    let words = labels.iter().map(|label| label.words.as_str()).chain([caption]);
    let least = if width >= ROOMY { GUTTER } else { 0 };
    let gutter = match words.map(text::width).max() {
        None | Some(0) => least,
        Some(cells) => (cells as u16 + 1).max(least).min(width / 2),
    };
    let left = shaped.as_ref().map_or(0, |shaped| shaped.left_gutter(width));
    let height = height - legend_lines - axis_lines;
    let plot = Rect { x: body.area.x + left, width: width - gutter - left, height, ..body.area };
    match &shaped {
        Some(shaped) => {
            shaped.draw(body, &lines, (window, at), plot, buf);
            shaped.draw_left(body, Rect { width: left, height, ..body.area }, buf);
        }
        None => draw_plot(body, (&lines, &before), &span, (window, at, total), plot, buf),
    }
    draw_dragged(body, window, plot, buf);
    if let Some(spots) = body.spots {
        spots.note(plot, Spot::Plot(window));
    }
    if gutter > 0 {
        let area = Rect { x: plot.right(), width: body.area.right() - plot.right(), ..plot };
        let spans = shaped.as_ref().map_or(std::slice::from_ref(&span), |shaped| &shaped.spans);
        draw_labels(&labels, spans, area, buf);
    }
    if axis_lines == 1 {
        let area = Rect { y: plot.bottom(), height: 1, ..plot };
        let looked_at = at.and_then(|at| Some((at.column(window, area.width)?, at.clock(body, window))));
        axis::draw(body, window, looked_at, area, buf);
        let beside = Rect { x: area.right(), width: gutter, ..area };
        let words = text::right(caption, gutter.into());
        row::put(buf, beside, beside.x, beside.y, &words, body.style(Role::Dim));
    }
    let area = Rect { y: body.area.bottom() - legend_lines, height: legend_lines, ..body.area };
    legend.draw(body, area, buf);
    Head { hidden, ..head }
}

/// What the legend says of each line that is drawn.
fn items(
    body: &Body<'_, '_>,
    all: &Legend<'_>,
    lines: &[LegendLine<'_>],
    (at, window): (Option<At>, (i64, i64)),
    (span, shaped): (&Span, Option<&Shaped>),
) -> Vec<legend::Item> {
    let names = series_names::of(&all.all, body.input.pane);
    let item = |(nth, line): (usize, &LegendLine<'_>)| legend::Item {
        names: [names.long[line.place].clone(), names.short[line.place].clone()],
        value: match (at, line.ended) {
            (Some(at), _) => at.value(body, line, window),
            (None, Some(ended_at)) => ended(body, ended_at, window),
            (None, None) => shaped.map_or_else(|| legend::value(line.now, span), |shaped| shaped.said(nth)),
        },
        ended: line.ended.is_some(),
    };
    lines.iter().enumerate().map(item).collect()
}

/// The time axis of what is no chart of lines, with what happened and the time that is looked at.
pub(super) fn draw_axis(body: &Body<'_, '_>, window: (i64, i64), area: Rect, buf: &mut Buffer) {
    let at = At::of(body.input, window);
    let looked_at = at.and_then(|at| Some((at.column(window, area.width)?, at.clock(body, window))));
    axis::draw(body, window, looked_at, area, buf);
}

/// `ended 12:03`.
pub(super) fn ended(body: &Body<'_, '_>, at: Timestamp, window: (i64, i64)) -> String {
    format!("ended {}", axis::clock(body, at, window))
}

/// The stretch of time shown, in milliseconds. A window that follows the clock moves by about a dot at a time, so that
/// the axes of neighbours, which are not polled at the same moment, are the same but for that dot.
pub(super) fn bounds(input: &PaneInput<'_>) -> (i64, i64) {
    let (start, end) = input.window.bounds(seen(input));
    let (start, end) = (start.as_millisecond(), end.as_millisecond());
    let ahead = if input.window.is_live() { (-end).rem_euclid(stride(input)) } else { 0 };
    (start + ahead, (end + ahead).max(start + ahead + 1))
}

/// The time the window follows: that of the newest answer while another is due within a stride, so that a chart is drawn
/// once for both; else now.
fn seen(input: &PaneInput<'_>) -> Timestamp {
    next_answer(input).filter(|due| input.now < due.1).map_or(input.now, |newest| newest.0)
}

/// When the newest answer came and until when another is waited for, if they come as often as the window moves.
fn next_answer(input: &PaneInput<'_>) -> Option<(Timestamp, Timestamp)> {
    let live = input.slots.iter().filter(|slot| slot.freshness == Freshness::Live);
    let (newest, every) = live.filter_map(|slot| Some((slot.last_good?, slot.every))).max()?;
    // A little more, because no answer takes no time.
    let wait = every + every / 8;
    (wait.as_millis() as i64 <= stride(input)).then(|| Some((newest, newest.checked_add(wait).ok()?)))?
}

/// By how much a window that follows the clock moves at a time, in milliseconds.
fn stride(input: &PaneInput<'_>) -> i64 {
    (input.window.span.as_millis() as i64 / 180).max(1000)
}

/// When the window moves next, unless an answer comes before.
pub(super) fn next_stride(input: &PaneInput<'_>) -> Option<Timestamp> {
    let end = Timestamp::from_millisecond(bounds(input).1 + 1).ok()?;
    let waits = next_answer(input).map(|due| due.1).filter(|due| input.now < *due);
    // While the window reaches ahead the last time on its axis is that of now, unless it is called that.
    let is_told = input.window.span.as_millis() as i64 >= axis::SHORT;
    let ticks = Timestamp::from_second((input.now.as_second().div_euclid(60) + 1) * 60).ok();
    let ticks = ticks.filter(|_| is_told && input.now < end);
    let moves = waits.map_or(end, |due| due.max(end));
    input.window.is_live().then(|| ticks.map_or(moves, |ticks| ticks.min(moves)))
}

/// `no data in the last 30 min`.
pub(super) fn say_no_data(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let input = body.input;
    let span = human_time::long(Duration::from_secs(input.window.span.as_secs().max(1)));
    let nothing = match input.window.is_live() {
        true => format!("no data in the last {span} · {}", super::freshness::polled(input)),
        false => format!("no data in these {span}"),
    };
    let words = body.warnings().fold(nothing, |words, warning| format!("{words} · {warning}"));
    Head { tells_age: input.window.is_live(), ..body.say(&words, buf) }
}

/// The newest value, or the greatest of several that go on.
fn head(body: &Body<'_, '_>, lines: &[LegendLine<'_>], span: &Span, (total, window): (usize, (i64, i64))) -> Head {
    let pane = body.input.pane;
    let Some(first) = lines.first() else { return Head::default() };
    if let Some(at) = first.ended {
        // Those that go on come first, so all of them have ended.
        let words = ended(body, at, window);
        let all = (total > 1).then(|| format!("all {words}"));
        return Head::of(body.style(Role::Dim), all.into_iter().chain([words]));
    }
    let levels = || lines.iter().filter(|line| line.ended.is_none()).filter_map(|l| level::of(&pane.thresholds, l.now));
    if total > 1 {
        let worst = levels().max_by_key(|level| *level as u8);
        // The greatest of them, by the sign of its line.
        let (sign, style) = match level::sign(worst) {
            "" => (legend::SIGNS[0], body.style(Role::series(0))),
            sign => (sign.trim(), level::style(worst, body.theme)),
        };
        let value = (first.unit(pane).format(first.now), level::style(worst, body.theme));
        let full = vec![(format!("{sign} "), style), value.clone()];
        return Head { value: vec![full, vec![value]], ..Head::default() };
    }
    let level = level::of(&pane.thresholds, first.now);
    let value = format!("{}{}", level::sign(level), first.unit(pane).format(first.now));
    let was = earlier::was(body, first, window.1).map(|was| format!("{value} · {was}"));
    let flat = span.flat.then(|| format!("flat  {value}"));
    // Only a narrow pane does without the unit.
    let short = (body.area.width < 30).then(|| format!("{}{}", level::sign(level), span.digits(first.now)));
    Head::of(level::style(level, body.theme), was.or(flat).into_iter().chain([value]).chain(short))
}

/// What the picture alone does not say.
fn notes(body: &Body<'_, '_>, lines: &[LegendLine<'_>], (hidden, window): (usize, (i64, i64))) -> Vec<String> {
    let mut notes = Vec::new();
    if hidden > 0 && !body.input.zoomed {
        notes.push(format!("{hidden} hidden"));
    }
    let points = || lines.iter().flat_map(|line| line.series.between(window));
    if points().any(|point| point.v.is_infinite()) {
        notes.push("∞ left out".into());
    }
    if let (1, Some(only), None) = (lines.len(), points().next(), points().nth(1)) {
        let at = Timestamp::from_millisecond(only.t).unwrap_or(body.input.now);
        notes.push(format!("one point, at {}", axis::clock(body, at, window)));
    }
    if let ([only], Some(at)) = (lines, lines.first().and_then(|line| line.ended)) {
        let was = only.unit(body.input.pane).format(only.now);
        notes.push(format!("{}, was {was}", ended(body, at, window)));
    }
    notes.extend(earlier::note(body.input, lines, window));
    notes.extend(body.warnings().map(str::to_owned));
    notes
}

/// Whether a single line is given its name: when the user wrote how to name it.
fn names_its_line(body: &Body<'_, '_>) -> bool {
    body.input.pane.legend.is_some() && body.area.height >= 6
}

fn draw_plot(
    body: &Body<'_, '_>,
    (lines, before): (&[LegendLine<'_>], &[Option<&Series>]),
    span: &Span,
    (window, at, total): ((i64, i64), Option<At>, usize),
    area: Rect,
    buf: &mut Buffer,
) {
    let mut raster = Braille::new(area.width, area.height);
    let pane = body.input.pane;
    // The greatest line is drawn with the greatest ink, which is on top where lines meet.
    let several = total > 1;
    for (at, line) in lines.iter().enumerate() {
        let ink = |value: f64| match several {
            true => (lines.len() - at) as u8,
            false if line.ended.is_some() => 0,
            false => level::of(&pane.thresholds, value).map_or(0, |level| level as u8),
        };
        plot::line(&mut raster, line.series, window, span, ink);
    }
    let styles: Vec<Style> = match several {
        true => {
            let at = |ink: usize| lines.len() - ink.max(1);
            let role = |at: usize| if lines[at].ended.is_some() { Role::Dim } else { Role::series(at) };
            (0..=lines.len()).map(|ink| body.style(role(at(ink)))).collect()
        }
        false if lines.first().is_some_and(|line| line.ended.is_some()) => vec![body.style(Role::Dim)],
        // An `ok` line needs no colour of its own.
        false => [Role::Series1, Role::Warning, Role::Critical].map(|role| body.style(role)).into(),
    };
    axis::draw_behind(body, window, area, &raster, buf);
    draw_thresholds(body, span, &raster, area, buf);
    if let Some(at) = at {
        at.draw_line(body, window, &raster, area, buf);
    }
    if before.iter().any(Option::is_some) {
        let mut behind = Braille::new(area.width, area.height);
        before.iter().flatten().for_each(|series| plot::line(&mut behind, series, window, span, |_| 0));
        behind.paint(area, buf, |_| earlier::style(body));
    }
    raster.paint(area, buf, |ink| styles.get(usize::from(ink)).copied().unwrap_or_default());
}

/// A line at each threshold, behind all that is drawn.
fn draw_thresholds(body: &Body<'_, '_>, span: &Span, raster: &Braille, area: Rect, buf: &mut Buffer) {
    for threshold in &body.input.pane.thresholds {
        let Some(y) = span.row(threshold.from, area.height).filter(|_| threshold.level != ThresholdLevel::Ok) else {
            continue;
        };
        let style = level::role(Some(threshold.level)).map_or(Style::new(), |role| body.style(role));
        let style = style.remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM);
        for x in (0..area.width).filter(|x| !raster.is_set(*x, y)) {
            row::put(buf, area, area.x + x, area.y + y, "┈", style);
        }
    }
}

/// The columns of the stretch of time that is being drawn with the mouse; the curve keeps its colours.
fn draw_dragged(body: &Body<'_, '_>, window: (i64, i64), plot: Rect, buf: &mut Buffer) {
    let Some((from, to)) = body.input.dragged else { return };
    let column = |time: i64| {
        let at = (time - window.0) * i64::from(plot.width) / (window.1 - window.0).max(1);
        u16::try_from(at.clamp(0, i64::from(plot.width))).unwrap_or(plot.width)
    };
    let (left, right) = (column(from), column(to));
    let style = Style { fg: None, ..body.style(Role::Selection) };
    buf.set_style(Rect { x: plot.x + left, width: right - left, ..plot }, style);
}

/// A number beside the plot.
struct Label {
    value: f64,
    words: String,
    style: Style,
    /// By which of the scales it stands.
    span: usize,
}

/// Numbers beside the plot, the ones that matter most first.
fn labels(body: &Body<'_, '_>, lines: &[LegendLine<'_>], span: &Span, total: usize) -> Vec<Label> {
    let mut labels = Vec::new();
    let thresholds = &body.input.pane.thresholds;
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.now.is_finite() && line.ended.is_none()) {
        let (sign, style) = match total {
            1 => ("", level::style(level::of(thresholds, line.now), body.theme)),
            _ => (legend::SIGNS[at % legend::SIGNS.len()], body.style(Role::series(at))),
        };
        labels.push(Label { value: line.now, words: format!("{sign}{}", span.digits(line.now)), style, span: 0 });
    }
    let dim = body.style(Role::Dim);
    let plain = |value: f64, style| Label { value, words: span.digits(value), style, span: 0 };
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

fn draw_labels(labels: &[Label], spans: &[Span], area: Rect, buf: &mut Buffer) {
    let mut taken = vec![false; area.height.into()];
    for label in labels {
        let Some(y) = spans.get(label.span).and_then(|span| span.row(label.value, area.height)) else { continue };
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
