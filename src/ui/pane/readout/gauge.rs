//! A value on its scale: a bar, marks where it becomes worse or better, and below it what the ends are.

use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use super::{Body, role};
use crate::{
    signal::Readout,
    ui::{
        Role,
        widget::{bar, row, text},
    },
};

/// A bar, and the ends of its scale where there is a second line.
pub(super) fn draw(body: &Body<'_, '_>, readout: &Readout, part: f64, area: Rect, buf: &mut Buffer) {
    draw_bar(body, readout, part, Rect { height: 1, ..area }, buf);
    let below = Rect { y: area.y + 1, height: 1, ..area };
    let Some([least, most]) = readout.ends.as_ref().filter(|_| area.height > 1) else { return };
    let dim = body.style(Role::Dim);
    row::put(buf, below, below.x, below.y, least, dim);
    let cells = text::width(most) as u16;
    if usize::from(cells) + text::width(least) < usize::from(below.width) {
        row::put(buf, below, below.right() - cells, below.y, most, dim);
    }
}

/// A bar on its track, with a tick where it becomes worse or better.
pub(super) fn draw_bar(body: &Body<'_, '_>, readout: &Readout, part: f64, area: Rect, buf: &mut Buffer) {
    row::put(buf, area, area.x, area.y, &"─".repeat(area.width.into()), body.style(Role::Frame));
    let of_bar = readout.tone.map_or(Role::Series1, role);
    let end = row::put(buf, area, area.x, area.y, &bar::halves(part, area.width), body.style(of_bar));
    for (at, tone) in readout.marks.iter().filter(|(at, _)| *at > 0.0 && *at < 1.0) {
        let x = area.x + (at * f64::from(area.width)) as u16;
        if x >= end {
            row::put(buf, area, x, area.y, "┼", body.style(role(*tone)).remove_modifier(Modifier::BOLD));
        }
    }
}
