//! Is it still bleeding? The state of each vital, and what it has cost while it was out of range.
//!
//! A vital whose reading is stale, failing, empty or NaN is unknown, never healthy.

pub mod meter;
pub mod turns;

use std::time::Duration;

use jiff::Timestamp;

pub use crate::app::world::vitals::meter::Vitals;
use crate::{
    app::{Facts, Signals},
    config::Vital,
    dashboard::QueryId,
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

/// Whether the source says that part of the answer behind a vital is missing.
pub fn is_partial(facts: Facts<'_>, at: usize) -> bool {
    let slot = facts.world.plan.vitals.get(at).and_then(|query| facts.world.signals.slot(*query));
    slot.and_then(|slot| slot.good.as_ref()).is_some_and(|reading| reading.is_partial())
}

/// The first vital that is out of its range, with its value.
pub(in crate::app) fn hurting(facts: Facts<'_>) -> Option<(&Vital, f64)> {
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
