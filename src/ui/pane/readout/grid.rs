//! Several values side by side, each below its name and above its past.
//!
//! ```text
//! │  Errors         Latency        Pods   │
//! │ ▲ 12.3 %        250 ms          8     │
//! │ ⣀⣀⠤⠒⠉⠉         ⠒⠒⠤⣀⣀⠤⠒        ⠉⠉⠉⠉⠉   │
//! ```

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, Head, draw_past, draw_value, words};
use crate::{
    signal::Readout,
    ui::{
        Role,
        widget::{row, text},
    },
};

/// Cells in which a name can be told from others.
const NAME: usize = 14;
/// Cells between two values.
const AIR: u16 = 2;
/// Narrowest cell, without air.
const LEAST: u16 = 10;

/// Cells of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    columns: u16,
    lines: u16,
}

impl Grid {
    /// Cells for all of them; `None` where some would have no room for a name above a number, or they are compared by
    /// their bars.
    pub(super) fn of(area: Rect, all: &[&Readout]) -> Option<Self> {
        if all.iter().any(|one| one.part.is_some() || one.share.is_some()) {
            return None;
        }
        let cell = |one: &&Readout| text::width(&words(one)).max(text::width(&one.name).min(NAME)) as u16;
        let widest = all.iter().map(cell).max()?.max(LEAST) + AIR;
        let count = u16::try_from(all.len()).ok()?;
        let most = (area.width + AIR) / widest;
        let rows = count.div_ceil(most.max(1));
        // As even as can be: four in two rows of two rather than three and one.
        let columns = count.div_ceil(rows.max(1));
        let lines = area.height / rows.max(1);
        (most > 0 && lines >= 2).then_some(Self { columns, lines })
    }

    pub(super) fn draw(self, body: &Body<'_, '_>, all: &[&Readout], buf: &mut Buffer) -> Head {
        let Self { columns, lines } = self;
        for (at, readout) in (0u16..).zip(all) {
            let (column, line) = (at % columns, at / columns);
            let edge = |column: u16| (u32::from(body.area.width + AIR) * u32::from(column) / u32::from(columns)) as u16;
            let (from, to) = (edge(column), edge(column + 1) - AIR);
            let cell = Rect { x: body.area.x + from, y: body.area.y + line * lines, width: to - from, height: lines };
            draw_cell(body, readout, cell.intersection(body.area), buf);
        }
        Head::default()
    }
}

fn draw_cell(body: &Body<'_, '_>, readout: &Readout, cell: Rect, buf: &mut Buffer) {
    if cell.height < 2 {
        return;
    }
    let name = text::clip_middle(&readout.name, cell.width.into());
    let x = cell.x + (cell.width - text::width(&name) as u16) / 2;
    row::put(buf, cell, x, cell.y, &name, body.style(Role::Dim));
    // Its past takes at most half of what is left.
    let left = cell.height - 1;
    let past = if readout.past.len() > 1 { (left / 2).min(super::stat::MOST_LINES) } else { 0 };
    draw_value(body, readout, Rect { y: cell.y + 1, height: left - past, ..cell }, buf);
    draw_past(body, readout, Rect { y: cell.bottom() - past, height: past, ..cell }, buf);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(count: usize, (width, height): (u16, u16), expected: Option<(u16, u16)>) {
        let readout = Readout { name: "A name".into(), text: "12.3 %".into(), ..Readout::default() };
        let all = vec![&readout; count];
        let grid = Grid::of(Rect::new(0, 0, width, height), &all);
        assert_eq!(grid.map(|grid| (grid.columns, grid.lines)), expected, "{count} in {width}x{height}");
    }

    #[test]
    fn values_stand_side_by_side_where_each_has_room() {
        check(4, (80, 4), Some((4, 4)));
        check(4, (30, 4), Some((2, 2)));
        check(5, (40, 4), Some((3, 2)));
        check(4, (30, 3), None);
        check(4, (9, 20), None);
        check(2000, (200, 50), None);
    }
}
