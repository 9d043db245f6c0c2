//! What entries come to that several cockpits, or several people, wrote.

use jiff::Timestamp;

use crate::{
    incident::{
        AlertTurn, Event, Id, Incident, MitigationKind, MitigationState,
        fixture::{at_once, replayed},
        timeline,
    },
    signal::{Severity, alert::AlertLinks},
};

/// Seconds after the incident was opened.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_305_600 + second).expect("a time")
}

fn incident(events: Vec<(i64, Event)>) -> Incident {
    let opened = (0, Event::IncidentOpened { title: "t".into(), drill: false });
    replayed("alice", [opened].into_iter().chain(events).map(|(second, event)| (at(second), event)))
}

fn alert(title: &str, severity: Severity, turn: AlertTurn, since: i64) -> Event {
    Event::AlertTurned {
        key: format!("{title} {since}"),
        source: "am".into(),
        group: title.into(),
        title: title.into(),
        severity,
        turn,
        firing: 1,
        when: at(since),
        first: false,
        links: AlertLinks::default(),
    }
}

fn mitigation(command: Option<&str>, hypothesis: Option<Id>) -> Event {
    Event::MitigationAdded {
        text: "back".into(),
        mitigation_kind: MitigationKind::Rollback,
        hypothesis,
        command: command.map(str::to_owned),
        change: None,
    }
}

#[test]
fn of_one_stretch_measured_twice_the_one_that_saw_more_counts() {
    let worsened = |seconds| Event::VitalWorsened {
        vital: "ok".into(),
        since: at(0),
        until: at(90),
        seconds,
        worst: 0.5,
        shown: "50 %".into(),
        area: 1.0,
        back: None,
    };
    let known = incident(vec![(60, worsened(60.0)), (61, worsened(20.0))]);
    assert_eq!(known.vitals["ok"].stretches[&at(0)].seconds, 60.0);
    let known = incident(vec![(60, worsened(20.0)), (61, worsened(60.0))]);
    assert_eq!(known.vitals["ok"].stretches[&at(0)].seconds, 60.0);
}

#[test]
fn a_source_that_is_back_ends_what_is_open_and_nothing_else() {
    let lost = |second: i64| Event::SourceLost {
        key: format!("lost {second}"),
        source: "prom".into(),
        error: "timed out".into(),
        when: at(second),
    };
    let back = |second: i64, lost| Event::SourceBack {
        key: format!("back {second}"),
        source: "prom".into(),
        lost: at(lost),
        when: at(second),
    };
    let events = vec![(1, lost(1)), (2, back(2, 1)), (3, lost(3)), (4, lost(4)), (5, back(5, 3))];
    let until: Vec<_> = incident(events).outages.iter().map(|outage| outage.until).collect();
    assert_eq!(until, [2, 5, 5].map(at).map(Some));
}

#[test]
fn a_note_is_no_sign_that_a_cockpit_still_watches() {
    let watch = Event::WatchStarted { session: Id::small(90) };
    let note = Event::Noted { text: "from a shell".into(), when: None };
    let events = vec![(1, watch.clone()), (50, note.clone())];
    assert_eq!(incident(events).watches[0].last, at(1));
    let events = vec![(1, watch), (40, Event::Retitled { title: "u".into() }), (50, note)];
    assert_eq!(incident(events).watches[0].last, at(40));
}

#[test]
fn what_fired_hours_before_anyone_looked_is_not_the_onset() {
    use AlertTurn::FiringWhenOpened;
    let old = || (1, alert("Disk", Severity::Critical, FiringWhenOpened, -7 * 3600));
    let new = || (2, alert("Errors", Severity::Critical, FiringWhenOpened, -60));
    assert_eq!(incident(vec![old(), new()]).onset(), Some(at(-60)));
    assert_eq!(incident(vec![old()]).onset(), Some(at(-7 * 3600)), "there is nothing else");
    let told = |events| timeline::items(&incident(events)).last().map(|item| item.at);
    assert_eq!(told(vec![old()]), Some(at(1)), "it is told where it was seen");
}

#[test]
fn what_is_unmuted_fires() {
    use AlertTurn::{Fired, LostSight, Resolved, Unmuted};
    let check = |turn, expected| {
        let known = incident(vec![(1, alert("Errors", Severity::Critical, turn, 1))]);
        assert_eq!(known.alerts[0].is_firing(), expected, "{turn:?}");
    };
    check(Fired, true);
    check(Unmuted, true);
    check(Resolved, false);
    check(LostSight, false);
}

#[test]
fn a_row_is_stoppable_by_what_is_ready_and_goes_back() {
    let row = Id::small(1);
    let added =
        || Event::HypothesisAdded { text: "x".into(), prior: Default::default(), changed: false, from: String::new() };
    let planned = |reversible| Event::MitigationPlanned {
        mitigation: Id::small(2),
        effect: String::new(),
        reversible: Some(reversible),
        vital: None,
        minutes: None,
    };
    let set = |state| Event::MitigationSet { mitigation: Id::small(2), state, note: String::new(), when: None };
    let check = |then: Option<Event>, expected: bool| {
        let events = [added(), mitigation(None, Some(row))].into_iter().chain(then);
        assert_eq!(at_once("alice", events).board.hypotheses[0].stoppable, expected);
    };
    check(None, true);
    check(Some(planned(true)), true);
    check(Some(planned(false)), false);
    check(Some(set(MitigationState::Failed)), false);
}

#[test]
fn what_a_command_did_is_not_undone() {
    let run = |command| {
        let running = Event::MitigationSet {
            mitigation: Id::small(2),
            state: MitigationState::Running,
            note: String::new(),
            when: None,
        };
        incident(vec![(1, mitigation(command, None)), (2, running)]).last_undoable("alice")
    };
    assert_eq!(run(None), [Id::small(3)]);
    assert_eq!(run(Some("rollback")), []);
}

#[test]
fn nothing_ends_before_it_began() {
    let session = Id::small(900);
    let (key, source) = (|n: u8| format!("k{n}"), || "prom".to_owned());
    let long_ago = Timestamp::UNIX_EPOCH;
    let left_out = |key, since, until| Event::LeftOut {
        key,
        source: source(),
        what: crate::incident::Observed::Changes,
        count: 1,
        since,
        until,
    };
    let known = incident(vec![
        (1, Event::WatchStarted { session }),
        (2, Event::SourceLost { key: key(1), source: source(), error: "refused".into(), when: at(2) }),
        (3, Event::SourceBack { key: key(2), source: source(), lost: at(2), when: long_ago }),
        (4, left_out(key(3), at(4), None)),
        (5, left_out(key(4), at(4), Some(long_ago))),
        (6, left_out(key(5), at(6), Some(long_ago))),
        (
            7,
            Event::VitalWorsened {
                vital: "ok".into(),
                since: at(7),
                until: long_ago,
                seconds: 1.0,
                worst: 0.5,
                shown: "50 %".into(),
                area: 1.0,
                back: None,
            },
        ),
        (8, Event::WatchStopped { session, when: Some(long_ago) }),
    ]);
    assert_eq!(known.outages[0].until, Some(at(2)));
    assert_eq!(known.left_out.iter().map(|told| told.until).collect::<Vec<_>>(), [Some(at(4)), Some(at(6))]);
    assert_eq!(known.vitals["ok"].stretches[&at(7)].until, at(7));
    assert_eq!(known.watches[0].until, Some(at(1)));
    let notes = crate::incident::report::markdown(&known);
    assert!(notes.contains("was lost from 00:00:02 to 00:00:02 (0 s): refused"), "{notes}");
}
