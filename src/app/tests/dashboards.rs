//! Dashboards that were opened: their panels are panes, their variables are set by hand.

use super::*;
use crate::{
    app::{screen::overlay::Purpose, world::dashboards::DashboardOpened},
    config::{DashboardFile, PaneKind, SourceId},
    dashboard::{Ask, PaneId, SubscriptionChange},
    grafana::{
        model::Dashboard,
        open::OpenDashboard,
        time_range::TimeRange,
        variable::{Answer, Variables},
    },
};

/// A row that is repeated for each pod, and what stands above it.
const TEXT: &str = r#"{"title": "Shop of $pod", "schemaVersion": 39, "templating": {"list": [
    {"name": "pod", "type": "query", "query": "label_values(up, pod)", "multi": true, "includeAll": true,
     "current": {"value": "$__all"}}]},
  "panels": [
    {"id": 1, "type": "stat", "title": "Up", "gridPos": {"x": 0, "y": 0, "w": 6, "h": 4}, "targets": [{"expr": "sum(up)"}]},
    {"id": 2, "type": "text", "title": "Read", "options": {"content": "**first** this\u001b[31m"}},
    {"id": 3, "type": "timeseries", "title": "Sales", "datasource": {"type": "influxdb"}, "targets": [{"query": "from(b)"}]},
    {"id": 4, "type": "row", "title": "Pods"},
    {"id": 5, "type": "timeseries", "title": "CPU", "repeat": "pod", "targets": [{"expr": "cpu{pod=\"$pod\"}"}]}]}"#;

fn open(pods: &[&str], chosen: &[(&str, &str)]) -> Arc<OpenDashboard> {
    let dashboard = Dashboard::read(TEXT).expect("a dashboard");
    let chosen: Vec<_> = chosen.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut variables = Variables::of(&dashboard, TimeRange { from: 0, to: 1_800_000 }, &chosen);
    assert_eq!(variables.questions().len(), 1);
    variables.answer(0, Ok(Answer::Names(pods.iter().map(|pod| (*pod).to_owned()).collect())));
    Arc::new(OpenDashboard::new(dashboard, variables))
}

impl Cockpit {
    fn with_dashboard() -> Self {
        let file = DashboardFile { file: "shop.json".into(), ..DashboardFile::default() };
        Self::with(Config { dashboards: vec![file], ..config() })
    }

    fn opened(&mut self, outcome: Result<Arc<OpenDashboard>, String>) -> &mut Self {
        self.send(Msg::DashboardOpened(DashboardOpened {
            place: 0,
            request: self.request(),
            source: SourceId::nth(0),
            outcome,
        }))
    }

    /// The number of the newest request.
    fn request(&self) -> u64 {
        let mut requests = self.effects.iter().rev().filter_map(|effect| match effect {
            Effect::OpenDashboard { request, .. } => Some(*request),
            _ => None,
        });
        requests.next().unwrap_or_default()
    }

    /// The panels that are shown: id, title, and how they are drawn.
    fn panels(&self) -> Vec<(PaneId, String, PaneKind)> {
        let panes = self.app.world.plan.panes.iter().filter(|pane| pane.origin.is_some());
        panes.map(|pane| (pane.id, pane.pane.title.clone(), pane.pane.kind)).collect()
    }
}

#[test]
fn panels_come_behind_the_panes_and_are_asked() {
    let mut cockpit = Cockpit::with_dashboard();
    let before = cockpit.app.world.plan.panes.len();
    cockpit.opened(Ok(open(&["a", "b"], &[])));
    let titles: Vec<_> = cockpit.panels().into_iter().map(|(_, title, kind)| (title, kind)).collect();
    let expected = [
        ("Up", PaneKind::Stat),
        ("Read", PaneKind::Text),
        ("Sales", PaneKind::Text),
        ("CPU", PaneKind::TimeSeries),
        ("CPU b", PaneKind::TimeSeries),
    ];
    assert_eq!(titles, expected.map(|(title, kind)| (title.to_owned(), kind)));
    assert!(cockpit.app.world.plan.panes[..before].iter().all(|pane| pane.origin.is_none()));
    let asked = cockpit.effects.iter().filter(|effect| match effect {
        Effect::Subscribe(SubscriptionChange::Ask { query, .. }) => matches!(query.ask, Ask::Panel(_)),
        _ => false,
    });
    assert_eq!(asked.count(), 3);
    let text = |title: &str| {
        let pane = cockpit.app.world.plan.panes.iter().find(|pane| pane.pane.title == title).expect("a pane");
        pane.pane.text.clone()
    };
    assert_eq!(text("Read").trim(), "first this[31m");
    assert_eq!(text("Sales"), "Not shown: it asks influxdb, which is not connected.\n\nfrom(b)");
}

