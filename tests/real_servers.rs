//! Against real Prometheus and Alertmanager. Ignored by default, since they must be installed; run by
//! `cargo test --test real_servers -- --ignored`, and then a missing server is a failure.

#[path = "support/http.rs"]
mod http;
#[path = "support/proxy.rs"]
mod proxy;
#[expect(dead_code, reason = "shared with other tests")]
#[path = "support/pty.rs"]
mod pty;
#[path = "support/servers.rs"]
mod servers;

use std::time::Duration;

use proxy::Proxy;
use pty::Machine;
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
#[ignore = "needs prometheus and prometheus-alertmanager"]
fn an_outage_is_worked_from_the_first_alert_to_the_notes() {
    let mut lab = Lab::start();
    let machine = Machine::with_config(&config(&lab));
    lab.wait_alerts("DiskFilling", 1, SOON);
    lab.wait_value("sum(rate(http_requests_total[5s]))", SOON, |rate| rate > 100.0);
    let mut cockpit = machine.open_at(160, 45, &["--title", "checkout 5xx"]);
    cockpit.sees(&["2/2 sources", "DiskFilling", "✓ checkout ok  100 %"]);

    lab.target.set_faulty(true);
    cockpit.sees(&["CheckoutErrorRate", "✗ checkout ok"]);
    // Eleven keys, the words aside: the worst alert is a symptom, two hypotheses are ranked.
    cockpit.press("ggs");
    cockpit.sees(&["symptom: CheckoutErrorRate"]);
    cockpit.press("adb pool exhausted\r-");
    cockpit.sees(&["db pool exhausted -1.7"]);
    cockpit.press("abad deploy v2\r#");
    cockpit.sees(&["B bad deploy v2 +2.1", "A db pool exhausted -1.7"]);

    lab.target.set_faulty(false);
    cockpit.press("4");
    cockpit.sees(&["[4 Log]", "CheckoutErrorRate resolved"]);
    lab.prometheus.kill();
    cockpit.sees(&["lost source prom", "lost sight of DiskFilling"]);
    assert!(!cockpit.screen().contains("DiskFilling resolved"), "{}", cockpit.screen());
    lab.prometheus.restart();
    cockpit.sees(&["source prom is back"]);

    cockpit.press("q");
    cockpit.ended_well();
    let notes = machine.read(&machine.notes()[0]);
    let places = [
        "checkout 5xx",
        "CheckoutErrorRate",
        "DiskFilling",
        "bad deploy v2",
        "db pool exhausted",
        "lost source prom",
        "lost sight of DiskFilling",
        "source prom is back",
    ];
    for text in places {
        assert!(notes.contains(text), "{text}: {notes}");
    }
    let hypotheses = notes.split("## ").find(|part| part.starts_with("Hypotheses")).expect("a part for them");
    let place = |name: &str| hypotheses.find(name).expect("each stands there");
    assert!(place("bad deploy v2") < place("db pool exhausted"), "in their order: {hypotheses}");
}

#[test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
fn alerts_are_silenced_once_their_name_is_typed() {
    let lab = Lab::start();
    let machine = Machine::with_config(&config(&lab));
    lab.wait_alerts("DiskFilling", 1, SOON);
    let mut cockpit = machine.open_at(160, 45, &["--title", "disk"]);
    cockpit.sees(&["2/2 sources", "DiskFilling"]);
    let silences = || http::get(&format!("{}/api/v2/silences", lab.alertmanager_url)).expect("an answer").json();
    // Its matchers are proposed, what it hits is said, and another word than its name sends nothing.
    cockpit.press("/DiskFilling\rM");
    cockpit.sees(&["Silence", "alertname=\"DiskFilling\""]);
    cockpit.press("a larger disk is ordered\r");
    cockpit.sees(&["hits 1 of", "a larger disk is ordered", "It is sent when its name is typed: silence"]);
    cockpit.press("yes\r");
    cockpit.sees(&["that is not its name; nothing was sent"]);
    assert_eq!(silences(), serde_json::json!([]));
    cockpit.press("\u{15}silence\r");
    cockpit.sees(&["silenced"]);
    let made = silences();
    assert_eq!(made.as_array().map(Vec::len), Some(1), "{made}");
    assert_eq!(made[0]["comment"], "a larger disk is ordered", "{made}");
    assert_eq!(made[0]["status"]["state"], "active", "{made}");
    cockpit.press("4");
    cockpit.sees(&["told am to silence {alertname=\"DiskFilling\"", "am has silenced it ("]);
    cockpit.press("q");
    cockpit.ended_well();
    assert!(machine.read(&machine.notes()[0]).contains("am has silenced it"), "the notes tell of it");
}

