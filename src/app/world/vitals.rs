//! Is it still bleeding? The state of each vital, and what it has cost while it was out of range.
//!
//! A vital whose reading is stale, failing, empty or NaN is unknown, never healthy.

pub mod meter;
pub mod turns;

use std::time::Duration;

use jiff::Timestamp;

pub use crate::app::world::vitals::meter::Vitals;
use crate::{
    app::{Signals, clock, facts::Facts, world::worst_alert},
    config::{QueryId, Vital},
    signal::{Data, Freshness, Point, Reading},
};

/// What a vital says now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VitalState {
    /// In its range, and live.
    Inside(f64),
    /// Out of its range, and live: users are hurt.
    Outside(f64),
    /// Not known; the last value and when it was read, if there ever was one.
    Unknown(Option<(f64, Timestamp)>),
}

/// How far vitals say that a mitigation, or the incident as a whole, has stopped the bleeding: one sentence's worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Recovery {
    /// In range, live, and for as long as it must be.
    Held {
        /// Since when.
        since: Timestamp,
    },
    /// In range and live, but not for long enough.
    Holding {
        /// The title of the one that came back last.
        vital: String,
        /// For how many seconds it has been.
        seconds: i64,
        /// For how many it must be.
        needed: i64,
    },
    /// Out of range: the title, and the value with its unit.
    Hurting(String, String),
    /// Not known: the title of a vital that does not answer.
    Unknown(String),
    /// There is nothing to judge by.
    NoVitals,
}

/// A vital without a time of its own must be in range for this long, in seconds.
const HOLD: i64 = 60;

/// What a vital says now.
pub fn vital(facts: Facts<'_>, at: usize) -> VitalState {
    let (Some(vital), Some(query)) = (facts.session.config.vitals.get(at), facts.world.plan.vitals.get(at)) else {
        return VitalState::Unknown(None);
    };
    let last = facts.world.signals.slot(*query).and_then(|slot| slot.good.as_ref());
    let Some(reading) = last else { return VitalState::Unknown(None) };
    let value = newest(reading, facts.world.signals.every(*query));
    let known = value.map(|v| (v, reading.at));
    if facts.world.signals.freshness(*query, facts.session.now) != Freshness::Live {
        return VitalState::Unknown(known);
    }
    match value.and_then(|v| Some((v, vital.ok.met_by(v)?))) {
        Some((v, true)) => VitalState::Inside(v),
        Some((v, false)) => VitalState::Outside(v),
        None => VitalState::Unknown(None),
    }
}

/// What the vital of this title says, or all vitals without one or where there is none of this title.
pub fn recovery(facts: Facts<'_>, title: Option<&str>) -> Recovery {
    let all = || facts.session.config.vitals.iter().enumerate();
    let named: Vec<_> = all().filter(|(_, vital)| Some(vital.title.as_str()) == title).collect();
    let judged = if named.is_empty() { all().collect() } else { named };
    if judged.is_empty() {
        return Recovery::NoVitals;
    }
    let mut unknown = None;
    let mut since: Option<Timestamp> = None;
    let mut holding: Option<(&Vital, i64, i64)> = None;
    for (at, vital) in judged {
        match self::vital(facts, at) {
            VitalState::Outside(value) => {
                return Recovery::Hurting(vital.title.clone(), vital.unit.format(value));
            }
            VitalState::Unknown(_) => unknown = unknown.or(Some(vital.title.clone())),
            VitalState::Inside(_) => {
                let inside = facts.world.vitals.inside_since(at).unwrap_or(facts.session.now);
                since = since.max(Some(inside));
                let (seconds, needed) = (clock::seconds_between(inside, facts.session.now), hold_of(facts, vital));
                if seconds < needed && holding.is_none_or(|(_, s, n)| n - s < needed - seconds) {
                    holding = Some((vital, seconds, needed));
                }
            }
        }
    }
    match (unknown, holding, since) {
        (Some(title), ..) => Recovery::Unknown(title),
        (_, Some((vital, seconds, needed)), _) => Recovery::Holding { vital: vital.title.clone(), seconds, needed },
        (.., Some(since)) => Recovery::Held { since },
        (.., None) => Recovery::NoVitals,
    }
}

/// For how many seconds a vital must be in range before it is believed; twice as long while an alert that pages fires.
pub fn hold_of(facts: Facts<'_>, vital: &Vital) -> i64 {
    let own = i64::try_from(vital.ok.hold.as_secs()).unwrap_or(i64::MAX);
    let hold = if own > 0 { own } else { HOLD };
    if worst_alert::paging(facts).is_some() { hold.saturating_mul(2) } else { hold }
}

/// When the impact stopped, as far as vitals tell: when the last of those that had left its range came back. `None`
/// while one is out of range or not known.
pub fn impact_stopped(facts: Facts<'_>) -> Option<Timestamp> {
    let (Recovery::Held { .. } | Recovery::Holding { .. }) = recovery(facts, None) else { return None };
    let back = |record: &crate::incident::VitalRecord| record.crossings.last().filter(|c| c.inside).map(|c| c.at);
    facts
        .session
        .config
        .vitals
        .iter()
        .filter_map(|vital| facts.incident.vitals.get(&vital.title))
        .filter_map(back)
        .max()
}

/// The first vital that is out of its range, with its value.
pub fn hurting(facts: Facts<'_>) -> Option<(&Vital, f64)> {
    facts.session.config.vitals.iter().enumerate().find_map(|(at, vital)| match self::vital(facts, at) {
        VitalState::Outside(v) => Some((vital, v)),
        _ => None,
    })
}

/// A range answer's newest point counts as now's value only when it is not much older than the answer.
fn newest(reading: &Reading, every: Duration) -> Option<f64> {
    match &reading.data {
        Data::Series(series) => match series.as_slice() {
            [only] => {
                let step = only.points.windows(2).map(|w| w[1].t - w[0].t).min().unwrap_or(0);
                let last = only.last()?;
                let most = (every.as_millis() as i64 * 3).max(step * 2) + 1000;
                (reading.at.as_millisecond() - last.t <= most).then_some(last.v)
            }
            _ => None,
        },
        data => data.number(),
    }
    .filter(|v| !v.is_nan())
}

/// `>= 99.5 %`: the range with the vital's unit.
pub fn range_in_words(vital: &Vital) -> String {
    let sign = vital.ok.to_string();
    let sign = sign.split(' ').next().unwrap_or_default();
    let sign = match sign {
        ">=" => "≥",
        "<=" => "≤",
        "!=" => "≠",
        "==" => "=",
        other => other,
    };
    format!("{sign} {}", vital.unit.format(vital.ok.value))
}

/// The points of a vital's reading, for a sparkline.
pub fn history(signals: &Signals, query: QueryId) -> &[Point] {
    match signals.slot(query).and_then(|slot| slot.good.as_ref()).map(|r| &r.data) {
        Some(Data::Series(series)) if series.len() == 1 => &series[0].points,
        _ => &[],
    }
}

/// Whether a vital's query has come back at all; before that it is not yet unknown, just not yet asked.
pub fn vital_was_asked(facts: Facts<'_>, at: usize) -> bool {
    let slot = facts.world.plan.vitals.get(at).and_then(|query| facts.world.signals.slot(*query));
    slot.is_some_and(|slot| slot.good.is_some() || slot.fault().is_some())
}
