//! Where a proposal stands with what is on the board already, so that nothing counts twice.

use crate::{
    app::{
        Facts,
        world::{
            rows::ShownGroup,
            storm::{self, groups},
        },
    },
    incident::{Incident, Observation, ObservationState},
    signal::storm::{Part, Proposal},
};

/// Where a proposal stands with the board.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'a> {
    /// Nothing of it is there.
    New,
    /// It is there.
    Taken(&'a Observation),
    /// It is a part of what is there.
    Within(&'a Observation),
    /// A part of it is there, and will share its origin.
    Holds(&'a Observation),
}

/// Where a proposal stands with the board.
pub fn standing<'a>(facts: Facts<'a>, proposal: &Proposal) -> Standing<'a> {
    let there = || {
        let columns = facts.incident.board.observations.iter();
        columns.filter(|column| column.state == ObservationState::Present && column.cleared.is_none())
    };
    if let Some(column) = there().find(|column| is_same(facts.incident, column, proposal)) {
        return Standing::Taken(column);
    }
    if let Some(column) = there().find(|column| is_within(facts.incident, proposal, column)) {
        return Standing::Within(column);
    }
    held_by(facts, proposal).first().map_or(Standing::New, |column| Standing::Holds(column))
}

fn is_same(incident: &Incident, column: &Observation, proposal: &Proposal) -> bool {
    let folded = incident.folded.get(&column.id);
    match folded {
        // What they are of is the same, and most of the groups; that alerts come and go says nothing.
        Some(folded) => {
            let (known, all) = folded.known(groups(proposal));
            folded.of == proposal.of && (2 * known >= all || folded.more > 0)
        }
        None => column.origin.as_deref() == Some(&proposal.of),
    }
}

fn is_within(incident: &Incident, proposal: &Proposal, column: &Observation) -> bool {
    let Some(folded) = incident.folded.get(&column.id) else { return false };
    let (known, all) = folded.known(groups(proposal));
    let shares = folded
        .label()
        .is_none_or(|(name, value)| proposal.alerts.iter().all(|alert| alert.labels.get(name) == Some(value)));
    known == all && shares && proposal.began >= folded.began && proposal.alerts.len() <= folded.alerts
}

/// Single groups that were taken as symptoms before and belong to a proposal.
pub fn held_by<'a>(facts: Facts<'a>, proposal: &Proposal) -> Vec<&'a Observation> {
    let mine = |column: &&Observation| {
        let of_group =
            |part: &Part| column.origin.as_deref() == Some(&part.title) && 2 * part.firing >= firing_in(facts, part);
        column.state == ObservationState::Present
            && column.cleared.is_none()
            && !facts.incident.folded.contains_key(&column.id)
            && proposal.parts.iter().any(of_group)
    };
    facts.incident.board.observations.iter().filter(mine).collect()
}

fn firing_in(facts: Facts<'_>, part: &Part) -> usize {
    let same = |shown: &ShownGroup<'_>| {
        let source = facts.session.config.source(shown.source);
        shown.group.key == part.group && source.is_some_and(|source| *source.name == *part.source)
    };
    storm::storm_groups(facts).find(same).map_or(0, |shown| shown.group.counts.firing)
}
