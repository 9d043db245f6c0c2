//! Gives the system back what the allocator keeps after a storm.
//!
//! glibc returns memory from the ends of its arenas only: one small thing that stays above 20 MB of freed alerts holds them
//! for as long as the program runs. musl and macOS return pages by themselves.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use tokio::time::Instant;

use super::log_file::{Level, Log};
use crate::source::memory::{peak, resident};

/// Fewer than this are not worth looking at every arena for.
const MANY: usize = 1_000;

/// How long after the other the arenas are looked at: when the smaller answer has replaced the larger one, and when the
/// journal has all that came of it.
const AFTER: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(18)];

/// Tells when the sources hold much less than they did: the moment at which there is something to give back.
#[derive(Debug)]
pub struct HighWater<K> {
    of: HashMap<K, usize>,
    highest: usize,
}

impl<K> Default for HighWater<K> {
    fn default() -> Self {
        Self { of: HashMap::new(), highest: 0 }
    }
}

impl<K: Eq + Hash> HighWater<K> {
    /// A source holds `amount` now. Says whether all of them together hold less than half of the most they held since this
    /// last said so.
    pub fn has_ebbed(&mut self, source: K, amount: usize) -> bool {
        self.of.insert(source, amount);
        let all: usize = self.of.values().sum();
        let ebbed = self.highest >= MANY && all < self.highest / 2;
        self.highest = if ebbed { all } else { self.highest.max(all) };
        ebbed
    }
}

/// Says in the log how much is taken, now and then.
#[derive(Debug)]
pub struct Reports {
    next: Instant,
}

/// How often that is said.
const EVERY: Duration = Duration::from_secs(60);

impl Reports {
    /// The first one is due at once.
    pub fn from(now: Instant) -> Self {
        Self { next: now }
    }

    /// Says it when it is time, where there is a log.
    pub fn say(&mut self, log: &Log, now: Instant, limit: u64) {
        if now < self.next || !log.is_on() {
            return;
        }
        self.next = now + EVERY;
        let (Some(taken), Some(most)) = (resident(), peak()) else { return };
        let mb = |bytes: u64| bytes / 1_000_000;
        log.say(
            Level::Info,
            "memory",
            format!("{} MB, {} at the most so far; limit {}", mb(taken), mb(most), mb(limit)),
        );
    }
}

/// Whether a thread waits to give back.
static SOON: AtomicBool = AtomicBool::new(false);

/// Gives back, in a while and on a thread of its own: it takes milliseconds, in which whoever needs memory may wait.
pub fn give_back_soon() {
    if SOON.swap(true, Ordering::Relaxed) {
        return;
    }
    // Where no thread can be had there is worse to think of.
    let thread = thread::Builder::new().name("memory".into()).spawn(|| {
        for pause in AFTER {
            thread::sleep(pause);
            give_back();
        }
        SOON.store(false, Ordering::Relaxed);
    });
    if thread.is_err() {
        SOON.store(false, Ordering::Relaxed);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "no safe function gives memory back")]
fn give_back() {
    // SAFETY: it takes no pointer, and any thread may call it at any time.
    unsafe { libc::malloc_trim(0) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_that_has_gone_is_noticed_once() {
        let mut held = HighWater::default();
        let said: Vec<bool> = [30, 900, 30, 20_000, 15_000, 9_000, 40, 30].map(|n| held.has_ebbed("a", n)).to_vec();
        assert_eq!(said, [false, false, false, false, false, true, true, false]);
    }

    #[test]
    fn a_storm_that_another_source_still_has_has_not_gone() {
        let mut held = HighWater::default();
        assert!(!held.has_ebbed("a", 5_000));
        assert!(!held.has_ebbed("b", 5_000));
        assert!(!held.has_ebbed("a", 3));
        assert!(held.has_ebbed("b", 3));
    }
}
