//! Polls in: alerts, sources and vitals turned into entries, and panes that keep their place.

use super::*;
use crate::app::{
    screen::watch,
    world::{rows, vitals},
};

#[test]
fn alerts_are_written_down_once_resolved_and_lost_from_sight() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"])).poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.turns(), [AlertTurn::FiringWhenOpened]);
    cockpit.tick("03:12:00").poll(ALERTS, firing(&[]));
    assert_eq!(cockpit.turns()[1..], [AlertTurn::Resolved]);
    cockpit.tick("03:14:00").poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.turns()[2..], [AlertTurn::Fired], "it fires again with the same start");
    // The Prometheus behind the Alertmanager stops answering, and the alert vanishes.
    cockpit.fail(VITAL).fail(VITAL).tick("03:15:00").poll(ALERTS, firing(&[]));
    assert_eq!(cockpit.turns()[3..], [AlertTurn::LostSight]);
}

#[test]
fn one_alert_known_to_two_sources_is_one_entry() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&["A"])).poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.turns().len(), 1);
    assert_eq!(rows::firing(&cockpit.app), (1, 1));
}

#[test]
fn a_source_is_lost_after_two_failures_and_back_with_its_first_answer() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, Data::Series(Vec::new())).fail(VITAL);
    assert!(!cockpit.kinds().contains(&"lost"));
    cockpit.fail(VITAL).fail(VITAL).poll(VITAL, Data::Series(Vec::new()));
    let kinds = cockpit.kinds();
    assert_eq!(kinds.iter().filter(|k| **k == "lost").count(), 1);
    assert_eq!(kinds.last(), Some(&"back"));
}

#[test]
fn a_vital_crosses_where_its_curve_did_and_says_what_it_cost() {
    let mut cockpit = Cockpit::new();
    // In range until 03:08, then 90 % for two minutes.
    let mut values = vec![1.0; 24];
    values.extend([0.9; 24]);
    cockpit.poll(VITAL, curve("03:06:05", 5, &values));
    assert_eq!(vitals::vital(cockpit.app.facts(), 0), VitalState::Outside(0.9));
    assert_eq!(cockpit.app.incident.onset(), Some(at("03:08:05")));
    cockpit.tick("03:10:01");
    let stretch = &cockpit.app.incident.vitals["checkout ok"].stretches[&at("03:08:05")];
    assert_eq!((stretch.seconds, stretch.shown.as_str()), (120.0, "90 %"));
    assert!((stretch.area - 0.19).abs() < 1e-9, "9.5 points for two minutes: {}", stretch.area);
}

#[test]
fn a_vital_that_is_stale_failing_or_empty_is_unknown() {
    let mut cockpit = Cockpit::new();
    assert_eq!(vitals::vital(cockpit.app.facts(), 0), VitalState::Unknown(None));
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13]));
    assert_eq!(vitals::vital(cockpit.app.facts(), 0), VitalState::Inside(1.0));
    cockpit.tick("03:10:16");
    assert!(matches!(vitals::vital(cockpit.app.facts(), 0), VitalState::Unknown(Some((1.0, _)))), "stale");
    cockpit.poll(VITAL, Data::Series(Vec::new()));
    assert_eq!(vitals::vital(cockpit.app.facts(), 0), VitalState::Unknown(None), "empty");
    cockpit.poll(VITAL, Data::Number(f64::NAN));
    assert_eq!(vitals::vital(cockpit.app.facts(), 0), VitalState::Unknown(None), "NaN");
}

#[test]
fn the_cursor_stays_on_its_alert_when_the_list_changes() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["B", "C"]));
    let pane = cockpit.app.screen.watch.focus.expect("a pane");
    cockpit.press("j");
    let selected = watch::selected_row(&cockpit.app, pane);
    cockpit.poll(ALERTS, firing(&["A", "B", "C"]));
    assert_eq!(watch::selected_row(&cockpit.app, pane), selected);
    assert!(selected.is_some_and(|key| key.ends_with('C')));
}

#[test]
fn a_text_scrolls_and_stops_at_its_end() {
    let mut config = config();
    let text = "one\ntwo\nthree".to_owned();
    config.panes.insert(0, Pane { kind: crate::config::PaneKind::Text, text, ..Pane::titled("SOP") });
    let mut cockpit = Cockpit::with(config);
    let sop = cockpit.app.world.plan.panes[0].id;
    cockpit.app.screen.watch.focus = Some(sop);
    cockpit.press("<enter>jj");
    assert_eq!(watch::scrolled(&cockpit.app, sop), 2);
    cockpit.press("jk");
    assert_eq!(watch::scrolled(&cockpit.app, sop), 1);
}
