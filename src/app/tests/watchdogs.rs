//! Alerts that fire on purpose, all the time, and are missing.

use super::*;
use crate::{
    app::{coach, world::rows},
    incident::timeline,
};

fn watchdog(fires: bool) -> Data {
    on_purpose(if fires { &["Watchdog"] } else { &[] })
}

/// Alerts without a severity, as their source gives to what fires on purpose.
fn on_purpose(names: &[&str]) -> Data {
    let Data::Alerts(mut set) = firing(names) else { return firing(names) };
    set.groups.iter_mut().for_each(|group| group.severity = Severity::None);
    Data::Alerts(set)
}

impl Cockpit {
    /// What was told of watchdogs: whether each time one fires.
    fn watchdogs(&self) -> Vec<bool> {
        let told = |entry: &Entry| match entry.event {
            Event::WatchdogTurned { firing, .. } => Some(firing),
            _ => None,
        };
        self.log.iter().filter_map(told).collect()
    }

    /// All but the alerts of the Alertmanager has come.
    fn is_well(&mut self) -> &mut Self {
        self.poll(VITAL, Data::Number(1.0)).poll(1, Data::Series(Vec::new()));
        self.poll(PROMETHEUS_ALERTS, Data::Alerts(AlertSet::default())).poll(CHANGES, Data::Changes(Vec::new()))
    }
}

#[test]
fn what_always_fires_and_is_missing_is_told() {
    let mut cockpit = Cockpit::new();
    cockpit.is_well().poll(ALERTS, watchdog(true));
    assert!(cockpit.watchdogs().is_empty() && cockpit.turns().is_empty(), "that it fires is no news");
    cockpit.tick("03:11:00").is_well().poll(ALERTS, watchdog(false));
    assert_eq!((cockpit.watchdogs(), cockpit.turns().len()), (vec![false], 0));
    let text = timeline::text(&cockpit.app.incident);
    assert!(text.contains("Watchdog, which always fires, is missing at am: alerting may be dead"), "{text}");
    let pane = cockpit.app.world.plan.panes.iter().find(|pane| pane.queries.contains(&QueryId::nth(ALERTS)));
    assert_eq!(rows::stopped(cockpit.app.facts(), pane.expect("a pane")), ["Watchdog"]);
    cockpit.tick("03:11:05").is_well().poll(ALERTS, watchdog(false));
    let advice = coach::advise(cockpit.app.case()).text;
    assert_eq!(
        advice,
        "Watchdog, which always fires, has been missing at am for 5 s: alerting may be dead. Look another way."
    );
    assert_eq!(cockpit.watchdogs(), [false], "told once");
    cockpit.tick("03:12:00").is_well().poll(ALERTS, watchdog(true));
    assert_eq!(cockpit.watchdogs(), [false, true]);
    assert!(coach::advise(cockpit.app.case()).text.starts_with("All is calm"));
    // It comes and goes; once more it is told only when it stays away.
    cockpit.tick("03:12:05").poll(ALERTS, watchdog(false)).tick("03:12:10").poll(ALERTS, watchdog(true));
    assert_eq!(cockpit.watchdogs().len(), 2);
    cockpit.tick("03:12:15").poll(ALERTS, watchdog(false)).tick("03:13:20").poll(ALERTS, watchdog(false));
    assert_eq!(cockpit.watchdogs(), [false, true, false]);
}

#[test]
fn nothing_is_missing_while_its_source_does_not_answer() {
    let mut cockpit = Cockpit::new();
    cockpit.is_well().poll(ALERTS, watchdog(true));
    cockpit.tick("03:11:00").fail(ALERTS).fail(ALERTS).tick("03:11:30").is_well();
    assert!(cockpit.watchdogs().is_empty());
    cockpit.poll(ALERTS, watchdog(false));
    assert!(cockpit.watchdogs().is_empty(), "it was back a moment ago and may not have heard of it yet");
    cockpit.tick("03:14:00").is_well().poll(ALERTS, watchdog(false));
    assert_eq!(cockpit.watchdogs(), [false]);
}

#[test]
fn one_that_the_configuration_names_is_missed_from_the_start() {
    let mut config = config();
    let words = crate::signal::AlertWords { always_firing: vec!["Puls".into()], ..Default::default() };
    config.sources[1].settings.words = Arc::new(words);
    let mut cockpit = Cockpit::with(config);
    cockpit.is_well().poll(ALERTS, firing(&[]));
    assert_eq!(cockpit.watchdogs(), [false]);
    cockpit.tick("03:11:00").poll(ALERTS, on_purpose(&["Puls"]));
    assert_eq!(cockpit.watchdogs(), [false, true]);
}
