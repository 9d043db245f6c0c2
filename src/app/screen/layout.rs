//! Where things are: from the size of the terminal and the view to rectangles. Pure arithmetic.
//!
//! ```text
//! header                                    1 row
//! body: panes, board, act, log, learn       the rest
//! strip: leading hypotheses, view names     1 row
//! coach line                                1 row, 2 where a sentence would not fit into one
//! ```

mod panels;

pub use panels::{PanelWish, Room};
use ratatui::layout::Rect;

use crate::dashboard::PaneId;

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
    /// Cuts the screen. What does not fit has no height: first the strip goes, then the header; the coach line stays. How
    /// high it is depends on the terminal only, so that no sentence moves what is above it.
    pub fn of(area: Rect) -> Self {
        let two = area.width < WIDE && area.height >= HIGH;
        let coach = u16::from(area.height >= 1) + u16::from(two);
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

/// From this width on the coach's sentence fits into one row, with what its key does.
const WIDE: u16 = 160;
/// From this height on there is a second row for it.
const HIGH: u16 = 20;

/// What a pane wants of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The pane.
    pub id: PaneId,
    /// How many columns and rows of the grid it spans.
    pub span: (u16, u16),
    /// Where it stands on its dashboard, for a panel of one: then the span is of no concern.
    pub panel: Option<PanelWish>,
}

/// The pages of panes and the rectangles on each. Neighbours share their border.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Each page: its panes in order, with their rectangles.
    pages: Vec<Vec<(PaneId, Rect)>>,
    /// How many of them are of panes that stand in columns; those behind are of dashboards.
    even: usize,
    /// How many pages each dashboard has.
    of_dashboards: Vec<usize>,
    columns: usize,
}

/// Narrowest and lowest pane worth looking at, borders included.
const LEAST: (u16, u16) = (38, 10);
/// With twice this width there are two columns, however few the panes.
const BROAD: u16 = 90;

/// A row of panes, each with its width; and how high the row is. Both are counted in places of the grid.
#[derive(Clone, Debug, Default)]
struct Row {
    panes: Vec<(PaneId, usize)>,
    height: usize,
}

impl Grid {
    /// Lays the panes out, in their order: those of the configuration in rows of one height, then each dashboard on pages
    /// of its own.
    pub fn of(body: Rect, panes: &[Wish]) -> Self {
        let own: Vec<(PaneId, (u16, u16))> =
            panes.iter().filter(|wish| wish.panel.is_none()).map(|wish| (wish.id, wish.span)).collect();
        let panels: Vec<(PaneId, &PanelWish)> =
            panes.iter().filter_map(|wish| Some((wish.id, wish.panel.as_ref()?))).collect();
        let mut grid = Self::even(body, &own);
        if own.is_empty() && !panels.is_empty() {
            grid.pages.clear();
        }
        grid.even = grid.pages.len();
        for dashboard in panels.chunk_by(|(_, a), (_, b)| a.dashboard == b.dashboard) {
            let pages = panels::pages(body, dashboard);
            grid.of_dashboards.push(pages.len());
            grid.pages.extend(pages);
        }
        grid
    }

    /// The pane above (-1) or below (1) another one; `None` where there is none.
    pub fn beside(&self, panes: &[Wish], focus: PaneId, by: isize) -> Option<PaneId> {
        let page = self.page_of(focus);
        if page < self.even {
            let place = panes.iter().position(|wish| wish.id == focus)?;
            return panes.get(place.checked_add_signed(by * self.columns as isize)?).map(|wish| wish.id);
        }
        let (_, from) = self.page(page).iter().find(|(id, _)| *id == focus)?;
        let overlap = |rect: &Rect| from.right().min(rect.right()).saturating_sub(from.x.max(rect.x));
        let beyond = self.page(page).iter().filter(|(_, rect)| if by < 0 { rect.y < from.y } else { rect.y > from.y });
        let near = beyond.min_by_key(|(_, rect)| (rect.y.abs_diff(from.y), u16::MAX - overlap(rect), rect.x));
        let next = || match by < 0 {
            true => self.page(page.checked_sub(1)?).last(),
            false => self.page(page + 1).first(),
        };
        near.or_else(next).map(|(id, _)| *id)
    }

