//! What the coach has offered: taken up and left again, it is not offered once more until something has changed.

use crate::{
    app::{
        Doable,
        act::{
            order::{belief_in_change, what_to_try},
            verify,
        },
        coach::{Advice, Case, Step},
    },
    incident::{ObservationState, mitigation_order as order, ranking},
};

/// What was offered and left.
#[derive(Clone, Debug, Default)]
pub struct Dismissed {
    /// Taken up just now; what comes of it is not known yet.
    open: Option<String>,
    /// Taken up before.
    passed: Vec<String>,
}

/// More than any incident needs; the oldest are offered again.
const MOST: usize = 500;

impl Dismissed {
    /// Notes that a step was taken up.
    pub(in crate::app) fn take_up(&mut self, topic: String) {
        self.open = Some(topic);
    }

    /// Whether something was taken up that has not come to an end.
    pub(in crate::app) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// What was taken up was left by Esc, which decides nothing: it stays the next step.
    pub(in crate::app) fn stay(&mut self) {
        self.open = None;
    }

    /// Notes that whatever was taken up has come to an end.
    pub(in crate::app) fn close(&mut self) {
        if let Some(topic) = self.open.take() {
            self.passed.push(topic);
            let extra = self.passed.len().saturating_sub(MOST);
            self.passed.drain(..extra);
        }
    }
}

/// Whether an advice was not yet offered and left as things stand.
pub(super) fn is_news(case: Case<'_>, advice: &Advice) -> bool {
    advice.step.as_ref().is_none_or(|step| is_new(case, step))
}

/// Whether a step was not yet offered and left as things stand.
pub(super) fn is_new(case: Case<'_>, step: &Step) -> bool {
    if case.dismissed.passed.is_empty() {
        return true;
    }
    let passed = |topic: &String| case.dismissed.passed.contains(topic);
    match hope(case, step) {
        // Left while it was as likely to help as now, or likelier, it stays left.
        Some(now) => !(now..=order::MOST).any(|level| passed(&hopeful(case, step, level))),
        None => !passed(&topic(case, step)),
    }
}

/// How likely a mitigation is to help, where the step begins on one: evidence that speaks for it makes it another topic.
fn hope(case: Case<'_>, step: &Step) -> Option<u8> {
    let facts = case.facts;
    let level = |what: Doable| {
        let ordered = what_to_try(facts).into_iter().find(|ordered| ordered.what == what);
        ordered.map_or(0, |ordered| order::level(ordered.belief))
    };
    match step {
        Step::Begin(id) => Some(level(Doable::Mitigation(*id))),
        Step::Run(at) => Some(level(Doable::Command(*at))),
        Step::Undo(change) => {
            let record = facts.incident.change_record(change)?;
            Some(order::level(belief_in_change(facts, record)))
        }
        _ => None,
    }
}

fn hopeful(case: Case<'_>, step: &Step, level: u8) -> String {
    format!("{step:?} {} helps {level}", stand(case, step))
}

/// What a step is about, as things stand: when they change, it is another topic.
pub(in crate::app) fn topic(case: Case<'_>, step: &Step) -> String {
    match hope(case, step) {
        Some(level) => hopeful(case, step, level),
        None => format!("{step:?} {}", stand(case, step)),
    }
}

fn stand(case: Case<'_>, step: &Step) -> String {
    let incident = case.facts.incident;
    let board = &incident.board;
    match step {
        Step::Verify(id) | Step::Fail(id) | Step::Begin(id) => {
            let known = incident.mitigation(*id);
            let late = known.and_then(|m| m.deadline()).is_some_and(|deadline| deadline <= case.facts.session.now);
            let recovery =
                std::mem::discriminant(&verify::recovery_of(case.facts, known.and_then(|m| m.vital.as_deref())));
            format!("{recovery:?} {late} {:?}", known.map(|m| m.state))
        }
        Step::Status(_) => {
            let crossings: usize = incident.vitals.values().map(|vital| vital.crossings.len()).sum();
            let alerts: usize = incident.alerts.iter().map(|alert| alert.turns.len()).sum();
            format!("{:?} {crossings} {alerts}", incident.summary.status)
        }
        Step::Fill | Step::AddHypotheses | Step::AddRival(_) | Step::AddMissing => {
            let settled = board.observations.iter().filter(|o| o.counts()).count();
            format!("{} {} {settled}", board.hypotheses.len(), board.live().count())
        }
        // A storm that has grown to twice its size is another one.
        Step::Fold => case.facts.world.storm_size().map_or(0, |size| size.groups.ilog2()).to_string(),
        Step::AddSign | Step::TypeSymptom => board.observations.len().to_string(),
        Step::Settle(id) => {
            let state = board.observation(*id).map(|column| column.state);
            format!(
                "{:?} {}",
                state,
                board.observations.iter().filter(|o| o.state != ObservationState::Untested).count()
            )
        }
        Step::Refute(id) => {
            let against = ranking::contradictions(board, *id).len();
            format!("{against} {}", board.broken_under(*id).count())
        }
        Step::Assume => board.hypotheses.len().to_string(),
        Step::Mitigate(_) => incident.mitigations.len().to_string(),
        Step::AddAction => incident.actions.len().to_string(),
        _ => String::new(),
    }
}
