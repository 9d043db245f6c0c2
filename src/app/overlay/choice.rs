//! A question answered by one key. The answer is never the key that asked.

use crate::{
    app::Intent,
    incident::{Event, Id, MitigationState},
};

use super::Purpose;

/// A question and its answers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The question.
    pub question: String,
    /// What is known; may be empty.
    pub told: Vec<String>,
    /// What speaks against it, to be known before answering; may be empty.
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
}

impl Choice {
    /// A question without anything to know before.
    pub fn new(question: impl Into<String>) -> Self {
        Self { question: question.into(), told: Vec::new(), about: Vec::new(), answers: Vec::new() }
    }

    /// Adds a line of what is known.
    pub fn telling(mut self, line: impl Into<String>) -> Self {
        self.told.push(line.into());
        self
    }

    /// Adds a line that speaks against it.
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
