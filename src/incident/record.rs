//! What is known of the things that happened: alerts, changes, vitals, sources, watches, notes.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{AlertTurn, Id, Observed, Status, board::Evidence};
use crate::signal::{Change, Severity, alert::AlertLinks};

/// A change of status.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct StatusTurn {
    pub status: Status,
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
    /// The entry that told it, and its number.
    pub entry: (Id, u64),
}

/// What is known of an alert group over the whole incident.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRecord {
    /// The source it was seen at.
    pub source: String,
    /// Its key there.
    pub group: String,
    /// The name people know it by.
    pub title: String,
    /// The worst severity it was seen with.
    pub severity: Severity,
    /// Its runbook, dashboard and expression, as it was first seen.
    pub links: AlertLinks,
    /// Whether it was the first to fire.
    pub first: bool,
    /// What happened to it, in order of the log; never empty.
    pub turns: Vec<AlertTurnAt>,
}

impl AlertRecord {
    /// The time of its first turn.
    pub fn since(&self) -> Option<Timestamp> {
        self.turns.first().map(|turn| turn.at)
    }

    /// Whether it fires, as far as was last seen.
    pub fn is_firing(&self) -> bool {
        self.turns.last().is_some_and(|last| last.turn.is_firing())
    }
}

/// An alert that fires on purpose, all the time, and was missing.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchdogRecord {
    /// The source it was seen at.
    pub source: String,
    /// The key of its group there.
    pub group: String,
    /// The name people know it by.
    pub title: String,
    /// Since when it is missing; `None` while it fires.
    pub missing: Option<Timestamp>,
    /// When it turned last.
    pub turned: Timestamp,
    /// How often it was missing or back.
    pub turns: usize,
}

/// Something that happened to a group of alerts, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertTurnAt {
    /// When its first alert began, or when it ended.
    pub at: Timestamp,
    /// What happened.
    pub turn: AlertTurn,
    /// How many of its alerts fire after that.
    pub firing: usize,
}

/// A change, and where it was seen.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct ChangeRecord {
    pub source: String,
    pub change: Change,
}

/// What a vital did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VitalRecord {
    /// Its range in words.
    pub ok: String,
    /// Each time it left its range or came back, in order of the log.
    pub crossings: Vec<Crossing>,
    /// Stretches outside its range, by their start.
    pub stretches: BTreeMap<Timestamp, Stretch>,
}

/// The side of a range that is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadSide {
    Low,
    High,
}

impl BadSide {
    /// That of a range in words: `≥ 98 %`. `None` where both sides are, or a value in the middle.
    pub fn of(ok: &str) -> Option<Self> {
        match ok.trim_start().chars().next() {
            Some('>' | '≥') => Some(Self::Low),
            Some('<' | '≤') => Some(Self::High),
            _ => None,
        }
    }
}

impl VitalRecord {
    /// How bad a value is: the greater, the worse. Of a range that is no matter of one side only the values that were in it
    /// are known.
    pub(super) fn badness(&self, value: f64) -> f64 {
        match BadSide::of(&self.ok) {
            Some(BadSide::Low) => -value,
            Some(BadSide::High) => value,
            None => {
                let inside = self.crossings.iter().filter(|crossing| crossing.inside && !crossing.value.is_nan());
                let distances = inside.map(|crossing| (value - crossing.value).abs());
                distances.reduce(f64::min).unwrap_or(value.abs())
            }
        }
    }
}

/// A vital left its range, or came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// When it did, as measured; two cockpits may have written theirs in another order. Never before the crossing ahead of
    /// it if the clock of whoever wrote both went back meanwhile.
    pub at: Timestamp,
    /// Whether it is within its range after this.
    pub inside: bool,
    /// The value then.
    pub value: f64,
    /// The value with its unit.
    pub shown: String,
    /// The number of the entry that told of it.
    pub seq: u64,
    /// When that entry was written.
    pub written: Timestamp,
}

/// A stretch of a vital outside its range, as measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Until when it was measured.
    pub until: Timestamp,
    /// Seconds really measured outside.
    pub seconds: f64,
    /// The worst value.
    pub worst: f64,
    /// The worst value with its unit.
    pub shown: String,
    /// Distance from the range times minutes.
    pub area: f64,
    /// When it came back; `None` while that was not seen.
    pub back: Option<Timestamp>,
}

/// A stretch in which more was seen at a source than was written one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// The source.
    pub source: String,
    /// What was left out.
    pub what: Observed,
    /// How many, as far as was told.
    pub count: usize,
    /// When the first of them was seen.
    pub since: Timestamp,
    /// When all that is seen was written again; `None` while it is not.
    pub until: Option<Timestamp>,
}

/// A stretch in which a source did not answer.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct SourceOutage {
    pub source: String,
    pub error: String,
    pub since: Timestamp,
    pub until: Option<Timestamp>,
}

/// A stretch in which a cockpit was watching. Without an end it was cut off; `last` is the last sign of it.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Watch {
    pub session: Id,
    pub by: String,
    pub since: Timestamp,
    pub until: Option<Timestamp>,
    pub last: Timestamp,
}

/// Something a person wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Its name in the log.
    pub id: Id,
    /// When it happened.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: String,
    /// Its text.
    pub text: String,
}

/// A reading that was kept.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Pin {
    pub id: Id,
    pub at: Timestamp,
    pub by: String,
    pub evidence: Evidence,
}

/// What somebody has set a variable of a dashboard to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenValues {
    /// Who.
    pub by: String,
    /// The dashboard, as the journal names it.
    pub dashboard: String,
    /// The variable.
    pub variable: String,
    /// Its values.
    pub values: Vec<String>,
}
