//! Variables are set in a list, the incident remembers them, and dashboards stand side by side.

use super::*;
use crate::{
    app::{
        screen::{overlay::VariablePicker, tabs},
        world::{dashboards::DashboardOpened, variables},
    },
    config::{DashboardAt, DashboardEntry},
    dashboard::{Ask, SubscriptionChange},
    grafana::{
        model::Dashboard,
        open::OpenDashboard,
        time_range::TimeRange,
        variable::{Answer, Variables},
    },
    incident::timeline,
};

/// Two variables of which one follows the other, a text, a choice.
const TEXT: &str = r#"{"title": "Shop", "schemaVersion": 39, "templating": {"list": [
    {"name": "namespace", "type": "query", "query": "label_values(up, namespace)"},
    {"name": "pod", "type": "query", "query": "label_values(up{namespace=\"$namespace\"}, pod)", "multi": true,
     "includeAll": true, "current": {"value": ["$__all"]}, "refresh": 2},
    {"name": "least", "type": "textbox", "query": "10"},
    {"name": "level", "type": "custom", "query": "info,warn"}]},
  "panels": [
    {"id": 1, "type": "stat", "title": "Up", "targets": [{"expr": "sum(up{namespace=\"$namespace\"}) > $least"}]},
    {"id": 4, "type": "row", "title": "Pods"},
    {"id": 5, "type": "timeseries", "title": "CPU", "repeat": "pod", "gridPos": {"h": 30, "w": 24, "x": 0, "y": 0},
     "targets": [{"expr": "cpu{pod=\"$pod\"}"}]}]}"#;

fn open(text: &str, chosen: &[(String, String)], pods: &[String]) -> Arc<OpenDashboard> {
    let dashboard = Dashboard::read(text).expect("a dashboard");
    let mut variables = Variables::of(&dashboard, TimeRange { from: 0, to: 1_800_000 }, chosen);
    loop {
        let questions = variables.questions();
        if questions.is_empty() {
            break;
        }
        for (place, ..) in questions {
            let names = if place == 0 { vec!["pay".to_owned(), "shop".to_owned()] } else { pods.to_vec() };
            variables.answer(place, Ok(Answer::Names(names)));
        }
    }
    Arc::new(OpenDashboard::new(dashboard, variables))
}

fn pods() -> Vec<String> {
    ["db", "web-1", "web-2"].map(str::to_owned).to_vec()
}

fn file(name: &str) -> DashboardEntry {
    DashboardEntry { at: DashboardAt::File(name.into()), ..DashboardEntry::default() }
}

impl Cockpit {
    fn with_shop() -> Self {
        let mut cockpit = Self::with(Config { dashboards: vec![file("a/shop.json")], ..config() });
        cockpit.answer(0, TEXT, &pods());
        cockpit
    }

    /// Answers the newest request for a dashboard, as the runtime does.
    fn answer(&mut self, place: usize, text: &str, pods: &[String]) -> &mut Self {
        let (chosen, request) = self.requested(place).expect("a request");
        let config = Arc::clone(&self.app.session.config);
        let open = Ok(open(text, &chosen, pods));
        self.send(Msg::DashboardOpened(DashboardOpened::of((place, request), &config, open)))
    }

