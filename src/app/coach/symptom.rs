//! Which symptom to take: the alert that is closest to the cause, else the vital itself.

use crate::{
    app::{
        Facts,
        coach::{Advice, Case, Step, dismissed, with},
        world::{
            closest_alert, vitals,
            worst_alert::{self, WorstAlert},
        },
    },
    incident::board::Observation,
    signal::Severity,
};

/// The first symptom: what is closest to the cause of all that pages, else the vital itself.
pub(super) fn say_what_hurts(case: Case<'_>) -> Option<Advice> {
    let hurts = vitals::hurting(case.facts).map(|(vital, value)| {
        let range = vitals::range_in_words(vital);
        format!("{} {} (should be {range}). ", vital.title, vital.format(value))
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
    if !wants_alert(case) {
        return None;
    }
    let alert = closest_alert::closest_alert(case.facts);
    if !case.facts.incident.board.observations.is_empty() {
        let heard = alert.filter(|alert| alert.silent.is_none());
        let page = heard.filter(|alert| alert.severity == Severity::Critical && is_unseen(case.facts, alert))?;
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

/// Whether an alert may be worth taking: once somebody is on it, as the first symptom, or because all there is was a
/// forerunner.
pub(in crate::app) fn wants_alert(case: Case<'_>) -> bool {
    let incident = case.facts.incident;
    let on_it = incident.acknowledged.is_some() || !dismissed::is_new(case, &Step::Acknowledge);
    let says_little = || has_forerunners_only(case.facts) || has_vitals_only(case.facts);
    on_it && (incident.board.observations.is_empty() || says_little())
}

/// Whether the board says that users are hurt, and nothing of where.
fn has_vitals_only(facts: Facts<'_>) -> bool {
    let board = &facts.incident.board;
    let vitals = &facts.session.config.vitals;
    let is_vital =
        |column: &Observation| column.origin.as_ref().is_some_and(|of| vitals.iter().any(|vital| vital.title == *of));
    board.hypotheses.is_empty() && board.observations.iter().all(is_vital)
}

/// Whether a vital is out of range, and the board has only what alerts said before that.
fn has_forerunners_only(facts: Facts<'_>) -> bool {
    let left = vitals::hurting(facts).is_some().then(|| {
        let last = facts.incident.vitals.values().filter_map(|vital| vital.crossings.last());
        last.filter(|crossing| !crossing.inside).map(|crossing| crossing.at).min()
    });
    let Some(left) = left.flatten() else { return false };
    let board = &facts.incident.board;
    board.hypotheses.is_empty() && board.observations.iter().all(|o| o.evidence.is_some() && o.when < left)
}

/// Whether no symptom says what an alert says.
fn is_unseen(facts: Facts<'_>, alert: &WorstAlert) -> bool {
    facts.incident.board.observations.iter().all(|o| !o.text.starts_with(&alert.title))
}