#[test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
#[expect(clippy::disallowed_methods, reason = "a board file is written")]
fn a_check_of_a_board_file_turns_present_and_clears() {
    let mut lab = Lab::start();
    let machine = Machine::with_config(&config(&lab));
    lab.wait_value("sum(rate(http_requests_total[5s]))", SOON, |rate| rate > 100.0);
    let board = machine.folder().join("board.toml");
    std::fs::write(&board, BOARD).expect("a board file");
    let board = board.display().to_string();
    let mut cockpit = machine.open_at(160, 45, &["--title", "checkout 5xx", "--board", &board]);
    cockpit.sees(&["2/2 sources"]);
    cockpit.press("2");
    cockpit.sees(&["A bad deploy", "B pool leaks", "not run"]);
    // A key for all of them; what cannot be asked says so.
    cockpit.press("b");
    cockpit.sees(&["3 checks run; left out: s5 (no source graphite)"]);
    cockpit.sees(&["absent", "○ 0", "unclear"]);
    cockpit.press("4");
    cockpit.sees(&["s4 nonsense: checked, nobody can tell (prom query refused"]);
    cockpit.press("2");

    lab.target.set_faulty(true);
    cockpit.sees(&["s2 is present", "was 2"]);
    cockpit.press("4");
    cockpit.sees(&["s2 pods fail: holds now", "A bad deploy leads", "s3 the page: holds now (3 firing)"]);
    lab.target.set_faulty(false);
    cockpit.press("2");
    // It is told at most once a minute, and dated when it was.
    cockpit.wait_within(Duration::from_secs(90), "cleared", |screen| screen.contains("cleared "));
    lab.prometheus.kill();
    cockpit.sees(&["? prom refused"]);
    cockpit.press("q");
    cockpit.ended_well();
    let notes = machine.read(&machine.notes()[0]);
    assert!(notes.contains("its check shows: it holds") && notes.contains("so A bad deploy leads"), "{notes}");
}

#[test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
fn servers_that_hang_crash_and_come_back_are_told_while_keys_are_typed() {
    let mut lab = Lab::start();
    let patient = "every = \"1s\"\ntimeout = \"2s\"";
    let machine = Machine::with_config(&config(&lab).replace("every = \"1s\"", patient));
    lab.wait_alerts("DiskFilling", 1, SOON);
    lab.wait_value("sum(rate(http_requests_total[5s]))", SOON, |rate| rate > 100.0);
    let mut cockpit = machine.open_at(160, 45, &["--title", "checkout 5xx"]);
    cockpit.sees(&["2/2 sources", "DiskFilling", "✓ checkout ok  100 %"]);

    // It accepts connections and answers nothing: old first, then timed out, and the alerts go on.
    lab.prometheus.freeze();
    cockpit.wait_within(Duration::from_secs(10), "stale", |screen| screen.contains("stale "));
    cockpit.sees(&["prom timed out", "UNKNOWN", "1/2 sources", "DiskFilling"]);
    noted(&mut cockpit, "prometheus hangs");
    cockpit.press("4");
    cockpit.sees(&["lost source prom: timed out after 2 s"]);
    cockpit.press("1");
    lab.prometheus.thaw();
    cockpit.sees(&["2/2 sources", "✓ checkout ok"]);
    cockpit.sees_no(&["timed out"]);

    lab.alertmanager.kill();
    cockpit.sees(&["am refused", "1/2 sources", "✓ checkout ok", "DiskFilling"]);
    noted(&mut cockpit, "alertmanager is gone");
    cockpit.press("4");
    cockpit.sees(&["lost source am: refused"]);
    cockpit.press("1");
    // It comes back without its alerts, until Prometheus sends them again.
    lab.alertmanager.restart();
    cockpit.sees(&["2/2 sources", "DiskFilling"]);
    cockpit.sees_no(&["refused"]);

    cockpit.press("4");
    cockpit.sees(&["source prom is back", "lost source am: refused", "source am is back"]);
    assert!(!cockpit.screen().contains("DiskFilling resolved"), "{}", cockpit.screen());
    cockpit.press("q");
    cockpit.ended_well();
    let log = machine.run(&["log"]);
    assert!(log.contains("prometheus hangs") && log.contains("alertmanager is gone"), "{log}");
}

