//! The panels of a dashboard on pages: in its order and lines, each as large as its content needs.
//!
//! Grafana's grid has 24 columns and as many rows as it takes. What stands side by side there stands side by side here, as
//! long as there is room; a number takes few lines, a curve takes more, and what is left goes to those that gain by it.

use ratatui::layout::Rect;

use super::cut;
use crate::dashboard::PaneId;

/// A panel as far as its place goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelWish {
    /// Its dashboard, by the place among those that are open.
    pub dashboard: usize,
    /// The row it is in, numbered in order.
    pub row: usize,
    /// Where it begins in Grafana's grid, from the top.
    pub y: u32,
    /// How many rows of Grafana's grid it takes.
    pub height: u16,
    /// How many of Grafana's 24 columns it takes.
    pub width: u16,
    /// How much room its content needs.
    pub room: Room,
}

/// How much room something needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// A number or two.
    Number,
    /// Names with numbers, and bars.
    Bars,
    /// A curve.
    Curve,
    /// Rows and columns.
    Table,
    /// Words.
    Text,
}

impl Room {
    /// The narrowest that can be read, frame included.
    fn width(self) -> u16 {
        match self {
            Self::Number => 18,
            Self::Bars => 30,
            Self::Curve => 38,
            Self::Table => 56,
            Self::Text => 24,
        }
    }

    /// The least and the greatest height that suit it, frame included.
    fn heights(self) -> (u16, u16) {
        match self {
            Self::Number => (4, 6),
            Self::Bars => (5, 10),
            Self::Curve => (10, 12),
            Self::Table => (6, 14),
            Self::Text => (3, 8),
        }
    }

    /// Whether it gains by more lines than it needs.
    fn stretches(self) -> bool {
        matches!(self, Self::Curve | Self::Table | Self::Bars)
    }
}

/// Panels side by side.
#[derive(Clone, Debug, Default)]
struct Line<'w> {
    panels: Vec<(PaneId, &'w PanelWish)>,
    height: u16,
}

impl Line<'_> {
    fn stretches(&self) -> bool {
        self.panels.iter().any(|(_, wish)| wish.room.stretches())
    }
}

/// The pages of one dashboard, each with its panels and their rectangles. Neighbours share their border.
pub(super) fn pages(body: Rect, wishes: &[(PaneId, &PanelWish)]) -> Vec<Vec<(PaneId, Rect)>> {
    let mut pages: Vec<Vec<Line<'_>>> = Vec::new();
    let mut used = 0;
    for line in lines(body, wishes) {
        // All lines but the first share the border above them.
        let more = line.height - u16::from(used > 0);
        match pages.last_mut() {
            Some(page) if used + more <= body.height => {
                used += more;
                page.push(line);
            }
            _ => {
                used = line.height;
                pages.push(vec![line]);
            }
        }
    }
    pages.iter().map(|page| placed(body, page)).collect()
}

fn lines<'w>(body: Rect, wishes: &[(PaneId, &'w PanelWish)]) -> Vec<Line<'w>> {
    let mut lines: Vec<Line<'w>> = Vec::new();
    let mut taken = 0;
    for (id, wish) in wishes {
        let (least, most) = wish.room.heights();
        let height = wish.height.clamp(least, most).min(body.height.max(1));
        let width = wish.room.width().min(body.width);
        let goes_on = lines.last().and_then(|line| line.panels.first()).is_some_and(|(_, first)| {
            let bottom = first.y.saturating_add(first.height.into());
            first.row == wish.row && (first.y..bottom.max(first.y + 1)).contains(&wish.y) && taken + width <= body.width
        });
        if !goes_on {
            lines.push(Line::default());
            taken = 0;
        }
        taken += width;
        if let Some(line) = lines.last_mut() {
            line.panels.push((*id, wish));
            line.height = line.height.max(height);
        }
    }
    lines
}

