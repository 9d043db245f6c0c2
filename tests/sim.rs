//! The simulator over HTTP: shapes as the real servers have them, and the story from calm to healed.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test may fail, and reads the clock")]

#[path = "support/http.rs"]
mod http;

use std::{
    collections::BTreeSet,
    process::ExitCode,
    time::{Duration, Instant},
};

use http::{encoded, get, post};
use serde_json::{Value, json};
use stanch::sim::{self, Options, Sim};

/// A simulation that lives `speed` times faster and began `ago` of its own seconds ago.
fn start(speed: f64, ago: f64) -> Sim {
    let start = jiff::Timestamp::from_millisecond(now_ms() - (ago / speed * 1000.0) as i64).expect("a time");
    let program = Some("/usr/bin/stanch".into());
    sim::start(Options { speed, start: Some(start), program, ..Options::default() }).expect("free ports")
}

fn now_ms() -> i64 {
    std::time::UNIX_EPOCH.elapsed().expect("a clock").as_millis() as i64
}

#[track_caller]
fn json(url: &str) -> Value {
    let answer = get(url).expect(url);
    assert_eq!(answer.status, 200, "{url}: {}", answer.body);
    assert!(answer.content_type.starts_with("application/json"), "{url}: {}", answer.content_type);
    answer.json()
}

/// The names and types in a JSON value, lists by their first element: what a decoder depends on.
fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, into: &mut BTreeSet<String>) {
        match value {
            // Labels and annotations are free; what they are called is not.
            Value::Object(_)
                if path.ends_with("metric") || path.ends_with("labels") || path.ends_with("annotations") =>
            {
                into.insert(format!("{path}:map"));
            }
            Value::Object(map) => map.iter().for_each(|(key, value)| walk(value, &format!("{path}.{key}"), into)),
            Value::Array(items) => {
                into.insert(format!("{path}:list"));
                items.first().into_iter().for_each(|item| walk(item, &format!("{path}[]"), into));
            }
            Value::String(_) => drop(into.insert(format!("{path}:text"))),
            Value::Number(_) => drop(into.insert(format!("{path}:number"))),
            Value::Bool(_) => drop(into.insert(format!("{path}:bool"))),
            Value::Null => drop(into.insert(format!("{path}:null"))),
        }
    }
    let mut all = BTreeSet::new();
    walk(value, "", &mut all);
    all
}

#[track_caller]
fn check_shape(ours: &Value, real: Value) {
    assert_eq!(shape(ours), shape(&real));
}

#[test]
fn labels_are_those_of_what_is_selected() {
    let sim = start(1.0, 120.0);
    let all = |path: &str| {
        let data = json(&format!("{}/api/v1/{path}", sim.prometheus_url))["data"].clone();
        let words = data.as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned);
        words.collect::<Vec<_>>()
    };
    let of_checkout = encoded("http_requests_total{service=\"checkout\"}");
    assert_eq!(all(&format!("label/service/values?match[]={of_checkout}")), ["checkout"]);
    let pods = all(&format!("label/pod/values?match[]={of_checkout}"));
    assert!(!pods.is_empty() && pods.iter().all(|pod| pod.starts_with("checkout-")), "{pods:?}");
    assert!(all("label/service/values").len() > 3, "without a selector those of everything");
    assert!(all(&format!("labels?match[]={of_checkout}")).contains(&"code".to_owned()));
    let series = json(&format!("{}/api/v1/series?match[]={of_checkout}", sim.prometheus_url));
    assert_eq!(series["data"][0]["service"], "checkout", "{series}");
}

