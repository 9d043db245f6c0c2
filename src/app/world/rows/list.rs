//! From what the queries of a pane returned to its rows: which there are, in which order, and what tells each from the
//! others from poll to poll. Knows nothing of cells and colours, nor of the cockpit around it.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    app::world::rows::{
        dedup::better_informed,
        order::{Order, Shown, Totals},
    },
    config::PaneKind,
    signal::{
        Alert, AlertGroup, AlertState, Change, Data, Fault, Freshness, LogLine, Reading, Series, Severity,
        alert::Counts,
    },
};

/// What one query of a pane has returned so far.
#[derive(Clone, Debug)]
pub struct SlotView<'a> {
    /// The name of its source.
    pub source: &'a str,
    /// Whether it knows what people were told, as Alertmanager does and Prometheus does not.
    pub tells: bool,
    /// The last good reading.
    pub reading: Option<&'a Reading>,
    /// Until when the reading was asked for; `None` when that was before the window shown was chosen.
    pub until: Option<Timestamp>,
    /// How much it can be believed.
    pub freshness: Freshness,
    /// Whether it may still be acted on: one poll that failed is no silence.
    pub heard: bool,
    /// Why the last poll failed, if it did.
    pub fault: Option<&'a Fault>,
    /// When the last good reading came.
    pub last_good: Option<Timestamp>,
    /// How often it is asked.
    pub every: Duration,
}

impl SlotView<'_> {
    /// When its source was last heard, if that is too long ago to act on.
    pub(super) fn silent_since(&self) -> Option<Timestamp> {
        self.last_good.filter(|_| !self.heard)
    }

    /// Whether it cannot be taken for what is so now.
    pub fn is_old(&self) -> bool {
        matches!(self.freshness, Freshness::Stale | Freshness::Failing)
    }
}

/// The rows of a pane; none for panes without rows. Each is made when it is asked for.
#[derive(Clone, Debug, Default)]
pub struct Rows<'a> {
    slots: Vec<SlotView<'a>>,
    shown: Arc<Shown>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What tells it from all others of its pane: the key of an alert group, the id of a change, the labels of a
    /// series, time and text of a log line. Where two rows would share it, the source is put behind.
    pub id: String,
    /// The name of its source.
    pub source: &'a str,
    /// Whether it cannot be taken for what is so now.
    pub old: bool,
    /// When its source was last heard, if that is too long ago to act on.
    pub silent_since: Option<Timestamp>,
    /// What it shows.
    pub what: What<'a>,
}

