//! What follows from the facts and belongs in the notes: when it was noticed and stopped, what it cost, what nobody saw.
//!
//! Everything comes from the incident; nothing is guessed. Durations are whole seconds and never below 0.

mod bleeds;
#[cfg(test)]
pub(super) mod fixture;
mod impact;
mod outside;
mod times;

pub(super) use bleeds::{Bleed, back, bleeds};
pub(super) use impact::{Impact, impact, still_firing};
use jiff::Timestamp;
use serde::Serialize;
use times::detected;

use crate::{
    base::human_time::seconds_between,
    incident::{Incident, Status},
};

/// A time, and how it is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// The time, as far as is known.
    pub at: Timestamp,
    /// Words for how it is known, or for why it was said.
    pub how: String,
}

/// The times a postmortem is asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Times {
    /// The onset, as far as is known.
    pub onset: Option<Moment>,
    /// The first notice that something or someone took.
    pub detected: Option<Moment>,
    /// The first word of someone that they are on it.
    pub acknowledged: Option<Moment>,
    /// The end of the impact for good; none while it bleeds, or bleeds again.
    pub stanched: Option<Moment>,
    /// The time it was closed; none while it is open.
    pub closed: Option<Moment>,
    /// Seconds from the onset; not known when nothing but the alert that detected it tells the onset.
    pub seconds_to_detect: Option<i64>,
    /// Seconds from the onset.
    pub seconds_to_acknowledge: Option<i64>,
    /// Seconds from the onset to the end of the impact, which is when the vitals came back, not when someone said so. Of an
    /// incident that bled again it is the sum of all the times it bled; the hours in between count for nothing.
    pub seconds_to_mitigate: Option<i64>,
}

/// A stretch in which something was not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Gap {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub why: String,
}

/// A restart of the cockpit is no gap.
const RESTART: i64 = 30;

impl Times {
    /// The times of an incident.
    pub fn of(incident: &Incident) -> Self {
        let onset = onset(incident);
        let bleeds = bleeds(incident);
        let stanched = bleeds.last().and_then(|bleed| bleed.until.clone());
        let closed = incident.status_history.last().filter(|turn| turn.status == Status::Closed);
        let acknowledged = incident.acknowledged.clone().map(|(at, how)| Moment { at, how });
        let detected = onset.as_ref().and_then(|onset| detected(incident, onset.at));
        let after = |moment: &Option<Moment>| {
            onset.as_ref().zip(moment.as_ref()).map(|(onset, moment)| seconds_between(onset.at, moment.at))
        };
        Self {
            // What a cockpit saw as it happened, or came before it, took no time that says anything.
            seconds_to_detect: after(&detected).filter(|seconds| {
                let polled = detected.as_ref().is_some_and(|detected| detected.how.starts_with(times::BY_VITAL));
                let least = if polled { times::POLLED_WITHIN } else { 1 };
                *seconds >= least && !is_the_alert_itself(incident, onset.as_ref())
            }),
            seconds_to_acknowledge: after(&acknowledged),
            seconds_to_mitigate: onset.as_ref().and_then(|_| bleeds.iter().map(Bleed::seconds).sum()),
            closed: closed.map(|turn| Moment { at: turn.at, how: turn.reason.clone() }),
            onset,
            detected,
            acknowledged,
            stanched,
        }
    }
}

fn onset(incident: &Incident) -> Option<Moment> {
    let at = incident.onset()?;
    let vital = incident.vitals.iter().find(|(_, v)| v.crossings.iter().any(|c| !c.inside && c.at == at));
    let alert = incident.alerts.iter().find(|alert| alert.since() == Some(at));
    let how = match (&incident.onset_set, vital, alert) {
        (Some((_, basis)), ..) if basis.is_empty() => "as set by hand".into(),
        (Some((_, basis)), ..) => format!("as set: {basis}"),
        (None, Some((title, _)), _) => format!("{title} left its range"),
        (None, None, Some(alert)) => format!("{} fired; it may have begun earlier", alert.title),
        (None, None, None) => String::new(),
    };
    Some(Moment { at, how })
}

/// Whether the onset is known from an alert alone: that it told "at once" would be an artefact.
fn is_the_alert_itself(incident: &Incident, onset: Option<&Moment>) -> bool {
    let Some(onset) = onset.filter(|_| incident.onset_set.is_none()) else { return false };
    let crossed = incident.vitals.values().any(|vital| vital.crossings.iter().any(|c| !c.inside && c.at == onset.at));
    !crossed && incident.alerts.iter().any(|alert| alert.since() == Some(onset.at))
}

/// Stretches while it bled, from the opening on, in which no cockpit was watching.
pub(super) fn unwatched(incident: &Incident) -> Vec<Gap> {
    let Some(opened) = incident.summary.opened else { return Vec::new() };
    let last = incident.entries().iter().map(|entry| entry.at).max().unwrap_or(opened);
    let bleeds = bleeds(incident);
    let first = bleeds.first().map_or(opened, |bleed| bleed.from);
    let mut gaps = Vec::new();
    for bleed in bleeds {
        // The first of them is looked at from the opening on.
        let from = if bleed.from == first { opened } else { bleed.from.max(opened) };
        let end = bleed.until.map_or(last, |end| end.at);
        gaps.extend(unwatched_within(incident, from, end));
    }
    gaps
}

fn unwatched_within(incident: &Incident, from: Timestamp, end: Timestamp) -> Vec<Gap> {
    let mut watches: Vec<_> = incident.watches.iter().collect();
    watches.sort_by_key(|watch| watch.since);
    let mut gaps = Vec::new();
    let (mut seen, mut why) = (from, "before a cockpit watched");
    for watch in watches {
        if seconds_between(seen, watch.since.min(end)) > RESTART {
            gaps.push(Gap { from: seen, until: Some(watch.since.min(end)), why: why.into() });
        }
        let until = watch.until.unwrap_or(watch.last);
        if until >= from && until < seen {
            continue; // another one watched for longer
        }
        seen = seen.max(until);
        why =
            if watch.until.is_some() { "the cockpit was closed" } else { "no sign of the cockpit, which was cut off" };
    }
    if !incident.watches.is_empty() && seconds_between(seen, end) > RESTART {
        gaps.push(Gap { from: seen, until: Some(end), why: why.into() });
    }
    gaps
}
