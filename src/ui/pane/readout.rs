//! Numbers that came in words: one in the middle; several side by side where each has room for its name, its number and
//! its past, else a row each, with a bar where they are on a scale.

mod gauge;
mod grid;
mod list;

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Body, Head, stat};
use crate::{
    app::world::rows::Filter,
    signal::{Data, Labels, Readout, Series, Tone},
    ui::{
        Role, sign,
        widget::{row, text},
    },
};

/// What a panel says where it has no value.
const NOTHING: &str = "No data";

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
        several => match grid::Grid::of(body.area, several) {
            Some(grid) => grid.draw(body, several, buf),
            None => list::draw(body, several, buf),
        },
    }
}

fn draw_one(body: &Body<'_, '_>, readout: &Readout, buf: &mut Buffer) -> Head {
    let Rect { height, .. } = body.area;
    if readout.text.is_empty() {
        return body.say_as_polled("no value", buf);
    }
    let below = match (readout.part, readout.past.len()) {
        (Some(_), _) if height >= 2 => 1 + u16::from(readout.ends.is_some() && height >= 4),
        (None, 2..) => (height / 2).min(stat::MOST_LINES).min(height.saturating_sub(1)),
        _ => 0,
    };
    draw_value(body, readout, Rect { height: height - below, ..body.area }, buf);
    let area = Rect { y: body.area.bottom() - below, height: below, ..body.area };
    match readout.part.filter(|_| below > 0) {
        Some(part) => gauge::draw(body, readout, part, area, buf),
        None => draw_past(body, readout, area, buf),
    }
    Head::default()
}

/// The value in the middle of an area; on its colour where that is to be seen from afar.
fn draw_value(body: &Body<'_, '_>, readout: &Readout, area: Rect, buf: &mut Buffer) {
    let style = style(body, readout, Role::Strong);
    let words = words(readout);
    match is_alarming(readout) && text::width(&words) + 2 <= usize::from(area.width) {
        true => {
            let words = format!(" {words} ");
            let x = area.x + (area.width - text::width(&words) as u16) / 2;
            row::put(buf, area, x, area.y + area.height.saturating_sub(1) / 2, &words, inverted(body, style));
        }
        false => row::middle(buf, area, &words, style),
    }
}

/// Whether its colour is to be seen from afar, and says something.
fn is_alarming(readout: &Readout) -> bool {
    readout.is_loud && matches!(readout.tone, Some(Tone::Bad | Tone::Warning))
}

/// The paper in the colour of the words. Where there are no colours, inside out.
fn inverted(body: &Body<'_, '_>, style: Style) -> Style {
    style.add_modifier(ratatui::style::Modifier::REVERSED).bg(body.style(Role::Background).bg.unwrap_or_default())
}

/// What it was before, along the bottom.
fn draw_past(body: &Body<'_, '_>, readout: &Readout, area: Rect, buf: &mut Buffer) {
    if area.is_empty() || readout.past.len() < 2 {
        return;
    }
    let series = Series { name: "".into(), labels: Labels::default(), points: readout.past.clone() };
    stat::draw_past(body, &series, area, buf);
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
        None if readout.value.is_none() && readout.text == NOTHING => body.style(Role::Dim),
        None | Some(Tone::Good) => body.style(plain),
        Some(tone) => body.style(role(tone)),
    }
}

/// The value, with a sign before it that is the same without colour.
fn words(readout: &Readout) -> String {
    match sign_of(readout.tone) {
        "" => readout.text.clone(),
        sign => format!("{sign} {}", readout.text),
    }
}

/// The sign of a tone; empty for what is as it should be.
pub(super) fn sign_of(tone: Option<Tone>) -> &'static str {
    match tone {
        Some(Tone::Bad) => sign::CRITICAL,
        Some(Tone::Warning) => sign::WARNING,
        _ => "",
    }
}
