//! How much the reading of one query can still be believed.
//!
//! What that makes of the source it is asked of is told by its [`Health`](super::Health).

use std::time::Duration;

use jiff::Timestamp;

/// A vital that is not [`Live`](Freshness::Live) is unknown, never healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing has come yet, not even a failure.
    Never,
    /// The last poll succeeded, and not long ago.
    Live,
    /// The last good reading is older than [`patience`].
    Stale,
    /// The last poll failed; the last good reading, if any, is kept and dated.
    Failing,
}

impl Freshness {
    /// Judges by the last good reading, whether the newest outcome was a failure, and the interval of polling.
    pub fn of(now: Timestamp, last_good: Option<Timestamp>, failing: bool, every: Duration) -> Self {
        match last_good {
            _ if failing => Self::Failing,
            None => Self::Never,
            Some(at) if older_than(now, at, patience(every)) => Self::Stale,
            Some(_) => Self::Live,
        }
    }
}

/// How old the last good reading of a query may be. Two intervals, so that a server that hangs is seen before its time is
/// over; where they are short three, up to 5 s, since one late answer is no news.
pub fn patience(every: Duration) -> Duration {
    (every * 2).max(Duration::from_secs(5).min(every * 3))
}

fn older_than(now: Timestamp, at: Timestamp, limit: Duration) -> bool {
    Duration::try_from(now.duration_since(at)).is_ok_and(|age| age > limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: i64, good: Option<i64>, failing: bool, expected: Freshness) {
        let at = |s| Timestamp::from_second(s).expect("a time");
        assert_eq!(Freshness::of(at(now), good.map(at), failing, Duration::from_secs(5)), expected);
    }

    #[test]
    fn ages() {
        check(100, None, false, Freshness::Never);
        check(100, None, true, Freshness::Failing);
        check(100, Some(90), false, Freshness::Live);
        check(100, Some(89), false, Freshness::Stale);
        check(100, Some(99), true, Freshness::Failing);
        let patient = |ms: u64| patience(Duration::from_millis(ms)).as_secs_f64();
        assert_eq!([500, 1000, 2000, 3000, 30_000].map(patient), [1.5, 3.0, 5.0, 6.0, 60.0]);
        check(100, Some(160), false, Freshness::Live); // a clock that went back
    }
}