/// Shares out what is left of the height among the lines that gain by it, and each line's width among its panels.
fn placed(body: Rect, page: &[Line<'_>]) -> Vec<(PaneId, Rect)> {
    let used: u16 = page.iter().map(|line| line.height - 1).sum::<u16>() + 1;
    let left = body.height.saturating_sub(used);
    let gaining = page.iter().filter(|line| line.stretches()).count() as u16;
    let (mut y, mut nth) = (body.y, 0);
    let mut out = Vec::new();
    for line in page {
        let extra = match line.stretches() {
            true => {
                let share = left / gaining + u16::from(nth < left % gaining);
                nth += 1;
                share
            }
            false => 0,
        };
        let height = (line.height + extra).min(body.bottom().saturating_sub(y)).max(1);
        let shares: Vec<usize> = line.panels.iter().map(|(_, wish)| share(body, wish)).collect();
        let all: usize = shares.iter().sum();
        let mut before = 0;
        for ((id, _), share) in line.panels.iter().zip(&shares) {
            let (x, width) = cut(body.x, body.width, before, *share, all);
            before += share;
            out.push((*id, Rect { x, y, width, height }));
        }
        y += height - 1;
    }
    out
}

/// What a panel gets of the width: as in Grafana, but no less than it needs.
fn share(body: Rect, wish: &PanelWish) -> usize {
    let wanted = usize::from(wish.width.clamp(1, 24)) * usize::from(body.width) / 24;
    wanted.max(wish.room.width().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(y: u32, width: u16, height: u16, room: Room) -> PanelWish {
        PanelWish { dashboard: 0, row: 0, y, height, width, room }
    }

    fn rects(width: u16, height: u16, wishes: &[PanelWish]) -> Vec<Vec<Rect>> {
        let wishes: Vec<_> = (0..).map(PaneId::made_up).zip(wishes).collect();
        let pages = pages(Rect::new(0, 1, width, height), &wishes);
        pages.into_iter().map(|page| page.into_iter().map(|(_, rect)| rect).collect()).collect()
    }

    #[test]
    fn numbers_take_few_lines_and_curves_the_rest() {
        let dashboard = [
            wish(0, 6, 4, Room::Number),
            wish(0, 18, 4, Room::Number),
            wish(4, 12, 8, Room::Curve),
            wish(4, 12, 8, Room::Curve),
        ];
        let pages = rects(120, 30, &dashboard);
        let [page] = pages.as_slice() else { panic!("{pages:?}") };
        assert_eq!(page[0], Rect::new(0, 1, 30, 4));
        assert_eq!((page[1].x, page[1].right()), (29, 120));
        assert_eq!(page[2], Rect::new(0, 4, 60, 27));
        assert_eq!(page[3].bottom(), 31);
    }

    #[test]
    fn a_narrow_terminal_shows_fewer_side_by_side() {
        let curves: Vec<_> = (0..3).map(|_| wish(0, 8, 8, Room::Curve)).collect();
        let pages = rects(80, 19, &curves);
        let lines: Vec<_> = pages.iter().flatten().map(|rect| (rect.x, rect.y)).collect();
        assert_eq!(lines, [(0, 1), (39, 1), (0, 10)]);
    }

    #[test]
    fn another_row_begins_another_line() {
        let mut below = wish(0, 12, 8, Room::Curve);
        below.row = 1;
        let pages = rects(200, 20, &[wish(0, 12, 8, Room::Curve), below]);
        assert_eq!(pages[0][1].y, 11);
    }

    #[test]
    fn any_size_is_filled_without_overlap() {
        let rooms = [Room::Number, Room::Bars, Room::Curve, Room::Table, Room::Text];
        let dashboard: Vec<_> =
            (0..40).map(|n| wish(n / 3 * 4, 8, (n * 7 % 30) as u16, rooms[n as usize % 5])).collect();
        for (width, height) in [(1, 1), (5, 3), (40, 6), (80, 20), (120, 36), (200, 57), (500, 200)] {
            for page in rects(width, height, &dashboard) {
                let body = Rect::new(0, 1, width, height);
                for (at, rect) in page.iter().enumerate() {
                    assert_eq!(rect.intersection(body), *rect, "{width}x{height}");
                    for other in &page[at + 1..] {
                        let common = rect.intersection(*other);
                        let is_border = common.width <= 1 || common.height <= 1;
                        assert!(is_border || width < 18 || height < 4, "{rect:?} {other:?}");
                    }
                }
            }
        }
    }
}
