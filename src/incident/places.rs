//! Where a group of alerts, a title, or a source that is lost stands in the history of an incident, so that the next turn
//! costs as much after a hundred thousand others as after ten.
//!
//! It holds places and counts, never a copy of the facts, follows from them, and must be told of each turn.

use std::{collections::HashMap, hash::BuildHasher, mem};

use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};

use super::{AlertRecord, AlertTurn, Observed};

/// An index over the alerts and outages of one incident.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    hasher: DefaultHashBuilder,
    /// Places in the alerts, by source and group.
    groups: HashTable<usize>,
    /// What is known of the groups of one title, by that title.
    titles: HashTable<Titled>,
    /// Places of the outages that have no end yet, by source.
    lost: HashMap<String, Vec<usize>>,
    /// Places of the watchdogs, by source and group.
    watchdogs: HashMap<(String, String), usize>,
    /// Place of the newest stretch in which something was left out, by source.
    left_out: HashMap<(String, Observed), usize>,
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

    /// Where the watchdog of a group is.
    pub fn of_watchdog(&self, source: &str, group: &str) -> Option<usize> {
        // They are few, and turn seldom.
        self.watchdogs.get(&(source.to_owned(), group.to_owned())).copied()
    }

    /// Takes in where the watchdog of a group is.
    pub fn watchdog(&mut self, source: &str, group: &str, at: usize) {
        self.watchdogs.insert((source.to_owned(), group.to_owned()), at);
    }

    /// Where the newest stretch is in which something of a source was left out.
    pub fn of_left_out(&self, source: &str, what: Observed) -> Option<usize> {
        self.left_out.get(&(source.to_owned(), what)).copied()
    }

    /// Takes in where that stretch is.
    pub fn left_out(&mut self, source: &str, what: Observed, at: usize) {
        self.left_out.insert((source.to_owned(), what), at);
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

    use super::*;
    use crate::{
        incident::{Event, Incident, fixture::at_once},
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
            first: nth % 5 == 3,
            links: AlertLinks::default(),
        }
    }

    /// Whether a source was reached: it was lost, or is back.
    fn reached(nth: usize, source: usize, back: bool) -> Event {
        let (key, source) = (format!("source {nth}"), format!("source {source}"));
        let when = Timestamp::from_second(nth as i64).expect("a time");
        match back {
            true => Event::SourceBack { key, source, lost: Timestamp::UNIX_EPOCH, when },
            false => Event::SourceLost { key, source, error: String::new(), when },
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
        prop_assert_eq!(incident.alert_place("source 0", "title 0"), None);
        prop_assert!(!incident.places.is_over(&incident.alerts, "group 0"));
        Ok(())
    }

    /// The place of the record that is the first alert: the first new one whose event said so.
    fn first(events: &[Event]) -> Option<usize> {
        let mut known = Vec::new();
        for event in events {
            let Event::AlertTurned { source, group, first, .. } = event else { continue };
            if known.contains(&(source, group)) {
                continue;
            }
            if *first {
                return Some(known.len());
            }
            known.push((source, group));
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_finds_what_a_search_finds(turns in prop::collection::vec((0..2usize, 0..6usize, 0..3usize, 0..3usize), 0..60)) {
            let turns = turns.into_iter().enumerate().map(|(nth, (source, group, title, turn))| {
                turned(nth, source, group, title, [AlertTurn::Fired, AlertTurn::Resolved, AlertTurn::LostSight][turn])
            });
            let turns: Vec<Event> = turns.collect();
            let incident = at_once("a", turns.clone());
            check(&incident)?;
            let firsts: Vec<usize> = (0..incident.alerts.len()).filter(|at| incident.alerts[*at].first).collect();
            prop_assert_eq!(firsts, Vec::from_iter(first(&turns)));
        }

        #[test]
        fn an_outage_ends_when_its_source_is_next_back(turns in prop::collection::vec((0..3usize, prop::bool::ANY), 0..30)) {
            let events = turns.iter().enumerate().map(|(nth, (source, back))| reached(nth, *source, *back));
            let incident = at_once("a", events);
            let lost = turns.iter().enumerate().filter(|(_, (_, back))| !back);
            let ends = lost.map(|(nth, (source, _))| (nth..turns.len()).find(|later| turns[*later] == (*source, true)));
            let ends: Vec<_> = ends.collect();
            let told = incident.outages.iter().map(|outage| Some(outage.until?.as_second() as usize));
            prop_assert_eq!(told.collect::<Vec<_>>(), ends);
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test measures")]
    fn two_hundred_thousand_turns_of_a_hundred_thousand_groups_are_taken_in() {
        let turns = (0..200_000).map(|nth| {
            let turn = if nth < 100_000 { AlertTurn::Fired } else { AlertTurn::Resolved };
            turned(nth, 0, nth % 100_000, nth % 5, turn)
        });
        let begun = std::time::Instant::now();
        let incident = at_once("a", turns);
        // Seconds; a search through all records for each turn takes many minutes.
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
        assert_eq!(incident.alerts.len(), 100_000);
        assert!(incident.alerts.iter().all(|record| record.turns.len() == 2));
        assert!((0..5).all(|title| incident.places.is_over(&incident.alerts, &format!("title {title}"))));
    }
}