    fn requested(&self, of: usize) -> Option<(Vec<(String, String)>, u64)> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::OpenDashboard { place, chosen, request } if *place == of => Some((chosen.clone(), *request)),
            _ => None,
        })
    }

    fn picker(&self) -> &VariablePicker {
        match &self.app.screen.overlay {
            Some(Overlay::Variables(picker)) => picker,
            other => panic!("no list: {other:?}"),
        }
    }

    /// The lines of the list, those that are marked with a star.
    fn listed(&self) -> Vec<String> {
        let picker = self.picker();
        let line = |nth| {
            let entry = picker.entry(nth).expect("a line");
            format!("{}{}", if entry.is_marked { "*" } else { "" }, entry.name)
        };
        (0..picker.lines().0).map(line).collect()
    }

    fn last_chosen(&self) -> Vec<(String, String)> {
        self.requested(0).expect("a request").0
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_variable_is_found_then_its_value() {
    let mut cockpit = Cockpit::with_shop();
    assert_eq!(cockpit.press("$").listed(), ["namespace", "pod", "least", "level"]);
    assert_eq!(cockpit.picker().entry(1).map(|entry| entry.about.into_owned()).as_deref(), Some("All"));
    assert_eq!(cockpit.press("<enter>").listed(), ["*pay", "shop"], "what is chosen stands first");
    assert_eq!(cockpit.picker().said().as_deref(), Some("pod asked again"));
    cockpit.press("sh<enter>");
    assert_eq!(cockpit.last_chosen(), pairs(&[("namespace", "shop")]), "six keys in all");
    assert!(cockpit.app.world.dashboards.is_being_opened(0));
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.answer(0, TEXT, &pods());
    assert_eq!(variables::chosen(cockpit.app.facts(), 0), "namespace=shop · pod=All · least=10 · level=info");
}

#[test]
fn several_values_are_marked_and_all_of_them_are_one() {
    let mut cockpit = Cockpit::with_shop();
    assert_eq!(cockpit.press("$pod<enter>").listed(), ["*All", "db", "web-1", "web-2"]);
    // What is typed finds one, Space marks it and clears what was typed.
    cockpit.press("w2 w1 ");
    assert_eq!(cockpit.listed(), ["All", "db", "*web-1", "*web-2"]);
    cockpit.press("<enter>");
    assert_eq!(cockpit.last_chosen(), pairs(&[("pod", "web-2"), ("pod", "web-1")]));
    cockpit.answer(0, TEXT, &pods());
    assert_eq!(cockpit.press("$pod<enter>").listed(), ["*web-1", "*web-2", "All", "db"]);
    cockpit.press("all <enter>");
    assert_eq!(cockpit.last_chosen(), pairs(&[("pod", "$__all")]));
    // Without a mark it is the one that is selected, and no other.
    cockpit.answer(0, TEXT, &pods()).press("$pod<enter>db<enter>");
    assert_eq!(cockpit.last_chosen(), pairs(&[("pod", "db")]));
}

#[test]
fn text_is_typed_and_esc_leaves_all_as_it_was() {
    let mut cockpit = Cockpit::with_shop();
    cockpit.press("$least<enter>");
    assert_eq!((cockpit.listed(), cockpit.picker().field.text()), (vec!["10".to_owned()], "10".to_owned()));
    cockpit.press("<ctrl-u>25<esc>");
    assert_eq!(cockpit.last_chosen(), pairs(&[]));
    cockpit.press("$least<enter><ctrl-u>25<enter>");
    assert_eq!(cockpit.last_chosen(), pairs(&[("least", "25")]));
    // Back to the list, where it was.
    cockpit.answer(0, TEXT, &pods()).press("$pod<enter><left>");
    assert_eq!((cockpit.picker().of().is_none(), cockpit.picker().cursor), (true, 1));
    cockpit.press("nosuch<enter>");
    assert_eq!(cockpit.picker().trouble.as_deref(), Some("there is no variable like nosuch"));
}

#[test]
fn ten_thousand_values_are_looked_through_without_a_stall() {
    let many: Vec<String> = (0..10_000).map(|n| format!("pod-{n:05}-{:x}", n * 7919)).collect();
    let mut cockpit = Cockpit::with(Config { dashboards: vec![file("shop.json")], ..config() });
    cockpit.answer(0, TEXT, &many).press("$pod<enter>");
    assert_eq!(cockpit.picker().lines(), (10_001, 10_001));
    cockpit.press("09999");
    let narrow = cockpit.picker().lines().0;
    assert!(narrow < 100, "{narrow} fit");
    assert_eq!(cockpit.listed()[0], many[9_999], "the best stands first");
    cockpit.press("<backspace><backspace>");
    assert!(cockpit.picker().lines().0 > narrow, "what was narrowed widens again");
}

#[test]
fn the_incident_remembers_what_was_chosen() {
    let mut cockpit = Cockpit::with_shop();
    cockpit.press("$pod<enter>web-1<enter>");
    let event = Event::VariableSet {
        dashboard: "shop.json".into(),
        title: "Shop".into(),
        variable: "pod".into(),
        values: vec!["web-1".into()],
        shown: "web-1".into(),
    };
    assert_eq!(cockpit.log.last().map(|entry| &entry.event), Some(&event));
    let told = timeline::items(&cockpit.app.incident);
    assert_eq!(told.last().map(|item| item.what.as_str()), Some("alice@host looks at pod=web-1 of Shop"));
    // Somebody else's cockpit goes its own way, and does not take ours along.
    let theirs = |variable: &str, value: &str| Event::VariableSet {
        dashboard: "shop.json".into(),
        title: String::new(),
        variable: variable.into(),
        values: vec![value.into()],
        shown: String::new(),
    };
    cockpit.bob(theirs("pod", "db"));
    cockpit.bob(theirs("namespace", "shop"));
    assert_eq!(cockpit.last_chosen(), pairs(&[("pod", "web-1")]));
    let incident = Incident::replay(cockpit.log.clone());
    assert_eq!(incident.variables_of("shop.json", "alice@host"), pairs(&[("namespace", "shop"), ("pod", "web-1")]));
    assert_eq!(incident.variables_of("shop.json", "bob@host"), pairs(&[("namespace", "shop"), ("pod", "db")]));
    assert!(incident.variables_of("other.json", "bob@host").is_empty());
    // It is taken again.
    let mut again = Cockpit::with(Config { dashboards: vec![file("b/shop.json")], ..config() });
    again.app.incident = incident;
    let effects = again.app.start();
    again.carry_out(effects);
    assert_eq!(again.last_chosen(), pairs(&[("namespace", "shop"), ("pod", "web-1")]));
    // And nothing of it is undone by chance.
    assert!(again.app.incident.last_undoable("alice@host").is_empty());
}

#[test]
fn dashboards_are_gone_through_and_come_back_to() {
    let two = vec![file("shop.json"), file("pay.json")];
    let mut cockpit = Cockpit::with(Config { dashboards: two, ..config() });
    // They stand in the order of the configuration, whichever is open first.
    cockpit.answer(1, &TEXT.replace("\"Shop\"", "\"Pay desk\""), &pods()).answer(0, TEXT, &pods());
    let shown = |cockpit: &Cockpit| {
        let tabs = tabs::tabs(&cockpit.app);
        let names: Vec<_> =
            tabs.iter().map(|tab| format!("{}{}", tab.name, if tab.is_shown { "*" } else { "" })).collect();
        names.join(" ")
    };
    assert_eq!(shown(&cockpit), "panes* Shop Pay desk");
    assert_eq!(shown(cockpit.press(")")), "panes Shop* Pay desk");
    cockpit.press("<tab>");
    let second = cockpit.app.screen.watch.focus;
    assert_eq!(shown(cockpit.press("))")), "panes* Shop Pay desk");
    assert_eq!(shown(cockpit.press("(")), "panes Shop Pay desk*");
    assert_eq!(shown(cockpit.press(":tab 2<enter>")), "panes Shop* Pay desk");
    assert_eq!(cockpit.app.screen.watch.focus, second, "where it was left");
    assert_eq!(shown(cockpit.press(":tab desk<enter>")), "panes Shop Pay desk*");
    assert_eq!(shown(cockpit.press("1")), "panes* Shop Pay desk", "alerts are one key away");
    cockpit.press(":tab nosuch<enter>");
    let said = cockpit.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str());
    assert_eq!(said, "no dashboard is called nosuch; there are: panes, Shop, Pay desk");
}

