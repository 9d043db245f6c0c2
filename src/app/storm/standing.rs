//! Where a proposal stands with what is on the board already, so that nothing counts twice.

use super::groups;
use crate::{
    app::{App, rows::ShownGroup},
    incident::{Observation, ObservationState},
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

impl App {
    /// Where a proposal stands with the board.
    pub fn standing(&self, proposal: &Proposal) -> Standing<'_> {
        let there = || {
            let columns = self.incident.board.observations.iter();
            columns.filter(|column| column.state == ObservationState::Present && column.cleared.is_none())
        };
        if let Some(column) = there().find(|column| self.is_same(column, proposal)) {
            return Standing::Taken(column);
        }
        if let Some(column) = there().find(|column| self.is_within(proposal, column)) {
            return Standing::Within(column);
        }
        self.held_by(proposal).first().map_or(Standing::New, |column| Standing::Holds(column))
    }

    fn is_same(&self, column: &Observation, proposal: &Proposal) -> bool {
        let folded = self.incident.folded.get(&column.id);
        match folded {
            // What they are of is the same, and most of the groups; that alerts come and go says nothing.
            Some(folded) => {
                let (known, all) = folded.known(groups(proposal));
                folded.of == proposal.of && (2 * known >= all || folded.more > 0)
            }
            None => column.origin.as_deref() == Some(&proposal.of),
        }
    }

    fn is_within(&self, proposal: &Proposal, column: &Observation) -> bool {
        let Some(folded) = self.incident.folded.get(&column.id) else { return false };
        let (known, all) = folded.known(groups(proposal));
        let shares = folded
            .label()
            .is_none_or(|(name, value)| proposal.alerts.iter().all(|alert| alert.labels.get(name) == Some(value)));
        known == all && shares && proposal.began >= folded.began && proposal.alerts.len() <= folded.alerts
    }

    /// Single groups that were taken as symptoms before and belong to a proposal.
    pub fn held_by(&self, proposal: &Proposal) -> Vec<&Observation> {
        let mine = |column: &&Observation| {
            let of_group =
                |part: &Part| column.origin.as_deref() == Some(&part.title) && 2 * part.firing >= self.firing_in(part);
            column.state == ObservationState::Present
                && column.cleared.is_none()
                && !self.incident.folded.contains_key(&column.id)
                && proposal.parts.iter().any(of_group)
        };
        self.incident.board.observations.iter().filter(mine).collect()
    }

    fn firing_in(&self, part: &Part) -> usize {
        let groups = self.storm_groups();
        let same = |shown: &&ShownGroup<'_>| {
            let source = self.config.sources.get(shown.source);
            shown.group.key == part.group && source.is_some_and(|source| *source.name == *part.source)
        };
        groups.iter().find(same).map_or(0, |shown| shown.group.counts.firing)
    }
}
