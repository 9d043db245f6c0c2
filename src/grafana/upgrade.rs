//! What old versions of Grafana wrote, as today's would: rows, variables, types of panels, options.
//!
//! By the migrations that <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/>
//! describes; what only changes looks is left out.

mod graph;
mod heatmap;
mod mappings;
mod old_table;
mod rows;
mod single_stat;

use serde_json::{Map, Value, json};

use super::{
    js,
    json::{at, flag, list, number, object, text},
};

/// A dashboard with everything brought up to date.
pub(super) fn dashboard(mut json: Value) -> Value {
    let version = number(at(&json, "schemaVersion")).unwrap_or_default();
    let variables: Vec<Value> =
        list(at(&json, "templating"), "list").iter().filter(|v| v.is_object()).cloned().collect();
    let variables: Vec<Value> = variables.into_iter().map(|one| variable(one, version)).collect();
    let mut panels: Vec<Value> = list(&json, "panels").iter().filter(|panel| panel.is_object()).cloned().collect();
    if version < 16.0 {
        panels.extend(rows::panels(list(&json, "rows")));
    }
    if version < 27.0 {
        // What Grafana made itself when it repeated a panel.
        panels.retain(|panel| !is_set(panel, "repeatPanelId") && !flag(panel, "repeatByRow"));
        for panel in panels.iter_mut().filter(|panel| is_row(panel)) {
            if let Some(Value::Array(inside)) = panel.get_mut("panels") {
                inside.retain(|panel| !is_set(panel, "repeatPanelId"));
            }
        }
    }
    unique_ids(&mut panels);
    for panel in &mut panels {
        upgrade(panel, version);
        if let Some(Value::Array(inside)) = panel.get_mut("panels") {
            inside.retain(Value::is_object);
            inside.iter_mut().for_each(|panel| upgrade(panel, version));
        }
    }
    put(&mut json, "panels", panels.into());
    put(&mut json, "templating", json!({"list": variables}));
    json
}

/// Sets a field of an object.
fn put(json: &mut Value, key: &str, value: Value) {
    if let Some(fields) = json.as_object_mut() {
        fields.insert(key.into(), value);
    }
}

fn is_row(panel: &Value) -> bool {
    at(panel, "type").as_str() == Some("row")
}

/// Whether a field says something, by the rules of JavaScript.
fn is_set(json: &Value, key: &str) -> bool {
    js::truthy(at(json, key))
}

fn variable(mut variable: Value, version: f64) -> Value {
    let kind = text(&variable, "type").filter(|kind| kind != "filter").unwrap_or_else(|| "query".into());
    put(&mut variable, "type", kind.clone().into());
    if version < 27.0 && kind == "constant" {
        let value = text(&variable, "query").unwrap_or_default();
        put(&mut variable, "current", json!({"text": value, "value": value}));
        if !is_set(&variable, "hide") || at(&variable, "hide").as_f64() == Some(1.0) {
            put(&mut variable, "type", "textbox".into());
        }
    }
    variable
}

/// Gives an id to panels that have none, or that of another.
fn unique_ids(panels: &mut [Value]) {
    fn each(panels: &mut [Value], f: &mut impl FnMut(&mut Value)) {
        for panel in panels {
            f(panel);
            if let Some(Value::Array(inside)) = panel.get_mut("panels") {
                inside.iter_mut().for_each(&mut *f);
            }
        }
    }
    let mut last = 0_i64;
    each(panels, &mut |panel| last = last.max(at(panel, "id").as_i64().unwrap_or_default()));
    let mut seen = std::collections::HashSet::new();
    each(panels, &mut |panel| {
        let id = at(panel, "id").clone();
        if !is_set(panel, "id") || !seen.insert(id.to_string()) {
            last += 1;
            put(panel, "id", last.into());
            seen.insert(last.to_string());
        }
    });
}

