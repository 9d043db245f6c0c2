//! Where things are: from the size of the terminal and the view to rectangles. Pure arithmetic.
//!
//! ```text
//! header                                    1 row
//! body: panes, board, act, log, learn       the rest
//! strip: leading hypotheses, view names     1 row
//! coach line                                1 row
//! ```

use ratatui::layout::Rect;

/// The bands every view shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// Status, vitals, clock.
    pub header: Rect,
    /// The view.
    pub body: Rect,
    /// Leading hypotheses and the names of the views.
    pub strip: Rect,
    /// The next best step.
    pub coach: Rect,
}

impl Bands {
    /// Cuts the screen. What does not fit has no height: first the strip goes, then the header; the coach line stays.
    pub fn of(area: Rect) -> Self {
        let coach = u16::from(area.height >= 1);
        let header = u16::from(area.height >= 3);
        let strip = u16::from(area.height >= 8);
        let body = area.height - coach - header - strip;
        let band = |y: u16, height: u16| Rect { x: area.x, y: area.y + y, width: area.width, height };
        Self {
            header: band(0, header),
            body: band(header, body),
            strip: band(header + body, strip),
            coach: band(header + body + strip, coach),
        }
    }
}

/// The pages of panes and the rectangles on each. Neighbours share their border.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Panes a page.
    pub per_page: usize,
    /// How many pages there are.
    pub pages: usize,
    columns: usize,
    rows: usize,
    body: Rect,
}

/// Narrowest and lowest pane worth looking at, borders included.
const LEAST: (u16, u16) = (38, 10);

impl Grid {
    /// Cuts `body` for `panes` panes of equal weight: as few columns as it takes to show all of them on one page. A
    /// small terminal shows one pane a page.
    pub fn of(body: Rect, panes: usize) -> Self {
        let small = body.width < 100 && body.height < 28;
        let most = |length: u16, least: u16| usize::from((length / least).max(1));
        let (columns, rows) = if small { (1, 1) } else { (most(body.width, LEAST.0), most(body.height, LEAST.1)) };
        let panes = panes.max(1);
        let columns = (1..=columns).find(|columns| panes.div_ceil(*columns) <= rows).unwrap_or(columns);
        let rows = panes.div_ceil(columns).min(rows);
        let per_page = columns * rows;
        Self { per_page, pages: panes.div_ceil(per_page), columns, rows, body }
    }

    /// The page a pane is on.
    pub fn page_of(&self, pane: usize) -> usize {
        pane / self.per_page
    }

    /// The rectangles of the panes on a page of which `count` are there; the last row is shared out among its panes.
    pub fn page(&self, count: usize) -> Vec<Rect> {
        let count = count.min(self.per_page);
        let rows = count.div_ceil(self.columns).clamp(1, self.rows);
        (0..count)
            .map(|at| {
                let (row, column) = (at / self.columns, at % self.columns);
                let in_row = if row + 1 == rows { count - row * self.columns } else { self.columns };
                let (x, width) = cut(self.body.x, self.body.width, column, in_row);
                let (y, height) = cut(self.body.y, self.body.height, row, rows);
                Rect { x, y, width, height }
            })
            .collect()
    }

    /// How many panes stand beside each other.
    pub fn columns(&self) -> usize {
        self.columns
    }
}

/// The `at`th of `count` pieces of a length, each overlapping the one before by its border.
fn cut(start: u16, length: u16, at: usize, count: usize) -> (u16, u16) {
    let edge = |i: usize| u16::try_from(usize::from(length.saturating_sub(1)) * i / count.max(1)).unwrap_or(0);
    let (from, to) = (edge(at), edge(at + 1));
    (start + from, (to - from + 1).min(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: u16, height: u16, panes: usize, expected: (usize, usize, usize)) {
        let bands = Bands::of(Rect::new(0, 0, width, height));
        let grid = Grid::of(bands.body, panes);
        assert_eq!((grid.columns, grid.rows, grid.pages), expected, "{panes} panes at {width}x{height}");
    }

    #[test]
    fn panes_fit() {
        check(200, 60, 20, (4, 5, 1));
        check(160, 45, 9, (3, 3, 1));
        check(120, 40, 9, (3, 3, 1));
        check(80, 24, 9, (1, 1, 9));
        check(80, 24, 0, (1, 1, 1));
        check(1, 1, 5, (1, 1, 5));
    }

    #[test]
    fn neighbours_share_a_border_and_nothing_is_left_over() {
        let body = Rect::new(0, 1, 200, 57);
        let rects = Grid::of(body, 20).page(20);
        assert_eq!(rects[1].x, rects[0].right() - 1);
        assert_eq!(rects[4].y, rects[0].bottom() - 1);
        assert_eq!(rects[3].right(), body.right());
        assert_eq!(rects[19].bottom(), body.bottom());
    }

    #[test]
    fn any_size_has_a_coach_line_and_no_overlap() {
        for (width, height) in [(1, 1), (1, 2), (5, 3), (80, 7), (80, 8), (500, 200)] {
            let bands = Bands::of(Rect::new(0, 0, width, height));
            assert_eq!(bands.coach.bottom(), height);
            let sum = bands.header.height + bands.body.height + bands.strip.height + bands.coach.height;
            assert_eq!(sum, height);
        }
    }
}
