//! What was answered before, so that a poll asks only for what may have changed since.
//!
//! A point is kept once the newest one is further than [`OVERLAP`](cached_range::OVERLAP) (and three steps) away from it, and asked for again
//! with every poll until then: a sample that comes late by less than that is shown as a query for the whole window would
//! show it. Where the part that is asked for begins, old and new must agree in every series; wherever they do not, or
//! anything else is odd, the whole window is asked for at once. It is asked for every few minutes anyway, so nothing
//! that slipped through stays longer; and always after a failure, a pause, a step of the clock or another window, and for
//! queries whose past depends on what comes later.
//!
//! A wide window is asked for with few points first, and at once with more if the server bears it: see
//! [`finer`](super::finer). That a server refused them is remembered for a while; its first answer is shown then.
#![expect(clippy::disallowed_methods, reason = "how long an answer takes decides how fine the next is")]

mod cached_range;

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use cached_range::{CachedRange, Misfits};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{
    super::{
        Failure,
        client::{Content, cannot},
        decoding::decoding,
        request::{Question, Request, Times},
    },
    decode::{self, QueryAnswer, Said},
    finer,
};
use crate::signal::Window;

/// The whole window is asked for after this time, a fifth more or less.
const REFRESH: Duration = Duration::from_secs(5 * 60);
/// Longest pause between two attempts at asking for a part, in polls, where the parts do not fit.
const MAX_PAUSE: u32 = 63;

/// The last answer to each question.
#[derive(Default)]
pub(in super::super) struct RangeCache {
    kept: Mutex<HashMap<Arc<Question>, CachedRange>>,
    /// When more points were refused.
    refused: Mutex<HashMap<Arc<Question>, Timestamp>>,
    dice: RandomState,
}

/// One poll of one question.
pub(super) struct Turn {
    question: Arc<Question>,
    window: Window,
    /// Whether its past stays as it is, so that what comes of it may be continued.
    is_settled: bool,
    /// Whether more points may be asked for.
    may_refine: bool,
    /// The step that the question has, in seconds.
    coarse: u64,
    /// The answer with few points, while one with more is asked for.
    few: Option<CachedRange>,
    /// Whether more points were refused: they are not asked for again soon.
    is_refused: bool,
    now: Timestamp,
    whole: Times,
    /// What is to be continued, and where its continuation begins, in seconds.
    kept: Option<(CachedRange, i64)>,
    misfits: Misfits,
    /// When the whole is to be asked for again, if it is now.
    until: Timestamp,
    read: Option<CachedRange>,
}

impl RangeCache {
    /// Asks for what is not known yet, at most thrice, and tells the whole.
    pub(in super::super) async fn read<'f>(
        &self,
        request: &Request,
        ask: impl Fn(Times) -> BoxFuture<'f, Result<Vec<u8>, Failure>>,
    ) -> Result<Content, Failure> {
        let Some(mut turn) = self.turn(request) else { return Err(cannot()) };
        loop {
            let asked = Instant::now();
            let said = match ask(turn.times()).await {
                Ok(body) => decoding(body, decode::answer).await.map_err(Failure::from),
                Err(failure) => Err(failure),
            };
            let answer = match said {
                Ok(said) => turn.answered(said, asked.elapsed()),
                Err(failure) => match turn.refused() {
                    Refused::Has(answer) => Some(answer),
                    Refused::FewPoints => None,
                    Refused::Nothing => return Err(failure),
                },
            };
            // What does not fit is followed by the whole, and the whole by a finer one.
            if let Some(answer) = answer {
                self.land(turn);
                return Ok(answer);
            }
        }
    }

    /// Begins a poll; `None` when it is not about a range. What was kept is taken out until the poll has landed: one that
    /// fails leaves nothing behind.
    pub(super) fn turn(&self, request: &Request) -> Option<Turn> {
        let Request { question, now } = request;
        let Question::Range { query, window, step } = &**question else { return None };
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(question);
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(question).copied();
        let is_settled = !looks_ahead(query);
        let may_refine = is_settled && refused.is_none_or(|at| is_long_ago(at, *now));
        let continued = kept.as_ref().map(|kept| Times::of(*window, kept.times.step, *now));
        let seam = kept.as_ref().zip(continued).and_then(|(kept, whole)| kept.seam(whole, *now));
        // What was answered with more points is asked for whole again at once; it may have other series by now.
        let again = kept.as_ref().filter(|kept| may_refine && kept.times.step < *step).map(|kept| {
            let (took, times) = kept.took;
            let points = |step: u64| u32::try_from(window.span.as_secs() / step.max(1) + 1).unwrap_or(u32::MAX);
            let few = took.mul_f64(f64::from(points(*step)) / f64::from(points(times.step)));
            finer::step(Times::of(*window, *step, *now), kept.curves.all.len(), few)
        });
        let whole = match (seam, continued) {
            (Some(_), Some(whole)) => whole,
            _ => Times::of(*window, again.unwrap_or(*step), *now),
        };
        let misfits = kept.as_ref().map(|kept| kept.misfits).unwrap_or_default();
        let kept = kept.zip(seam);
        let part = self.dice.hash_one((query, now)) % 1000;
        let until = *now + REFRESH.mul_f64(0.8 + 0.4 * part as f64 / 1000.0);
        Some(Turn {
            question: Arc::clone(question),
            window: *window,
            is_settled,
            may_refine,
            coarse: *step,
            few: None,
            is_refused: false,
            now: *now,
            whole,
            kept,
            misfits,
            until,
            read: None,
        })
    }

    /// Keeps what a poll brought.
    pub(super) fn land(&self, turn: Turn) {
        let Turn { question, now, read, is_refused, .. } = turn;
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if is_refused {
            refused.insert(Arc::clone(&question), now);
        }
        refused.retain(|_, at| !is_long_ago(*at, now));
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody asks for any more.
        all.retain(|_, kept| !is_long_ago(kept.at, now));
        if let Some(read) = read {
            all.insert(question, read);
        }
    }
}

