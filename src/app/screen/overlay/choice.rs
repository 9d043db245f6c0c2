//! A question answered by one key: each letter shown answers at once, wherever the question comes from. The answer is never
//! the key that asked, and words typed by mistake decide nothing: a letter that follows one that is no answer too fast to
//! be meant is the rest of a word. A moment later every letter that is shown answers again.

use jiff::Timestamp;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    app::{Intent, keymap::TOGETHER, screen::overlay::Purpose, world::dashboards::DashboardRow},
    incident::{Event, Id, MitigationState},
};

/// A question and its answers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it is about, in a few words; unless it was said, that of the first question that follows.
    pub title: String,
    /// The question.
    pub question: String,
    /// What is known; may be empty.
    pub told: Vec<String>,
    /// What speaks against it, to be known before answering; may be empty.
    pub about: Vec<String>,
    /// The answers.
    pub answers: Vec<Answer>,
    /// The answer that Enter takes.
    pub selected: Option<usize>,
    /// The last letter was no answer.
    pub stray: bool,
    /// When the last letter came.
    last: Option<Timestamp>,
    /// What its lines follow while it is open; `None` where they stay as they were asked.
    pub follows: Option<Follows>,
    /// The key that asked; it may still be held down.
    opener: Option<char>,
}

/// What goes on while a question is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follows {
    /// How a mitigation does; its line is the first one told.
    Running(Id),
    /// What speaks against saying that a mitigation worked.
    Doubts(Id),
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its key.
    pub key: char,
    /// What it says.
    pub text: String,
    /// What comes of it.
    pub then: Then,
}

/// What comes of an answer.
#[derive(Clone, Debug)]
pub enum Then {
    /// The question is closed, and all stays as it is.
    Nothing,
    /// These are recorded.
    Record(Vec<Event>),
    /// A question follows.
    Ask(Purpose),
    /// The command of a mitigation is shown, to be confirmed by typing its name.
    Run(Id),
    /// The board is written over this file.
    ReplaceFile(String),
    /// A mitigation is marked, after what speaks against it was said.
    Mark(Id, MitigationState),
    /// Something is being done by hand, or proposed.
    Begin(Box<Intent>, MitigationState),
    /// The guard's questions about a mitigation.
    Guard(Id),
    /// That a mitigation failed speaks against a row.
    Evidence(Id, Id),
    /// A mitigation failed, and that speaks against a row.
    Failed(Id, Id),
    /// Nothing was written since this change.
    NotWritten(String),
    /// This address is copied, to be opened elsewhere.
    Follow(String),
    /// A dashboard is opened here.
    OpenDashboard(Box<DashboardRow>),
    /// Those dashboards are listed that have all of these words.
    ListDashboards(String),
    /// The step that was said is done, if it still is the next one.
    NextStep,
}

/// What a key came to.
#[derive(Clone, Debug)]
pub enum Pressed {
    /// The question stays.
    Stays,
    /// It goes without an answer.
    Leaves,
    /// This was answered.
    Answered(Then),
}

impl Choice {
    /// A question without anything to know before.
    pub fn new(question: impl Into<String>) -> Self {
        Self {
            title: String::new(),
            question: question.into(),
            told: Vec::new(),
            about: Vec::new(),
            answers: Vec::new(),
            selected: None,
            stray: false,
            last: None,
            follows: None,
            opener: None,
        }
    }

    /// Says what it is about.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a line of what is known.
    pub fn telling(mut self, line: impl Into<String>) -> Self {
        self.told.push(line.into());
        self
    }

    /// Says what its lines follow.
    pub fn following(mut self, follows: Follows) -> Self {
        self.follows = Some(follows);
        self
    }

    /// Adds a line that speaks against it.
    pub fn knowing(mut self, line: impl Into<String>) -> Self {
        self.about.push(line.into());
        self
    }

    /// Adds an answer.
    pub fn or(mut self, key: char, text: impl Into<String>, then: Then) -> Self {
        if self.title.is_empty()
            && let Then::Ask(purpose) = &then
        {
            self.title = purpose.spec().title.split(':').next().unwrap_or_default().to_owned();
        }
        self.answers.push(Answer { key, text: text.into(), then });
        self
    }

    /// The end of a row of questions: nothing is asked, and only Esc leaves it, so that whoever goes on typing does no
    /// harm.
    pub fn end(title: impl Into<String>, said: impl Into<String>) -> Self {
        Self::new(said).titled(title)
    }

