//! What can be seen and what can not: sources that answer, vitals, alerts. Calm is said only when all of them answer.

use jiff::Timestamp;

use super::{Advice, Step, memory, only, with};
use crate::{
    app::{App, VitalState, act::names, clock, rows::ShownGroup},
    config::{PaneKind, QueryId},
    incident::AlertTurn,
    signal::{AlertState, Freshness, Labels, Severity},
};

/// The worst alert group that fires.
#[derive(Clone, Debug, PartialEq)]
pub struct WorstAlert {
    /// The pane it is in.
    pub pane: usize,
    /// Its row there.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// How bad.
    pub severity: Severity,
    /// The source it was last heard from, and when, if that source is silent now: whether it still fires nobody knows.
    pub unheard: Option<(String, Timestamp)>,
}

impl WorstAlert {
    /// `A fires`, or `A fired when am was last heard, 42 s ago`.
    pub fn words(&self, now: Timestamp) -> String {
        self.words_with("fires", now)
    }

    /// The same with another word for what is so now.
    pub fn words_with(&self, fires: &str, now: Timestamp) -> String {
        match &self.unheard {
            None => format!("{} {fires}", self.title),
            Some((source, at)) => {
                let age = clock::age(clock::seconds_between(*at, now));
                format!("{} fired when {source} was last heard, {age} ago", self.title)
            }
        }
    }
}

/// The worst alert, and what it was found from.
#[derive(Clone, Debug)]
pub(in crate::app) struct Sight {
    seen: Seen,
    worst: Option<WorstAlert>,
}

/// The readings of all alert panes with how far they can be believed, and the vital that hurts.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    queries: Vec<(u64, Freshness, bool)>,
    hurting: Option<String>,
}

/// Labels that say of which service an alert is.
const SERVICE: [&str; 3] = ["service", "app", "job"];

/// Failures in a row after which a source is lost.
const LOST: u32 = 2;

/// Nothing hurts and nothing was noted: say so, and what is not known.
pub(super) fn calm(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    if app.alert_known().is_some()
        || app.hurting().is_some()
        || !board.observations.is_empty()
        || !board.hypotheses.is_empty()
    {
        return None;
    }
    if app.plan.queries.is_empty() {
        let text = "No sources yet: note the first symptom you see; `stanch init` writes a configuration.";
        return Some(with(text, Step::TypeSymptom));
    }
    if let Some(title) = unknown_vital(app) {
        let lost = asked(app).any(|(at, name)| {
            let asks = app.config.vitals.iter().any(|vital| vital.title == title && vital.source == name);
            asks && app.signals.source(at).is_some_and(|source| source.failures > 0)
        });
        let why = if lost { "its source does not answer" } else { "its query has no value now" };
        let text = format!("{title} is UNKNOWN: {why}. Look at it another way and note it.");
        return Some(with(text, Step::TypeSymptom));
    }
    let (up, all) = app.signals.answering(app.now);
    let lost = lost_sources(app);
    let answered = |at| app.signals.source(at).is_some_and(|source| source.answered.is_some());
    match (up, lost.is_empty()) {
        (0, true) if !asked(app).any(|(at, _)| answered(at)) => {
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
            let again = asked(app).any(|(at, _)| answered(at) && !app.signals.is_up(at, app.now));
            let has_not = if again { "does not answer just now" } else { "has not answered yet" };
            if up == 0 {
                return Some(only(format!("{} {has_not}.", down(app).join(", "))));
            }
            return Some(only(format!("{up} of {all} sources show nothing; {} {has_not}.", down(app).join(", "))));
        }
        _ => {}
    }
    let vitals = match app.config.vitals.as_slice() {
        [] => "there is no vital to tell",
        // Not asked yet, although its source answered something else.
        _ if (0..app.config.vitals.len()).any(|at| !matches!(app.vital(at), VitalState::Inside(_))) => {
            return Some(only("Nothing fires; the vitals have not been read yet."));
        }
        [_] => "the vital is in range",
        _ => "vitals are in range",
    };
    Some(only(format!("All is calm: nothing fires, {vitals}. `s` takes what you see.")))
}

/// Sources that failed or are silent, with how, by name.
fn lost_sources(app: &App) -> Vec<String> {
    let lost = asked(app).filter_map(|(at, name)| {
        let source = app.signals.source(at)?;
        let silent = app.signals.silent_since(at, app.now);
        let lost = silent.is_some() || source.failures >= LOST || (source.failures > 0 && source.answered.is_none());
        let age = silent.map(|at| format!(" for {}", clock::age(clock::seconds_between(at, app.now))));
        let why = source.fault.as_ref().map(|fault| format!(": {fault}")).or(age).unwrap_or_default();
        lost.then(|| format!("{name}{why}"))
    });
    lost.collect()
}

/// Sources that do not answer now, or have not yet.
fn down(app: &App) -> Vec<String> {
    asked(app).filter(|(at, _)| !app.signals.is_up(*at, app.now)).map(|(_, name)| name.to_owned()).collect()
}

