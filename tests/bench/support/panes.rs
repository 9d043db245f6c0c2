//! Twenty charts on a screen, as someone who looks at it sees them. They have the same titles in every program.

use std::{fmt::Write, path::Path, time::Duration};

use super::session::{COLUMNS, ROWS};

pub const PANES: usize = 20;

/// Where each title stands, as row and column, once all of them are there.
pub fn titles(screen: &vt100::Screen) -> Option<Vec<(u16, u16)>> {
    let rows: Vec<String> = screen.rows(0, COLUMNS).collect();
    let find = |pane: usize| {
        let title = format!("Chart {pane:02}");
        (0..).zip(&rows).find_map(|(row, text)| {
            let at = text.find(&title)?;
            Some((row, text[..at].chars().count() as u16))
        })
    };
    (0..PANES).map(find).collect()
}

/// Whether every pane has a curve in it.
pub fn all_filled(screen: &vt100::Screen) -> bool {
    titles(screen).is_some_and(|titles| titles.iter().all(|title| is_filled(screen, *title)))
}

fn is_filled(screen: &vt100::Screen, (row, column): (u16, u16)) -> bool {
    let cells = (row + 1..ROWS.min(row + 8)).flat_map(|row| (column..COLUMNS.min(column + 40)).map(move |x| (row, x)));
    let is_dots = |c: char| ('\u{2801}'..='\u{28ff}').contains(&c);
    cells.into_iter().any(|(row, x)| screen.cell(row, x).is_some_and(|cell| cell.contents().chars().any(is_dots)))
}

/// How the titles look. Nothing of it changes but with the focus.
pub fn focus(screen: &vt100::Screen, titles: &[(u16, u16)]) -> Vec<(vt100::Color, vt100::Color, bool)> {
    let look = |(row, column): &(u16, u16)| {
        screen.cell(*row, *column).map_or((vt100::Color::Default, vt100::Color::Default, false), |cell| {
            (cell.fgcolor(), cell.bgcolor(), cell.bold())
        })
    };
    titles.iter().map(look).collect()
}

/// Writes a configuration of the cockpit with the same charts.
pub fn configure(file: &Path, url: &str, every: Duration, query: impl Fn(usize) -> String) {
    let mut text = format!(
        "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"{url}\"\nevery = \"{}s\"\n",
        every.as_secs()
    );
    for pane in 0..PANES {
        let query = query(pane);
        let _ = write!(text, "[[pane]]\ntitle = \"Chart {pane:02}\"\nsource = \"prom\"\nquery = \"{query}\"\n");
    }
    std::fs::write(file, text).expect("written");
}