    /// Lays the panes out in rows, in their order: as few columns as it takes to show all of them on one page, more on
    /// a broad terminal. A small terminal shows one pane a page.
    fn even(body: Rect, panes: &[(PaneId, (u16, u16))]) -> Self {
        let small = body.width < 100 && body.height < 28;
        let most = |length: u16, least: u16| usize::from((length / least).max(1));
        let (most_columns, most_rows) =
            if small { (1, 1) } else { (most(body.width, LEAST.0), most(body.height, LEAST.1)) };
        let height = |rows: &[Row]| rows.iter().map(|row| row.height).sum::<usize>();
        let fits = |columns: &usize| height(&rows(panes, *columns, most_rows)) <= most_rows;
        // A curve gains nothing by being much wider than this, and what stands at both ends of a line is far apart.
        let fewest = usize::from(body.width / BROAD).clamp(1, panes.len().clamp(1, most_columns));
        let columns = (fewest..=most_columns).find(fits).unwrap_or(most_columns);
        let mut pages: Vec<Vec<Row>> = vec![Vec::new()];
        for row in rows(panes, columns, most_rows) {
            if pages.last().is_some_and(|page| !page.is_empty() && height(page) + row.height > most_rows) {
                pages.push(Vec::new());
            }
            pages.last_mut().into_iter().for_each(|page| page.push(row.clone()));
        }
        Self {
            pages: pages.iter().map(|page| place(body, page)).collect(),
            even: 0,
            of_dashboards: Vec::new(),
            columns,
        }
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// The place of a page among those of its dashboard, or of the team's own panes, and how many these are.
    pub fn place_of(&self, page: usize) -> (usize, usize) {
        let mut before = 0;
        for of in std::iter::once(self.even).chain(self.of_dashboards.iter().copied()) {
            if page < before + of {
                return (page - before, of);
            }
            before += of;
        }
        (0, 1)
    }

    /// The page a pane is on.
    pub fn page_of(&self, pane: PaneId) -> usize {
        self.pages.iter().position(|page| page.iter().any(|(id, _)| *id == pane)).unwrap_or(0)
    }

    /// The panes of a page and where they are.
    pub fn page(&self, page: usize) -> &[(PaneId, Rect)] {
        self.pages.get(page).map_or(&[], Vec::as_slice)
    }
}

/// Fills rows from left to right; a pane that no longer fits begins the next one.
fn rows(panes: &[(PaneId, (u16, u16))], columns: usize, most_rows: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut left = 0;
    for (id, (width, height)) in panes {
        let width = usize::from(*width).clamp(1, columns);
        if width > left {
            rows.push(Row::default());
            left = columns;
        }
        left -= width;
        if let Some(row) = rows.last_mut() {
            row.panes.push((*id, width));
            row.height = row.height.max(usize::from(*height).clamp(1, most_rows));
        }
    }
    rows
}

/// Shares out the height among the rows of a page, and the width of each row among its panes.
fn place(body: Rect, page: &[Row]) -> Vec<(PaneId, Rect)> {
    let heights = page.iter().map(|row| row.height).sum();
    let mut above = 0;
    let mut placed = Vec::new();
    for row in page {
        let (y, height) = cut(body.y, body.height, above, row.height, heights);
        above += row.height;
        let widths = row.panes.iter().map(|(_, width)| width).sum();
        let mut before = 0;
        for (id, share) in &row.panes {
            let (x, width) = cut(body.x, body.width, before, *share, widths);
            before += share;
            placed.push((*id, Rect { x, y, width, height }));
        }
    }
    placed
}

/// The piece of a length after `before` shares of `all`, `share` long, overlapping the one before by its border.
fn cut(start: u16, length: u16, before: usize, share: usize, all: usize) -> (u16, u16) {
    let edge = |i: usize| u16::try_from(usize::from(length.saturating_sub(1)) * i / all.max(1)).unwrap_or(0);
    let (from, to) = (edge(before), edge(before + share));
    (start + from, (to - from + 1).min(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(spans: &[(u16, u16)]) -> Vec<Wish> {
        let wish = |(id, span): (u32, &(u16, u16))| Wish { id: PaneId::made_up(id), span: *span, panel: None };
        (0..).zip(spans).map(wish).collect()
    }

    #[track_caller]
    fn check(width: u16, height: u16, panes: usize, expected: (usize, usize)) {
        let bands = Bands::of(Rect::new(0, 0, width, height));
        let grid = Grid::of(bands.body, &wishes(&vec![(1, 1); panes]));
        assert_eq!((grid.columns, grid.pages()), expected, "{panes} panes at {width}x{height}");
    }

    #[test]
    fn panes_fit() {
        check(200, 60, 20, (4, 1));
        check(200, 60, 4, (2, 1));
        check(200, 60, 1, (1, 1));
        check(160, 45, 9, (3, 1));
        check(120, 40, 9, (3, 1));
        check(80, 24, 9, (1, 9));
        check(80, 24, 0, (1, 1));
        check(1, 1, 5, (1, 5));
    }

    #[test]
    fn neighbours_share_a_border_and_nothing_is_left_over() {
        let body = Rect::new(0, 1, 200, 57);
        let grid = Grid::of(body, &wishes(&[(1, 1); 20]));
        let rect = |at: usize| grid.page(0)[at].1;
        assert_eq!(rect(1).x, rect(0).right() - 1);
        assert_eq!(rect(4).y, rect(0).bottom() - 1);
        assert_eq!(rect(3).right(), body.right());
        assert_eq!(rect(19).bottom(), body.bottom());
    }

    #[test]
    fn wide_and_high_panes_get_their_share() {
        let body = Rect::new(0, 0, 121, 31);
        let grid = Grid::of(body, &wishes(&[(2, 2), (1, 1), (1, 1), (1, 1), (1, 1)]));
        let rect = |at: usize| grid.page(0)[at].1;
        assert_eq!(grid.columns, 3);
        assert!(rect(0).width > rect(1).width && rect(0).height > rect(2).height, "{grid:?}");
        assert_eq!(rect(1).right(), body.right());
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
