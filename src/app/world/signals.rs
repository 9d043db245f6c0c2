//! The newest reading of every query, and whether it can still be believed.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    app::clock::seconds_between,
    config::{Plan, Query, QueryId},
    dashboard::Subscriptions,
    signal::{Data, Fault, FaultKind, Freshness, Labels, Point, Reading, Series},
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
    /// When it last answered again after a failure.
    pub back_at: Option<Timestamp>,
    /// Counts outcomes; a pane is drawn anew when it changes.
    pub version: u64,
    /// Between the last two answers: a source whose answers are costly is asked less often than it was meant to be.
    gap: Duration,
}

/// Most points kept of a query that answers with one number at a time.
const HISTORY: usize = 720;

/// For how many seconds the answer to one query shows that its source is there, when another one fails.
const LATELY: i64 = 60;

/// What is known from all queries and sources.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    slots: Vec<Slot>,
    every: Vec<Duration>,
    source_of: Vec<usize>,
    sources: Vec<SourceState>,
    /// Queries that are asked all the time; those behind them are of checks, some of which are asked just once.
    planned: usize,
}

/// Whether a source answers.
#[derive(Clone, Debug, Default)]
pub struct SourceState {
    /// Polls that failed in a row while none of its queries was answered; one query that is too slow is not the source.
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
            source_of: plan.queries.iter().map(|query| query.source.0).collect(),
            sources: vec![SourceState::default(); sources],
            planned: plan.queries.len(),
        }
    }

    /// Makes room for queries that came to the plan, each asked as often as is wanted.
    pub fn grow(&mut self, plan: &Plan, wanted: &Subscriptions) {
        self.slots.resize(plan.queries.len().max(self.slots.len()), Slot::default());
        let every = |(at, query): (usize, &Query)| wanted.every(QueryId(at)).unwrap_or(query.every);
        self.every = plan.queries.iter().enumerate().map(every).collect();
        self.source_of = plan.queries.iter().map(|query| query.source.0).collect();
    }

    /// Takes in what came of a poll.
    pub fn take(&mut self, query: QueryId, outcome: Result<Arc<Reading>, Fault>, at: Timestamp) {
        let Some(slot) = self.slots.get_mut(query.0) else { return };
        let Some(source) = self.source_of.get(query.0).and_then(|s| self.sources.get_mut(*s)) else { return };
        slot.version += 1;
        match outcome {
            Ok(reading) => {
                let before = slot.good.take();
                let straight = before.as_ref().filter(|_| slot.fault.is_none());
                let gap = straight.and_then(|before| reading.at.duration_since(before.at).try_into().ok());
                slot.gap = gap.unwrap_or_default();
                slot.good = Some(with_history(before.as_deref(), reading));
                slot.fault = None;
                if slot.failing_since.take().is_some() {
                    slot.back_at = Some(at);
                }
                if source.failing_since.take().is_some() {
                    source.back_at = Some(at);
                }
                source.failures = 0;
                source.answered = Some(at);
                source.fault = None;
            }
            Err(fault) => {
                slot.failing_since.get_or_insert(at);
                slot.fault = Some(fault.clone());
                if self.says_source_is_gone(query, &fault, at)
                    && let Some(source) = self.source_of.get(query.0).and_then(|s| self.sources.get_mut(*s))
                {
                    source.failures += 1;
                    source.failing_since.get_or_insert(at);
                    source.fault = Some(fault);
                }
            }
        }
    }

    /// A query that is wrong says nothing about whether its source is there, and one that is too slow or too large only
    /// when no other was answered lately either. That nobody listens is true for all of them.
    fn says_source_is_gone(&self, query: QueryId, fault: &Fault, at: Timestamp) -> bool {
        let of_source = (0..self.slots.len()).filter(|other| self.source_of.get(*other) == self.source_of.get(query.0));
        let lately = LATELY.max(self.every(query).as_secs() as i64 * 2);
        let speaks_for_it = |slot: &Slot| match (&slot.fault, &slot.good) {
            (Some(fault), _) => fault.kind.is_about_query(),
            (None, Some(reading)) => seconds_between(reading.at, at) <= lately,
            (None, None) => false,
        };
        match fault.kind {
            FaultKind::Resolve | FaultKind::Refused | FaultKind::Unreachable | FaultKind::Tls => true,
            kind if kind.is_about_query() => false,
            _ => !of_source.map(|other| &self.slots[other]).any(speaks_for_it),
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
        Freshness::of(now, slot.good.as_ref().map(|r| r.at), slot.fault.is_some(), self.pace(query))
    }

    /// How long it takes from one answer to the next.
    fn pace(&self, query: QueryId) -> Duration {
        self.every(query).max(self.slot(query).map(|slot| slot.gap).unwrap_or_default())
    }

    /// Whether a source answers.
    pub fn source(&self, source: usize) -> Option<&SourceState> {
        self.sources.get(source)
    }

    /// Whether what a query showed last may still be acted on. One poll that failed is no silence.
    pub fn is_heard(&self, query: QueryId, now: Timestamp) -> bool {
        let last = self.slot(query).and_then(|slot| slot.good.as_ref()).map(|reading| reading.at);
        Freshness::of(now, last, false, self.pace(query)) == Freshness::Live
    }

    /// Whether a source has answered and is heard: its newest poll did not fail, and not all it is asked hangs.
    pub fn is_up(&self, source: usize, now: Timestamp) -> bool {
        self.sources.get(source).is_some_and(SourceState::is_up) && !self.hangs(source, now)
    }

    /// Since when nothing has been heard from a source that was heard before, and not just since one poll.
    pub fn silent_since(&self, source: usize, now: Timestamp) -> Option<Timestamp> {
        let last = self.sources.get(source)?.answered?;
        let heard = match self.planned_of(source).next() {
            Some(_) => self.planned_of(source).any(|query| self.is_heard(query, now)),
            // Nothing but checks asks it, which end.
            None => self.source(source)?.failures < 2,
        };
        (!self.is_up(source, now) && !heard).then_some(last)
    }

    /// Whether all that a source has answered before is older than one can believe in.
    fn hangs(&self, source: usize, now: Timestamp) -> bool {
        let speaks = |query: QueryId| {
            let fault = self.slot(query).and_then(|slot| slot.fault.as_ref());
            self.freshness(query, now) == Freshness::Live || fault.is_some_and(|fault| fault.kind.is_about_query())
        };
        let answered = |query: &QueryId| self.slot(*query).is_some_and(|slot| slot.good.is_some());
        self.planned_of(source).any(|query| answered(&query)) && !self.planned_of(source).any(speaks)
    }

    fn planned_of(&self, source: usize) -> impl Iterator<Item = QueryId> + '_ {
        (0..self.planned).filter(move |query| self.source_of.get(*query) == Some(&source)).map(QueryId)
    }

    /// How many sources answer, of those that are asked anything.
    pub fn answering(&self, now: Timestamp) -> (usize, usize) {
        let asked = |at: &usize| self.source_of.contains(at);
        let asked: Vec<usize> = (0..self.sources.len()).filter(asked).collect();
        let up = asked.iter().filter(|at| self.is_up(**at, now)).count();
        (up, asked.len())
    }
}

/// A single number says nothing of its past; what was read before is kept beside it.
fn with_history(before: Option<&Reading>, reading: Arc<Reading>) -> Arc<Reading> {
    let Data::Number(v) = reading.data else { return reading };
    let mut points = match before.map(|before| &before.data) {
        Some(Data::Series(series)) if series.len() == 1 => series[0].points.clone(),
        _ => Vec::new(),
    };
    points.push(Point { t: reading.at.as_millisecond(), v });
    points.drain(..points.len().saturating_sub(HISTORY));
    let series = Series { name: "".into(), labels: Labels::default(), points };
    Arc::new(Reading { data: Data::Series(vec![series]), ..Reading::clone(&reading) })
}

impl SourceState {
    /// Whether its newest poll came back with an answer.
    pub fn is_up(&self) -> bool {
        self.answered.is_some() && self.failures == 0
    }
}
