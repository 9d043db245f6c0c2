//! What other sources have told, or show, of the alerts of one.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::{
    app::Facts,
    config::{Source, SourceId},
    dashboard::QueryId,
    incident::AlertRecord,
    signal::{Alert, AlertGroup, AlertSet, AlertState, Data, Labels},
};

/// What other sources have told for this one. A Prometheus and what its alerts are sent to show the same ones; whichever
/// told one first has told it for both.
pub(super) enum Elsewhere<'a> {
    /// This source stands behind another one, which tells everything.
    All,
    /// Some of it.
    Some {
        /// Until when an alert of this name lasted, as was told; it is the same one as long as it began before the other
        /// one saw it end.
        until: HashMap<&'a str, Timestamp>,
        /// The very same alerts at other sources of its kind, as members of a cluster are.
        twins: HashSet<(&'a Labels, Timestamp)>,
        /// The groups that those have told, by key, with the time they were told to have begun.
        groups: HashSet<(&'a str, Timestamp)>,
    },
}

impl<'a> Elsewhere<'a> {
    pub(super) fn of(facts: Facts<'a>, of: SourceId) -> Self {
        let config = &facts.session.config;
        let (mut until, twins, groups) = (HashMap::new(), told_by_twins(facts, of), groups_told_by_twins(facts, of));
        let Some(source) = config.source(of) else { return Self::Some { until, twins, groups } };
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
        Self::Some { until, twins, groups }
    }

    pub(super) fn has_told(&self, group: &AlertGroup) -> bool {
        match self {
            Self::All => true,
            Self::Some { until, twins, groups } => {
                let name = || group.labels.get("alertname");
                let last = if until.is_empty() { None } else { name().and_then(|name| until.get(name)) };
                let mut firing = group.alerts.iter().filter(|alert| alert.state == AlertState::Firing);
                let is_told = |alert: &Alert| twins.contains(&(&alert.labels, alert.starts_at));
                last.is_some_and(|last| *last > group.since)
                    || groups.contains(&(&*group.key, group.since))
                    || !twins.is_empty() && firing.all(is_told)
            }
        }
    }
}

/// Other sources that are of the same kind as this one, as far as their alerts go.
fn of_its_kind(facts: Facts<'_>, of: SourceId) -> impl Iterator<Item = (SourceId, &str)> {
    let config = &facts.session.config;
    let evaluates = config.source(of).map(Source::evaluates_alerts);
    let others =
        config.sources_by_id().filter(move |(id, other)| *id != of && Some(other.evaluates_alerts()) == evaluates);
    others.map(|(id, other)| (id, other.name.as_str()))
}

/// Alerts that another source of its kind shows, in groups that were told to fire there.
fn told_by_twins(facts: Facts<'_>, of: SourceId) -> HashSet<(&Labels, Timestamp)> {
    let groups = of_its_kind(facts, of).flat_map(|(id, name)| {
        let is_told =
            move |group: &&AlertGroup| facts.incident.alert(name, &group.key).is_some_and(AlertRecord::is_firing);
        alert_sets(facts, id).flat_map(|set| &set.groups).filter(is_told)
    });
    // One that is silenced there meanwhile has not ended.
    let alerts = groups.flat_map(|group| &group.alerts).filter(|alert| alert.state != AlertState::Pending);
    alerts.map(|alert| (&alert.labels, alert.starts_at)).collect()
}

/// The groups that fire by the word of other sources of its kind, be it that one of them has forgotten its own meanwhile.
fn groups_told_by_twins(facts: Facts<'_>, of: SourceId) -> HashSet<(&str, Timestamp)> {
    let names: HashSet<&str> = of_its_kind(facts, of).map(|(_, name)| name).collect();
    let firing = facts.incident.alerts.iter().filter(|record| record.is_firing() && names.contains(&*record.source));
    let told = firing.flat_map(|record| record.turns.iter().map(move |told| (record.group.as_str(), told)));
    told.filter(|(_, told)| told.turn.is_firing()).map(|(group, told)| (group, told.at)).collect()
}

/// The groups that other sources of its kind show, by key, each with when it began. What one member of a cluster has
/// forgotten has not ended while another one shows it.
pub(super) fn shown_by_twins(facts: Facts<'_>, of: SourceId) -> HashSet<(&str, Timestamp)> {
    let groups = of_its_kind(facts, of).flat_map(|(id, _)| alert_sets(facts, id)).flat_map(|set| &set.groups);
    groups.filter(|group| is_there(group)).map(|group| (group.key.as_ref(), group.since)).collect()
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
pub(in crate::app) fn alert_sets(facts: Facts<'_>, of: SourceId) -> impl Iterator<Item = &AlertSet> {
    facts.world.plan.of_source(of).filter_map(move |(query, _)| alert_set(facts, query))
}

/// The same of each query but this one.
pub(super) fn alert_sets_but(facts: Facts<'_>, of: SourceId, but: QueryId) -> impl Iterator<Item = &AlertSet> {
    let others = facts.world.plan.of_source(of).filter(move |(query, _)| *query != but);
    others.filter_map(move |(query, _)| alert_set(facts, query))
}

fn alert_set(facts: Facts<'_>, query: QueryId) -> Option<&AlertSet> {
    match &facts.world.signals.slot(query)?.good.as_ref()?.data {
        Data::Alerts(set) => Some(set),
        _ => None,
    }
}

/// An alert that the journal says fires, of which the newest answers of its source know nothing: it may come back with the
/// next one.
pub(in crate::app) fn missing_for_now(facts: Facts<'_>) -> Option<&AlertRecord> {
    facts.incident.alerts.iter().filter(|record| record.is_firing()).find(|record| {
        let shows = |id| alert_sets(facts, id).any(|set| set.groups.iter().any(|group| *group.key == *record.group));
        facts.session.source_of(&record.source).is_some_and(|id| !shows(id))
    })
}

/// Pending is the only state in which a group that had fired has ended.
pub(super) fn is_there(group: &AlertGroup) -> bool {
    group.state != AlertState::Pending
}
