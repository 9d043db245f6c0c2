//! The keys of what machines observed, in 16 bytes each: a storm has tens of thousands of them, of a hundred bytes.

use std::hash::{BuildHasher, RandomState};

use hashbrown::{DefaultHashBuilder, HashSet};

/// A set of keys that holds a digest of each. Of a million keys two have the same digest once in 10²⁶ times.
#[derive(Clone, Debug, Default)]
pub struct DedupKeys {
    /// One half of a digest that nobody can aim at, and one that is quickly made.
    halves: (RandomState, DefaultHashBuilder),
    digests: HashSet<u128>,
}

impl DedupKeys {
    /// Whether the set has the key.
    pub fn contains(&self, key: &str) -> bool {
        self.digests.contains(&self.digest(key))
    }

    /// Puts the key in. Says whether it is new.
    pub fn insert(&mut self, key: &str) -> bool {
        self.digests.insert(self.digest(key))
    }

    fn digest(&self, key: &str) -> u128 {
        let (high, low) = &self.halves;
        u128::from(high.hash_one(key)) << 64 | u128::from(low.hash_one(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_once() {
        let mut keys = DedupKeys::default();
        assert!((0..1_000).all(|n| keys.insert(&format!("alert|{n}"))));
        assert!((0..1_000).all(|n| !keys.insert(&format!("alert|{n}")) && keys.contains(&format!("alert|{n}"))));
        assert!(!keys.contains("alert|1000") && !keys.contains(""));
        assert!(keys.clone().contains("alert|7"), "a copy digests as the first does");
    }

    #[test]
    fn the_halves_of_a_digest_are_independent() {
        let digest = DedupKeys::default().digest("alert|1");
        assert_ne!(digest >> 64, digest & u128::from(u64::MAX));
    }
}
