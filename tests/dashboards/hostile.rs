//! Dashboards that are broken, huge, or made to hurt: they may show little, but nothing stops or takes for ever.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stanch::grafana::model::Dashboard;

use super::{RANGE, json as file, replay};

/// What a dashboard shows when every variable has these values, and every query one series.
fn report(dashboard: &Value, values: &Value) -> Value {
    let series = json!([{"metric": {"pod": "a"}, "values": [[1_795_996_500, "1"]], "value": [1_795_996_500, "1"]}]);
    let answer = json!({"resultType": "matrix", "result": series});
    let mut ask = |path: &str, _: &[(&str, String)]| -> Result<Value, String> {
        Ok(if path.starts_with("query") { answer.clone() } else { values.clone() })
    };
    replay::report(&dashboard.to_string(), RANGE, &mut ask).expect("a dashboard")
}

fn dashboard(variables: Value, panels: Value) -> Value {
    json!({"title": "t", "schemaVersion": 39, "templating": {"list": variables}, "panels": panels})
}

fn count(report: &Value, key: &str) -> usize {
    report[key].as_array().map_or(0, Vec::len)
}

/// The words in which the first query of the first panel is refused.
fn refused(report: &Value) -> &str {
    report["panels"][0]["queries"][0]["error"].as_str().unwrap_or_default()
}

#[test]
fn what_is_no_dashboard() {
    let deep = "[".repeat(100_000);
    let nested = format!("{{\"panels\":{}1{}}}", "[".repeat(300), "]".repeat(300));
    let large = format!("{{\"title\": \"{}\"}}", "x".repeat(50 << 20));
    for (text, words) in [
        ("", "no JSON"),
        ("panels: []", "no JSON"),
        ("\n<!doctype html><title>Log in</title>", "a web page"),
        (deep.as_str(), "no JSON"),
        (nested.as_str(), "no JSON"),
        (large.as_str(), "it has 50 MB"),
        ("null", "no dashboard"),
        ("\"panels\"", "no dashboard"),
    ] {
        let said = Dashboard::read(text).expect_err(words);
        assert!(said.contains(words) && said.len() < 200, "{said}");
    }
    Dashboard::read("\u{feff}{\"panels\": []}").expect("a mark of the byte order says nothing");
}

#[test]
fn variables_that_name_each_other() {
    let query = |name: &str, query: &str| json!({"name": name, "type": "query", "query": query, "regex": "/$a/"});
    let report = report(
        &dashboard(
            json!([
                query("a", "label_values(up{x=\"$b\"}, x)"),
                query("b", "label_values(up{x=\"$a\"}, x)"),
                query("c", "$c")
            ]),
            json!([]),
        ),
        &json!(["1", "2"]),
    );
    let errors: Vec<&str> = report["variables"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|v| v["error"].as_str().unwrap_or_default())
        .collect();
    assert!(errors[0].contains("depends on itself"), "{errors:?}");
    assert_eq!(count(&report, "variables"), 3);
}

#[test]
fn variables_of_very_many_values() {
    let values: Value = (0..100_000).map(|nth| format!("pod-{nth}")).collect();
    let pod = json!([{"name": "pod", "type": "query", "query": "label_values(pod)", "multi": true, "includeAll": true,
        "current": {"value": ["$__all"]}},
        {"name": "again", "type": "query", "query": "label_values(up{pod=~\"$pod\"}, pod)", "regex": "/$pod/"}]);
    let panel = json!({"type": "stat", "repeat": "pod", "title": "$pod ${pod:csv}", "targets": [{"expr": "up{pod=~\"$pod\"}"}]});
    let row = json!({"type": "row", "title": "${pod:pipe}", "repeat": "pod"});
    let once = json!({"type": "stat", "title": "${pod:csv}", "targets": [{"expr": "up{pod=~\"$pod\"}"}]});
    let report = report(&dashboard(pod, json!([once, row, panel, panel])), &values);
    assert_eq!(refused(&report), "it names $pod, which stands for 100000 values: too many to ask for");
    assert!(report["variables"][1]["error"].as_str().is_some_and(|why| why.contains("too many")));
    assert_eq!(count(&report, "panels"), 2000);
    assert!(report["warnings"][0].as_str().is_some_and(|words| words.contains("the first 2000 panels")));
    assert!(report["panels"][0]["title"].as_str().is_some_and(|title| title.len() <= 1000));
}

