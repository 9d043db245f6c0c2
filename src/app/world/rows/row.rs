//! One row of a pane: what tells it from the others from poll to poll, what it shows, and whether a filter lets it pass.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    time::Duration,
};

use jiff::Timestamp;

use crate::signal::{
    Alert, AlertGroup, AlertState, Change, Fault, Freshness, LogLine, Reading, Series, Severity, alert::Counts,
};

/// What one query of a pane has returned so far.
#[derive(Clone, Debug)]
pub struct SlotView<'a> {
    /// The name of its source.
    pub source: &'a str,
    /// Whether it knows what people were told, as Alertmanager does and Prometheus does not.
    pub tells: bool,
    /// Whether it is asked over the window shown; what is not is of now, whatever the window.
    pub follows: bool,
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

impl Row<'_> {
    /// Whether a cursor stands on rows like this; tables and bars are only looked through.
    pub(in crate::app) fn is_selectable(&self) -> bool {
        matches!(self.what, What::Alerts(_) | What::Change(_) | What::Line(_))
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

pub(super) fn series_id(series: &Series) -> String {
    if series.labels.is_empty() { series.name.to_string() } else { series.labels.to_string() }
}

/// The place of a line in a reading changes with every poll; its time and text do not.
pub(super) fn line_id(line: &LogLine) -> String {
    let mut hasher = DefaultHasher::new();
    (line.text.as_str(), line.labels.iter().collect::<Vec<_>>()).hash(&mut hasher);
    let at = line.at.map_or(0, |at| at.as_nanosecond());
    format!("{at}-{:016x}", hasher.finish())
}
