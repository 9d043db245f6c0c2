//! What can be seen and what can not: sources that answer, vitals, alerts. Calm is said only when all of them answer.

use super::{Advice, Step, memory, only, with};
use crate::{
    app::{App, VitalState, act::names, clock, rows::ShownGroup},
    config::PaneKind,
    incident::AlertTurn,
    signal::{AlertState, Labels, Severity},
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
}

/// Labels that say of which service an alert is.
const SERVICE: [&str; 3] = ["service", "app", "job"];

/// Failures in a row after which a source is lost.
const LOST: u32 = 2;

/// Nothing hurts and nothing was noted: say so, and what is not known.
pub(super) fn calm(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    if app.worst_alert().is_some()
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
    let (up, all) = app.signals.answering();
    let lost = lost_sources(app);
    match (up, lost.is_empty()) {
        (0, true) => return Some(only("Waiting for the first answers from the sources.")),
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
            return Some(only(format!(
                "{up} of {all} sources show nothing; {} has not answered yet.",
                silent(app).join(", ")
            )));
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

/// Sources that failed, with how, by name.
fn lost_sources(app: &App) -> Vec<String> {
    asked(app)
        .filter_map(|(at, name)| {
            let source =
                app.signals.source(at).filter(|s| s.failures >= LOST || (s.failures > 0 && s.answered.is_none()))?;
            let why = source.fault.as_ref().map(|fault| format!(": {fault}")).unwrap_or_default();
            Some(format!("{name}{why}"))
        })
        .collect()
}

/// Sources that have neither answered nor failed.
fn silent(app: &App) -> Vec<String> {
    let is_silent = |at: usize| app.signals.source(at).is_none_or(|source| !source.is_up());
    asked(app).filter(|(at, _)| is_silent(*at)).map(|(_, name)| name.to_owned()).collect()
}

fn asked(app: &App) -> impl Iterator<Item = (usize, &str)> {
    let is_asked = |at: usize| app.plan.queries.iter().any(|query| query.source == at);
    app.config.sources.iter().enumerate().filter(move |(at, _)| is_asked(*at)).map(|(at, s)| (at, s.name.as_str()))
}

pub(super) fn unknown_vital(app: &App) -> Option<&str> {
    let unknown = |at: &usize| matches!(app.vital(*at), VitalState::Unknown(_)) && app.vital_was_asked(*at);
    (0..app.config.vitals.len()).find(unknown).map(|at| app.config.vitals[at].title.as_str())
}

/// A source was lost while it bleeds: what it showed is old. Said once for each loss.
pub(super) fn lost(app: &App) -> Option<Advice> {
    asked(app).find_map(|(at, name)| {
        let source = app.signals.source(at).filter(|source| source.failures >= LOST)?;
        let since = source.failing_since?;
        let step = Step::Note(format!("{name} {since}"));
        if !memory::is_new(app, &step) {
            return None;
        }
        let age = clock::age(clock::seconds_between(since, app.now));
        Some(with(format!("{name} is lost since {age}: what it showed is old. Look another way and note it."), step))
    })
}

/// The first symptom: what fired first, else the vital itself.
pub(super) fn say_what_hurts(app: &App) -> Option<Advice> {
    let hurts = app.hurting().map(|(vital, value)| {
        let range = crate::app::vitals::range_in_words(vital);
        format!("{} {} (should be {range}). ", vital.title, vital.unit.format(value))
    });
    let alert = app.worst_alert();
    let on_it = Step::Acknowledge;
    if app.incident.acknowledged.is_none() && (hurts.is_some() || alert.is_some()) && memory::is_new(app, &on_it) {
        let fires = || alert.as_ref().map(|alert| format!("{} fires. ", alert.title)).unwrap_or_default();
        let what = hurts.clone().unwrap_or_else(fires);
        return Some(with(format!("{what}Say that you are on it."), on_it));
    }
    if !app.incident.board.observations.is_empty() {
        let page = alert.filter(|alert| alert.severity == Severity::Critical && is_unseen(app, alert))?;
        let text = format!("{}Take {} as a symptom, too.", hurts.unwrap_or_default(), page.title);
        return Some(with(text, Step::TakeAlert(page.pane, page.key)));
    }
    // A critical alert says more than a number; a number out of range more than any other alert.
    let vital = app.hurting().and_then(|(vital, _)| app.config.vitals.iter().position(|v| v == vital));
    let hurts = hurts.unwrap_or_default();
    match (alert, vital) {
        (Some(alert), vital) if alert.severity == Severity::Critical || vital.is_none() => {
            let text = format!("{hurts}Take {} as the first symptom.", alert.title);
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
    /// The worst alert group that fires, of equals one of what hurts, then the first, whatever a filter hides.
    pub fn worst_alert(&self) -> Option<WorstAlert> {
        let panes = self.plan.panes.iter().enumerate().filter(|(_, pane)| pane.pane.kind == PaneKind::Alerts);
        let groups = panes.flat_map(|(at, pane)| self.known_alerts(pane).into_iter().map(move |shown| (at, shown)));
        let firing = groups.filter(|(_, s)| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
        let order = |(_, s): &(usize, ShownGroup<'_>)| {
            let names = s.group.alerts.iter().any(|alert| self.names_what_hurts(&alert.labels));
            (s.group.severity, !names, s.group.since)
        };
        let (pane, shown) = firing.min_by_key(order)?;
        let (title, severity) = (shown.group.title.to_string(), shown.group.severity);
        Some(WorstAlert { pane, key: shown.key(), title, severity })
    }

    /// Whether an alert is of a service that a vital out of range speaks of.
    pub(in crate::app) fn names_what_hurts(&self, labels: &Labels) -> bool {
        let Some((vital, _)) = self.hurting() else { return false };
        let services = SERVICE.iter().filter_map(|name| labels.get(name)).filter(|service| service.len() > 1);
        services.into_iter().any(|service| names(&vital.title, service) || names(&vital.query, service))
    }

    /// The alert that pages someone, if one fires: the worst one, when it is critical.
    pub fn paging(&self) -> Option<String> {
        self.worst_alert().filter(|alert| alert.severity == Severity::Critical).map(|alert| alert.title)
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
