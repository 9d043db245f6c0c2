//! How often which values occurred, over time: a line a bucket, the greatest values on top, and the more the denser.
//!
//! ```text
//! ┌ Push time ──────────────────────────────── 95 % ≤ 1 s ┐
//! │                              ·  ░▒▒░·           > 1 s │
//! │  · ·░· ·  ···  · ░·░▒▒▓▓▒▒░░▒▓██▓▒░░·           ≤ 1 s │
//! │███████████████████▓▓▓▒▒▒▒░░░░░▒▒▓▓▓██████    ≤ 100 ms │
//! │02:46             03:06 ↺ ▲              03:16         │
//! │up to · 32  ░ 130  ▒ 292  ▓ 520  █ 812                 │
//! └───────────────────────────────────────────────────────┘
//! ```

use std::ops::Range;

use jiff::Timestamp;
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use super::{Body, Head, timeseries};
use crate::{
    signal::{Bucket, Heatmap, Unit, unit::percent},
    ui::{
        Role, sign,
        widget::{row, text},
    },
};

/// From few to many. They differ without colour.
const SHADES: [&str; 5] = ["·", "░", "▒", "▓", "█"];
/// What part of the values the frame line tells a bound of.
const MOST: f64 = 0.95;

pub(super) fn draw(body: &Body<'_, '_>, heatmap: &Heatmap, buf: &mut Buffer) -> Head {
    let window = timeseries::bounds(body.input);
    let most = heatmap.greatest();
    if heatmap.buckets.is_empty() || heatmap.times.is_empty() {
        return timeseries::say_no_data(body, buf);
    }
    let Rect { width, height, .. } = body.area;
    let axis_lines = u16::from(height >= 4);
    let legend_lines = u16::from(height >= 7 && width >= timeseries::ROOMY);
    let lines = height - axis_lines - legend_lines;
    let buckets = shown(&heatmap.buckets, lines.into());
    let least = if width >= timeseries::ROOMY { timeseries::GUTTER } else { 0 };
    let longest = buckets.iter().map(|bucket| text::width(&bucket.name)).max().unwrap_or_default();
    let gutter = if width < 24 { 0 } else { (longest.min(200) as u16 + 1).max(least).min(width / 3) };
    let plot = Rect { width: width - gutter, height: lines, ..body.area };
    let cells = Cells::of(heatmap, buckets, window, plot);
    cells.draw(body, plot, buf);
    draw_names(body, buckets, plot, Rect { x: plot.right(), width: gutter, ..plot }, buf);
    mark_time(body, window, plot, buf);
    if axis_lines == 1 {
        timeseries::draw_axis(body, window, Rect { y: plot.bottom(), height: 1, ..plot }, buf);
    }
    if legend_lines == 1 {
        draw_legend(body, cells.most, Rect { y: body.area.bottom() - 1, height: 1, ..body.area }, buf);
    }
    match most {
        0.0 => Head::of(body.style(Role::Dim), ["no values".into()]),
        _ => head(body, heatmap),
    }
}

/// The buckets there is room for: where lines are few, those at the ends that are always empty take none.
fn shown(all: &[Bucket], lines: usize) -> &[Bucket] {
    if all.len() <= lines {
        return all;
    }
    let is_full = |bucket: &Bucket| bucket.counts.iter().any(|count| *count > 0.0);
    let (first, last) = (all.iter().position(is_full), all.iter().rposition(is_full));
    match (first, last) {
        (Some(first), Some(last)) => &all[first..=last],
        _ => all,
    }
}

/// The buckets of a line, counted from the bottom: several where there are more of them than lines.
fn buckets_of(line: usize, lines: usize, buckets: usize) -> Range<usize> {
    let lines = lines.max(1);
    let from = line * buckets / lines;
    from..((line + 1) * buckets / lines).max(from + 1).min(buckets)
}

/// What is drawn in each cell.
struct Cells {
    /// Lines from the top, each with its columns; `None` where nothing is known.
    lines: Vec<Vec<Option<f64>>>,
    /// The greatest of them.
    most: f64,
}

impl Cells {
    fn of(heatmap: &Heatmap, buckets: &[Bucket], window: (i64, i64), plot: Rect) -> Self {
        let columns: Vec<Range<usize>> =
            (0..plot.width).map(|column| times_of(&heatmap.times, window, (column, plot.width))).collect();
        let lines = usize::from(plot.height);
        let line = |line: usize| {
            let of = buckets.get(buckets_of(line, lines, buckets.len())).unwrap_or_default();
            columns.iter().map(|times| mean(of, times)).collect::<Vec<_>>()
        };
        let lines: Vec<Vec<Option<f64>>> = (0..lines).rev().map(line).collect();
        let most = lines.iter().flatten().flatten().copied().fold(0.0, f64::max);
        Self { lines, most }
    }

