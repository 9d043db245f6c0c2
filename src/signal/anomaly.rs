//! Which series smells: moves since the onset as it never moved before.
//!
//! A responder cannot look at thousands of curves. For each series this says how far it went from where it usually is,
//! against how far it ever went in a stretch as long (`baseline`), what direction is bad (`names`), and whether anything
//! is to be said at all: below what calm stretches of the same past show, nothing smells (`calm`). When it began, where
//! nobody says, is estimated from the curves ([`onset`]).
//!
//! The parts of a score are logarithms, so that a series of another unit or size weighs the same:
//!
//! - how far its farthest point is from its median, in spreads, and its greatest step from one point to the next, each less
//!   what the 99th percentile of such stretches before shows (a spiky series is allowed its spikes);
//! - half of how far its middle point is (what stays away weighs more than one spike);
//! - less half of what its kind does on average (where all move, the one that moves more is meant).
//!
//! The spread is robust, and at least a part of what series of the same kind have: a curve that happens to lie still does not
//! smell of its first ripple. The baseline ends some time before the onset, because a page comes after it began.

mod baseline;
mod calm;
mod names;
pub mod onset;
mod scoring;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use baseline::{Since, Usual, quantile, quantile_sorted};
pub use names::{Bad, kind_of, meaning};

use scoring::Yardstick;

use super::Point;

/// A stretch of this many milliseconds before the onset counts as after it: pages come late.
const GUARD_MS: i64 = 300_000;
/// At most so much of the past is given to that.
const GUARD_PART: f64 = 0.35;
/// Of series of one kind the median spread; each has at least this part of it.
const KIND_SPREAD: f64 = 0.3;
/// What the kind's usual worst is, of the worst of each of its series.
const KIND_WORST: f64 = 0.9;
/// How much of what the whole kind does is taken from each of its series.
const KIND_SHARE: f64 = 0.5;
/// A kind has something in common when it has so many series.
const KIND_MEMBERS: usize = 3;
/// Traffic follows from trouble more often than it makes it.
const TRAFFIC: f64 = 0.6;
/// Below this nothing is fishy, whatever the past: less than twice as unusual as ever before.
const FLOOR: f64 = 1.5;
/// How far a point is from the rest cannot be told to be more than so many spreads for each point there is.
const MOST_A_POINT: f64 = 5.0;
/// Nor is anything nearer to its usual than so many spreads.
const FEWEST_SPREADS: f64 = 4.0;

/// The score of what never moved.
const LEAST: f64 = -10.0;
/// The score of what fell silent, and of what was not there before.
const ENDED: f64 = 2.0;
const BEGAN: f64 = 1.6;

/// A series that may smell.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What it measures: series of one kind are comparable.
    pub kind: &'a str,
    /// Its points, in any order; what is no number is left out.
    pub points: &'a [Point],
    /// Which direction is trouble.
    pub bad: Bad,
    /// Whether it counts work that comes in, or bytes that pass.
    pub is_traffic: bool,
    /// Up to when it was asked for, in milliseconds since the Unix epoch; `None` for as long as the newest point of all.
    /// What is asked seldom has not fallen silent.
    pub until: Option<i64>,
}

impl<'a> Candidate<'a> {
    /// A series of which nothing is known but its name.
    pub fn named(name: &'a str, points: &'a [Point]) -> Self {
        let kind = kind_of(name);
        Self { kind, points, bad: Bad::of(kind), is_traffic: names::is_traffic(kind), until: None }
    }
}

/// What there is to say of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Smell {
    /// Which of the candidates.
    pub index: usize,
    /// The higher the fishier; comparable within one report only.
    pub score: f64,
    /// Whether it is to be shown as fishy.
    pub is_fishy: bool,
    /// When it began to be unusual, in milliseconds since the Unix epoch.
    pub since: i64,
    /// Whether it went up.
    pub is_up: bool,
    /// How far its farthest point is from its median, in spreads.
    pub spreads: f64,
    /// The same, before.
    pub spreads_before: f64,
    /// The median of its past.
    pub usual: f64,
    /// Its farthest value since.
    pub peak: f64,
    /// What it did.
    pub what: What,
}

