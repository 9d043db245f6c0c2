//! Which action to try first: the one expected to stop most of the impact a minute, over the belief in all rows, those
//! that can be taken back before those that can not.
//!
//! So a cheap rollback can come first although its cause is not the leader, and two rows that the same action would help
//! add up. The order is advice with its reason in words; nothing is run because of it.

use std::cmp::Ordering;

use super::{MitigationKind, ranking::RowId};

/// Something that could be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What kind of action.
    pub kind: MitigationKind,
    /// Whether it can be taken back.
    pub reversible: bool,
    /// Rows it would help with if they were true, each once.
    pub helps: Vec<RowId>,
    /// Whether it undoes a change shortly before the onset that no row blames yet.
    pub suspected: bool,
}

/// A candidate in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its place in what was given.
    pub at: usize,
    /// How likely it is to help: the belief in the rows it would help with, from 0 to 1. Never shown as a number.
    pub belief: f64,
    /// Minutes it usually takes until it shows.
    pub minutes: f64,
}

/// An action that helps with this much or more is likely to help.
pub const LIKELY: f64 = 0.6;
/// An action that helps with this much or more may help.
pub const POSSIBLE: f64 = 0.15;
/// The part of what is not on the board that is left to a change shortly before the onset: most outages are self-made.
const SELF_MADE: f64 = 0.4;

/// An action that helps with less than this is tried after all others, however quickly it is done.
pub const NEGLIGIBLE: f64 = 0.03;

impl Placed {
    /// The share of the impact it is expected to stop, a minute.
    pub fn rate(&self) -> f64 {
        self.belief / self.minutes
    }

    /// How likely it is to help, in a word. What undoes a change shortly before the onset may help, unless the board speaks
    /// against that change: its place among others does not depend on it.
    pub fn chance(&self, undoes_a_suspect: bool) -> &'static str {
        match level(self.belief) {
            5 => "very likely to help",
            4 => "likely to help",
            3 => "as likely to help as not",
            0 | 1 if undoes_a_suspect => "may help",
            2 => "may help",
            1 => "unlikely to help",
            _ => "nothing on the board says that it helps",
        }
    }
}

/// How likely something is to help on a scale from 0 to [`MOST`], coarse enough that people tell one step from the next.
pub fn level(belief: f64) -> u8 {
    match belief {
        b if b >= 0.85 => MOST,
        b if b >= LIKELY => 4,
        b if b >= 0.4 => 3,
        b if b >= POSSIBLE => 2,
        b if b >= NEGLIGIBLE => 1,
        _ => 0,
    }
}

/// The highest [`level`].
pub const MOST: u8 = 5;

impl MitigationKind {
    /// Minutes such an action usually takes until it shows; a guess of the same grain for all, good for comparing.
    fn usual_minutes(self) -> f64 {
        match self {
            Self::FlagOff => 1.0,
            Self::Shed => 2.0,
            Self::Drain | Self::Restart => 3.0,
            Self::Rollback | Self::Scale => 5.0,
            Self::Failover | Self::Other => 10.0,
        }
    }
}

/// The order in which to try, best first. `beliefs` are those of [`Ranking::beliefs`](crate::incident::Ranking::beliefs).
pub fn order(candidates: &[Candidate], beliefs: &[(RowId, f64)]) -> Vec<Placed> {
    let belief_in = |row: &RowId| beliefs.iter().find(|(known, _)| known == row).map_or(0.0, |(_, belief)| *belief);
    // What is not on the board may be any of the changes nobody blames yet.
    let suspects = candidates.iter().filter(|candidate| candidate.suspected).count().max(1) as f64;
    let unnamed = belief_in(&RowId::Other) * SELF_MADE / suspects;
    let place = |(at, candidate): (usize, &Candidate)| {
        let named = candidate.helps.iter().map(belief_in).sum::<f64>();
        let belief = named + if candidate.suspected { unnamed } else { 0.0 };
        Placed { at, belief: belief.clamp(0.0, 1.0), minutes: candidate.kind.usual_minutes() }
    };
    let mut placed: Vec<Placed> = candidates.iter().enumerate().map(place).collect();
    placed.sort_by(|a, b| compare(candidates, a, b));
    placed
}

