//! From readings to events: only what turned is worth a line in the journal.
//!
//! A reading is held against what the journal already says, not against the reading before it. So a cockpit that was
//! closed for an hour, or a second one beside it, writes down just what is new.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::{App, Effect, clock::seconds_between};
use crate::{
    config::QueryId,
    incident::{AlertTurn, Event},
    signal::{AlertGroup, AlertSet, AlertState, Change, Data, Severity},
};

/// For how long after a source came back a vanished alert may have vanished because of the gap.
const AFTER_A_GAP: i64 = 120;

/// What has been seen so far, as far as the journal does not say it.
#[derive(Clone, Debug, Default)]
pub(super) struct Observer {
    /// Queries that have given alerts at least once in this session.
    opened: HashSet<QueryId>,
    /// When a group that the journal says fires was last seen firing, and since when it has been missing.
    last_seen: HashMap<(String, String), Timestamp>,
    missing: HashMap<(String, String), Timestamp>,
    /// Sources that the journal says are lost, by their place, and since when.
    lost: HashMap<usize, Timestamp>,
}

impl App {
    /// What came of a poll, as events.
    pub(super) fn observe(&mut self, query: QueryId) -> Vec<Effect> {
        let mut events = self.observe_source(query);
        let slot = self.signals.slot(query).filter(|slot| slot.fault.is_none());
        if let Some(reading) = slot.and_then(|slot| slot.good.clone()) {
            match &reading.data {
                Data::Alerts(set) => events.extend(self.observe_alerts(query, set, reading.at)),
                Data::Changes(changes) => events.extend(self.observe_changes(query, changes)),
                _ => {}
            }
            events.extend(self.observe_vital(query, &reading));
        }
        events.retain(|event| event.dedup_key().is_none_or(|key| !self.incident.has_key(key)));
        self.record_quietly(events)
    }

    /// What the passing of time makes due.
    pub(super) fn observe_time(&mut self) -> Vec<Effect> {
        let events = self.vitals_due();
        self.record_quietly(events)
    }

    fn source_name(&self, at: usize) -> String {
        self.config.sources.get(at).map(|source| source.name.clone()).unwrap_or_default()
    }

    /// A source is lost when two polls in a row failed, and back with its first answer.
    fn observe_source(&mut self, query: QueryId) -> Vec<Event> {
        let Some(at) = self.plan.queries.get(query.0).map(|query| query.source) else { return Vec::new() };
        let name = self.source_name(at);
        let Some(state) = self.signals.source(at) else { return Vec::new() };
        match (state.failing_since, self.observer.lost.get(&at).copied()) {
            (Some(since), None) if state.failures >= 2 => {
                let error = state.fault.as_ref().map(ToString::to_string).unwrap_or_default();
                self.observer.lost.insert(at, since);
                vec![Event::SourceLost {
                    key: format!("lost|{name}|{}", since.as_second() / 60),
                    source: name,
                    error,
                    when: since,
                }]
            }
            (None, Some(lost)) => {
                self.observer.lost.remove(&at);
                let when = state.back_at.unwrap_or(self.now);
                let key = format!("back|{name}|{}", lost.as_second() / 60);
                vec![Event::SourceBack { key, source: name, lost, when }]
            }
            _ => Vec::new(),
        }
    }

    fn observe_changes(&self, query: QueryId, changes: &[Change]) -> Vec<Event> {
        let Some(at) = self.plan.queries.get(query.0).map(|query| query.source) else { return Vec::new() };
        let source = self.source_name(at);
        let seen = |change: &Change| Event::ChangeSeen {
            key: format!("change|{source}|{}", change.id),
            source: source.clone(),
            change: change.clone(),
        };
        changes.iter().map(seen).collect()
    }

    fn observe_alerts(&mut self, query: QueryId, set: &AlertSet, at: Timestamp) -> Vec<Event> {
        let Some(place) = self.plan.queries.get(query.0).map(|query| query.source) else { return Vec::new() };
        let source = self.source_name(place);
        let first_look = self.observer.opened.insert(query);
        let firing: HashMap<&str, &AlertGroup> = set
            .groups
            .iter()
            .filter(|group| group.state == AlertState::Firing && group.severity != Severity::None)
            .map(|group| (group.key.as_ref(), group))
            .collect();
        let mut events = self.fired(&source, &firing, first_look, at);
        events.extend(self.vanished(place, &source, &firing, at));
        events
    }