/// What a row shows.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum What<'a> {
    Alerts(AlertsRow<'a>),
    Change(&'a Change),
    Line(&'a LogLine),
    Series(&'a Series),
    Cells(&'a [String]),
}

/// An alert group, or the pending part of one whose firing alerts are shown by another source.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct AlertsRow<'a> {
    pub group: &'a AlertGroup,
    pub state: AlertState,
    pub severity: Severity,
    pub since: Timestamp,
    /// How many of its alerts are in `state`.
    pub count: usize,
}

/// Words that all have to occur, in whatever case.
pub struct Filter(Vec<String>);

impl Filter {
    /// From what was typed.
    pub fn new(typed: &str) -> Self {
        Self(typed.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether each word occurs in one of the texts.
    pub fn passes<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let all = texts.into_iter().collect::<Vec<_>>().join("\n").to_lowercase();
        self.0.iter().all(|word| all.contains(word.as_str()))
    }
}

impl<'a> Rows<'a> {
    /// The rows of a pane of this kind: those that pass the filter. Watchdogs are among them only when the pane is zoomed
    /// or a filter asks for them.
    pub fn of(kind: PaneKind, slots: &[SlotView<'a>], typed: &str, zoomed: bool) -> Self {
        let order = Arc::new(Order::of(kind, slots));
        Self { slots: slots.to_vec(), shown: Arc::new(Shown::of(order, slots, typed, zoomed)) }
    }

    /// The same as worked out before from the same readings.
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

    /// What tells the row on a line from all others of its pane.
    pub fn id(&self, line: usize) -> Option<&str> {
        self.shown.id(line).map(|id| &**id)
    }

    /// The line of the row that this names.
    pub fn line(&self, id: &str) -> Option<usize> {
        self.shown.line(id)
    }

    /// All of them, in the order they are shown.
    pub fn shown(&self) -> Vec<Row<'a>> {
        (0..self.len()).filter_map(|line| self.get(line)).collect()
    }

    /// The alert groups among them, each with what tells it from the others and the slot it is from.
    pub(super) fn alerts(&self) -> impl Iterator<Item = (&Arc<str>, &SlotView<'a>, AlertsRow<'a>)> {
        self.shown.shown.iter().enumerate().filter_map(|(line, at)| match self.shown.what(*at, &self.slots)? {
            (slot, What::Alerts(alerts)) => Some((self.shown.id(line)?, self.slots.get(slot)?, alerts)),
            _ => None,
        })
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
    pub fn is_list(&self) -> bool {
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

impl Row<'_> {
    /// Whether a cursor stands on rows like this; tables and bars are only looked through.
    pub fn is_selectable(&self) -> bool {
        matches!(self.what, What::Alerts(_) | What::Change(_) | What::Line(_))
    }
}

/// What a slot gives: its place in the reading, what tells it from others, what it shows.
pub(super) fn of_slot<'a>(
    kind: PaneKind,
    slots: &[SlotView<'a>],
    slot: &SlotView<'a>,
) -> Vec<(usize, Arc<str>, What<'a>)> {
    let Some(reading) = slot.reading else { return Vec::new() };
    match &reading.data {
        Data::Alerts(set) => {
            let better = better_informed(slots, slot);
            let shown = set.groups.iter().enumerate().filter_map(|(at, group)| Some((at, better.part_left(group)?)));
            shown.map(|(at, alerts)| (at, Arc::clone(&alerts.group.key), What::Alerts(alerts))).collect()
        }
        Data::Changes(changes) => {
            changes.iter().enumerate().map(|(at, c)| (at, c.id.as_str().into(), What::Change(c))).collect()
        }
        Data::Logs(lines) => {
            lines.iter().enumerate().map(|(at, line)| (at, line_id(line).into(), What::Line(line))).collect()
        }
        Data::Table(table) => {
            let words = |cells: &[String]| -> Vec<String> {
                let named = cells.iter().zip(&table.columns).filter(|(_, column)| !column.numeric);
                named.map(|(cell, _)| cell.clone()).collect()
            };
            let rows = table.rows.iter().enumerate();
            rows.map(|(at, cells)| (at, words(cells).join(" · ").into(), What::Cells(cells))).collect()
        }
        Data::Series(series) if matches!(kind, PaneKind::Table | PaneKind::BarGauge) => {
            series.iter().enumerate().map(|(at, s)| (at, series_id(s).into(), What::Series(s))).collect()
        }
        Data::Series(_) | Data::Number(_) => Vec::new(),
    }
}

/// Series keep the order of their source, changes are newest first, logs oldest first, alerts worst first.
pub(super) fn in_order(a: &What<'_>, b: &What<'_>) -> std::cmp::Ordering {
    match (a, b) {
        (What::Alerts(x), What::Alerts(y)) => x.urgency().cmp(&y.urgency()),
        (What::Change(x), What::Change(y)) => y.at.cmp(&x.at),
        (What::Line(x), What::Line(y)) => match (x.at, y.at) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => std::cmp::Ordering::Equal,
        },
        _ => std::cmp::Ordering::Equal,
    }
}

impl What<'_> {
    /// Whether the words of a filter occur in it.
    pub(super) fn passes(&self, filter: &Filter) -> bool {
        match self {
            Self::Alerts(alerts) => alerts.passes(filter),
            Self::Change(c) => {
                let more = [&c.service, &c.version, &c.who].map(|text| text.as_deref().unwrap_or_default());
                filter.passes(more.into_iter().chain([c.title.as_str(), c.kind.word()]))
            }
            Self::Line(line) => filter.passes([line.text.as_str()]),
            Self::Cells(cells) => filter.passes(cells.iter().map(String::as_str)),
            Self::Series(s) => filter.passes(s.labels.iter().map(|(_, value)| value).chain([s.name.as_ref()])),
        }
    }
}

impl<'a> AlertsRow<'a> {
    /// What fires on purpose comes last.
    fn urgency(&self) -> impl Ord + use<'a> {
        let (on_purpose, group) = (self.severity == Severity::None, self.group);
        (on_purpose, self.state, self.severity, self.since, &group.title, &group.key)
    }

    /// Whether this is all of its group.
    pub fn is_whole(&self) -> bool {
        self.state == self.group.state
    }

    /// The part of the group that is shown, as a group of its own.
    pub fn part(&self) -> AlertGroup {
        if self.is_whole() {
            return self.group.clone();
        }
        let alerts: Vec<Alert> = self.group.alerts.iter().filter(|alert| alert.state == self.state).cloned().collect();
        let mut counts = Counts::default();
        alerts.iter().for_each(|alert| counts.add(alert.state));
        let (severity, state, since) = (self.severity, self.state, self.since);
        AlertGroup { severity, state, counts, since, alerts, ..self.group.clone() }
    }

    fn passes(&self, filter: &Filter) -> bool {
        let labels = self.group.labels.iter().map(|(_, value)| value);
        filter.passes(labels.chain([self.group.title.as_ref(), self.severity.word(), self.state.word()]))
    }
}

fn series_id(series: &Series) -> String {
    if series.labels.is_empty() { series.name.to_string() } else { series.labels.to_string() }
}

/// The place of a line in a reading changes with every poll; its time and text do not.
fn line_id(line: &LogLine) -> String {
    let mut hasher = DefaultHasher::new();
    (line.text.as_str(), line.labels.iter().collect::<Vec<_>>()).hash(&mut hasher);
    let at = line.at.map_or(0, |at| at.as_nanosecond());
    format!("{at}-{:016x}", hasher.finish())
}
