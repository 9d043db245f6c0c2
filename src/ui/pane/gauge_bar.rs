//! The bar of a gauge, alone or one of several: where it ends, and how it is drawn.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, level};
use crate::{
    signal::Unit,
    ui::{
        Role,
        widget::{bar, row},
    },
};

/// The ends of the bar: as configured, else zero (or the least number) and the greatest of numbers and thresholds; for
/// percentages, a hundred.
pub(super) fn ends(body: &Body<'_, '_>, values: &[f64]) -> (f64, f64) {
    let pane = body.input.pane;
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let low = pane.min.unwrap_or_else(|| finite().fold(0.0, f64::min));
    let natural = match pane.unit {
        Unit::Percent => Some(100.0),
        Unit::PercentUnit => Some(1.0),
        _ => None,
    };
    let high = pane.max.unwrap_or_else(|| {
        let most = finite().fold(f64::NEG_INFINITY, f64::max);
        let thresholds = pane.thresholds.iter().map(|threshold| threshold.from).fold(f64::NEG_INFINITY, f64::max);
        natural.unwrap_or(thresholds).max(most).max(low)
    });
    (low, high)
}

/// A bar on its track, with a tick at each threshold.
pub(super) fn draw_bar(body: &Body<'_, '_>, area: Rect, value: f64, (low, high): (f64, f64), buf: &mut Buffer) {
    let part = |value: f64| if high > low { (value - low) / (high - low) } else { 0.0 };
    let track = body.style(Role::Frame);
    row::put(buf, area, area.x, area.y, &"─".repeat(area.width.into()), track);
    let level = level::of(&body.input.pane.thresholds, value);
    let role = level::role(level).unwrap_or(Role::Series1);
    let filled = bar::halves(part(value), area.width);
    let end = row::put(buf, area, area.x, area.y, &filled, body.style(role));
    for threshold in &body.input.pane.thresholds {
        let at = part(threshold.from);
        if at <= 0.0 || at >= 1.0 {
            continue;
        }
        let x = area.x + (at * f64::from(area.width)) as u16;
        if x >= end {
            let role = level::role(Some(threshold.level)).unwrap_or(Role::Dim);
            row::put(buf, area, x, area.y, "┼", body.style(role));
        }
    }
}
