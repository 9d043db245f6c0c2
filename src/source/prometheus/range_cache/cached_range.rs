//! An answer that is kept, and how a newer one continues it.

use std::time::Duration;

use jiff::Timestamp;

use super::super::{super::request::Times, curves::Curves};

/// How late a sample may come and still be shown at once, in seconds: scrapes take their time, and so do the rules and
/// the remote writes after them.
pub(super) const OVERLAP: i64 = 60;

/// The last answer to one question.
pub(super) struct CachedRange {
    pub(super) times: Times,
    pub(super) curves: Curves,
    pub(super) warnings: Vec<String>,
    /// How long the server took for the whole window, and with which times.
    pub(super) took: (Duration, Times),
    /// When the whole window was asked for.
    pub(super) at: Timestamp,
    /// When it is to be asked for again.
    pub(super) until: Timestamp,
    pub(super) misfits: Misfits,
}

/// How often a part did not fit.
#[derive(Clone, Copy, Default)]
pub(super) struct Misfits {
    /// One after the other.
    pub(super) count: u32,
    /// For how many polls the whole is asked for.
    pub(super) pause: u32,
}

impl CachedRange {
    /// Where an answer that continues this one begins, in seconds; `None` if the whole is to be asked for.
    pub(super) fn seam(&self, whole: Times, now: Timestamp) -> Option<i64> {
        let step = whole.step.cast_signed();
        let behind = self.times.end - OVERLAP.max(3 * step);
        let seam = behind - behind.rem_euclid(step);
        let fits = self.times.step == whole.step && self.times.start <= seam && self.times.end <= whole.end;
        let is_less = 2 * (whole.end - seam) <= whole.end - whole.start;
        let is_due = now < self.at || now >= self.until || self.misfits.pause > 0;
        (fits && is_less && !is_due).then_some(seam)
    }

    /// This answer up to the seam and `newer` from there on; `None` if they do not fit together.
    pub(super) fn continued(self, newer: Curves, warnings: &[String], seam: i64, whole: Times) -> Option<Self> {
        if self.warnings != warnings {
            return None;
        }
        let curves = self.curves.continued(newer, Times { start: seam, ..whole }, whole.start)?;
        Some(Self { curves, times: whole, misfits: Misfits::default(), ..self })
    }
}
