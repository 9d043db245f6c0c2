//! What the panes list, and what is selected there.

use jiff::tz::TimeZone;

use super::*;
use crate::{
    app::{
        evidence,
        world::rows::{self, cache},
    },
    dashboard::{PaneId, QueryId},
};

/// Alerts of one name, in these states, as one source has them.
fn of_one_name(name: &str, states: &[AlertState]) -> Data {
    let alert = |(n, state): (usize, &AlertState)| Alert {
        id: format!("{name}/{n}").into(),
        labels: Labels::of([("alertname", name)]),
        summary: "".into(),
        state: *state,
        severity: Severity::Critical,
        starts_at: at("03:06:00"),
        receivers: Arc::from([]),
        links: AlertLinks::default(),
        inhibited_by: Arc::from([]),
        muted_for: Arc::from([]),
    };
    let alerts = states.iter().enumerate().map(alert).collect();
    Data::Alerts(AlertSet::grouped(alerts, |_| (name.into(), name.into())))
}

fn queries(cockpit: &Cockpit) -> (PaneId, usize, usize) {
    let pane = cockpit.app.screen.watch.focus.expect("a pane");
    let of = |name: &str| {
        let source = cockpit.app.session.source_of(name).expect("a source");
        let queries = &cockpit.app.world.plan.pane(pane).expect("it").queries;
        let is_its = |id: &&QueryId| cockpit.app.world.plan.query(**id).is_some_and(|query| query.source == source);
        queries.iter().find(is_its).expect("a query").number()
    };
    (pane, of("am"), of("prom"))
}

#[test]
fn pending_alerts_of_prometheus_can_be_selected_and_taken() {
    let mut cockpit = Cockpit::new();
    let (pane, am, prom) = queries(&cockpit);
    cockpit.poll(am, of_one_name("Errors", &[AlertState::Firing]));
    cockpit.poll(prom, of_one_name("Errors", &[AlertState::Firing, AlertState::Pending, AlertState::Pending]));
    let rows = cache::rows(&cockpit.app, cockpit.app.world.plan.pane(pane).expect("it")).shown();
    let shown: Vec<_> = rows.iter().map(|row| (row.source, row.is_selectable())).collect();
    assert_eq!(shown, [("am", true), ("prom", true)], "what fires is shown once, what is pending beside it");
    assert_eq!(rows::firing(&cockpit.app), (1, 1));
    cockpit.press("js");
    let taken = cockpit.app.incident.board.observations.last().expect("an observation");
    assert_eq!(taken.text, "Errors ×2");
    let evidence = taken.evidence.as_ref().expect("evidence");
    assert_eq!((evidence.value.as_str(), evidence.source.as_str()), ("2 pending", "prom"));
}

#[test]
fn what_has_ended_is_no_value_of_now() {
    let mut cockpit = Cockpit::new();
    let (pane, ..) = queries(&cockpit);
    let errors = cockpit.app.world.plan.panes.iter().position(|pane| pane.pane.title == "Errors").expect("a pane");
    assert_ne!(cockpit.app.world.plan.panes[errors].id, pane);
    let series = |name: &str, until: i64, v: f64| Series {
        name: name.into(),
        labels: Labels::of([("pod", name)]),
        points: (0..20).map(|i| Point { t: at("03:10:00").as_millisecond() - until - (20 - i) * 5000, v }).collect(),
    };
    let query = cockpit.app.world.plan.panes[errors].queries[0].number();
    cockpit.poll(query, Data::Series(vec![series("old", 120_000, 900.0), series("new", 0, 2.0)]));
    let value =
        |cockpit: &Cockpit| evidence::evidence_of(cockpit.app.facts(), &cockpit.app.world.plan.panes[errors]).value;
    assert_eq!(value(&cockpit), "new 2");
    cockpit.poll(query, Data::Series(vec![series("old", 120_000, 900.0)]));
    assert_eq!(value(&cockpit), "no data");
}

#[test]
fn the_log_is_in_one_zone() {
    let mut cockpit = Cockpit::new();
    cockpit.app.session.zone = TimeZone::fixed(jiff::tz::offset(5));
    cockpit.press("n03:05 first call<ctrl-s>4");
    let said = |cockpit: &Cockpit| {
        let items = crate::app::screen::log::log_items(&cockpit.app);
        items.iter().find(|item| item.what.starts_with("first call")).expect("the note").what.clone()
    };
    assert_eq!(said(&cockpit), "first call (written 03:10)");
    cockpit.press("z");
    assert_eq!(said(&cockpit), "first call (written 08:10)");
}
