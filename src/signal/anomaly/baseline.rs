//! What is usual for a series, read from its past, and what it did since, in its own unit.
//!
//! One pass cuts the past into stretches as long as what is judged, and of each keeps how far it went, how far its middle
//! point was, and its greatest step. All of that scales with the spread, which is known once all of the kind are read.

use std::{borrow::Cow, cmp::Ordering};

use super::{Bad, Candidate, FEWEST_SPREADS, Point, Stretch, names};

/// Stretches further back than this many tell nothing more.
const MOST_STRETCHES: usize = 250;
/// Quartiles apart by this are one standard deviation apart, of what is normally distributed.
const QUARTILES: f64 = 1.349;
/// The spread is at least this part of the standard deviation: quartiles know nothing of rare bursts.
const OF_DEVIATION: f64 = 0.1;
/// And this part of the median: nobody minds a percent.
const OF_MEDIAN: f64 = 0.01;
/// Of a move in the direction that does no harm so much is counted.
const HARMLESS: f64 = 0.6;
/// A series has ended when it is silent for so many of its steps.
const ENDED_STEPS: i64 = 5;
/// It was regular before when it had no gap of more steps than this, in so many points.
const REGULAR_STEPS: i64 = 3;
const FEWEST_POINTS: usize = 10;

/// What one stretch shows, in the unit of the series.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moves {
    /// How far the farthest point is from the median of the past.
    pub far: f64,
    /// How far the middle point is.
    pub middle: f64,
    /// The greatest step between neighbours.
    pub step: f64,
}

/// What is usual for a series.
#[derive(Clone, Debug, Default)]
pub(super) struct Usual {
    /// How many points there are before.
    pub points: usize,
    /// The median of the past.
    pub median: f64,
    /// How much it spreads, robustly; tiny when it never moved.
    pub spread: f64,
    /// Whether it had one value only.
    pub is_flat: bool,
    /// What each stretch before shows, the newest first.
    pub stretches: Vec<Moves>,
    /// The farthest points of the stretches, the nearest first.
    pub far: Vec<f64>,
    /// Their greatest steps, the smallest first.
    pub step: Vec<f64>,
}

/// What a series did in the time that is judged.
#[derive(Clone, Debug, Default)]
pub(super) struct Since {
    /// `None` when it said nothing.
    pub moves: Option<Moves>,
    /// Where its farthest point is.
    pub peak: Option<Point>,
    /// When it first was more than half as far as that.
    pub begun: i64,
    /// When it fell silent, if it did.
    pub ended: Option<i64>,
}

impl Usual {
    /// Whether there is enough of the past to speak of what is usual.
    pub fn is_known(&self) -> bool {
        self.points > 1
    }
}

/// Reads a series.
pub(super) fn read(candidate: &Candidate<'_>, stretch: Stretch, scratch: &mut Vec<f64>) -> (Usual, Since) {
    let points = as_read(candidate);
    let (before, since) = points.split_at(points.partition_point(|point| point.t < stretch.from));
    let usual = usual(before, stretch, candidate.bad, scratch);
    let base = if usual.points > 0 { usual.median } else { since.first().map_or(0.0, |point| point.v) };
    let reader = Reader { base, bad: candidate.bad };
    let last = before.last().copied();
    let moves = reader.moves(since, last, 0.0, scratch);
    let distance = |point: &Point| reader.distance(point.v);
    let far = moves.map_or(0.0, |moves| moves.far);
    let peak = since.iter().copied().find(|point| distance(point) >= far);
    let half = far / 2.0;
    let begun = since.iter().find(|point| distance(point) >= half).map_or(stretch.from, |point| point.t);
    let asked = candidate.until.map_or(stretch.to, |until| until.min(stretch.to));
    let ended = ended(before, points.last(), Stretch { to: asked, ..stretch });
    (usual, Since { moves, peak, begun, ended })
}

