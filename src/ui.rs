//! What is drawn, and in which colours.
//!
//! Everything here is a pure function from state to cells: nothing is changed, nothing fails, no clock is read. Panes
//! are drawn one at a time into a buffer of their own (see [`pane::draw`]), kept in a [`Cache`] and put together. Beside
//! it, [`plain`] says in sentences what has changed since it was last asked, and remembers what it said.
//!
//! ```text
//! header       is it still bleeding, what it costs, the time
//! body         one of the five views, with an overlay over it
//! strip        leading hypotheses, names of the views; over it, for seconds, what was just done
//! coach line   the next best step
//! ```

mod act;
mod board;
pub mod cache;
mod coach_line;
pub mod footer;
pub mod glyphs;
mod header;
mod learn;
mod line;
mod log;
mod overlay;
mod page;
pub mod pane;
pub mod plain;
pub mod print;
mod sheet;
pub mod sign;
mod spots;
mod strip;
pub mod theme;
mod toast;
mod watch;
pub mod widget;

use std::ops::Range;

pub use cache::Cache;
use ratatui::{
    Frame,
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
};
use spots::{Spot, Spots};
pub use theme::{Role, Theme};

use crate::app::{
    Advice, App, Overlay, View,
    mouse::{Place, Under},
    screen::layout::Bands,
};

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme, cache: &mut Cache) {
    let area = frame.area();
    draw_into(frame.buffer_mut(), area, app, theme, cache);
}

/// Draws the whole screen into a buffer, for a terminal that is not there: a snapshot, a test.
pub fn draw_into(buf: &mut Buffer, area: Rect, app: &App, theme: &Theme, cache: &mut Cache) {
    cache.forget_screen();
    for patch in patches(area, app, theme, cache) {
        lay_over(&patch, buf);
    }
}

/// What a screen of this size must be painted with, one over the other, to show what is so now when it shows what was
/// asked for last. Twenty panes of which one has changed are one pane and three lines.
pub fn patches(area: Rect, app: &App, theme: &Theme, cache: &mut Cache) -> Vec<Buffer> {
    cache.prepare(app, theme);
    let advice = app.advice();
    let screen = Screen { app, theme, advice: &advice, spots: None };
    let bands = Bands::of(area);
    let mut patches = if bands.strip.is_empty() {
        cache.forget_screen();
        vec![low(screen, bands, area, cache)]
    } else {
        let mut patches = match app.screen.view {
            View::Watch => with_overlay(screen, bands.body, cache),
            _ => {
                cache.forget_screen();
                let mut body = Buffer::empty(bands.body);
                draw_body(screen, bands.body, &mut body, cache);
                toast::above(screen, bands.body).iter().for_each(|over| lay_over(over, &mut body));
                vec![body]
            }
        };
        let lines: [(Rect, DrawLine); 3] =
            [(bands.header, header::draw), (bands.strip, strip::draw), (bands.coach, coach_line::draw)];
        patches.extend(lines.map(|(band, draw)| {
            let mut line = Buffer::empty(band);
            draw(screen, band, &mut line);
            line
        }));
        patches
    };
    for patch in &mut patches {
        pane::underlay(patch.area, patch, theme[Role::Background]);
        theme.glyphs().fit(patch);
    }
    patches
}

/// What is under a cell of the screen as it would be drawn now.
pub fn hit(app: &App, theme: &Theme, cache: &mut Cache, (column, row): (u16, u16)) -> Under {
    let (area, at) = (app.screen.area(), Position { x: column, y: row });
    if !area.contains(at) {
        return Under::default();
    }
    cache.prepare(app, theme);
    let (spots, advice) = (Spots::default(), app.advice());
    let screen = Screen { app, theme, advice: &advice, spots: Some(&spots) };
    let bands = Bands::of(area);
    let mut buf = Buffer::empty(area);
    if let Some(over) = &app.screen.overlay {
        screen.note(area, Spot::Place(Place::Beside));
        overlay::draw(screen, over, bands.body, &mut buf, cache);
    } else if bands.coach.contains(at) {
        screen.note(bands.coach, Spot::Place(Place::Coach));
    } else if bands.strip.contains(at) {
        strip::draw(screen, bands.strip, &mut buf);
    } else if bands.body.contains(at) && app.screen.view == View::Watch {
        watch::note(screen, bands.body, at, cache, &spots);
    } else if bands.body.contains(at) {
        screen.note(bands.body, Spot::Place(Place::View));
        draw_view(screen, bands.body, &mut buf, cache);
    }
    spots.under(at)
}