/// In what way a series is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It went away from its usual value.
    Away,
    /// Its value is one it had before, but it jumped there as it never did.
    Jumped,
    /// It never moved, and now does.
    Moves,
    /// It was not there before.
    Began,
    /// It says nothing any more.
    Ended,
    /// It is as it always was, or there is too little of it.
    Same,
}

/// What there is to say of all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The fishiest first; every candidate once.
    pub smells: Vec<Smell>,
    /// What the score of a fishy one is at least, unless it began or ended.
    pub limit: f64,
    /// Whether any series reaches back to before what is judged: where none does, nothing can be called unusual.
    pub has_past: bool,
}

impl Report {
    /// Those that are fishy, the fishiest first.
    pub fn fishy(&self) -> impl Iterator<Item = &Smell> {
        self.smells.iter().filter(|smell| smell.is_fishy)
    }
}

/// Scores every candidate since the onset (milliseconds since the Unix epoch).
pub fn score(candidates: &[Candidate<'_>], onset: i64) -> Report {
    let Some(stretch) = Stretch::of(candidates, onset) else { return Report::default() };
    let mut scratch = Vec::new();
    let mut read = |candidate| baseline::read(candidate, stretch, &mut scratch);
    let read: Vec<(Usual, Since)> = candidates.iter().map(&mut read).collect();
    let kinds = kinds(candidates, &read);
    let mut calm = calm::Limit::default();
    let mut smells = Vec::with_capacity(candidates.len());
    for (index, (candidate, (usual, since))) in candidates.iter().zip(&read).enumerate() {
        let kind = kinds[candidate.kind];
        let yardstick = Yardstick {
            spread: usual.spread.max(KIND_SPREAD * kind.spread),
            kind: kind.worst,
            most: MOST_A_POINT * usual.points as f64,
        };
        calm.learn(usual, yardstick, weight(candidate));
        smells.push(judge(index, usual, since, yardstick, stretch));
    }
    less_what_the_kind_does(candidates, &mut smells);
    let newcomers = smells.iter().filter(|smell| smell.what == What::Began);
    let began: BTreeSet<&str> = newcomers.map(|smell| candidates[smell.index].kind).collect();
    let has_past = read.iter().any(|(usual, _)| usual.is_known());
    let limit = calm.score(FLOOR, candidates.len());
    for smell in &mut smells {
        if smell.score > 0.0 {
            smell.score *= weight(&candidates[smell.index]);
        }
        let candidate = &candidates[smell.index];
        smell.is_fishy = has_past && is_told(smell, candidate, limit, began.contains(candidate.kind));
    }
    smells.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
    Report { smells, limit, has_past }
}

/// The time that is judged, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// The baseline ends before it.
    from: i64,
    /// The newest point of all.
    to: i64,
}

impl Stretch {
    fn of(candidates: &[Candidate<'_>], onset: i64) -> Option<Self> {
        let (first, to) = bounds(candidates)?;
        let past = onset.saturating_sub(first).max(0);
        let guard = GUARD_MS.min((past as f64 * GUARD_PART) as i64);
        Some(Self { from: onset.saturating_sub(guard), to })
    }
}

/// The first time at which there is a number, and the last, in milliseconds since the Unix epoch.
pub fn bounds(candidates: &[Candidate<'_>]) -> Option<(i64, i64)> {
    let points = candidates.iter().flat_map(|candidate| candidate.points).filter(|point| point.v.is_finite());
    points.map(|point| point.t).fold(None, |found, t| match found {
        None => Some((t, t)),
        Some((first, last)) => Some((t.min(first), t.max(last))),
    })
}

/// From when on it is judged, given the onset, in milliseconds since the Unix epoch: pages come late.
pub fn judged_from(candidates: &[Candidate<'_>], onset: i64) -> i64 {
    Stretch::of(candidates, onset).map_or(onset, |stretch| stretch.from)
}

/// What series of one kind have in common.
#[derive(Clone, Copy, Debug)]
struct Kind {
    /// The median of their spreads.
    spread: f64,
    /// The usual worst of a stretch before: farthest point and greatest step, in spreads.
    worst: [f64; 2],
}

fn kinds<'a>(candidates: &[Candidate<'a>], read: &[(Usual, Since)]) -> BTreeMap<&'a str, Kind> {
    let mut members: BTreeMap<&str, Vec<&Usual>> = BTreeMap::new();
    for (candidate, (usual, _)) in candidates.iter().zip(read) {
        members.entry(candidate.kind).or_default().extend(usual.is_known().then_some(usual));
    }
    members.into_iter().map(|(name, members)| (name, Kind::of(&members))).collect()
}

