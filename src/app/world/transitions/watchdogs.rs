//! Alerts that fire on purpose, all the time: when one of them is missing, nothing may be alerting any more.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use super::{
    alerts::all_asked,
    elsewhere::{alert_sets, is_there},
};
use crate::{
    app::{App, world::blind},
    base::human_time::seconds_between,
    dashboard::QueryId,
    incident::{Event, WatchdogRecord},
    signal::{AlertGroup, AlertSet, AlertWords, Labels, Severity},
};

/// One that has been missing and is back is not told to be missing again within so many seconds, unless it stays away.
const AGAIN: i64 = 600;
/// How long it stays away then, in seconds.
const AWAY: i64 = 60;

/// Those of one source, by the keys of their groups.
pub(super) type Known = HashMap<Arc<str>, Watchdog>;

#[derive(Clone, Debug)]
pub(super) struct Watchdog {
    title: Arc<str>,
    /// The query that showed it last.
    by: QueryId,
    /// Since when it has been missing.
    missing: Option<Timestamp>,
}

pub(in crate::app) fn observe_watchdogs(app: &mut App, query: QueryId, set: &AlertSet, at: Timestamp) -> Vec<Event> {
    let Some(of) = app.world.plan.query(query).map(|query| query.source) else { return Vec::new() };
    let Some(words) = app.session.config.source(of).map(|source| Arc::clone(&source.settings.words)) else {
        return Vec::new();
    };
    let source = app.session.source_name(of);
    // Taken out while it is written to, so that all else can be read.
    let mut known = app.world.transitions.watchdogs.remove(&source).unwrap_or_default();
    let facts = app.facts();
    // What fires on purpose has been given no severity; its name is looked at for nothing else.
    let quiet = set.groups.iter().filter(|group| group.severity == Severity::None && is_there(group));
    let there: Vec<&AlertGroup> = quiet.filter(|group| words.fires_on_purpose(name(group))).collect();
    for group in &there {
        let watchdog = Watchdog { title: Arc::clone(&group.title), by: query, missing: None };
        known.insert(Arc::clone(&group.key), watchdog);
    }
    if all_asked(facts, of) {
        expect(&mut known, &words, query);
    }
    let told = |key: &str| facts.incident.watchdogs.iter().find(|told| told.source == source && told.group == key);
    let event = |key: &str, title: &str, firing: bool, when: Timestamp| {
        let turns = told(key).map_or(0, |told| told.turns);
        let word = if firing { "back" } else { "missing" };
        Event::WatchdogTurned {
            key: format!("watchdog|{source}|{key}|{turns}|{word}"),
            source: source.clone(),
            group: key.to_owned(),
            title: title.to_owned(),
            firing,
            when,
        }
    };
    let mut events = Vec::new();
    for told in facts.incident.watchdogs.iter().filter(|told| told.source == source && told.missing.is_some()) {
        let is_it = |group: &&&AlertGroup| *group.key == *told.group || *key_of(name(group)) == *told.group;
        if there.iter().any(|group| is_it(&group)) {
            events.push(event(&told.group, &told.title, true, at));
        }
    }
    let is_cut = alert_sets(facts, of).any(|set| set.dropped > 0);
    let is_blind = blind::is_blind(facts, query, of, at);
    for (key, watchdog) in known.iter_mut().filter(|(_, watchdog)| watchdog.by == query) {
        let shown = alert_sets(facts, of).flat_map(|set| &set.groups).any(|group| group.key == *key && is_there(group));
        if shown {
            watchdog.missing = None;
            continue;
        }
        let since = *watchdog.missing.get_or_insert(at);
        let may_be_back =
            |told: &WatchdogRecord| seconds_between(told.turned, at) < AGAIN && seconds_between(since, at) < AWAY;
        let is_told = told(key).is_some_and(|told| told.missing.is_some() || may_be_back(told));
        // What does not answer, or a list that is cut off, says nothing about what is missing from it.
        if !is_told && !is_cut && !is_blind {
            events.push(event(key, &watchdog.title, false, since));
        }
    }
    events.sort_by(|a, b| a.dedup_key().cmp(&b.dedup_key()));
    app.world.transitions.watchdogs.insert(source, known);
    events
}

/// Those that the configuration names and nobody has seen yet are missing as well.
fn expect(known: &mut Known, words: &AlertWords, by: QueryId) {
    for name in &words.always_firing {
        let is_known = known.values().any(|watchdog| watchdog.title.starts_with(name.as_str()));
        if !is_known {
            known.insert(key_of(name), Watchdog { title: name.as_str().into(), by, missing: None });
        }
    }
}

fn name(group: &AlertGroup) -> &str {
    group.labels.get("alertname").unwrap_or(&group.title)
}

/// The key of a group that is known by its name alone.
fn key_of(name: &str) -> Arc<str> {
    Labels::of([("alertname", name)]).to_string().into()
}
