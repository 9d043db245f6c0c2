//! Prints one frame with every kind of pane, on made-up data, to look at: `cargo run --example gallery -- 160x45 dark`.
//!
//! The second word is a theme, or `mono`; a third one (`true`, `256`, `16`) is the number of colours.

#[path = "gallery/made_up.rs"]
mod made_up;

use ratatui::{buffer::Buffer, layout::Rect};
use stanch::ui::{
    Theme,
    pane::{draw, paste},
    theme::Depth,
};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &str| words.get(at).cloned().unwrap_or_else(|| default.to_owned());
    let size = word(0, "160x45");
    let (width, height) =
        size.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?))).unwrap_or((160, 45));
    let depth = match word(2, "true").as_str() {
        "256" => Depth::Indexed,
        "16" => Depth::Ansi16,
        _ => Depth::True,
    };
    let theme = Theme::builtin(&word(1, "dark")).unwrap_or_else(Theme::mono).limited_to(depth);
    let area = Rect::new(0, 0, width, height);
    let mut screen = Buffer::empty(area);
    screen.set_style(area, theme[stanch::ui::Role::Background]);
    let panes = made_up::panes();
    let only = words.get(3).and_then(|title| panes.iter().position(|shown| shown.pane.title == *title));
    let marks = made_up::marks();
    let places: Vec<(usize, Rect)> = match only {
        Some(at) => vec![(at, area)],
        None => grid(area, panes.len()).into_iter().enumerate().collect(),
    };
    // The focused pane comes last, so that its line lies on top of its neighbours'.
    for (at, place) in places.iter().filter(|(at, _)| *at != 2).chain(places.iter().filter(|(at, _)| *at == 2)) {
        let mut input = panes[*at].input(&marks, *at == 2);
        input.zoomed = only.is_some();
        let mut own = Buffer::empty(*place);
        draw(&input, *place, &mut own, &theme);
        paste(&own, &mut screen);
    }
    print!("{}", stanch::ui::print::text(&screen, true));
}

/// Places that share their lines, as many columns as are at least 38 wide.
fn grid(area: Rect, panes: usize) -> Vec<Rect> {
    let columns = usize::from((area.width / 38).clamp(1, 4));
    let fit = (usize::from(area.height) / 7).max(1) * columns;
    let rows = panes.min(fit).div_ceil(columns);
    let edge = |length: u16, at: usize, of: usize| (usize::from(length - 1) * at / of) as u16;
    let places = (0..panes.min(rows * columns)).map(|at| {
        let (column, row) = (at % columns, at / columns);
        let (x, y) = (edge(area.width, column, columns), edge(area.height, row, rows));
        let (right, bottom) = (edge(area.width, column + 1, columns), edge(area.height, row + 1, rows));
        Rect::new(x, y, right - x + 1, bottom - y + 1)
    });
    places.collect()
}
