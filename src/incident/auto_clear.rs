//! Symptoms that are no longer to be seen: an alert that was taken and has ended, a vital that is back in its range.
//!
//! They follow from turns the journal holds anyway, so nothing more is written. A symptom stays present, is dated, and
//! scores as before; when it is there again, the date goes. What was merely lost from sight has not ended. A column with a
//! query of its own is judged by that; see [`check`](super::check).

use jiff::Timestamp;

use super::{Incident, Observation, ObservationState};

impl Incident {
    /// An alert group has turned.
    pub(super) fn clear_alert(&mut self, title: &str, when: Timestamp) {
        let Self { board, alerts, folded, places, .. } = self;
        let is_over = |title: &str| places.is_over(alerts, title);
        for column in board.observations.iter_mut().filter(|column| is_seen(column)) {
            let over = match folded.get(&column.id) {
                // Of what it stands for besides nobody knows.
                Some(folded) if folded.more > 0 => continue,
                Some(folded) if folded.groups.iter().any(|group| group.title == title) => {
                    folded.groups.iter().all(|group| is_over(&group.title))
                }
                None if column.origin.as_deref() == Some(title) => is_over(title),
                _ => continue,
            };
            date(column, over, when);
        }
    }

    /// A vital has left its range or come back.
    pub(super) fn clear_vital(&mut self, title: &str, inside: bool, when: Timestamp) {
        let of_it = |column: &&mut Observation| is_seen(column) && column.origin.as_deref() == Some(title);
        for column in self.board.observations.iter_mut().filter(of_it) {
            date(column, inside, when);
        }
    }
}

/// Whether it was seen on a screen, and is settled by nothing else.
fn is_seen(column: &Observation) -> bool {
    column.state == ObservationState::Present && column.evidence.is_some() && column.check.query.is_none()
}

/// Dates a symptom that is over, once; takes the date back from one that is there again. None is over before it began.
pub(super) fn date(column: &mut Observation, over: bool, when: Timestamp) {
    if over {
        column.cleared.get_or_insert(when.max(column.when));
    } else {
        column.cleared = None;
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        incident::{
            AlertTurn::{self, Fired, LostSight, Resolved},
            Entry, Event, Folded, Id, Incident, ObservationState,
            board::{CheckQuery, CheckSpec},
            fixture,
            folded::FoldedGroup,
        },
        signal::{Severity, alert::AlertLinks},
    };
    use jiff::Timestamp;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1000 + second).expect("a time")
    }

    fn turned(title: &str, turn: AlertTurn, second: i64) -> Event {
        Event::AlertTurned {
            key: format!("{title} {second}"),
            source: "am".into(),
            group: title.into(),
            title: title.into(),
            severity: Severity::Critical,
            turn,
            firing: 1,
            when: at(second),
            first: false,
            links: AlertLinks::default(),
        }
    }

    fn crossed(inside: bool, second: i64) -> Event {
        Event::VitalCrossed {
            key: format!("vital {second}"),
            vital: "checkout ok".into(),
            value: 0.9,
            shown: "90 %".into(),
            ok: ">= 99 %".into(),
            inside,
            when: at(second),
        }
    }

    /// A symptom of this origin, folded from groups of these titles if there are any, and what happens then. When it was
    /// cleared, in seconds.
    #[track_caller]
    fn check(origin: &str, folded: &[&str], more: usize, then: Vec<Event>, expected: Option<i64>) {
        let column = Id::small(1);
        let added = Event::ObservationAdded {
            text: "seen".into(),
            state: ObservationState::Present,
            origin: Some(origin.into()),
            when: Some(at(0)),
            evidence: Some(Box::default()),
            check: CheckSpec::default(),
        };
        let group = |title: &&str| FoldedGroup {
            source: "am".into(),
            group: (*title).into(),
            title: (*title).into(),
            firing: 1,
        };
        let groups: Vec<_> = folded.iter().map(group).collect();
        let of = Folded { of: origin.into(), why: vec![], alerts: 2, inhibited: 0, began: at(0), groups, more };
        let fold = (!folded.is_empty()).then_some(Event::SymptomFolded { observation: column, folded: of });
        let events = [added].into_iter().chain(fold).chain(then);
        let entries = (1..).zip(events).map(|(seq, event)| Entry {
            seq,
            id: Id::small(seq.into()),
            at: at(500),
            by: "alice".into(),
            event,
        });
        let entries: Vec<Entry> = entries.collect();
        let mut live = Incident::default();
        entries.iter().cloned().for_each(|entry| live.apply(entry));
        assert_eq!(live.board, Incident::replay(entries).board, "live equals replayed");
        let seen = &live.board.observations[0];
        assert_eq!((seen.state, seen.cleared), (ObservationState::Present, expected.map(at)));
    }

    #[test]
    fn what_has_ended_is_dated_and_stays_evidence() {
        check("Errors", &[], 0, vec![turned("Errors", Fired, 1)], None);
        check("Errors", &[], 0, vec![turned("Errors", Fired, 1), turned("Errors", Resolved, 9)], Some(9));
        check("Errors", &[], 0, vec![turned("Errors", Resolved, 9), turned("Errors", Fired, 11)], None);
        check("Errors", &[], 0, vec![turned("Errors", Fired, 1), turned("Errors", LostSight, 9)], None);
        check("Errors", &[], 0, vec![turned("Errors", Fired, 1), turned("Others", Resolved, 9)], None);
        check("Errors", &[], 0, vec![turned("Errors", Fired, -9), turned("Errors", Resolved, -5)], Some(0)); // not before it began
        check("Errors", &[], 0, vec![turned("Errors", Resolved, 9), turned("Errors", Resolved, 12)], Some(9));
        check("checkout ok", &[], 0, vec![crossed(false, 1), crossed(true, 7)], Some(7));
        check("checkout ok", &[], 0, vec![crossed(true, 7), crossed(false, 8)], None);
    }

    #[test]
    fn what_was_folded_has_ended_when_all_of_it_has() {
        let of = &["Errors", "Latency"];
        let both = || vec![turned("Errors", Fired, 1), turned("Latency", Fired, 2), turned("Errors", Resolved, 8)];
        let all = || both().into_iter().chain([turned("Latency", Resolved, 9)]).collect();
        check("service=checkout", of, 0, both(), None);
        check("service=checkout", of, 0, all(), Some(9));
        check("service=checkout", of, 3, all(), None);
        // Nobody has told of the other one yet.
        check("service=checkout", of, 0, vec![turned("Errors", Fired, 1), turned("Errors", Resolved, 8)], None);
    }

    #[test]
    fn a_query_of_its_own_is_the_judge() {
        let present = "> 0".parse().expect("a condition");
        let query = CheckQuery { source: "prom".into(), query: "up".into(), present, empty: None };
        let added = Event::ObservationAdded {
            text: "seen".into(),
            state: ObservationState::Present,
            origin: Some("Errors".into()),
            when: None,
            evidence: Some(Box::default()),
            check: CheckSpec { query: Some(query), ..CheckSpec::default() },
        };
        let events = [added, turned("Errors", Fired, 1), turned("Errors", Resolved, 9)];
        assert_eq!(fixture::at_once("alice", events).board.observations[0].cleared, None);
    }
}