/// What is usual before a stretch begins, with all points there are.
pub(super) fn split<'a>(candidate: &Candidate<'a>, from: i64, scratch: &mut Vec<f64>) -> (Usual, Cow<'a, [Point]>) {
    let points = as_read(candidate);
    let before = points.partition_point(|point| point.t < from);
    // The whole past is one stretch: nobody asks for the worst of them.
    let usual = usual(&points[..before], Stretch { from, to: i64::MAX / 2 }, candidate.bad, scratch);
    (usual, points)
}

/// The points in order; of a counter what it gains.
fn as_read<'a>(candidate: &Candidate<'a>) -> Cow<'a, [Point]> {
    let points = in_order(candidate.points);
    let is_counter = names::is_counter(candidate.kind) && grows(&points);
    if is_counter { Cow::Owned(increases(&points)) } else { points }
}

/// The points that are numbers, in order of time; of two at one time the later stands.
fn in_order(points: &[Point]) -> Cow<'_, [Point]> {
    let is_fine = points.iter().all(|point| point.v.is_finite()) && points.windows(2).all(|two| two[0].t < two[1].t);
    if is_fine {
        return Cow::Borrowed(points);
    }
    let mut kept: Vec<Point> = points.iter().filter(|point| point.v.is_finite()).copied().collect();
    kept.sort_by_key(|point| point.t);
    kept.reverse();
    kept.dedup_by_key(|point| point.t);
    kept.reverse();
    Cow::Owned(kept)
}

/// Whether it counts up, but for restarts.
fn grows(points: &[Point]) -> bool {
    let falls = points.windows(2).filter(|two| two[1].v < two[0].v).count();
    points.iter().all(|point| point.v >= 0.0) && falls * 20 <= points.len()
}

/// What a counter gained from point to point, per second; after a restart it begins at nothing.
fn increases(points: &[Point]) -> Vec<Point> {
    let gained = |two: &[Point]| {
        let gain = if two[1].v < two[0].v { two[1].v } else { two[1].v - two[0].v };
        Point { t: two[1].t, v: gain * 1000.0 / (two[1].t.saturating_sub(two[0].t)) as f64 }
    };
    points.windows(2).map(gained).collect()
}

