//! What is selected in Watch becomes a sign with a check: its query, its condition, and what it has none for.

use super::{checks::PRESENT, *};
use crate::dashboard::SubscriptionChange;

#[test]
fn a_pane_becomes_a_sign_with_a_check() {
    let mut config = config();
    config.panes[0].thresholds = vec![
        crate::config::Threshold { from: 1.0, level: crate::config::ThresholdLevel::Warning },
        crate::config::Threshold { from: 3.0, level: crate::config::ThresholdLevel::Critical },
    ];
    let mut cockpit = Cockpit::with(config);
    cockpit.app.screen.watch.focus = Some(cockpit.app.world.plan.panes[0].id);
    cockpit.poll(1, curve("03:09:00", 5, &[4.0; 12])).press("t");
    assert_eq!(cockpit.prompt().0, "Errors present when >= 3 for 1m");
    cockpit.clear_line().press("checkout 5xx<enter>");
    assert!(cockpit.prompt().1.is_some_and(|why| why.contains("present when > 0.5 for 1m")));
    cockpit.press(" present when > 2 for 30s<enter>");
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!((column.text.as_str(), column.state), ("checkout 5xx", ObservationState::Untested));
    let query = column.check.query.as_ref().expect("a query");
    assert_eq!(query.to_string(), "prom errors present > 2 for 30s");
    assert!(column.evidence.is_some());
    cockpit.press("2b");
    assert!(matches!(cockpit.effects.as_slice(), [Effect::Subscribe(SubscriptionChange::Ask { .. })]));
}

#[test]
fn an_alert_becomes_a_sign_and_out_of_sight_is_not_over() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"])).press("t");
    assert_eq!(cockpit.prompt().0, "A fires present when > 0");
    cockpit.press("<enter>2b").poll(ALERTS, firing(&["A", "B"]));
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!((column.state, column.note.as_str(), column.when), (PRESENT, "1 firing", at("03:06:00")));
    // The Prometheus behind it stops answering, and the alert vanishes.
    cockpit.fail(VITAL).fail(VITAL).tick("03:15:00").poll(ALERTS, firing(&[]));
    assert_eq!(cockpit.app.incident.board.observations[0].cleared, None);
    cockpit.healthy().tick("03:20:00").healthy().poll(ALERTS, firing(&["B"]));
    assert!(cockpit.app.incident.board.observations[0].cleared.is_some());
}

/// Two alerts without a name in a group of its own, as a receiver that groups by nothing shows them.
fn nameless(labels: &[(&str, &str)]) -> Data {
    let Data::Alerts(set) = firing(&["A", "B"]) else { panic!("alerts") };
    let alerts = set.groups.into_iter().flat_map(|group| group.alerts);
    let alerts = alerts.map(|alert| Alert { labels: Labels::of(labels.iter().copied()), ..alert });
    Data::Alerts(AlertSet::grouped(alerts.collect(), |_| ("one".into(), "one".into())))
}

#[test]
fn an_alert_without_labels_of_its_own_becomes_a_sign_that_can_be_accepted() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, nameless(&[("service", "checkout")])).press("t");
    assert!(cockpit.prompt().0.ends_with("present when > 0"));
    cockpit.press("<enter>");
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!(column.check.query.as_ref().map(|query| query.query.as_str()), Some("{service=\"checkout\"}"));

    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, nameless(&[])).press("t");
    assert_eq!(cockpit.prompt().0, "", "there is nothing to ask for: it is looked for by hand");
    cockpit.press("one fires<enter>");
    assert_eq!(cockpit.app.incident.board.observations[0].text, "one fires");
}