type DrawLine = fn(Screen<'_>, Rect, &mut Buffer);

/// The state, the colours and the advice of one frame, from which all its parts are drawn.
#[derive(Clone, Copy)]
struct Screen<'a> {
    app: &'a App,
    theme: &'a Theme,
    advice: &'a Advice,
    /// Where it is noted what is drawn where; a frame notes nothing.
    spots: Option<&'a Spots>,
}

impl Screen<'_> {
    fn note(&self, area: Rect, spot: Spot) {
        if let Some(spots) = self.spots {
            spots.note(area, spot);
        }
    }

    /// Notes a list whose rows take one line each; see [`Spots::note_lines`].
    fn note_lines(&self, area: Rect, view: &Range<usize>, of: usize) {
        if let Some(spots) = self.spots {
            spots.note_lines(area, view, of);
        }
    }
}

/// The panes that have changed, what was laid over them before, and what lies over them now.
fn with_overlay(screen: Screen<'_>, body: Rect, cache: &mut Cache) -> Vec<Buffer> {
    let mut patches = watch::patches(screen, body, cache);
    let over = match &screen.app.screen.overlay {
        Some(overlay) => {
            let mut whole = Buffer::empty(body);
            overlay::draw(screen, overlay, body, &mut whole, cache);
            inked(&whole)
        }
        None => toast::above(screen, body),
    };
    let area = over.as_ref().map(|over| over.area);
    if let Some(before) = std::mem::replace(&mut cache.over, area)
        && area != Some(before)
        && before.intersection(body) == before
    {
        patches.extend(watch::part(screen, body, before, cache));
    }
    if let Some(over) = over {
        patches.iter_mut().for_each(|patch| lay_over(&over, patch));
        patches.push(over);
    }
    patches
}

/// The least rectangle with all that was drawn.
fn inked(buf: &Buffer) -> Option<Buffer> {
    let empty = Cell::default();
    let drawn = buf.area.positions().filter(|at| buf[*at] != empty).map(|at| Rect::new(at.x, at.y, 1, 1));
    let area = drawn.reduce(Rect::union)?;
    let mut part = Buffer::empty(area);
    lay_over(buf, &mut part);
    Some(part)
}

/// Copies as much of `from` as `to` has room for.
fn lay_over(from: &Buffer, to: &mut Buffer) {
    let shared = from.area.intersection(to.area);
    if shared.is_empty() {
        return;
    }
    for row in shared.rows() {
        let (at, into) = (from.index_of(row.x, row.y), to.index_of(row.x, row.y));
        let cells = usize::from(row.width);
        to.content[into..into + cells].clone_from_slice(&from.content[at..at + cells]);
    }
}

/// A screen with few lines, drawn as one: what lies over its body may need a line more.
fn low(screen: Screen<'_>, bands: Bands, area: Rect, cache: &mut Cache) -> Buffer {
    let mut buf = Buffer::empty(area);
    header::draw(screen, bands.header, &mut buf);
    draw_body(screen, bands.body, &mut buf, cache);
    coach_line::draw(screen, bands.coach, &mut buf);
    let body = bands.body;
    let lowest = Rect { y: body.bottom().saturating_sub(1), height: body.height.min(1), ..body };
    toast::draw(screen, Rect { height: 0, ..body }, lowest, 0, &mut buf);
    // No room for a line of its own: what is not written matters more than advice.
    strip::draw_banner(screen, bands.coach, &mut buf);
    buf
}

fn draw_body(screen: Screen<'_>, body: Rect, buf: &mut Buffer, cache: &mut Cache) {
    draw_view(screen, body, buf, cache);
    if let Some(overlay) = &screen.app.screen.overlay {
        overlay::draw(screen, overlay, body, buf, cache);
    }
}

fn draw_view(screen: Screen<'_>, body: Rect, buf: &mut Buffer, cache: &mut Cache) {
    match screen.app.screen.view {
        View::Watch => watch::draw(screen, body, buf, cache),
        View::Board => {
            let strip = match &screen.app.screen.overlay {
                Some(Overlay::Fill(_)) => overlay::fill::height(body),
                _ => 0,
            };
            let area = Rect { height: body.height.saturating_sub(strip), ..body };
            board::draw(screen, area, buf, cache);
        }
        View::Act => act::draw(screen, body, buf),
        View::Log => log::draw(screen, body, buf),
        View::Learn => learn::draw(screen, body, buf),
    }
}
