//! Numbers that came in words: one in the middle, several a row each, with a bar where they are on a scale.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Body, Head};
use crate::{
    app::world::rows::Filter,
    signal::{Data, Readout, Tone},
    ui::{
        Role,
        widget::{bar, row, text},
    },
};

/// Narrowest bar that says something, in cells.
const LEAST_BAR: usize = 4;

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let all = body.input.slots.iter().filter_map(|slot| match &slot.reading?.data {
        Data::Readouts(readouts) => Some(readouts),
        _ => None,
    });
    let filter = Filter::new(body.input.filter);
    let shown: Vec<&Readout> =
        all.flatten().filter(|one| filter.passes([one.name.as_str(), one.text.as_str()])).collect();
    match shown.as_slice() {
        [] => body.say_no_rows("no data", buf),
        [only] => draw_one(body, only, buf),
        several => draw_several(body, several, buf),
    }
}

fn draw_one(body: &Body<'_, '_>, readout: &Readout, buf: &mut Buffer) -> Head {
    let area = body.area;
    let words = words(readout);
    let part = readout.part.filter(|_| area.height >= 3);
    let height = area.height - if part.is_some() { 2 } else { 0 };
    row::middle(buf, Rect { height, ..area }, &words, style(body, readout, Role::Strong));
    if let Some(part) = part {
        let line = Rect { y: area.bottom() - 2, height: 1, ..area };
        draw_bar(body, line, readout, part, buf);
    }
    Head::default()
}

fn draw_several(body: &Body<'_, '_>, all: &[&Readout], buf: &mut Buffer) -> Head {
    let width = usize::from(body.area.width);
    let height = usize::from(body.area.height);
    let texts: Vec<String> = all.iter().map(|readout| words(readout)).collect();
    let value_cells = texts.iter().map(|words| text::width(words)).max().unwrap_or_default().min(width);
    let room = width.saturating_sub(value_cells + 1);
    let has_bars = all.iter().any(|readout| readout.part.is_some());
    let longest = all.iter().map(|readout| text::width(&readout.name)).max().unwrap_or_default();
    let name_cells = if has_bars { longest.min(room / 2) } else { room };
    for (at, (readout, words)) in (0..).zip(all.iter().zip(&texts).take(height)) {
        let line = body.line(at);
        let name = text::left(&text::clip_middle(&readout.name, name_cells), name_cells);
        let shown = text::right(words, value_cells);
        row::line(buf, line, &[(&name, body.style(Role::Text))], &[(&shown, style(body, readout, Role::Text))]);
        let bar = room.saturating_sub(name_cells + 1);
        if let Some(part) = readout.part.filter(|_| bar >= LEAST_BAR) {
            let area = Rect { x: line.x + name_cells as u16 + 1, width: bar as u16, ..line };
            draw_bar(body, area, readout, part, buf);
        }
    }
    let hidden = all.len().saturating_sub(height);
    let said = (hidden > 0).then(|| format!("{height} of {}", all.len()));
    Head::of(body.style(Role::Dim), said)
}

fn draw_bar(body: &Body<'_, '_>, area: Rect, readout: &Readout, part: f64, buf: &mut Buffer) {
    row::put(buf, area, area.x, area.y, &"─".repeat(area.width.into()), body.style(Role::Frame));
    let role = readout.tone.map_or(Role::Series1, role);
    row::put(buf, area, area.x, area.y, &bar::halves(part, area.width), body.style(role));
}

fn role(tone: Tone) -> Role {
    match tone {
        Tone::Good => Role::Ok,
        Tone::Warning => Role::Warning,
        Tone::Bad => Role::Critical,
    }
}

fn style(body: &Body<'_, '_>, readout: &Readout, plain: Role) -> Style {
    match readout.tone {
        None | Some(Tone::Good) => body.style(plain),
        Some(tone) => body.style(role(tone)),
    }
}

/// The value, with a sign before it that is the same without colour.
fn words(readout: &Readout) -> String {
    let sign = match readout.tone {
        Some(Tone::Bad) => "▲ ",
        Some(Tone::Warning) => "● ",
        _ => "",
    };
    format!("{sign}{}", readout.text)
}
