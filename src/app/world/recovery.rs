//! Whether it has stopped hurting: what the vitals say after they were out of range, and for how long they have to hold.

use jiff::Timestamp;

use crate::{
    app::{
        Facts, VitalState,
        world::{vitals, worst_alert},
    },
    base::human_time,
    config::Vital,
    incident::VitalRecord,
};

/// How far vitals say that a mitigation, or the incident as a whole, has stopped the bleeding: one sentence's worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Recovery {
    /// In range, live, and for as long as it must be.
    Held {
        /// When the last of them came back into its range.
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
        match vitals::vital(facts, at) {
            VitalState::Outside(value) => {
                return Recovery::Hurting(vital.title.clone(), vital.format(value));
            }
            VitalState::Unknown(_) => unknown = unknown.or(Some(vital.title.clone())),
            VitalState::Inside(_) => {
                let inside = facts.world.vitals.inside_since(at).unwrap_or(facts.session.now);
                since = since.max(Some(inside));
                let (seconds, needed) = (human_time::seconds_between(inside, facts.session.now), hold_of(facts, vital));
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
pub(in crate::app) fn impact_stopped(facts: Facts<'_>) -> Option<Timestamp> {
    let (Recovery::Held { .. } | Recovery::Holding { .. }) = recovery(facts, None) else { return None };
    let back = |record: &VitalRecord| record.crossings.last().filter(|c| c.inside).map(|c| c.at);
    facts
        .session
        .config
        .vitals
        .iter()
        .filter_map(|vital| facts.incident.vitals.get(&vital.title))
        .filter_map(back)
        .max()
}
