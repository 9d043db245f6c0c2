//! The rollback guard: four questions on one sheet, each answered or skipped by one key.

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
    /// Words are being typed by mistake: letters answer nothing until another key is pressed.
    pub deaf: bool,
}

impl GuardSheet {
    /// The question asked now.
    pub fn question(&self) -> Option<GuardQuestion> {
        GuardQuestion::ALL.get(self.at).copied()
    }
}
