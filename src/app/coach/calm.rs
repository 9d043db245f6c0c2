//! What can be seen and what can not: sources that answer, vitals, alerts. Calm is said only when all of them answer.

use jiff::Timestamp;

use crate::{
    app::{
        Action, VitalState,
        coach::{Advice, Case, Step, dismissed, only, with},
        world::{bleeding, transitions, vitals, worst_alert},
    },
    base::{human_time, text},
    config::{PaneKind, SourceId},
    incident::AlertRecord,
    signal::{Fault, Freshness, Health},
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
        let name = case.facts.session.config.file.as_ref().and_then(|file| file.file_name());
        // Whoever has a file is not sent to write one.
        let then = match name.map(|name| text::line(&name.to_string_lossy()).into_owned()) {
            Some(name) => format!("{name} needs a [[source]] at least"),
            None => "`stanch init` writes a configuration".to_owned(),
        };
        let text = format!("No sources yet: note the first symptom you see; {then}.");
        return Some(with(text, Step::TypeSymptom));
    }
    if let Some((at, title)) = unknown(case) {
        let text = format!("{title} is UNKNOWN: {}. Look at it another way and note it.", why_unknown(case, at));
        return Some(with(text, Step::TypeSymptom));
    }
    let (up, all) = case.facts.world.signals.answering(case.facts.session.now);
    let (names, lost) = (lost_sources(case), why_lost(case).join("; "));
    // Where none is lost, one that has never answered has not failed either.
    let is_new = |(_, _, health): (SourceId, &str, Health)| matches!(health, Health::Never { .. });
    match (up, names.is_empty()) {
        (0, true) if asked(case).all(is_new) => {
            return Some(only("Waiting for the first answers from the sources."));
        }
        (0, false) => {
            let text = format!("No source answers ({lost}): nothing is known. Look another way and note it.");
            return Some(with(text, Step::TypeSymptom));
        }
        (_, false) => {
            let text = format!(
                "{} {} not answer ({lost}); the other {up} of {all} sources {} nothing wrong. Look at it another way.",
                text::listed(&names),
                if names.len() == 1 { "does" } else { "do" },
                if up == 1 { "shows" } else { "show" },
            );
            return Some(with(text, Step::TypeSymptom));
        }
        (up, true) if up < all => {
            let again = asked(case).any(|(_, _, health)| matches!(health, Health::Shaky { .. }));
            let names = not_live(case);
            let has_not = match (again, names.len()) {
                (true, 1) => "does not answer just now",
                (true, _) => "do not answer just now",
                (false, 1) => "has not answered yet",
                (false, _) => "have not answered yet",
            };
            let names = text::listed(&names);
            if up == 0 {
                return Some(only(format!("{names} {has_not}.")));
            }
            let show = if up == 1 { "shows" } else { "show" };
            return Some(only(format!("{up} of {all} sources {show} nothing wrong; {names} {has_not}.")));
        }
        _ => {}
    }
    if let Some(advice) = stopped(case).or_else(|| comes_and_goes(case)) {
        return Some(advice);
    }
    let all = case.facts.session.config.vitals.as_slice();
    if let Some(at) = (0..all.len()).find(|at| vitals::is_partial(case.facts, *at)) {
        let title = &all[at].title;
        return Some(only(format!(
            "Nothing fires, but {title} is from a partial answer: not all of its source answers."
        )));
    }
    let vitals = match all {
        [] => "there is no vital to tell",
        // Not asked yet, although its source answered something else.
        _ if (0..all.len()).any(|at| !matches!(vitals::vital(case.facts, at), VitalState::Inside(_))) => {
            return Some(only("Nothing fires; the vitals have not been read yet."));
        }
        [_] => "the vital is in range",
        _ => "vitals are in range",
    };
    let take = case.facts.session.keymap.quoted(Action::TakeSymptom);
    // What the header says above it must not be denied.
    if bleeding::bleeding_since(case.facts).is_some() {
        return Some(only(format!(
            "Nothing fires now, {vitals}: watch whether it stays so. {take} takes what you see."
        )));
    }
    Some(only(format!("All is calm: nothing fires, {vitals}. {take} takes what you see.")))
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

/// Sources that are lost, by name.
fn lost_sources(case: Case<'_>) -> Vec<&str> {
    asked(case).filter(|(.., health)| health.is_lost()).map(|(_, name, _)| name).collect()
}

/// What each source that is lost failed with, or for how long it has been silent; with its name where there are several.
fn why_lost(case: Case<'_>) -> Vec<String> {
    let lost: Vec<_> = asked(case).filter(|(.., health)| health.is_lost()).collect();
    let said = lost.iter().filter_map(|(id, name, health)| {
        let age = |at| format!("for {}", human_time::age(human_time::seconds_between(at, case.facts.session.now)));
        let fault = fault_of(case, *id).map(ToString::to_string);
        let why = fault.or_else(|| health.silent_since().map(age));
        match (why, lost.len()) {
            (why, 1) => why,
            (Some(why), _) => Some(format!("{name}: {why}")),
            (None, _) => Some((*name).to_owned()),
        }
    });
    said.collect()
}

/// Why a vital is not known. A source that does not even fail has sent nothing new either.
fn why_unknown(case: Case<'_>, at: usize) -> String {
    let world = &case.facts.world;
    let query = world.plan.vitals.get(at).copied();
    let slot = query.and_then(|query| world.signals.slot(query));
    let source = case.facts.session.config.vitals.get(at).map(|vital| vital.source.as_str());
    let is_silent = asked(case)
        .any(|(_, name, health)| Some(name) == source && (health.failures() > 0 || health.silent_since().is_some()));
    let is_live = |query| world.signals.freshness(query, case.facts.session.now) == Freshness::Live;
    match slot.and_then(|slot| slot.fault()) {
        Some(fault) if fault.kind.is_about_query() => format!("its query fails ({fault})"),
        Some(fault) if !fault.kind.is_silence() => format!("its source fails ({})", fault.short()),
        None if !is_silent && query.is_some_and(is_live) => "its query has no value now".to_owned(),
        None if !is_silent => "its query is not answered".to_owned(),
        Some(_) | None => "its source does not answer".to_owned(),
    }
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
    unknown(case).map(|(_, title)| title)
}

/// The first vital that is not known although it was asked for, with its place.
fn unknown(case: Case<'_>) -> Option<(usize, &str)> {
    let unknown = |at: &usize| {
        matches!(vitals::vital(case.facts, *at), VitalState::Unknown(_)) && vitals::vital_was_asked(case.facts, *at)
    };
    let vitals = &case.facts.session.config.vitals;
    (0..vitals.len()).find(unknown).map(|at| (at, vitals[at].title.as_str()))
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
    Some((text::listed(&silent.iter().map(|(name, _)| *name).collect::<Vec<_>>()), since))
}

/// Whether a source is asked for alerts.
pub(super) fn shows_alerts(case: Case<'_>, source: SourceId) -> bool {
    let mut panes = case.facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    panes.any(|pane| pane.queries.iter().any(|id| case.facts.world.plan.query(*id).is_some_and(|q| q.source == source)))
}
