//! The next best step, in one sentence with its key: a pure function of incident, signals and time.
//!
//! It follows the order a calm person follows: say what hurts; stop the bleeding by going back; else look at what fired
//! first; else make a hypothesis; else look for the sign that tells them apart; verify what was done.

mod step;

use jiff::Timestamp;

pub use step::Step;

use super::{App, View, VitalState, clock, overlay::Fill, rows::ShownGroup};
use crate::{
    config::PaneKind,
    incident::{
        AlertTurn, Cell, ChangeRecord, HypothesisState, Mitigation, MitigationState, ObservationState, Question,
        Status, next_check, ranking::RowId,
    },
    signal::{AlertState, Severity},
};

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// One sentence.
    pub text: String,
    /// What `>` does; `None` when there is nothing to do but wait or read.
    pub step: Option<Step>,
}

/// How long vitals must hold before the coach proposes that the bleeding has stopped, in seconds.
const HOLD: i64 = 60;
/// A change this long before the onset, at the most, is worth going back from first, in seconds.
const BEFORE_ONSET: i64 = 3600;
/// For so long the coach reminds of a mitigation that was proposed and not begun, in seconds.
const BEGIN_WITHIN: i64 = 120;
/// After this long a running mitigation should show, in seconds.
const DEADLINE: i64 = 300;

/// The next best step.
pub fn advise(app: &App) -> Advice {
    match app.incident.status {
        Status::Closed => Advice { text: "Closed. `q` writes the notes and quits.".into(), step: None },
        Status::Stanched => learning(app),
        Status::Bleeding => bleeding(app),
    }
}

fn with(text: impl Into<String>, step: Step) -> Advice {
    Advice { text: text.into(), step: Some(step) }
}

fn bleeding(app: &App) -> Advice {
    verify(app)
        .or_else(|| healed(app))
        .or_else(|| calm(app))
        .or_else(|| say_what_hurts(app))
        .or_else(|| begin(app))
        .or_else(|| go_back(app))
        .or_else(|| refute(app))
        .or_else(|| hypothesise(app))
        .or_else(|| settle(app))
        .unwrap_or_else(|| act_on_leader(app))
}

/// A mitigation that runs is watched until someone says what came of it.
fn verify(app: &App) -> Option<Advice> {
    let running = app.incident.running_mitigation()?;
    let since = started(running).map_or(0, |at| clock::seconds_between(at, app.now));
    let now = match (app.hurting(), unknown_vital(app)) {
        (Some((vital, value)), _) => format!("{} is {}", vital.title, vital.unit.format(value)),
        (None, Some(title)) => format!("{title} is UNKNOWN"),
        (None, None) if app.config.vitals.is_empty() => "look whether it helps".into(),
        (None, None) => "vitals are in range".into(),
    };
    let late = if since >= DEADLINE { " Past 5 min: mark it failed and take it back?" } else { "" };
    let text = format!("{}, {} ago: {now}. Did it work?{late}", running.text, clock::age(since));
    Some(with(text, Step::Verify(running.id)))
}

fn started(mitigation: &Mitigation) -> Option<Timestamp> {
    mitigation.history.iter().rev().find(|turn| turn.1 == MitigationState::Running).map(|turn| turn.0)
}

/// Vitals were out of range and have held since.
fn healed(app: &App) -> Option<Advice> {
    let hurt = app.incident.vitals.values().any(|vital| vital.crossings.iter().any(|crossing| !crossing.1));
    let hold = if critical_fires(app) { 2 * HOLD } else { HOLD };
    if !hurt || !app.vitals_held(hold) {
        return None;
    }
    Some(with("Vitals have held in range for a minute: has the bleeding stopped?", Step::Status(Status::Stanched)))
}

fn critical_fires(app: &App) -> bool {
    first_alert(app).is_some_and(|(.., severity)| severity == Severity::Critical)
}