#[test]
fn prometheus_answers_in_its_own_shapes() {
    let sim = start(1.0, 120.0);
    let query = |text: &str| json(&format!("{}/api/v1/query?query={}", sim.prometheus_url, encoded(text)));
    let envelope =
        |kind: &str, result: Value| json!({"status": "success", "data": {"resultType": kind, "result": result}});
    // The right-hand sides are cut from answers of Prometheus 2.42.
    check_shape(&query("up"), envelope("vector", json!([{"metric": {}, "value": [1795357411.87, "1"]}])));
    check_shape(&query("up[3s]"), envelope("matrix", json!([{"metric": {}, "values": [[1795357409.3, "557"]]}])));
    check_shape(&query("1.5"), envelope("scalar", json!([1795357411.875, "1.5"])));
    check_shape(&query("\"hello\""), envelope("string", json!([1795357411.876, "hello"])));
    check_shape(&query("up{job='nope'}"), envelope("vector", json!([])));
    assert_eq!(query("sum(up)")["data"]["result"][0]["metric"], json!({}));

    let end = now_ms() as f64 / 1000.0;
    let range =
        json(&format!("{}/api/v1/query_range?query=up&start={}&end={end}&step=5", sim.prometheus_url, end - 60.0));
    check_shape(&range, envelope("matrix", json!([{"metric": {}, "values": [[1795357391.9, "26"]]}])));
    let times: Vec<f64> = range["data"]["result"][0]["values"]
        .as_array()
        .expect("values")
        .iter()
        .map(|value| value[0].as_f64().expect("a time"))
        .collect();
    assert_eq!(times.len(), 13);
    assert!((times[1] - times[0] - 5.0).abs() < 0.0015, "start plus k steps: {times:?}");

    let alerts = json(&format!("{}/api/v1/alerts", sim.prometheus_url));
    check_shape(
        &alerts,
        json!({"status": "success", "data": {"alerts": [{
            "labels": {}, "annotations": {}, "state": "firing", "activeAt": "2026-11-22T14:24:16.975666831Z",
            "value": "3.6170280714080416e-01",
        }]}}),
    );
    let value = alerts["data"]["alerts"][0]["value"].as_str().expect("a value");
    assert!(value.contains("e+") || value.contains("e-"), "{value}");

    let rules = json(&format!("{}/api/v1/rules", sim.prometheus_url));
    let alert = json!({"labels": {}, "annotations": {}, "state": "firing", "activeAt": "", "value": ""});
    check_shape(
        &rules,
        json!({"status": "success", "data": {"groups": [{
            "name": "", "file": "", "interval": 1, "limit": 0, "evaluationTime": 0.1, "lastEvaluation": "",
            "rules": [{
                "state": "", "name": "", "query": "", "duration": 1, "keepFiringFor": 0, "labels": {},
                "annotations": {}, "alerts": [alert], "health": "ok", "evaluationTime": 0.1, "lastEvaluation": "",
                "type": "alerting",
            }],
        }]}}),
    );
    let build = json(&format!("{}/api/v1/status/buildinfo", sim.prometheus_url));
    let real = ["version", "revision", "branch", "buildUser", "buildDate", "goVersion"];
    assert_eq!(
        build["data"].as_object().expect("data").keys().map(String::as_str).collect::<BTreeSet<_>>(),
        real.into()
    );

    let form = post(&format!("{}/api/v1/query", sim.prometheus_url), "query=sum%28up%29").expect("an answer");
    assert_eq!(form.json()["data"]["resultType"], "vector");
}

#[test]
fn prometheus_refuses_in_its_own_words() {
    let sim = start(1.0, 0.0);
    let check = |path: &str, status: u16, kind: &str, text: &str| {
        let answer = get(&format!("{}/api/v1/{path}", sim.prometheus_url)).expect("an answer");
        assert_eq!(
            (answer.status, answer.json()),
            (status, json!({"status": "error", "errorType": kind, "error": text}))
        );
    };
    check(
        "query?query=sum(up",
        400,
        "bad_data",
        "invalid parameter \"query\": 1:7: parse error: unclosed left parenthesis",
    );
    check(
        "query?query=up%7Bjob%3D%7D",
        400,
        "bad_data",
        "invalid parameter \"query\": 1:8: parse error: unexpected \"}\" in label matching, expected string",
    );
    check(
        "query?query=foo(up)",
        400,
        "bad_data",
        "invalid parameter \"query\": 1:1: parse error: unknown function with name \"foo\"",
    );
    check(
        "query?query=rate(up)",
        400,
        "bad_data",
        "invalid parameter \"query\": 1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
    );
    check("query", 400, "bad_data", "invalid parameter \"query\": 1:1: parse error: no expression found in input");
    check(
        "query?query=up&time=yesterday",
        400,
        "bad_data",
        "invalid parameter \"time\": Invalid time value for 'time': cannot parse \"yesterday\" to a valid timestamp",
    );
    check(
        "query?query=up%20offset%205m%20@%205",
        400,
        "bad_data",
        "invalid parameter \"query\": 1:14: parse error: unsupported in the simulator: the @ modifier",
    );
    check(
        "query_range?query=up&start=0&end=20000&step=1",
        400,
        "bad_data",
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
    check(
        "query_range?query=up&start=5&end=0&step=1",
        400,
        "bad_data",
        "invalid parameter \"end\": end timestamp must not be before start time",
    );
    check(
        "query_range?query=up&start=0&end=5&step=",
        400,
        "bad_data",
        "invalid parameter \"step\": cannot parse \"\" to a valid duration",
    );
    check(
        "query_range?query=up&start=0&end=5&step=0",
        400,
        "bad_data",
        "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
    );
    check(
        "query_range?query=%22x%22&start=0&end=5&step=1",
        400,
        "bad_data",
        "invalid expression type \"string\" for range query, must be Scalar or instant Vector",
    );
    let answer = get(&format!("{}/api/v1/query?query=build_info/on()up", sim.prometheus_url)).expect("an answer");
    assert_eq!((answer.status, &answer.json()["errorType"]), (422, &json!("execution")));
    let answer = get(&format!("{}/api/v2/alerts", sim.prometheus_url)).expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (404, "404 page not found\n"));
}

