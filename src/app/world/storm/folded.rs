//! The list of what an alert storm folds into. It stands still while alerts go on arriving.

use std::{collections::HashSet, sync::Arc};

use crate::{incident::Id, signal::storm::Proposal};

/// Proposals to take, split or drop.
#[derive(Clone, Debug, Default)]
pub struct Storm {
    /// Worst first, as they were when the list was made.
    pub proposals: Vec<Arc<Proposal>>,
    /// The one selected.
    pub cursor: usize,
    /// Source and id of each alert that fired then.
    pub firing: Arc<HashSet<(Arc<str>, Arc<str>)>>,
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
    /// The same, and this was dropped for the session.
    Dropped(Vec<Arc<Proposal>>, usize),
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