    fn fired(
        &mut self,
        source: &str,
        firing: &HashMap<&str, &AlertGroup>,
        first_look: bool,
        at: Timestamp,
    ) -> Vec<Event> {
        let known: HashMap<&str, usize> = (self.incident.alerts.iter().enumerate())
            .filter(|(_, record)| record.source == source)
            .map(|(at, record)| (record.group.as_str(), at))
            .collect();
        let mut new: Vec<(&AlertGroup, usize)> = Vec::new();
        for group in firing.values() {
            let id = (source.to_owned(), group.key.to_string());
            self.observer.missing.remove(&id);
            self.observer.last_seen.insert(id, at);
            let record = known.get(group.key.as_ref()).map(|at| &self.incident.alerts[*at]);
            match record {
                Some(record) if record.is_firing() => {}
                // The same group fires at most once a minute.
                Some(record) if record.turns.iter().rev().any(|t| is_fired(t.1) && seconds_between(t.0, at) < 60) => {}
                Some(record) => new.push((group, record.turns.len())),
                None if self.is_told_elsewhere(source, group) => {}
                None => new.push((group, 0)),
            }
        }
        new.sort_by_key(|(group, _)| (group.since, group.severity, group.title.clone()));
        let mut nothing_yet = self.incident.alerts.is_empty();
        let turn =
            if first_look && self.incident.alerts.is_empty() { AlertTurn::FiringWhenOpened } else { AlertTurn::Fired };
        let event = |(group, turns): (&AlertGroup, usize)| {
            let first = std::mem::take(&mut nothing_yet);
            Event::AlertTurned {
                key: format!("alert|{source}|{}|{}|{turns}|fired", group.key, group.since),
                source: source.to_owned(),
                group: group.key.to_string(),
                title: group.title.to_string(),
                severity: group.severity,
                turn,
                firing: group.counts.firing,
                when: group.since,
                first,
                links: group.alerts.first().map(|alert| alert.links.clone()).unwrap_or_default(),
            }
        };
        new.into_iter().map(event).collect()
    }

    /// An alert that an Alertmanager will tell, or has told, is not told a second time by the Prometheus behind it.
    fn is_told_elsewhere(&self, source: &str, group: &AlertGroup) -> bool {
        let is_behind = self.config.sources.iter().any(|other| other.behind.as_deref() == Some(source));
        let name = group.labels.get("alertname");
        is_behind
            || self.incident.alerts.iter().any(|record| record.source != source && name == Some(record.title.as_str()))
    }

    /// Groups that the journal says fire and the source no longer shows.
    fn vanished(
        &mut self,
        place: usize,
        source: &str,
        firing: &HashMap<&str, &AlertGroup>,
        at: Timestamp,
    ) -> Vec<Event> {
        let blind = self.was_blind(place, at);
        let mut events = Vec::new();
        for record in &self.incident.alerts {
            if record.source != source || !record.is_firing() || firing.contains_key(record.group.as_str()) {
                continue;
            }
            let id = (source.to_owned(), record.group.clone());
            let seen = self.observer.last_seen.get(&id).copied();
            let when = *self.observer.missing.entry(id).or_insert(at);
            // Out of sight since before this cockpit looked: whether it ended in the meantime was not seen by anyone.
            let unseen = seen.is_none() && record.turns.last().is_some_and(|t| seconds_between(t.0, at) > 60);
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

    /// Whether a source, or the one behind it, is failing or was until a moment ago.
    fn was_blind(&self, place: usize, at: Timestamp) -> bool {
        let behind = self.config.sources.get(place).and_then(|source| source.behind.as_deref());
        let behind = behind.and_then(|name| self.config.sources.iter().position(|source| source.name == name));
        [Some(place), behind].into_iter().flatten().any(|place| {
            let Some(state) = self.signals.source(place) else { return false };
            let failing = state.failing_since.is_some();
            failing || state.back_at.is_some_and(|back| seconds_between(back, at) < AFTER_A_GAP)
        })
    }
}

fn is_fired(turn: AlertTurn) -> bool {
    matches!(turn, AlertTurn::Fired | AlertTurn::FiringWhenOpened)
}
