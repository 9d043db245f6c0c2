//! How much a person can listen to: of what machines tell so many lines of a kind at once; the rest is counted.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::incident::timeline::Kind;

/// Lines of one kind within [`WINDOW`].
const AT_ONCE: usize = 20;
const WINDOW: SignedDuration = SignedDuration::from_secs(10);

/// What was said in the window that is open.
#[derive(Default)]
pub(super) struct Pace {
    since: Option<Timestamp>,
    /// By the word of the kind: lines said, and lines counted since it was last said how many.
    of: BTreeMap<&'static str, (usize, usize)>,
    /// It was said in this window that there are more.
    counted: bool,
}

impl Pace {
    /// Whether a line of this kind may be said now; else it is counted.
    pub(super) fn takes(&mut self, kind: Kind, now: Timestamp) -> bool {
        if self.is_over(now) && self.of.values().all(|(_, more)| *more == 0) {
            *self = Self::default();
        }
        self.since.get_or_insert(now);
        let (said, more) = self.of.entry(kind.word()).or_default();
        let takes = *said < AT_ONCE;
        *(if takes { said } else { more }) += 1;
        takes
    }

    /// How many more there were: at once, then at the end of the window.
    pub(super) fn rest(&mut self, now: Timestamp) -> Vec<String> {
        let is_over = self.is_over(now);
        if self.counted && !is_over {
            return Vec::new();
        }
        let counts = self.of.iter_mut().filter(|(_, (_, more))| *more > 0);
        let lines: Vec<String> = counts.map(|(word, (_, more))| counted(word, std::mem::take(more))).collect();
        self.counted |= !lines.is_empty();
        if is_over {
            *self = Self::default();
        }
        lines
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.since.is_some_and(|since| now.duration_since(since) >= WINDOW)
    }
}

fn counted(word: &str, more: usize) -> String {
    let lines = if more == 1 { "line" } else { "lines" };
    match word {
        "alert" if more == 1 => "1 more alert; `watch` says what fires".to_owned(),
        "alert" => format!("{more} more alerts; `watch` says what fires"),
        word => format!("{more} more {lines} about {word}; `log` has the last of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_is_a_few_lines_and_a_count() {
        let (mut pace, now) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let said = (0..500).filter(|_| pace.takes(Kind::Alert, now)).count();
        assert_eq!((said, pace.rest(now)), (20, vec!["480 more alerts; `watch` says what fires".to_owned()]));
        assert!(pace.takes(Kind::Vital, now), "a storm of one kind hides nothing of another");
        assert!(!pace.takes(Kind::Alert, now));
        assert_eq!(pace.rest(now), Vec::<String>::new(), "it is not said again and again");
        assert_eq!(pace.rest(now + WINDOW), ["1 more alert; `watch` says what fires"]);
        assert!(pace.takes(Kind::Alert, now + WINDOW));
    }
}
