//! The rollback guard: four questions on one sheet, each answered or skipped by one key.

use jiff::Timestamp;

use crate::{
    app::{Intent, field::Field},
    incident::GuardQuestion,
};

/// The questions, and which is asked now.
#[derive(Clone, Debug)]
pub struct GuardSheet {
    /// What is about to be done.
    pub intent: Intent,
    /// The question asked now, by its place; past the last one when all were asked.
    pub at: usize,
    /// The words of the answer, while they are typed.
    pub field: Option<Field>,
    /// When a letter came that is no answer, or one right behind it: what follows too fast is the rest of a word.
    pub stray: Option<Timestamp>,
}

impl GuardSheet {
    /// The question asked now.
    pub fn question(&self) -> Option<GuardQuestion> {
        GuardQuestion::ALL.get(self.at).copied()
    }
}
