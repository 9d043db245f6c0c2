//! A question answered by one key. The answer is never the key that asked.

use crate::incident::{Event, Id};

use super::Purpose;

/// A question and its answers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The question.
    pub question: String,
    /// What should be known before answering; may be empty.
    pub about: Vec<String>,
    /// The answers.
    pub answers: Vec<Answer>,
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
    /// Nothing.
    Nothing,
    /// These are recorded.
    Record(Vec<Event>),
    /// A question follows.
    Ask(Purpose),
    /// The command of a mitigation is shown, to be confirmed by typing its name.
    Run(Id),
    /// The board is written over this file.
    ReplaceFile(String),
}

impl Choice {
    /// A question without anything to know before.
    pub fn new(question: impl Into<String>) -> Self {
        Self { question: question.into(), about: Vec::new(), answers: Vec::new() }
    }

    /// Adds a line to know before answering.
    pub fn knowing(mut self, line: impl Into<String>) -> Self {
        self.about.push(line.into());
        self
    }

    /// Adds an answer.
    pub fn or(mut self, key: char, text: impl Into<String>, then: Then) -> Self {
        self.answers.push(Answer { key, text: text.into(), then });
        self
    }
}
