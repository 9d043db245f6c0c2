//! One number between two ends: value, bar, and what the ends and thresholds are.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    Body, Head,
    gauge_bar::{draw_bar, ends},
    level,
};
use crate::ui::{
    Role,
    widget::{row, text},
};

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let series = body.series();
    let value = match (body.number(), series.as_slice()) {
        (Some(value), _) => value,
        (None, [only]) => match (only.last(), body.ended(&body.reach(), only)) {
            (Some(point), Some(ended)) => {
                return body.say(&format!("{ended}, was {}", body.input.pane.unit.format(point.v)), buf);
            }
            (Some(point), None) => point.v,
            (None, _) => return super::timeseries::say_no_data(body, buf),
        },
        (None, []) => return super::timeseries::say_no_data(body, buf),
        (None, _) => return super::bar_gauge::draw(body, buf),
    };
    let pane = body.input.pane;
    let (low, high) = ends(body, &[value]);
    let level = level::of(&pane.thresholds, value);
    let words = format!("{}{}", level::sign(level), pane.unit.format(value));
    let height = body.area.height;
    let scale = u16::from(height >= 3);
    let used = u16::from(height >= 2) + 1 + scale;
    let mut y = body.area.y + height.saturating_sub(used) / 2;
    let wide = |y| Rect { y, height: 1, ..body.area };
    if height >= 2 {
        row::middle(buf, wide(y), &words, level::style(level, body.theme));
        y += 1;
    }
    draw_bar(body, wide(y), value, (low, high), buf);
    y += 1;
    if scale == 1 && y < body.area.bottom() {
        draw_scale(body, wide(y), (low, high), buf);
    }
    if height < 2 { Head::of(level::style(level, body.theme), [words]) } else { Head::default() }
}

fn draw_scale(body: &Body<'_, '_>, area: Rect, (low, high): (f64, f64), buf: &mut Buffer) {
    let unit = &body.input.pane.unit;
    let dim = body.style(Role::Dim);
    let scale = unit.scale(high.abs().max(low.abs()));
    let digits = |value: f64| crate::signal::unit::digits(value * scale.factor);
    let (least, most) = (digits(low), unit.format(high));
    let (mut free_from, free_to) =
        (area.x as usize + text::width(&least) + 1, area.right() as usize - text::width(&most).min(area.width.into()));
    row::put(buf, area, area.x, area.y, &least, dim);
    row::put(buf, area, free_to as u16, area.y, &most, dim);
    for threshold in &body.input.pane.thresholds {
        let at = if high > low { (threshold.from - low) / (high - low) } else { 0.0 };
        if !(at > 0.0 && at < 1.0) {
            continue;
        }
        let words = digits(threshold.from);
        let x = area.x as usize + (at * f64::from(area.width)) as usize;
        let x = x.saturating_sub(text::width(&words) / 2);
        if x >= free_from && x + text::width(&words) < free_to {
            let role = level::role(Some(threshold.level)).unwrap_or(Role::Dim);
            row::put(
                buf,
                area,
                x as u16,
                area.y,
                &words,
                body.style(role).remove_modifier(ratatui::style::Modifier::BOLD),
            );
            free_from = x + text::width(&words) + 1;
        }
    }
}
