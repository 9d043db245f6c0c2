//! A small deviation from the time something is due, so that a team's cockpits do not ask in step.

use std::hash::{BuildHasher, RandomState};

/// Jitter is at most this part of the interval, to either side.
pub(super) const JITTER_PART: f64 = 0.05;

/// Between -1 and 1, the same for the same seed and turn.
pub(super) fn noise(seed: u64, turn: u32) -> f64 {
    let mut x = seed ^ u64::from(turn).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// A number nobody else has.
pub(super) fn seed() -> u64 {
    RandomState::new().hash_one(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_spread_and_within_bounds() {
        let all: Vec<f64> = (0..10_000).map(|turn| noise(42, turn)).collect();
        assert!(all.iter().all(|noise| (-1.0..=1.0).contains(noise)));
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        assert!(mean.abs() < 0.05, "{mean}");
        assert!(noise(1, 1) != noise(2, 1), "another seed, another noise");
    }
}
