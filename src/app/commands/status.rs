//! Where the incident stands: proposed from live vitals, warned about, decided by a person. That the impact has stopped and
//! that the cause is confirmed are two facts.

use jiff::Timestamp;

use crate::{
    app::{
        App, Facts, Overlay,
        act::verify,
        clock,
        screen::{
            learn,
            overlay::{Choice, Purpose, choice::Then},
        },
        world::{recovery, vitals, worst_alert},
    },
    incident::{AlertTurn, HypothesisState, MitigationState, Status},
};

/// Asks whether the status is to change, with what should be known before.
pub(in crate::app) fn ask_status(app: &mut App, status: Status) {
    if app.incident.summary.status_word() == status.word() {
        return app.say(format!("it is {}", status.word()));
    }
    let mut choice = Choice::new(match status {
        Status::Stanched => "Has the impact stopped? The cause may still be unknown.",
        Status::Closed => "Close it? What was learned stands in Learn.",
        Status::Bleeding if app.incident.summary.status == Status::Bleeding => "Is it bleeding?",
        Status::Bleeding => "Is it bleeding again?",
    });
    match status {
        Status::Stanched => {
            let doubts = verify::doubts(app.facts(), None);
            if !doubts.is_empty() {
                choice = choice.knowing(doubts.join("; "));
            }
            for running in verify::running(&app.incident) {
                choice = choice.telling(format!("{} {} still runs: mark it too", running.label, running.text));
            }
        }
        Status::Closed => {
            for line in left_open(app.facts()) {
                choice = choice.knowing(line);
            }
        }
        Status::Bleeding => {}
    }
    let choice = choice.or('y', "yes", Then::Ask(Purpose::StatusReason(status))).or('n', "no", Then::Nothing);
    app.screen.overlay = Some(Overlay::Choice(choice));
}

/// What a person who closes it should know.
fn left_open(facts: Facts<'_>) -> Vec<String> {
    let incident = &facts.incident;
    let mut lines = Vec::new();
    if incident.summary.is_bleeding() {
        lines.push("It is bleeding: nobody has said that the impact stopped.".to_owned());
    }
    let doubts = verify::doubts(facts, None);
    if !doubts.is_empty() {
        lines.push(doubts.join("; "));
    }
    if !incident.board.hypotheses.iter().any(|row| row.state == HypothesisState::Confirmed) {
        lines.push("No cause is confirmed.".to_owned());
    }
    match learn::open_questions(facts.incident) {
        0 => {}
        1 => lines.push("1 question has no answer.".to_owned()),
        open => lines.push(format!("{open} questions have no answer.")),
    }
    if incident.summary.severity.is_none() {
        lines.push("Nobody has said how bad it was: that is asked next.".to_owned());
    }
    if incident.actions.is_empty() {
        lines.push("No action was noted.".to_owned());
    }
    lines
}

/// How it is known, as far as the vitals and mitigations tell: stands in the field, to be changed.
pub(in crate::app) fn status_reason(facts: Facts<'_>, status: Status) -> String {
    let minute = |at| clock::minute(at, &facts.session.zone, facts.session.utc);
    match status {
        Status::Stanched => {
            let worked = facts.incident.mitigations.iter().filter(|m| m.state == MitigationState::Worked);
            let worked: Vec<_> = worked.map(|m| format!("{} worked", m.label)).collect();
            let titles: Vec<_> = facts.session.config.vitals.iter().map(|vital| vital.title.as_str()).collect();
            let vitals = recovery::impact_stopped(facts)
                .map(|at| format!("{} in range since {}", titles.join(", "), minute(at)));
            vitals.into_iter().chain(worked).collect::<Vec<_>>().join("; ")
        }
        Status::Bleeding => {
            let hurts = vitals::hurting(facts).map(|(vital, value)| format!("{} {}", vital.title, vital.format(value)));
            hurts.or_else(|| worst_alert::paging(facts).map(|alert| alert.words(facts.session.now))).unwrap_or_default()
        }
        Status::Closed => String::new(),
    }
}

/// When a status really began, if that was before it was said: the impact stopped when the last vital came back, and
/// began again when the first one left.
pub(in crate::app) fn status_since(facts: Facts<'_>, status: Status) -> Option<Timestamp> {
    let last = facts.incident.status_history.last().map(|turn| turn.at);
    let after_last = |at: &Timestamp| last.is_none_or(|last| *at > last);
    match status {
        Status::Stanched if facts.incident.summary.status == Status::Bleeding => {
            recovery::impact_stopped(facts).filter(after_last).filter(|at| Some(*at) >= facts.incident.onset())
        }
        Status::Bleeding => {
            let hurting = vitals::hurting(facts).map(|(vital, _)| vital.title.clone());
            let left = hurting.and_then(|title| facts.incident.vitals.get(&title)?.crossings.last().cloned());
            let fired = facts.incident.alerts.iter().filter(|alert| alert.is_firing());
            let fired = fired.filter_map(|alert| {
                let turn = alert.turns.iter().rev().find(|told| told.turn == AlertTurn::Fired)?;
                Some(turn.at)
            });
            left.filter(|crossing| !crossing.inside).map(|c| c.at).or_else(|| fired.max()).filter(after_last)
        }
        _ => None,
    }
}
