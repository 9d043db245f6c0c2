//! Dashboards that were opened: their panels are panes, their variables are set by hand.

use super::*;
use crate::{
    app::world::dashboards::{DashboardOpened, DashboardRow},
    config::{DashboardAt, DashboardEntry, PaneKind},
    dashboard::{Ask, PaneId, SubscriptionChange},
    grafana::{
        model::Dashboard,
        open::OpenDashboard,
        routes::Routes,
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
        Self::with(Config { dashboards: vec![DashboardEntry::of_file("shop.json")], ..config() })
    }

    pub(super) fn opened(&mut self, outcome: Result<Arc<OpenDashboard>, String>) -> &mut Self {
        let answer = (0, self.request());
        let config = Arc::clone(&self.app.session.config);
        self.send(Msg::DashboardOpened(DashboardOpened::of(answer, &config, outcome)))
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

/// A dashboard of a Grafana that could be opened.
fn in_grafana(uid: &str, title: &str) -> DashboardRow {
    let at = DashboardAt::Grafana { uid: uid.into(), base: None };
    let entry = DashboardEntry { at, ..DashboardEntry::default() };
    DashboardRow { entry, title: title.into(), about: "Infra".into(), is_starred: false, place: None }
}

#[test]
fn a_dashboard_is_chosen_from_a_list_and_gone_to_once_it_is_open() {
    let mut cockpit = Cockpit::with_dashboard();
    cockpit.opened(Ok(open(&["a"], &[])));
    cockpit.later(1);
    assert!(cockpit.press(":dashboard<enter>").effects.contains(&Effect::ListDashboards));
    let Some(Overlay::Dashboards(list)) = &cockpit.app.screen.overlay else { panic!("a list") };
    let known: Vec<_> = list.found().map(|row| (row.title.as_str(), row.about.as_str())).collect();
    assert_eq!(known, [("Shop of All", "open")], "what is known is there at once");
    let rows = vec![in_grafana("n1", "Node exporter"), in_grafana("k1", "Kubernetes")];
    cockpit.send(Msg::DashboardsListed(rows, Some("other: refused".into())));
    cockpit.press("kube<enter>");
    let expected = Effect::OpenDashboard { place: 1, chosen: Vec::new(), request: 1 };
    assert!(cockpit.effects.contains(&expected), "{:?}", cockpit.effects);
    assert_eq!(cockpit.app.session.config.dashboards[1].shown(), "k1");
    let before = cockpit.app.screen.watch.focus;
    let config = Arc::clone(&cockpit.app.session.config);
    cockpit.send(Msg::DashboardOpened(DashboardOpened::of((1, 1), &config, Ok(open(&["z"], &[])))));
    let focus = cockpit.app.screen.watch.focus;
    assert_ne!(focus, before);
    let pane = focus.and_then(|id| cockpit.app.world.plan.pane(id)).expect("a pane");
    assert_eq!(pane.origin.as_ref().map(|origin| origin.dashboard), Some(1));
    // One that is open is gone to.
    cockpit.later(1).press(":dashboard<enter>").press("shop<enter>");
    let pane = cockpit.app.screen.watch.focus.and_then(|id| cockpit.app.world.plan.pane(id)).expect("a pane");
    assert_eq!(pane.origin.as_ref().map(|origin| origin.dashboard), Some(0));
}

/// Whoever has gone elsewhere meanwhile stays there.
#[test]
fn a_dashboard_that_opens_late_takes_nobody_away() {
    let opens_after = |meanwhile: &str| {
        let mut cockpit = Cockpit::with_dashboard();
        cockpit.opened(Ok(open(&["a"], &[])));
        cockpit.later(1).press(":dashboard<enter>");
        cockpit.send(Msg::DashboardsListed(vec![in_grafana("k1", "Kubernetes")], None)).press("kube<enter>");
        cockpit.later(1).press(meanwhile);
        let before = (cockpit.app.screen.watch.focus, cockpit.app.screen.watch.zoomed);
        let config = Arc::clone(&cockpit.app.session.config);
        cockpit.send(Msg::DashboardOpened(DashboardOpened::of((1, 1), &config, Ok(open(&["z"], &[])))));
        before == (cockpit.app.screen.watch.focus, cockpit.app.screen.watch.zoomed)
    };
    assert!(!opens_after(""), "it is gone to");
    assert!(opens_after("<tab>"));
    assert!(opens_after("<enter>"), "a pane that fills the screen goes on to");
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
        Some(Overlay::Variables(picker)) => picker.trouble.clone().unwrap_or_default(),
        other => panic!("no list: {other:?}"),
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
    let config = Arc::clone(&cockpit.app.session.config);
    let late = DashboardOpened::of((0, 2), &config, Ok(open(&["a", "b"], &[("pod", "a")])));
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

#[test]
fn what_only_grafana_can_ask_is_no_check() {
    let text = "[[source]]\nname = \"graf\"\ntype = \"grafana\"\nurl = \"http://g\"\n[[dashboard]]\nuid = \"shop\"\n";
    let (config, _) = crate::config::load::parse(text, std::path::Path::new("x.toml")).expect("a configuration");
    let mut cockpit = Cockpit::with(config);
    let routes = Routes { prometheus: None, grafana: Some(0), ..Routes::default() };
    let dashboard = Dashboard::read(TEXT).expect("a dashboard");
    let mut variables = Variables::of(&dashboard, TimeRange { from: 0, to: 1_800_000 }, &[]).by(routes);
    assert_eq!(variables.questions().len(), 1);
    variables.answer(0, Ok(Answer::Names(vec!["a".into()])));
    cockpit.opened(Ok(Arc::new(OpenDashboard::new(dashboard, variables))));
    let kinds: Vec<_> = cockpit.panels().into_iter().map(|(_, title, kind)| (title, kind)).collect();
    let expected = [
        ("Up", PaneKind::Stat),
        ("Read", PaneKind::Text),
        ("Sales", PaneKind::TimeSeries),
        ("CPU", PaneKind::TimeSeries),
    ];
    assert_eq!(kinds, expected.map(|(title, kind)| (title.to_owned(), kind)), "the InfluxDB is asked, too");
    cockpit.app.screen.watch.focus = cockpit.panels().first().map(|(id, ..)| *id);
    assert!(crate::app::evidence::suggested_sign(&cockpit.app).is_none());
}
