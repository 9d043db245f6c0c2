//! Whether a source can be relied on: one word for all that ask.
//!
//! What one query showed last is judged by its [`Freshness`]. A source is judged by its polls in a row and by the queries
//! that are asked of it all the time, since one query that is late, or wrong, says nothing about the system behind it.

use std::time::Duration;

use jiff::Timestamp;

use super::{Fault, FaultKind, Freshness};

/// Polls that fail in a row until a source is lost: one may fail for any reason.
pub const LOST: u32 = 2;

/// What a source is. `failures` are polls in a row that failed while no query of it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained above and by the name")]
pub enum Health {
    /// It has not answered yet; without a failure either, it has merely not had the time.
    Never { failures: u32 },
    /// Its newest poll was answered, and something of what it answered is young.
    Live,
    /// Polls fail, or come late, but what it showed may still be acted on.
    Shaky { failures: u32 },
    /// Polls fail, and what it showed is too old to act on.
    Silent { since: Timestamp, failures: u32 },
    /// Polls do not even fail, and what it showed is too old to act on.
    Hung { since: Timestamp },
}

impl Health {
    /// Judges by what came of the polls of a source, and by those queries of it that are asked all the time. Where there
    /// are none, nothing but checks asks it, which end: then only its polls tell.
    pub fn of(now: Timestamp, polls: &Polls, asked: impl Iterator<Item = Asked> + Clone) -> Self {
        let failures = polls.failures.count;
        let Some(since) = polls.answered else { return Self::Never { failures } };
        let any = |is: fn(&Asked, Timestamp) -> bool| asked.clone().any(|query| is(&query, now));
        let hangs = any(|query, _| query.last_good.is_some()) && !any(Asked::speaks_for_source);
        let heard = if any(|_, _| true) { any(Asked::is_heard) } else { failures < LOST };
        match failures {
            0 if !hangs => Self::Live,
            _ if heard => Self::Shaky { failures },
            0 => Self::Hung { since },
            _ => Self::Silent { since, failures },
        }
    }

    /// Polls in a row that failed while no query was answered.
    pub fn failures(self) -> u32 {
        match self {
            Self::Never { failures } | Self::Shaky { failures } | Self::Silent { failures, .. } => failures,
            Self::Live | Self::Hung { .. } => 0,
        }
    }

    /// When it last answered, if nothing it showed may be acted on any more.
    pub fn silent_since(self) -> Option<Timestamp> {
        match self {
            Self::Silent { since, .. } | Self::Hung { since } => Some(since),
            Self::Never { .. } | Self::Live | Self::Shaky { .. } => None,
        }
    }

    /// Whether a person has to look another way. The journal is stricter, and goes by [`failures`](Self::failures) alone:
    /// a source that was never there, or is slow, was not lost.
    pub fn is_lost(self) -> bool {
        match self {
            Self::Never { failures } => failures > 0,
            Self::Live => false,
            Self::Shaky { failures } => failures >= LOST,
            Self::Silent { .. } | Self::Hung { .. } => true,
        }
    }
}

/// What came of the polls of a source, whatever was asked.
#[derive(Clone, Debug, Default)]
pub struct Polls {
    /// The time of the newest answer; `None` before the first.
    pub answered: Option<Timestamp>,
    /// The polls that failed while none of its queries was answered; one query that is too slow is not the source.
    pub failures: Failures,
}

/// A run of polls that failed.
#[derive(Clone, Debug, Default)]
pub struct Failures {
    /// Polls in the run; 0 after an answer.
    pub count: u32,
    /// The time of its first failure; `None` after an answer.
    pub since: Option<Timestamp>,
    /// The newest failure; `None` after an answer.
    pub fault: Option<Fault>,
    /// The time of the answer that ended the run before this one; `None` when there was none.
    pub ended: Option<Timestamp>,
}

impl Failures {
    /// Counts one more poll that failed; the run began with the first.
    pub fn add(&mut self, fault: Fault, at: Timestamp) {
        self.count = self.count.saturating_add(1);
        self.since.get_or_insert(at);
        self.fault = Some(fault);
    }

    /// Ends the run with an answer. Without a run, the end of the one before stays.
    pub fn end(&mut self, at: Timestamp) {
        let ended = if self.since.is_some() { Some(at) } else { self.ended };
        *self = Self { ended, ..Self::default() };
    }

    /// Whether the run goes on, or ended less than so many seconds before `at`.
    pub fn are_recent(&self, at: Timestamp, seconds: i64) -> bool {
        self.since.is_some() || self.ended.is_some_and(|ended| at.duration_since(ended).as_secs() < seconds)
    }
}