/// What a type of panel is called today. The Angular ones are told apart by their version, see [`upgrade`].
const RENAMED: [(&str, &str); 6] = [
    ("singlestat", "stat"),
    ("grafana-singlestat-panel", "stat"),
    ("table-old", "table"),
    ("grafana-piechart-panel", "piechart"),
    ("grafana-worldmap-panel", "geomap"),
    ("natel-discrete-panel", "state-timeline"),
];

fn upgrade(panel: &mut Value, version: f64) {
    if is_row(panel) {
        return;
    }
    let targets = with_letters(list(panel, "targets"));
    put(panel, "targets", targets.into());
    let mut kind = text(panel, "type").unwrap_or_default();
    if kind == "graphite" {
        kind = "graph".into();
    }
    single_stat::before(panel, &kind, version);
    if version < 12.0 && kind == "graph" {
        graph::axes_of_old(panel);
    }
    if version < 24.0 && kind == "table" && at(panel, "styles").is_array() {
        if version < 10.0 {
            old_table::first_thresholds_off(panel);
        }
        kind = "table-old".into();
    }
    if kind == "text2" {
        kind = "text".into();
    }
    let renamed = RENAMED.iter().find(|(old, _)| *old == kind).map(|(_, new)| *new);
    let was = kind.clone();
    match (kind.as_str(), renamed) {
        ("singlestat", _) if version < 28.0 => {
            kind = if flag(at(panel, "gauge"), "show") { "gauge" } else { "stat" }.into();
        }
        ("graph", _) => {
            kind = match at(at(panel, "xaxis"), "mode").as_str() {
                Some("series") => "bargauge",
                Some("histogram") => "histogram",
                _ => "timeseries",
            }
            .into();
        }
        (_, Some(new)) => kind = new.into(),
        _ => {}
    }
    put(panel, "type", kind.clone().into());
    let is_changed = was == "graph" || renamed.is_some();
    let config = field_config(at(panel, "fieldConfig"));
    put(panel, "fieldConfig", config);
    match (is_changed, was.as_str()) {
        (false, _) => {
            if version < 30.0 {
                mappings::upgrade_all(panel);
            }
            if ["stat", "gauge", "bargauge"].contains(&kind.as_str()) {
                single_stat::shared(panel);
                if version < 30.0 {
                    mappings::upgrade_all(panel);
                }
            }
        }
        (true, "graph") => graph::upgrade(panel, &kind),
        (true, "table-old") => old_table::upgrade(panel),
        (true, _) => {
            single_stat::upgrade(panel, &was, &kind);
            if ["stat", "gauge"].contains(&kind.as_str()) {
                single_stat::shared(panel);
            }
        }
    }
    let config = hidden_fields(field_config(at(panel, "fieldConfig")));
    put(panel, "fieldConfig", config);
    let transformations = transformations(list(panel, "transformations"), version);
    put(panel, "transformations", transformations.into());
    if kind == "heatmap" {
        heatmap::upgrade(panel);
    }
    if kind == "text" && !is_set(at(panel, "options"), "content") && panel.get("content").is_some() {
        let mut options = at(panel, "options").as_object().cloned().unwrap_or_default();
        options.insert("content".into(), at(panel, "content").clone());
        options.insert("mode".into(), at(panel, "mode").clone());
        put(panel, "options", options.into());
    }
}

/// Defaults and overrides, each of the right type.
fn field_config(config: &Value) -> Value {
    let defaults: Map<String, Value> = object(config, "defaults").map(|(k, v)| (k.clone(), v.clone())).collect();
    let rules = list(config, "overrides").iter().filter(|rule| at(rule, "matcher").is_object());
    let rules: Vec<Value> = rules.cloned().collect();
    json!({"defaults": defaults, "overrides": rules})
}

