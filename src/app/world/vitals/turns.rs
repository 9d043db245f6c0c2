//! What of a vital goes into the journal: that it left its range or came back, and what it cost meanwhile.
//!
//! At most one line a minute for each side, however much it flaps.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    app::{
        App, Facts,
        world::vitals::{
            Vitals,
            meter::{Open, Side},
            range_in_words,
        },
    },
    base::human_time,
    config::Vital,
    dashboard::QueryId,
    incident::{Event, Incident},
    signal::Reading,
};

pub(in crate::app) fn observe_vital(app: &mut App, query: QueryId, reading: &Reading) -> Vec<Event> {
    let mut events = Vec::new();
    let config = app.session.config.clone();
    let plan = app.world.plan.clone();
    let every = app.world.signals.every(query);
    for (at, vital) in config.vitals.iter().enumerate().filter(|(at, _)| plan.vitals.get(*at) == Some(&query)) {
        let closed = app.world.vitals.measure(at, vital, reading, every);
        events.extend(closed.iter().map(|(open, back)| open.event(vital, Some(back.since))));
        let short = left_and_back(&app.incident, vital, &closed);
        if !short.is_empty() {
            events.extend(short); // where it stands now is told by the next poll
            continue;
        }
        let record = app.incident.vitals.get(&vital.title);
        let before = record.and_then(|r| r.crossings.last()).is_none_or(|crossing| crossing.inside);
        // Asked of where it stands, not of what just moved: what cannot be told now is told by a later poll.
        let side = app.world.vitals.meters.get(at).and_then(|meter| meter.side).filter(|side| side.inside != before);
        let Some(Side { since: when, value, inside }) = side else { continue };
        // Points read again can fall beside a short turn that was written before; time goes on all the same.
        let when = record.and_then(|r| r.crossings.last()).map_or(when, |crossing| when.max(crossing.at));
        let crossings = record.map_or(0, |r| r.crossings.len());
        let same = record.and_then(|r| r.crossings.iter().rev().find(|c| c.inside == inside));
        if same.is_some_and(|crossing| human_time::seconds_between(crossing.at, reading.at) < 60) {
            // It flaps; one line a minute for each side is enough. That it is outside again is written all the same.
            events.extend(app.world.vitals.begun(at, vital, app.session.now));
            continue;
        }
        events.push(crossed(vital, crossings, Side { since: when, value, inside }));
    }
    events
}

/// The crossings of stretches that began and ended within one answer: the journal takes the vital for inside before
/// and after them. What was before anyone watched is no part of this incident. One line a minute for each side.
fn left_and_back(incident: &Incident, vital: &Vital, closed: &[(Open, Side)]) -> Vec<Event> {
    let record = incident.vitals.get(&vital.title);
    let mut told = record.map_or(0, |record| record.crossings.len());
    let last = record.and_then(|record| record.crossings.last());
    let Some(watched) = incident.watches.iter().map(|watch| watch.since).min() else { return Vec::new() };
    if last.is_some_and(|crossing| !crossing.inside) {
        return Vec::new(); // it is the stretch that is known already
    }
    let mut free = last.map_or(watched, |crossing| crossing.at + Duration::from_secs(60)).max(watched);
    let mut events = Vec::new();
    for (open, back) in closed {
        if open.since < free {
            continue;
        }
        let left = Side { since: open.since, value: open.first, inside: false };
        events.push(crossed(vital, told, left));
        events.push(crossed(vital, told + 1, *back));
        told += 2;
        free = open.since + Duration::from_secs(60);
    }
    events
}

/// What vitals have cost so far, for those out of range whose cost was not written for a minute.
pub(in crate::app) fn vitals_due(app: &mut App) -> Vec<Event> {
    let now = app.session.now;
    let mut events = Vec::new();
    for (at, vital) in app.session.config.vitals.iter().enumerate() {
        let due = |written: &Timestamp| human_time::seconds_between(*written, now) >= 60;
        let cost = app.world.vitals.cost(at, vital);
        let Some(meter) = app.world.vitals.meters.get_mut(at) else { continue };
        if cost.is_some() && meter.written.as_ref().is_none_or(due) {
            meter.written = Some(now);
            events.extend(cost);
        }
    }
    events
}

pub(in crate::app) fn vitals_so_far(facts: Facts<'_>) -> Vec<Event> {
    facts
        .session
        .config
        .vitals
        .iter()
        .enumerate()
        .filter_map(|(at, vital)| facts.world.vitals.cost(at, vital))
        .collect()
}

impl Vitals {
    fn cost(&self, at: usize, vital: &Vital) -> Option<Event> {
        let open = self.meters.get(at)?.open.as_ref()?;
        Some(open.event(vital, None))
    }

    /// What a stretch has cost, once for each that is still open.
    fn begun(&mut self, at: usize, vital: &Vital, now: Timestamp) -> Option<Event> {
        let meter = self.meters.get_mut(at)?;
        let open = meter.open.as_ref().filter(|open| meter.begun != Some(open.since))?;
        (meter.begun, meter.written) = (Some(open.since), Some(now));
        Some(open.event(vital, None))
    }
}

impl Open {
    fn event(&self, vital: &Vital, back: Option<Timestamp>) -> Event {
        Event::VitalWorsened {
            vital: vital.title.clone(),
            since: self.since,
            until: self.until,
            seconds: self.seconds,
            worst: self.worst,
            shown: vital.format(self.worst),
            area: self.area,
            back,
        }
    }
}

/// A vital came to the other side; `told` crossings were told before.
fn crossed(vital: &Vital, told: usize, to: Side) -> Event {
    let Side { since: when, value, inside } = to;
    Event::VitalCrossed {
        key: format!("vital|{}|{told}|{inside}", vital.title),
        vital: vital.title.clone(),
        value,
        shown: vital.format(value),
        ok: range_in_words(vital),
        inside,
        when,
    }
}