/// A mitigation that was proposed a moment ago and that nobody has begun.
fn begin(app: &App) -> Option<Advice> {
    let proposed = app.incident.mitigations.last().filter(|m| m.state == MitigationState::Proposed)?;
    let since = proposed.history.first().map_or(0, |turn| clock::seconds_between(turn.0, app.now));
    let hurts = app.hurting().is_some() || app.firing().0 > 0;
    let text = || format!("{} is proposed: run it, or say that it is being done by hand.", proposed.text);
    (hurts && since < BEGIN_WITHIN).then(|| with(text(), Step::Verify(proposed.id)))
}

/// Nothing hurts and nothing was noted: say so, and what is not known.
fn calm(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    let (firing, _) = app.firing();
    if firing > 0 || app.hurting().is_some() || !board.observations.is_empty() || !board.hypotheses.is_empty() {
        return None;
    }
    if app.plan.queries.is_empty() {
        return Some(with(
            "No sources yet: note the first symptom you see; `stanch init` writes a configuration.",
            Step::TypeSymptom,
        ));
    }
    if let Some(title) = unknown_vital(app) {
        let text = format!("{title} is UNKNOWN: its source does not answer. Look at it another way and note it.");
        return Some(with(text, Step::TypeSymptom));
    }
    let (up, all) = app.signals.answering();
    if up == 0 && all > 0 {
        return Some(Advice { text: "Waiting for the first answers from the sources.".into(), step: None });
    }
    Some(Advice { text: "All is calm: nothing fires, vitals are in range. `s` takes what you see.".into(), step: None })
}

fn unknown_vital(app: &App) -> Option<&str> {
    let unknown = |at: &usize| matches!(app.vital(*at), VitalState::Unknown(_)) && app.vital_was_asked(*at);
    (0..app.config.vitals.len()).find(unknown).map(|at| app.config.vitals[at].title.as_str())
}

/// The first symptom: what fired first, else the vital itself.
fn say_what_hurts(app: &App) -> Option<Advice> {
    let hurts = app.hurting().map(|(vital, value)| {
        format!("{} {} (should be {}). ", vital.title, vital.unit.format(value), super::vitals::range_in_words(vital))
    });
    if app.incident.acknowledged.is_none() && (hurts.is_some() || app.firing().0 > 0) {
        let what =
            hurts.clone().unwrap_or_else(|| first_alert(app).map(|a| format!("{} fires. ", a.2)).unwrap_or_default());
        return Some(with(format!("{what}Say that you are on it."), Step::Acknowledge));
    }
    if !app.incident.board.observations.is_empty() {
        return None;
    }
    // A critical alert says more than a number; a number out of range more than any other alert.
    let vital = app.hurting().and_then(|(vital, _)| app.config.vitals.iter().position(|v| v == vital));
    let hurts = hurts.unwrap_or_default();
    match (first_alert(app), vital) {
        (Some((pane, key, title, severity)), vital) if severity == Severity::Critical || vital.is_none() => {
            Some(with(format!("{hurts}Take {title} as the first symptom."), Step::TakeAlert(pane, key)))
        }
        (_, Some(vital)) => Some(with(format!("{hurts}Take it as the first symptom."), Step::TakeVital(vital))),
        (_, None) => Some(with("Note what is seen as the first symptom.", Step::TypeSymptom)),
    }
}