    fn draw(&self, body: &Body<'_, '_>, plot: Rect, buf: &mut Buffer) {
        let style = body.style(Role::Series1).remove_modifier(Modifier::BOLD);
        for (y, line) in (plot.y..).zip(&self.lines) {
            for (x, count) in (plot.x..).zip(line) {
                if let Some(shade) = count.and_then(|count| shade(count, self.most)) {
                    row::put(buf, plot, x, y, shade, style);
                }
            }
        }
    }
}

/// The times that are drawn in a column. A count is of the time since the one before.
fn times_of(times: &[i64], window: (i64, i64), (column, columns): (u16, u16)) -> Range<usize> {
    let edge = |at: u16| {
        let part = f64::from(at) / f64::from(columns.max(1));
        window.0 + ((window.1 - window.0) as f64 * part) as i64
    };
    let (start, end) = (edge(column), edge(column + 1));
    let from = times.partition_point(|t| *t <= start);
    let to = times.partition_point(|t| *t <= end);
    if from < to {
        return from..to;
    }
    // Between two times the later one counts, as far as it reaches back.
    let step = times.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0).min().unwrap_or(60_000);
    match times.get(from) {
        Some(t) if *t - step <= start => from..from + 1,
        _ => from..from,
    }
}

/// The count of some buckets at some times: their sum, in the mean of the times.
fn mean(buckets: &[Bucket], times: &Range<usize>) -> Option<f64> {
    let sum = |at: usize| {
        let counts =
            buckets.iter().filter_map(|bucket| bucket.counts.get(at)).copied().filter(|count| count.is_finite());
        counts.fold(None, |sum, count| Some(sum.unwrap_or(0.0) + count))
    };
    let known: Vec<f64> = times.clone().filter_map(sum).collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

/// How dense a count is drawn; nothing for none. By its root: what is rare is seen beside what is frequent.
fn shade(count: f64, most: f64) -> Option<&'static str> {
    let part = (count / most).sqrt();
    let step = (part * SHADES.len() as f64 - 1e-9).clamp(0.0, SHADES.len() as f64 - 1.0) as usize;
    SHADES.get(step).copied().filter(|_| count > 0.0 && most > 0.0)
}

fn draw_names(body: &Body<'_, '_>, buckets: &[Bucket], plot: Rect, area: Rect, buf: &mut Buffer) {
    let (lines, width) = (usize::from(plot.height), usize::from(area.width));
    let mut named = None;
    for (y, line) in (plot.y..plot.bottom()).zip((0..lines).rev()) {
        let of = buckets_of(line, lines, buckets.len());
        // The upper end of several is that of the greatest, and stands at the first line it has.
        let Some(last) = of.end.checked_sub(1).filter(|last| named != Some(*last)) else { continue };
        named = Some(last);
        let name = buckets.get(last).map_or("", |bucket| &bucket.name);
        let words = text::right(&text::clip_middle(name, width.saturating_sub(1)), width);
        row::put(buf, area, area.x, y, &words, body.style(Role::Dim));
    }
}

/// The time that is looked at, where nothing else stands.
fn mark_time(body: &Body<'_, '_>, window: (i64, i64), plot: Rect, buf: &mut Buffer) {
    let Some(at) = body.input.time.map(Timestamp::as_millisecond).filter(|at| (window.0..=window.1).contains(at))
    else {
        return;
    };
    let part = (at - window.0) as f64 / (window.1 - window.0).max(1) as f64;
    let x = plot.x + ((part * f64::from(plot.width)) as u16).min(plot.width.saturating_sub(1));
    for y in plot.top()..plot.bottom() {
        if buf.cell((x, y)).is_some_and(|cell| cell.symbol() == " ") {
            row::put(buf, plot, x, y, sign::TIME, body.style(Role::Focus).remove_modifier(Modifier::BOLD));
        }
    }
}

fn draw_legend(body: &Body<'_, '_>, most: f64, area: Rect, buf: &mut Buffer) {
    let (dim, shade) = (body.style(Role::Dim), body.style(Role::Series1).remove_modifier(Modifier::BOLD));
    let mut x = row::put(buf, area, area.x, area.y, "up to ", dim);
    for (nth, sign) in (1..).zip(SHADES) {
        let part = f64::from(nth) / SHADES.len() as f64;
        let words = format!(" {}  ", Unit::Short.format(most * part * part));
        if usize::from(area.right().saturating_sub(x)) < text::width(&words) + 1 || most <= 0.0 {
            return;
        }
        x = row::put(buf, area, x, area.y, sign, shade);
        x = row::put(buf, area, x, area.y, &words, dim);
    }
}

