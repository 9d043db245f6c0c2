//! What a check shows: the newest reading of its query held against its condition.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    app::world::{checks::line::too_long, signals::Slot},
    base::{human_time, text},
    incident::{ObservationState, board::CheckQuery},
    signal::{
        Curves, Data, Found, Labels, Matchers, Point, Reading, Series, Unit, Verdict, condition::Op, verdict::judge,
    },
};

/// Counts kept of an alert check.
const HISTORY: usize = 720;

/// Bytes of what is kept of a value or of a reason.
const MOST: usize = 160;

/// What a check shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Showing {
    /// Its condition holds.
    Holds {
        /// When it began to hold, or the beginning of what was looked at.
        since: Timestamp,
        /// It has held for as long as was looked, and maybe longer.
        or_longer: bool,
        /// The value with its unit and series.
        value: Value,
    },
    /// Its condition is met, but not yet for as long as it must be.
    NotYet {
        /// When its condition was first met.
        since: Timestamp,
        /// For how long it must be.
        needed: Duration,
        /// The value with its unit and series.
        value: Value,
    },
    /// Its condition does not hold.
    Not {
        /// When it ceased to hold, or the beginning of what was looked at.
        since: Timestamp,
        /// The value nearest to it.
        value: Value,
    },
    /// Nobody can tell.
    Unclear {
        /// The reason, in a few words.
        why: String,
        /// Whether asking again would most likely say the same.
        certain: bool,
    },
}

/// A value in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// With its unit, its series, and how many more there are.
    pub whole: String,
    /// The number with its unit: as many bytes of the whole.
    number: usize,
}

impl Value {
    fn new(number: &str, rest: &str) -> Self {
        let whole = text::clipped(&format!("{number}{rest}"), MOST).into_owned();
        Self { number: number.len().min(whole.len()), whole }
    }

    /// The number with its unit.
    pub fn number(&self) -> &str {
        self.whole.get(..self.number).unwrap_or(&self.whole)
    }
}

impl Showing {
    pub(super) fn unclear(why: String) -> Self {
        Self::Unclear { why: text::clipped(&why, MOST).into_owned(), certain: false }
    }

    fn certainly_unclear(why: impl AsRef<str>) -> Self {
        Self::Unclear { why: text::clipped(why.as_ref(), MOST).into_owned(), certain: true }
    }

    /// What the journal says it showed.
    pub(super) fn known(state: ObservationState, since: Timestamp, value: String) -> Self {
        match state {
            ObservationState::Present => Self::Holds { since, or_longer: false, value: Value::new(&value, "") },
            ObservationState::Absent => Self::Not { since, value: Value::new(&value, "") },
            ObservationState::Unclear | ObservationState::Untested => Self::unclear(value),
        }
    }

    /// The state it settles its column with, if it does.
    pub fn settles(&self) -> Option<ObservationState> {
        match self {
            Self::Holds { .. } => Some(ObservationState::Present),
            Self::Not { .. } => Some(ObservationState::Absent),
            Self::NotYet { .. } | Self::Unclear { .. } => None,
        }
    }

    pub(super) fn is_certain(&self) -> bool {
        matches!(self, Self::Unclear { certain: true, .. })
    }

    /// Since when it has been so; `now` when that is not known.
    pub(super) fn since(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Holds { since, .. } | Self::NotYet { since, .. } | Self::Not { since, .. } => (*since).min(now),
            Self::Unclear { .. } => now,
        }
    }

    /// The value with its unit and series, or why nobody can tell.
    pub fn value(&self) -> &str {
        match self {
            Self::Holds { value, .. } | Self::NotYet { value, .. } | Self::Not { value, .. } => &value.whole,
            Self::Unclear { why, .. } => why,
        }
    }

    /// The value with its unit alone, for where there is no room.
    pub fn number(&self) -> &str {
        match self {
            Self::Holds { value, .. } | Self::NotYet { value, .. } | Self::Not { value, .. } => value.number(),
            Self::Unclear { why, .. } => why,
        }
    }

    /// Whether it may have been so for longer than was looked.
    pub fn or_longer(&self) -> bool {
        matches!(self, Self::Holds { or_longer: true, .. })
    }

    /// A sentence's worth.
    pub fn words(&self) -> String {
        let value = self.value();
        match self {
            Self::Holds { .. } => format!("it holds, {value}"),
            Self::NotYet { needed, .. } => format!("{value}, not yet for {}", seconds(*needed)),
            Self::Not { .. } => format!("it does not hold, {value}"),
            Self::Unclear { .. } => format!("unclear: {value}"),
        }
    }
}

