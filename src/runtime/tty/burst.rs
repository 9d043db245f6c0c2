//! Text pasted into a terminal that does not say so: keys faster than any hand, with Enter among them.
//!
//! An Enter there is the end of a line, not an answer: the first one would take the field, and the lines behind it would
//! be commands. Where the field was not open before, the keys are a script's, and each means what it says.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Keys this close together come at one stroke.
const TOGETHER: Duration = Duration::from_millis(30);
/// Keys before an Enter that no hand types in so short a time.
const BEFORE: usize = 8;
/// Keys behind it that have come with it. One may be a hand's, or a script's that leaves.
const BEHIND: usize = 2;

/// The keys that came together last.
#[derive(Debug, Default)]
pub struct Burst {
    last: Option<Instant>,
    /// How many keys were behind it: they have come with it, however long it takes to get to them.
    behind: usize,
    /// Characters since it began.
    characters: usize,
    /// Whether a field was open before its first key.
    in_field: bool,
    /// Whether one Enter in it was the end of a line: then each is.
    is_paste: bool,
}

impl Burst {
    /// Whether a key is the end of a line of pasted text: `typing` while a field is open, with so many keys behind it.
    pub fn ends_line(&mut self, key: KeyEvent, typing: bool, behind: usize, now: Instant) -> bool {
        let goes_on = self.behind > 0 || self.last.is_some_and(|last| now.duration_since(last) < TOGETHER);
        if !goes_on {
            *self = Self { in_field: typing, ..Self::default() };
        }
        (self.last, self.behind) = (Some(now), behind);
        match key.code {
            KeyCode::Char(_) => self.characters += 1,
            KeyCode::Enter if key.modifiers == KeyModifiers::NONE && self.in_field && typing => {
                self.is_paste |= self.characters >= BEFORE && behind >= BEHIND;
                return self.is_paste;
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant to begin with")]
mod tests {
    use super::*;

    /// What of these keys, typed so many milliseconds apart into a field that is open from the first one on or not, ends a
    /// line, as `/`; what is an Enter, as `!`.
    fn read(text: &str, apart: u64, open: bool) -> String {
        let mut burst = Burst::default();
        let begun = Instant::now();
        let all: Vec<char> = text.chars().collect();
        let told = all.iter().enumerate().map(|(at, c)| {
            let code = if *c == '\r' { KeyCode::Enter } else { KeyCode::Char(*c) };
            let now = begun + Duration::from_millis(apart) * at as u32;
            let behind = if apart == 0 { all.len() - at - 1 } else { 0 };
            match burst.ends_line(code.into(), open || at > 0, behind, now) {
                true => '/',
                false if *c == '\r' => '!',
                false => *c,
            }
        });
        told.collect()
    }

    #[test]
    fn an_enter_in_pasted_text_is_the_end_of_a_line() {
        assert_eq!(read("error: pool exhausted\rat db\rend\r", 0, true), "error: pool exhausted/at db/end/");
    }

    #[test]
    fn a_slow_frame_in_the_middle_of_a_paste_does_not_end_it() {
        let (mut burst, begun) = (Burst::default(), Instant::now());
        let text: Vec<char> = "error: pool exhausted\rat\rdb".chars().collect();
        let ends: Vec<bool> = text
            .iter()
            .enumerate()
            .map(|(at, c)| {
                let code = if *c == '\r' { KeyCode::Enter } else { KeyCode::Char(*c) };
                // A frame of half a second behind the first line.
                let now = begun + Duration::from_millis(if at > 22 { 500 } else { 0 });
                burst.ends_line(code.into(), true, text.len() - at - 1, now)
            })
            .collect();
        assert_eq!(ends.iter().filter(|ends| **ends).count(), 2);
    }

    #[test]
    fn what_is_typed_means_what_it_says() {
        assert_eq!(read("error: pool exhausted\rat db", 90, true), "error: pool exhausted!at db");
        // All of it at once, with the key that opens the field: a script.
        assert_eq!(read("npool is exhausted\rsrate\r", 0, false), "npool is exhausted!srate!");
        // The end of a note, and the key that leaves.
        assert_eq!(read("pool is exhausted\rq", 0, true), "pool is exhausted!q");
        assert_eq!(read("pool is exhausted\r", 0, true), "pool is exhausted!");
        assert_eq!(read("no\rat db", 0, true), "no!at db");
    }
}
