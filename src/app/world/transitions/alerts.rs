//! Alerts: which began to fire, which ended, and which are merely out of sight.
//!
//! Silenced, inhibited and cut off is not ended. An alert that two kinds of source show is told once.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;

use super::{
    elsewhere::{Elsewhere, alert_sets, alert_sets_but, is_there, shown_by_twins},
    flaps::{ONCE_IN, Unsteady, comes_and_goes, had_not_ended, unsteady},
    sights::{Sight, Sights},
};
use crate::{
    app::{App, Facts, world::blind},
    base::human_time::seconds_between,
    config::{Shape, SourceId},
    dashboard::{Ask, QueryId},
    incident::{AlertRecord, AlertTurn, Event, Observed},
    signal::{AlertGroup, AlertSet, AlertState, Severity},
};

/// A group that fires, and the place of what the journal says of it.
type Firing<'a> = (Sight<'a>, Option<usize>);

/// A group of which is to be told that it fires.
struct New<'a> {
    sight: Sight<'a>,
    /// How often it has turned before.
    turns: usize,
    /// What was told to be over, or out of sight, had not ended.
    is_back: bool,
}

pub(in crate::app) fn observe_alerts(app: &mut App, query: QueryId, set: &AlertSet, at: Timestamp) -> Vec<Event> {
    let Some(of) = app.world.plan.query(query).map(|query| query.source) else { return Vec::new() };
    let source = app.session.source_name(of);
    let first_look = app.world.transitions.opened.insert(query);
    // Taken out while it is written to, so that all else can be read.
    let mut sights = app.world.transitions.groups.remove(&source).unwrap_or_default();
    let seen = sights.see(set, query, at).into_iter();
    sights.miss_what_fires(&app.incident, &source);
    let place = |sight: Sight<'_>| app.incident.alert_place(&source, &sight.group.key);
    let firing = seen.filter(|sight| is_firing(sight.group)).map(|sight| (sight, place(sight))).collect();
    let mut events = unsteady(&mut sights.unsteady, &sights.missing, &app.incident, &source, at);
    events.extend(fired(app, &mut sights, query, firing, first_look, at));
    events.extend(vanished(app.facts(), &mut sights, query, of, &source, at));
    sights.forget(&app.incident, &source);
    app.world.transitions.groups.insert(source, sights);
    events
}

fn fired(
    app: &mut App,
    sights: &mut Sights,
    query: QueryId,
    firing: Vec<Firing<'_>>,
    first_look: bool,
    at: Timestamp,
) -> Vec<Event> {
    let Some(of) = app.world.plan.query(query).map(|query| query.source) else { return Vec::new() };
    let source = &app.session.source_name(of);
    let elsewhere = Elsewhere::of(app.facts(), of);
    let mut new: Vec<New<'_>> = Vec::new();
    for (sight, place) in firing {
        let group = sight.group;
        match place.and_then(|place| app.incident.alerts.get(place)) {
            Some(record) if record.is_firing() => {}
            _ if elsewhere.has_told(group) => {}
            Some(record) => {
                if comes_and_goes(record, group, at) {
                    sights.unsteady.entry(Arc::clone(&group.key)).or_insert_with(|| Unsteady::back(at));
                }
                new.push(New { sight, turns: record.turns.len(), is_back: had_not_ended(record, group) });
            }
            None => new.push(New { sight, turns: 0, is_back: false }),
        }
    }
    let left_out = leave_out(app, sights, query, &mut new);
    new.sort_by_cached_key(|New { sight: Sight { group, .. }, .. }| {
        (group.since, group.severity, Arc::clone(&group.title))
    });
    let watched_since = app.incident.watches.iter().map(|watch| watch.since).min();
    let is_old = |group: &AlertGroup| first_look && watched_since.is_none_or(|watched| group.since < watched);
    let turn = |New { sight: Sight { group, .. }, is_back, .. }: &New<'_>| match () {
        () if is_old(group) => (AlertTurn::FiringWhenOpened, group.since),
        // What began before it was last seen muted did not begin when it came to be heard.
        () if sights.was_muted(group) => (AlertTurn::Unmuted, at),
        // It began before it was out of sight, and is there since it was seen.
        () if *is_back => (AlertTurn::Fired, at),
        () => (AlertTurn::Fired, group.since),
    };
    let mut told_first = app.world.transitions.told_first || !app.incident.alerts.is_empty();
    let event = |new: New<'_>| {
        let (turn, when) = turn(&new);
        let New { sight: Sight { group, .. }, turns, .. } = new;
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
    let events = new.into_iter().map(event).chain(left_out).collect();
    app.world.transitions.told_first = told_first;
    events
}

