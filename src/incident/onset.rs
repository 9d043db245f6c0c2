//! When an incident began, as far as its alerts tell.

use jiff::Timestamp;

use super::AlertRecord;
use crate::signal::Severity;

/// An alert that has been firing for so many hours before anyone opened the cockpit is not what opened it.
pub(super) const OLD_NEWS_HOURS: i64 = 6;

/// The earliest alerts of an incident, by what they are worth. Kept, because the screen asks for them all the time and a
/// storm has tens of thousands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FirstAlerts {
    /// That pages someone, and is no old news.
    page: Option<Timestamp>,
    /// That is worth a look, and is no old news.
    telling: Option<Timestamp>,
    any: Option<Timestamp>,
}

impl FirstAlerts {
    /// Of all these.
    pub fn of(alerts: &[AlertRecord], opened: Option<Timestamp>) -> Self {
        let mut first = Self::default();
        alerts.iter().for_each(|record| first.take(record, opened));
        first
    }

    /// Takes in one more, or one that has become worse.
    pub fn take(&mut self, record: &AlertRecord, opened: Option<Timestamp>) {
        let Some(since) = record.since() else { return };
        let before = opened.map_or(0, |opened| opened.duration_since(since).as_hours());
        let earlier = |known: &mut Option<Timestamp>| *known = Some(known.map_or(since, |known| known.min(since)));
        earlier(&mut self.any);
        if before < OLD_NEWS_HOURS && tells(record.severity) {
            earlier(&mut self.telling);
        }
        if before < OLD_NEWS_HOURS && record.severity == Severity::Critical {
            earlier(&mut self.page);
        }
    }

    /// The one that is worth the most.
    pub fn onset(&self) -> Option<Timestamp> {
        self.page.or(self.telling).or(self.any)
    }
}

/// Whether an alert of this severity is worth a look.
pub(super) fn tells(severity: Severity) -> bool {
    !matches!(severity, Severity::Info | Severity::None)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        incident::{
            AlertTurn, Event,
            fixture::{at_once, replayed},
        },
        signal::alert::AlertLinks,
    };

    const SEVERITIES: [Severity; 5] =
        [Severity::Critical, Severity::Warning, Severity::Info, Severity::None, Severity::Unknown];

    fn turned(nth: usize, group: usize, severity: usize, hour: i64) -> Event {
        Event::AlertTurned {
            key: nth.to_string(),
            source: "s".into(),
            group: group.to_string(),
            title: "t".into(),
            severity: SEVERITIES[severity],
            turn: AlertTurn::Fired,
            firing: 1,
            when: Timestamp::UNIX_EPOCH + hour.hours(),
            first: false,
            links: AlertLinks::default(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Severities change with later turns, and an incident is opened before its alerts, after them, or never.
        #[test]
        fn what_is_kept_is_what_a_look_at_all_of_them_finds(
            turns in prop::collection::vec((0..5usize, 0..5usize, 0..12i64), 0..30),
            opened in 0..40usize,
        ) {
            let mut events: Vec<_> =
                turns.into_iter().enumerate().map(|(nth, (group, severity, hour))| turned(nth, group, severity, hour)).collect();
            if opened <= events.len() {
                events.insert(opened, Event::IncidentOpened { title: "x".into(), drill: false });
            }
            let written = Timestamp::UNIX_EPOCH + 9.hours();
            let incident = replayed("a", events.into_iter().map(|event| (written, event)));
            prop_assert_eq!(incident.first_alerts, FirstAlerts::of(&incident.alerts, incident.summary.opened));
        }
    }

    #[test]
    fn a_page_dates_it_before_a_warning_and_anything_before_nothing() {
        let onset = |turns: &[(usize, i64)]| {
            let events = turns.iter().enumerate().map(|(nth, (severity, hour))| turned(nth, nth, *severity, *hour));
            at_once("a", events).onset().map(|at| at.as_second() / 3600)
        };
        assert_eq!(onset(&[(2, 1), (1, 2), (0, 3), (0, 4)]), Some(3));
        assert_eq!(onset(&[(2, 1), (1, 2), (3, 0)]), Some(2));
        assert_eq!(onset(&[(2, 1), (3, 5)]), Some(1));
        assert_eq!(onset(&[]), None);
    }
}
