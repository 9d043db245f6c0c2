//! The dashboard that the demo has: asked of the simulated shop, every panel has something to show.

use std::{path::Path, sync::Arc};

use jiff::Timestamp;
use stanch::{
    config::{Config, DashboardAt, DashboardEntry, SourceId, load},
    dashboard::{Ask, PanelAsk, Plan, Query, QueryContext},
    runtime::dashboards::{self, Wanted},
    signal::Window,
    sim,
    source::{self, Registry},
};

const WINDOW: Window = Window::live(std::time::Duration::from_secs(900));

#[tokio::test(flavor = "multi_thread")]
async fn every_panel_of_the_demos_dashboard_shows_something() {
    let sim = sim::start(sim::Options::default()).expect("a simulation");
    let (config, _) = load::parse(&sim.config_toml(), Path::new("demo.toml")).expect("valid");
    let text = include_str!("../../examples/dashboards/shop.json");
    let at = DashboardAt::Shipped { name: "shop.json", text };
    let config = Config { dashboards: vec![DashboardEntry { at, ..DashboardEntry::default() }], ..config };
    let registry = Registry::of(&config);
    let open = async |chosen: &[(&str, &str)]| {
        let chosen = chosen.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let wanted = Wanted { place: 0, chosen, request: 0, previous: None };
        dashboards::open(&registry, &config, &wanted, (WINDOW, Timestamp::now())).await.outcome.expect("a dashboard")
    };
    let dashboard = open(&[]).await;
    assert_eq!(dashboard.said(), None);
    let value = |name: &str| dashboard.variables().named(name).expect("a variable").chosen()[0].value.clone();
    assert_eq!((value("service").as_str(), value("pod").as_str()), ("checkout", "$__all"));
    let mut plan = Plan::default();
    for unit in 0..dashboard.units().count() {
        assert!(dashboard.unasked(unit).is_none(), "panel {unit} asks nothing");
        let panel = PanelAsk { dashboard: Arc::clone(&dashboard), unit };
        plan.ask(Query::new(SourceId::nth(0), Ask::Panel(panel)));
    }
    let polled = source::poll_once(&registry, &plan, &QueryContext::of(WINDOW), Timestamp::now()).await;
    assert_eq!(polled.len(), 8);
    for (_, one) in &polled {
        let reading = one.outcome.as_ref().expect("an answer");
        assert!(reading.data.items() > 0 && reading.warnings.is_empty(), "{reading:?}");
    }
    // What is chosen stands in titles, too.
    let search = open(&[("service", "search")]).await;
    let titles: Vec<&str> = search.units().map(|(unit, _)| unit.title.as_str()).collect();
    assert!(titles.contains(&"Each pod of search"), "{titles:?}");
}