#[test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
fn a_network_that_loses_everything_is_told_while_keys_are_typed_and_got_over() {
    let lab = Lab::start();
    let (before_prometheus, before_alertmanager) =
        (Proxy::before(&lab.prometheus_url), Proxy::before(&lab.alertmanager_url));
    let patient = "every = \"1s\"\ntimeout = \"2s\"";
    let config = config_at(&before_prometheus.url, &before_alertmanager.url).replace("every = \"1s\"", patient);
    let machine = Machine::with_config(&config);
    lab.wait_alerts("DiskFilling", 1, SOON);
    lab.wait_value("sum(rate(http_requests_total[5s]))", SOON, |rate| rate > 100.0);
    let mut cockpit = machine.open_at(160, 45, &["--title", "checkout 5xx"]);
    let all_is_well = ["2/2 sources", "DiskFilling", "✓ checkout ok  100 %"];
    cockpit.sees(&all_is_well);

    // One is cut off: its last good reading stays and grows old, the other goes on, keys are answered.
    before_alertmanager.cut();
    cockpit.sees(&["am timed out", "1/2 sources", "stale ", "DiskFilling", "✓ checkout ok  100 %"]);
    noted(&mut cockpit, "alertmanager is cut off");
    told(&mut cockpit, "lost source am: timed out", 1);
    before_alertmanager.mend();
    cockpit.sees(&all_is_well);
    cockpit.sees_no(&["timed out", "stale "]);
    before_prometheus.cut();
    cockpit.sees(&["prom timed out", "1/2 sources", "UNKNOWN", "DiskFilling"]);
    noted(&mut cockpit, "prometheus is cut off");

    // Both are, one of them for a second time within the same minute.
    before_alertmanager.cut();
    cockpit.sees(&["prom timed out", "am timed out", "0/2 sources", "DiskFilling"]);
    noted(&mut cockpit, "nothing gets through");
    told(&mut cockpit, "lost source am: timed out", 2);
    told(&mut cockpit, "lost source prom: timed out", 1);
    before_prometheus.mend();
    before_alertmanager.mend();
    cockpit.sees(&all_is_well);
    cockpit.sees_no(&["timed out", "stale "]);
    lab.target.set_faulty(true);
    cockpit.sees(&["CheckoutErrorRate", "✗ checkout ok"]);
    cockpit.press("q");
    cockpit.ended_well();
    let log = machine.run(&["log"]);
    let count = |words: &str| log.matches(words).count();
    let counts =
        ["lost source am: timed out", "source am is back", "lost source prom: timed out", "source prom is back"];
    assert_eq!(counts.map(count), [2, 2, 1, 1], "{log}");
    for text in ["alertmanager is cut off", "prometheus is cut off", "nothing gets through"] {
        assert!(log.contains(text), "{text}: {log}");
    }
    assert!(!log.contains("DiskFilling resolved") && !log.contains("lost sight"), "{log}");
}

/// Waits until the timeline says this so often.
fn told(cockpit: &mut pty::Terminal, words: &str, times: usize) {
    cockpit.press("4");
    cockpit.wait(words, |screen| screen.matches(words).count() == times);
    cockpit.press("1");
    cockpit.sees(&["[1 Watch]"]);
}