impl Kind {
    fn of(members: &[&Usual]) -> Self {
        let median = |values: &mut dyn Iterator<Item = f64>| quantile(&mut values.collect::<Vec<_>>(), 0.5);
        let spread = median(&mut members.iter().map(|usual| usual.spread));
        let worst = |of: fn(&Usual) -> &[f64]| {
            let in_spreads =
                |usual: &&Usual| quantile_sorted(of(usual), KIND_WORST, None) / usual.spread.max(KIND_SPREAD * spread);
            median(&mut members.iter().filter(|usual| !of(usual).is_empty()).map(in_spreads))
        };
        Self { spread, worst: [worst(|usual| &usual.far), worst(|usual| &usual.step)] }
    }
}

fn weight(candidate: &Candidate<'_>) -> f64 {
    if candidate.is_traffic { TRAFFIC } else { 1.0 }
}

/// What there is to say of one series, by itself.
fn judge(index: usize, usual: &Usual, since: &Since, yardstick: Yardstick, stretch: Stretch) -> Smell {
    let mut smell = Smell {
        index,
        score: LEAST,
        is_fishy: false,
        since: since.begun,
        is_up: since.peak.is_some_and(|peak| peak.v > usual.median),
        spreads: 0.0,
        spreads_before: 0.0,
        usual: usual.median,
        peak: since.peak.map_or(usual.median, |peak| peak.v),
        what: What::Same,
    };
    if let Some(ended) = since.ended {
        return Smell { score: ENDED, since: ended, is_up: false, what: What::Ended, ..smell };
    }
    let Some(moves) = since.moves else { return smell };
    if !usual.is_known() {
        return Smell { score: BEGAN, since: since.begun.max(stretch.from), what: What::Began, ..smell };
    }
    let worst = [&usual.far, &usual.step].map(|sorted| quantile_sorted(sorted, scoring::WORST, None));
    (smell.spreads, smell.spreads_before) = (moves.far / yardstick.spread, worst[0] / yardstick.spread);
    if moves.far == 0.0 {
        return smell;
    }
    smell.score = yardstick.score(moves, worst, usual.stretches.len());
    smell.what = match () {
        () if usual.is_flat => What::Moves,
        () if moves.far <= worst[0] => What::Jumped,
        () => What::Away,
    };
    smell
}

/// Whether it is worth telling a person. `is_replaced`: series of its kind began, as pods do that take the place of others.
fn is_told(smell: &Smell, candidate: &Candidate<'_>, limit: f64, is_replaced: bool) -> bool {
    let is_harmless = match candidate.bad {
        Bad::Up => !smell.is_up,
        Bad::Down => smell.is_up,
        Bad::Either => false,
    };
    match smell.what {
        What::Same => false,
        What::Began => candidate.bad == Bad::Up,
        What::Ended => !is_replaced,
        What::Away | What::Jumped | What::Moves => {
            smell.score >= limit && smell.spreads >= FEWEST_SPREADS && !is_harmless
        }
    }
}

/// Takes from each series half of what its kind does.
fn less_what_the_kind_does(candidates: &[Candidate<'_>], smells: &mut [Smell]) {
    let mut kinds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for smell in &*smells {
        kinds.entry(candidates[smell.index].kind).or_default().push(smell.score.max(LEAST));
    }
    let common: BTreeMap<&str, f64> = kinds
        .into_iter()
        .filter(|(_, scores)| scores.len() >= KIND_MEMBERS)
        .map(|(kind, mut scores)| (kind, KIND_SHARE * quantile(&mut scores, 0.5).max(0.0)))
        .collect();
    for smell in smells {
        smell.score -= common.get(candidates[smell.index].kind).copied().unwrap_or_default();
    }
}