/// What is known of one query.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The time of its last good reading; `None` before the first.
    pub last_good: Option<Timestamp>,
    /// The kind of failure of its newest poll; `None` when that was answered.
    pub fault: Option<FaultKind>,
    /// The time from one answer to the next, when all goes well.
    pub pace: Duration,
}

impl Asked {
    /// How much its last good reading can be believed.
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        Freshness::of(now, self.last_good, self.fault.is_some(), self.pace)
    }

    /// Whether what it showed last may still be acted on. One poll that failed is no silence.
    pub fn is_heard(&self, now: Timestamp) -> bool {
        Freshness::of(now, self.last_good, false, self.pace) == Freshness::Live
    }

    /// Whether it shows that its source is there: a query that is wrong was understood.
    fn speaks_for_source(&self, now: Timestamp) -> bool {
        self.freshness(now) == Freshness::Live || self.fault.is_some_and(FaultKind::is_about_query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1000;
    const REFUSED: Option<FaultKind> = Some(FaultKind::Refused);
    const YOUNG: Asked = query(Some(5), None);
    const OLD: Asked = query(Some(20), None);
    const YOUNG_FAILING: Asked = query(Some(5), REFUSED);
    const OLD_FAILING: Asked = query(Some(20), REFUSED);
    const WRONG: Asked = query(None, Some(FaultKind::BadQuery));
    const NOTHING: Asked = query(None, None);

    /// A query asked each five seconds that was answered so many seconds ago.
    const fn query(ago: Option<i64>, fault: Option<FaultKind>) -> Asked {
        let last_good = match ago {
            Some(ago) => Some(Timestamp::constant(NOW - ago, 0)),
            None => None,
        };
        Asked { last_good, fault, pace: Duration::from_secs(5) }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[track_caller]
    fn check(answered: Option<i64>, failures: u32, asked: &[Asked], expected: Health, lost: bool) {
        let mut polls = Polls { answered: answered.map(|ago| at(NOW - ago)), ..Polls::default() };
        polls.failures.count = failures;
        let health = Health::of(at(NOW), &polls, asked.iter().copied());
        assert_eq!((health, health.is_lost()), (expected, lost));
        assert_eq!(health.failures(), failures);
    }

    #[test]
    fn what_a_source_is() {
        use Health::{Hung, Live, Never, Shaky, Silent};
        let since = at(NOW - 20);
        // (last answer, failures in a row, its queries), what it is, whether that is a loss
        check(None, 0, &[NOTHING], Never { failures: 0 }, false);
        check(None, 1, &[query(None, REFUSED)], Never { failures: 1 }, true);
        check(None, 2, &[query(None, REFUSED)], Never { failures: 2 }, true);
        check(Some(5), 0, &[YOUNG], Live, false);
        check(Some(5), 0, &[YOUNG, OLD_FAILING], Live, false);
        check(Some(20), 0, &[OLD, WRONG], Live, false);
        check(Some(20), 0, &[OLD], Hung { since }, true);
        check(Some(20), 0, &[OLD, NOTHING], Hung { since }, true);
        check(Some(5), 0, &[OLD, YOUNG_FAILING], Shaky { failures: 0 }, false);
        check(Some(5), 1, &[YOUNG_FAILING], Shaky { failures: 1 }, false);
        check(Some(5), 2, &[YOUNG_FAILING], Shaky { failures: 2 }, true);
        check(Some(20), 1, &[OLD_FAILING], Silent { since, failures: 1 }, true);
        check(Some(20), 2, &[OLD_FAILING, OLD], Silent { since, failures: 2 }, true);
    }

    #[test]
    fn what_a_source_is_that_only_checks_ask() {
        let since = at(NOW - 20);
        check(None, 0, &[], Health::Never { failures: 0 }, false);
        check(Some(20), 0, &[], Health::Live, false);
        check(Some(20), 1, &[], Health::Shaky { failures: 1 }, false);
        check(Some(20), 2, &[], Health::Silent { since, failures: 2 }, true);
    }

    #[test]
    fn a_run_of_failures_ends_with_an_answer() {
        let mut failures = Failures::default();
        failures.end(at(1));
        assert!(failures.ended.is_none() && !failures.are_recent(at(1), 120), "there was none");
        for second in [2, 3] {
            failures.add(Fault::new(FaultKind::Refused, ""), at(second));
        }
        assert_eq!((failures.count, failures.since), (2, Some(at(2))));
        assert!(failures.are_recent(at(1000), 120), "they go on");
        failures.end(at(4));
        assert_eq!((failures.count, failures.since, &failures.fault, failures.ended), (0, None, &None, Some(at(4))));
        assert!(failures.are_recent(at(123), 120) && !failures.are_recent(at(124), 120));
    }
}
