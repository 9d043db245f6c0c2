//! What follows from the facts and belongs in the notes: when it was noticed and stopped, what it cost, what nobody saw.
//!
//! Everything comes from the incident; nothing is guessed. Durations are whole seconds and never below 0.

mod times;

use jiff::Timestamp;
use serde::Serialize;
pub(super) use times::back;
use times::{detected, stanched};

use super::spans::spans;
use crate::{
    base::human_time::{seconds_between, two_units},
    incident::{Incident, Status, VitalRecord},
    signal::unit::digits,
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
    /// Seconds from the onset to the end of the impact, which is when the vitals came back, not when someone said so.
    pub seconds_to_mitigate: Option<i64>,
}

/// What a vital says of the impact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Impact {
    pub vital: String,
    /// Its range in words.
    pub ok: String,
    /// The worst value with its unit.
    pub worst: Option<String>,
    /// The worst value as a number, in the unit of the query.
    pub worst_value: Option<f64>,
    /// Really measured outside the range.
    pub seconds_outside: f64,
    /// Distance from the range times minutes.
    pub area: f64,
    pub from: Timestamp,
    /// When it came back for good; none if it was not seen to.
    pub until: Option<Timestamp>,
    pub times: usize,
}

/// A stretch in which something was not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Gap {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub why: String,
}

impl Impact {
    /// How far out of range it was over time, in the unit that people read: `242 %·min`. A share is shown in percent, so
    /// its area is too; of other units only the shown text is known, and it may have been scaled to k or M, so they stay
    /// plain. For a share that should be high it also says what that amounts to.
    pub fn area_in_words(&self) -> String {
        let shown = self.worst.as_deref().and_then(|worst| worst.strip_suffix(" %")?.parse::<f64>().ok());
        match shown.zip(self.worst_value) {
            Some((shown, worst)) if (shown - worst * 100.0).abs() < 0.51 => {
                let percent = format!("{} %·min", digits(self.area * 100.0));
                match self.ok.trim_start().starts_with(['>', '≥']) {
                    true => format!("{percent}, like {} of total failure", two_units((self.area * 60.0) as i64)),
                    false => percent,
                }
            }
            Some((shown, worst)) if (shown - worst).abs() < 0.51 => format!("{} %·min", digits(self.area)),
            _ => format!("{} (in the vital's own unit, times minutes)", digits(self.area)),
        }
    }
}

/// A restart of the cockpit is no gap.
const RESTART: i64 = 30;

impl Times {
    /// The times of an incident.
    pub fn of(incident: &Incident) -> Self {
        let onset = onset(incident);
        let stanched = stanched(incident);
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
            seconds_to_mitigate: after(&stanched),
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

/// What each vital says of the impact, in order of their titles.
pub(super) fn impact(incident: &Incident) -> Vec<Impact> {
    incident.vitals.iter().filter_map(|(title, vital)| impact_of(title, vital)).collect()
}

fn impact_of(title: &str, vital: &VitalRecord) -> Option<Impact> {
    let outside = vital.crossings.iter().filter(|crossing| !crossing.inside);
    let starts = vital.stretches.keys().copied();
    let from = outside.clone().map(|crossing| crossing.at).chain(starts).min()?;
    let last = vital.crossings.iter().max_by_key(|crossing| crossing.at);
    let low_is_bad = vital.ok.trim_start().starts_with('>');
    let worst = vital
        .stretches
        .values()
        .filter(|stretch| !stretch.worst.is_nan())
        .max_by(|a, b| if low_is_bad { b.worst.total_cmp(&a.worst) } else { a.worst.total_cmp(&b.worst) });
    let first = outside.clone().next();
    let spans = spans(&vital.stretches);
    Some(Impact {
        vital: title.to_owned(),
        ok: vital.ok.clone(),
        worst: worst.map(|stretch| stretch.shown.clone()).or_else(|| first.map(|crossing| crossing.shown.clone())),
        worst_value: worst.map(|stretch| stretch.worst),
        seconds_outside: spans.iter().map(|span| span.seconds).sum(),
        area: spans.iter().map(|span| span.area).sum(),
        from,
        until: last.filter(|crossing| crossing.inside).map(|crossing| crossing.at),
        times: outside.count().max(spans.len()),
    })
}

/// Stretches between the opening and the end of the bleeding in which no cockpit was watching.
pub(super) fn unwatched(incident: &Incident) -> Vec<Gap> {
    let Some(opened) = incident.summary.opened else { return Vec::new() };
    let last = incident.entries().iter().map(|entry| entry.at).max().unwrap_or(opened);
    let end = stanched(incident).map_or(last, |stanched| stanched.at);
    let mut watches: Vec<_> = incident.watches.iter().collect();
    watches.sort_by_key(|watch| watch.since);
    let mut gaps = Vec::new();
    let (mut seen, mut why) = (opened, "before a cockpit watched");
    for watch in watches {
        if seconds_between(seen, watch.since.min(end)) > RESTART {
            gaps.push(Gap { from: seen, until: Some(watch.since.min(end)), why: why.into() });
        }
        let until = watch.until.unwrap_or(watch.last);
        if until >= seen {
            seen = until;
            why = if watch.until.is_some() {
                "the cockpit was closed"
            } else {
                "no sign of the cockpit, which was cut off"
            };
        }
    }
    if !incident.watches.is_empty() && seconds_between(seen, end) > RESTART {
        gaps.push(Gap { from: seen, until: Some(end), why: why.into() });
    }
    gaps
}
