//! From readings to events: only what turned is worth a line in the journal.
//!
//! A reading is held against what the journal already says, not against the reading before it. So a cockpit that was
//! closed for an hour, or a second one beside it, writes down just what is new.

pub mod alerts;
mod elsewhere;
mod flaps;
mod flood;
mod sights;
mod watchdogs;

use std::collections::{HashMap, HashSet};

pub(in crate::app) use elsewhere::{alert_sets, missing_for_now};
use flood::Flood;
use jiff::Timestamp;
use sights::Sights;

use crate::{
    app::{
        App, Effect,
        world::{checks, vitals::turns},
    },
    base::human_time::seconds_between,
    config::{Config, SourceId},
    dashboard::QueryId,
    incident::{Event, Incident, Observed},
    signal::{
        Change, Data,
        health::{LOST, Polls},
    },
};

/// A source that was back so often within [`FLAPPING`] comes and goes: that it is lost is told once more, and that it is
/// back when it has been for [`STEADY`].
const RETURNS: usize = 2;

/// The time within which a source that comes and goes must have been back, in seconds.
const FLAPPING: i64 = 600;

/// For how many seconds one that comes and goes must have answered until it is back.
const STEADY: i64 = 120;

/// For how many seconds nothing is asked at once again.
const AT_ONCE_AGAIN: i64 = 60;

/// For how many seconds an event on its way to the journal is not sent again.
const ON_ITS_WAY: i64 = 30;

/// What has been seen so far, as far as the journal does not say it.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Observer {
    /// Queries that have given alerts at least once in this session.
    opened: HashSet<QueryId>,
    /// Groups of alerts, by the name of their source.
    groups: HashMap<String, Sights>,
    /// Alerts that fire on purpose, by the name of their source.
    watchdogs: HashMap<String, watchdogs::Known>,
    /// How much of each source is written one by one, by its name.
    floods: HashMap<(String, Observed), Flood>,
    /// Whether a first alert has been told in this session.
    told_first: bool,
    /// Sources that are lost: what this session told, and what the journal said when it was first asked.
    lost: Option<HashMap<SourceId, Lost>>,
    /// How often each source was lost, as far as this session told it: the journal may not have all of it yet.
    losses: HashMap<SourceId, usize>,
    /// When each source was back, as far as this session told it and it may matter.
    returns: HashMap<SourceId, Vec<Timestamp>>,
    /// Keys of events that were sent a moment ago.
    sent: HashMap<String, Timestamp>,
    /// When everything was last asked at once because something had begun to hurt.
    asked_at_once: Option<Timestamp>,
}

/// A source that is lost.
#[derive(Clone, Copy, Debug)]
struct Lost {
    since: Timestamp,
    /// How often it was lost before: two cockpits that lose it at once name it alike, and one that is lost twice within a
    /// minute has two names.
    nth: usize,
    /// Whether it comes and goes.
    flaps: bool,
}

/// What came of a poll, as events.
pub(in crate::app) fn observe(app: &mut App, query: QueryId) -> Vec<Effect> {
    let mut events = observe_source(app, query);
    let slot = app.world.signals.slot(query).filter(|slot| slot.fault().is_none());
    if let Some(reading) = slot.and_then(|slot| slot.good.clone()) {
        match &reading.data {
            Data::Alerts(set) => {
                events.extend(alerts::observe_alerts(app, query, set, reading.at));
                events.extend(watchdogs::observe_watchdogs(app, query, set, reading.at));
            }
            Data::Changes(changes) => events.extend(observe_changes(app, query, changes)),
            _ => {}
        }
        events.extend(turns::observe_vital(app, query, &reading));
    }
    events.extend(checks::observe_checks(app, query));
    events.retain(|event| event.dedup_key().is_none_or(|key| !app.incident.has_key(key)));
    retain_unsent(app, &mut events);
    let hurts = events.iter().any(begins_to_hurt);
    let mut effects = app.record_quietly(events);
    if hurts && app.world.transitions.may_ask_at_once(app.session.now) {
        effects.push(Effect::PollNow);
    }
    effects
}

/// What came before it is what is looked for first, a deploy above all; feeds of changes are asked so seldom that the one
/// that broke it is not known yet.
fn begins_to_hurt(event: &Event) -> bool {
    match event {
        Event::VitalCrossed { inside, .. } => !inside,
        Event::AlertTurned { first, .. } => *first,
        _ => false,
    }
}

/// What turned is offered at each poll until the journal has it; a journal that is slow gets it once.
fn retain_unsent(app: &mut App, events: &mut Vec<Event>) {
    let now = app.session.now;
    let sent = &mut app.world.transitions.sent;
    sent.retain(|_, at| seconds_between(*at, now) < ON_ITS_WAY);
    if sent.len() < sent.capacity() / 4 {
        sent.shrink_to_fit();
    }
    events.retain(|event| event.dedup_key().is_none_or(|key| sent.insert(key.to_owned(), now).is_none()));
}

