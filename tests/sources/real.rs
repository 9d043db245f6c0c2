//! Real servers, where there are some: `PROMETHEUS_URL` and `ALERTMANAGER_URL` name them. Fails without.

use std::time::Duration;

use stanch::{
    config::{Ask, Config, Source},
    signal::Data,
    source,
};

use crate::{alertmanager, ask, instant, plan, prometheus};

fn url(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} names no server"))
}

#[tokio::test]
#[ignore = "needs a Prometheus and an Alertmanager"]
async fn all_questions_are_answered() {
    let (prom, am) = (url("PROMETHEUS_URL"), url("ALERTMANAGER_URL"));
    for question in [Ask::Range("up".into()), Ask::LiveRange("sum(up)".into()), instant("up"), instant("1")] {
        let reading = ask(prometheus(&prom), question.clone()).await.expect("a reading");
        assert!(reading.data.items() > 0, "{question:?}: {reading:?}");
    }
    for source in [prometheus(&prom), alertmanager(&am)] {
        // In a storm an Alertmanager takes its time.
        let patient = Source { timeout: Duration::from_secs(30), max_bytes: 64 << 20, ..source };
        let reading = ask(patient, Ask::Alerts).await.expect("alerts");
        assert!(matches!(reading.data, Data::Alerts(_)), "{reading:?}");
    }
    let fault = ask(prometheus(&prom), instant("sum(up")).await.expect_err("no query");
    assert!(fault.to_string().starts_with("query refused: 1:7: parse error"), "{fault}");
    let named = |name: &str, source: Source| Source { name: name.into(), ..source };
    let sources = vec![named("prom", prometheus(&prom)), named("am", alertmanager(&am))];
    let rows = source::check(&Config { sources, ..Config::default() }, &plan([])).await;
    assert!(rows.iter().all(|row| row.ok), "{rows:?}");
}
