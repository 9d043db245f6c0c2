//! Why the coach says another step than the one that view 3 has first among those to try, in half a line.

use crate::{
    app::{
        App, Doable,
        act::{intent, order::Ordered, verify},
        coach::{Step, dismissed, mitigation::hurts},
    },
    incident::{Status, mitigation_order as order},
};

/// `None` where both say the same, or it does not bleed.
pub fn why_another(app: &App, first: &Ordered) -> Option<String> {
    let (case, facts, advice) = (app.case(), app.facts(), app.advice());
    if facts.incident.summary.status != Status::Bleeding {
        return None;
    }
    let step = match first.what {
        Doable::Mitigation(id) => Step::Begin(id),
        Doable::Command(at) => Step::Run(at),
    };
    if advice.step.as_ref() == Some(&step) {
        return None;
    }
    if let Some(running) = verify::running(facts.incident).first() {
        return Some(format!("the coach waits for what {} shows", running.label));
    }
    if let Some(Step::Undo(change)) = &advice.step {
        let undoes =
            |at| facts.incident.change_record(change).and_then(|r| intent::command_that_undoes(facts, r)) == Some(at);
        return match first.what {
            Doable::Command(at) if undoes(at) => None,
            _ => Some("the coach goes back from a change before the onset first".into()),
        };
    }
    let why = match () {
        () if !hurts(case) => "the coach waits until something hurts",
        () if !dismissed::is_new(case, &step) => "the coach passes over the first, which was left",
        () if !first.reversible && matches!(advice.step, Some(Step::Begin(_) | Step::Run(_))) => {
            "the coach tries what can be taken back first"
        }
        () if first.belief < order::POSSIBLE => "the coach waits for evidence that one of them helps",
        () if !first.reversible => "the coach looks further before what is hard to take back",
        () => "the coach has a step before these",
    };
    Some(why.into())
}
