//! What the coach has offered: taken up and left again, it is not offered once more until something has changed.

use crate::{
    app::{
        coach::{Advice, Case, Step},
        world::recovery,
    },
    incident::{ObservationState, ranking},
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
    case.dismissed.passed.is_empty() || !case.dismissed.passed.contains(&topic(case, step))
}

/// What a step is about, as things stand: when they change, it is another topic.
pub(in crate::app) fn topic(case: Case<'_>, step: &Step) -> String {
    let incident = case.facts.incident;
    let board = &incident.board;
    let stand = match step {
        Step::Verify(id) | Step::Fail(id) | Step::Begin(id) => {
            let known = incident.mitigation(*id);
            let late = known.and_then(|m| m.deadline()).is_some_and(|deadline| deadline <= case.facts.session.now);
            let recovery =
                std::mem::discriminant(&recovery::recovery(case.facts, known.and_then(|m| m.vital.as_deref())));
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
    };
    format!("{step:?} {stand}")
}
