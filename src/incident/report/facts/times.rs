//! When it was noticed: as the signals show it, not as someone got round to saying it.

use jiff::Timestamp;

use super::Moment;
use crate::{
    base::human_time::{seconds_between, two_units},
    incident::{Event, Incident, onset::tells},
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::report::facts::fixture::{crossed, fired, opened, times};

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
}