#[test]
fn patterns_that_take_for_ever() {
    let values: Value = (0..1000).map(|nth| format!("{}{nth}b", "a".repeat(40))).collect();
    let x = json!([{"name": "x", "type": "query", "query": "label_values(x)", "regex": "/^(?:(a|aa)+)\\1!$/"},
        {"name": "large", "type": "query", "query": "label_values(x)", "regex": "(x{1000}){1000}"}]);
    let renamed = json!([{"id": "renameByRegex", "options": {"regex": "^(?:(a|aa)+)\\1!$", "renamePattern": "$1"}}]);
    let panel = json!({"type": "stat", "targets": [{"expr": "up", "legendFormat": "a".repeat(200)}], "transformations": renamed,
        "fieldConfig": {"overrides": vec![json!({"matcher": {"id": "byRegexp", "options": "^(?:(a|aa)+)\\1!$"}}); 3]}});
    let report = report(&dashboard(x, json!([panel])), &values);
    let error = |nth: usize| report["variables"][nth]["error"].as_str().unwrap_or_default();
    assert!(error(0).contains("takes too long"), "{}", error(0));
    assert!(error(1).contains("is not a regular expression"), "{}", error(1));
}

#[test]
fn very_many_panels_and_queries() {
    let targets: Vec<Value> = (0..500).map(|_| json!({"expr": "up", "refId": "A"})).collect();
    let many = json!({"type": "timeseries", "title": "many", "targets": targets});
    let report = report(&dashboard(json!([]), json!([many])), &json!([]));
    assert_eq!(count(&report["panels"][0], "queries"), 200);
    assert!(report["warnings"][0].as_str().is_some_and(|words| words.contains("of its 500 queries")));

    let panel = json!({"type": "stat", "id": 7, "title": "same", "targets": [{"expr": "up"}]});
    let shown = self::report(&dashboard(json!([]), json!(vec![panel; 10_000])), &json!([]));
    assert_eq!(count(&shown, "panels"), 2000);
    assert!(shown["warnings"][0].as_str().is_some_and(|words| words.contains("first 2000 panels")));

    let borrows = json!({"type": "stat", "id": 7, "datasource": "-- Dashboard --", "targets": [{"panelId": 7}]});
    let shown = self::report(&dashboard(json!([]), json!([borrows, borrows, borrows])), &json!([]));
    assert_eq!(count(&shown, "panels"), 3);
}

#[test]
fn numbers_without_measure() {
    for huge in
        [json!(1e300), json!(-1e300), json!(0), json!(-5), json!("NaN"), json!("inf"), json!(u64::MAX), json!(5e-324)]
    {
        let config = json!({"defaults": {"decimals": huge, "min": huge, "max": huge, "unit": "short",
            "thresholds": {"mode": "percentage", "steps": [{"value": huge, "color": "red"}, {"value": huge}]},
            "mappings": [{"type": "range", "options": {"from": huge, "to": huge, "result": {"text": "x"}}}]}});
        let panel = json!({"type": "gauge", "id": huge, "gridPos": {"x": huge, "y": huge, "w": huge, "h": huge},
            "maxDataPoints": huge, "fieldConfig": config,
            "options": {"reduceOptions": {"values": true, "limit": huge, "calcs": ["p99", "mean"]}},
            "transformations": [{"id": "limit", "options": {"limitField": huge}}],
            "targets": [{"expr": "up[$__rate_interval]", "intervalFactor": huge}]});
        let auto = json!([{"name": "i", "type": "interval", "auto": true, "auto_count": huge, "auto_min": huge,
            "current": {"value": "$__auto_interval_i"}}]);
        report(&dashboard(auto, json!([panel])), &json!([]));
    }
    let nines = "9".repeat(400) + "y";
    for odd in
        ["0s", "-5s", "NaN", "inf", "1e308y", "0.0000001ms", ">", "$__interval", "$i", &nines, "999999999999999999999y"]
    {
        let panel = json!({"type": "timeseries", "interval": odd, "timeFrom": odd, "timeShift": odd,
            "targets": [{"expr": "rate(up[$__interval])", "interval": odd}, {"expr": "up", "intervalFactor": 1e300}]});
        let shown = report(&dashboard(json!([]), json!([panel])), &json!([]));
        for query in shown["panels"][0]["queries"].as_array().expect("a list") {
            assert!(
                query["error"].is_string() || query["step"].as_f64().is_some_and(|step| step > 0.0),
                "{odd}: {query}"
            );
        }
    }
}