fn asked(app: &App) -> impl Iterator<Item = (usize, &str)> {
    let is_asked = |at: usize| app.plan.queries.iter().any(|query| query.source.0 == at);
    app.config.sources.iter().enumerate().filter(move |(at, _)| is_asked(*at)).map(|(at, s)| (at, s.name.as_str()))
}

pub(super) fn unknown_vital(app: &App) -> Option<&str> {
    let unknown = |at: &usize| matches!(app.vital(*at), VitalState::Unknown(_)) && app.vital_was_asked(*at);
    (0..app.config.vitals.len()).find(unknown).map(|at| app.config.vitals[at].title.as_str())
}

/// Nothing that is heard hurts, and what would tell is silent: that comes before all that was heard last.
pub(super) fn nothing_is_heard(app: &App) -> Option<Advice> {
    let tells = |source: usize| {
        let name = app.config.sources.get(source).map(|source| &source.name);
        shows_alerts(app, source) || app.config.vitals.iter().any(|vital| Some(&vital.source) == name)
    };
    if app.hurting().is_some() || app.worst_alert().is_some() {
        return None;
    }
    silent(app, tells).and_then(|_| lost(app))
}

/// Sources were lost while it bleeds: what they showed is old. Said once for each loss.
pub(super) fn lost(app: &App) -> Option<Advice> {
    let (names, since) = silent(app, |_| true)?;
    let step = Step::Note(format!("{names} {since}"));
    if !memory::is_new(app, &step) {
        return None;
    }
    let age = clock::age(clock::seconds_between(since, app.now));
    let silent = asked(app).filter(|(at, _)| app.signals.silent_since(*at, app.now).is_some());
    let faults = silent.filter_map(|(at, _)| app.signals.source(at)?.fault.as_ref());
    let mut why: Vec<String> = faults.map(|fault| fault.short()).collect();
    why.sort();
    why.dedup();
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
    let old = app.alert_known().filter(|alert| alert.unheard.is_some());
    let then = old.map(|alert| format!("; {} fired then", alert.title)).unwrap_or_default();
    let text = format!("Nothing has been heard from {names} for {age}{why}{then}. Look another way and note it.");
    Some(with(text, step))
}