/// Notes a line, which must be on the screen at once whatever the servers do.
fn noted(cockpit: &mut pty::Terminal, text: &str) {
    cockpit.press("4n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press(&format!("{text}\x13"));
    let within = Duration::from_secs(3);
    cockpit.wait_within(within, text, |screen| screen.contains(text) && !screen.contains("Ctrl-S"));
    cockpit.press("1");
    cockpit.sees(&["[1 Watch]"]);
}

/// A sign of its own for each row, one that an alert settles, and two that nobody can ask.
const BOARD: &str = r##"
title = "checkout 5xx"
[[observation]]
id = "s1"
text = "checkout is slow"
[[observation]]
id = "s2"
text = "pods fail"
state = "untested"
minutes = 1
check = { source = "prom", query = "sum by (pod) (rate(http_requests_total{code=~'5..'}[5s])) or vector(0)", present = "> 0.5 for 2s" }
[[observation]]
id = "s3"
text = "the page"
state = "untested"
check = { source = "am", query = "alertname=\"CheckoutErrorRate\"", present = "> 0" }
[[observation]]
id = "s4"
text = "nonsense"
state = "untested"
check = { source = "prom", query = "sum(rate(", present = "> 0" }
[[observation]]
id = "s5"
text = "elsewhere"
state = "untested"
check = { source = "graphite", query = "x", present = "> 0" }
[[hypothesis]]
id = "h1"
text = "bad deploy"
cells = { s1 = "+", s2 = "#", s3 = ".", s4 = ".", s5 = "." }
[[hypothesis]]
id = "h2"
text = "pool leaks"
cells = { s1 = "#", s2 = "-", s3 = ".", s4 = ".", s5 = "." }
"##;

#[test]
#[ignore = "needs prometheus and prometheus-alertmanager"]
fn check_and_snapshot_ask_real_servers() {
    let mut lab = Lab::start();
    let machine = Machine::with_config(&config(&lab));
    lab.target.set_faulty(true);
    lab.wait_alerts("CheckoutErrorRate", PODS, SOON);
    let rows = machine.run(&["check"]);
    let answers: Vec<&str> = rows.lines().skip(1).collect();
    assert!(rows.contains("prom") && rows.contains("am"), "{rows}");
    assert!(answers.len() == 2 && answers.iter().all(|row| row.contains("  ok")), "{rows}");
    // A server this young may not have a value yet at the last time a curve is asked for.
    servers::until("a frame of everything", SOON, || {
        let frame = machine.run(&["snapshot", "--size", "160x45"]);
        let wanted = ["CheckoutErrorRate", "Checkout errors", "2/2 sources", "✗ checkout ok"];
        if wanted.iter().all(|text| frame.contains(text)) { Ok(()) } else { Err(frame) }
    });

    lab.prometheus.kill();
    let (code, rows, _) = machine.run_anyhow(&["check", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&rows).expect("JSON");
    assert_eq!(code, Some(1), "{rows}");
    let row =
        |name: &str| rows.as_array().and_then(|rows| rows.iter().find(|row| row["source"] == name)).expect("a row");
    assert!(row("prom")["ok"] == false && row("am")["ok"] == true, "{rows}");
    assert!(row("prom")["error"].as_str().is_some_and(|error| error.contains("refused")), "{rows}");
    let frame = machine.run(&["snapshot", "--size", "160x45"]);
    assert!(frame.contains("UNKNOWN") && frame.contains("refused"), "{frame}");
    assert!(machine.notes().is_empty(), "nothing is written");
}

/// What a team of this shop would have written down.
fn config(lab: &Lab) -> String {
    config_at(&lab.prometheus_url, &lab.alertmanager_url)
}

fn config_at(prometheus: &str, alertmanager: &str) -> String {
    format!(
        r#"
[[source]]
name = "prom"
type = "prometheus"
url = "{prometheus}"
every = "1s"
[[source]]
name = "am"
type = "alertmanager"
url = "{alertmanager}"
every = "1s"
behind = "prom"
[[vital]]
title = "checkout ok"
source = "prom"
query = "sum(rate(http_requests_total{{code!~'5..'}}[5s])) / sum(rate(http_requests_total[5s]))"
ok = ">= 0.995"
unit = "percentunit"
[[pane]]
title = "Checkout errors"
source = "prom"
query = "sum by (pod) (rate(http_requests_total{{code=~'5..'}}[5s]))"
unit = "reqps"
[[pane]]
title = "Alerts"
type = "alerts"
source = "am"
"#
    )
}

#[test]
#[should_panic(expected = "apt-get install no-such-package")]
fn a_missing_server_is_a_failure_that_says_what_to_do() {
    servers::installed("no-such-server", "no-such-package");
}
