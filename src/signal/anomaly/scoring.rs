//! The formula: what a stretch shows against the worst before, in logarithms.

use super::baseline::Moves;

/// Which of the stretches before is called the worst: the very worst may have been another outage.
pub(super) const WORST: f64 = 0.99;
/// How much the middle point weighs: what stays away is worse than one spike.
const MIDDLE: f64 = 0.5;
/// The past of the kind weighs as so many stretches of the series' own.
const KIND_STRETCHES: f64 = 4.0;

/// What the moves of a series are measured by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Yardstick {
    /// One spread of the series.
    pub spread: f64,
    /// The usual worst of its kind: farthest point and greatest step, in spreads.
    pub kind: [f64; 2],
    /// most
    pub most: f64,
}

impl Yardstick {
    /// The score of a stretch, given the worst (farthest point, greatest step) of so many others.
    pub fn score(&self, moves: Moves, worst: [f64; 2], stretches: usize) -> f64 {
        let size = |value: f64| (value / self.spread).min(self.most).ln_1p();
        let own = stretches as f64;
        let before =
            |worst: f64, kind: f64| (size(worst) * own + KIND_STRETCHES * kind.ln_1p()) / (own + KIND_STRETCHES);
        let far = size(moves.far) - before(worst[0], self.kind[0]);
        let step = size(moves.step) - before(worst[1], self.kind[1]);
        far + step + MIDDLE * size(moves.middle)
    }
}