/// The bound that most values are below: now, or at the time that is looked at.
fn head(body: &Body<'_, '_>, heatmap: &Heatmap) -> Head {
    let looked_at = body.input.time.map(Timestamp::as_millisecond);
    let at = match looked_at {
        Some(time) => heatmap.times.partition_point(|t| *t < time).min(heatmap.times.len() - 1),
        None => heatmap.times.len() - 1,
    };
    let counts: Vec<f64> = heatmap
        .buckets
        .iter()
        .map(|bucket| bucket.counts.get(at).copied().filter(|count| *count > 0.0 && count.is_finite()).unwrap_or(0.0))
        .collect();
    let all: f64 = counts.iter().sum();
    let dim = body.style(Role::Dim);
    if all <= 0.0 {
        return Head::of(dim, [if looked_at.is_some() { "no values then" } else { "no values now" }.to_owned()]);
    }
    let mut below = 0.0;
    let bound = heatmap.buckets.iter().zip(&counts).find(|(_, count)| {
        below += **count;
        below >= all * MOST
    });
    // Only of bounds it can be said that something is below them.
    let name = bound.map(|(bucket, _)| bucket.name.as_str()).filter(|name| name.starts_with(['≤', '>']));
    let most = heatmap.buckets.iter().zip(&counts).max_by(|a, b| a.1.total_cmp(b.1)).map(|(bucket, _)| &bucket.name);
    let strong = body.style(Role::Strong);
    match (name, most) {
        (Some(name), _) if name.starts_with('>') => {
            let beyond = counts.last().copied().unwrap_or_default() / all * 100.0;
            Head::of(strong, [format!("{} {name}", percent(beyond)), name.to_owned()])
        }
        (Some(name), _) => Head::of(strong, [format!("95 % {name}"), name.to_owned()]),
        (None, Some(most)) => Head::of(strong, [format!("most in {most}"), most.clone()]),
        (None, None) => Head::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(name: &str, counts: &[f64]) -> Bucket {
        Bucket { name: name.into(), counts: counts.to_vec() }
    }

    #[test]
    fn what_is_rare_is_seen_beside_what_is_frequent() {
        let shades: Vec<_> = [0.0, 1.0, 39.0, 41.0, 350.0, 640.0, 1000.0].map(|count| shade(count, 1000.0)).into();
        assert_eq!(shades, [None, Some("·"), Some("·"), Some("░"), Some("▒"), Some("▓"), Some("█")]);
        assert_eq!((shade(f64::NAN, 10.0), shade(1.0, 0.0)), (None, None));
    }

    #[test]
    fn lines_share_out_the_buckets() {
        let of = |lines, buckets| (0..lines).map(|line| buckets_of(line, lines, buckets)).collect::<Vec<_>>();
        assert_eq!(of(4, 2), [0..1, 0..1, 1..2, 1..2]);
        assert_eq!(of(2, 5), [0..2, 2..5]);
        assert_eq!(of(3, 0), [0..0, 0..0, 0..0]);
    }

    #[test]
    fn a_column_has_the_counts_of_its_time() {
        let times = [10, 20, 30, 60];
        let of = |columns: u16| (0..columns).map(|at| times_of(&times, (0, 60), (at, columns))).collect::<Vec<_>>();
        assert_eq!(of(6), [0..1, 1..2, 2..3, 3..3, 3..3, 3..4], "nothing is known from 30 to 50");
        assert_eq!(of(2), [0..3, 3..4]);
        assert_eq!(of(12)[..4], [0..1, 0..1, 1..2, 1..2]);
        let counts = [bucket("a", &[1.0, 3.0]), bucket("b", &[f64::NAN, 5.0])];
        assert_eq!(
            (mean(&counts, &(0..2)), mean(&counts, &(0..1)), mean(&counts, &(2..2))),
            (Some(4.5), Some(1.0), None)
        );
    }

    #[test]
    fn empty_ends_give_way() {
        let all =
            [bucket("a", &[0.0]), bucket("b", &[1.0]), bucket("c", &[0.0]), bucket("d", &[2.0]), bucket("e", &[0.0])];
        let names = |lines| shown(&all, lines).iter().map(|bucket| bucket.name.as_str()).collect::<String>();
        assert_eq!((names(5), names(3)), ("abcde".to_owned(), "bcd".to_owned()));
    }
}
