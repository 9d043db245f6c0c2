//! What smells: which curves moved since the onset as they never moved before, scored where it holds up no key.
//!
//! A mark on a pane is calm. It appears when a series was found twice running, keeps its words while what they say is about
//! so, and leaves when the series was not found three times running.

use std::{collections::HashSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use crate::{
    app::{
        App, Facts,
        smelling::{Found, Question, Smelt, Stamp},
    },
    dashboard::PaneId,
};

/// Between two times at which all curves are scored, at least.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// Found so often running, it is shown.
const APPEARS: u8 = 2;
/// Not found so often running, it is shown no more.
const LEAVES: u8 = 3;
/// Words stand while the number in them is right to this part.
const ABOUT: f64 = 0.25;

/// What smells as of the newest scoring.
#[derive(Clone, Debug, Default)]
pub struct Smells {
    /// The state that is being scored, or was last.
    asked: Option<Stamp>,
    is_running: bool,
    /// When it was asked for last.
    at: Option<Timestamp>,
    /// Scored series, the fishiest first.
    marks: Vec<Mark>,
    /// What the newest scoring went by; `None` before the first.
    known: Option<Scored>,
}

/// What a scoring went by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// How many series.
    pub series: usize,
    /// Whether they reach back to before the onset.
    pub has_past: bool,
}

#[derive(Clone, Debug)]
struct Mark {
    found: Arc<Found>,
    seen: u8,
    missed: u8,
}

/// Why there is no list to show, or that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody knows when it began: there is nothing to compare with.
    NoOnset,
    /// No curve was scored yet.
    Waiting,
    /// No curve reaches back to before the onset.
    NoPast,
    /// So many series were scored, and none smells.
    Nothing(usize),
    /// Something smells.
    Something,
}

impl Smells {
    /// The series that smell, the fishiest first.
    pub fn shown(&self) -> impl Iterator<Item = &Arc<Found>> {
        self.marks.iter().filter(|mark| mark.seen >= APPEARS).map(|mark| &mark.found)
    }

    /// The fishiest series of a pane.
    pub fn of_pane(&self, pane: PaneId) -> Option<&Arc<Found>> {
        self.shown().find(|found| found.pane == pane)
    }

    /// What there is to say of all of them.
    pub fn standing(&self, onset: Option<Timestamp>) -> Standing {
        match self.known {
            _ if onset.is_none() => Standing::NoOnset,
            _ if self.shown().next().is_some() => Standing::Something,
            None | Some(Scored { series: 0, .. }) => Standing::Waiting,
            Some(Scored { has_past: false, .. }) => Standing::NoPast,
            Some(Scored { series, .. }) => Standing::Nothing(series),
        }
    }

    /// Takes in what a scoring found, the fishiest first.
    pub(in crate::app) fn take(&mut self, smelt: Smelt) {
        self.is_running = false;
        let is_another = self.asked.is_none_or(|asked| asked.onset != smelt.stamp.onset);
        if is_another {
            return;
        }
        let mut before: Vec<Mark> = std::mem::take(&mut self.marks);
        for found in smelt.found {
            let known = before.iter().position(|mark| mark.found.is_of_same(&found)).map(|at| before.swap_remove(at));
            self.marks.push(match known {
                Some(mark) => Mark { seen: mark.seen.saturating_add(1), missed: 0, found: mark.newer(found) },
                None => Mark { found: Arc::new(found), seen: 1, missed: 0 },
            });
        }
        let missed = before.into_iter().map(|mark| Mark { missed: mark.missed + 1, ..mark });
        self.marks.extend(missed.filter(|mark| mark.seen >= APPEARS && mark.missed < LEAVES));
        self.marks.sort_by(|a, b| b.found.smell.score.total_cmp(&a.found.smell.score));
        self.known = Some(Scored { series: smelt.series, has_past: smelt.has_past });
    }

    /// Nothing came of it: it is tried again with the next answers.
    pub(in crate::app) fn failed(&mut self) {
        self.is_running = false;
    }
}

