//! The alert that matters most, found once when the alerts, or what is heard of them, have changed.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::{
    app::{
        App, Facts,
        world::{
            rows::{self, ShownGroup},
            service::names,
            signals::Stamp,
            vitals,
        },
    },
    base::human_time,
    config::{PaneKind, Vital},
    dashboard::{PaneId, PlannedPane},
    signal::{AlertState, Labels, Severity},
};

/// The worst alert group that fires.
#[derive(Clone, Debug, PartialEq)]
pub struct WorstAlert {
    /// The pane it is in.
    pub pane: PaneId,
    /// Its row there.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// The worst severity in the group.
    pub severity: Severity,
    /// The source it was last heard from, and when, if that source is silent now: whether it still fires nobody knows.
    pub silent: Option<(String, Timestamp)>,
}

impl WorstAlert {
    /// `A fires`, or `A fired when am was last heard, 42 s ago`.
    pub fn words(&self, now: Timestamp) -> String {
        self.words_with("fires", now)
    }

    /// As [`words`](Self::words), with another word for what is so now.
    pub(in crate::app) fn words_with(&self, fires: &str, now: Timestamp) -> String {
        match &self.silent {
            None => format!("{} {fires}", self.title),
            Some((source, at)) => {
                let age = human_time::age(human_time::seconds_between(*at, now));
                format!("{} fired when {source} was last heard, {age} ago", self.title)
            }
        }
    }
}

/// The worst alert, and what it was found from.
#[derive(Clone, Debug)]
pub(in crate::app) struct KnownWorst {
    /// Of the readings of all panes of alerts.
    seen: Vec<Stamp>,
    /// The vital that hurt.
    hurting: Option<String>,
    worst: Option<WorstAlert>,
}

/// Labels that say of which service an alert is.
const SERVICE: [&str; 3] = ["service", "app", "job"];

/// The worst alert group that fires, of equals one of what hurts, then the first, whatever a filter hides. What a silent
/// source showed last does not count.
pub(in crate::app) fn worst_alert(facts: Facts<'_>) -> Option<WorstAlert> {
    worst_known(facts).filter(|alert| alert.silent.is_none())
}

/// The worst alert group; when nothing that is heard fires, the worst that fired when its source was last heard.
pub(in crate::app) fn worst_known(facts: Facts<'_>) -> Option<WorstAlert> {
    match &facts.world.worst_alert {
        Some(known) if known.is_current(facts) => known.worst.clone(),
        _ => find_worst_alert(facts),
    }
}

/// Whether it was found in the alerts as they are.
pub(in crate::app) fn is_current(facts: Facts<'_>) -> bool {
    facts.world.worst_alert.as_ref().is_some_and(|known| known.is_current(facts))
}

/// Finds it once for all that ask, when the alerts, or what is heard of them, have changed.
pub(in crate::app) fn refresh(app: &mut App) {
    let facts = app.facts();
    let known = KnownWorst {
        seen: rows::alert_stamps(facts).collect(),
        hurting: vitals::hurting(facts).map(|(vital, _)| vital.title.clone()),
        worst: find_worst_alert(facts),
    };
    app.world.worst_alert = Some(known);
}

impl KnownWorst {
    fn is_current(&self, facts: Facts<'_>) -> bool {
        let hurting = vitals::hurting(facts).map(|(vital, _)| vital.title.as_str());
        self.hurting.as_deref() == hurting && rows::alert_stamps(facts).eq(self.seen.iter().copied())
    }
}

fn find_worst_alert(facts: Facts<'_>) -> Option<WorstAlert> {
    let panes = facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    let of_pane = |pane: &PlannedPane| {
        let id = pane.id;
        rows::known_alerts(facts, pane).map(move |shown| (id, shown))
    };
    let groups = panes.flat_map(of_pane);
    let firing = groups.filter(|(_, s)| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
    let mut hurts = WhatHurts::of(facts);
    let mut names = |s: &ShownGroup<'_>| s.group.alerts.iter().any(|alert| hurts.is_named_by(&alert.labels));
    let rank = |s: &ShownGroup<'_>| (s.silent_since.is_some(), s.group.severity);
    let mut best: Option<(PaneId, ShownGroup<'_>, bool)> = None;
    for (pane, shown) in firing {
        // Whether the vital speaks of a group is asked only where that decides.
        let named = match &best {
            Some((_, known, _)) if rank(known) < rank(&shown) => continue,
            Some((_, known, true)) if rank(known) == rank(&shown) && known.group.since <= shown.group.since => continue,
            _ => names(&shown),
        };
        let order = |s: &ShownGroup<'_>, named: bool| (rank(s), !named, s.group.since);
        if best.as_ref().is_none_or(|(_, known, is_named)| order(&shown, named) < order(known, *is_named)) {
            best = Some((pane, shown, named));
        }
    }
    let (pane, shown, _) = best?;
    let (title, severity) = (shown.group.title.to_string(), shown.group.severity);
    let silent = shown.silent_since.map(|at| (facts.session.source_name(shown.source), at));
    Some(WorstAlert { pane, key: shown.key(), title, severity, silent })
}

/// The vital out of range, asked of many alerts whether it speaks of their service: each service is looked for once.
pub(in crate::app) struct WhatHurts<'a> {
    vital: Option<&'a Vital>,
    known: HashMap<String, bool>,
}

impl<'a> WhatHurts<'a> {
    pub(in crate::app) fn of(facts: Facts<'a>) -> Self {
        Self { vital: vitals::hurting(facts).map(|(vital, _)| vital), known: HashMap::new() }
    }

    /// Whether an alert of these labels is of a service that the vital speaks of.
    pub(in crate::app) fn is_named_by(&mut self, labels: &Labels) -> bool {
        let Some(vital) = self.vital else { return false };
        let services = SERVICE.iter().filter_map(|name| labels.get(name)).filter(|service| service.len() > 1);
        services.into_iter().any(|service| {
            if let Some(known) = self.known.get(service) {
                return *known;
            }
            let is_named = names(&vital.title, service) || names(&vital.query, service);
            self.known.insert(service.to_owned(), is_named);
            is_named
        })
    }
}

/// The alert that pages someone, if one fires, or is not known to have ended: the worst one, when it is critical.
pub fn paging(facts: Facts<'_>) -> Option<WorstAlert> {
    worst_known(facts).filter(|alert| alert.severity == Severity::Critical)
}

/// Whether an alert that pages and is heard is of this service. In a storm nearly every service has one, which tells
/// nothing.
pub(in crate::app) fn pages_for(facts: Facts<'_>, service: &str) -> bool {
    if facts.world.storm_size().is_some() || paging(facts).is_none() {
        return false;
    }
    let panes = facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    let mut groups = panes.flat_map(|pane| rows::known_alerts(facts, pane));
    groups.any(|shown| {
        let group = shown.group;
        let pages = group.state == AlertState::Firing && group.severity == Severity::Critical;
        pages && shown.silent_since.is_none() && group.alerts.iter().any(|alert| is_of(&alert.labels, service))
    })
}

/// Whether an alert of these labels is of a service.
pub(in crate::app) fn is_of(labels: &Labels, service: &str) -> bool {
    SERVICE.iter().filter_map(|name| labels.get(name)).any(|known| known.eq_ignore_ascii_case(service))
}
