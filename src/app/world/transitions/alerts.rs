//! Alerts: which began to fire, which ended, and which are merely out of sight.
//!
//! Silenced, inhibited and cut off is not ended. An alert that two kinds of source show is told once.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::{
    app::{App, clock::seconds_between, facts::Facts},
    config::{QueryId, Shape, Source, SourceId, kinds::AlertOrigin, plan::Ask},
    incident::{AlertRecord, AlertTurn, Event},
    signal::{AlertGroup, AlertSet, AlertState, Data, Severity},
};

/// For how long after a source came back a vanished alert may have vanished because of the gap.
const AFTER_A_GAP: i64 = 120;

/// The same group is told to fire at most once in so many seconds; in between it is counted.
const ONCE_IN: i64 = 60;

/// How often a group fired again within [`ONCE_IN`] of being told.
#[derive(Clone, Debug)]
pub(super) struct Flap {
    times: usize,
    since: Timestamp,
    until: Timestamp,
    fires: bool,
}

pub(in crate::app) fn observe_alerts(app: &mut App, query: QueryId, set: &AlertSet, at: Timestamp) -> Vec<Event> {
    let Some(of) = app.world.plan.query(query).map(|query| query.source) else { return Vec::new() };
    let source = app.session.source_name(of);
    let first_look = app.world.transitions.opened.insert(query);
    for group in set.groups.iter().filter(|group| is_there(group)) {
        let id = (source.clone(), group.key.to_string());
        app.world.transitions.missing.remove(&id);
        if group.state != AlertState::Firing {
            app.world.transitions.muted.insert(id.clone(), at);
        }
        app.world.transitions.last_seen.insert(id, at);
    }
    count_flaps(app, &source, set, at);
    let mut events = flapped(app, &source, at);
    events.extend(fired(app, of, &source, set, first_look, at));
    events.extend(vanished(app, query, of, &source, at));
    events
}

fn fired(app: &mut App, of: SourceId, source: &str, set: &AlertSet, first_look: bool, at: Timestamp) -> Vec<Event> {
    let known: HashMap<&str, &AlertRecord> = (app.incident.alerts.iter())
        .filter(|record| record.source == source)
        .map(|record| (record.group.as_str(), record))
        .collect();
    let mut new: Vec<(&AlertGroup, usize)> = Vec::new();
    let firing = |group: &&AlertGroup| group.state == AlertState::Firing && group.severity != Severity::None;
    for group in set.groups.iter().filter(firing) {
        match known.get(group.key.as_ref()) {
            Some(record) if record.is_firing() => {}
            Some(record) if fired_lately(record, at) => {} // it is counted
            _ if is_told_elsewhere(app.facts(), of, group) => {}
            record => new.push((group, record.map_or(0, |record| record.turns.len()))),
        }
    }
    new.sort_by_key(|(group, _)| (group.since, group.severity, group.title.clone()));
    let watched_since = app.incident.watches.iter().map(|watch| watch.since).min();
    let is_old = |group: &AlertGroup| first_look && watched_since.is_none_or(|watched| group.since < watched);
    // What began before it was last seen muted did not begin when it came to be heard.
    let was_muted = |group: &AlertGroup| {
        let seen = app.world.transitions.muted.get(&(source.to_owned(), group.key.to_string()));
        seen.is_some_and(|seen| group.since <= *seen)
    };
    let turn = |group: &AlertGroup| match () {
        () if is_old(group) => (AlertTurn::FiringWhenOpened, group.since),
        () if was_muted(group) => (AlertTurn::Unmuted, at),
        () => (AlertTurn::Fired, group.since),
    };
    let mut told_first = app.world.transitions.told_first || !app.incident.alerts.is_empty();
    let event = |(group, turns): (&AlertGroup, usize)| {
        let (turn, when) = turn(group);
        Event::AlertTurned {
            key: format!("alert|{source}|{}|{}|{turns}|fired", group.key, group.since),
            source: source.to_owned(),
            group: group.key.to_string(),
            title: group.title.to_string(),
            severity: group.severity,
            turn,
            firing: group.counts.firing,
            when,
            first: !std::mem::replace(&mut told_first, true),
            links: group.alerts.first().map(|alert| alert.links.clone()).unwrap_or_default(),
        }
    };
    let events = new.into_iter().map(event).collect();
    app.world.transitions.told_first = told_first;
    events
}

