//! What to begin with: say that somebody is on it, then take the symptom that is closest to the cause, else the vital itself.

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

/// With so many symptoms it is time for hypotheses.
const ENOUGH: usize = 3;

/// The first symptom: what is closest to the cause of all that pages, else the vital itself.
pub(super) fn say_what_hurts(case: Case<'_>) -> Option<Advice> {
    let hurts = hurts(case.facts);
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
        return has_forerunners_only(case.facts).then(|| another(case)).flatten();
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

/// What else pages, when no change is there to go back from: hypotheses are told apart by what is seen.
pub(super) fn see_more(case: Case<'_>) -> Option<Advice> {
    let begun = !case.facts.incident.board.observations.is_empty();
    (begun && wants_alert(case)).then(|| another(case)).flatten()
}

fn another(case: Case<'_>) -> Option<Advice> {
    // Of a storm symptoms are made by folding; one more alert of dozens tells nothing.
    if case.facts.world.storm_size().is_some() {
        return None;
    }
    let heard = closest_alert::closest_alert(case.facts).filter(|alert| alert.silent.is_none());
    let page = heard.filter(|alert| alert.severity == Severity::Critical && is_unseen(case.facts, alert))?;
    let text = format!("{}Take {} as a symptom, too.", hurts(case.facts).unwrap_or_default(), page.title);
    Some(with(text, Step::TakeAlert(page.pane, page.key)))
}

fn hurts(facts: Facts<'_>) -> Option<String> {
    let (vital, value) = vitals::hurting(facts)?;
    Some(format!("{} {} (should be {}). ", vital.title, vital.format(value), vitals::range_in_words(vital)))
}

/// Whether an alert may be worth taking: once somebody is on it, until there is enough to make hypotheses of.
pub(in crate::app) fn wants_alert(case: Case<'_>) -> bool {
    let (incident, board) = (case.facts.incident, &case.facts.incident.board);
    let on_it = incident.acknowledged.is_some() || !dismissed::is_new(case, &Step::Acknowledge);
    let says_little = || board.observations.len() < ENOUGH || has_forerunners_only(case.facts);
    on_it && (board.observations.is_empty() || board.hypotheses.is_empty() && says_little())
}

/// Whether a vital is out of range, and the board has only what alerts said before that. Who came after it had left its
/// range has chosen among all that pages: one of those is enough.
fn has_forerunners_only(facts: Facts<'_>) -> bool {
    let left = vitals::hurting(facts).is_some().then(|| {
        let last = facts.incident.vitals.values().filter_map(|vital| vital.crossings.last());
        last.filter(|crossing| !crossing.inside).map(|crossing| crossing.at).min()
    });
    let Some(left) = left.flatten() else { return false };
    let board = &facts.incident.board;
    let pages = |origin: &str| {
        facts.incident.alerts.iter().any(|alert| alert.severity == Severity::Critical && alert.title == origin)
    };
    let is_chosen = |column: &Observation| column.origin.as_deref().is_some_and(pages);
    if facts.incident.acknowledged.as_ref().is_some_and(|(at, _)| *at >= left)
        && board.observations.iter().any(is_chosen)
    {
        return false;
    }
    let is_before = |column: &Observation| column.evidence.is_some() && column.when < left;
    board.hypotheses.is_empty() && board.observations.iter().all(is_before)
}

/// Whether no symptom says what an alert says: by its origin, or as its first words.
fn is_unseen(facts: Facts<'_>, alert: &WorstAlert) -> bool {
    facts.incident.board.observations.iter().all(|symptom| !says(symptom, &alert.title))
}

/// `DiskFull` is said by `DiskFull on orders`, not by `DiskFullSoon`.
pub(in crate::app) fn says(symptom: &Observation, title: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    symptom.origin.as_deref() == Some(title) || symptom.text.strip_prefix(title).is_some_and(|rest| !goes_on(rest))
}
