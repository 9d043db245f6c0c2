//! When it was noticed and when it stopped: as the signals show it, not as someone got round to saying it.

use jiff::Timestamp;

use super::Moment;
use crate::{
    base::human_time::{seconds_between, two_units},
    incident::{Event, Incident, Status, VitalRecord, onset::tells, timeline::time::clock_near},
    signal::Severity,
};

/// A critical alert this many seconds before users were seen to be hurt told of it; any other may be of something else.
const WARNED: i64 = 60;

/// A vital seen this soon after it crossed was seen as it did.
pub(super) const POLLED_WITHIN: i64 = 30;

/// The beginning of [`Moment::how`] where a vital told it.
pub(super) const BY_VITAL: &str = "the vital ";

/// Whatever first told someone: an alert, or the person who opened the incident. A vital tells only a cockpit that is
/// already open, and then when it was seen, not when it crossed. Alerts that only inform wake nobody.
pub(super) fn detected(incident: &Incident, onset: Timestamp) -> Option<Moment> {
    let alerts = incident.alerts.iter().filter(|alert| tells(alert.severity));
    let alerts = alerts.filter(|alert| {
        let early = alert.since().map_or(0, |at| seconds_between(at, onset));
        early == 0 || (early <= WARNED && alert.severity == Severity::Critical)
    });
    let alerts = alerts.filter_map(|alert| Some((alert.since()?, format!("the alert {}", alert.title))));
    let opened = incident.summary.opened.map(|at| (at, "a person, who opened this incident".to_owned()));
    let watched = incident.summary.opened.is_some_and(|opened| opened < onset);
    let vitals = incident.entries().iter().filter_map(|entry| match &entry.event {
        Event::VitalCrossed { vital, inside: false, .. } if watched => Some((entry.at, format!("{BY_VITAL}{vital}"))),
        _ => None,
    });
    let told = alerts.chain(vitals.chain(opened).filter(|(at, _)| *at >= onset));
    told.min_by_key(|(at, _)| *at).map(|(at, how)| {
        let early = seconds_between(at, onset);
        let early = if early > 0 { format!(", {} before it began", two_units(early)) } else { String::new() };
        Moment { at, how: how + &early }
    })
}

/// When the impact stopped for good, if someone said that it did: when the vitals came back, else when it was said.
pub(super) fn stanched(incident: &Incident) -> Option<Moment> {
    let mut said = None;
    for turn in &incident.status_history {
        match turn.status {
            Status::Bleeding => said = None,
            _ if said.is_none() => said = Some(Moment { at: turn.at, how: turn.reason.clone() }),
            _ => {}
        }
    }
    let said = said?;
    let onset = incident.onset().unwrap_or(Timestamp::MIN);
    let Some((at, vital)) = back_by(incident, said.at).filter(|(at, _)| *at >= onset) else { return Some(said) };
    let why = if said.how.trim().is_empty() { String::new() } else { format!(": {}", said.how) };
    let how = match at == said.at {
        true if said.how.contains(vital) => said.how,
        true => format!("{vital} was back in its range{why}"),
        false => format!("{vital} was back in its range; said at {}{why}", clock_near(said.at, at)),
    };
    Some(Moment { at, how })
}

/// When the last of the vitals that had left their range came back, and which; none while one is still outside.
pub(in crate::incident::report) fn back(incident: &Incident) -> Option<(Timestamp, &str)> {
    back_by(incident, Timestamp::MAX)
}

/// When the impact was over that `said` speaks of. Someone may say so a little before the last vital shows it; what a
/// vital did much later is another matter.
fn back_by(incident: &Incident, said: Timestamp) -> Option<(Timestamp, &str)> {
    let hurt = |vital: &&VitalRecord| vital.crossings.iter().any(|crossing| !crossing.inside && crossing.at <= said);
    let hurt = incident.vitals.iter().filter(|(_, vital)| hurt(vital));
    let backs: Option<Vec<_>> = hurt.map(|(title, vital)| Some((came_back(vital, said)?, title.as_str()))).collect();
    backs?.into_iter().max_by_key(|(at, _)| *at)
}