    /// Says which key asked.
    pub(in crate::app) fn asked_by(&mut self, key: Option<KeyEvent>) {
        self.opener = key.and_then(letter);
    }

    /// Takes a key pressed at this time.
    pub fn press(&mut self, key: KeyEvent, now: Timestamp) -> Pressed {
        let last = self.answers.len().saturating_sub(1);
        match key.code {
            KeyCode::Enter => {
                let taken = self.selected.and_then(|at| self.answers.get(at));
                return taken.map_or(Pressed::Stays, |answer| Pressed::Answered(answer.then.clone()));
            }
            KeyCode::Down | KeyCode::Tab => self.selected = Some(self.selected.map_or(0, |at| (at + 1).min(last))),
            KeyCode::Up | KeyCode::BackTab => {
                self.selected = Some(self.selected.map_or(last, |at| at.saturating_sub(1)))
            }
            _ => {}
        }
        match letter(key) {
            Some(pressed) if !self.answers.is_empty() => self.press_letter(pressed, now),
            _ => Pressed::Stays,
        }
    }

    fn press_letter(&mut self, pressed: char, now: Timestamp) -> Pressed {
        let is_same_word = self.last.replace(now).is_some_and(|last| now.duration_since(last) < TOGETHER);
        if self.stray && is_same_word {
            return Pressed::Stays;
        }
        self.stray = false;
        if let Some(answer) = self.answers.iter().find(|answer| answer.key == pressed) {
            return Pressed::Answered(answer.then.clone());
        }
        if pressed == 'q' && self.selected.is_none() {
            return Pressed::Leaves;
        }
        if Some(pressed) != self.opener {
            (self.stray, self.selected) = (true, None);
        }
        Pressed::Stays
    }
}

fn letter(key: KeyEvent) -> Option<char> {
    match key.code {
        KeyCode::Char(c) if (key.modifiers - KeyModifiers::SHIFT).is_empty() => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char) -> KeyEvent {
        let code = match c {
            '\n' => KeyCode::Enter,
            '↓' => KeyCode::Down,
            c => KeyCode::Char(c),
        };
        KeyEvent::from(code)
    }

    /// Types into a question with the answers `y` and `n`, fast, with a moment at each `…`; says which was taken, `q` when it
    /// was left, `-` when it stays.
    #[track_caller]
    fn check(choice: &Choice, typed: &str, expected: char) {
        let (mut choice, mut now) = (choice.clone(), Timestamp::UNIX_EPOCH);
        for c in typed.chars() {
            if c == '…' {
                now += TOGETHER;
                continue;
            }
            let came = match choice.press(key(c), now) {
                Pressed::Stays => continue,
                Pressed::Leaves => 'q',
                Pressed::Answered(Then::Nothing) => 'n',
                Pressed::Answered(_) => 'y',
            };
            assert_eq!(came, expected, "{typed:?}");
            return;
        }
        assert_eq!('-', expected, "{typed:?}");
    }

    fn yes_or_no() -> Choice {
        Choice::new("Is it?").or('y', "yes", Then::Record(Vec::new())).or('n', "no", Then::Nothing)
    }

    #[test]
    fn the_first_key_answers_and_words_do_not() {
        check(&yes_or_no(), "y", 'y');
        check(&yes_or_no(), "n", 'n');
        check(&yes_or_no(), "q", 'q');
        check(&yes_or_no(), "maybe yes\n", '-');
        check(&yes_or_no(), " y", '-');
        check(&yes_or_no(), "m↓\n", 'y');
        check(&yes_or_no(), "\n", '-');
        check(&yes_or_no(), "↓↓\n", 'n');
    }

    #[test]
    fn a_moment_after_a_stray_letter_the_letters_shown_answer_again() {
        check(&yes_or_no(), "x…y", 'y');
        check(&yes_or_no(), "maybe…n", 'n');
        check(&yes_or_no(), "\n…y", 'y');
        check(&yes_or_no(), "x…xy", '-');
        check(&yes_or_no(), "x…q", 'q');
    }

    #[test]
    fn the_key_that_asked_may_be_held_down() {
        let mut choice = yes_or_no();
        choice.asked_by(Some(key('S')));
        check(&choice, "SSy", 'y');
        choice.asked_by(Some(key('>')));
        check(&choice, ">>y", 'y');
    }

    #[test]
    fn an_end_is_left_by_esc_only() {
        check(&Choice::end("Review", "That was all."), "why, q\n2n↓\n", '-');
    }
}
