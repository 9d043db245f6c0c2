//! What may take too long for the loop that reads keys: next checks and covers, asked with a copy, which is answered at once
//! if it [is small](Question::is_small) and elsewhere if not.
//!
//! A [`Question`] is a snapshot that any thread may judge; the cells it shares with the incident are not copied. The
//! [`Judgement`] says which state of the board it is of, so that one that comes late is known to be.

use super::{
    Board, Id, Incident, Observation, Ranking,
    next_check::{self, NextCheck},
    ranking::Matrix,
    set_cover::{self, Covers},
};

/// Which state of the board is meant: the newest entry that may have changed what the ranking says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp(pub(super) Option<(u64, Id)>);

/// Cells, of all that live rows could have, up to which a board is judged in about a millisecond.
const FEW: usize = 2_500;

/// A board to be judged.
#[derive(Clone, Debug)]
pub struct Question {
    stamp: Stamp,
    board: Board,
    ranking: Ranking,
}

/// What follows from a board, beyond the ranking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// Which state of the board was judged.
    pub stamp: Stamp,
    /// All untested columns, best first; see [`next_check::next_checks`].
    pub checks: Vec<NextCheck>,
    /// The smallest sets of rows that explain what is explained; see [`set_cover::covers`].
    pub covers: Covers,
    /// Present columns that no live row expects; see [`set_cover::unexplained`].
    pub unexplained: Vec<Id>,
    /// Columns on which all live rows agree; see [`set_cover::agreed`].
    pub agreed: Vec<Id>,
}

impl Question {
    /// What there is to judge now.
    pub fn of(incident: &Incident) -> Self {
        Self { stamp: incident.stamp(), board: incident.board.clone(), ranking: incident.ranking.clone() }
    }

    /// Which state of the board it is about.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Whether it is judged so fast that nobody notices.
    pub fn is_small(&self) -> bool {
        self.board.live().count() * self.board.observations.len() <= FEW
    }

    /// Judges it. Milliseconds for a board of 50 rows and 500 columns; pure.
    pub fn judge(self) -> Judgement {
        let matrix = Matrix::of(&self.board, Observation::counts);
        Judgement {
            stamp: self.stamp,
            checks: next_check::checks_in(&matrix, &self.ranking),
            covers: set_cover::covers_in(&matrix, &self.ranking),
            unexplained: set_cover::unexplained_in(&matrix),
            agreed: set_cover::agreed_in(&matrix),
        }
    }
}

impl Judgement {
    /// Whether it is of the board as it now is.
    pub fn is_of(&self, incident: &Incident) -> bool {
        self.stamp == incident.stamp()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::incident::{Cell, Entry, Event, ObservationState};

    fn incident(events: Vec<Event>) -> Incident {
        Incident::replay((1..).zip(events).map(|(seq, event)| entry(seq, event)))
    }

    fn entry(seq: u64, event: Event) -> Entry {
        Entry { seq, id: Id::small(seq.into()), at: Timestamp::UNIX_EPOCH, by: "alice".into(), event }
    }

    fn added(state: ObservationState) -> Event {
        Event::ObservationAdded {
            text: "sign".into(),
            state,
            origin: None,
            when: None,
            evidence: None,
            check: Default::default(),
        }
    }

    fn cause(text: &str) -> Event {
        Event::HypothesisAdded { text: text.into(), prior: Default::default(), changed: false, from: String::new() }
    }

    fn cell(row: u128, column: u128, cell: Cell) -> Event {
        Event::CellSet { hypothesis: Id::small(row), observation: Id::small(column), cell }
    }

    /// Entries 1 and 2 are columns, 3 and 4 rows.
    fn board() -> Vec<Event> {
        use Cell::*;
        let columns = [added(ObservationState::Present), added(ObservationState::Untested)];
        let cells = [cell(3, 1, Must), cell(4, 1, Must), cell(3, 2, Must), cell(4, 2, Cannot)];
        columns.into_iter().chain([cause("pool"), cause("dns")]).chain(cells).collect()
    }

    #[test]
    fn judged_elsewhere_is_judged_here() {
        let incident = incident(board());
        let question = Question::of(&incident);
        let judgement = std::thread::spawn(move || question.judge()).join().expect("a judgement");
        assert_eq!(judgement.checks, next_check::next_checks(&incident.board, &incident.ranking));
        assert_eq!(judgement.checks.len(), 1);
        assert_eq!(judgement.covers, set_cover::covers(&incident.board, &incident.ranking));
        assert_eq!(judgement.covers.sets.len(), 2);
        assert_eq!(judgement.agreed, [Id::small(1)]);
        assert_eq!(judgement.unexplained, []);
    }

    #[test]
    fn a_late_judgement_is_known_to_be() {
        #[track_caller]
        fn check(next: Event, holds: bool) {
            let mut incident = incident(board());
            let judgement = Question::of(&incident).judge();
            assert!(judgement.is_of(&incident));
            incident.apply(entry(9, next));
            assert_eq!(judgement.is_of(&incident), holds);
        }
        check(Event::Noted { text: "a note".into(), when: None }, true);
        check(cell(4, 2, Cell::Likely), false);
        check(cause("a third"), false);
        check(Event::Undone { entry: Id::small(8) }, false);
    }

    #[test]
    fn a_question_keeps_what_it_was_asked_with() {
        let mut incident = incident(board());
        let question = Question::of(&incident);
        incident.apply(entry(9, cell(4, 2, Cell::Must)));
        let judgement = question.judge();
        assert_eq!(judgement.checks[0].less, [Id::small(4)], "as it was when it was asked");
    }
}
