//! What dashboards cost a server: what is asked how often, how much at a time, and who waits for whom.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use stanch::{
    config::SourceId,
    dashboard::{Ask, PanelAsk, Plan, Query, QueryContext, QueryId, SubscriptionChange},
    grafana::{model::Dashboard, open::OpenDashboard, time_range::TimeRange, variable::Variables},
    source::{Polled, Poller, Registry},
};
use tokio::sync::{mpsc, watch};

use crate::{
    HALF_HOUR, config, prometheus,
    server::{Seen, Server, Step, json},
};

const OK: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
const LATER: Duration = Duration::from_secs(60);

/// A dashboard with a panel for each of these lists of queries.
fn dashboard(panels: &[&[&str]]) -> Arc<OpenDashboard> {
    let target = |query: &&str| match query.strip_prefix("now ") {
        Some(query) => format!(r#"{{"expr": "{query}", "instant": true}}"#),
        None => format!(r#"{{"expr": "{query}"}}"#),
    };
    let panel = |(id, queries): (usize, &&[&str])| {
        let targets: Vec<String> = queries.iter().map(target).collect();
        format!(r#"{{"id": {id}, "type": "timeseries", "title": "p{id}", "targets": [{}]}}"#, targets.join(","))
    };
    let panels: Vec<String> = panels.iter().enumerate().map(panel).collect();
    let text = format!(r#"{{"title": "t", "schemaVersion": 39, "panels": [{}]}}"#, panels.join(","));
    let dashboard = Dashboard::read(&text).expect("a dashboard");
    let variables = Variables::of(&dashboard, TimeRange { from: 0, to: 1_800_000 }, &[]);
    Arc::new(OpenDashboard::new(dashboard, variables))
}

struct Run {
    poller: Poller,
    plan: Plan,
    ids: Vec<QueryId>,
    polled: mpsc::UnboundedReceiver<Polled>,
    _context: watch::Sender<QueryContext>,
}

impl Run {
    /// All panels of the dashboards are wanted, one after the other, as the cockpit says it.
    fn start(server: &Server, dashboards: &[Arc<OpenDashboard>], every: Duration) -> Self {
        let (context, shown) = watch::channel(QueryContext::of(HALF_HOUR));
        let (into, polled) = mpsc::unbounded_channel();
        let registry = Registry::of(&config(prometheus(&server.url)));
        let poller = Poller::start(&registry, shown, move |polled| drop(into.send(polled)));
        let mut run = Self { poller, plan: Plan::default(), ids: Vec::new(), polled, _context: context };
        for dashboard in dashboards {
            for unit in 0..dashboard.units().count() {
                let id = run.ask(Ask::Panel(PanelAsk { dashboard: Arc::clone(dashboard), unit }), every);
                run.ids.push(id);
            }
        }
        run
    }

    fn ask(&mut self, ask: Ask, every: Duration) -> QueryId {
        let query = Query::new(SourceId::nth(0), ask);
        let id = self.plan.ask(query.clone());
        self.poller.apply(&[SubscriptionChange::Ask { id, query, every: Some(every) }]);
        id
    }

    async fn next(&mut self) -> Polled {
        tokio::time::timeout(Duration::from_secs(10), self.polled.recv())
            .await
            .expect("in time")
            .expect("still polling")
    }
}

fn asked(server: &Server, query: &str) -> usize {
    let names = |seen: &Seen| seen.path.contains(&format!("query={query}&"));
    server.seen().iter().filter(|seen| names(seen)).count()
}

#[tokio::test]
async fn what_several_panels_ask_is_asked_once_a_round() {
    let slowly = [vec![Step::Wait(Duration::from_millis(30))], json(OK)].concat();
    let server = Server::start(move |_| slowly.clone()).await;
    let one = dashboard(&[&["same", "own1"], &["same"], &["same", "same"], &["now same"], &["own2"], &["now same"]]);
    let two = dashboard(&[&["same"], &["now same"], &["same"]]);
    let mut run = Run::start(&server, &[one, two], LATER);
    for _ in 0..9 {
        run.next().await.outcome.expect("a reading");
    }
    assert_eq!([asked(&server, "own1"), asked(&server, "own2")], [1, 1]);
    assert_eq!(asked(&server, "same"), 2, "once over time, once for now, by both dashboards");
    assert!(server.most_open() <= 6, "{}", server.most_open());
    // Another round asks anew.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    run.poller.poll_now();
    for _ in 0..9 {
        run.next().await.outcome.expect("a reading");
    }
    assert_eq!([asked(&server, "same"), asked(&server, "own1"), server.seen().len()], [4, 2, 8]);
    run.poller.stop().await;
}

#[tokio::test]
async fn a_vital_does_not_wait_for_slow_panels() {
    let server = Server::start(|seen| match seen.path.contains("vital") {
        true => json(OK),
        false => [vec![Step::Wait(Duration::from_millis(700))], json(OK)].concat(),
    })
    .await;
    let names: Vec<String> = (0..12).map(|n| format!("slow{n}")).collect();
    let queries: Vec<[&str; 1]> = names.iter().map(|name| [name.as_str()]).collect();
    let panels: Vec<&[&str]> = queries.iter().map(|query| &query[..]).collect();
    let mut run = Run::start(&server, &[dashboard(&panels)], LATER);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    let vital = run.ask(Ask::LiveRange("vital".into()), LATER);
    assert_eq!(run.next().await.query, vital);
    assert!(begun.elapsed() < Duration::from_millis(400), "{:?}", begun.elapsed());
    for _ in 0..12 {
        run.next().await.outcome.expect("a reading");
    }
    assert!(server.most_open() <= 6, "{}", server.most_open());
    run.poller.stop().await;
}

#[tokio::test]
async fn what_is_seen_is_asked_first_and_what_is_turned_to_at_once() {
    let server = Server::start(|_| json(OK)).await;
    let mut run = Run::start(&server, &[dashboard(&[&["a"], &["b"]])], LATER);
    for _ in 0..2 {
        run.next().await;
    }
    // Turned to: its answer is older than it may be now.
    let every = Duration::from_millis(200);
    tokio::time::sleep(every).await;
    run.poller.apply(&[SubscriptionChange::Interval { id: run.ids[1], every }]);
    let begun = Instant::now();
    for _ in 0..4 {
        assert_eq!(run.next().await.query, run.ids[1]);
    }
    assert!(begun.elapsed() < every * 5, "{:?}", begun.elapsed());
    // Turned away from.
    run.poller.apply(&[SubscriptionChange::Interval { id: run.ids[1], every: LATER }]);
    tokio::time::sleep(Duration::from_millis(100)).await;
    while run.polled.try_recv().is_ok() {}
    tokio::time::sleep(every * 4).await;
    assert!(run.polled.try_recv().is_err(), "it waits");
    assert_eq!(asked(&server, "a"), 1);
    run.poller.stop().await;
}