#[test]
fn a_variable_is_set_by_a_part_of_its_value() {
    let mut cockpit = Cockpit::with_dashboard();
    cockpit.opened(Ok(open(&["web-1", "web-2", "db"], &[])));
    let chosen = |value: &str, request: u64| Effect::OpenDashboard {
        place: 0,
        chosen: vec![("pod".into(), value.into())],
        request,
    };
    assert_eq!(cockpit.press("$po=db<enter>").effects.last(), Some(&chosen("db", 2)));
    assert_eq!(cockpit.press(":variable pod = WEB-2<enter>").effects.last(), Some(&chosen("web-2", 3)));
    let trouble = |cockpit: &Cockpit| match &cockpit.app.screen.overlay {
        Some(Overlay::Prompt(prompt)) => {
            assert!(matches!(prompt.purpose, Purpose::Variable { .. }));
            prompt.trouble.clone().unwrap_or_default()
        }
        other => panic!("no field: {other:?}"),
    };
    assert_eq!(trouble(cockpit.press("$pod=web<enter>")), "which pod? web-1, web-2");
    assert_eq!(trouble(cockpit.press("<ctrl-u>pod=gone<enter>")), "pod cannot be gone; it can be web-1, web-2, db");
    assert_eq!(trouble(cockpit.press("<ctrl-u>node=x<enter>")), "there is no variable node; there are: pod");
}

#[test]
fn an_answer_that_was_overtaken_changes_nothing() {
    let mut cockpit = Cockpit::with_dashboard();
    cockpit.opened(Ok(open(&["a", "b"], &[])));
    cockpit.press("$pod=a<enter>").press("$pod=b<enter>");
    let late = DashboardOpened {
        place: 0,
        request: 2,
        source: SourceId::nth(0),
        outcome: Ok(open(&["a", "b"], &[("pod", "a")])),
    };
    let before = cockpit.panels();
    cockpit.send(Msg::DashboardOpened(late));
    assert_eq!(cockpit.panels(), before);
    cockpit.opened(Ok(open(&["a", "b"], &[("pod", "b")])));
    assert_eq!(cockpit.panels().len(), 4);
}

#[test]
fn a_panel_stays_selected_while_variables_change() {
    let mut cockpit = Cockpit::with_dashboard();
    cockpit.opened(Ok(open(&["a", "b"], &[])));
    let id =
        |cockpit: &Cockpit, of: &str| cockpit.panels().into_iter().find(|(_, title, _)| title == of).map(|one| one.0);
    let up = id(&cockpit, "Up");
    cockpit.app.screen.watch.focus = up;
    cockpit.opened(Ok(open(&["a", "b"], &[("pod", "b")])));
    assert_eq!((id(&cockpit, "Up"), cockpit.app.screen.watch.focus), (up, up));
    assert_eq!(cockpit.panels().len(), 4);
    let stopped =
        cockpit.effects.iter().filter(|effect| matches!(effect, Effect::Subscribe(SubscriptionChange::Stop(_))));
    assert_eq!(stopped.count(), 3, "what was asked with the values before");
}

#[test]
fn one_that_cannot_be_opened_is_said_and_changes_nothing() {
    let mut cockpit = Cockpit::with_dashboard();
    cockpit.opened(Ok(open(&["a"], &[])));
    let before = cockpit.panels();
    cockpit.opened(Err("the dashboard shop.json: this is no JSON".into()));
    let notice = cockpit.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str());
    assert_eq!(notice, "the dashboard shop.json: this is no JSON");
    assert_eq!(cockpit.panels(), before);
    assert_eq!(Cockpit::new().press("$").effects, [], "nothing to set");
}
