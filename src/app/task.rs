//! Work that may take longer than a key should wait: asked for with [`Effect::Compute`](super::Effect::Compute), done
//! anywhere, and brought back with [`Msg::Computed`](super::Msg::Computed).
//!
//! A task is a snapshot: it sees nothing of what happens after it was asked for. What comes of it says which state it is of,
//! and is dropped when that is no longer the one there is.

use super::App;
use crate::{
    app::smelling,
    incident::judgement::{Judgement, Question, Stamp},
};

/// Something to be worked out.
#[derive(Clone, Debug)]
pub enum Task {
    /// What follows from a board.
    Judge(Box<Question>),
    /// Which curves smell.
    Smell(Box<smelling::Question>),
}

/// Tasks of one kind: of two that wait only the newer one is worth doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// See [`Task::Judge`].
    Judge,
    /// See [`Task::Smell`].
    Smell,
}

/// What came of a task.
#[derive(Clone, Debug)]
pub enum Computed {
    /// What follows from the board whose stamp it has.
    Judged(Box<Judgement>),
    /// Judging the board of this state failed, which is a bug.
    NotJudged(Stamp),
    /// Which curves smell.
    Smelt(Box<smelling::Smelt>),
    /// Scoring the curves failed, which is a bug.
    NotSmelt,
}

/// What was asked for and has not come back.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::app) struct Asked {
    /// The state of the board that is being judged, or could not be: that is tried again once the board has changed.
    judging: Option<Stamp>,
    /// How often the board was put together anew when it was last judged, or asked about: pending entries are numbered
    /// anew then, and two boards may have one stamp.
    revision: u64,
}

impl Task {
    /// Which other tasks it takes the place of.
    pub fn kind(&self) -> TaskKind {
        match self {
            Self::Judge(_) => TaskKind::Judge,
            Self::Smell(_) => TaskKind::Smell,
        }
    }

    /// What is told of it when doing it fails.
    pub fn failed(&self) -> Computed {
        match self {
            Self::Judge(question) => Computed::NotJudged(question.stamp()),
            Self::Smell(_) => Computed::NotSmelt,
        }
    }

    /// Does it, here and now.
    pub fn run(self) -> Computed {
        match self {
            Self::Judge(question) => Computed::Judged(Box::new(question.judge())),
            Self::Smell(question) => Computed::Smelt(Box::new(question.score())),
        }
    }
}

/// Tasks of one kind about one state are the same: the state decides what comes of them.
impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Judge(one), Self::Judge(other)) => one.stamp() == other.stamp(),
            (Self::Smell(one), Self::Smell(other)) => one.stamp() == other.stamp(),
            (Self::Judge(_) | Self::Smell(_), _) => false,
        }
    }
}

/// Whether the board as it is was judged, or is being judged.
pub(in crate::app) fn is_judged_or_asked(app: &App) -> bool {
    let is_known = app.judgement.is_of(&app.incident) || app.asked.judging == Some(app.incident.stamp());
    is_known && app.asked.revision == app.outbox.revision()
}

/// Judges the board here when that takes no time; else has it judged.
pub(in crate::app) fn judge(app: &mut App) -> Option<Task> {
    let question = judge_if_small(app)?;
    app.asked.judging = Some(question.stamp());
    Some(Task::Judge(Box::new(question)))
}

/// Judges the board here when that takes no time; else gives back the question, which is then to be asked elsewhere.
pub(in crate::app) fn judge_if_small(app: &mut App) -> Option<Question> {
    let question = Question::of(&app.incident);
    app.asked.revision = app.outbox.revision();
    if question.is_small() {
        (app.judgement, app.asked.judging) = (question.judge(), None);
        return None;
    }
    Some(question)
}

/// Takes in what came of a task, unless it is of a state that has passed.
pub(in crate::app) fn take(app: &mut App, computed: Computed) {
    match computed {
        Computed::Judged(judgement) => {
            app.asked.judging = app.asked.judging.filter(|stamp| *stamp != judgement.stamp);
            if judgement.is_of(&app.incident) {
                app.judgement = *judgement;
            }
        }
        Computed::NotJudged(stamp) if app.asked.judging == Some(stamp) => {
            app.complain("what to check next cannot be worked out, which is a bug; a change to the board tries again");
        }
        Computed::NotJudged(_) => {}
        Computed::Smelt(smelt) => app.world.smells.take(*smelt),
        Computed::NotSmelt => app.world.smells.failed(),
    }
}
