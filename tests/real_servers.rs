//! Against real Prometheus and Alertmanager. Ignored by default, since they must be installed; run by
//! `cargo test --test real_servers -- --ignored`, and then a missing server is a failure.

#[path = "support/http.rs"]
mod http;
#[path = "support/servers.rs"]
mod servers;

use std::time::Duration;

use servers::{Lab, PODS};

/// Generous: a scrape, an evaluation, `for`, and the way to Alertmanager take a second each.
const SOON: Duration = Duration::from_secs(30);

#[test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
fn a_fault_fires_and_resolves() {
    let lab = Lab::start();
    lab.wait_value("sum(rate(http_requests_total[5s]))", SOON, |rate| rate > 100.0);
    lab.wait_alerts("Watchdog", 1, SOON);
    lab.wait_alerts("CheckoutErrorRate", 0, SOON);

    lab.target.set_faulty(true);
    let alerts = lab.wait_alerts("CheckoutErrorRate", PODS, SOON);
    assert!(alerts.iter().all(|alert| alert["status"]["state"] == "active"), "{alerts:?}");
    assert!(alerts.iter().all(|alert| alert["labels"]["cluster"] == "test"), "{alerts:?}");
    let inhibited = servers::until("inhibition", SOON, || {
        let alerts = lab.wait_alerts("CheckoutErrorsSeen", 1, SOON);
        if alerts[0]["status"]["state"] == "suppressed" { Ok(alerts) } else { Err(format!("{alerts:?}")) }
    });
    assert!(inhibited[0]["status"]["inhibitedBy"].as_array().is_some_and(|by| !by.is_empty()));
    let query = http::post(&format!("{}/api/v1/query", lab.prometheus_url), "query=ALERTS").expect("an answer");
    assert_eq!((query.status, query.content_type.as_str()), (200, "application/json"));
    assert!(query.json()["data"]["result"].as_array().is_some_and(|series| series.len() > PODS), "{}", query.body);

    lab.target.set_faulty(false);
    lab.wait_alerts("CheckoutErrorRate", 0, SOON);
}

#[test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
fn a_server_can_crash_hang_and_come_back() {
    let mut lab = Lab::start();
    let ready = format!("{}/-/ready", lab.prometheus_url);
    lab.prometheus.kill();
    assert!(http::get(&ready).is_err(), "nobody listens any more");
    lab.prometheus.restart();
    assert_eq!(http::get(&ready).expect("an answer").status, 200);

    lab.alertmanager.freeze();
    let url = format!("{}/-/ready", lab.alertmanager_url);
    let answer = std::thread::spawn(move || http::get(&url));
    std::thread::sleep(Duration::from_millis(500));
    assert!(!answer.is_finished(), "it hangs");
    lab.alertmanager.thaw();
    assert_eq!(answer.join().expect("no panic").expect("an answer").status, 200);
}

#[test]
#[should_panic(expected = "apt-get install no-such-package")]
fn a_missing_server_is_a_failure_that_says_what_to_do() {
    servers::installed("no-such-server", "no-such-package");
}