#[test]
fn what_is_not_seen_is_asked_a_quarter_as_often() {
    let mut cockpit = Cockpit::with(Config { dashboards: vec![file("shop.json")], ..config() });
    cockpit.send(Msg::Resized(80, 24));
    cockpit.answer(0, TEXT, &pods());
    let paces = |cockpit: &Cockpit| {
        let panes = cockpit.app.world.plan.panes.iter().filter(|pane| pane.origin.is_some());
        let every = panes.map(|pane| cockpit.app.world.subscriptions.every(pane.queries[0]).unwrap_or_default());
        every.map(|every| every.as_secs()).collect::<Vec<_>>()
    };
    assert_eq!(paces(&cockpit), [60; 4], "the team's own panes are shown");
    let own = cockpit.app.world.plan.panes[0].queries[0];
    assert_eq!(cockpit.app.world.subscriptions.every(own), Some(Duration::from_secs(5)));
    cockpit.press(")");
    assert_eq!(paces(&cockpit), [15, 15, 15, 60], "the first page");
    cockpit.press("<pagedown>");
    assert_eq!(paces(&cockpit), [60, 60, 60, 15]);
    let turned = cockpit.effects.iter().rev().take(4).filter(|effect| match effect {
        Effect::Subscribe(SubscriptionChange::Interval { .. }) => true,
        Effect::Subscribe(SubscriptionChange::Ask { query, .. }) => !matches!(query.ask, Ask::Panel(_)),
        _ => false,
    });
    assert_eq!(turned.count(), 4, "nothing is asked anew for that");
    cockpit.press("2");
    assert_eq!(paces(&cockpit), [60; 4]);
    cockpit.press("1<enter>");
    assert_eq!(paces(&cockpit), [60, 60, 60, 15], "one fills the view");
}