/// The end of the stretch outside that a vital was in at a time, or else of the last one before it.
fn came_back(vital: &VitalRecord, by: Timestamp) -> Option<Timestamp> {
    let mut crossings: Vec<_> = vital.crossings.iter().collect();
    crossings.sort_by_key(|crossing| crossing.at);
    let (before, after) = crossings.split_at(crossings.partition_point(|crossing| crossing.at <= by));
    let back = match before.last()?.inside {
        true => before.iter().rev().take_while(|crossing| crossing.inside).last(),
        false => after.iter().find(|crossing| crossing.inside),
    };
    back.map(|crossing| crossing.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{AlertTurn, fixture, report::Times};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_305_600 + seconds).expect("a time")
    }

    fn opened() -> Event {
        Event::IncidentOpened { title: "t".into(), drill: false }
    }

    fn fired(when: i64, severity: Severity) -> Event {
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

    fn crossed(when: i64, inside: bool) -> Event {
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

    fn said(status: Status) -> Event {
        Event::StatusSet { status, reason: String::new(), when: None }
    }

    fn times(events: &[(i64, Event)]) -> Times {
        let events = events.iter().map(|(seconds, event)| (at(*seconds), event.clone()));
        Times::of(&fixture::replayed("alice@host", events))
    }

    #[test]
    fn what_told_first() {
        #[track_caller]
        fn check(events: &[(i64, Event)], detected: &str, seconds: Option<i64>) {
            let times = times(events);
            assert_eq!(times.detected.map(|moment| moment.how).unwrap_or_default(), detected);
            assert_eq!(times.seconds_to_detect, seconds);
        }
        let (alert, vital) = ("the alert CheckoutErrors", "the vital ok");
        let critical = |when| fired(when, Severity::Critical);
        // The alert came a minute and a half after users were hurt, and the cockpit was opened later.
        check(&[(300, opened()), (300, crossed(0, false)), (301, critical(90))], alert, Some(90));
        // A cockpit that watched saw it as it happened: no time that says anything.
        check(&[(-100, opened()), (0, crossed(0, false)), (31, critical(30))], vital, None);
        check(&[(-100, opened()), (7, crossed(0, false)), (31, critical(30))], vital, None);
        check(&[(-100, opened()), (70, crossed(0, false)), (91, critical(90))], vital, Some(70));
        // Nothing but the alert tells when it began.
        check(&[(60, opened()), (61, critical(0))], alert, None);
        // It fired before users were hurt; what is not critical, or fired long before, told of something else; what only
        // informs wakes nobody.
        let early = "the alert CheckoutErrors, 30 s before it began";
        check(&[(60, opened()), (60, crossed(0, false)), (61, critical(-30))], early, None);
        let person = "a person, who opened this incident";
        check(&[(60, opened()), (60, crossed(0, false)), (61, critical(-300))], person, Some(60));
        check(&[(60, opened()), (60, crossed(0, false)), (61, fired(-30, Severity::Warning))], person, Some(60));
        check(&[(60, opened()), (60, crossed(0, false)), (61, fired(5, Severity::Info))], person, Some(60));
    }

    #[test]
    fn it_stopped_when_the_vital_came_back() {
        #[track_caller]
        fn check(events: &[(i64, Event)], seconds: Option<i64>, how: &str) {
            let mut all = vec![(5, opened()), (5, crossed(0, false))];
            all.extend_from_slice(events);
            let times = times(&all);
            assert_eq!(times.seconds_to_mitigate, seconds);
            assert_eq!(times.stanched.map(|moment| moment.how).unwrap_or_default(), how);
        }
        let (stanched, bleeding) = (|| said(Status::Stanched), || said(Status::Bleeding));
        let later = "ok was back in its range; said at 00:10";
        check(&[(300, crossed(300, true)), (600, stanched())], Some(300), later);
        // Said a little too early.
        let early = "ok was back in its range; said at 00:04";
        check(&[(240, stanched()), (300, crossed(300, true))], Some(300), early);
        // Not seen to come back: the word of a person is all there is. Nobody's word: not stanched.
        check(&[(600, stanched())], Some(600), "");
        check(&[(300, crossed(300, true))], None, "");
        // It bled again and was stanched again.
        let again = [
            (300, crossed(300, true)),
            (360, stanched()),
            (400, crossed(400, false)),
            (410, bleeding()),
            (900, crossed(900, true)),
            (960, stanched()),
        ];
        check(&again, Some(900), "ok was back in its range; said at 00:16");
        // What it did long after is another matter.
        let after =
            [(300, crossed(300, true)), (600, stanched()), (5000, crossed(5000, false)), (6000, crossed(6000, true))];
        check(&after, Some(300), later);
    }
}
