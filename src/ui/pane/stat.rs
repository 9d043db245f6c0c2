//! One number, large as it can be said in words, with its recent past below it; several numbers a row each.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    Body, Head, level,
    timeseries::{self, legend, plot, scale::Span},
};
use crate::{
    config::Pane,
    signal::Series,
    ui::{
        Role,
        widget::{braille::Braille, row, text},
    },
};

/// Lines the past of a single number takes at most.
const MOST_LINES: u16 = 4;

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
        [] => body.say(&timeseries::no_data(body.input), buf),
        [only] => draw_one(body, only, buf),
        several => draw_several(body, several, buf),
    }
}

fn draw_one(body: &Body<'_, '_>, stat: &Stat<'_>, buf: &mut Buffer) -> Head {
    let level = level::of(&body.input.pane.thresholds, stat.value);
    let style = level::style(level, body.theme);
    let words = format!("{}{}", level::sign(level), body.input.pane.unit.format(stat.value));
    // The value has air around it; its past lies along the bottom, in no more lines than it takes to see its shape.
    let height = body.area.height;
    let past = stat.series.filter(|series| series.points.len() > 1);
    let lines = if past.is_some() { (height / 2).min(MOST_LINES).min(height.saturating_sub(1)) } else { 0 };
    row::middle(buf, Rect { height: height - lines, ..body.area }, &words, style);
    if let Some(series) = past.filter(|_| lines > 0) {
        draw_past(body, series, Rect { y: body.area.bottom() - lines, height: lines, ..body.area }, buf);
    }
    Head::default()
}

fn draw_past(body: &Body<'_, '_>, series: &Series, area: Rect, buf: &mut Buffer) {
    let window = timeseries::bounds(body.input);
    let points = plot::in_window(series, window);
    // The thresholds are said by the colour of the value; here they would only flatten the line.
    let plain = Pane::titled("");
    let Some(span) = Span::of(points.iter().map(|point| point.v), f64::NAN, &plain) else { return };
    let mut raster = Braille::new(area.width, area.height);
    plot::line(&mut raster, series, window, &span, |_| 0);
    raster.paint(area, buf, |_| body.style(Role::Series1));
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
        row::line(buf, line, &[(&stat.name, body.style(Role::Text))], &[(words, level::row_style(*level, body.theme))]);
        if let Some(series) = stat.series.filter(|_| spark >= 6) {
            let area = Rect { x: line.x + name_cells as u16 + 1, width: spark as u16, ..line };
            draw_past(body, series, area, buf);
        }
    }
    let hidden = stats.len() - shown;
    Head::of(body.style(Role::Dim), (hidden > 0).then(|| format!("{shown} of {}", stats.len())))
}
