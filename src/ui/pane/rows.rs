//! The rows of a pane that can be selected, in the order they are shown, each with a name that stays the same from poll
//! to poll. Knows nothing of cells and colours.

use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
};

use jiff::Timestamp;

use super::{PaneInput, SlotView, freshness};
use crate::{
    config::PaneKind,
    signal::{Alert, AlertGroup, AlertState, Change, Data, Freshness, LogLine, Series, Severity},
};

/// A row that can be selected.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What tells it from all others of its pane: the key of an alert group, the id of a change, the labels of a
    /// series, time and text of a log line. Where two rows would share it, the source is put behind.
    pub id: String,
    /// The name of its source.
    pub source: &'a str,
    /// Whether its source has gone quiet.
    pub old: bool,
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

/// The rows of a pane; none for panes without rows.
pub fn rows<'a>(input: &PaneInput<'a>) -> Vec<Row<'a>> {
    let mut rows = all(input).0;
    name_apart(&mut rows);
    rows
}

/// Alert groups that fire on purpose (watchdogs), which are folded into one line at the end.
pub(super) fn folded<'a>(input: &PaneInput<'a>) -> Vec<AlertsRow<'a>> {
    all(input).1
}

/// Times whose age is shown in a row.
pub(super) fn shown_ages<'a>(input: &PaneInput<'a>) -> impl Iterator<Item = Timestamp> + use<'a> {
    let has_ages = matches!(input.pane.kind, PaneKind::Alerts | PaneKind::Changes);
    let rows = if has_ages { all(input).0 } else { Vec::new() };
    rows.into_iter().filter_map(|row| match row.what {
        What::Alerts(alerts) => Some(alerts.since),
        What::Change(change) => Some(change.at),
        _ => None,
    })
}

fn all<'a>(input: &PaneInput<'a>) -> (Vec<Row<'a>>, Vec<AlertsRow<'a>>) {
    let filter = Filter::new(input.filter);
    let mut rows = Vec::new();
    for slot in &input.slots {
        let Some(reading) = slot.reading else { continue };
        let row = |id: String, what| Row { id, source: slot.source, old: freshness::is_old(slot), what };
        match &reading.data {
            Data::Alerts(set) => {
                let better = better_informed(input, slot);
                let shown = set.groups.iter().filter_map(|group| better.part_left(group));
                let shown = shown.filter(|alerts| alerts.passes(&filter));
                rows.extend(shown.map(|alerts| row(alerts.group.key.to_string(), What::Alerts(alerts))));
            }
            Data::Changes(changes) => {
                let passes = |c: &&Change| {
                    let more = [&c.service, &c.version, &c.who].map(|text| text.as_deref().unwrap_or_default());
                    filter.passes(more.into_iter().chain([c.title.as_str(), c.kind.word()]))
                };
                rows.extend(changes.iter().filter(passes).map(|c| row(c.id.clone(), What::Change(c))));
            }
            Data::Logs(lines) => {
                let shown = lines.iter().filter(|line| filter.passes([line.text.as_str()]));
                rows.extend(shown.map(|line| row(line_id(line), What::Line(line))));
            }
            Data::Table(table) => {
                let shown = table.rows.iter().filter(|cells| filter.passes(cells.iter().map(String::as_str)));
                let words = |cells: &[String]| -> Vec<String> {
                    let named = cells.iter().zip(&table.columns).filter(|(_, column)| !column.numeric);
                    named.map(|(cell, _)| cell.clone()).collect()
                };
                rows.extend(shown.map(|cells| row(words(cells).join(" · "), What::Cells(cells))));
            }
            Data::Series(series) if matches!(input.pane.kind, PaneKind::Table | PaneKind::BarGauge) => {
                let passes =
                    |s: &&Series| filter.passes(s.labels.iter().map(|(_, value)| value).chain([s.name.as_ref()]));
                rows.extend(series.iter().filter(passes).map(|s| row(series_id(s), What::Series(s))));
            }
            _ => {}
        }
    }
    sort(&mut rows);
    fold(rows, input)
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

fn fold<'a>(rows: Vec<Row<'a>>, input: &PaneInput<'a>) -> (Vec<Row<'a>>, Vec<AlertsRow<'a>>) {
    if input.zoomed || !input.filter.is_empty() {
        return (rows, Vec::new());
    }
    let mut folded = Vec::new();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        match row.what {
            What::Alerts(alerts) if alerts.severity == Severity::None => folded.push(alerts),
            _ => kept.push(row),
        }
    }
    (kept, folded)
}

