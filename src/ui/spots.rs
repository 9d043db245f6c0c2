//! What is under a cell of the screen, as those say who draw there.
//!
//! Nothing is kept from frame to frame, and a frame notes nothing: when somebody points at something, the part of the screen
//! it is in is drawn once more, into a buffer that is thrown away, and what draws a row notes where it has put it. So a
//! row is hit where it is seen, without a second copy of any layout, and who has no mouse pays nothing.

use std::{cell::RefCell, ops::Range};

use ratatui::layout::{Position, Rect};

use crate::app::mouse::{Listed, Place, Plot, Under};

/// What is noted of an area while it is drawn.
#[derive(Clone, Debug)]
pub(super) enum Spot {
    /// It is this part of the screen.
    Place(Place),
    /// It holds a list or a text of so many rows: which row is on which line is known of the rows.
    List(Listed),
    /// It is the row at this place of the list it lies in.
    Row(usize),
    /// It is the column at this place of the board.
    Column(usize),
    /// A curve is drawn over it, of this stretch of time, in milliseconds.
    Plot((i64, i64)),
}

impl Spot {
    /// A list of so many rows: how much is hidden above, and how much when its end is in view.
    pub fn list(of: usize, top: usize, most: usize) -> Self {
        Self::List(Listed { lines: Vec::new(), of, top, cut: 0, most })
    }

    fn column(&self) -> Option<usize> {
        match self {
            Self::Column(column) => Some(*column),
            _ => None,
        }
    }
}

/// All that was noted, in the order it was drawn.
#[derive(Debug, Default)]
pub(super) struct Spots(RefCell<Vec<(Rect, Spot)>>);

impl Spots {
    pub fn note(&self, area: Rect, spot: Spot) {
        self.0.borrow_mut().push((area, spot));
    }

    /// A list whose rows take one line each, those of this range from the top of its area on.
    pub fn note_lines(&self, area: Rect, view: &Range<usize>, of: usize) {
        let most = of.saturating_sub(area.height.into());
        self.note(area, Spot::list(of, view.start, most));
        for (y, row) in (area.y..area.bottom()).zip(view.clone()) {
            self.note(Rect { y, height: 1, ..area }, Spot::Row(row));
        }
    }

    /// A list whose rows take so many lines each, from the top of its area on; at `most` it is scrolled to its end.
    pub fn note_tall(&self, area: Rect, rows: impl Iterator<Item = (usize, u16)>, first: usize, most: usize) {
        let rows: Vec<_> = rows.collect();
        self.note(area, Spot::list(most + rows.len(), first, most));
        let mut y = area.y;
        for (row, height) in rows {
            self.note(Rect { y, height, ..area }.intersection(area), Spot::Row(row));
            y += height;
        }
    }

    /// What is under a cell: what was noted last lies on top.
    pub fn under(&self, at: Position) -> Under {
        let noted = self.0.borrow();
        let mut under = Under::default();
        let mut list = None;
        for (nth, (area, spot)) in noted.iter().enumerate().filter(|(_, (area, _))| area.contains(at)) {
            match spot {
                Spot::Place(place) => (under, list) = (Under { place: *place, ..Under::default() }, None),
                Spot::List(listed) => (under.row, list) = (None, Some((nth, *area, listed.clone()))),
                Spot::Row(row) => under.row = Some(*row),
                Spot::Column(column) => under.column = Some(*column),
                Spot::Plot(window) => {
                    under.plot = Some(Plot { left: area.x, width: area.width, window: *window });
                }
            }
        }
        under.left = noted.iter().find_map(|(_, spot)| spot.column()).unwrap_or(0);
        under.list = list.map(|(nth, area, list)| {
            let rows = noted[nth..].iter().filter_map(|(row, spot)| match spot {
                Spot::Row(at) => Some((*row, *at)),
                _ => None,
            });
            Listed { lines: lines(area, rows), ..list }
        });
        under
    }
}

/// The row on each line of an area.
fn lines(area: Rect, rows: impl Iterator<Item = (Rect, usize)>) -> Vec<Option<usize>> {
    let mut lines = vec![None; area.height.into()];
    for (row, at) in rows {
        for line in row.intersection(area).rows() {
            lines[usize::from(line.y - area.y)] = Some(at);
        }
    }
    lines
}
