//! What fired before users were hurt, and what the coach makes of it: it does not pass for what hurts.

use super::{played::changes, *};
use crate::app::world::bleeding;

impl Cockpit {
    /// A warning was taken as the first symptom while the vital was in range; a change before it touches its service.
    fn forerunner(&mut self) -> &mut Self {
        self.calm()
            .poll(CHANGES, changes(&[("v2", ChangeKind::Deploy, "03:04:00")]))
            .poll(ALERTS, alerts(&[("Slow", Severity::Warning)]))
            .press(">>")
    }

    /// Then the vital left its range, and a page fires.
    fn hurts_then(&mut self) -> &mut Self {
        let page = alerts(&[("Slow", Severity::Warning), ("Errors", Severity::Critical)]);
        self.forerunner().later(30).vital_for(25, 0.9).poll(ALERTS, page)
    }
}

/// Alerts that fire, with how bad they are.
fn alerts(all: &[(&str, Severity)]) -> Data {
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let Data::Alerts(set) = firing(&names) else { return firing(&[]) };
    let named = |alert: &Alert| {
        let name: Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
        (name.clone(), name)
    };
    let of = |alert: &Alert| all.iter().find(|(name, _)| alert.labels.get("alertname") == Some(name));
    let known = set.groups.iter().flat_map(|group| group.alerts.iter().cloned());
    let known = known.map(|alert| Alert { severity: of(&alert).map_or(alert.severity, |known| known.1), ..alert });
    Data::Alerts(AlertSet::grouped(known.collect(), named))
}

#[test]
fn before_anyone_is_hurt_nothing_is_rolled_back() {
    Cockpit::new().forerunner().says("Add two hypotheses");
}

#[test]
fn what_pages_is_taken_too_and_then_gone_back_from() {
    let mut cockpit = Cockpit::new();
    cockpit.hurts_then().says("Take Errors as a symptom, too").press(">").says("Roll back checkout v2 (");
    assert_eq!(cockpit.app.incident.board.observations.len(), 2);
}

#[test]
fn left_it_is_not_offered_again() {
    let mut cockpit = Cockpit::new();
    cockpit.hurts_then().press("aone<enter><esc>").says("Roll back checkout v2 (");
}

#[test]
fn beside_what_runs_a_symptom_alone_calls_for_no_second_rollback() {
    let search = |c: &mut Cockpit| {
        let mut data = changes(&[("v9", ChangeKind::Deploy, "03:05:00")]);
        if let Data::Changes(all) = &mut data {
            all.iter_mut()
                .for_each(|change| (change.service, change.title) = (Some("search".into()), "search v9".into()));
        }
        c.calm().poll(CHANGES, data).later(30).as_before().vital_for(25, 0.9).press(">>ssearch is slow<enter>");
    };
    let mut cockpit = Cockpit::new();
    search(&mut cockpit);
    cockpit.says("Roll back search v9 (");
    let mut cockpit = Cockpit::new();
    search(&mut cockpit);
    cockpit.press("3mrestart the pods<enter>vd<enter>").says("Add two hypotheses");
}

#[test]
fn out_of_range_for_a_moment_is_no_calm_while_the_clock_runs() {
    let mut cockpit = Cockpit::new();
    cockpit.hurting().later(10).vital_for(5, 1.0);
    assert!(bleeding::bleeding_since(cockpit.app.facts()).is_some());
    cockpit.says("wait for 60 s before you call it stanched");
}
