//! Against a real Prometheus and Alertmanager, each test with its own. Ignored by default, since they must be installed;
//! run by `cargo test --test sources -- --ignored`, and then a missing server is a failure.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use stanch::{
    config::{Config, Source},
    dashboard::{Ask, Query, QueryContext, QueryId, SubscriptionChange},
    signal::{Data, Point, Reading, Window},
    source,
    source::{Poller, Registry},
};
use tokio::sync::{mpsc, watch};

use crate::{HALF_HOUR, alertmanager, ask, config, instant, plan, prometheus, servers::Lab};

/// Generous: a scrape and an evaluation take a second each.
const SOON: Duration = Duration::from_secs(30);

/// Servers that have scraped something and have an alert.
fn lab() -> Lab {
    let lab = Lab::start();
    lab.wait_value("sum(rate(http_requests_total[5s]))", SOON, |rate| rate > 100.0);
    lab.wait_alerts("DiskFilling", 1, SOON);
    lab
}

#[tokio::test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
async fn all_questions_are_answered() {
    let lab = lab();
    let (prom, am) = (lab.prometheus_url.clone(), lab.alertmanager_url.clone());
    for question in [Ask::Range("up".into()), Ask::LiveRange("sum(up)".into()), instant("up"), instant("1")] {
        // The newest point asked for may be older than the first there is.
        let until = Instant::now() + SOON;
        loop {
            let reading = ask(prometheus(&prom), question.clone()).await.expect("a reading");
            if reading.data.items() > 0 {
                break;
            }
            assert!(Instant::now() < until, "{question:?}: {reading:?}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    for source in [prometheus(&prom), alertmanager(&am)] {
        // In a storm an Alertmanager takes its time.
        let patient = Source { timeout: Duration::from_secs(30), max_bytes: 64 << 20, ..source };
        let reading = ask(patient, Ask::Alerts).await.expect("alerts");
        assert!(matches!(&reading.data, Data::Alerts(set) if !set.groups.is_empty()), "{reading:?}");
    }
    let fault = ask(prometheus(&prom), instant("sum(up")).await.expect_err("no query");
    assert!(fault.to_string().starts_with("query refused: 1:7: parse error"), "{fault}");
    let named = |name: &str, source: Source| Source { name: name.into(), ..source };
    let sources = vec![named("prom", prometheus(&prom)), named("am", alertmanager(&am))];
    let rows =
        source::check(&Registry::of(&Config { sources, ..Config::default() }), &plan([]), &QueryContext::of(HALF_HOUR))
            .await;
    assert!(rows.iter().all(|row| row.outcome.is_ok()), "{rows:?}");
}

/// Points by series, without those too young to be the same in two answers.
fn settled(reading: &Reading, until: i64) -> Vec<(String, Vec<Point>)> {
    let Data::Series(series) = &reading.data else { panic!("{reading:?}") };
    let old = |points: &[Point]| points.iter().filter(|point| point.t <= until).copied().collect::<Vec<_>>();
    let all = series.iter().map(|series| (series.labels.to_string(), old(&series.points)));
    all.filter(|(_, points)| !points.is_empty()).collect()
}

/// What is continued from poll to poll is, at every moment, what one query for the whole window says.
#[tokio::test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
async fn what_is_shown_is_what_a_whole_query_says() {
    let lab = lab();
    let prom = lab.prometheus_url.clone();
    let queries = [
        "up",
        "sum by (job) (rate(scrape_samples_scraped[30s]))",
        "count_over_time(up[1m]) / 3",
        "topk(2, scrape_duration_seconds)",
        "avg_over_time(scrape_duration_seconds[1m:5s] offset 10s)",
        "up and on() (vector(time() % 20) < 10)",
        "rate(up[1m])",
        "up offset -10s",
        "http_requests_total / 0",
    ];
    let every = Duration::from_secs(1);
    let plan = plan(queries.map(|query| Ask::Range(query.into())));
    let config = config(Source { max_bytes: 64 << 20, ..prometheus(&prom) });
    let span = Duration::from_secs(300);
    let (registry, context) = (Registry::of(&config), QueryContext::of(Window::live(span)));
    let (_context, shown) = watch::channel(context.clone());
    let (into, mut polled) = mpsc::unbounded_channel();
    let mut poller = Poller::start(&registry, shown, move |polled| drop(into.send(polled)));
    let ask = |(id, query): (QueryId, &Query)| SubscriptionChange::Ask { id, query: query.clone(), every: Some(every) };
    poller.apply(&plan.queries().map(ask).collect::<Vec<_>>());
    let mut compared = 0;
    for turn in 0..queries.len() * 40 {
        let polled = polled.recv().await.expect("still polling");
        if turn % 5 != 0 {
            continue;
        }
        let shown = polled.outcome.expect("a reading");
        // The same grid once more, whole; what came in between is left aside.
        let now = Timestamp::from_second(polled.at.as_second()).expect("a time");
        let single = crate::plan(plan.query(polled.query).map(|query| query.ask.clone()));
        let again = source::poll_once(&Registry::of(&config), &single, &context, now).await;
        let again = again[0].1.outcome.clone().expect("a reading");
        let until = now.as_millisecond() - 10_000;
        let from = |reading: &Reading| {
            let mut all = settled(reading, until);
            // One of them may have begun a second earlier.
            let first = (now.as_second() - 300 + 2) * 1000;
            all.iter_mut().for_each(|(_, points)| points.retain(|point| point.t >= first));
            all.retain(|(_, points)| !points.is_empty());
            format!("{all:?}")
        };
        assert_eq!(from(&shown), from(&again), "{:?}", plan.query(polled.query));
        compared += usize::from(from(&shown) != "[]");
    }
    assert!(compared > queries.len() * 5, "{compared}");
    poller.stop().await;
}