#[test]
fn what_was_asked_with_other_values_is_let_go() {
    let mut cockpit = Cockpit::with_shop();
    let first = Arc::downgrade(&cockpit.app.world.dashboards.open[&0]);
    cockpit.press("$pod<enter>web-1<enter>").answer(0, TEXT, &pods());
    cockpit.effects.clear();
    assert!(first.upgrade().is_none(), "nothing holds on to the opening before");
    assert_eq!(cockpit.app.world.plan.panes.iter().filter(|pane| pane.origin.is_some()).count(), 2);
}

#[test]
fn another_window_asks_again_for_what_goes_by_it() {
    let mut cockpit = Cockpit::with_shop();
    let requests = |cockpit: &Cockpit| {
        cockpit.effects.iter().filter(|effect| matches!(effect, Effect::OpenDashboard { .. })).count()
    };
    assert_eq!(requests(&cockpit), 1);
    cockpit.press("}}}");
    cockpit.tick("03:10:00");
    assert_eq!(requests(&cockpit), 1, "a key may be held down");
    cockpit.tick("03:10:01").tick("03:10:02");
    assert_eq!(requests(&cockpit), 2, "once it stands");
    // Nothing is different: the panels stay as they are, and are not asked anew.
    let known = Arc::clone(&cockpit.app.world.dashboards.open[&0]);
    let asks = cockpit.effects.len();
    let (_, request) = cockpit.requested(0).expect("a request");
    cockpit.send(Msg::DashboardOpened(DashboardOpened::unchanged((0, request), known)));
    assert_eq!(cockpit.effects.len(), asks);
    assert!(!cockpit.app.world.dashboards.is_being_opened(0));
}

#[test]
fn a_time_that_is_looked_at_is_pinned_with_all_its_values() {
    let mut cockpit = Cockpit::new();
    cockpit.app.screen.watch.focus = Some(cockpit.app.world.plan.panes[0].id);
    let start = at("03:00:00").as_millisecond();
    let series = |name: &str, slope: f64| Series {
        name: name.into(),
        labels: Labels::of([("pod", name)]),
        points: (0..120).map(|i| Point { t: start + i * 5000, v: slope * i as f64 }).collect(),
    };
    cockpit.poll(1, Data::Series(vec![series("a", 1.0), series("b", 0.5)]));
    cockpit.press("c");
    cockpit.app.screen.watch.time = Some(at("03:05:00"));
    cockpit.press("<enter>");
    let Some(Event::Pinned { evidence }) = cockpit.log.last().map(|entry| entry.event.clone()) else {
        panic!("{:?}", cockpit.kinds());
    };
    assert_eq!((evidence.title.as_str(), evidence.value.as_str()), ("Errors at 03:05:00Z", "a 60, b 30"));
    assert_eq!(evidence.at, Some(at("03:05:00")));
    assert!(!cockpit.app.screen.watch.zoomed);
}

