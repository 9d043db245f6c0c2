//! When a query is asked next.
//!
//! Successes stay on a grid that begins with the poller, so a cycle of 5 s is 5.0 s however long answers take, give or
//! take a little [jitter](super::jitter). Failures leave the grid and [back off](super::backoff).

use std::time::{Duration, Instant};

use super::{
    backoff,
    jitter::{self, JITTER_PART},
};
use crate::signal::FaultKind;

/// A costly answer may take at most this part of the time.
const COSTLY_PART: u32 = 5;
/// The shortest interval.
const MIN_EVERY: Duration = Duration::from_millis(100);

/// Decides when a query is asked next.
#[derive(Debug)]
pub(super) struct Schedule {
    every: Duration,
    begun: Instant,
    seed: u64,
    failures: u32,
}

impl Schedule {
    /// `seed` is that of the source: queries of one source and interval stay together.
    pub(super) fn new(every: Duration, begun: Instant, seed: u64) -> Self {
        Self { every: every.max(MIN_EVERY), begun, seed, failures: 0 }
    }

    /// It is to be asked this often from the next time on.
    pub(super) fn change_interval(&mut self, every: Duration) {
        self.every = every.max(MIN_EVERY);
    }

    /// After a success that was asked at `asked`; a costly answer stretches the interval.
    pub(super) fn after_success(&mut self, asked: Instant, now: Instant, took: Duration) -> Instant {
        self.failures = 0;
        let stretched = took * COSTLY_PART;
        if stretched > self.every {
            return (asked + stretched).max(now);
        }
        let turn = |at: Instant| at.saturating_duration_since(self.begun).as_secs_f64() / self.every.as_secs_f64();
        // A turn that has passed already is left out, not made up for.
        let next = (turn(asked).round() as u32).saturating_add(1).max(turn(now).ceil() as u32);
        let jitter = self.every.mul_f64(JITTER_PART * (1.0 + jitter::noise(self.seed, next)));
        (self.begun + self.every * next + jitter).max(now) - self.every.mul_f64(JITTER_PART)
    }

    /// After a failure.
    pub(super) fn after_failure(&mut self, kind: FaultKind, now: Instant, took: Duration) -> Instant {
        self.failures = self.failures.saturating_add(1);
        let pause = backoff::pause(kind, self.failures, self.every).max(took * (COSTLY_PART - 1));
        now + pause.mul_f64(1.0 + JITTER_PART * jitter::noise(self.seed, self.failures))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a beginning is needed")]
mod tests {
    use super::*;

    fn schedule(every: u64) -> (Schedule, Instant) {
        let begun = Instant::now();
        (Schedule::new(Duration::from_secs(every), begun, 42), begun)
    }

    #[test]
    fn a_cycle_does_not_drift() {
        let (mut schedule, begun) = schedule(5);
        let mut due = begun;
        for turn in 1..=1000_u32 {
            let took = Duration::from_millis(u64::from(turn * 37 % 1500));
            due = schedule.after_success(due, due + took, Duration::ZERO);
            let planned = (begun + Duration::from_secs(5) * turn).duration_since(begun).as_secs_f64();
            let off = due.duration_since(begun).as_secs_f64() - planned;
            assert!(off.abs() <= 0.25 + 1e-6, "turn {turn} is off by {off} s");
        }
    }

    #[test]
    fn a_turn_that_has_passed_is_left_out() {
        let (mut schedule, begun) = schedule(5);
        let due = schedule.after_success(begun, begun + Duration::from_secs(12), Duration::ZERO);
        let after = due.duration_since(begun).as_secs_f64();
        assert!((14.75..=15.25).contains(&after), "{after}");
    }

    #[test]
    fn costly_answers_stretch_the_interval() {
        let (mut schedule, begun) = schedule(5);
        let took = Duration::from_secs(4);
        assert_eq!(schedule.after_success(begun, begun + took, took) - begun, Duration::from_secs(20));
    }

    #[track_caller]
    fn check_pauses(every: u64, kind: FaultKind, expected: &[f64]) {
        let (mut schedule, now) = schedule(every);
        for expected in expected {
            let pause = (schedule.after_failure(kind, now, Duration::ZERO) - now).as_secs_f64();
            assert!((pause / expected - 1.0).abs() <= 0.0501, "{pause} instead of {expected}");
        }
    }

    #[test]
    fn pauses_after_failures() {
        check_pauses(5, FaultKind::Refused, &[1.0, 2.0, 4.0, 5.0, 5.0]);
        check_pauses(5, FaultKind::Status(503), &[5.0, 10.0, 20.0, 30.0, 30.0]);
        check_pauses(60, FaultKind::Unauthorized, &[60.0, 60.0]);
        check_pauses(60, FaultKind::Resolve, &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
    }
}