/// What the passing of time makes due.
pub(in crate::app) fn observe_time(app: &mut App) -> Vec<Effect> {
    let events = turns::vitals_due(app);
    app.record_quietly(events)
}

/// A source is lost when its polls fail again and again, and back with its first answer, unless it comes and goes.
fn observe_source(app: &mut App, query: QueryId) -> Vec<Event> {
    let Some(at) = app.world.plan.query(query).map(|query| query.source) else { return Vec::new() };
    let name = app.session.source_name(at);
    let Some(Polls { answered, failures }) = app.world.signals.source(at) else { return Vec::new() };
    let outages = || app.incident.outages.iter().filter(|outage| outage.source == name);
    let now = app.session.now;
    let Observer { lost, losses, returns, .. } = &mut app.world.transitions;
    let lost = lost.get_or_insert_with(|| lost_before(&app.session.config, &app.incident));
    let returns = returns.entry(at).or_default();
    returns.retain(|at| seconds_between(*at, now) < FLAPPING);
    match (failures.since, lost.get(&at).copied()) {
        (Some(since), None) if failures.count >= LOST => {
            let (told, flaps) = (outages().count(), returns.len() >= RETURNS);
            if let Some(known) = outages().next_back().filter(|outage| outage.until.is_none()) {
                // The cockpit beside this one has told it.
                lost.insert(at, Lost { since: known.since, nth: told - 1, flaps });
                return Vec::new();
            }
            let mut error = failures.fault.as_ref().map(ToString::to_string).unwrap_or_default();
            if flaps {
                error.push_str("; it comes and goes");
            }
            let nth = losses.get(&at).copied().unwrap_or_default().max(told);
            lost.insert(at, Lost { since, nth, flaps });
            losses.insert(at, nth + 1);
            vec![Event::SourceLost { key: format!("lost|{name}|{nth}"), source: name, error, when: since }]
        }
        (None, Some(Lost { since, nth, flaps })) if answered.is_some() => {
            let when = failures.ended.unwrap_or(now);
            if flaps && seconds_between(when, now) < STEADY {
                return Vec::new();
            }
            lost.remove(&at);
            returns.push(when);
            vec![Event::SourceBack { key: format!("back|{name}|{nth}"), source: name, lost: since, when }]
        }
        _ => Vec::new(),
    }
}

fn observe_changes(app: &mut App, query: QueryId, changes: &[Change]) -> Vec<Event> {
    let Some(of) = app.world.plan.query(query).map(|query| query.source) else { return Vec::new() };
    let source = app.session.source_name(of);
    let key = |change: &Change| format!("change|{source}|{}", change.id);
    let keyed = changes.iter().map(|change| (key(change), change));
    let is_new = |key: &str| !app.incident.has_key(key) && !app.world.transitions.sent.contains_key(key);
    let mut new: Vec<_> = keyed.filter(|(key, _)| is_new(key)).collect();
    let flood = app.world.transitions.flood(&source, Observed::Changes);
    let left_out = new.split_off(flood.allow(new.len(), app.session.now));
    let left_out = left_out.into_iter().map(|(key, _)| key.into()).collect();
    let told = flood.leave_out_keys(query, left_out, app.session.now, &app.incident);
    let seen = |(key, change): (_, &Change)| {
        let (source, change) = (source.clone(), Box::new(change.clone()));
        Event::ChangeSeen { key, source, change }
    };
    new.into_iter().map(seen).chain(told).collect()
}

impl Observer {
    /// Whether everything may be asked before its time. A vital that flaps asks once in a while.
    fn may_ask_at_once(&mut self, now: Timestamp) -> bool {
        let is_due = self.asked_at_once.is_none_or(|asked| seconds_between(asked, now) >= AT_ONCE_AGAIN);
        if is_due {
            self.asked_at_once = Some(now);
        }
        is_due
    }

    fn flood(&mut self, source: &str, what: Observed) -> &mut Flood {
        self.floods.entry((source.to_owned(), what)).or_insert_with(|| Flood::new(source, what))
    }
}

/// Sources that were lost when an earlier cockpit was closed, and of which nobody has written that they are back.
fn lost_before(config: &Config, incident: &Incident) -> HashMap<SourceId, Lost> {
    let open = |name: &str| {
        let mut of_it = incident.outages.iter().filter(|outage| outage.source == name);
        let nth = of_it.clone().count().checked_sub(1)?;
        let last = of_it.next_back().filter(|outage| outage.until.is_none())?;
        Some(Lost { since: last.since, nth, flaps: false })
    };
    config.sources_by_id().filter_map(|(id, source)| Some((id, open(&source.name)?))).collect()
}
