//! One number, large as it can be said in words, with its recent past below it; several numbers a row each.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, Head, level, timeseries::legend};
use crate::{
    signal::Series,
    ui::{
        Role,
        widget::{row, sparkline, text},
    },
};

/// What is shown: a name, the newest number, and its past.
struct Stat<'a> {
    name: String,
    value: f64,
    series: Option<&'a Series>,
}

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let series = body.series();
    let pane = body.input.pane;
    let stats: Vec<Stat<'_>> = match body.number() {
        Some(value) => vec![Stat { name: String::new(), value, series: None }],
        None => series
            .iter()
            .filter_map(|series| {
                Some(Stat { name: legend::name(series, pane), value: series.last()?.v, series: Some(series) })
            })
            .collect(),
    };
    match stats.as_slice() {
        [] => body.say(&super::timeseries::no_data(body.input), buf),
        [only] => draw_one(body, only, buf),
        several => draw_several(body, several, buf),
    }
}

fn draw_one(body: &Body<'_, '_>, stat: &Stat<'_>, buf: &mut Buffer) -> Head {
    let level = level::of(&body.input.pane.thresholds, stat.value);
    let style = level::style(level, body.theme);
    let words = format!("{}{}", level::sign(level), body.input.pane.unit.format(stat.value));
    let height = body.area.height;
    let past = stat.series.filter(|series| series.points.len() > 1);
    // The value has its own air above; its past fills what is left, but no more than a third of the screen needs.
    let lines = if past.is_some() { height.saturating_sub(1).min(height.saturating_sub(2).max(1)).min(8) } else { 0 };
    let top = Rect { height: height - lines, ..body.area };
    row::middle(buf, top, &words, style);
    if let Some(series) = past
        && lines > 0
    {
        let area = Rect { y: body.area.bottom() - lines, height: lines, ..body.area };
        draw_past(body, series, area, buf);
    }
    Head::default()
}

fn draw_past(body: &Body<'_, '_>, series: &Series, area: Rect, buf: &mut Buffer) {
    let cells = past(body, series, area.width.into());
    let least = floor(&cells);
    let lines = sparkline::blocks(&cells, least, area.width.into(), area.height.into());
    for (y, line) in (area.y..).zip(lines) {
        row::put(buf, area, area.x, y, &line, body.style(Role::Series1));
    }
}

fn draw_several(body: &Body<'_, '_>, stats: &[Stat<'_>], buf: &mut Buffer) -> Head {
    let values: Vec<_> = stats
        .iter()
        .map(|stat| {
            let level = level::of(&body.input.pane.thresholds, stat.value);
            (level, format!("{}{}", level::sign(level), body.input.pane.unit.format(stat.value)))
        })
        .collect();
    let value_cells = values.iter().map(|(_, words)| text::width(words)).max().unwrap_or_default();
    let room = usize::from(body.area.width).saturating_sub(value_cells + 2);
    let name_cells = stats.iter().map(|stat| text::width(&stat.name)).max().unwrap_or_default().min(room);
    let spark = room.saturating_sub(name_cells + 1);
    let shown = stats.len().min(body.area.height.into());
    for (at, (stat, (level, words))) in (0..).zip(stats.iter().zip(&values).take(shown)) {
        let line = body.line(at);
        row::line(buf, line, &[(&stat.name, body.style(Role::Text))], &[(words, level::style(*level, body.theme))]);
        if let Some(series) = stat.series.filter(|_| spark >= 6) {
            let cells = past(body, series, spark);
            let text = sparkline::blocks(&cells, floor(&cells), spark, 1).concat();
            let x = line.x + name_cells as u16 + 1;
            row::put(buf, line, x, line.y, &text, body.style(Role::Series1));
        }
    }
    let hidden = stats.len() - shown;
    Head::of(body.style(Role::Dim), (hidden > 0).then(|| format!("{shown} of {}", stats.len())))
}

fn past(body: &Body<'_, '_>, series: &Series, width: usize) -> Vec<f64> {
    let (start, end) = super::timeseries::bounds(body.input);
    let hold = super::timeseries::plot::longest_step(series).max((end - start) / width.max(1) as i64 * 2);
    sparkline::resampled(series.points.iter().map(|point| (point.t, point.v)), start, end, width, hold)
}

/// Where the blocks stand on: at zero, unless the numbers would then all look the same.
fn floor(cells: &[f64]) -> f64 {
    let finite = || cells.iter().copied().filter(|v| v.is_finite());
    let (least, greatest) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    match least {
        _ if least > greatest => 0.0,
        _ if least >= 0.0 && least <= greatest * 0.5 => 0.0,
        _ => least - (greatest - least) * 0.1,
    }
}
