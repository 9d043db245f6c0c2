//! How close together the points of a wide window are asked for.
//!
//! A chart of a day has a point every five minutes in each of its columns, and a spike of twenty seconds falls between
//! them: the server leaves it out before it is seen. What draws keeps the least and the greatest of each column, so here
//! as many points are asked for as the server, its answer and the memory bear. How many series there are, and how long the
//! server takes, is known once it has answered with few points.

use std::time::Duration;

use super::super::request::Times;

/// Steps that keep what is short: the finest is that of the window a cockpit opens with.
const STEPS: [u64; 11] = [5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900];
/// A step that is not made finer, in seconds: nothing that two scrapes saw falls between two points of it.
const FINE: u64 = 10;
/// Points of a series that Prometheus answers with, at most.
const MAX_POINTS: u64 = 11_000;
/// Points of all series together, 16 bytes each; 200 series of a window that is not made finer have 72,000.
const MAX_SAMPLES: u64 = 100_000;
/// How long a server may take for the whole window, by how long it took for fewer points.
const PATIENCE: Duration = Duration::from_secs(3);

/// The step in seconds that a window is asked for whole with, once it was answered with so many series in so much time.
/// It divides the step of that answer, or is the same.
pub(super) fn step(answered: Times, series: usize, took: Duration) -> u64 {
    let coarse = answered.step;
    let span = (answered.end - answered.start).unsigned_abs();
    let bears = |step: &u64| {
        let points = span / step + 1;
        points <= MAX_POINTS
            && points.saturating_mul(series as u64) <= MAX_SAMPLES
            && took.saturating_mul(u32::try_from(coarse / step).unwrap_or(u32::MAX)) <= PATIENCE
    };
    match coarse <= FINE || series == 0 {
        true => coarse,
        false => STEPS
            .into_iter()
            .filter(|step| *step < coarse && coarse.is_multiple_of(*step))
            .find(bears)
            .unwrap_or(coarse),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{dashboard::QueryContext, signal::Window};

    #[track_caller]
    fn check(minutes: u64, series: usize, millis: u64, expected: (u64, u64)) {
        let window = Window::live(Duration::from_secs(minutes * 60));
        let coarse = Times::of(window, QueryContext::of(window).step, Timestamp::UNIX_EPOCH);
        assert_eq!((coarse.step, step(coarse, series, Duration::from_millis(millis))), expected, "{minutes} min");
    }

    #[test]
    fn wide_windows_are_asked_for_as_finely_as_is_borne() {
        const DAY: u64 = 24 * 60;
        check(30, 3, 5, (5, 5)); // costs what it did
        check(60, 3, 5, (10, 10));
        check(3 * 60, 3, 5, (30, 5));
        check(12 * 60, 3, 5, (120, 5));
        check(DAY, 1, 5, (300, 10));
        check(DAY, 11, 5, (300, 10));
        check(DAY, 12, 5, (300, 15));
        check(DAY, 69, 5, (300, 60));
        check(DAY, 200, 5, (300, 300)); // as many as are shown
        check(DAY, 0, 5, (300, 300));
        check(7 * DAY, 2, 5, (1800, 60));
        check(DAY, 1, 200, (300, 20)); // a server that takes its time
        check(DAY, 1, 4000, (300, 300));
    }
}