/// What there is when an answer was refused.
pub(super) enum Refused {
    /// The answer with few points, which had come.
    Has(Content),
    /// Few points may be had: they are to be asked for.
    FewPoints,
    Nothing,
}

impl Turn {
    /// The times that are to be asked for.
    pub(super) fn times(&self) -> Times {
        self.kept.as_ref().map_or(self.whole, |(_, seam)| Times { start: *seam, ..self.whole })
    }

    /// What can be had when that was refused.
    pub(super) fn refused(&mut self) -> Refused {
        if let Some(few) = self.few.take() {
            return Refused::Has(self.fall_back(few));
        }
        if self.kept.is_some() || self.whole.step >= self.coarse {
            return Refused::Nothing;
        }
        (self.is_refused, self.may_refine) = (true, false);
        self.whole = Times::of(self.window, self.coarse, self.now);
        Refused::FewPoints
    }

    /// The answer with few points, where one with more cannot be had.
    fn fall_back(&mut self, few: CachedRange) -> Content {
        self.is_refused = true;
        self.whole = few.times;
        self.keep(few)
    }

    /// Reads the answer to that, for which the server took so long. `None` when it does not fit to what was kept, or when
    /// more points can be had: then the whole is to be asked for.
    pub(super) fn answered(&mut self, answer: QueryAnswer, took: Duration) -> Option<Content> {
        let QueryAnswer { said: Said::Curves(curves), warnings } = answer else { return Some(answer.told()) };
        let read = match self.kept.take() {
            Some((kept, seam)) => match kept.continued(curves, &warnings, seam, self.whole) {
                Some(kept) => kept,
                None => {
                    self.misfits.count = self.misfits.count.saturating_add(1);
                    self.misfits.pause = (1_u32 << (self.misfits.count - 1).min(10)).min(MAX_PAUSE + 1);
                    return None;
                }
            },
            None => {
                let misfits = Misfits { pause: self.misfits.pause.saturating_sub(1), ..self.misfits };
                let took = (took, self.whole);
                CachedRange { times: self.whole, curves, warnings, took, at: self.now, until: self.until, misfits }
            }
        };
        let is_coarse = read.times.step == self.coarse && read.took.1 == self.whole;
        if self.may_refine && self.few.is_none() && is_coarse && read.curves.is_whole() {
            let step = finer::step(self.whole, read.curves.all.len(), took);
            if step < self.coarse {
                self.whole = Times::of(self.window, step, self.now);
                self.few = Some(read);
                return None;
            }
        }
        // More points, but not of all series: it could not be kept, and would be asked for at each poll.
        if let Some(few) = self.few.take_if(|_| !read.curves.is_whole()) {
            return Some(self.fall_back(few));
        }
        Some(self.keep(read))
    }

    /// Keeps what was read, if it may be continued, and tells it.
    fn keep(&mut self, read: CachedRange) -> Content {
        // A window that stands still is asked for whole each time, unless that is much.
        let lasts = self.is_settled && (self.window.is_live() || read.times.step < self.coarse);
        let (curves, warnings) = match lasts && read.curves.is_whole() {
            true => {
                let read = self.read.insert(read);
                (read.curves.clone(), read.warnings.clone())
            }
            false => (read.curves, read.warnings),
        };
        QueryAnswer { said: Said::Curves(curves), warnings }.told()
    }
}

/// Whether what was true then is not counted on any more.
fn is_long_ago(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).unsigned_abs() >= REFRESH * 2
}

/// Whether a value depends on samples later than it, or on where the window begins and ends: `@`, a negative offset.
/// Rather once too often: these words may stand in a label.
fn looks_ahead(query: &str) -> bool {
    let query = query.to_ascii_lowercase();
    let mut offsets = query.split("offset").skip(1).map(|rest| rest.trim_start_matches([' ', '\t', '\n', '\r', '(']));
    query.contains('@') || query.contains("range(") || offsets.any(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests;