/// `custom.hidden` and `hideFrom.graph` are `hideFrom.viz` today.
fn hidden_fields(mut config: Value) -> Value {
    if let Some(Value::Object(custom)) = config.get_mut("defaults").and_then(|defaults| defaults.get_mut("custom")) {
        let graph = custom.get("hideFrom").and_then(|from| from.get("graph")).cloned();
        if let Some(hidden) = graph.or_else(|| custom.get("hidden").cloned()) {
            let mut from = custom.get("hideFrom").and_then(Value::as_object).cloned().unwrap_or_default();
            from.insert("viz".into(), hidden);
            custom.insert("hideFrom".into(), from.into());
        }
    }
    for rule in config.get_mut("overrides").and_then(Value::as_array_mut).into_iter().flatten() {
        for property in rule.get_mut("properties").and_then(Value::as_array_mut).into_iter().flatten() {
            match at(property, "id").as_str() {
                Some("custom.hidden") => put(property, "id", "custom.hideFrom.viz".into()),
                Some("custom.hideFrom") => {
                    if let Some(graph) = at(property, "value").get("graph").cloned()
                        && let Some(value) = property.get_mut("value")
                    {
                        put(value, "viz", graph);
                    }
                }
                _ => {}
            }
        }
    }
    config
}

fn transformations(transformations: &[Value], version: f64) -> Vec<Value> {
    let mut out = Vec::new();
    for transformation in transformations.iter().filter(|one| one.is_object()) {
        let mut transformation = transformation.clone();
        let id = text(&transformation, "id").unwrap_or_default();
        if id == "timeSeriesTable" && at(&transformation, "options").get("refIdToStat").is_some() {
            let by_ref = object(at(&transformation, "options"), "refIdToStat");
            let options: Map<String, Value> = by_ref.map(|(id, stat)| (id.clone(), json!({"stat": stat}))).collect();
            put(&mut transformation, "options", options.into());
        }
        out.push(transformation);
        if id == "labelsToFields" && version < 31.0 {
            out.push(json!({"id": "merge", "options": {}}));
        }
    }
    out
}

/// Queries, each with a letter of its own.
fn with_letters(targets: &[Value]) -> Vec<Value> {
    let mut targets: Vec<Value> = targets.iter().filter(|target| target.is_object()).cloned().collect();
    let used: std::collections::HashSet<String> = targets.iter().filter_map(|target| text(target, "refId")).collect();
    let mut free = (0_u32..).map(letters).filter(|letters| !used.contains(letters));
    for target in targets.iter_mut().filter(|target| !is_set(target, "refId")) {
        if let Some(letters) = free.next() {
            put(target, "refId", letters.into());
        }
    }
    targets
}

/// `A` to `Z`, `AA`, `AB`, …
fn letters(number: u32) -> String {
    let letter = char::from(b'A' + (number % 26) as u8);
    match number / 26 {
        0 => letter.to_string(),
        more => letters(more - 1) + &letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_get_letters_that_are_free() {
        let targets = [json!({"refId": "B"}), json!({}), json!({"refId": ""}), json!("odd")];
        let letters: Vec<_> = with_letters(&targets).iter().filter_map(|target| text(target, "refId")).collect();
        assert_eq!(letters, ["B", "A", "C"]);
        assert_eq!([0, 25, 26, 27, 52].map(super::letters), ["A", "Z", "AA", "AB", "BA"]);
    }

    #[test]
    fn ids_are_made_unique() {
        let mut panels = vec![json!({"id": 4}), json!({"id": 4}), json!({"panels": [{"id": 2}]})];
        unique_ids(&mut panels);
        let ids: Vec<_> = panels.iter().map(|panel| at(panel, "id").clone()).collect();
        assert_eq!(ids, [json!(4), json!(5), json!(6)]);
    }

    #[test]
    fn hidden_columns_are_hidden_today() {
        let config = json!({"defaults": {"custom": {"hideFrom": {"graph": true}}}, "overrides": [
            {"matcher": {}, "properties": [{"id": "custom.hidden", "value": true}]}]});
        let config = hidden_fields(config);
        assert_eq!(config.pointer("/defaults/custom/hideFrom/viz"), Some(&json!(true)));
        assert_eq!(config.pointer("/overrides/0/properties/0/id"), Some(&json!("custom.hideFrom.viz")));
    }
}
