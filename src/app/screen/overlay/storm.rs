//! The list of what an alert storm folds into. It stands still while alerts go on arriving.

use std::sync::Arc;

use crate::{
    app::world::storm::{Firing, Folding},
    incident::Id,
    signal::storm::Proposal,
};

/// Proposals to take, split or drop.
#[derive(Clone, Debug, Default)]
pub struct Storm {
    /// Worst first, as they were when the list was made.
    pub proposals: Vec<Arc<Proposal>>,
    /// The one selected.
    pub cursor: usize,
    /// What fired then.
    pub firing: Firing,
    /// What was done here, newest last.
    pub done: Vec<Done>,
}

/// Something that can be taken back while the list is open.
#[derive(Clone, Debug)]
pub enum Done {
    /// A proposal went to the journal, as this observation.
    Took(Id),
    /// The list was another one, with its cursor.
    List(Vec<Arc<Proposal>>, usize),
    /// As [`List`](Self::List), and the selected proposal was dropped for the session.
    Dropped(Vec<Arc<Proposal>>, usize),
}

/// What a person has done with storms, while no list is open.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct StormMemory {
    /// Stamps of what was dropped; once it changes it is proposed again.
    pub(in crate::app) dropped: Vec<u64>,
    /// The list as it was left: as long as nothing else fires, nothing is lost by leaving it.
    pub(in crate::app) left: Option<Storm>,
}

impl From<Folding> for Storm {
    fn from(folding: Folding) -> Self {
        Self { proposals: folding.proposals, firing: folding.firing, ..Self::default() }
    }
}

impl Storm {
    /// The one selected.
    pub fn selected(&self) -> Option<&Arc<Proposal>> {
        self.proposals.get(self.cursor)
    }

    /// How many proposals were dropped while the list was open.
    pub fn dropped(&self) -> usize {
        self.done.iter().filter(|done| matches!(done, Done::Dropped(..))).count()
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        let last = self.proposals.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }
}