impl Mark {
    /// What is known now, in the words that stand where they are about right.
    fn newer(&self, found: Found) -> Arc<Found> {
        let (before, now) = (&self.found.smell, &found.smell);
        let is_about = (before.spreads - now.spreads).abs() <= ABOUT * before.spreads;
        let is_same = before.what == now.what && before.is_up == now.is_up && is_about;
        if is_same { Arc::clone(&self.found) } else { Arc::new(found) }
    }
}

/// Whether nothing is to be scored now.
pub(in crate::app) fn is_current(app: &App) -> bool {
    let smells = &app.world.smells;
    let is_soon = smells.at.is_some_and(|at| {
        let ago = app.session.now.duration_since(at);
        (SignedDuration::ZERO..PAUSE).contains(&ago)
    });
    smells.is_running || is_soon || smells.asked == stamp(app.facts()) || app.incident.onset().is_none()
}

/// Has what the sources answered scored, when there is anything to score.
pub(in crate::app) fn ask(app: &mut App) -> Option<Question> {
    let stamp = stamp(app.facts())?;
    let question = Question::of(app.facts(), stamp);
    let now = app.session.now;
    let smells = &mut app.world.smells;
    if smells.asked.is_some_and(|asked| asked.onset != stamp.onset) {
        (smells.marks, smells.known) = (Vec::new(), None);
    }
    (smells.asked, smells.at) = (Some(stamp), Some(now));
    smells.is_running = !question.is_empty();
    let panes: HashSet<PaneId> = app.world.plan.panes.iter().map(|pane| pane.id).collect();
    smells.marks.retain(|mark| panes.contains(&mark.found.pane));
    (!question.is_empty()).then_some(question)
}

fn stamp(facts: Facts<'_>) -> Option<Stamp> {
    let onset = facts.incident.onset()?.as_millisecond();
    Some(Stamp { onset, answers: facts.world.signals.answers() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::anomaly::{Smell, What};

    fn found(series: &str, spreads: f64) -> Found {
        let smell = Smell {
            index: 0,
            score: spreads,
            is_fishy: true,
            since: 0,
            is_up: true,
            spreads,
            spreads_before: 2.0,
            usual: 1.0,
            peak: 9.0,
            what: What::Away,
        };
        Found { pane: PaneId::made_up(1), place: 0, series: series.into(), smell }
    }

    fn smelt(found: Vec<Found>) -> Smelt {
        Smelt { stamp: Stamp { onset: 1, answers: 1 }, found, series: 9, has_past: true }
    }

    fn begun() -> Smells {
        Smells { asked: Some(Stamp { onset: 1, answers: 1 }), ..Smells::default() }
    }

    #[test]
    fn a_mark_appears_with_the_second_scoring_and_leaves_with_the_third_without() {
        let mut smells = begun();
        let onset = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(smells.standing(onset), Standing::Waiting);
        smells.take(smelt(vec![found("a", 40.0)]));
        assert_eq!(smells.standing(onset), Standing::Nothing(9));
        smells.take(smelt(vec![found("a", 41.0)]));
        assert_eq!(smells.standing(onset), Standing::Something);
        for _ in 0..2 {
            smells.take(smelt(Vec::new()));
            assert_eq!(smells.shown().count(), 1);
        }
        smells.take(smelt(Vec::new()));
        assert_eq!(smells.standing(onset), Standing::Nothing(9));
        assert_eq!(smells.standing(None), Standing::NoOnset);
    }

    #[test]
    fn words_stand_while_they_are_about_right() {
        let mut smells = begun();
        let said = |smells: &Smells| smells.shown().map(|found| found.smell.reason()).collect::<Vec<_>>();
        for spreads in [40.0, 45.0, 49.0] {
            smells.take(smelt(vec![found("a", spreads)]));
        }
        assert_eq!(said(&smells), ["up 40× its usual spread; worst before 2×"]);
        smells.take(smelt(vec![found("a", 80.0), found("b", 90.0)]));
        assert_eq!(said(&smells), ["up 80× its usual spread; worst before 2×"]);
        smells.take(smelt(vec![found("a", 80.0), found("b", 90.0)]));
        assert_eq!(said(&smells)[0], "up 90× its usual spread; worst before 2×", "the fishiest first");
    }
}
