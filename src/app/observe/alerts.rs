//! Alerts: which began to fire, which ended, and which are merely out of sight.
//!
//! Silenced, inhibited and cut off is not ended. An alert that two kinds of source show is told once.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::{
    app::{App, clock::seconds_between},
    config::{QueryId, Shape, Source, kinds::AlertOrigin, plan::Ask},
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

impl App {
    pub(super) fn observe_alerts(&mut self, query: QueryId, set: &AlertSet, at: Timestamp) -> Vec<Event> {
        let Some(place) = self.plan.query(query).map(|query| query.source.0) else { return Vec::new() };
        let source = self.source_name(place);
        let first_look = self.observer.opened.insert(query);
        for group in set.groups.iter().filter(|group| is_there(group)) {
            let id = (source.clone(), group.key.to_string());
            self.observer.missing.remove(&id);
            if group.state != AlertState::Firing {
                self.observer.muted.insert(id.clone(), at);
            }
            self.observer.last_seen.insert(id, at);
        }
        self.count_flaps(&source, set, at);
        let mut events = self.flapped(&source, at);
        events.extend(self.fired(place, &source, set, first_look, at));
        events.extend(self.vanished(query, place, &source, at));
        events
    }

    fn fired(&mut self, place: usize, source: &str, set: &AlertSet, first_look: bool, at: Timestamp) -> Vec<Event> {
        let known: HashMap<&str, &AlertRecord> = (self.incident.alerts.iter())
            .filter(|record| record.source == source)
            .map(|record| (record.group.as_str(), record))
            .collect();
        let mut new: Vec<(&AlertGroup, usize)> = Vec::new();
        let firing = |group: &&AlertGroup| group.state == AlertState::Firing && group.severity != Severity::None;
        for group in set.groups.iter().filter(firing) {
            match known.get(group.key.as_ref()) {
                Some(record) if record.is_firing() => {}
                Some(record) if fired_lately(record, at) => {} // it is counted
                _ if self.is_told_elsewhere(place, group) => {}
                record => new.push((group, record.map_or(0, |record| record.turns.len()))),
            }
        }
        new.sort_by_key(|(group, _)| (group.since, group.severity, group.title.clone()));
        let watched_since = self.incident.watches.iter().map(|watch| watch.since).min();
        let is_old = |group: &AlertGroup| first_look && watched_since.is_none_or(|watched| group.since < watched);
        // What began before it was last seen muted did not begin when it came to be heard.
        let was_muted = |group: &AlertGroup| {
            let seen = self.observer.muted.get(&(source.to_owned(), group.key.to_string()));
            seen.is_some_and(|seen| group.since <= *seen)
        };
        let turn = |group: &AlertGroup| match () {
            () if is_old(group) => (AlertTurn::FiringWhenOpened, group.since),
            () if was_muted(group) => (AlertTurn::Unmuted, at),
            () => (AlertTurn::Fired, group.since),
        };
        let mut told_first = self.observer.told_first || !self.incident.alerts.is_empty();
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
        self.observer.told_first = told_first;
        events
    }

    /// Counts what fires again too soon to be told.
    fn count_flaps(&mut self, source: &str, set: &AlertSet, at: Timestamp) {
        let firing = |group: &&AlertGroup| group.state == AlertState::Firing && group.severity != Severity::None;
        let firing: HashSet<&str> = set.groups.iter().filter(firing).map(|group| &*group.key).collect();
        for record in self.incident.alerts.iter().filter(|record| record.source == source) {
            let id = (source.to_owned(), record.group.clone());
            let now = firing.contains(record.group.as_str());
            match self.observer.flaps.get_mut(&id) {
                Some(flap) => {
                    if now && !flap.fires && !record.is_firing() {
                        (flap.times, flap.until) = (flap.times + 1, at);
                    }
                    flap.fires = now;
                }
                None if now && !record.is_firing() && fired_lately(record, at) => {
                    self.observer.flaps.insert(id, Flap { times: 1, since: at, until: at, fires: true });
                }
                None => {}
            }
        }
    }

