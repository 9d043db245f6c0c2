//! The newest reading of every query, and whether it can still be believed.
//!
//! What is asked all the time, and how often, is told by the [`Subscriptions`]; what that makes of a source by its
//! [`Health`].

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    base::human_time::seconds_between,
    config::{Config, SourceId},
    dashboard::{Ask, Plan, QueryId, Subscriptions},
    signal::{
        Data, Fault, FaultKind, Freshness, Health, Labels, Point, Reading, Series,
        health::{Asked, Failures, Polls},
    },
};

/// What is known from one query. A failed poll never takes the last good reading away.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The last good reading.
    pub good: Option<Arc<Reading>>,
    /// Its newest polls, as far as they failed.
    pub failures: Failures,
    /// Counts outcomes; a pane is drawn anew when it changes.
    pub version: u64,
    /// Between the last two answers: a source whose answers are costly is asked less often than it was meant to be.
    gap: Duration,
    source: SourceId,
    every: Duration,
    /// Whether it is asked all the time; one that only checks ask may end, or is asked just once.
    standing: bool,
}

/// Tells one state of what is known from a query from another: its answers, and how far they can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    version: u64,
    freshness: Freshness,
    is_heard: bool,
}

/// Most points kept of a query that answers with one number at a time.
const HISTORY: usize = 720;

/// For how many seconds the answer to one query shows that its source is there, when another one fails.
const LATELY: i64 = 60;

/// What is known from all queries and sources.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    slots: BTreeMap<QueryId, Slot>,
    /// Those that are asked anything.
    sources: BTreeMap<SourceId, Polls>,
    /// How many polls have come to an end.
    answers: u64,
}

impl Signals {
    /// Nothing known yet.
    pub fn new(config: &Config, plan: &Plan, wanted: &Subscriptions) -> Self {
        let mut signals = Self::default();
        signals.follow(config, plan, wanted);
        signals
    }

    /// Makes room for queries that came to the plan, each asked as often as is wanted. What nobody wants at intervals is
    /// taken to be asked as often as its source.
    pub fn follow(&mut self, config: &Config, plan: &Plan, wanted: &Subscriptions) {
        self.slots.retain(|id, _| plan.query(*id).is_some());
        for (id, query) in plan.queries() {
            // A panel with other values for its variables is another query, and what this one said is of no concern.
            if matches!(query.ask, Ask::Panel(_) | Ask::Earlier { .. }) && wanted.every(id).is_none() {
                self.slots.remove(&id);
                continue;
            }
            let slot = self.slots.entry(id).or_insert_with(|| Slot::of(query.source));
            let usual = || config.source(query.source).map(|source| source.every);
            slot.every = wanted.every(id).or_else(usual).unwrap_or_default();
            slot.standing = wanted.is_standing(id);
            self.sources.entry(query.source).or_default();
        }
    }

    /// Takes in what came of a poll.
    pub fn take(&mut self, query: QueryId, outcome: Result<Arc<Reading>, Fault>, at: Timestamp) {
        let Some(slot) = self.slots.get_mut(&query) else { return };
        let source = self.sources.entry(slot.source).or_default();
        self.answers += 1;
        slot.version += 1;
        match outcome {
            Ok(reading) => {
                let before = slot.good.take();
                let straight = before.as_ref().filter(|_| slot.fault().is_none());
                let gap = straight.and_then(|before| reading.at.duration_since(before.at).try_into().ok());
                slot.gap = gap.unwrap_or_default();
                slot.good = Some(with_history(before.as_deref(), reading));
                slot.failures.end(at);
                source.failures.end(at);
                source.answered = Some(at);
            }
            Err(fault) => {
                slot.failures.add(fault.clone(), at);
                let (of, lately) = (slot.source, LATELY.max(slot.every.as_secs() as i64 * 2));
                if self.is_about_source(of, fault.kind, at, lately) {
                    self.sources.entry(of).or_default().failures.add(fault, at);
                }
            }
        }
    }

    /// A query that is wrong says nothing about whether its source is there, and one that is too slow or too large only
    /// when no other was answered lately either. That nobody listens is true for all of them.
    fn is_about_source(&self, source: SourceId, kind: FaultKind, at: Timestamp, lately: i64) -> bool {
        let speaks_for_it = |slot: &Slot| match (slot.fault(), &slot.good) {
            (Some(fault), _) => fault.kind.is_about_query(),
            (None, Some(reading)) => seconds_between(reading.at, at) <= lately,
            (None, None) => false,
        };
        match kind {
            FaultKind::Resolve | FaultKind::Refused | FaultKind::Unreachable | FaultKind::Tls => true,
            kind if kind.is_about_query() => false,
            _ => !self.slots.values().filter(|slot| slot.source == source).any(speaks_for_it),
        }
    }

    /// How many polls have come to an end: tells what was worked out of all readings from what is so now.
    pub fn answers(&self) -> u64 {
        self.answers
    }

    /// What is known from a query.
    pub fn slot(&self, query: QueryId) -> Option<&Slot> {
        self.slots.get(&query)
    }

    /// How often a query is asked.
    pub fn every(&self, query: QueryId) -> Duration {
        self.slot(query).map(|slot| slot.every).unwrap_or_default()
    }

    /// How much a query's reading can be believed.
    pub fn freshness(&self, query: QueryId, now: Timestamp) -> Freshness {
        self.slot(query).map_or(Freshness::Never, |slot| slot.asked().freshness(now))
    }

    /// Whether what a query showed last may still be acted on.
    pub fn is_heard(&self, query: QueryId, now: Timestamp) -> bool {
        self.slot(query).is_some_and(|slot| slot.asked().is_heard(now))
    }

    /// The state of what is known from a query.
    pub fn stamp(&self, query: QueryId, now: Timestamp) -> Stamp {
        Stamp {
            version: self.slot(query).map_or(0, |slot| slot.version),
            freshness: self.freshness(query, now),
            is_heard: self.is_heard(query, now),
        }
    }

    /// What came of the polls of a source; `None` when it was never asked anything.
    pub fn source(&self, source: SourceId) -> Option<&Polls> {
        self.sources.get(&source)
    }

    /// What a source is now.
    pub fn health(&self, source: SourceId, now: Timestamp) -> Health {
        let Some(polls) = self.source(source) else { return Health::Never { failures: 0 } };
        let standing = self.slots.values().filter(|slot| slot.standing && slot.source == source);
        Health::of(now, polls, standing.map(Slot::asked))
    }

    /// Sources that are asked anything, with what they are now.
    pub fn healths(&self, now: Timestamp) -> impl Iterator<Item = (SourceId, Health)> {
        self.sources.keys().map(move |source| (*source, self.health(*source, now)))
    }

    /// How many sources answer, of those that are asked anything.
    pub fn answering(&self, now: Timestamp) -> (usize, usize) {
        let up = self.healths(now).filter(|(_, health)| *health == Health::Live).count();
        (up, self.sources.len())
    }
}

impl Slot {
    fn of(source: SourceId) -> Self {
        let (gap, every, failures) = (Duration::ZERO, Duration::ZERO, Failures::default());
        Self { good: None, failures, version: 0, gap, source, every, standing: false }
    }

    /// What the newest poll failed with, if it did.
    pub fn fault(&self) -> Option<&Fault> {
        self.failures.fault.as_ref()
    }

    fn asked(&self) -> Asked {
        let last_good = self.good.as_ref().map(|reading| reading.at);
        Asked { last_good, fault: self.fault().map(|fault| fault.kind), pace: self.every.max(self.gap) }
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
