//! Alerts: which began to fire, which ended, and which are merely out of sight.
//!
//! Silenced, inhibited and cut off is not ended. An alert that two kinds of source show is told once.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    app::{App, Facts, world::blind},
    base::human_time::seconds_between,
    config::{Shape, SourceId},
    dashboard::{Ask, QueryId},
    incident::{AlertRecord, AlertTurn, Event, Incident, Observed},
    signal::{AlertGroup, AlertSet, AlertState, Data, Severity},
};

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
    /// Groups that fired again too soon to be told.
    flaps: HashMap<Arc<str>, Flap>,
}

impl Sights {
    /// Takes in what is there.
    fn see(&mut self, set: &AlertSet, by: QueryId, at: Timestamp) {
        let answer = *self.answers.entry(by).and_modify(|answers| *answers += 1).or_insert(1);
        for group in set.groups.iter().filter(|group| is_there(group)) {
            // Looking a name up is what costs in a storm.
            if !self.missing.is_empty() {
                self.missing.remove(&group.key);
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
    count_flaps(&mut sights, &app.incident, &source, &firing, at);
    let mut events = flapped(&mut sights, &app.incident, &source, at);
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
    let mut new: Vec<(&AlertGroup, usize)> = Vec::new();
    for (group, place) in firing {
        match place.and_then(|place| app.incident.alerts.get(place)) {
            Some(record) if record.is_firing() => {}
            Some(record) if fired_lately(record, at) => {} // it is counted
            _ if elsewhere.has_told(group) => {}
            record => new.push((group, record.map_or(0, |record| record.turns.len()))),
        }
    }
    let left_out = leave_out(app, sights, query, &mut new);
    new.sort_by_key(|(group, _)| (group.since, group.severity, group.title.clone()));
    let watched_since = app.incident.watches.iter().map(|watch| watch.since).min();
    let is_old = |group: &AlertGroup| first_look && watched_since.is_none_or(|watched| group.since < watched);
    // What began before it was last seen muted did not begin when it came to be heard.
    let was_muted = |group: &AlertGroup| sights.muted.get(&group.key).is_some_and(|seen| group.since <= *seen);
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
    let events = new.into_iter().map(event).chain(left_out).collect();
    app.world.transitions.told_first = told_first;
    events
}

/// Takes out of what is new what is too much to be written one by one: the worst and oldest stay. Returns what is to be said
/// of the rest.
fn leave_out(app: &mut App, sights: &mut Sights, query: QueryId, new: &mut Vec<(&AlertGroup, usize)>) -> Option<Event> {
    let of = app.world.plan.query(query)?.source;
    let is_told = |group: &AlertGroup| sights.seen.get(&group.key).is_some_and(|seen| seen.told);
    let (mut kept, mut candidates): (Vec<_>, Vec<_>) = new.drain(..).partition(|(group, _)| is_told(group));
    let flood = app.world.transitions.flood(&app.session.source_name(of), Observed::AlertGroups);
    let allowed = flood.allow(candidates.len(), app.session.now);
    if allowed < candidates.len() {
        let worth = |group: &'_ AlertGroup| (group.severity, group.since);
        candidates
            .select_nth_unstable_by(allowed, |(a, _), (b, _)| worth(a).cmp(&worth(b)).then_with(|| a.key.cmp(&b.key)));
    }
    let rest = candidates.split_off(allowed);
    for (group, _) in &candidates {
        if let Some(seen) = sights.seen.get_mut(&group.key) {
            seen.told = true;
        }
    }
    kept.append(&mut candidates);
    *new = kept;
    let rest = rest.into_iter().map(|(group, _)| Arc::clone(&group.key)).collect();
    flood.leave_out(query, rest, app.session.now, &app.incident)
}

/// Counts what fires again too soon to be told.
fn count_flaps(sights: &mut Sights, incident: &Incident, source: &str, firing: &[Firing<'_>], at: Timestamp) {
    let counted = firing.iter().filter(|_| !sights.flaps.is_empty());
    let fires: HashSet<&Arc<str>> = counted.map(|(group, _)| &group.key).collect();
    for (group, flap) in &mut sights.flaps {
        let Some(record) = incident.alert(source, group) else { continue };
        let now = fires.contains(group);
        if now && !flap.fires && !record.is_firing() {
            (flap.times, flap.until) = (flap.times + 1, at);
        }
        flap.fires = now;
    }
    let again =
        |place: usize| incident.alerts.get(place).is_some_and(|record| !record.is_firing() && fired_lately(record, at));
    for (group, place) in firing {
        if place.is_some_and(again) && !sights.flaps.contains_key(&group.key) {
            sights.flaps.insert(Arc::clone(&group.key), Flap { times: 1, since: at, until: at, fires: true });
        }
    }
}

/// Tells what was counted, when its minute is over, in the order in which the groups first appeared. A group that fires
/// then is told by itself.
fn flapped(sights: &mut Sights, incident: &Incident, source: &str, at: Timestamp) -> Vec<Event> {
    let place = |group: &str| {
        let place = incident.alert_place(source, group)?;
        incident.alerts.get(place).is_some_and(|record| !fired_lately(record, at)).then_some(place)
    };
    let mut over: Vec<(usize, Flap)> = sights
        .flaps
        .extract_if(|group, _| place(group).is_some())
        .filter_map(|(g, flap)| Some((place(&g)?, flap)))
        .collect();
    over.sort_unstable_by_key(|(place, _)| *place);
    let mut events = Vec::new();
    for (place, Flap { times, since, until, fires }) in over {
        let Some(record) = incident.alerts.get(place) else { continue };
        let times = times - usize::from(fires);
        if times > 0 {
            events.push(Event::AlertFlapped {
                key: format!("alert|{source}|{}|{}|flapped", record.group, record.turns.len()),
                source: record.source.clone(),
                group: record.group.clone(),
                title: record.title.clone(),
                times,
                since,
                until,
            });
        }
    }
    events
}

/// What other sources have told for this one. A Prometheus and what its alerts are sent to show the same ones; whichever
/// told one first has told it for both.
enum Elsewhere<'a> {
    /// This source stands behind another one, which tells everything.
    All,
    /// Until when an alert of this name lasted, as was told; it is the same one as long as it began before the other one
    /// saw it end.
    Until(HashMap<&'a str, Timestamp>),
}

impl<'a> Elsewhere<'a> {
    fn of(facts: Facts<'a>, of: SourceId) -> Self {
        let config = &facts.session.config;
        let mut until = HashMap::new();
        let Some(source) = config.source(of) else { return Self::Until(until) };
        if config.sources.iter().any(|other| other.behind.as_deref() == Some(&source.name)) {
            return Self::All;
        }
        let pairs = config.sources_by_id().filter(|(id, other)| {
            let is_named = config.source_named(&other.name).is_some_and(|(named, _)| named == *id);
            is_named && *id != of && source.evaluates_alerts() != other.evaluates_alerts()
        });
        for (id, other) in pairs {
            let shown = shown_names(facts, id);
            for record in facts.incident.alerts.iter().filter(|record| record.source == other.name) {
                let Some(last) = record.turns.last() else { continue };
                let lasts = if record.is_firing() { Timestamp::MAX } else { last.at };
                let mut tell = |name| {
                    let known = until.entry(name).or_insert(lasts);
                    *known = lasts.max(*known);
                };
                // By its labels when its source shows it, else by its title, which begins with the name.
                match shown.get(record.group.as_str()) {
                    Some(names) => names.iter().copied().for_each(tell),
                    None => beginnings(&record.title).for_each(&mut tell),
                }
            }
        }
        Self::Until(until)
    }

    fn has_told(&self, group: &AlertGroup) -> bool {
        match self {
            Self::All => true,
            Self::Until(until) => {
                let last = group.labels.get("alertname").and_then(|name| until.get(name));
                last.is_some_and(|last| *last > group.since)
            }
        }
    }
}

/// The names of the alerts that a source shows, by group.
fn shown_names(facts: Facts<'_>, of: SourceId) -> HashMap<&str, Vec<&str>> {
    let mut shown = HashMap::<&str, Vec<&str>>::new();
    let groups = alert_sets(facts, of).flat_map(|set| &set.groups);
    for (group, alert) in groups.flat_map(|group| group.alerts.iter().map(move |alert| (group, alert))) {
        let names = shown.entry(&group.key).or_default();
        names.extend(alert.labels.get("alertname").filter(|name| !names.contains(name)));
    }
    shown
}

/// What a title begins with: each time as many whole words as there are before a space, and all of it.
fn beginnings(title: &str) -> impl Iterator<Item = &str> {
    title.match_indices(' ').map(|(at, _)| &title[..at]).chain([title])
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
    let there: HashSet<&str> = (alert_sets(facts, of).flat_map(|set| &set.groups))
        .filter(|group| is_there(group))
        .map(|group| group.key.as_ref())
        .collect();
    let gone = gone.into_iter().filter(|record| !there.contains(record.group.as_str()));
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
fn all_asked(facts: Facts<'_>, of: SourceId) -> bool {
    let gives_alerts = |ask: &Ask| match ask {
        Ask::Alerts => true,
        Ask::Fetch { read, .. } => read.shape == Shape::Alerts,
        _ => false,
    };
    let asked = |query| facts.world.signals.slot(query).is_some_and(|slot| slot.version > 0);
    facts.world.plan.of_source(of).filter(|(_, query)| gives_alerts(&query.ask)).all(|(query, _)| asked(query))
}

/// Whether a group was told to fire less than a minute ago.
fn fired_lately(record: &AlertRecord, at: Timestamp) -> bool {
    record.turns.iter().rev().any(|told| told.turn.is_firing() && seconds_between(told.at, at) < ONCE_IN)
}

fn is_firing(group: &AlertGroup) -> bool {
    group.state == AlertState::Firing && group.severity != Severity::None
}

/// Pending is the only state in which a group that had fired has ended.
fn is_there(group: &AlertGroup) -> bool {
    group.state != AlertState::Pending
}
