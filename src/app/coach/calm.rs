//! What can be seen and what can not: sources that answer, vitals, alerts. Calm is said only when all of them answer.

use jiff::Timestamp;

use crate::{
    app::{
        VitalState,
        coach::{Advice, Case, Step, dismissed, only, with},
        world::{
            bleeding, transitions, vitals,
            worst_alert::{self, WorstAlert},
        },
    },
    base::human_time,
    config::{PaneKind, SourceId},
    incident::AlertRecord,
    signal::{Fault, Health, Severity},
};

/// Nothing hurts and nothing was noted: say so, and what is not known.
pub(super) fn calm(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    if worst_alert::worst_known(case.facts).is_some()
        || vitals::hurting(case.facts).is_some()
        || !board.observations.is_empty()
        || !board.hypotheses.is_empty()
    {
        return None;
    }
    if case.facts.world.plan.queries().next().is_none() {
        let text = "No sources yet: note the first symptom you see; `stanch init` writes a configuration.";
        return Some(with(text, Step::TypeSymptom));
    }
    if let Some(title) = unknown_vital(case) {
        let fails = asked(case).any(|(_, name, health)| {
            let asks =
                case.facts.session.config.vitals.iter().any(|vital| vital.title == title && vital.source == name);
            asks && health.failures() > 0
        });
        let why = if fails { "its source does not answer" } else { "its query has no value now" };
        let text = format!("{title} is UNKNOWN: {why}. Look at it another way and note it.");
        return Some(with(text, Step::TypeSymptom));
    }
    let (up, all) = case.facts.world.signals.answering(case.facts.session.now);
    let lost = lost_sources(case);
    // Where none is lost, one that has never answered has not failed either.
    let is_new = |(_, _, health): (SourceId, &str, Health)| matches!(health, Health::Never { .. });
    match (up, lost.is_empty()) {
        (0, true) if asked(case).all(is_new) => {
            return Some(only("Waiting for the first answers from the sources."));
        }
        (0, false) => {
            let text =
                format!("No source answers ({}): nothing is known. Look another way and note it.", lost.join(", "));
            return Some(with(text, Step::TypeSymptom));
        }
        (_, false) => {
            let text = format!(
                "{} does not answer; the other {up} of {all} sources show nothing. Look at it another way.",
                lost.join(", ")
            );
            return Some(with(text, Step::TypeSymptom));
        }
        (up, true) if up < all => {
            let again = asked(case).any(|(_, _, health)| matches!(health, Health::Shaky { .. }));
            let has_not = if again { "does not answer just now" } else { "has not answered yet" };
            if up == 0 {
                return Some(only(format!("{} {has_not}.", not_live(case).join(", "))));
            }
            return Some(only(format!("{up} of {all} sources show nothing; {} {has_not}.", not_live(case).join(", "))));
        }
        _ => {}
    }
    if let Some(advice) = stopped(case).or_else(|| comes_and_goes(case)) {
        return Some(advice);
    }
    let vitals = match case.facts.session.config.vitals.as_slice() {
        [] => "there is no vital to tell",
        // Not asked yet, although its source answered something else.
        _ if (0..case.facts.session.config.vitals.len())
            .any(|at| !matches!(vitals::vital(case.facts, at), VitalState::Inside(_))) =>
        {
            return Some(only("Nothing fires; the vitals have not been read yet."));
        }
        [_] => "the vital is in range",
        _ => "vitals are in range",
    };
    // What the header says above it must not be denied.
    if bleeding::bleeding_since(case.facts).is_some() {
        return Some(only(format!("Nothing fires now, {vitals}: watch whether it stays so. `s` takes what you see.")));
    }
    Some(only(format!("All is calm: nothing fires, {vitals}. `s` takes what you see.")))
}

/// An alert that fires on purpose, all the time, is missing although its source answers.
fn stopped(case: Case<'_>) -> Option<Advice> {
    let missing =
        case.facts.incident.watchdogs.iter().filter(|known| case.facts.session.source_of(&known.source).is_some());
    let (since, known) = missing.filter_map(|known| Some((known.missing?, known))).min_by_key(|(since, _)| *since)?;
    let age = human_time::age(human_time::seconds_between(since, case.facts.session.now));
    let text = format!(
        "{}, which always fires, has been missing at {} for {age}: alerting may be dead. Look another way.",
        known.title, known.source
    );
    Some(with(text, Step::TypeSymptom))
}

