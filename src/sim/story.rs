//! What happens when, in story seconds: the one place that decides the plot.
//!
//! A deploy of checkout leaks database connections. Six minutes later the pool of its pods is empty: callers wait, then
//! fail, then the edge fails with them. A deploy of search and a banner that brings traffic, both shortly before, look
//! guilty and are not: search is slower but fails nothing, and the same rush half an hour earlier did no harm.

use super::noise::smooth;

/// The pools of the new pods are empty and requests begin to fail.
pub(super) const ONSET: f64 = 25.0;
/// The bad deploy was finished.
pub(super) const CHECKOUT_DEPLOYED: f64 = ONSET - 360.0;
/// The deploy of search, which only looks guilty, was finished.
pub(super) const SEARCH_DEPLOYED: f64 = ONSET - 60.0;
/// The banner that brings traffic went up.
pub(super) const BANNER_ON: f64 = ONSET - 45.0;
/// The first second of history.
pub(super) const HISTORY: f64 = -3600.0;
/// From here on there is a scrape every second, before every five.
pub(super) const FINE: f64 = -180.0;
/// From here on the alert rules are evaluated.
pub(super) const RULES: f64 = -60.0;

/// Connections a pod may hold.
pub(super) const POOL_MAX: f64 = 20.0;
/// Connections a pod needs at usual traffic.
pub(super) const POOL_BUSY: f64 = 6.0;

/// Traffic as a multiple of the usual; `banner_off` is when the banner was taken down, if it was.
pub(super) fn traffic(now: f64, banner_off: Option<f64>) -> f64 {
    let wave = 0.07 * (now / 240.0).sin() + 0.03 * (now / 67.0 + 1.0).sin();
    let rush = |begin: f64, end: f64| smooth((now - begin) / 20.0) * (1.0 - smooth((now - end) / 60.0));
    let earlier = rush(-2250.0, -1900.0);
    let banner = rush(BANNER_ON, BANNER_ON + 900.0) * banner_off.map_or(1.0, |off| 1.0 - smooth((now - off) / 10.0));
    1.0 + wave + 0.25 * (earlier + banner)
}

/// How a pod of the bad version loses its connections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leak {
    /// When its pool was last fresh.
    pub since: f64,
    /// Seconds from there until nothing is left.
    pub lasts: f64,
    /// How much it speeds up on the way: 1 is a straight line.
    pub power: i32,
    /// Seconds from there until it fails as much as it will.
    pub ramp: f64,
}

impl Leak {
    /// Out with the deploy: slow at first, faster with the rush.
    pub fn slow(since: f64, lasts: f64) -> Self {
        Self { since, lasts, power: 4, ramp: 40.0 }
    }

    /// Begun anew while all the retries of the outage come in.
    pub fn fast(since: f64) -> Self {
        Self { since, lasts: 40.0, power: 2, ramp: 8.0 }
    }

    /// The part of the free connections that is lost, 0 to 1.
    pub fn lost(self, now: f64) -> f64 {
        ((now - self.since) / self.lasts).clamp(0.0, 1.0).powi(self.power)
    }

    /// How far into failing it is, 0 to 1; 0 until nothing is left.
    pub fn failing(self, now: f64) -> f64 {
        smooth((now - self.since - self.lasts) / self.ramp)
    }
}
