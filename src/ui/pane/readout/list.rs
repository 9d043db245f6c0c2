//! Several values, a row each: name, bar or past, number, and which part of the whole it is.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, Head, draw_past, gauge::draw_bar, style, words};
use crate::{
    signal::{Readout, unit::percent},
    ui::{
        Role,
        widget::{row, text},
    },
};

/// Narrowest bar that says something, in cells, and the narrowest past.
const LEAST: [usize; 2] = [4, 6];

pub(super) fn draw(body: &Body<'_, '_>, all: &[&Readout], buf: &mut Buffer) -> Head {
    let (width, height) = (usize::from(body.area.width), usize::from(body.area.height));
    let texts: Vec<String> = all.iter().map(|readout| words(readout)).collect();
    let shares: Vec<String> =
        all.iter().map(|one| one.share.map_or_else(String::new, |part| percent(part * 100.0))).collect();
    let widest = |texts: &[String]| texts.iter().map(|words| text::width(words)).max().unwrap_or_default();
    let share_cells = match widest(&shares) {
        0 => 0,
        cells => cells + 2,
    };
    let value_cells = widest(&texts).min(width.saturating_sub(share_cells)) + share_cells;
    let room = width.saturating_sub(value_cells + 1);
    let has_more = |one: &&&Readout| one.part.is_some() || one.past.len() > 1;
    let longest = all.iter().map(|readout| text::width(&readout.name)).max().unwrap_or_default();
    let name_cells = if all.iter().any(|one| has_more(&one)) { longest.min(room / 2) } else { room };
    for (at, (readout, (words, share))) in (0..).zip(all.iter().zip(texts.iter().zip(&shares)).take(height)) {
        let line = body.line(at);
        let name = text::left(&text::clip_middle(&readout.name, name_cells), name_cells);
        let shown = text::right(words, value_cells - share_cells);
        let share = text::right(share, share_cells);
        let right = [(shown.as_str(), style(body, readout, Role::Text)), (share.as_str(), body.style(Role::Strong))];
        row::line(buf, line, &[(&name, body.style(Role::Text))], &right[..1 + usize::from(share_cells > 0)]);
        let middle = room.saturating_sub(name_cells + 1);
        let area = Rect { x: line.x + name_cells as u16 + 1, width: middle as u16, ..line };
        match readout.part {
            Some(part) if middle >= LEAST[0] => draw_bar(body, readout, part, area, buf),
            None if middle >= LEAST[1] => draw_past(body, readout, area, buf),
            _ => {}
        }
    }
    let hidden = all.len().saturating_sub(height);
    let said = (hidden > 0).then(|| format!("{height} of {}", all.len()));
    Head::of(body.style(Role::Dim), said)
}