/// The worst alert group that fires, the first of equals: pane, row, title and severity.
fn first_alert(app: &App) -> Option<(usize, String, String, Severity)> {
    let panes = app.plan.panes.iter().enumerate().filter(|(_, pane)| pane.pane.kind == PaneKind::Alerts);
    let groups = panes.flat_map(|(at, pane)| app.shown_alerts(pane).into_iter().map(move |shown| (at, shown)));
    let firing = groups.filter(|(_, s)| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
    let order = |(_, s): &(usize, ShownGroup<'_>)| (s.group.severity, s.group.since);
    let (at, shown) = firing.min_by_key(order)?;
    Some((at, shown.key(), shown.group.title.to_string(), shown.group.severity))
}

/// A revertible change shortly before the onset that touches what hurts, and that nobody has gone back from yet.
fn go_back(app: &App) -> Option<Advice> {
    let onset = app.incident.onset()?;
    let record = app.incident.changes.iter().filter(|record| is_suspect(app, record, onset)).max_by_key(|record| {
        // The change that touches what hurts before the one that is merely near in time.
        (touches(app, record), record.change.at)
    })?;
    if touches(app, record) == 0 {
        return None;
    }
    let before = clock::age(onset.duration_since(record.change.at).as_secs());
    let text = format!("Roll back {} ({} before the onset; written since?).", record.change.title, before);
    let step = match command_for(app, record) {
        Some(at) => Step::Propose(at, record.change.id.clone()),
        None => Step::Undo(record.change.id.clone()),
    };
    Some(with(text, step))
}

fn is_suspect(app: &App, record: &ChangeRecord, onset: Timestamp) -> bool {
    let seconds = onset.duration_since(record.change.at).as_secs();
    let tried = app.incident.mitigations.iter().any(|m| {
        m.change.as_deref() == Some(record.change.id.as_str())
            || command_for(app, record).is_some_and(|at| m.command.as_ref() == Some(&app.config.commands[at].name))
    });
    record.change.kind.is_revertible() && (0..=BEFORE_ONSET).contains(&seconds) && !tried
}

/// How much a change has to do with what hurts: 2 when a vital out of range speaks of its service, 1 when a symptom does,
/// 0 when nothing does.
fn touches(app: &App, record: &ChangeRecord) -> u8 {
    let Some(service) = record.change.service.as_deref().filter(|s| s.len() > 1) else { return 0 };
    let service = service.to_lowercase();
    let names = |text: &str| {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').any(|word| word == service)
    };
    if app.hurting().is_some_and(|(vital, _)| names(&vital.title) || names(&vital.query)) {
        return 2;
    }
    let present = app.incident.board.observations.iter().filter(|o| o.state == ObservationState::Present);
    let mut symptoms = present.flat_map(|o| {
        let evidence = o.evidence.as_ref().map(|e| e.query.as_str()).unwrap_or_default();
        [o.text.as_str(), evidence]
    });
    u8::from(symptoms.any(names))
}

/// The team's own command that undoes a change: its name or words have the service in it, and it is a rollback.
fn command_for(app: &App, record: &ChangeRecord) -> Option<usize> {
    let service = record.change.service.as_deref()?.to_lowercase();
    app.config.commands.iter().position(|command| {
        command.kind == crate::incident::MitigationKind::Rollback
            && (command.name.to_lowercase().contains(&service) || command.text.to_lowercase().contains(&service))
    })
}

/// Something that cannot be is there, or something that must be is not: offer to refute, with the reason filled in.
fn refute(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    let contradicted = board.live().find_map(|row| {
        let against = board.observations.iter().find(|column| {
            column.counts()
                && matches!(
                    (board.cell(row.id, column.id), column.state),
                    (Cell::Cannot, ObservationState::Present) | (Cell::Must, ObservationState::Absent)
                )
        })?;
        Some((row, against))
    });
    let (row, against) = contradicted.filter(|(row, _)| row.state != HypothesisState::Confirmed)?;
    let text = format!("{} {}: {} is {}. Refute it?", row.label, row.text, against.text, against.state.word());
    Some(with(text, Step::Refute(row.id)))
}

fn hypothesise(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    match board.live().count() {
        0 => return Some(with("What could cause this? Add two hypotheses.", Step::AddHypotheses)),
        1 if board.hypotheses.len() < 2 => {
            return Some(with("One hypothesis is a trap: add a rival.", Step::AddHypotheses));
        }
        _ => {}
    }
    let fill = Fill::of(board, &[])?;
    let open = fill.cells.iter().filter(|(_, column)| board.observation(*column).is_some_and(|o| o.counts())).count();
    (open > 0).then(|| with(format!("{open} cells are not assessed: say what each row expects."), Step::Fill))
}

fn settle(app: &App) -> Option<Advice> {
    let board = &app.incident.board;
    let best = next_check::next_checks(board, &app.incident.ranking).into_iter().next();
    match best.and_then(|check| Some((board.observation(check.observation)?, check))) {
        Some((column, check)) => {
            let first = check.question(board).map(|question| format!(" {question}")).unwrap_or_default();
            let text = format!("Look for {} {}: it {}.{first}", column.label, column.text, check.separates(board));
            Some(with(text, Step::Settle(column.id)))
        }
        None if board.observations.iter().all(|o| o.state != ObservationState::Untested) && leaders(app) > 1 => {
            Some(with("The leaders are close: add a sign that only one of them would show.", Step::AddSign))
        }
        None => None,
    }
}

/// How many named rows share the first place or stand within a bit of it.
fn leaders(app: &App) -> usize {
    let rows = || app.incident.ranking.rows.iter().filter(|row| row.id != RowId::Other);
    let best = rows().map(|row| row.bits).max();
    rows().filter(|row| best.is_some_and(|best| best.0 - row.bits.0 < 10)).count()
}

fn act_on_leader(app: &App) -> Advice {
    let board = &app.incident.board;
    let leader = app.incident.ranking.rows.iter().find_map(|row| match row.id {
        RowId::Named(id) => board.hypothesis(id).filter(|row| row.state.is_live()),
        RowId::Other => None,
    });
    let Some(row) = leader else {
        return with("No row holds up: add another hypothesis.", Step::AddHypotheses);
    };
    let name = format!("{} {}", row.label, row.text);
    if app.hurting().is_none() && app.firing().0 == 0 {
        let text = format!("{name} leads and nothing hurts now: has the bleeding stopped?");
        return with(text, Step::Status(Status::Stanched));
    }
    match app.view {
        View::Act => with(format!("{name} leads: enter what stops the bleeding if it is true."), Step::Mitigate),
        _ => with(format!("{name} leads: what stops the bleeding if it is true?"), Step::Show(View::Act)),
    }
}

/// After the bleeding has stopped: what came back, what was asked, what is to be done.
fn learning(app: &App) -> Advice {
    if let Some((vital, value)) = app.hurting() {
        let text = format!("{} is {} again: is it bleeding again?", vital.title, vital.unit.format(value));
        return with(text, Step::Status(Status::Bleeding));
    }
    let open = Question::ALL.iter().find(|question| !app.incident.answers.contains_key(question));
    match open {
        Some(question) if app.incident.answers.len() < 5 => {
            with(format!("Impact stopped. {}", question.text()), Step::Review(*question))
        }
        _ if app.incident.actions.is_empty() => {
            with("What would make next week page less? Add an action.", Step::Show(View::Learn))
        }
        _ => with("Close it when it is learned from; `q` writes the notes.", Step::Status(Status::Closed)),
    }
}

impl App {
    /// Whether a vital's query has come back at all; before that it is not yet unknown, just not yet asked.
    pub fn vital_was_asked(&self, at: usize) -> bool {
        let slot = self.plan.vitals.get(at).and_then(|query| self.signals.slot(*query));
        slot.is_some_and(|slot| slot.good.is_some() || slot.fault.is_some())
    }

    /// The alert group that was the first to fire, as far as the journal says.
    pub fn first_to_fire(&self) -> Option<&crate::incident::AlertRecord> {
        let seen = |record: &&crate::incident::AlertRecord| {
            record.turns.iter().any(|t| matches!(t.1, AlertTurn::Fired | AlertTurn::FiringWhenOpened))
        };
        self.incident.alerts.iter().filter(seen).find(|record| record.first)
    }
}
