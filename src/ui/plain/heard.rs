//! What a person knows who was told all that is so: little enough to be put together at every message.

use jiff::Timestamp;

use super::question;
use crate::{
    app::{App, Step, VitalState, screen::board::board_order, world::vitals},
    incident::{Status, ranking::RowId},
    ui::{header, strip},
};

/// What was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// Entries of the journal.
    pub(super) entries: usize,
    /// Turns of the ranking.
    pub(super) turns: usize,
    /// Whether users are hurt, in words.
    pub(super) status: &'static str,
    /// The status that was decided.
    pub(super) decided: Status,
    /// On which side each vital is.
    pub(super) vitals: Vec<Side>,
    /// The rows that lead, in their order.
    pub(super) order: Vec<RowId>,
    /// The next step, once it was said.
    pub(super) next: Option<Next>,
    /// What was just done or could not be done: after how many typed lines, when, in which words.
    pub(super) notice: Option<(u64, Timestamp, String)>,
    /// The question that is open.
    pub(super) question: Option<question::Question>,
    /// What could not be written.
    pub(super) banner: Option<String>,
}

/// Where a vital is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Inside,
    Outside,
    Unknown,
    NotAsked,
}

/// The next step. Words that only count down are the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Next {
    pub(super) step: Option<Step>,
    /// Its words where it is no step, without digits.
    words: String,
}

/// Rows of the ranking whose order is followed.
const FOLLOWED: usize = 5;

impl Heard {
    pub(super) fn of(app: &App) -> Self {
        let facts = app.facts();
        let side = |at| match vitals::vital(facts, at) {
            VitalState::Inside(_) => Side::Inside,
            VitalState::Outside(_) => Side::Outside,
            VitalState::Unknown(_) if vitals::vital_was_asked(facts, at) => Side::Unknown,
            VitalState::Unknown(_) => Side::NotAsked,
        };
        let advice = app.advice();
        let words =
            if advice.step.is_some() { String::new() } else { advice.text.replace(|c: char| c.is_ascii_digit(), "") };
        Self {
            entries: confirmed(app),
            turns: app.incident.rank_turns.len(),
            status: header::status_words(app).0,
            decided: app.incident.summary.status,
            vitals: (0..app.session.config.vitals.len()).map(side).collect(),
            order: board_order(&app.incident).into_iter().take(FOLLOWED).collect(),
            next: Some(Next { step: advice.step, words }),
            notice: app.screen.notice.as_ref().map(|said| (app.screen.lines_typed, said.at, said.text.clone())),
            question: question::Question::of(app),
            banner: strip::not_written(app),
        }
    }
}

/// How many entries the journal has confirmed: what is pending stands behind them.
fn confirmed(app: &App) -> usize {
    let entries = app.incident.entries();
    entries.len() - entries.iter().rev().take_while(|entry| app.outbox.is_provisional(entry.seq)).count()
}
