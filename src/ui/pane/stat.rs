//! One number, large as it can be said in words, with its recent past below it; several numbers a row each.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    Body, Head, level,
    timeseries::{self, plot, scale::Span},
};
use crate::{
    app::world::rows::series_names,
    config::{Pane, ThresholdLevel},
    signal::Series,
    ui::{
        Role,
        widget::{braille::Braille, row, text},
    },
};

/// Lines the past of a single number takes at most.
pub(super) const MOST_LINES: u16 = 4;

/// What is shown: a name, the newest number, and its past.
struct Stat<'a> {
    name: String,
    value: f64,
    /// When it ended, in words, if it has: then the number is not of now.
    ended: Option<String>,
    series: Option<&'a Series>,
}

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let series = body.series();
    let reach = body.reach();
    let stats: Vec<Stat<'_>> = match body.number() {
        Some(value) => vec![Stat { name: String::new(), value, ended: None, series: None }],
        None => {
            let names = series_names::of(&series, body.input.pane).long;
            let named = series.iter().copied().zip(names);
            let stat = named.filter_map(|(series, name)| {
                let ended = body.ended(&reach, series);
                Some(Stat { name, value: series.last()?.v, ended, series: Some(series) })
            });
            stat.collect()
        }
    };
    match stats.as_slice() {
        [] => timeseries::say_no_data(body, buf),
        [only] => draw_one(body, only, buf),
        several => draw_several(body, several, buf),
    }
}

impl Stat<'_> {
    /// Its level; none for what has ended.
    fn level(&self, body: &Body<'_, '_>) -> Option<ThresholdLevel> {
        if self.ended.is_some() { None } else { level::of(&body.input.pane.thresholds, self.value) }
    }

    /// The number with its unit, or when it ended and what it was.
    fn words(&self, body: &Body<'_, '_>) -> String {
        let value = body.input.pane.unit.format(self.value);
        match &self.ended {
            Some(ended) => format!("{ended}, was {value}"),
            None => format!("{}{value}", level::sign(self.level(body))),
        }
    }
}

fn draw_one(body: &Body<'_, '_>, stat: &Stat<'_>, buf: &mut Buffer) -> Head {
    let style = if stat.ended.is_some() { body.style(Role::Dim) } else { level::style(stat.level(body), body.theme) };
    let words = stat.words(body);
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

pub(super) fn draw_past(body: &Body<'_, '_>, series: &Series, area: Rect, buf: &mut Buffer) {
    let window = timeseries::bounds(body.input);
    let points = series.between(window);
    // The thresholds are said by the colour of the value; here they would only flatten the line.
    let plain = Pane::titled("");
    let Some(span) = Span::of(points.iter().map(|point| point.v), f64::NAN, &plain).map(Span::steady) else { return };
    let mut raster = Braille::new(area.width, area.height);
    plot::line(&mut raster, series, window, &span, |_| 0);
    raster.paint(area, buf, |_| body.style(Role::Series1));
}

fn draw_several(body: &Body<'_, '_>, stats: &[Stat<'_>], buf: &mut Buffer) -> Head {
    let style = |stat: &Stat<'_>| match stat.ended {
        Some(_) => body.style(Role::Dim),
        None => level::row_style(stat.level(body), body.theme),
    };
    let values: Vec<_> = stats.iter().map(|stat| (style(stat), stat.words(body))).collect();
    let value_cells = values.iter().map(|(_, words)| text::width(words)).max().unwrap_or_default();
    let room = usize::from(body.area.width).saturating_sub(value_cells + 2);
    let name_cells = stats.iter().map(|stat| text::width(&stat.name)).max().unwrap_or_default().min(room);
    let spark = room.saturating_sub(name_cells + 1);
    let shown = stats.len().min(body.area.height.into());
    for (at, (stat, (style, words))) in (0..).zip(stats.iter().zip(&values).take(shown)) {
        let line = body.line(at);
        row::line(buf, line, &[(&stat.name, body.style(Role::Text))], &[(words, *style)]);
        if let Some(series) = stat.series.filter(|_| spark >= 6) {
            let area = Rect { x: line.x + name_cells as u16 + 1, width: spark as u16, ..line };
            draw_past(body, series, area, buf);
        }
    }
    let hidden = stats.len() - shown;
    Head::of(body.style(Role::Dim), (hidden > 0).then(|| format!("{shown} of {}", stats.len())))
}
