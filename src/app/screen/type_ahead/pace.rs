//! Keys too fast to be commands: what a hand was still typing when the field or question under it had gone.
//!
//! Nobody reads a new screen and decides in 300 milliseconds, so a letter that follows a letter faster is the rest of a
//! word, whoever wanted to write it. Keys only pass through here; which of them mean something is for
//! [`input`](crate::app::input) to say.

use jiff::Timestamp;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::{Overlay, keymap::TOGETHER};

/// What the last keys say of the next one.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Pace {
    /// When Esc was last pressed: an Enter right after it is half of an Alt-Enter.
    escaped: Option<Timestamp>,
    /// When the coach's key last opened a field: the same key right behind it is no part of the answer.
    coached: Option<Timestamp>,
    /// What may follow so fast that it is no command, and since when.
    stray: Option<(Stray, Timestamp)>,
}

/// What may follow so fast that it is not meant for the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Stray {
    /// A second Enter, after the one that closed what lay over the view.
    Enter,
    /// More signs for cells, after the last one was filled.
    Signs,
    /// The rest of a word, and an Enter; a view, or a second key that leaves, may be meant.
    Letters,
    /// Words, digits and all, and an Enter.
    Words,
}

impl Pace {
    /// Whether a key is the second half of an Alt-Enter, which arrives as Esc and Enter through some multiplexers: the
    /// Enter must not accept what Esc left.
    pub(in crate::app) fn is_half_of_alt_enter(&mut self, key: KeyEvent, now: Timestamp) -> bool {
        let just_escaped = self.escaped.take().is_some_and(|at| now.duration_since(at) < TOGETHER);
        if key.code == KeyCode::Esc {
            self.escaped = Some(now);
        }
        key.code == KeyCode::Enter && just_escaped
    }

    /// The coach's key has opened a field.
    pub(in crate::app) fn coach_asked(&mut self, now: Timestamp) {
        self.coached = Some(now);
    }

    /// Whether a key is the coach's once more, pressed for the step before or held down. Any other key is an answer.
    pub(in crate::app) fn is_coach_again(&mut self, is_coach: bool, now: Timestamp) -> bool {
        let again = is_coach && self.coached.is_some_and(|at| now.duration_since(at) < TOGETHER);
        self.coached = again.then_some(now);
        again
    }

    /// From now on the keys of this kind that follow fast command nothing.
    pub(in crate::app) fn expect(&mut self, stray: Option<Stray>, now: Timestamp) {
        self.stray = stray.map(|stray| (stray, now));
    }

    /// Whether a key is one that was to be expected. It makes the next ones suspect too; a key that is none ends it.
    pub(in crate::app) fn is_stray(&mut self, key: KeyEvent, now: Timestamp) -> bool {
        let Some((stray, since)) = self.stray.take() else { return false };
        if now.duration_since(since) >= TOGETHER || !stray.has(key) {
            return false;
        }
        let next = if stray == Stray::Letters { Stray::Words } else { stray };
        self.expect(Some(next), now);
        true
    }

    /// The next key is meant, whatever it is.
    pub(in crate::app) fn forget(&mut self) {
        self.stray = None;
    }
}

impl Stray {
    /// What may follow a key by which an overlay closes.
    pub(in crate::app) fn after(overlay: &Overlay, key: KeyEvent) -> Option<Self> {
        if key.code == KeyCode::Enter {
            return Some(Self::Enter);
        }
        let is_letter = matches!(key.code, KeyCode::Char(c) if c.is_alphabetic()) && is_plain(key);
        match overlay {
            Overlay::Fill(_) if Self::Signs.has(key) => Some(Self::Signs),
            // Only a question has someone answer in words; what was merely read is closed on purpose.
            Overlay::Choice(_) | Overlay::Guard(_) if is_letter && !overlay.is_typing() => Some(Self::Letters),
            _ => None,
        }
    }

    fn has(self, key: KeyEvent) -> bool {
        match (key.code, self) {
            // Behind a letter that has answered it is the habit of other dialogs.
            (KeyCode::Enter, Self::Enter | Self::Letters | Self::Words) => true,
            (KeyCode::Char(_), _) if !is_plain(key) => false,
            (KeyCode::Char(c), Self::Signs) => "#+.-!X, ?".contains(c),
            (KeyCode::Char(c), Self::Letters) => !c.is_ascii_digit() && c != 'q',
            (KeyCode::Char(_), Self::Words) => true,
            _ => false,
        }
    }
}

fn is_plain(key: KeyEvent) -> bool {
    (key.modifiers - KeyModifiers::SHIFT).is_empty()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    /// Keys with the milliseconds since the one before, behind what has gone: which of them command nothing, in brackets.
    #[track_caller]
    fn check(after: Stray, keys: &[(i64, char)], expected: &str) {
        let mut now = Timestamp::UNIX_EPOCH;
        let mut pace = Pace::default();
        pace.expect(Some(after), now);
        let mut seen = String::new();
        for (since, c) in keys {
            now += SignedDuration::from_millis(*since);
            let key = KeyEvent::from(KeyCode::Char(*c));
            seen += &if pace.is_stray(key, now) { format!("[{c}]") } else { c.to_string() };
        }
        assert_eq!(seen, expected, "{keys:?} after {after:?}");
    }

    #[test]
    fn the_rest_of_a_word_commands_nothing() {
        check(Stray::Letters, &[(100, 'e'), (100, 's'), (299, '2')], "[e][s][2]");
        check(Stray::Letters, &[(300, 'e'), (10, 's')], "es");
        check(Stray::Letters, &[(100, 'e'), (300, 's'), (10, 'x')], "[e]sx");
    }

    #[test]
    fn a_view_and_leaving_may_be_meant_at_once() {
        check(Stray::Letters, &[(50, '2')], "2");
        check(Stray::Letters, &[(50, 'q')], "q");
        check(Stray::Words, &[(50, 'q')], "[q]");
    }

    #[test]
    fn behind_signs_only_signs_are_suspect() {
        check(Stray::Signs, &[(50, '#'), (50, '+'), (50, 'n'), (50, '#')], "[#][+]n#");
    }

    #[test]
    fn the_coachs_key_right_behind_itself_is_no_answer() {
        let (mut pace, start) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let later = |millis| start + SignedDuration::from_millis(millis);
        assert!(!pace.is_coach_again(true, start), "nobody has asked");
        pace.coach_asked(start);
        // Held down, it comes again and again.
        assert!(pace.is_coach_again(true, later(250)) && pace.is_coach_again(true, later(500)));
        assert!(!pace.is_coach_again(true, later(800)));
        pace.coach_asked(start);
        assert!(!pace.is_coach_again(false, later(10)));
        assert!(!pace.is_coach_again(true, later(20)), "it is a sign like any other by now");
    }

    #[test]
    fn enter_right_behind_esc_is_half_of_a_key() {
        let (esc, enter) = (KeyEvent::from(KeyCode::Esc), KeyEvent::from(KeyCode::Enter));
        let (mut pace, start) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let later = |millis| start + SignedDuration::from_millis(millis);
        assert!(!pace.is_half_of_alt_enter(enter, start));
        assert!(!pace.is_half_of_alt_enter(esc, start));
        assert!(pace.is_half_of_alt_enter(enter, later(10)));
        assert!(!pace.is_half_of_alt_enter(enter, later(20)));
        assert!(!pace.is_half_of_alt_enter(esc, later(30)));
        assert!(!pace.is_half_of_alt_enter(enter, later(330)));
    }
}