/// Counts what fires again too soon to be told.
fn count_flaps(app: &mut App, source: &str, set: &AlertSet, at: Timestamp) {
    let firing = |group: &&AlertGroup| group.state == AlertState::Firing && group.severity != Severity::None;
    let firing: HashSet<&str> = set.groups.iter().filter(firing).map(|group| &*group.key).collect();
    for record in app.incident.alerts.iter().filter(|record| record.source == source) {
        let id = (source.to_owned(), record.group.clone());
        let now = firing.contains(record.group.as_str());
        match app.world.transitions.flaps.get_mut(&id) {
            Some(flap) => {
                if now && !flap.fires && !record.is_firing() {
                    (flap.times, flap.until) = (flap.times + 1, at);
                }
                flap.fires = now;
            }
            None if now && !record.is_firing() && fired_lately(record, at) => {
                app.world.transitions.flaps.insert(id, Flap { times: 1, since: at, until: at, fires: true });
            }
            None => {}
        }
    }
}

/// Tells what was counted, when its minute is over. A group that fires then is told by itself.
fn flapped(app: &mut App, source: &str, at: Timestamp) -> Vec<Event> {
    let mut events = Vec::new();
    for record in app.incident.alerts.iter().filter(|record| record.source == source && !fired_lately(record, at)) {
        let id = (source.to_owned(), record.group.clone());
        let Some(Flap { times, since, until, fires }) = app.world.transitions.flaps.remove(&id) else { continue };
        let times = times - usize::from(fires);
        if times > 0 {
            events.push(Event::AlertFlapped {
                key: format!("alert|{source}|{}|{}|flapped", record.group, record.turns.len()),
                source: id.0,
                group: id.1,
                title: record.title.clone(),
                times,
                since,
                until,
            });
        }
    }
    events
}

/// A Prometheus and what its alerts are sent to show the same ones. Whichever told one first has told it for both; it
/// is the same one as long as it began before the other one saw it end.
fn is_told_elsewhere(facts: Facts<'_>, of: SourceId, group: &AlertGroup) -> bool {
    let Some(source) = facts.session.config.source(of) else { return false };
    if facts.session.config.sources.iter().any(|other| other.behind.as_deref() == Some(&source.name)) {
        return true; // the one before it tells
    }
    let Some(name) = group.labels.get("alertname") else { return false };
    facts.incident.alerts.iter().any(|record| {
        let other = facts.session.config.source_named(&record.source);
        let Some((id, other)) = other.filter(|(id, _)| *id != of) else { return false };
        let pair = source.evaluates_alerts() != other.evaluates_alerts();
        let lasts = record.is_firing() || record.turns.last().is_some_and(|told| told.at > group.since);
        pair && lasts && has_alertname(facts, id, record, name)
    })
}