fn seconds(needed: Duration) -> String {
    human_time::age(i64::try_from(needed.as_secs()).unwrap_or(i64::MAX))
}

/// A check, and how to read what comes back.
pub(super) struct Watched<'a> {
    pub check: &'a CheckQuery,
    pub unit: Unit,
    /// An alert that is not there may merely be out of sight.
    pub blind: bool,
}

impl Watched<'_> {
    /// Holds what is known of its query against its condition. `history` keeps what an answer does not say of the past.
    pub(super) fn look(&self, slot: &Slot, history: &mut Vec<Point>) -> Showing {
        let source = &self.check.source;
        if let Some(why) = too_long(&self.check.present) {
            return Showing::certainly_unclear(why);
        }
        if let Some(fault) = slot.fault() {
            let why = format!("{source} {fault}");
            return if fault.kind.is_about_query() { Showing::certainly_unclear(why) } else { Showing::unclear(why) };
        }
        let Some(reading) = &slot.good else { return Showing::unclear(format!("{source} has not answered")) };
        match &reading.data {
            Data::Series(series) | Data::Curves(Curves { series, .. }) => self.judged(series, reading),
            Data::Number(value) => self.judged(&[counted(vec![at(reading, *value)])], reading),
            Data::Alerts(set) => {
                let meant: Matchers = match self.check.query.parse() {
                    Ok(meant) => meant,
                    Err(error) => return Showing::certainly_unclear(format!("{error}")),
                };
                let (firing, since) = meant.firing(set);
                // Where some may be out of sight there are at least as many: that settles only what asks for more.
                if (self.blind || set.dropped > 0) && !self.is_enough(firing as f64) {
                    return Showing::unclear(format!("{source} does not show all there is"));
                }
                if history.last().is_none_or(|last| last.t < reading.at.as_millisecond()) {
                    history.push(at(reading, firing as f64));
                    history.drain(..history.len().saturating_sub(HISTORY));
                }
                match (self.judged(&[counted(history.clone())], reading), since) {
                    // An alert says itself since when.
                    (Showing::Holds { since: seen, value, .. }, Some(since)) => {
                        Showing::Holds { since: since.min(seen), or_longer: false, value }
                    }
                    (showing, _) => showing,
                }
            }
            _ => Showing::certainly_unclear(format!("{source} answers no number")),
        }
    }

    /// Whether a count meets the condition however much greater it may be.
    fn is_enough(&self, count: f64) -> bool {
        let condition = &self.check.present;
        matches!(condition.op, Op::Greater | Op::GreaterOrEqual) && condition.met_by(count) == Some(true)
    }

    fn judged(&self, series: &[Series], reading: &Reading) -> Showing {
        let since = |found: &Found| Timestamp::from_millisecond(found.since).unwrap_or(reading.at);
        let value = |found: &Found| self.value(found, matches!(reading.data, Data::Alerts(_)));
        match judge(&self.check.present, series, reading.at.as_millisecond()) {
            Verdict::Holds(found) => {
                Showing::Holds { since: since(&found), or_longer: found.or_longer, value: value(&found) }
            }
            Verdict::NotYet(found) => {
                Showing::NotYet { since: since(&found), needed: self.check.present.hold, value: value(&found) }
            }
            Verdict::Not(found) => Showing::Not { since: since(&found), value: value(&found) },
            Verdict::Empty => match self.check.empty {
                Some(ObservationState::Absent) => Showing::Not { since: reading.at, value: Value::new("no data", "") },
                Some(ObservationState::Present) => {
                    Showing::Holds { since: reading.at, or_longer: true, value: Value::new("no data", "") }
                }
                _ if series.iter().all(|one| one.points.is_empty()) => Showing::certainly_unclear("no data"),
                _ => Showing::certainly_unclear("no number of now"),
            },
        }
    }

    fn value(&self, found: &Found, alerts: bool) -> Value {
        let (number, firing) = match alerts {
            true => (found.value.to_string(), " firing"),
            false => (self.unit.format(found.value), ""),
        };
        let series = if found.series.is_empty() { String::new() } else { format!(" {}", found.series) };
        let more = match found.more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Value::new(&number, &format!("{firing}{series}{more}"))
    }
}

fn at(reading: &Reading, v: f64) -> Point {
    Point { t: reading.at.as_millisecond(), v }
}

fn counted(points: Vec<Point>) -> Series {
    Series { name: "".into(), labels: Labels::default(), points }
}