fn compare(candidates: &[Candidate], a: &Placed, b: &Placed) -> Ordering {
    let hopeless = |placed: &Placed| placed.belief < NEGLIGIBLE;
    let final_ = |placed: &Placed| !candidates[placed.at].reversible;
    (hopeless(a).cmp(&hopeless(b)))
        .then(final_(a).cmp(&final_(b)))
        .then(b.rate().total_cmp(&a.rate()))
        .then(a.minutes.total_cmp(&b.minutes))
        .then(a.at.cmp(&b.at))
}

#[cfg(test)]
mod tests {
    use MitigationKind::{Failover, FlagOff, Other, Restart, Rollback, Scale};

    use super::*;
    use crate::incident::Id;

    fn row(letter: char) -> RowId {
        match letter {
            '-' => RowId::Other,
            letter => RowId::Named(Id::small(letter as u128)),
        }
    }

    /// Actions as kind and the letters of the rows they help, `~` for a change nobody blames yet; beliefs by letter; the places expected, first of all.
    #[track_caller]
    fn check(actions: &[(MitigationKind, &str)], beliefs: &[(char, f64)], expected: &[usize]) {
        let candidate = |(kind, helps): &(MitigationKind, &str)| Candidate {
            kind: *kind,
            reversible: kind.is_reversible(),
            helps: helps.chars().filter(|c| *c != '~').map(row).collect(),
            suspected: helps.contains('~'),
        };
        let candidates: Vec<_> = actions.iter().map(candidate).collect();
        let beliefs: Vec<_> = beliefs.iter().map(|(letter, belief)| (row(*letter), *belief)).collect();
        let places: Vec<_> = order(&candidates, &beliefs).into_iter().map(|placed| placed.at).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn the_leader_s_action_comes_first_when_all_else_is_equal() {
        check(&[(Rollback, "B"), (Rollback, "A")], &[('A', 0.6), ('B', 0.3), ('-', 0.1)], &[1, 0]);
    }

    #[test]
    fn a_quick_flag_comes_before_a_slow_way_to_cure_the_leader() {
        check(&[(Scale, "A"), (FlagOff, "B")], &[('A', 0.5), ('B', 0.3), ('-', 0.2)], &[1, 0]);
    }

    #[test]
    fn what_can_be_taken_back_comes_before_what_can_not() {
        check(&[(Failover, "A"), (Rollback, "B")], &[('A', 0.8), ('B', 0.1), ('-', 0.1)], &[1, 0]);
    }

    #[test]
    fn but_not_when_nothing_says_that_it_helps() {
        check(&[(Restart, ""), (Failover, "A")], &[('A', 0.9), ('-', 0.1)], &[1, 0]);
        check(&[(Restart, "B"), (Failover, "A")], &[('A', 0.97), ('B', 0.01), ('-', 0.02)], &[1, 0]);
    }

    #[test]
    fn rows_that_one_action_helps_add_up() {
        check(&[(Rollback, "A"), (Rollback, "BC")], &[('A', 0.4), ('B', 0.3), ('C', 0.25), ('-', 0.05)], &[1, 0]);
    }

    #[test]
    fn without_a_board_the_quicker_comes_first_and_equals_keep_their_order() {
        check(&[(Other, ""), (Rollback, ""), (FlagOff, ""), (Scale, "")], &[('-', 1.0)], &[2, 1, 3, 0]);
        check(&[], &[], &[]);
    }

    #[test]
    fn a_refuted_row_counts_for_nothing() {
        check(&[(FlagOff, "R"), (Rollback, "A")], &[('A', 0.5), ('-', 0.5)], &[1, 0]);
    }

    #[test]
    fn going_back_on_a_late_change_comes_before_what_nothing_speaks_for() {
        check(&[(FlagOff, ""), (Restart, ""), (Rollback, "~")], &[('-', 1.0)], &[2, 0, 1]);
        check(&[(Rollback, "A"), (Rollback, "~")], &[('A', 0.6), ('-', 0.4)], &[0, 1]);
    }

    #[test]
    fn chances_are_words() {
        let chance = |belief| Placed { at: 0, belief, minutes: 1.0 }.chance(false);
        assert_eq!(chance(0.9), "very likely to help");
        assert_eq!(chance(0.5), "as likely to help as not");
        assert_eq!(chance(0.0), "nothing on the board says that it helps");
        let suspect = |belief| Placed { at: 0, belief, minutes: 1.0 }.chance(true);
        assert_eq!([0.0, 0.1, 0.2, 0.7].map(suspect), ["may help", "may help", "may help", "likely to help"]);
    }
}