#[test]
fn texts_that_grow() {
    let names = "$x".repeat(500);
    let x = json!([{"name": "x", "type": "custom", "query": "a", "includeAll": true, "allValue": names,
        "current": {"value": "$__all"}}]);
    let beginnings = "[[a${a.b${a[${a:".repeat(50_000);
    let text = json!({"type": "text", "title": names, "options": {"mode": "html", "content": "$x$x"}});
    let asks =
        json!({"type": "stat", "title": beginnings, "targets": [{"expr": "up{a=\"$x\"}", "legendFormat": "$x"}]});
    let shown = report(&dashboard(x, json!([asks, text])), &json!([]));
    assert_eq!(refused(&shown), "it names $x, which names itself");

    let inputs = json!([{"name": "A", "type": "constant", "value": "${B}".repeat(1000)},
        {"name": "B", "type": "constant", "value": "${C}".repeat(1000)}, {"name": "C", "type": "constant", "value": "x".repeat(1000)}]);
    let shown = report(&json!({"title": "${A}", "panels": [], "__inputs": inputs}), &json!([]));
    assert!(shown["title"].as_str().is_some_and(|title| title.len() <= 1 << 21));
}

#[test]
fn one_large_element_in_many_places() {
    let item = json!({"kind": "GridLayoutItem", "spec": {"element": {"name": "e"}, "width": 1e300, "y": 1e300}});
    let spec = json!({"title": "t", "elements": {"e": {"kind": "Panel", "spec": {"title": "x".repeat(1000)}}},
        "layout": {"kind": "GridLayout", "spec": {"items": vec![item; 5000]}}});
    let shown = report(&json!({"apiVersion": "dashboard.grafana.app/v2", "spec": spec}), &json!([]));
    assert_eq!(count(&shown, "panels"), 2000);
}

/// Every place in JSON, as a JSON pointer.
fn places(json: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match json {
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(nth, one)| places(one, &format!("{at}/{nth}"), out));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
        }),
        _ => {}
    }
}

/// Carries each dashboard through with each value replaced by others in turn; of the replacements one in `step` is tried.
fn mutate(step: usize) -> usize {
    let others = [json!(null), json!(5), json!("x"), json!([]), json!({}), json!(-1e300), json!([null, 5, "$x"])];
    let mut tried = 0;
    for name in super::NAMES {
        let kept: BTreeMap<String, Value> =
            serde_json::from_value(file(&format!("{name}.answers.json"))).expect("answers by question");
        let mut ask = |path: &str, parameters: &[(&str, String)]| -> Result<Value, String> {
            let like = || kept.iter().find(|(key, _)| key.starts_with(path)).map(|(_, answer)| answer);
            kept.get(&replay::key(path, parameters)).or_else(like).cloned().ok_or_else(|| "no answer".to_owned())
        };
        let whole = file(&format!("{name}.json"));
        let mut all = Vec::new();
        places(&whole, "", &mut all);
        let pairs = all.iter().flat_map(|place| others.iter().map(move |other| (place, other)));
        for (place, other) in pairs.skip(tried % step).step_by(step) {
            let mut changed = whole.clone();
            if let Some(value) = changed.pointer_mut(place) {
                *value = other.clone();
            }
            // Refused or shown: both are fine.
            let _ = replay::report(&changed.to_string(), RANGE, &mut ask);
            tried += 1;
        }
    }
    tried
}

#[test]
fn wrong_types_in_every_field() {
    assert!(mutate(293) > 50);
}

#[test]
#[ignore = "takes minutes"]
fn every_wrong_type_in_every_field() {
    assert!(mutate(1) > 10_000);
}
