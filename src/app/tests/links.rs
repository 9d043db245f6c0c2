//! Where panels lead to.

use super::*;
use crate::{
    app::screen::{addresses, overlay::choice::Then},
    config::{DashboardAt, DashboardEntry},
    grafana::{model::Dashboard, open::OpenDashboard, time_range::TimeRange, variable::Variables},
};

const TEXT: &str = r#"{"title": "Shop", "uid": "shop", "schemaVersion": 39,
  "links": [{"type": "dashboards", "tags": ["infra"]}],
  "panels": [
    {"id": 1, "type": "timeseries", "title": "CPU", "targets": [{"expr": "cpu"}],
     "links": [{"title": "Node", "url": "/d/node?var-host=a"}, {"title": "Wiki\u001b[31m", "url": "https://wiki.example/cpu"}]}]}"#;

/// A cockpit with a dashboard, on its panel; the dashboard is that of a Grafana, or of a file.
fn on_a_panel(is_in_grafana: bool) -> Cockpit {
    let at = match is_in_grafana {
        true => DashboardAt::Grafana { uid: "shop".into(), base: Some("https://grafana.example/sub".into()) },
        false => DashboardAt::File("shop.json".into()),
    };
    let dashboards = vec![DashboardEntry { at, ..DashboardEntry::default() }];
    let mut cockpit = Cockpit::with(Config { dashboards, ..config() });
    let dashboard = Dashboard::read(TEXT).expect("a dashboard");
    let variables = Variables::of(&dashboard, TimeRange { from: 0, to: 1_800_000 }, &[]);
    cockpit.opened(Ok(Arc::new(OpenDashboard::new(dashboard, variables))));
    let panel = cockpit.app.world.plan.panes.iter().find(|pane| pane.origin.is_some()).map(|pane| pane.id);
    cockpit.app.screen.watch.focus = panel;
    cockpit.later(1).press("U");
    cockpit
}

fn answers(cockpit: &Cockpit) -> Vec<String> {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Choice(choice)) => choice.answers.iter().map(|one| one.text.clone()).collect(),
        other => panic!("{other:?}"),
    }
}

fn said(cockpit: &Cockpit) -> String {
    cockpit.app.screen.notice.as_ref().map_or(String::new(), |notice| notice.text.clone())
}

#[test]
fn a_dashboard_of_the_same_grafana_opens_here() {
    let mut cockpit = on_a_panel(true);
    let expected = ["Node  opens here", "Wiki[31m  https://wiki.example/cpu", "dashboards tagged infra  listed here"];
    assert_eq!(answers(&cockpit), expected);
    assert_eq!(addresses::shown(&cockpit.app), ["https://wiki.example/cpu"], "it can be clicked on");
    cockpit.effects.clear();
    cockpit.later(1).press("<enter>");
    let entry = &cockpit.app.session.config.dashboards[1];
    let at = DashboardAt::Grafana { uid: "node".into(), base: Some("https://grafana.example/sub".into()) };
    assert_eq!((&entry.at, entry.vars.as_slice()), (&at, [("host".to_owned(), "a".to_owned())].as_slice()));
    assert!(cockpit.effects.iter().any(|one| matches!(one, Effect::OpenDashboard { place: 1, .. })));
}

#[test]
fn any_other_address_is_copied_and_tags_narrow_the_list() {
    let mut cockpit = on_a_panel(true);
    cockpit.later(1).press("b");
    assert!(cockpit.effects.contains(&Effect::Copy("https://wiki.example/cpu".into())), "{:?}", cockpit.effects);
    assert!(said(&cockpit).contains("https://wiki.example/cpu"));
    cockpit.later(1).press("U").later(1).press("c");
    let Some(Overlay::Dashboards(list)) = &cockpit.app.screen.overlay else { panic!("a list") };
    assert_eq!(list.field.text(), "infra");
}

#[test]
fn without_a_grafana_what_is_below_it_is_copied_as_it_stands() {
    let cockpit = on_a_panel(false);
    assert_eq!(answers(&cockpit)[0], "Node  /d/node?var-host=a");
    let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("a choice") };
    assert!(matches!(&choice.answers[0].then, Then::Follow(to) if to == "/d/node?var-host=a"));
}

#[test]
fn where_nothing_leads_anywhere_it_is_said() {
    let mut cockpit = on_a_panel(true);
    cockpit.later(1).press("<esc>1").later(1).press("U");
    assert_eq!(said(&cockpit), "this pane is none of a dashboard: only those have links");
}