#[test]
fn alertmanager_answers_in_its_own_shapes() {
    let sim = start(1.0, 120.0);
    let url = |path: &str| format!("{}/api/v2/{path}", sim.alertmanager_url);
    let alerts = json(&url("alerts"));
    let alert = json!({
        "annotations": {}, "endsAt": "", "fingerprint": "", "receivers": [{"name": ""}], "startsAt": "",
        "status": {"inhibitedBy": [], "silencedBy": [], "state": ""}, "updatedAt": "", "generatorURL": "", "labels": {},
    });
    // The active ones are those whose lists are empty, as in the real answer beside it.
    let active = json(&url("alerts?silenced=false&inhibited=false"));
    check_shape(&active, json!([alert]));
    check_shape(
        &json(&url("alerts/groups?silenced=false&inhibited=false")),
        json!([{"alerts": [alert], "labels": {}, "receiver": {"name": ""}}]),
    );
    check_shape(
        &json(&url("silences")),
        json!([{"id": "", "status": {"state": ""}, "updatedAt": "", "comment": "", "createdBy": "", "endsAt": "",
            "matchers": [{"isEqual": true, "isRegex": false, "name": "", "value": ""}], "startsAt": ""}]),
    );
    let real = ["cluster", "config", "uptime", "versionInfo"];
    assert_eq!(
        json(&url("status")).as_object().expect("a map").keys().map(String::as_str).collect::<BTreeSet<_>>(),
        real.into()
    );

    let named = |alerts: &Value| -> Vec<String> {
        let mut names: Vec<_> = alerts
            .as_array()
            .expect("alerts")
            .iter()
            .map(|alert| {
                format!(
                    "{} {}",
                    alert["labels"]["alertname"].as_str().expect("a name"),
                    alert["status"]["state"].as_str().expect("a state")
                )
            })
            .collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(
        named(&alerts),
        [
            "CertExpiresSoon suppressed",
            "CheckoutErrorRate active",
            "CheckoutLatency suppressed",
            "DBPoolHigh active",
            "EdgeErrorRate active",
            "SearchLatency active",
            "Watchdog active",
        ]
    );
    let silenced = json(&url("alerts?active=false&inhibited=false"));
    assert_eq!(named(&silenced), ["CertExpiresSoon suppressed"]);
    assert_eq!(silenced[0]["status"]["silencedBy"][0], json(&url("silences"))[0]["id"]);
    let inhibited = json(&url("alerts?active=false&silenced=false"));
    assert_eq!(named(&inhibited), ["CheckoutLatency suppressed"]);
    let by = &inhibited[0]["status"]["inhibitedBy"][0];
    let source =
        alerts.as_array().expect("alerts").iter().find(|alert| alert["fingerprint"] == *by).expect("the source");
    assert_eq!(source["labels"]["alertname"], "CheckoutErrorRate");
    assert_eq!(json(&url("alerts?filter=service%3D%22edge%22")).as_array().map(Vec::len), Some(1));
    assert_eq!(
        json(&url("alerts?active=maybe")).as_array().map(Vec::len),
        Some(2),
        "a word that is none counts as false"
    );
    let bad = get(&url("alerts?filter=service")).expect("an answer");
    assert_eq!((bad.status, bad.json()), (400, json!("bad matcher format: service")));
    let none = get(&url("nope")).expect("an answer");
    assert_eq!((none.status, none.json()), (404, json!({"code": 404, "message": "path /api/v2/nope was not found"})));
    // A live alert's end lies in the future.
    let ends = alerts[0]["endsAt"].as_str().expect("a time").parse::<jiff::Timestamp>().expect("a time");
    assert!(ends.as_millisecond() > now_ms());
}

#[test]
fn the_feeds_tell_what_changed_and_what_is_said() {
    let earliest = now_ms();
    let sim = start(1.0, 90.0);
    let latest = now_ms();
    let deployments = json(&format!("{}/api/deployments", sim.deploys_url));
    let titles: Vec<_> =
        deployments["deployments"].as_array().expect("a list").iter().map(|d| d["title"].clone()).collect();
    assert_eq!(titles[..3], ["autumn banner on", "search v1.9.0", "checkout v2.3.1"]);
    let bad = &deployments["deployments"][2];
    assert_eq!(
        (&bad["service"], &bad["version"], &bad["status"]),
        (&json!("checkout"), &json!("v2.3.1"), &json!("succeeded"))
    );
    let finished = bad["finished_at"].as_str().expect("a time").parse::<jiff::Timestamp>().expect("a time");
    // Six minutes before the onset, to the second it is told in.
    let onset = finished.as_millisecond() + 360_000;
    let begun = onset - (sim::ONSET_SECONDS * 1000.0) as i64 + 90_000;
    assert!((earliest - 1_000..=latest + 1_000).contains(&begun), "{begun} is not from {earliest} to {latest}");

    let logs = json(&format!("{}/api/logs?service=checkout&level=error&limit=5", sim.deploys_url));
    let lines = logs["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 5);
    assert!(lines.iter().all(|line| line["text"].as_str().is_some_and(|text| text.contains("no connection within"))));
    let text = get(&format!("{}/api/logs?format=jsonl&limit=3", sim.deploys_url)).expect("an answer").body;
    assert_eq!(text.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count(), 3);
}

#[test]
fn the_configuration_names_only_queries_the_simulator_knows() {
    for speed in [1.0, 30.0] {
        let sim = start(speed, 90.0);
        let config: toml::Table = sim.config_toml().parse().expect("TOML");
        let tables = |kind: &str| config[kind].as_array().expect(kind).clone();
        assert_eq!(tables("source").len(), 4);
        let mut asked = 0;
        for table in tables("pane").iter().chain(&tables("vital")) {
            let Some(query) = table.get("query").and_then(toml::Value::as_str) else { continue };
            asked += 1;
            let answer = json(&format!("{}/api/v1/query?query={}", sim.prometheus_url, encoded(query)));
            let result = answer["data"]["result"].as_array().expect("a vector");
            assert!(!result.is_empty(), "{query}");
            let number = |item: &Value| item["value"][1].as_str().and_then(|text| text.parse::<f64>().ok());
            assert!(result.iter().filter_map(number).all(f64::is_finite), "{query}: {result:?}");
        }
        assert_eq!(asked, 8);
        let names: Vec<_> =
            tables("mitigation").iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect();
        assert_eq!(names, Sim::actions().collect::<Vec<_>>());
        let run = tables("mitigation")[0]["run"].as_array().expect("argv").clone();
        let run: Vec<_> = run.iter().filter_map(toml::Value::as_str).collect();
        assert_eq!(run, ["/usr/bin/stanch", "__sim-act", &sim.deploys_url, "rollback-checkout"]);
    }
}

/// A story told fast, followed by HTTP alone.
struct Story {
    sim: Sim,
    query: String,
}

impl Story {
    const SPEED: f64 = 25.0;

    fn begin(ago: f64) -> Self {
        let sim = start(Self::SPEED, ago);
        let config: toml::Table = sim.config_toml().parse().expect("TOML");
        let query = config["vital"][0]["query"].as_str().expect("a query").to_owned();
        Self { sim, query }
    }

    fn ok(&self) -> f64 {
        let answer = json(&format!("{}/api/v1/query?query={}", self.sim.prometheus_url, encoded(&self.query)));
        answer["data"]["result"][0]["value"][1].as_str().and_then(|text| text.parse().ok()).expect("a number")
    }

    /// The state of an alert at Prometheus: `firing`, `pending`, or none.
    fn alert(&self, name: &str) -> Option<String> {
        let answer = json(&format!("{}/api/v1/alerts", self.sim.prometheus_url));
        let alerts = answer["data"]["alerts"].as_array().expect("alerts").clone();
        let mut states: Vec<_> = alerts
            .iter()
            .filter(|alert| alert["labels"]["alertname"] == name)
            .filter_map(|alert| alert["state"].as_str().map(str::to_owned))
            .collect();
        states.sort();
        states.into_iter().next()
    }

    fn is_paged(&self, name: &str) -> bool {
        let filter = encoded(&format!("alertname=\"{name}\""));
        let answer = json(&format!("{}/api/v2/alerts?filter={filter}", self.sim.alertmanager_url));
        answer.as_array().is_some_and(|alerts| !alerts.is_empty())
    }

    #[track_caller]
    fn act(&self, action: &str) {
        let answer = post(&format!("{}/act/{action}", self.sim.deploys_url), "").expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// Waits until it is so, at most `story` seconds of the story and ten more of the wall clock's.
    #[track_caller]
    fn until(&self, what: &str, story: f64, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs_f64(story / Self::SPEED + 10.0);
        while !is_so(self) {
            assert!(Instant::now() < deadline, "{what} did not come about; ok is {}", self.ok());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait(&self, story: f64) {
        std::thread::sleep(Duration::from_secs_f64(story / Self::SPEED));
    }
}

#[test]
fn calm_then_bleeding_then_healed_by_the_rollback() {
    let story = Story::begin(0.0);
    assert!(story.ok() >= 0.995, "calm at first: {}", story.ok());
    assert_eq!(story.alert("CheckoutErrorRate"), None);
    assert!(story.is_paged("Watchdog"));
    story.until("firing", 60.0, |story| story.alert("CheckoutErrorRate").as_deref() == Some("firing"));
    story.until("bleeding", 60.0, |story| story.ok() < 0.9);
    assert!(story.is_paged("CheckoutErrorRate"));

    story.act("rollback-checkout");
    let twice = post(&format!("{}/act/rollback-checkout", story.sim.deploys_url), "").expect("an answer");
    assert!(twice.status == 200 || twice.status == 409);
    story.until("healed", 60.0, |story| story.ok() >= 0.995);
    story.until("resolved", 60.0, |story| !story.is_paged("CheckoutErrorRate") && !story.is_paged("EdgeErrorRate"));
    let deployments = json(&format!("{}/api/deployments", story.sim.deploys_url));
    assert_eq!(deployments["deployments"][0]["title"], "checkout back to v2.3.0");
}

#[test]
fn the_decoy_does_not_heal() {
    let story = Story::begin(60.0);
    story.until("bleeding", 60.0, |story| story.ok() < 0.9);
    story.act("rollback-search");
    story.until("its own symptom gone", 90.0, |story| !story.is_paged("SearchLatency"));
    story.wait(60.0);
    assert!(story.ok() < 0.9 && story.is_paged("CheckoutErrorRate"), "{}", story.ok());
}

#[test]
fn a_pending_alert_is_seen_before_it_fires() {
    // Just before the search decoy's alert has held for long enough.
    let sim = start(1.0, 5.0);
    let answer = json(&format!("{}/api/v1/alerts", sim.prometheus_url));
    let alerts = answer["data"]["alerts"].as_array().expect("alerts");
    let search = alerts.iter().find(|alert| alert["labels"]["alertname"] == "SearchLatency").expect("an alert");
    assert_eq!(search["state"], "pending");
    let paged = json(&format!("{}/api/v2/alerts?filter=alertname%3DSearchLatency", sim.alertmanager_url));
    assert_eq!(paged, json!([]), "Alertmanager knows nothing of pending alerts");
}

#[test]
fn a_simulation_ends_when_it_is_dropped() {
    let sim = start(1.0, 0.0);
    let url = format!("{}/-/ready", sim.prometheus_url);
    assert_eq!(get(&url).expect("an answer").status, 200);
    drop(sim);
    assert!(get(&url).is_err());
}

#[test]
fn the_hidden_subcommand_asks_and_says_how_it_went() {
    let sim = start(1.0, 60.0);
    let act = |args: &[&str]| sim::act_main(args.iter().map(|word| (*word).to_owned()));
    let (done, refused, usage) = (ExitCode::SUCCESS, ExitCode::FAILURE, ExitCode::from(2));
    assert_eq!(act(&[&sim.deploys_url, "rollback-search"]), done);
    let deployments = json(&format!("{}/api/deployments", sim.deploys_url));
    assert_eq!(deployments["deployments"][0]["title"], "search back to v1.8.4");
    assert_eq!(deployments["deployments"][0]["status"], "running");
    assert_eq!(act(&[&sim.deploys_url, "no-such-action"]), refused);
    assert_eq!(act(&[&sim.deploys_url, "../api/logs"]), refused);
    assert_eq!(act(&["http://127.0.0.1:1", "rollback-search"]), refused);
    assert_eq!(act(&[&sim.deploys_url]), usage);
}
