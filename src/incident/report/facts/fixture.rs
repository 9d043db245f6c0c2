//! Events at seconds, for tests of what follows from them.

use jiff::Timestamp;

use crate::{
    incident::{AlertTurn, Event, Incident, Status, fixture, report::Times},
    signal::Severity,
};

pub(in crate::incident::report) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_305_600 + seconds).expect("a time")
}

pub(in crate::incident::report) fn opened() -> Event {
    Event::IncidentOpened { title: "t".into(), drill: false }
}

pub(in crate::incident::report) fn fired(when: i64, severity: Severity) -> Event {
    Event::AlertTurned {
        key: format!("a {when}"),
        source: "am".into(),
        group: format!("g {when}"),
        title: "CheckoutErrors".into(),
        severity,
        turn: AlertTurn::Fired,
        firing: 1,
        when: at(when),
        first: false,
        links: Default::default(),
    }
}

pub(in crate::incident::report) fn crossed(when: i64, inside: bool) -> Event {
    Event::VitalCrossed {
        key: format!("v {when}"),
        vital: "ok".into(),
        value: 0.9,
        shown: "90 %".into(),
        ok: "≥ 99 %".into(),
        inside,
        when: at(when),
    }
}

/// A stretch outside, of which each second hurts alike.
pub(in crate::incident::report) fn outside(since: i64, until: i64, worst: f64) -> Event {
    let seconds = (until - since) as f64;
    Event::VitalWorsened {
        vital: "ok".into(),
        since: at(since),
        until: at(until),
        seconds,
        worst,
        shown: format!("{} %", worst * 100.0),
        area: seconds / 60.0,
        back: None,
    }
}

pub(in crate::incident::report) fn said(status: Status) -> Event {
    Event::StatusSet { status, reason: String::new(), when: None }
}

/// The incident of events and the seconds they were written at.
pub(in crate::incident::report) fn incident(events: &[(i64, Event)]) -> Incident {
    let events = events.iter().map(|(seconds, event)| (at(*seconds), event.clone()));
    fixture::replayed("alice@host", events)
}

pub(in crate::incident::report) fn times(events: &[(i64, Event)]) -> Times {
    Times::of(&incident(events))
}