/// The sources that are silent, of those that matter, and since when all of them are.
pub(super) fn silent(app: &App, matters: impl Fn(usize) -> bool) -> Option<(String, Timestamp)> {
    let silent = asked(app).filter(|(at, _)| matters(*at));
    let silent = silent.filter_map(|(at, name)| Some((name, app.signals.silent_since(at, app.now)?)));
    let silent: Vec<(&str, Timestamp)> = silent.collect();
    let since = silent.iter().map(|(_, since)| *since).max()?;
    Some((silent.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "), since))
}

/// Whether a source is asked for alerts.
pub(super) fn shows_alerts(app: &App, source: usize) -> bool {
    let mut panes = app.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    panes.any(|pane| pane.queries.iter().any(|id| app.plan.query(*id).is_some_and(|q| q.source.0 == source)))
}

/// The first symptom: what fired first, else the vital itself.
pub(super) fn say_what_hurts(app: &App) -> Option<Advice> {
    let hurts = app.hurting().map(|(vital, value)| {
        let range = crate::app::vitals::range_in_words(vital);
        format!("{} {} (should be {range}). ", vital.title, vital.unit.format(value))
    });
    let alert = app.alert_known();
    let on_it = Step::Acknowledge;
    if app.incident.acknowledged.is_none() && (hurts.is_some() || alert.is_some()) && memory::is_new(app, &on_it) {
        let fires = || alert.as_ref().map(|alert| format!("{}. ", alert.words(app.now))).unwrap_or_default();
        let what = hurts.clone().unwrap_or_else(fires);
        return Some(with(format!("{what}Say that you are on it."), on_it));
    }
    if !app.incident.board.observations.is_empty() {
        let heard = alert.filter(|alert| alert.unheard.is_none());
        let page = heard.filter(|alert| alert.severity == Severity::Critical && is_unseen(app, alert))?;
        let text = format!("{}Take {} as a symptom, too.", hurts.unwrap_or_default(), page.title);
        return Some(with(text, Step::TakeAlert(page.pane, page.key)));
    }
    // A critical alert says more than a number; a number out of range more than any other alert.
    let vital = app.hurting().and_then(|(vital, _)| app.config.vitals.iter().position(|v| v == vital));
    let hurts = hurts.unwrap_or_default();
    match (alert, vital) {
        (Some(alert), vital) if alert.severity == Severity::Critical || vital.is_none() => {
            let text = match alert.unheard {
                None => format!("{hurts}Take {} as the first symptom.", alert.title),
                Some(_) => format!("{hurts}{}. Take it as the first symptom.", alert.words(app.now)),
            };
            Some(with(text, Step::TakeAlert(alert.pane, alert.key)))
        }
        (_, Some(vital)) => Some(with(format!("{hurts}Take it as the first symptom."), Step::TakeVital(vital))),
        (_, None) => Some(with("Note what is seen as the first symptom.", Step::TypeSymptom)),
    }
}

/// Whether an alert pages while a vital is out of range, and the board has only what alerts said before that: the first
/// symptom was a forerunner.
fn is_unseen(app: &App, alert: &WorstAlert) -> bool {
    let left = app.hurting().is_some().then(|| {
        let last = app.incident.vitals.values().filter_map(|vital| vital.crossings.last());
        last.filter(|crossing| !crossing.1).map(|crossing| crossing.0).min()
    });
    let Some(left) = left.flatten() else { return false };
    let board = &app.incident.board;
    board.hypotheses.is_empty()
        && board.observations.iter().all(|o| o.evidence.is_some() && o.when < left && !o.text.starts_with(&alert.title))
}

impl App {
    /// The worst alert group that fires, of equals one of what hurts, then the first, whatever a filter hides. What a silent
    /// source showed last does not count.
    pub fn worst_alert(&self) -> Option<WorstAlert> {
        self.alert_known().filter(|alert| alert.unheard.is_none())
    }

    /// The same; when nothing that is heard fires, the worst that fired when its source was last heard.
    pub fn alert_known(&self) -> Option<WorstAlert> {
        match &self.sight {
            Some(sight) if sight.seen == self.seen_of_alerts() => sight.worst.clone(),
            _ => self.find_worst_alert(),
        }
    }

    /// Finds it once for all that ask, when the alerts, or what is heard of them, have changed.
    pub(in crate::app) fn look(&mut self) {
        let seen = self.seen_of_alerts();
        if self.sight.as_ref().is_none_or(|sight| sight.seen != seen) {
            self.sight = Some(Sight { seen, worst: self.find_worst_alert() });
        }
    }

    /// What the worst alert follows from.
    fn seen_of_alerts(&self) -> Seen {
        let panes = self.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
        let of = |query: &QueryId| {
            let version = self.signals.slot(*query).map_or(0, |slot| slot.version);
            (version, self.signals.freshness(*query, self.now), self.signals.is_heard(*query, self.now))
        };
        let queries = panes.flat_map(|pane| &pane.queries).map(of).collect();
        Seen { queries, hurting: self.hurting().map(|(vital, _)| vital.title.clone()) }
    }

    fn find_worst_alert(&self) -> Option<WorstAlert> {
        let panes = self.plan.panes.iter().enumerate().filter(|(_, pane)| pane.pane.kind == PaneKind::Alerts);
        let groups = panes.flat_map(|(at, pane)| self.known_alerts(pane).into_iter().map(move |shown| (at, shown)));
        let firing = groups.filter(|(_, s)| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
        let order = |(_, s): &(usize, ShownGroup<'_>)| {
            let names = s.group.alerts.iter().any(|alert| self.names_what_hurts(&alert.labels));
            (s.unheard.is_some(), s.group.severity, !names, s.group.since)
        };
        let (pane, shown) = firing.min_by_key(order)?;
        let (title, severity) = (shown.group.title.to_string(), shown.group.severity);
        let source = self.config.sources.get(shown.source).map(|source| source.name.clone()).unwrap_or_default();
        let unheard = shown.unheard.map(|at| (source, at));
        Some(WorstAlert { pane, key: shown.key(), title, severity, unheard })
    }

    /// Whether an alert is of a service that a vital out of range speaks of.
    pub(in crate::app) fn names_what_hurts(&self, labels: &Labels) -> bool {
        let Some((vital, _)) = self.hurting() else { return false };
        let services = SERVICE.iter().filter_map(|name| labels.get(name)).filter(|service| service.len() > 1);
        services.into_iter().any(|service| names(&vital.title, service) || names(&vital.query, service))
    }

    /// The alert that pages someone, if one fires, or is not known to have ended: the worst one, when it is critical.
    pub fn paging(&self) -> Option<WorstAlert> {
        self.alert_known().filter(|alert| alert.severity == Severity::Critical)
    }

    /// Whether a vital's query has come back at all; before that it is not yet unknown, just not yet asked.
    pub fn vital_was_asked(&self, at: usize) -> bool {
        let slot = self.plan.vitals.get(at).and_then(|query| self.signals.slot(*query));
        slot.is_some_and(|slot| slot.good.is_some() || slot.fault.is_some())
    }

    /// The alert group that was the first to fire, as far as the journal says.
    pub fn first_to_fire(&self) -> Option<&crate::incident::AlertRecord> {
        let seen = |record: &&crate::incident::AlertRecord| {
            let fires = [AlertTurn::Fired, AlertTurn::FiringWhenOpened, AlertTurn::Unmuted];
            record.turns.iter().any(|turn| fires.contains(&turn.1))
        };
        self.incident.alerts.iter().filter(seen).find(|record| record.first)
    }
}
