//! Where a group of alerts, a title, or a source that is lost stands in the history of an incident, so that the next turn
//! costs as much after a hundred thousand others as after ten.
//!
//! It holds places and counts, never the facts themselves, follows from them, and must be told of each turn.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    mem,
};

use hashbrown::{HashTable, hash_table::Entry};

use super::{AlertRecord, AlertTurn};

/// An index over the alerts and outages of one incident.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    hasher: RandomState,
    /// Places in the alerts, by source and group.
    groups: HashTable<usize>,
    /// What is known of the groups of one title, by that title.
    titles: HashTable<Titled>,
    /// Places of the outages that have no end yet, by source.
    lost: HashMap<String, Vec<usize>>,
    /// Whether one of the alerts is the first of the incident.
    first_told: bool,
}

/// The groups of one title.
#[derive(Clone, Copy, Debug)]
struct Titled {
    /// The place of one of them.
    at: usize,
    /// The number of those that are not known to have ended.
    open: usize,
}

impl Places {
    /// Where the record of a group is.
    pub fn of_group(&self, alerts: &[AlertRecord], source: &str, group: &str) -> Option<usize> {
        let is_it = |&at: &usize| alerts.get(at).is_some_and(|known| known.source == source && known.group == group);
        self.groups.find(self.hasher.hash_one((source, group)), is_it).copied()
    }

    /// Whether all groups of a title have ended. Of a title that nobody told of nothing is known.
    pub fn is_over(&self, alerts: &[AlertRecord], title: &str) -> bool {
        let is_it = |known: &Titled| title_at(alerts, known.at) == title;
        self.titles.find(self.hasher.hash_one(title), is_it).is_some_and(|known| known.open == 0)
    }

    /// Takes in that the record at a place has turned: from nothing, if it is new.
    pub fn turned(&mut self, alerts: &[AlertRecord], at: usize, before: Option<AlertTurn>) {
        let Self { hasher, groups, titles, first_told, .. } = self;
        let Some(record) = alerts.get(at) else { return };
        *first_told |= record.first;
        if before.is_none() {
            let hash = |&at: &usize| alerts.get(at).map_or(0, |known| hasher.hash_one((&*known.source, &*known.group)));
            groups.insert_unique(hash(&at), at, hash);
        }
        let title = title_at(alerts, at);
        let is_it = |known: &Titled| title_at(alerts, known.at) == title;
        let hash = |known: &Titled| hasher.hash_one(title_at(alerts, known.at));
        let known = match titles.entry(hasher.hash_one(title), is_it, hash) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Titled { at, open: 0 }).into_mut(),
        };
        let is_open = |turn: AlertTurn| turn != AlertTurn::Resolved;
        let now = record.turns.last().map(|told| told.turn);
        known.open += usize::from(now.is_some_and(is_open));
        known.open -= usize::from(before.is_some_and(is_open)).min(known.open);
    }

    /// Whether one of the alerts is the first of the incident.
    pub fn first_is_told(&self) -> bool {
        self.first_told
    }

    /// Takes in that an outage of a source has begun, and where it stands.
    pub fn lost(&mut self, source: &str, at: usize) {
        self.lost.entry(source.to_owned()).or_default().push(at);
    }

    /// Takes in that a source is back. Returns where its outages stand that had no end.
    pub fn back(&mut self, source: &str) -> Vec<usize> {
        self.lost.get_mut(source).map(mem::take).unwrap_or_default()
    }
}

fn title_at(alerts: &[AlertRecord], at: usize) -> &str {
    alerts.get(at).map_or("", |known| &known.title)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use crate::{
        incident::{AlertTurn, Event, Incident, fixture::at_once},
        signal::{Severity, alert::AlertLinks},
    };

    fn turned(nth: usize, source: usize, group: usize, title: usize, turn: AlertTurn) -> Event {
        Event::AlertTurned {
            key: nth.to_string(),
            source: format!("source {source}"),
            group: format!("group {group}"),
            title: format!("title {title}"),
            severity: Severity::Warning,
            turn,
            firing: 1,
            when: Timestamp::UNIX_EPOCH,
            first: nth.is_multiple_of(3),
            links: AlertLinks::default(),
        }
    }

    /// What the index says is what looking at every record says.
    fn check(incident: &Incident) -> Result<(), TestCaseError> {
        for (at, record) in incident.alerts.iter().enumerate() {
            prop_assert_eq!(incident.alert_place(&record.source, &record.group), Some(at));
            let of_title = || incident.alerts.iter().filter(|other| other.title == record.title);
            let over = of_title().all(|other| other.turns.last().is_some_and(|t| t.turn == AlertTurn::Resolved));
            prop_assert_eq!(incident.places.is_over(&incident.alerts, &record.title), over, "{}", record.title);
        }
        prop_assert!(incident.alerts.iter().filter(|record| record.first).count() <= 1);
        prop_assert_eq!(incident.alert_place("source 0", "title 0"), None);
        prop_assert!(!incident.places.is_over(&incident.alerts, "group 0"));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_finds_what_a_search_finds(turns in prop::collection::vec((0..2usize, 0..6usize, 0..3usize, 0..3usize), 0..60)) {
            let turns = turns.into_iter().enumerate().map(|(nth, (source, group, title, turn))| {
                turned(nth, source, group, title, [AlertTurn::Fired, AlertTurn::Resolved, AlertTurn::LostSight][turn])
            });
            check(&at_once("a", turns))?;
        }
    }

    /// A search through all records for each turn would take minutes.
    #[test]
    fn two_hundred_thousand_turns_of_a_hundred_thousand_groups_are_taken_in() {
        let turns = (0..200_000).map(|nth| {
            let turn = if nth < 100_000 { AlertTurn::Fired } else { AlertTurn::Resolved };
            turned(nth, 0, nth % 100_000, nth % 5, turn)
        });
        let incident = at_once("a", turns);
        assert_eq!(incident.alerts.len(), 100_000);
        assert!(incident.alerts.iter().all(|record| record.turns.len() == 2));
        assert!((0..5).all(|title| incident.places.is_over(&incident.alerts, &format!("title {title}"))));
    }
}
