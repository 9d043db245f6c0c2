//! The newest reading of every query, and whether it can still be believed.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    config::{Plan, QueryId},
    signal::{Fault, Freshness, Reading},
};

/// What is known from one query. A failed poll never takes the last good reading away.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// The last good reading.
    pub good: Option<Arc<Reading>>,
    /// What the newest poll failed with, if it did.
    pub fault: Option<Fault>,
    /// Since when all polls have failed.
    pub failing_since: Option<Timestamp>,
    /// Counts outcomes; a pane is drawn anew when it changes.
    pub version: u64,
}

/// What is known from all queries and sources.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    slots: Vec<Slot>,
    every: Vec<Duration>,
    source_of: Vec<usize>,
    sources: Vec<SourceState>,
}

/// Whether a source answers.
#[derive(Clone, Debug, Default)]
pub struct SourceState {
    /// Polls that failed in a row, over all of its queries.
    pub failures: u32,
    /// Since when they have.
    pub failing_since: Option<Timestamp>,
    /// When it last answered.
    pub answered: Option<Timestamp>,
    /// When it last came back after a failure.
    pub back_at: Option<Timestamp>,
    /// What it last failed with.
    pub fault: Option<Fault>,
}

impl Signals {
    /// Nothing known yet.
    pub fn new(plan: &Plan, sources: usize) -> Self {
        Self {
            slots: vec![Slot::default(); plan.queries.len()],
            every: plan.queries.iter().map(|query| query.every).collect(),
            source_of: plan.queries.iter().map(|query| query.source).collect(),
            sources: vec![SourceState::default(); sources],
        }
    }

    /// Takes in what came of a poll.
    pub fn take(&mut self, query: QueryId, outcome: Result<Arc<Reading>, Fault>, at: Timestamp) {
        let Some(slot) = self.slots.get_mut(query.0) else { return };
        let Some(source) = self.source_of.get(query.0).and_then(|s| self.sources.get_mut(*s)) else { return };
        slot.version += 1;
        match outcome {
            Ok(reading) => {
                slot.good = Some(reading);
                slot.fault = None;
                slot.failing_since = None;
                if source.failing_since.take().is_some() {
                    source.back_at = Some(at);
                }
                source.failures = 0;
                source.answered = Some(at);
                source.fault = None;
            }
            Err(fault) => {
                // A query that is wrong says nothing about whether its source is there.
                if !fault.kind.is_about_query() {
                    source.failures += 1;
                    source.failing_since.get_or_insert(at);
                    source.fault = Some(fault.clone());
                }
                slot.failing_since.get_or_insert(at);
                slot.fault = Some(fault);
            }
        }
    }

    /// What is known from a query.
    pub fn slot(&self, query: QueryId) -> Option<&Slot> {
        self.slots.get(query.0)
    }

    /// How often a query is asked.
    pub fn every(&self, query: QueryId) -> Duration {
        self.every.get(query.0).copied().unwrap_or_default()
    }

    /// How much a query's reading can be believed.
    pub fn freshness(&self, query: QueryId, now: Timestamp) -> Freshness {
        let Some(slot) = self.slot(query) else { return Freshness::Never };
        Freshness::of(now, slot.good.as_ref().map(|r| r.at), slot.fault.is_some(), self.every(query))
    }

    /// Whether a source answers.
    pub fn source(&self, source: usize) -> Option<&SourceState> {
        self.sources.get(source)
    }

    /// How many sources answer, of those that are asked anything.
    pub fn answering(&self) -> (usize, usize) {
        let asked = |at: &usize| self.source_of.contains(at);
        let asked: Vec<usize> = (0..self.sources.len()).filter(asked).collect();
        let up = asked.iter().filter(|at| self.sources[**at].is_up()).count();
        (up, asked.len())
    }
}

impl SourceState {
    /// Whether its newest poll came back with an answer.
    pub fn is_up(&self) -> bool {
        self.answered.is_some() && self.failures == 0
    }
}
