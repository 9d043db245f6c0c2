//! What the mouse was last used for.

use jiff::{SignedDuration, Timestamp};

use crate::{app::mouse::Plot, dashboard::PaneId, signal::Window};

/// Two clicks on one cell that follow each other faster are one.
const TWICE: SignedDuration = SignedDuration::from_millis(400);

/// Columns that the button is to be dragged over for a stretch of time; less is a click.
const LEAST: u16 = 2;

/// What is known of the mouse so far.
#[derive(Clone, Debug, Default)]
pub struct Pointer {
    /// The cell of a pane or a view that was clicked on last, and when.
    clicked: Option<((u16, u16), Timestamp)>,
    /// The stretch of time that is being drawn over a chart.
    pub drag: Option<Drag>,
}

/// A stretch of time that is drawn over a chart while the button is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drag {
    /// The pane it was begun in.
    pub pane: PaneId,
    plot: Plot,
    /// What the charts showed when it was begun.
    pub(in crate::app) window: Window,
    /// The columns it was begun at and is at now.
    columns: (u16, u16),
}

impl Drag {
    pub(in crate::app) fn begin(pane: PaneId, plot: Plot, window: Window, column: u16) -> Self {
        Self { pane, plot, window, columns: (column, column) }
    }

    /// The pointer is at another column; beside the chart it stays at its edge.
    pub(in crate::app) fn reach(&mut self, column: u16) {
        let last = self.plot.left + self.plot.width.saturating_sub(1);
        self.columns.1 = column.max(self.plot.left).min(last);
    }

    /// The times it reaches from and to, in milliseconds; `None` where it is no more than a click.
    pub fn span(&self) -> Option<(i64, i64)> {
        let (from, to) = (self.columns.0.min(self.columns.1), self.columns.0.max(self.columns.1));
        let (begin, end) = self.plot.window;
        let time =
            |column: u16| begin + (end - begin) * i64::from(column - self.plot.left) / i64::from(self.plot.width);
        (to - from >= LEAST).then(|| (time(from), time(to + 1)))
    }
}

impl Pointer {
    /// Whether a click at this time follows another one on the same cell. A third one is the first of two again.
    pub(in crate::app) fn clicks_twice(&mut self, at: (u16, u16), now: Timestamp) -> bool {
        let before = self.clicked.take();
        let twice = before.is_some_and(|(there, then)| there == at && now.duration_since(then) < TWICE);
        self.clicked = (!twice).then_some((at, now));
        twice
    }

    /// What was clicked on last is there no more, or was nothing that opens.
    pub(in crate::app) fn forget_click(&mut self) {
        self.clicked = None;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn check(from: u16, to: u16, expected: Option<(i64, i64)>) {
        let plot = Plot { left: 10, width: 60, window: (0, 600_000) };
        let mut drag = Drag::begin(PaneId::made_up(0), plot, Window::live(Duration::from_secs(600)), from);
        drag.reach(to);
        assert_eq!(drag.span(), expected, "{from}..{to}");
    }

    #[test]
    fn columns_are_times() {
        check(10, 69, Some((0, 600_000)));
        check(20, 29, Some((100_000, 200_000)));
        check(29, 20, Some((100_000, 200_000)));
        check(20, 500, Some((100_000, 600_000)));
        check(20, 0, Some((0, 110_000)));
        check(20, 22, Some((100_000, 130_000)));
        check(20, 21, None);
        check(20, 20, None);
    }
}