/// Whether a record is of an alert of this name: by its labels when its source shows it, else by its title, which
/// begins with the name.
fn has_alertname(facts: Facts<'_>, of: SourceId, record: &AlertRecord, name: &str) -> bool {
    let groups = alert_sets(facts, of).flat_map(|set| &set.groups);
    let mut shown = groups.filter(|group| *group.key == record.group).flat_map(|group| &group.alerts).peekable();
    if shown.peek().is_some() {
        return shown.any(|alert| alert.labels.get("alertname") == Some(name));
    }
    record.title.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The newest alerts of each query of a source.
fn alert_sets(facts: Facts<'_>, of: SourceId) -> impl Iterator<Item = &AlertSet> {
    facts.world.plan.of_source(of).filter_map(|(query, _)| {
        match &facts.world.signals.slot(query)?.good.as_ref()?.data {
            Data::Alerts(set) => Some(set),
            _ => None,
        }
    })
}

/// Groups that the journal says fire and no query of the source shows any more.
fn vanished(app: &mut App, query: QueryId, of: SourceId, source: &str, at: Timestamp) -> Vec<Event> {
    if alert_sets(app.facts(), of).any(|set| set.dropped > 0) {
        return Vec::new(); // who is missing from a list that was cut off is not known
    }
    let there: HashSet<&str> = (alert_sets(app.facts(), of).flat_map(|set| &set.groups))
        .filter(|group| is_there(group))
        .map(|group| group.key.as_ref())
        .collect();
    let gone: Vec<AlertRecord> = (app.incident.alerts.iter())
        .filter(|record| record.source == source && record.is_firing() && !there.contains(record.group.as_str()))
        .cloned()
        .collect();
    let blind = is_blind(app.facts(), query, of, at);
    let all_asked = all_asked(app.facts(), of);
    let mut events = Vec::new();
    for record in gone {
        let id = (source.to_owned(), record.group.clone());
        let seen = app.world.transitions.last_seen.get(&id).copied();
        if seen.is_none() && !all_asked {
            continue; // another query may have it
        }
        let when = *app.world.transitions.missing.entry(id).or_insert(at);
        // Out of sight since before this cockpit looked: whether it ended in the meantime was not seen by anyone.
        let unseen = seen.is_none() && record.turns.last().is_some_and(|told| seconds_between(told.at, at) > 60);
        let turn = if blind || unseen { AlertTurn::LostSight } else { AlertTurn::Resolved };
        let word = if turn == AlertTurn::Resolved { "resolved" } else { "lost" };
        events.push(Event::AlertTurned {
            key: format!("alert|{source}|{}|{}|{word}", record.group, record.turns.len()),
            source: source.to_owned(),
            group: record.group,
            title: record.title,
            severity: record.severity,
            turn,
            firing: 0,
            when,
            first: false,
            links: record.links,
        });
    }
    events
}

/// Whether every query of a source that gives alerts has come back with something, be it a failure.
fn all_asked(facts: Facts<'_>, of: SourceId) -> bool {
    let gives_alerts = |ask: &Ask| match ask {
        Ask::Alerts => true,
        Ask::Fetch { read, .. } => read.shape == Shape::Alerts,
        _ => false,
    };
    let asked = |query| facts.world.signals.slot(query).is_some_and(|slot| slot.version > 0);
    facts.world.plan.of_source(of).filter(|(_, query)| gives_alerts(&query.ask)).all(|(query, _)| asked(query))
}

/// Whether a query, its source, or the one behind it, is failing or was until a moment ago.
pub(in crate::app) fn is_blind(facts: Facts<'_>, query: QueryId, of: SourceId, at: Timestamp) -> bool {
    let config = &facts.session.config;
    let asked = config.source(of);
    let named = asked.and_then(|source| source.behind.as_deref());
    // Where nobody said what stands behind one that routes alerts, it may be any that evaluates them.
    let routes = asked.is_some_and(|source| source.kind.alerts == AlertOrigin::Routed);
    let is_behind = |source: &Source| match named {
        Some(name) => source.name == name,
        None => routes && source.evaluates_alerts(),
    };
    let behind = config.sources_by_id().filter(|(_, source)| is_behind(source)).map(|(id, _)| id);
    let sources = std::iter::once(of).chain(behind).filter_map(|id| Some(&facts.world.signals.source(id)?.failures));
    let own = facts.world.signals.slot(query).map(|slot| &slot.failures);
    own.into_iter().chain(sources).any(|failures| failures.are_recent(at, AFTER_A_GAP))
}

/// Whether a group was told to fire less than a minute ago.
fn fired_lately(record: &AlertRecord, at: Timestamp) -> bool {
    record.turns.iter().rev().any(|told| told.turn.is_firing() && seconds_between(told.at, at) < ONCE_IN)
}

/// Pending is the only state in which a group that had fired has ended.
fn is_there(group: &AlertGroup) -> bool {
    group.state != AlertState::Pending
}
