//! What lies over a view: at most one thing, in one frame, with its keys in the frame line.

pub mod assumptions;
mod choice;
mod dashboards;
pub mod detail;
mod fact_sheet;
pub mod fill;
mod guard;
mod help;
mod incidents;
mod log_sheet;
mod menu;
mod note;
mod pairs;
mod palette;
pub mod picker;
pub mod prompt;
pub mod runbook;
mod runbooks;
mod smells;
pub mod storm;
mod variables;

use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget};

use super::{
    Cache, Role, Screen, line,
    spots::Spot,
    widget::{frame::Frame, text},
};
use crate::app::{Overlay, assumptions::assumption_line, dialogs::smells::smell_line, field::Field, mouse::Place};

/// Draws an overlay over the body of the screen.
pub(super) fn draw(screen: Screen<'_>, overlay: &Overlay, body: Rect, buf: &mut Buffer, cache: &Cache) {
    // A body too low for anything still shows what is typed.
    let body = if body.height < 3 { buf.area.intersection(Rect { height: body.height + 1, ..body }) } else { body };
    if body.is_empty() {
        return;
    }
    match overlay {
        Overlay::Help { scroll } => help::draw(screen, *scroll, body, buf),
        Overlay::Palette(palette) => palette::draw(screen, palette, body, buf),
        Overlay::Menu(menu) => menu::draw(screen, menu, body, buf),
        Overlay::Assumptions { cursor } => {
            assumptions::draw(screen, assumption_line(&screen.app.incident, cursor), body, buf)
        }
        Overlay::Smells { cursor } => smells::draw(screen, smell_line(screen.app, cursor), body, buf),
        Overlay::Note(field) => note::draw(screen, field, body, buf),
        Overlay::Prompt(prompt) => prompt::draw(screen, prompt, body, buf),
        Overlay::Picker(picker) => picker::draw(screen, picker, body, buf),
        Overlay::Fill(strip) => fill::draw(screen, strip, body, buf),
        Overlay::Guard(sheet) => guard::draw(screen, sheet, body, buf),
        Overlay::Dashboards(list) => dashboards::draw(screen, list, body, buf),
        Overlay::Incidents(list) => incidents::draw(screen, list, body, buf),
        Overlay::Runbook(sheet) => runbook::draw(screen, sheet, body, buf),
        Overlay::Runbooks(list) => runbooks::draw(screen, list, body, buf),
        Overlay::Variables(picker) => variables::draw(screen, picker, body, buf),
        Overlay::Storm(storm) => storm::draw(screen, storm, body, buf),
        Overlay::Choice(choice) => choice::draw(screen, choice, body, buf),
        Overlay::Facts(sheet) => fact_sheet::draw(screen, sheet, body, buf),
        Overlay::LogLine(sheet) => log_sheet::draw(screen, sheet, body, buf),
        Overlay::Detail { subject, scroll } => detail::draw(screen, *subject, *scroll, body, buf, cache),
    }
}

/// A cleared box with a frame; returns what is inside, a cell away from the frame on either side.
fn boxed(screen: Screen<'_>, title: &str, keys: &str, area: Rect, buf: &mut Buffer) -> Rect {
    let theme = screen.theme;
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            buf[(x, y)].reset();
        }
    }
    let right = if keys.is_empty() { Vec::new() } else { vec![vec![(keys.to_owned(), theme[Role::Dim])]] };
    screen.note(area, Spot::Place(Place::Overlay));
    let frame = Frame {
        title,
        right,
        focused: true,
        line_style: theme[Role::Focus],
        title_style: theme[Role::Focus],
        ..Frame::default()
    };
    let inner = frame.draw(area, buf);
    if inner.width < 8 { inner } else { Rect { x: inner.x + 1, width: inner.width - 2, ..inner } }
}

/// A rectangle of at most this size in the middle of the body, a little above.
fn middle(body: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(body.width), height.min(body.height));
    let x = body.x + (body.width - width) / 2;
    let y = body.y + (body.height - height) / 3;
    Rect { x, y, width, height }
}

/// The text being typed, with its cursor.
fn draw_field(screen: Screen<'_>, field: &Field, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.width < 2 || area.height == 0 {
        return;
    }
    buf.set_style(area, screen.theme[Role::Text]);
    field.area().render(area, buf);
}

/// Puts lines one below the other; the y behind them.
fn put_lines(lines: &[Line<'_>], area: Rect, buf: &mut Buffer) -> u16 {
    let mut y = area.y;
    for shown in lines {
        if y >= area.bottom() {
            break;
        }
        line::put(buf, Rect { y, height: 1, ..area }, shown);
        y += 1;
    }
    y
}

/// A paragraph in one style, wrapped.
fn paragraph(screen: Screen<'_>, role: Role, words: &str, width: u16) -> Vec<Line<'static>> {
    let style = screen.theme[role];
    text::wrap(words, width.into()).into_iter().map(|piece| Line::styled(piece, style)).collect()
}
