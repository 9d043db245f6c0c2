//! What is drawn, and in which colours.
//!
//! Everything here is a pure function from state to cells: nothing is changed, nothing fails, no clock is read. Panes
//! are drawn one at a time into a buffer of their own (see [`pane::draw`]), kept in a [`Cache`] and put together.
//!
//! ```text
//! header       is it still bleeding, what it costs, the time
//! body         one of the five views, with an overlay over it
//! strip        leading hypotheses, names of the views
//! coach line   the next best step
//! ```

mod act;
mod board;
pub mod cache;
mod coach_line;
mod header;
mod learn;
mod line;
mod log;
mod overlay;
pub mod pane;
pub mod print;
mod sheet;
pub mod sign;
mod strip;
pub mod theme;
mod watch;
pub mod widget;

pub use cache::Cache;
pub use theme::{Role, Theme};

use ratatui::{Frame, buffer::Buffer, layout::Rect};

use crate::app::{Advice, App, Overlay, View, layout::Bands};

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme, cache: &mut Cache) {
    let area = frame.area();
    draw_into(frame.buffer_mut(), area, app, theme, cache);
}

/// The same into a buffer, for a screen that is written to a file.
pub fn draw_into(buf: &mut Buffer, area: Rect, app: &App, theme: &Theme, cache: &mut Cache) {
    cache.prepare(app, theme);
    let advice = app.advice();
    let screen = Screen { app, theme, advice: &advice };
    let bands = Bands::of(area);
    header::draw(screen, bands.header, buf);
    draw_view(screen, bands.body, buf, cache);
    if let Some(overlay) = &app.overlay {
        overlay::draw(screen, overlay, bands.body, buf, cache);
    }
    strip::draw(screen, bands.strip, buf);
    coach_line::draw(screen, bands.coach, buf);
    if bands.strip.is_empty() {
        // No room for a line of its own: what is not written matters more than advice.
        strip::draw_banner(screen, bands.coach, buf);
    }
    pane::underlay(area, buf, theme[Role::Background]);
}

/// What everything is drawn from.
#[derive(Clone, Copy)]
struct Screen<'a> {
    app: &'a App,
    theme: &'a Theme,
    advice: &'a Advice,
}

fn draw_view(screen: Screen<'_>, body: Rect, buf: &mut Buffer, cache: &mut Cache) {
    match screen.app.view {
        View::Watch => watch::draw(screen, body, buf, cache),
        View::Board => {
            let strip = match &screen.app.overlay {
                Some(Overlay::Fill(_)) => overlay::fill::height(body),
                _ => 0,
            };
            let area = Rect { height: body.height.saturating_sub(strip), ..body };
            board::draw(screen, area, buf, cache);
        }
        View::Act => act::draw(screen, body, buf),
        View::Log => log::draw(screen, body, buf, cache),
        View::Learn => learn::draw(screen, body, buf),
    }
}
