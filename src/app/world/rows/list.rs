//! From what the queries of a pane returned to its rows: which there are, in which order, and what tells each from the
//! others from poll to poll. Knows nothing of cells and colours, nor of the cockpit around it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    app::world::rows::{
        order::{Look, Order, Shown, Totals},
        row::{AlertsRow, Row, SlotView, What},
    },
    config::PaneKind,
    signal::LogLine,
};

/// The rows of a pane; none for panes without rows. Each is made when it is asked for.
#[derive(Clone, Debug, Default)]
pub struct Rows<'a> {
    slots: Vec<SlotView<'a>>,
    shown: Arc<Shown>,
}

impl<'a> Rows<'a> {
    /// The rows of a pane of this kind: those that pass the filter. Watchdogs are among them only when the pane is zoomed
    /// or a filter asks for them.
    pub fn of(kind: PaneKind, slots: &[SlotView<'a>], typed: &str, zoomed: bool) -> Self {
        Self::seen_as(kind, slots, Look { typed, zoomed, unfolded: false })
    }

    pub(super) fn seen_as(kind: PaneKind, slots: &[SlotView<'a>], look: Look<'_>) -> Self {
        let order = Arc::new(Order::of(kind, slots));
        Self { slots: slots.to_vec(), shown: Arc::new(Shown::of(order, slots, look)) }
    }

    /// The rows as they were worked out before from the same readings.
    pub(super) fn kept(slots: Vec<SlotView<'a>>, shown: &Arc<Shown>) -> Self {
        Self { slots, shown: Arc::clone(shown) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shown.shown.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row on a line.
    pub fn get(&self, line: usize) -> Option<Row<'a>> {
        let (slot, what) = self.shown.what(*self.shown.shown.get(line)?, &self.slots)?;
        let slot = self.slots.get(slot)?;
        let id = self.id(line)?.to_owned();
        Some(Row { id, source: slot.source, old: slot.is_old(), silent_since: slot.silent_since(), what })
    }

    /// What the row on a line shows.
    pub fn what(&self, line: usize) -> Option<What<'a>> {
        Some(self.shown.what(*self.shown.shown.get(line)?, &self.slots)?.1)
    }

    /// What tells the row on a line from all others of its pane.
    pub fn id(&self, line: usize) -> Option<&str> {
        self.name(line).map(|id| &**id)
    }

    pub(super) fn name(&self, line: usize) -> Option<&Arc<str>> {
        self.shown.id(line)
    }

    /// The line of the row that this names.
    pub fn line(&self, id: &str) -> Option<usize> {
        self.shown.line(id)
    }

    /// All of them, in the order they are shown.
    pub fn shown(&self) -> Vec<Row<'a>> {
        (0..self.len()).filter_map(|line| self.get(line)).collect()
    }

    /// The log lines that are folded into a row, from the first to the last, which it shows; empty for other rows.
    pub fn log_lines(&self, line: usize) -> impl DoubleEndedIterator<Item = &'a LogLine> + ExactSizeIterator {
        let lines = self.shown.places(line).iter().map(|at| match self.shown.what(*at, &self.slots) {
            Some((_, What::Line(line))) => Some(line),
            _ => None,
        });
        lines.collect::<Option<Vec<_>>>().unwrap_or_default().into_iter()
    }

    /// How many log lines are folded into a row; 1 where each has its own.
    pub fn repeats(&self, line: usize) -> usize {
        self.shown.places(line).len()
    }

    /// The alert group on a line, if it is one, with the slot it is from.
    pub(super) fn alerts(&self, line: usize) -> Option<(usize, AlertsRow<'a>)> {
        match self.shown.what(*self.shown.shown.get(line)?, &self.slots)? {
            (slot, What::Alerts(alerts)) => Some((slot, alerts)),
            _ => None,
        }
    }

    pub(super) fn slots(&self) -> &[SlotView<'a>] {
        &self.slots
    }

    /// Alert groups that fire on purpose (watchdogs), which are folded into one line at the end.
    pub fn folded(&self) -> Vec<AlertsRow<'a>> {
        let alerts = |at: &u32| match self.shown.what(*at, &self.slots)?.1 {
            What::Alerts(alerts) => Some(alerts),
            _ => None,
        };
        self.shown.folded.iter().filter_map(alerts).collect()
    }

    /// What the alerts among them add up to.
    pub fn totals(&self) -> Totals {
        self.shown.totals
    }

    /// Whether a cursor stands on them; tables and bars are only looked through.
    pub(in crate::app) fn is_list(&self) -> bool {
        self.get(0).is_some_and(|row| row.is_selectable())
    }

    /// Times whose age is shown in a row.
    pub fn ages(&self) -> impl Iterator<Item = Timestamp> {
        self.shown.shown.iter().filter_map(|at| match self.shown.what(*at, &self.slots)?.1 {
            What::Alerts(alerts) => Some(alerts.since),
            What::Change(change) => Some(change.at),
            _ => None,
        })
    }
}