    /// Tells what was counted, when its minute is over. A group that fires then is told by itself.
    fn flapped(&mut self, source: &str, at: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        for record in self.incident.alerts.iter().filter(|record| record.source == source && !fired_lately(record, at))
        {
            let id = (source.to_owned(), record.group.clone());
            let Some(Flap { times, since, until, fires }) = self.observer.flaps.remove(&id) else { continue };
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
    fn is_told_elsewhere(&self, place: usize, group: &AlertGroup) -> bool {
        let Some(source) = self.config.sources.get(place) else { return false };
        if self.config.sources.iter().any(|other| other.behind.as_deref() == Some(&source.name)) {
            return true; // the one before it tells
        }
        let Some(name) = group.labels.get("alertname") else { return false };
        self.incident.alerts.iter().any(|record| {
            let other = self.config.sources.iter().position(|other| other.name == record.source);
            let Some(other) = other.filter(|other| *other != place) else { return false };
            let pair = source.evaluates_alerts() != self.config.sources[other].evaluates_alerts();
            let lasts = record.is_firing() || record.turns.last().is_some_and(|turn| turn.0 > group.since);
            pair && lasts && self.has_alertname(other, record, name)
        })
    }

    /// Whether a record is of an alert of this name: by its labels when its source shows it, else by its title, which
    /// begins with the name.
    fn has_alertname(&self, place: usize, record: &AlertRecord, name: &str) -> bool {
        let groups = self.alert_sets(place).flat_map(|set| &set.groups);
        let mut shown = groups.filter(|group| *group.key == record.group).flat_map(|group| &group.alerts).peekable();
        if shown.peek().is_some() {
            return shown.any(|alert| alert.labels.get("alertname") == Some(name));
        }
        record.title.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// The newest alerts of each query of a source.
    fn alert_sets(&self, place: usize) -> impl Iterator<Item = &AlertSet> {
        self.plan.of_source(place).filter_map(|(query, _)| match &self.signals.slot(query)?.good.as_ref()?.data {
            Data::Alerts(set) => Some(set),
            _ => None,
        })
    }

    /// Groups that the journal says fire and no query of the source shows any more.
    fn vanished(&mut self, query: QueryId, place: usize, source: &str, at: Timestamp) -> Vec<Event> {
        if self.alert_sets(place).any(|set| set.dropped > 0) {
            return Vec::new(); // who is missing from a list that was cut off is not known
        }
        let there: HashSet<&str> = (self.alert_sets(place).flat_map(|set| &set.groups))
            .filter(|group| is_there(group))
            .map(|group| group.key.as_ref())
            .collect();
        let gone: Vec<AlertRecord> = (self.incident.alerts.iter())
            .filter(|record| record.source == source && record.is_firing() && !there.contains(record.group.as_str()))
            .cloned()
            .collect();
        let blind = self.was_blind(query, place, at);
        let all_asked = self.all_asked(place);
        let mut events = Vec::new();
        for record in gone {
            let id = (source.to_owned(), record.group.clone());
            let seen = self.observer.last_seen.get(&id).copied();
            if seen.is_none() && !all_asked {
                continue; // another query may have it
            }
            let when = *self.observer.missing.entry(id).or_insert(at);
            // Out of sight since before this cockpit looked: whether it ended in the meantime was not seen by anyone.
            let unseen = seen.is_none() && record.turns.last().is_some_and(|t| seconds_between(t.0, at) > 60);
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
    fn all_asked(&self, place: usize) -> bool {
        let gives_alerts = |ask: &Ask| match ask {
            Ask::Alerts => true,
            Ask::Fetch { read, .. } => read.shape == Shape::Alerts,
            _ => false,
        };
        let asked = |query| self.signals.slot(query).is_some_and(|slot| slot.version > 0);
        self.plan.of_source(place).filter(|(_, query)| gives_alerts(&query.ask)).all(|(query, _)| asked(query))
    }

    /// Whether a query, its source, or the one behind it, is failing or was until a moment ago.
    pub(in crate::app) fn was_blind(&self, query: QueryId, place: usize, at: Timestamp) -> bool {
        let sources = &self.config.sources;
        let named = sources.get(place).and_then(|source| source.behind.as_deref());
        // Where nobody said what stands behind one that routes alerts, it may be any that evaluates them.
        let routes = sources.get(place).is_some_and(|source| source.kind.alerts == AlertOrigin::Routed);
        let is_behind = |source: &Source| match named {
            Some(name) => source.name == name,
            None => routes && source.evaluates_alerts(),
        };
        let behind = sources.iter().enumerate().filter(|(_, source)| is_behind(source)).map(|(at, _)| at);
        let was_lately = |failing: Option<Timestamp>, back: Option<Timestamp>| {
            failing.is_some() || back.is_some_and(|back| seconds_between(back, at) < AFTER_A_GAP)
        };
        let answering = std::iter::once(place).chain(behind).filter_map(|place| self.signals.source(place));
        let slot = self.signals.slot(query).is_some_and(|slot| was_lately(slot.failing_since, slot.back_at));
        slot || answering.into_iter().any(|state| was_lately(state.failing_since, state.back_at))
    }
}

/// Whether a group was told to fire less than a minute ago.
fn fired_lately(record: &AlertRecord, at: Timestamp) -> bool {
    record.turns.iter().rev().any(|turn| is_fired(turn.1) && seconds_between(turn.0, at) < ONCE_IN)
}

/// Pending is the only state in which a group that had fired has ended.
fn is_there(group: &AlertGroup) -> bool {
    group.state != AlertState::Pending
}

fn is_fired(turn: AlertTurn) -> bool {
    matches!(turn, AlertTurn::Fired | AlertTurn::FiringWhenOpened | AlertTurn::Unmuted)
}
