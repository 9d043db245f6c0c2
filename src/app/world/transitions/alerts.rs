//! Alerts: which began to fire, which ended, and which are merely out of sight.
//!
//! Silenced, inhibited and cut off is not ended. An alert that two kinds of source show is told once.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    elsewhere::{Elsewhere, alert_sets, alert_sets_but, is_there, shown_by_twins},
    flaps::{ONCE_IN, Unsteady, comes_and_goes, had_not_ended, unsteady},
};
use crate::{
    app::{App, Facts, world::blind},
    base::human_time::seconds_between,
    config::{Shape, SourceId},
    dashboard::{Ask, QueryId},
    incident::{AlertRecord, AlertTurn, Event, Incident, Observed},
    signal::{AlertGroup, AlertSet, AlertState, Severity},
};

/// A group that was seen.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// The query that showed it last, and in which of its answers.
    by: QueryId,
    answer: u64,
    /// Whether this cockpit has told that it fires: to offer that again to a slow journal takes nothing from the others.
    told: bool,
}

/// What has been seen of the groups of one source, as far as the journal does not say it. Keys are those of the readings.
#[derive(Clone, Debug, Default)]
pub(super) struct Sights {
    /// Groups that are there, in whatever state, or that the journal says fire.
    seen: HashMap<Arc<str>, Seen>,
    /// How many answers each query has had.
    answers: HashMap<QueryId, u64>,
    /// Since when a group that the journal says fires has been missing.
    missing: HashMap<Arc<str>, Timestamp>,
    /// When a group was last seen silenced or inhibited.
    muted: HashMap<Arc<str>, Timestamp>,
    /// Groups that come and go.
    unsteady: HashMap<Arc<str>, Unsteady>,
}

impl Sights {
    /// Takes in what is there.
    fn see(&mut self, set: &AlertSet, by: QueryId, at: Timestamp) {
        let answer = *self.answers.entry(by).and_modify(|answers| *answers += 1).or_insert(1);
        for group in set.groups.iter().filter(|group| is_there(group)) {
            // Looking a name up is what costs in a storm.
            if !self.missing.is_empty() && self.missing.remove(&group.key).is_some() {
                self.unsteady.get_mut(&group.key).into_iter().for_each(|back| back.back_again(at));
            }
            if group.state != AlertState::Firing {
                self.muted.insert(Arc::clone(&group.key), at);
            }
            match self.seen.get_mut(&group.key) {
                Some(seen) => (seen.by, seen.answer) = (by, answer),
                None => drop(self.seen.insert(Arc::clone(&group.key), Seen { by, answer, told: false })),
            }
        }
    }

    /// Whether the newest answer that showed a group still shows it.
    fn shows(&self, group: &str) -> bool {
        self.seen.get(group).is_some_and(|seen| self.answers.get(&seen.by) == Some(&seen.answer))
    }

    /// Forgets groups that the query shows no longer, unless the journal says that they fire.
    fn forget(&mut self, incident: &Incident, source: &str) {
        let Self { seen, missing, muted, answers, .. } = self;
        let fires = |group: &str| incident.alert(source, group).is_some_and(AlertRecord::is_firing);
        missing.retain(|group, _| fires(group));
        seen.retain(|group, last| answers.get(&last.by) == Some(&last.answer) || fires(group));
        muted.retain(|group, _| seen.contains_key(group));
        if seen.len() < seen.capacity() / 4 {
            seen.shrink_to_fit();
        }
        if missing.len() < missing.capacity() / 4 {
            missing.shrink_to_fit();
        }
    }
}

/// A group that fires, and the place of what the journal says of it.
type Firing<'a> = (&'a AlertGroup, Option<usize>);

/// A group of which is to be told that it fires.
struct New<'a> {
    group: &'a AlertGroup,
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
    sights.see(set, query, at);
    sights.forget(&app.incident, &source);
    let firing = set.groups.iter().filter(|group| is_firing(group));
    let firing: Vec<Firing<'_>> = firing.map(|group| (group, app.incident.alert_place(&source, &group.key))).collect();
    let mut events = unsteady(&mut sights.unsteady, &sights.missing, &app.incident, &source, at);
    events.extend(fired(app, &mut sights, query, firing, first_look, at));
    events.extend(vanished(app.facts(), &mut sights, query, of, &source, at));
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
    for (group, place) in firing {
        match place.and_then(|place| app.incident.alerts.get(place)) {
            Some(record) if record.is_firing() => {}
            _ if elsewhere.has_told(group) => {}
            Some(record) => {
                if comes_and_goes(record, group, at) {
                    sights.unsteady.entry(Arc::clone(&group.key)).or_insert_with(|| Unsteady::back(at));
                }
                new.push(New { group, turns: record.turns.len(), is_back: had_not_ended(record, group) });
            }
            None => new.push(New { group, turns: 0, is_back: false }),
        }
    }
    let left_out = leave_out(app, sights, query, &mut new);
    new.sort_by_key(|New { group, .. }| (group.since, group.severity, group.title.clone()));
    let watched_since = app.incident.watches.iter().map(|watch| watch.since).min();
    let is_old = |group: &AlertGroup| first_look && watched_since.is_none_or(|watched| group.since < watched);
    // What began before it was last seen muted did not begin when it came to be heard.
    let was_muted = |group: &AlertGroup| sights.muted.get(&group.key).is_some_and(|seen| group.since <= *seen);
    let turn = |New { group, is_back, .. }: &New<'_>| match () {
        () if is_old(group) => (AlertTurn::FiringWhenOpened, group.since),
        () if was_muted(group) => (AlertTurn::Unmuted, at),
        // It began before it was out of sight, and is there since it was seen.
        () if *is_back => (AlertTurn::Fired, at),
        () => (AlertTurn::Fired, group.since),
    };
    let mut told_first = app.world.transitions.told_first || !app.incident.alerts.is_empty();
    let event = |new: New<'_>| {
        let (turn, when) = turn(&new);
        let New { group, turns, .. } = new;
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
    let is_told = |group: &AlertGroup| sights.seen.get(&group.key).is_some_and(|seen| seen.told);
    let (mut kept, mut candidates): (Vec<_>, Vec<_>) = new.drain(..).partition(|new| is_told(new.group));
    let flood = app.world.transitions.flood(&app.session.source_name(of), Observed::AlertGroups);
    let allowed = flood.allow(candidates.len(), app.session.now);
    if allowed < candidates.len() {
        let worth = |group: &'_ AlertGroup| (group.severity, group.since);
        candidates.select_nth_unstable_by(allowed, |New { group: a, .. }, New { group: b, .. }| {
            worth(a).cmp(&worth(b)).then_with(|| a.key.cmp(&b.key))
        });
    }
    let rest = candidates.split_off(allowed);
    for New { group, .. } in &candidates {
        if let Some(seen) = sights.seen.get_mut(&group.key) {
            seen.told = true;
        }
    }
    kept.append(&mut candidates);
    *new = kept;
    let rest = rest.into_iter().map(|new| Arc::clone(&new.group.key)).collect();
    flood.leave_out(query, rest, app.session.now, &app.incident)
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
        let was_seen = sights.seen.contains_key(record.group.as_str());
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