fn usual(before: &[Point], stretch: Stretch, bad: Bad, scratch: &mut Vec<f64>) -> Usual {
    if before.is_empty() {
        return Usual::default();
    }
    scratch.clear();
    scratch.extend(before.iter().map(|point| point.v));
    let count = scratch.len() as f64;
    let mean = scratch.iter().sum::<f64>() / count;
    let deviation = (scratch.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count).sqrt();
    let [low, median, high] = quartiles(scratch);
    let spread = ((high - low) / QUARTILES).max(OF_DEVIATION * deviation).max(OF_MEDIAN * median.abs()).max(1e-12);
    let is_flat = before.iter().all(|point| point.v == before[0].v);
    let reader = Reader { base: median, bad };
    let mut stretches = Vec::new();
    let length = stretch.to.saturating_sub(stretch.from).max(1);
    let (mut end, mut rest) = (stretch.from, before);
    while let Some(last) = rest.last() {
        // A stretch in which there is nothing is skipped, however many of them a gap is.
        let span = length.saturating_add(1);
        end = end.saturating_sub(end.saturating_sub(1).saturating_sub(last.t) / span * span);
        let start = end.saturating_sub(length).saturating_sub(1);
        let from = rest.iter().rposition(|point| point.t < start).map_or(0, |at| at + 1);
        let is_whole = from > 0 || rest[0].t <= start.saturating_add(length / 10);
        if stretches.len() == MOST_STRETCHES || !is_whole && !stretches.is_empty() {
            break;
        }
        let (last, unusual) = (from.checked_sub(1).map(|at| rest[at]), FEWEST_SPREADS * spread);
        stretches.extend(reader.moves(&rest[from..], last, unusual, scratch));
        (end, rest) = (start, &rest[..from]);
    }
    let sorted = |of: fn(&Moves) -> f64| {
        let mut values: Vec<f64> = stretches.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let (far, step) = (sorted(|moves| moves.far), sorted(|moves| moves.step));
    Usual { points: before.len(), median, spread, is_flat, stretches, far, step }
}

/// When it fell silent, if it did though others speak. One that has always had gaps has another.
fn ended(before: &[Point], last: Option<&Point>, stretch: Stretch) -> Option<i64> {
    let last = last?;
    let silent = stretch.to.saturating_sub(last.t);
    let steps = || before.windows(2).map(|two| two[1].t.saturating_sub(two[0].t));
    let (shortest, longest) = (steps().min()?, steps().max()?);
    let is_regular = before.len() >= FEWEST_POINTS && longest <= shortest.saturating_mul(REGULAR_STEPS);
    // What was gone long before says nothing of what began.
    let is_new = last.t >= stretch.from.saturating_sub(shortest.saturating_mul(REGULAR_STEPS));
    (is_regular && is_new && silent >= shortest.saturating_mul(ENDED_STEPS)).then_some(last.t)
}

/// Measures from what is usual.
struct Reader {
    base: f64,
    bad: Bad,
}

impl Reader {
    fn distance(&self, value: f64) -> f64 {
        self.weigh(value - self.base)
    }

    fn weigh(&self, move_: f64) -> f64 {
        match self.bad {
            Bad::Up if move_ < 0.0 => -move_ * HARMLESS,
            Bad::Down if move_ > 0.0 => move_ * HARMLESS,
            _ => move_.abs(),
        }
    }

    /// What a stretch shows. The middle point is looked for only where the farthest is as far as `unusual`: what is not will
    /// never be scored.
    fn moves(&self, points: &[Point], before: Option<Point>, unusual: f64, scratch: &mut Vec<f64>) -> Option<Moves> {
        let mut last = before.or(points.first().copied())?.v;
        scratch.clear();
        let (mut far, mut step) = (0.0_f64, 0.0_f64);
        for point in points {
            let distance = self.distance(point.v);
            (far, step) = (far.max(distance), step.max(self.weigh(point.v - last)));
            last = point.v;
            scratch.push(distance);
        }
        let middle = if far >= unusual { quantile(scratch, 0.5) } else { 0.0 };
        (!points.is_empty()).then_some(Moves { far, middle, step })
    }
}

/// A quantile, between neighbours where it falls between them; 0 of nothing. The values change places.
pub(super) fn quantile(values: &mut [f64], part: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let place = last as f64 * part;
    let (below, share) = (place as usize, place.fract());
    let (_, &mut low, above) = values.select_nth_unstable_by(below.min(last), in_size);
    if share == 0.0 || above.is_empty() {
        return low;
    }
    low + (above.iter().copied().fold(f64::INFINITY, f64::min) - low) * share
}

/// The three quartiles of at least one value; of each half that is left only that half is searched.
fn quartiles(values: &mut [f64]) -> [f64; 3] {
    let last = values.len() - 1;
    let median = quantile(values, 0.5);
    let (low, high) = values.split_at_mut(last / 2);
    let [below, above] = [0.25, 0.75].map(|part| (last as f64 * part) as usize);
    let (low, high) = (nth(low, below).unwrap_or(median), nth(high, above - last / 2).unwrap_or(median));
    [low, median, high]
}

fn nth(values: &mut [f64], place: usize) -> Option<f64> {
    (place < values.len()).then(|| *values.select_nth_unstable_by(place, in_size).1)
}

/// The order of numbers, none of which is NaN.
fn in_size(a: &f64, b: &f64) -> Ordering {
    a.partial_cmp(b).unwrap_or(Ordering::Equal)
}

/// The same of what is in order, as if the one at `without` were not there.
pub(super) fn quantile_sorted(sorted: &[f64], part: f64, without: Option<usize>) -> f64 {
    let count = sorted.len() - usize::from(without.is_some());
    let Some(last) = count.checked_sub(1) else { return 0.0 };
    let at = |i: usize| sorted[i + usize::from(without.is_some_and(|gone| gone <= i))];
    let place = last as f64 * part;
    let below = place as usize;
    let low = at(below);
    if below == last { low } else { low + (at(below + 1) - low) * place.fract() }
}