/// An alert that fires as far as the journal knows is not in the newest answer: it may come back with the next one.
fn comes_and_goes(case: Case<'_>) -> Option<Advice> {
    let AlertRecord { title, source, .. } = transitions::missing_for_now(case.facts)?;
    Some(only(format!(
        "{title} is not in the newest answer of {source}, and may come back: wait before you call it over."
    )))
}

/// Sources that are lost, with why, by name.
fn lost_sources(case: Case<'_>) -> Vec<String> {
    let lost = asked(case).filter(|(.., health)| health.is_lost());
    let said = lost.map(|(id, name, health)| {
        let age = |at| format!(" for {}", human_time::age(human_time::seconds_between(at, case.facts.session.now)));
        let fault = fault_of(case, id).map(|fault| format!(": {fault}"));
        let why = fault.or_else(|| health.silent_since().map(age)).unwrap_or_default();
        format!("{name}{why}")
    });
    said.collect()
}

/// What the newest poll of a source failed with.
fn fault_of(case: Case<'_>, source: SourceId) -> Option<&Fault> {
    case.facts.world.signals.source(source)?.failures.fault.as_ref()
}

/// Sources that do not answer now, or have not yet.
fn not_live(case: Case<'_>) -> Vec<String> {
    let not_live = asked(case).filter(|(.., health)| *health != Health::Live);
    not_live.map(|(_, name, _)| name.to_owned()).collect()
}

/// The sources that are asked anything, by name, with what they are now.
fn asked(case: Case<'_>) -> impl Iterator<Item = (SourceId, &str, Health)> {
    let healths = case.facts.world.signals.healths(case.facts.session.now);
    healths.filter_map(move |(id, health)| Some((id, case.facts.session.config.source(id)?.name.as_str(), health)))
}

pub(super) fn unknown_vital(case: Case<'_>) -> Option<&str> {
    let unknown = |at: &usize| {
        matches!(vitals::vital(case.facts, *at), VitalState::Unknown(_)) && vitals::vital_was_asked(case.facts, *at)
    };
    (0..case.facts.session.config.vitals.len())
        .find(unknown)
        .map(|at| case.facts.session.config.vitals[at].title.as_str())
}

/// Nothing that is heard hurts, and what would tell is silent: that comes before all that was heard last.
pub(super) fn nothing_is_heard(case: Case<'_>) -> Option<Advice> {
    let tells = |source: SourceId| {
        let name = case.facts.session.config.source(source).map(|source| &source.name);
        shows_alerts(case, source) || case.facts.session.config.vitals.iter().any(|vital| Some(&vital.source) == name)
    };
    if vitals::hurting(case.facts).is_some() || worst_alert::worst_alert(case.facts).is_some() {
        return None;
    }
    silent(case, tells).and_then(|_| lost(case))
}

/// Sources were lost while it bleeds: what they showed is old. Said once for each loss.
pub(super) fn lost(case: Case<'_>) -> Option<Advice> {
    let (names, since) = silent(case, |_| true)?;
    let step = Step::Note(format!("{names} {since}"));
    if !dismissed::is_new(case, &step) {
        return None;
    }
    let age = human_time::age(human_time::seconds_between(since, case.facts.session.now));
    let silent = asked(case).filter(|(.., health)| health.silent_since().is_some());
    let faults = silent.filter_map(|(id, ..)| fault_of(case, id));
    let mut why: Vec<String> = faults.map(|fault| fault.short()).collect();
    why.sort();
    why.dedup();
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
    let old = worst_alert::worst_known(case.facts).filter(|alert| alert.silent.is_some());
    let then = old.map(|alert| format!("; {} fired then", alert.title)).unwrap_or_default();
    let text = format!("Nothing has been heard from {names} for {age}{why}{then}. Look another way and note it.");
    Some(with(text, step))
}

/// The sources that are silent, of those that matter, and since when all of them are.
pub(super) fn silent(case: Case<'_>, matters: impl Fn(SourceId) -> bool) -> Option<(String, Timestamp)> {
    let silent = asked(case).filter(|(id, ..)| matters(*id));
    let silent: Vec<(&str, Timestamp)> =
        silent.filter_map(|(_, name, health)| Some((name, health.silent_since()?))).collect();
    let since = silent.iter().map(|(_, since)| *since).max()?;
    Some((silent.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "), since))
}

/// Whether a source is asked for alerts.
pub(super) fn shows_alerts(case: Case<'_>, source: SourceId) -> bool {
    let mut panes = case.facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    panes.any(|pane| pane.queries.iter().any(|id| case.facts.world.plan.query(*id).is_some_and(|q| q.source == source)))
}

/// The first symptom: what fired first, else the vital itself.
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