/// Takes out of what is new what is too much to be written one by one: the worst and oldest stay. Returns what is to be said
/// of the rest.
fn leave_out(app: &mut App, sights: &mut Sights, query: QueryId, new: &mut Vec<New<'_>>) -> Option<Event> {
    let of = app.world.plan.query(query)?.source;
    let (mut kept, mut candidates): (Vec<_>, Vec<_>) = new.drain(..).partition(|new| sights.is_told(new.sight));
    let flood = app.world.transitions.flood(&app.session.source_name(of), Observed::AlertGroups);
    let allowed = flood.allow(candidates.len(), app.session.now);
    if allowed < candidates.len() {
        let worth = |group: &AlertGroup| (group.severity, group.since);
        candidates.select_nth_unstable_by(allowed, |New { sight: a, .. }, New { sight: b, .. }| {
            worth(a.group).cmp(&worth(b.group)).then_with(|| a.group.key.cmp(&b.group.key))
        });
    }
    let rest = candidates.split_off(allowed);
    candidates.iter().for_each(|new| sights.tell(new.sight));
    kept.append(&mut candidates);
    *new = kept;
    let fresh = rest.iter().filter(|new| sights.leave_out(new.sight)).count();
    flood.leave_out(query, rest.len(), fresh, app.session.now, &app.incident)
}

/// Groups that the journal says fire and no query of the source shows any more.
fn vanished(
    facts: Facts<'_>,
    sights: &mut Sights,
    query: QueryId,
    of: SourceId,
    source: &str,
    at: Timestamp,
) -> Vec<Event> {
    if alert_sets(facts, of).any(|set| set.dropped > 0) {
        return Vec::new(); // who is missing from a list that was cut off is not known
    }
    let told = facts.incident.alerts.iter().filter(|record| record.is_firing() && record.source == source);
    let gone: Vec<_> = told.filter(|record| !sights.shows(&record.group)).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    // What one query of a source shows no longer, another may.
    let there: HashSet<&str> = (alert_sets_but(facts, of, query).flat_map(|set| &set.groups))
        .filter(|group| is_there(group))
        .map(|group| group.key.as_ref())
        .collect();
    let twins = shown_by_twins(facts, of);
    let is_at_a_twin = |record: &AlertRecord| {
        let mut began = record.turns.iter().filter(|told| told.turn.is_firing()).map(|told| told.at);
        !twins.is_empty() && began.any(|began| twins.contains(&(record.group.as_str(), began)))
    };
    let gone = gone.into_iter().filter(|record| !there.contains(record.group.as_str()) && !is_at_a_twin(record));
    let blind = blind::is_blind(facts, query, of, at);
    let all_asked = all_asked(facts, of);
    let mut events = Vec::new();
    for record in gone {
        let was_seen = sights.has_seen(&record.group);
        if !was_seen && !all_asked {
            continue; // another query may have it
        }
        let when = match sights.missing.get(record.group.as_str()) {
            Some(since) => *since,
            None => *sights.missing.entry(record.group.as_str().into()).or_insert(at),
        };
        // Out of sight since before this cockpit looked: whether it ended in the meantime was not seen by anyone.
        let unseen = !was_seen && record.turns.last().is_some_and(|told| seconds_between(told.at, at) > 60);
        let turn = if blind || unseen { AlertTurn::LostSight } else { AlertTurn::Resolved };
        let may_be_back = sights.unsteady.contains_key(record.group.as_str()) && seconds_between(when, at) < ONCE_IN;
        if turn == AlertTurn::Resolved && may_be_back {
            continue;
        }
        let word = if turn == AlertTurn::Resolved { "resolved" } else { "lost" };
        events.push(Event::AlertTurned {
            key: format!("alert|{source}|{}|{}|{word}", record.group, record.turns.len()),
            source: source.to_owned(),
            group: record.group.clone(),
            title: record.title.clone(),
            severity: record.severity,
            turn,
            firing: 0,
            when,
            first: false,
            links: record.links.clone(),
        });
    }
    events
}

/// Whether every query of a source that gives alerts has come back with something, be it a failure.
pub(super) fn all_asked(facts: Facts<'_>, of: SourceId) -> bool {
    let gives_alerts = |ask: &Ask| match ask {
        Ask::Alerts => true,
        Ask::Fetch { read, .. } => read.shape == Shape::Alerts,
        _ => false,
    };
    let asked = |query| facts.world.signals.slot(query).is_some_and(|slot| slot.version > 0);
    facts.world.plan.of_source(of).filter(|(_, query)| gives_alerts(&query.ask)).all(|(query, _)| asked(query))
}

fn is_firing(group: &AlertGroup) -> bool {
    group.state == AlertState::Firing && group.severity != Severity::None
}
