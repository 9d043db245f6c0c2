//! The mouse as the app knows it: what was done, and what was under the pointer when it was.
//!
//! What is under a cell is not worked out here: whoever draws says it, from the code that draws it (`ui::hit`), so there is
//! no second opinion on where things are.

use crate::{app::View, dashboard::PaneId};

/// Something done with the mouse.
#[derive(Clone, Debug, PartialEq)]
pub struct Mouse {
    /// What was done.
    pub gesture: Gesture,
    /// The column and the row it was done at.
    pub at: (u16, u16),
    /// What is there.
    pub under: Under,
}

/// What was done with the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// The left button went down.
    Press,
    /// The pointer moved with the left button down.
    Drag,
    /// The left button was let go.
    Release,
    /// The right button went down.
    Menu,
    /// The wheel was turned by so many ticks, down when above 0.
    Wheel(i32),
}

/// What is under a cell of the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Under {
    /// The part of the screen.
    pub place: Place,
    /// The row of the list there, by its place among all of them; `None` between rows.
    pub row: Option<usize>,
    /// The column of the board there, by its place among all of them.
    pub column: Option<usize>,
    /// The first column of the board that is in view, by its place.
    pub left: usize,
    /// The list or the text there, if there is one.
    pub list: Option<Listed>,
    /// The curve there, if there is one.
    pub plot: Option<Plot>,
}

/// A part of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// What nothing is done with.
    #[default]
    Nothing,
    /// A pane of Watch.
    Pane(PaneId),
    /// The list or the board that fills another view.
    View,
    /// What lies over the view.
    Overlay,
    /// Anything beside what lies over the view.
    Beside,
    /// The name of a view.
    Tab(View),
    /// The next best step.
    Coach,
}

/// The part of a list, or of a text, that is in view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The row on each line of the screen from top to bottom; `None` for lines between rows.
    pub lines: Vec<Option<usize>>,
    /// How many rows there are in all.
    pub of: usize,
    /// What is hidden above: rows, or lines where rows take several.
    pub top: usize,
    /// How many lines of the first row are hidden above, where that is counted in rows.
    pub cut: usize,
    /// What is hidden above when the end is in view.
    pub most: usize,
}

/// Where a curve is drawn, and which times its columns stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plot {
    /// The first column.
    pub left: u16,
    /// How many columns.
    pub width: u16,
    /// The times at both ends, in milliseconds.
    pub window: (i64, i64),
}

impl Listed {
    /// What is hidden above once the view has moved down by so many lines, or up when below 0.
    pub(in crate::app) fn moved(&self, by: isize) -> usize {
        self.top.saturating_add_signed(by).min(self.most)
    }

    /// The last row in view.
    pub(in crate::app) fn last(&self) -> Option<usize> {
        self.lines.iter().flatten().next_back().copied()
    }

    /// The row that is selected once the view has moved there: the one that was, or the nearest that is whole in view. Rows
    /// beyond what is in view now may take any number of lines: at an end it is the last one there.
    pub(in crate::app) fn kept(&self, row: usize, top: usize) -> usize {
        let lines = &self.lines;
        let (Some(first), Some(last)) = (lines.iter().flatten().next(), self.last()) else { return row };
        if let Some(down) = top.checked_sub(self.top).filter(|down| *down > 0) {
            let cut = lines.get(down - 1).copied().flatten();
            let rest = lines.iter().skip(down).flatten().find(|row| Some(**row) != cut);
            let end = self.of.saturating_sub(1);
            let beyond = || last + (down + 1).saturating_sub(lines.len()).max(1);
            let least = rest.copied().unwrap_or_else(|| if top == self.most { end } else { beyond() });
            return row.max(least.min(end));
        }
        let Some(up) = self.top.checked_sub(top).filter(|up| *up > 0) else { return row };
        let left = lines.len().saturating_sub(up);
        let cut = lines.get(left).copied().flatten();
        let rest = lines.iter().take(left).flatten().rfind(|row| Some(**row) != cut);
        let beyond = || first.saturating_sub((up + 1).saturating_sub(lines.len()).max(1));
        let most = rest.copied().unwrap_or_else(|| if top == 0 { 0 } else { beyond() });
        row.min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four lines of a list of twenty rows, from the eleventh on.
    fn list() -> Listed {
        Listed { lines: (10..14).map(Some).collect(), of: 20, top: 10, cut: 0, most: 16 }
    }

    #[track_caller]
    fn check(list: &Listed, row: usize, by: isize, expected: (usize, usize)) {
        let top = list.moved(by);
        assert_eq!((top, list.kept(row, top)), expected, "row {row}, {by} lines");
    }

    #[test]
    fn what_is_selected_stays_in_view() {
        check(&list(), 12, 1, (11, 12));
        check(&list(), 10, 3, (13, 13));
        check(&list(), 10, 5, (15, 15));
        check(&list(), 12, 99, (16, 19));
        check(&list(), 12, -1, (9, 12));
        check(&list(), 13, -3, (7, 10));
        check(&list(), 13, -5, (5, 8));
        check(&list(), 13, -99, (0, 0));
        check(&list(), 12, 0, (10, 12));
    }

    #[test]
    fn a_row_that_is_cut_is_not_whole() {
        let lines = vec![None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2), Some(2)];
        let tall = Listed { lines, of: 9, top: 5, cut: 0, most: 30 };
        check(&tall, 0, 1, (6, 0));
        check(&tall, 0, 2, (7, 1));
        check(&tall, 2, -1, (4, 1));
        check(&tall, 2, -4, (1, 0));
        let none = Listed { lines: vec![None; 3], of: 0, top: 0, cut: 0, most: 0 };
        check(&none, 0, 3, (0, 0));
    }
}
