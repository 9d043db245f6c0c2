//! View 3, changes and mitigations: which rows there are and in which order, what one of them would do, and what to know
//! before it is done.

pub mod command_line;
pub mod environment;
pub mod hint;
pub mod intent;
pub mod order;
pub mod verify;

pub(super) use hint::{field_for, guard_field};
pub use intent::Intent;
pub use order::{Doable, Ordered};
pub use verify::Running;

use crate::{
    app::Facts,
    incident::{ChangeRecord, Mitigation, MitigationState},
};

/// A row of view 3.
#[derive(Clone, Copy, Debug)]
pub enum ActItem<'a> {
    /// A mitigation: those that run, those to try in the order to try them, those that are done with, newest first.
    Mitigation(&'a Mitigation),
    /// A command of the team's own that is not yet a mitigation, by its place in the configuration; among those to try.
    Command(usize),
    /// A change, newest first.
    Change(&'a ChangeRecord),
}

impl ActItem<'_> {
    /// What tells it from all others.
    pub fn key(&self) -> String {
        match self {
            Self::Mitigation(m) => format!("m|{}", m.id),
            Self::Command(at) => format!("c|{at}"),
            Self::Change(record) => format!("d|{}|{}", record.source, record.change.id),
        }
    }
}

/// The rows of view 3: mitigations that run, what to try, what was tried or rejected, changes.
pub fn act_items(facts: Facts<'_>) -> Vec<ActItem<'_>> {
    let all = || facts.incident.mitigations.iter();
    let mut items: Vec<ActItem<'_>> =
        all().rev().filter(|m| m.state == MitigationState::Running).map(ActItem::Mitigation).collect();
    items.extend(order::what_to_try(facts).iter().filter_map(|ordered| match ordered.what {
        Doable::Mitigation(id) => all().find(|m| m.id == id).map(ActItem::Mitigation),
        Doable::Command(at) => Some(ActItem::Command(at)),
    }));
    let done = |m: &&Mitigation| !matches!(m.state, MitigationState::Running | MitigationState::Proposed);
    items.extend(all().rev().filter(done).map(ActItem::Mitigation));
    items.extend(facts.incident.changes.iter().map(ActItem::Change));
    items
}