impl<'a> AlertsRow<'a> {
    /// What fires on purpose comes last.
    fn urgency(&self) -> impl Ord + use<'a> {
        let (on_purpose, group) = (self.severity == Severity::None, self.group);
        (on_purpose, self.state, self.severity, self.since, &group.title, &group.key)
    }

    fn passes(&self, filter: &Filter) -> bool {
        let labels = self.group.labels.iter().map(|(_, value)| value);
        filter.passes(labels.chain([self.group.title.as_ref(), self.severity.word(), self.state.word()]))
    }
}

/// Names of alerts another source of the pane knows more about.
///
/// A firing alert goes from Prometheus to Alertmanager, which also knows whether it is silenced and who was told; shown
/// twice it would count twice. So what Alertmanager has is left out of Prometheus' groups, except for their pending
/// alerts, which only Prometheus knows. When one of the two has gone quiet, the other one is believed.
struct Better<'a> {
    names: HashSet<&'a str>,
    keep_pending: bool,
}

fn better_informed<'a>(input: &PaneInput<'a>, slot: &SlotView<'a>) -> Better<'a> {
    let own_delivers = delivers(slot);
    let is_better = |other: &&SlotView<'a>| {
        let fresher = other.freshness == Freshness::Live && slot.freshness != Freshness::Live;
        let as_fresh = other.freshness == slot.freshness;
        match (own_delivers, delivers(other)) {
            (false, true) => fresher || as_fresh,
            (true, false) => fresher,
            _ => false,
        }
    };
    let others = input.slots.iter().filter(|other| !std::ptr::eq(*other, slot)).filter(is_better);
    // A pending alert at Prometheus says nothing about one that fires at Alertmanager.
    let known = others.flat_map(alerts).filter(|alert| !own_delivers || alert.state == AlertState::Firing);
    Better { names: known.filter_map(|alert| alert.labels.get("alertname")).collect(), keep_pending: !own_delivers }
}

impl Better<'_> {
    /// What of a group is to be shown.
    fn part_left<'g>(&self, group: &'g AlertGroup) -> Option<AlertsRow<'g>> {
        let name = group.labels.get("alertname");
        let known = name.is_some_and(|name| self.names.contains(name));
        let state = if known { AlertState::Pending } else { group.state };
        if known && !self.keep_pending {
            return None;
        }
        let part = || group.alerts.iter().filter(|alert| alert.state == state);
        let severity = part().map(|alert| alert.severity).min().unwrap_or(group.severity);
        let since = part().map(|alert| alert.starts_at).min();
        let count = match state {
            AlertState::Firing => group.counts.firing,
            AlertState::Pending => group.counts.pending,
            AlertState::Inhibited => group.counts.inhibited,
            AlertState::Silenced => group.counts.silenced,
        };
        if known && count == 0 {
            return None;
        }
        Some(AlertsRow { group, state, severity, since: since.unwrap_or(group.since), count })
    }
}

/// Whether the source says who was told, as Alertmanager does and Prometheus does not.
fn delivers(slot: &SlotView<'_>) -> bool {
    alerts(slot).any(|alert| !alert.receivers.is_empty())
}

fn alerts<'a>(slot: &SlotView<'a>) -> impl Iterator<Item = &'a Alert> + use<'a> {
    let set = match slot.reading.map(|reading| &reading.data) {
        Some(Data::Alerts(set)) => Some(set),
        _ => None,
    };
    set.into_iter().flat_map(|set| &set.groups).flat_map(|group| &group.alerts)
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
