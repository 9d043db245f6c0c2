//! Names of entries and of what they add.
//!
//! An id is a UUID v7 given by the author of an entry. Hypotheses, observations, mitigations and so on are named by the
//! id of the entry that added them; the short labels people see (`A`, `s1`) are given by
//! [`apply`](super::Incident::apply) in order of the log.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The id of an entry, and of what it added.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// A fixed small id; for tests and for boards that are not in a journal.
    pub const fn small(n: u128) -> Self {
        Self(Uuid::from_u128(n))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Makes ids from a time that is handed in and a seed drawn once at start-up, so that code which makes them stays pure.
#[derive(Clone, Debug)]
pub struct Ids {
    seed: u64,
    counter: u64,
}

impl Ids {
    /// Two authors must never share a seed; draw it from the operating system.
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }

    /// The next id: 48 bits of milliseconds, then a counter, then the seed.
    pub fn next(&mut self, now: Timestamp) -> Id {
        self.counter += 1;
        let mut random = [0; 10];
        random[..2].copy_from_slice(&(self.counter as u16 & 0x0fff).to_be_bytes());
        // The counter's higher bits are folded into the seed, so that ids of one millisecond never repeat.
        random[2..].copy_from_slice(&(self.seed ^ (self.counter >> 12)).to_be_bytes());
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Id(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_do_not_repeat_within_a_millisecond() {
        let mut ids = Ids::new(7);
        let made: std::collections::HashSet<_> = (0..10_000).map(|_| ids.next(Timestamp::UNIX_EPOCH)).collect();
        assert_eq!(made.len(), 10_000);
    }

    #[test]
    fn two_seeds_never_meet() {
        let (mut a, mut b) = (Ids::new(1), Ids::new(2));
        assert_ne!(a.next(Timestamp::UNIX_EPOCH), b.next(Timestamp::UNIX_EPOCH));
    }
}
