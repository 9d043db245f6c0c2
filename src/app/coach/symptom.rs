//! Which symptom to take: of all that fires the alert that is closest to the cause, by its service and by its start.
//!
//! An alert of what a vital measures says what the vital says. What began before it, or is of a service that was just
//! changed, says more.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::{
    app::{
        Facts,
        coach::{Advice, Case, Step, dismissed, with},
        world::{
            rows::{self, ShownGroup},
            vitals,
            worst_alert::{self, WhatHurts, WorstAlert},
        },
    },
    config::PaneKind,
    dashboard::PaneId,
    incident::ObservationState,
    signal::{AlertState, Severity},
};

/// Rules wait for different times before they fire: what began within this of each other began together, in seconds.
const TOGETHER: i64 = 120;
/// What began so long before the onset, in seconds, speaks of something else.
const OLD_NEWS: i64 = 900;
/// A change this long before the onset, at the most, may be behind what hurts, in seconds.
const SHORTLY: i64 = 3600;

/// The first symptom: what is closest to the cause of all that pages, else the vital itself.
pub(super) fn say_what_hurts(case: Case<'_>) -> Option<Advice> {
    let hurts = vitals::hurting(case.facts).map(|(vital, value)| {
        let range = vitals::range_in_words(vital);
        format!("{} {} (should be {range}). ", vital.title, vital.unit.format(value))
    });
    let alert = worst_alert::worst_known(case.facts);
    let on_it = Step::Acknowledge;
    if case.facts.incident.acknowledged.is_none()
        && (hurts.is_some() || alert.is_some())
        && dismissed::is_new(case, &on_it)
    {
        let fires =
            || alert.as_ref().map(|alert| format!("{}. ", alert.words(case.facts.session.now))).unwrap_or_default();
        let what = hurts.clone().unwrap_or_else(fires);
        return Some(with(format!("{what}Say that you are on it."), on_it));
    }
    let alert = closest(case.facts);
    if !case.facts.incident.board.observations.is_empty() {
        let heard = alert.filter(|alert| alert.silent.is_none());
        let page = heard.filter(|alert| alert.severity == Severity::Critical && is_unseen(case, alert))?;
        let text = format!("{}Take {} as a symptom, too.", hurts.unwrap_or_default(), page.title);
        return Some(with(text, Step::TakeAlert(page.pane, page.key)));
    }
    // A critical alert says more than a number; a number out of range more than any other alert.
    let vital = vitals::hurting(case.facts)
        .and_then(|(vital, _)| case.facts.session.config.vitals.iter().position(|v| v == vital));
    let hurts = hurts.unwrap_or_default();
    match (alert, vital) {
        (Some(alert), vital) if alert.severity == Severity::Critical || vital.is_none() => {
            let text = match alert.silent {
                None => format!("{hurts}Take {} as the first symptom.", alert.title),
                Some(_) => format!("{hurts}{}. Take it as the first symptom.", alert.words(case.facts.session.now)),
            };
            Some(with(text, Step::TakeAlert(alert.pane, alert.key)))
        }
        (_, Some(vital)) => Some(with(format!("{hurts}Take it as the first symptom."), Step::TakeVital(vital))),
        (_, None) => Some(with("Note what is seen as the first symptom.", Step::TypeSymptom)),
    }
}

/// The alert to take: the worst, of equals the closest to the cause; never one that the board has, alone or folded.
fn closest(facts: Facts<'_>) -> Option<WorstAlert> {
    let onset = facts.incident.onset();
    let changed = changed_services(facts, onset);
    let mut hurts = WhatHurts::of(facts);
    let panes = facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    let groups = panes.flat_map(|pane| rows::known_alerts(facts, pane).into_iter().map(|shown| (pane.id, shown)));
    let firing = groups.filter(|(_, s)| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
    let closeness = |(_, shown): &(PaneId, ShownGroup<'_>)| {
        let group = shown.group;
        let is_old = onset.is_some_and(|onset| onset.duration_since(group.since).as_secs() > OLD_NEWS);
        let restates = group.alerts.iter().any(|alert| hurts.is_named_by(&alert.labels));
        let is_changed = group.alerts.iter().any(|a| changed.iter().any(|c| worst_alert::is_of(&a.labels, c)));
        let later = (i64::from(restates) - i64::from(is_changed)) * TOGETHER;
        let counts_from = group.since.saturating_add(SignedDuration::from_secs(later)).unwrap_or(group.since);
        (shown.silent_since.is_some(), group.severity, is_old, counts_from, Reverse(group.labels.len()))
    };
    let (pane, shown) = firing.filter(|(_, shown)| !is_on_board(facts, shown)).min_by_key(closeness)?;
    let silent = shown.silent_since.map(|at| (facts.session.source_name(shown.source), at));
    let (title, severity) = (shown.group.title.to_string(), shown.group.severity);
    Some(WorstAlert { pane, key: shown.key(), title, severity, silent })
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

/// Whether an alert pages while a vital is out of range, and the board has only what alerts said before that: the first
/// symptom was a forerunner.
fn is_unseen(case: Case<'_>, alert: &WorstAlert) -> bool {
    let left = vitals::hurting(case.facts).is_some().then(|| {
        let last = case.facts.incident.vitals.values().filter_map(|vital| vital.crossings.last());
        last.filter(|crossing| !crossing.inside).map(|crossing| crossing.at).min()
    });
    let Some(left) = left.flatten() else { return false };
    let board = &case.facts.incident.board;
    board.hypotheses.is_empty()
        && board.observations.iter().all(|o| o.evidence.is_some() && o.when < left && !o.text.starts_with(&alert.title))
}
