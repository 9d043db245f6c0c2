//! From what the queries of a pane returned to its rows: which there are, in which order, and what tells each from the
//! others from poll to poll. Knows nothing of cells and colours, nor of the cockpit around it.

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    time::Duration,
};

use jiff::Timestamp;

use super::better::better_informed;
use crate::{
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
    /// Whether its source has gone quiet.
    pub fn is_old(&self) -> bool {
        matches!(self.freshness, Freshness::Stale | Freshness::Failing)
    }
}

/// The rows of a pane; none for panes without rows.
#[derive(Clone, Debug, Default)]
pub struct Rows<'a> {
    /// In the order they are shown.
    pub shown: Vec<Row<'a>>,
    /// Alert groups that fire on purpose (watchdogs), which are folded into one line at the end.
    pub folded: Vec<AlertsRow<'a>>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What tells it from all others of its pane: the key of an alert group, the id of a change, the labels of a
    /// series, time and text of a log line. Where two rows would share it, the source is put behind.
    pub id: String,
    /// The name of its source.
    pub source: &'a str,
    /// Whether its source has gone quiet.
    pub old: bool,
    /// When its source was last heard, if that is too long ago to act on.
    pub unheard: Option<Timestamp>,
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
        let filter = Filter::new(typed);
        let mut rows: Vec<Row<'a>> = slots.iter().flat_map(|slot| of_slot(kind, slots, slot, &filter)).collect();
        sort(&mut rows);
        let mut rows = if zoomed || !typed.is_empty() { Self { shown: rows, folded: Vec::new() } } else { fold(rows) };
        name_apart(&mut rows.shown);
        rows
    }

    /// Times whose age is shown in a row.
    pub fn ages(&self) -> impl Iterator<Item = Timestamp> {
        self.shown.iter().filter_map(|row| match row.what {
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

fn of_slot<'a>(kind: PaneKind, slots: &[SlotView<'a>], slot: &SlotView<'a>, filter: &Filter) -> Vec<Row<'a>> {
    let Some(reading) = slot.reading else { return Vec::new() };
    let unheard = slot.last_good.filter(|_| !slot.heard);
    let row = |id: String, what| Row { id, source: slot.source, old: slot.is_old(), unheard, what };
    match &reading.data {
        Data::Alerts(set) => {
            let better = better_informed(slots, slot);
            let shown = set.groups.iter().filter_map(|group| better.part_left(group));
            let shown = shown.filter(|alerts| alerts.passes(filter));
            shown.map(|alerts| row(alerts.group.key.to_string(), What::Alerts(alerts))).collect()
        }
        Data::Changes(changes) => {
            let passes = |c: &&Change| {
                let more = [&c.service, &c.version, &c.who].map(|text| text.as_deref().unwrap_or_default());
                filter.passes(more.into_iter().chain([c.title.as_str(), c.kind.word()]))
            };
            changes.iter().filter(passes).map(|c| row(c.id.clone(), What::Change(c))).collect()
        }
        Data::Logs(lines) => {
            let shown = lines.iter().filter(|line| filter.passes([line.text.as_str()]));
            shown.map(|line| row(line_id(line), What::Line(line))).collect()
        }
        Data::Table(table) => {
            let shown = table.rows.iter().filter(|cells| filter.passes(cells.iter().map(String::as_str)));
            let words = |cells: &[String]| -> Vec<String> {
                let named = cells.iter().zip(&table.columns).filter(|(_, column)| !column.numeric);
                named.map(|(cell, _)| cell.clone()).collect()
            };
            shown.map(|cells| row(words(cells).join(" · "), What::Cells(cells))).collect()
        }
        Data::Series(series) if matches!(kind, PaneKind::Table | PaneKind::BarGauge) => {
            let passes = |s: &&Series| filter.passes(s.labels.iter().map(|(_, value)| value).chain([s.name.as_ref()]));
            series.iter().filter(passes).map(|s| row(series_id(s), What::Series(s))).collect()
        }
        Data::Series(_) | Data::Number(_) => Vec::new(),
    }
}

/// Series keep the order of their source, changes are newest first, logs oldest first, alerts worst first.
fn sort(rows: &mut [Row<'_>]) {
    rows.sort_by(|a, b| match (&a.what, &b.what) {
        (What::Alerts(x), What::Alerts(y)) => x.urgency().cmp(&y.urgency()),
        (What::Change(x), What::Change(y)) => y.at.cmp(&x.at),
        (What::Line(x), What::Line(y)) => match (x.at, y.at) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => std::cmp::Ordering::Equal,
        },
        _ => std::cmp::Ordering::Equal,
    });
}

/// Parts what fires on purpose from the rest.
fn fold(rows: Vec<Row<'_>>) -> Rows<'_> {
    let mut folded = Vec::new();
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        match row.what {
            What::Alerts(alerts) if alerts.severity == Severity::None => folded.push(alerts),
            _ => shown.push(row),
        }
    }
    Rows { shown, folded }
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

/// Puts the source behind names that occur twice, and a number where that is not enough.
fn name_apart(rows: &mut [Row<'_>]) {
    let mut times = HashMap::<String, usize>::new();
    rows.iter().for_each(|row| *times.entry(row.id.clone()).or_default() += 1);
    if times.values().all(|n| *n == 1) {
        return;
    }
    let mut taken = HashMap::<String, usize>::new();
    for row in rows {
        if times.get(&row.id).is_some_and(|n| *n > 1) {
            row.id = format!("{} @{}", row.id, row.source);
            let n = taken.entry(row.id.clone()).or_default();
            *n += 1;
            if *n > 1 {
                row.id = format!("{} #{n}", row.id);
            }
        }
    }
}
