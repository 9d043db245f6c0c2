//! Many alert groups fire and hardly any of it is on the board: fold them before looking at one.

use crate::{
    app::{
        Action,
        coach::{Advice, Case, Step, dismissed, mitigation, with},
        world::worst_alert,
    },
    incident::ObservationState,
    signal::storm::{MOST, thousands},
};

/// With this many symptoms on the board a responder has begun to work.
const FEW: usize = 3;

/// After someone is on it, and not before a rollback that is at hand.
pub(super) fn fold(case: Case<'_>) -> Option<Advice> {
    let size = case.facts.world.storm_size()?;
    let observations = &case.facts.incident.board.observations;
    let symptoms = observations.iter().filter(|column| column.state == ObservationState::Present).count();
    let someone = case.facts.incident.acknowledged.is_some() || !dismissed::is_new(case, &Step::Acknowledge);
    if !someone
        || symptoms >= FEW.min(size.proposals.unwrap_or(FEW))
        || (symptoms > 0 && mitigation::go_back(case).is_some())
    {
        return None;
    }
    let (groups, alerts) = (thousands(size.groups), thousands(size.alerts));
    let into = match size.proposals {
        Some(1) => "one symptom".to_owned(),
        Some(n) => format!("{n} symptoms"),
        None => format!("at most {MOST} symptoms"),
    };
    let fire = if worst_alert::worst_alert(case.facts).is_some() { "fire" } else { "fired when last heard" };
    let coach = case.facts.session.keymap.quoted(Action::Coach);
    Some(with(format!("{groups} groups {fire} ({alerts} alerts): {coach} folds them into {into}."), Step::Fold))
}