#[test]
fn evidence_says_for_which_values_it_stands() {
    let mut cockpit = Cockpit::with_shop();
    cockpit.press(")p");
    let Some(Event::Pinned { evidence }) = cockpit.log.last().map(|entry| entry.event.clone()) else {
        panic!("{:?}", cockpit.kinds());
    };
    assert_eq!(evidence.title, "Up (namespace=pay · least=10)");
    assert_eq!(evidence.query, "sum(up{namespace=\"pay\"}) > 10");
    cockpit.press("<tab>p");
    let Some(Event::Pinned { evidence }) = cockpit.log.last().map(|entry| entry.event.clone()) else {
        panic!("{:?}", cockpit.kinds());
    };
    assert_eq!(evidence.title, "CPU (pod=db)");
}

#[test]
fn filters_are_added_and_taken_off() {
    let text = TEXT.replace(
        r#"{"name": "level","#,
        r#"{"name": "filters", "type": "adhoc", "filters": [{"key": "zone", "operator": "!=", "value": "b"}]},
           {"name": "level","#,
    );
    let mut cockpit = Cockpit::with(Config { dashboards: vec![file("shop.json")], ..config() });
    cockpit.answer(0, &text, &pods());
    let asked = |cockpit: &Cockpit| {
        let pane = cockpit.app.world.plan.panes.iter().find(|pane| pane.origin.is_some());
        pane.map(|pane| pane.pane.query.clone()).unwrap_or_default()
    };
    assert_eq!(asked(&cockpit), r#"sum(up{namespace="pay", zone!="b"}) > 10"#);
    assert_eq!(cockpit.press("$filters<enter>").listed(), ["*zone!=b"]);
    cockpit.press("job=~web.*<enter>").answer(0, &text, &pods());
    assert_eq!(asked(&cockpit), r#"sum(up{namespace="pay", zone!="b", job=~"web.*"}) > 10"#);
    cockpit.press("$filters<enter><enter>").answer(0, &text, &pods()).press("$filters<enter><enter>");
    assert_eq!(cockpit.last_chosen(), pairs(&[("filters", "")]));
    cockpit.answer(0, &text, &pods());
    assert_eq!(asked(&cockpit), r#"sum(up{namespace="pay"}) > 10"#);
    // Labels that the panels show are offered.
    let cpu = cockpit.app.world.plan.panes.last().expect("a panel").queries[0];
    let series = |pod: &str| Series {
        name: pod.into(),
        labels: Labels::of([("__name__", "cpu"), ("pod", pod), ("zone", "a")]),
        points: vec![Point { t: at("03:09:59").as_millisecond(), v: 1.0 }],
    };
    cockpit.poll(cpu.number(), Data::Series(vec![series("web-1"), series("web-2")]));
    assert_eq!(cockpit.press("$filters<enter>").listed(), ["pod=web-1", "pod=web-2", "zone=a"]);
    cockpit.press("web2<enter>");
    assert_eq!(cockpit.last_chosen(), pairs(&[("filters", "pod=web-2")]));
    cockpit.answer(0, &text, &pods());
    assert_eq!(cockpit.press("$filters<enter>zone=~a|b").listed()[0], "zone=~a|b", "what is written out means itself");
    cockpit.press("<esc>$filters<enter>nosuch<enter>");
    let trouble = cockpit.picker().trouble.as_deref();
    assert_eq!(trouble, Some("filters takes filters such as pod=web-1; nosuch is none"));
}

#[test]
fn lines_set_variables_and_go_to_dashboards() {
    let mut cockpit = Cockpit::with_shop();
    let line = |cockpit: &mut Cockpit, line: &str| {
        cockpit.send(Msg::Line(line.into()));
    };
    line(&mut cockpit, "variable pod=web-2");
    assert_eq!(cockpit.last_chosen(), pairs(&[("pod", "web-2")]));
    cockpit.answer(0, TEXT, &pods());
    line(&mut cockpit, "variable");
    assert_eq!(cockpit.listed(), ["namespace", "pod", "least", "level"]);
    line(&mut cockpit, "1");
    line(&mut cockpit, "shop");
    assert_eq!(cockpit.last_chosen(), pairs(&[("pod", "web-2"), ("namespace", "shop")]));
    line(&mut cockpit, "tab 2");
    assert!(tabs::tabs(&cockpit.app)[1].is_shown);
    assert!(cockpit.effects.contains(&Effect::Say(crate::app::Page::Panes)));
}
