//! What calm looks like: the scores that stretches of the past would have had.
//!
//! A threshold of one's own, because what is unusual differs from place to place: of a thousand spiky series one is always at
//! its highest ever. For each stretch before, the highest score of any series is what would have been shown then, had that
//! stretch been judged by all the others; the 95th percentile of those is the limit.

use super::{
    baseline::{Usual, quantile, quantile_sorted},
    scoring::{self, Yardstick},
};

/// Of calm stretches so many may be called fishy.
const CALM: f64 = 0.95;

const UNSEEN: f64 = 2.0;

/// What the highest scores of each stretch of the past are.
#[derive(Default)]
pub(super) struct Limit(Vec<f64>);

impl Limit {
    /// Takes in what a series did before.
    pub fn learn(&mut self, usual: &Usual, yardstick: Yardstick, weight: f64) {
        if usual.stretches.len() < 2 {
            return;
        }
        self.0.resize(self.0.len().max(usual.stretches.len()), f64::NEG_INFINITY);
        let without = |sorted: &[f64], value: f64| {
            let place = sorted.partition_point(|other| *other < value);
            quantile_sorted(sorted, scoring::WORST, Some(place))
        };
        for (highest, moves) in self.0.iter_mut().zip(&usual.stretches) {
            if moves.far < super::FEWEST_SPREADS * yardstick.spread {
                continue;
            }
            let worst = [without(&usual.far, moves.far), without(&usual.step, moves.step)];
            let score = yardstick.score(*moves, worst, usual.stretches.len() - 1);
            *highest = highest.max(score * weight);
        }
    }

    /// The least score that is more than calm.
    pub fn score(mut self, floor: f64, series: usize) -> f64 {
        let seen = self.0.len();
        self.0.retain(|score| score.is_finite());
        quantile(&mut self.0, CALM).max(floor) + UNSEEN * (series as f64).ln_1p() / (1.0 + seen as f64)
    }
}
