//! Randomness that is the same for the same seed, place and time, in whatever order it is asked for.

/// Noise of one seed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(mixed(seed))
    }

    /// Between 0 and 1, for a place and a time.
    pub fn unit(self, place: &str, time: f64) -> f64 {
        // FNV-1a over the place, then splitmix64 over all three.
        let place = place
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let bits = mixed(self.0 ^ place ^ mixed(time.to_bits()));
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Between -1 and 1.
    pub fn sway(self, place: &str, time: f64) -> f64 {
        self.unit(place, time) * 2.0 - 1.0
    }

    /// Between -1 and 1, changing slowly: a new direction every `period` seconds.
    pub fn drift(self, place: &str, time: f64, period: f64) -> f64 {
        let step = (time / period).floor();
        let part = smooth(time / period - step);
        self.sway(place, step) * (1.0 - part) + self.sway(place, step + 1.0) * part
    }
}

/// A step from 0 to 1 without corners; `x` beyond them is at the nearer end.
pub(super) fn smooth(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// splitmix64: <https://prng.di.unimi.it/splitmix64.c>.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
