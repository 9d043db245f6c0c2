//! How much is written one by one, and what is said of the rest.
//!
//! A server can name new alerts or changes faster than anyone reads them, and a journal is kept for good. Of each source so
//! many are written at once and so many an hour; the others are shown like all, counted, and told in a line.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    dashboard::QueryId,
    incident::{Event, Incident, LeftOut, Observed},
};

/// As many are written at once.
const BURST: f64 = 1_000.0;

/// As many may be written again for each hour that has passed.
const AN_HOUR: f64 = 2_000.0;

/// Once all is used up nothing is written until as many may be: one in two seconds would be noise, and tell of nothing.
const AGAIN: f64 = 100.0;

/// What one source may have written, and what was left out of it.
#[derive(Clone, Debug)]
pub(super) struct Flood {
    source: String,
    what: Observed,
    budget: Budget,
    /// Queries whose newest answer has something that is not written.
    left: HashSet<QueryId>,
    /// What that is, of queries whose answers are not known otherwise.
    keys: HashMap<QueryId, HashSet<Arc<str>>>,
    stretch: Option<Stretch>,
}

/// A token bucket.
#[derive(Clone, Copy, Debug)]
struct Budget {
    left: f64,
    is_used_up: bool,
    at: Option<Timestamp>,
}

/// The time since something was left out for the first time.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    since: Timestamp,
    /// All that was left out; what comes back counts again.
    count: usize,
    /// The count that was told last.
    told: usize,
}

impl Flood {
    /// Nothing written yet.
    pub(super) fn new(source: &str, what: Observed) -> Self {
        let budget = Budget { left: BURST, is_used_up: false, at: None };
        Self { source: source.to_owned(), what, budget, left: HashSet::new(), keys: HashMap::new(), stretch: None }
    }

    /// How many of so many may be written now. They count as written.
    pub(super) fn allow(&mut self, wanted: usize, now: Timestamp) -> usize {
        self.budget.take(wanted, now)
    }

    /// As [`leave_out`](Self::leave_out), by what tells things from each other.
    pub(super) fn leave_out_keys(
        &mut self,
        query: QueryId,
        keys: HashSet<Arc<str>>,
        at: Timestamp,
        incident: &Incident,
    ) -> Option<Event> {
        let before = self.keys.remove(&query).unwrap_or_default();
        let (all, new) = (keys.len(), keys.difference(&before).count());
        if all > 0 {
            self.keys.insert(query, keys);
        }
        self.leave_out(query, all, new, at, incident)
    }

    /// Takes in how much is left out of the answer to a query, and how much of that was not left out of its answer before.
    /// Returns what is to be said of it: that it began, that it has doubled, and that it is over.
    pub(super) fn leave_out(
        &mut self,
        query: QueryId,
        left: usize,
        new: usize,
        at: Timestamp,
        incident: &Incident,
    ) -> Option<Event> {
        match left {
            0 => self.left.remove(&query),
            _ => self.left.insert(query),
        };
        let known = || incident.left_out.iter().filter(|known| known.source == self.source && known.what == self.what);
        if self.stretch.is_none() {
            // One that an earlier cockpit told of goes on.
            let open = known().find(|known| known.until.is_none());
            self.stretch =
                open.map(|LeftOut { since, count, .. }| Stretch { since: *since, count: *count, told: *count });
        }
        if self.left.is_empty() && self.stretch.is_none() {
            return None;
        }
        let stretch = self.stretch.get_or_insert(Stretch { since: at, count: 0, told: 0 });
        stretch.count += new;
        let is_over = self.left.is_empty();
        if !is_over && stretch.count < stretch.told.saturating_mul(2).max(1) {
            return None;
        }
        stretch.told = stretch.count;
        let Stretch { since, count, .. } = *stretch;
        let nth = known().filter(|known| known.until.is_some()).count();
        let step = if is_over { "over".to_owned() } else { count.ilog2().to_string() };
        let key = format!("left out|{}|{}|{nth}|{step}", self.source, self.what.word());
        if is_over {
            self.stretch = None;
        }
        let (source, what) = (self.source.clone(), self.what);
        Some(Event::LeftOut { key, source, what, count, since, until: is_over.then_some(at) })
    }
}

impl Budget {
    fn take(&mut self, wanted: usize, now: Timestamp) -> usize {
        // Several queries of a source may be answered within one second.
        let passed = self.at.map_or(0.0, |at| now.duration_since(at).as_secs_f64()).max(0.0);
        self.at = Some(now);
        self.left = (self.left + passed * AN_HOUR / 3600.0).min(BURST);
        if self.is_used_up && self.left < AGAIN {
            return 0;
        }
        let taken = wanted.min(self.left as usize);
        self.left -= taken as f64;
        self.is_used_up = taken < wanted;
        taken
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;
    use crate::incident::{Entry, Id};

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + second.seconds()
    }

    #[test]
    fn so_many_at_once_and_so_many_an_hour() {
        let mut flood = Flood::new("am", Observed::AlertGroups);
        assert_eq!(flood.allow(600, at(0)), 600);
        assert_eq!(flood.allow(600, at(0)), 400);
        assert_eq!(flood.allow(600, at(179)), 0, "not yet a hundred");
        assert_eq!(flood.allow(600, at(180)), 100);
        assert_eq!(flood.allow(10, at(179)), 0, "a clock that was set back gives nothing");
        assert_eq!(flood.allow(5_000, at(1_000_000)), 1_000, "what nobody used is not saved up");
    }

    #[test]
    fn answers_that_come_several_a_second_add_up() {
        let mut flood = Flood::new("am", Observed::AlertGroups);
        assert_eq!(flood.allow(2_000, at(0)), 1_000);
        let polls = (1..=600).map(|n| Timestamp::UNIX_EPOCH + (n * 400).milliseconds());
        let taken: usize = polls.map(|now| flood.allow(2_000, now)).sum();
        assert_eq!(taken, 100, "in four minutes a hundred came back, and then not another hundred");
    }

    /// What is told of answers of which so many are left out, with the count and whether it is over.
    fn told(answers: &[std::ops::Range<usize>]) -> Vec<(usize, bool)> {
        let (mut flood, mut incident, mut told) =
            (Flood::new("am", Observed::AlertGroups), Incident::default(), Vec::new());
        for (second, answer) in (0..).zip(answers) {
            let keys = answer.clone().map(|n| n.to_string().into()).collect();
            let Some(event) = flood.leave_out_keys(QueryId::nth(0), keys, at(second), &incident) else { continue };
            let Event::LeftOut { count, until, since, .. } = &event else { panic!("{event:?}") };
            told.push((*count, until.is_some()));
            assert!(until.is_none_or(|until| *since < until));
            let seq = incident.version() + 1;
            incident.apply(Entry { seq, id: Id::small(seq.into()), at: at(second), by: "a".into(), event });
        }
        assert!(incident.left_out.iter().rev().skip(1).all(|known| known.until.is_some()), "{:?}", incident.left_out);
        told
    }

    #[test]
    fn its_beginning_its_doubling_and_its_end_are_told() {
        assert_eq!(told(&[0..0, 0..0]), []);
        assert_eq!(told(&[0..5, 0..5, 0..9, 0..10, 3..10, 0..0, 0..0]), [(5, false), (10, false), (10, true)]);
        assert_eq!(told(&[0..5, 0..0, 0..1, 0..0]), [(5, false), (5, true), (1, false), (1, true)]);
        let endless: Vec<_> = (0..1_000).map(|n| n * 100..(n + 1) * 100).collect();
        assert!(told(&endless).len() <= 12, "{:?}", told(&endless));
    }
}
