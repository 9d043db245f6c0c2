//! The one table of weights, and the arithmetic of tenths of a bit.
//!
//! A weight of evidence is the logarithm of how much likelier an observation is under a hypothesis than at large (Good,
//! "Probability and the Weighing of Evidence", 1950). People judge five levels about as well as they judge numbers, so the
//! levels carry fixed probabilities. The values were chosen on diagnosis networks with a known truth, where they stay
//! within a few points of the exact posterior; see the figures in [`ranking`](super).

use std::{fmt, iter, ops};

use crate::incident::board::{Cell, ObservationState, Prior};

/// Tenths of a bit. Whole tenths, so that a row's number is exactly the sum of the reasons it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenths(pub i32);

/// An unnamed cause is as rare as a rare one.
pub const OTHER_PRIOR: Tenths = Tenths(-16);

/// Something of it changed shortly before the onset. Never more: on past outages a recent change misled most often.
pub const CHANGED: Tenths = Tenths(8);

/// How likely a sign is when a hypothesis says nothing about it.
pub const BASE_RATE: f64 = 0.20;

/// How likely a sign is if the hypothesis is true.
pub fn chance(cell: Cell) -> f64 {
    match cell {
        Cell::Must => 0.85,
        Cell::Likely => 0.45,
        Cell::Neutral | Cell::Unassessed => BASE_RATE,
        Cell::Unlikely => 0.06,
        Cell::Cannot => 0.02,
    }
}

/// What a settled observation weighs for a hypothesis that expects `cell` of it: `log2` of [`chance`] over [`BASE_RATE`],
/// or of their complements, to a tenth. `None` where nothing is said: no expectation, or nothing seen.
pub const fn weight(cell: Cell, state: ObservationState) -> Option<Tenths> {
    let (present, absent) = match cell {
        Cell::Must => (21, -24),
        Cell::Likely => (12, -5),
        Cell::Unlikely => (-17, 2),
        Cell::Cannot => (-33, 3),
        Cell::Neutral | Cell::Unassessed => return None,
    };
    match state {
        ObservationState::Present => Some(Tenths(present)),
        ObservationState::Absent => Some(Tenths(absent)),
        ObservationState::Untested | ObservationState::Unclear => None,
    }
}

impl Prior {
    /// What it weighs: a factor of three either way.
    pub fn bits(self) -> Tenths {
        match self {
            Self::Common => Tenths(16),
            Self::Usual => Tenths(0),
            Self::Rare => Tenths(-16),
        }
    }
}

impl Tenths {
    /// The weight in bits, for `--json` and for arithmetic of beliefs.
    pub fn bits(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// How strongly it speaks, for people who do not think in bits. A sign that must be there and is, or is not, speaks
    /// strongly; one that is likely there and is speaks; the rest is weak.
    pub fn words(self) -> &'static str {
        match self.0 {
            20.. => "strongly for",
            10..=19 => "for",
            1..=9 => "weakly for",
            0 => "neither for nor against",
            -9..=-1 => "weakly against",
            -19..=-10 => "against",
            _ => "strongly against",
        }
    }

    /// The mean of `count` values that add up to `sum`, rounded half away from zero; zero when there are none.
    pub(in crate::incident) fn mean(sum: Self, count: u32) -> Self {
        if count == 0 {
            return Self::default();
        }
        let rounded = (2 * sum.0.unsigned_abs() + count) / (2 * count);
        Self(sum.0.signum() * rounded as i32)
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = ["-", "", "+"][(self.0.signum() + 1) as usize];
        f.pad(&format!("{sign}{}.{}", self.0.abs() / 10, self.0.abs() % 10))
    }
}

impl ops::Add for Tenths {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl ops::Sub for Tenths {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl ops::AddAssign for Tenths {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl iter::Sum for Tenths {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::default(), ops::Add::add)
    }
}

#[cfg(test)]
mod tests {
    use Cell::*;

    use super::*;

    #[test]
    fn the_table_is_what_its_formula_says() {
        for cell in [Must, Likely, Unlikely, Cannot] {
            let tenths = |x: f64| Some(Tenths((x.log2() * 10.0).round() as i32));
            let p = chance(cell);
            assert_eq!(weight(cell, ObservationState::Present), tenths(p / 0.2), "{cell:?} present");
            assert_eq!(weight(cell, ObservationState::Absent), tenths((1.0 - p) / 0.8), "{cell:?} absent");
        }
        assert_eq!(Prior::Common.bits().0, (f64::log2(3.0) * 10.0).round() as i32);
    }

    #[test]
    fn means_round_half_away_from_zero() {
        let check = |sum, count, expected| assert_eq!(Tenths::mean(Tenths(sum), count), Tenths(expected));
        check(33, 2, 17); // 1.65
        check(-5, 2, -3); // -0.25
        check(-33 + 21, 2, -6);
        check(7, 3, 2); // 0.233
        check(-8, 3, -3); // -0.266
        check(0, 0, 0);
    }

    #[test]
    fn shown_with_a_sign() {
        let shown = [21, -17, 0, -5, 100].map(|n| Tenths(n).to_string());
        assert_eq!(shown, ["+2.1", "-1.7", "0.0", "-0.5", "+10.0"]);
        assert_eq!(format!("{:>6}", Tenths(21)), "  +2.1");
    }
}
