//! The alert that is closest to the cause, of the worst that fire: by its service and by its start. Found once when what
//! it follows from has changed.
//!
//! An alert of what a vital measures says what the vital says, and one that fires for several services says that much.
//! What began before it, or is of a service that was just changed, says more.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    app::{
        App, Facts,
        world::{
            rows::{self, ShownGroup},
            signals::Stamp,
            vitals,
            worst_alert::{self, WhatHurts, WorstAlert},
        },
    },
    config::PaneKind,
    dashboard::PaneId,
    incident::{ObservationState, judgement},
    signal::{AlertState, Severity},
};

/// Rules wait for different times before they fire: what began within this of each other began together, in seconds.
const TOGETHER: i64 = 120;
/// An alert that fires for several services counts as so much later, in seconds: which of them is told first is chance.
const GENERAL: i64 = 30;
/// What began so long before the onset, in seconds, speaks of something else.
const OLD_NEWS: i64 = 900;
/// A change this long before the onset, at the most, may be behind what hurts, in seconds.
const SHORTLY: i64 = 3600;

/// The label that names an alert.
const NAME: &str = "alertname";
/// The label that says what it is of.
const SERVICE: &str = "service";

/// What it follows from.
#[derive(Clone, Debug, PartialEq)]
struct Cause {
    /// Of the readings of all panes of alerts.
    alerts: Vec<Stamp>,
    /// The vital that hurts.
    hurting: Option<String>,
    onset: Option<Timestamp>,
    /// How many changes and mitigations there are.
    changes: (usize, usize),
    board: judgement::Stamp,
}

/// The alert, and what it was found from.
#[derive(Clone, Debug)]
pub(in crate::app) struct KnownClosest {
    cause: Cause,
    alert: Option<WorstAlert>,
}

/// The alert to take: the worst, of equals the closest to the cause; never one that the board has, alone or folded.
pub(in crate::app) fn closest_alert(facts: Facts<'_>) -> Option<WorstAlert> {
    match &facts.world.closest_alert {
        Some(known) if known.cause == Cause::of(facts) => known.alert.clone(),
        _ => find(facts),
    }
}

/// Whether it was found from what is so now.
pub(in crate::app) fn is_current(facts: Facts<'_>) -> bool {
    facts.world.closest_alert.as_ref().is_some_and(|known| known.cause == Cause::of(facts))
}

/// Finds it once for all frames until something changes.
pub(in crate::app) fn refresh(app: &mut App) {
    let facts = app.facts();
    app.world.closest_alert = Some(KnownClosest { cause: Cause::of(facts), alert: find(facts) });
}

impl Cause {
    fn of(facts: Facts<'_>) -> Self {
        let incident = facts.incident;
        Self {
            alerts: rows::alert_stamps(facts).collect(),
            hurting: vitals::hurting(facts).map(|(vital, _)| vital.title.clone()),
            onset: incident.onset(),
            changes: (incident.changes.len(), incident.mitigations.len()),
            board: incident.stamp(),
        }
    }
}

fn find(facts: Facts<'_>) -> Option<WorstAlert> {
    let onset = facts.incident.onset();
    let changed = changed_services(facts, onset);
    let mut hurts = WhatHurts::of(facts);
    let known = names_on_board(facts);
    let panes = facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    let groups = panes.flat_map(|pane| rows::known_alerts(facts, pane).map(|shown| (pane.id, shown)));
    let firing = groups.filter(|(_, s)| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
    let firing: Vec<_> = firing.collect();
    let mut named: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (_, shown) in &firing {
        if let (Some(name), Some(service)) = (shown.group.labels.get(NAME), shown.group.labels.get(SERVICE)) {
            named.entry(name).or_default().insert(service);
        }
    }
    let mut closeness = |(_, shown): &(PaneId, ShownGroup<'_>)| {
        let group = shown.group;
        let is_old = onset.is_some_and(|onset| onset.duration_since(group.since).as_secs() > OLD_NEWS);
        let restates = group.alerts.iter().any(|alert| hurts.is_named_by(&alert.labels));
        let is_changed = group.alerts.iter().any(|a| changed.iter().any(|c| worst_alert::is_of(&a.labels, c)));
        // What was changed is near the cause, though the vital speaks of it, too.
        let name = group.labels.get(NAME);
        let is_general = name.and_then(|name| named.get(name)).is_some_and(|services| services.len() > 1);
        let later = i64::from(restates) * TOGETHER + i64::from(is_general) * GENERAL;
        let later = if is_changed { -TOGETHER } else { later };
        let counts_from = group.since.saturating_add(SignedDuration::from_secs(later)).unwrap_or(group.since);
        let repeats = name.is_some_and(|name| known.contains(name));
        (shown.silent_since.is_some(), group.severity, is_old, repeats, counts_from, Reverse(group.labels.len()))
    };
    let new = firing.iter().filter(|(_, shown)| !is_on_board(facts, shown));
    let (pane, shown) = new.min_by_key(|known| closeness(known))?;
    let silent = shown.silent_since.map(|at| (facts.session.source_name(shown.source), at));
    let (title, severity) = (shown.group.title.to_string(), shown.group.severity);
    Some(WorstAlert { pane: *pane, key: shown.key(), title, severity, silent })
}

/// The names of alerts that are symptoms already: the same alert of another service says less than another one.
fn names_on_board(facts: Facts<'_>) -> HashSet<&str> {
    let there = facts.incident.board.observations.iter().filter(|column| column.state == ObservationState::Present);
    there.filter_map(|column| column.origin.as_deref()?.split_whitespace().next()).collect()
}

/// The services that were changed shortly before the onset.
fn changed_services(facts: Facts<'_>, onset: Option<Timestamp>) -> Vec<&str> {
    let Some(onset) = onset else { return Vec::new() };
    let near = facts.incident.changes.iter().filter(|record| {
        let before = onset.duration_since(record.change.at).as_secs();
        (0..=SHORTLY).contains(&before) && !facts.incident.is_beyond_going_back(record)
    });
    near.filter_map(|record| record.change.service.as_deref()).collect()
}

/// Whether a group is a symptom already, or is behind one that was folded.
fn is_on_board(facts: Facts<'_>, shown: &ShownGroup<'_>) -> bool {
    let (group, source) = (shown.group, facts.session.source_name(shown.source));
    let there = facts.incident.board.observations.iter().filter(|column| column.state == ObservationState::Present);
    let mut there = there.filter(|column| column.cleared.is_none());
    there.any(|column| match facts.incident.folded.get(&column.id) {
        Some(folded) => {
            let shares = || {
                let label = folded.label();
                label.is_some_and(|(name, value)| group.alerts.iter().all(|a| a.labels.get(name) == Some(value)))
            };
            folded.known([(source.as_str(), &*group.key)]).0 > 0 || (folded.more > 0 && shares())
        }
        None => column.origin.as_deref() == Some(&*group.title),
    })
}
