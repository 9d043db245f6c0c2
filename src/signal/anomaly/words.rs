//! Why a series is called fishy, in the words of one who has no time.

use super::{Smell, What};

/// More spreads than this are not counted: it never moved like that.
const MANY: f64 = 1000.0;

impl Smell {
    /// Without the time: `42× its usual spread; worst before 3×`.
    pub fn reason(&self) -> String {
        let times = |spreads: f64| match spreads {
            s if s >= MANY => "over 1000×".to_owned(),
            s if s >= 10.0 => format!("{s:.0}×"),
            s => format!("{s:.1}×").replace(".0×", "×"),
        };
        let way = if self.is_up { "up" } else { "down" };
        match self.what {
            What::Away => {
                let before = times(self.spreads_before);
                format!("{way} {} its usual spread; worst before {before}", times(self.spreads))
            }
            What::Jumped => format!("jumps {way} as it never did; {} its usual spread", times(self.spreads)),
            What::Moves => format!("was flat, now moves {way}"),
            What::Began => "was not there before".to_owned(),
            What::Ended => "has no values any more".to_owned(),
            What::Same => "as always".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smell(what: What, spreads: f64) -> Smell {
        let (index, score, since, usual, peak) = (0, 2.0, 0, 1.0, 9.0);
        let (is_fishy, is_up, spreads_before) = (true, true, 3.0);
        Smell { index, score, is_fishy, since, is_up, spreads, spreads_before, usual, peak, what }
    }

    #[test]
    fn the_reason_says_how_far_and_how_far_before() {
        assert_eq!(smell(What::Away, 42.4).reason(), "up 42× its usual spread; worst before 3×");
        assert_eq!(smell(What::Away, 1e9).reason(), "up over 1000× its usual spread; worst before 3×");
        assert_eq!(smell(What::Jumped, 6.25).reason(), "jumps up as it never did; 6.2× its usual spread");
        assert_eq!(smell(What::Moves, 1e9).reason(), "was flat, now moves up");
    }
}
