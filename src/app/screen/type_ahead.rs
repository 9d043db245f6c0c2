//! Keys and pastes that wait for a record to come back, or for another incident, and what the last ones say of the next:
//! type-ahead.
//!
//! Data only. Who presses a key and what it means is for [`input`](crate::app::input) to say.

pub mod pace;

use std::{collections::VecDeque, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use ratatui::crossterm::event::KeyEvent;

use crate::{
    app::{
        Mouse,
        keymap::Stroke,
        screen::type_ahead::pace::{Pace, Stray},
    },
    incident::board::file::BoardFile,
};

/// What a person gave: a key, pasted text, a whole line, something done with the mouse, or a board file they asked for.
#[derive(Clone, Debug)]
pub(in crate::app) enum Input {
    Key(KeyEvent),
    Paste(String),
    Line(String),
    /// What stood behind a line that has asked for more.
    Rest(String),
    Mouse(Mouse),
    Board(String, Arc<BoardFile>),
}

/// What is known of the keys so far.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Keys {
    /// The first of two strokes.
    pub(in crate::app) prefix: Option<Stroke>,
    /// Keys and pastes that wait for a record to come back, or for another incident.
    pub(in crate::app) waiting: VecDeque<Input>,
    /// When another incident was asked for; what is typed behind it is meant for that one.
    pub(in crate::app) leaving: Option<Timestamp>,
    pub(in crate::app) pace: Pace,
    /// When a line last answered for the last cell that was to be filled, or was one answer too many.
    pub(in crate::app) filled: Option<Timestamp>,
}

/// How long keys wait for an incident that is being opened where nothing was typed for it: nobody sits before dead keys.
const HELD: SignedDuration = SignedDuration::from_millis(500);
/// How long what was typed for it waits: done in this one it would be in the wrong one.
const LONGEST: SignedDuration = SignedDuration::from_secs(10);

impl Keys {
    /// Whether another incident was asked for just now.
    pub(in crate::app) fn is_leaving(&self, now: Timestamp) -> bool {
        let held = if self.waiting.is_empty() { HELD } else { LONGEST };
        self.leaving.is_some_and(|asked| now.duration_since(asked) < held)
    }

    /// Whether what is typed has waited for another incident for so long that this has to be said.
    pub(in crate::app) fn is_leaving_slowly(&self, now: Timestamp) -> bool {
        let slow = self.leaving.is_some_and(|asked| now.duration_since(asked) >= HELD);
        slow && !self.waiting.is_empty() && self.is_leaving(now)
    }

    /// A step was refused: words that were meant as its answer command nothing.
    pub(in crate::app) fn refused(&mut self, now: Timestamp) {
        self.pace.expect(Some(Stray::Letters), now);
    }

    /// A question that was to follow is not asked: words that were typed ahead for it command nothing.
    pub(in crate::app) fn not_asked_on(&mut self, now: Timestamp) {
        self.pace.expect(Some(Stray::Words), now);
    }
}
