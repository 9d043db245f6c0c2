//! The Angular table panel.

use serde_json::{Map, Value, json};

use super::{
    super::json::{at, list},
    is_set, put,
};

/// Before schema 10 the first of three thresholds said nothing.
pub(super) fn first_thresholds_off(panel: &mut Value) {
    for style in panel.get_mut("styles").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(Value::Array(thresholds)) = style.get_mut("thresholds")
            && thresholds.len() >= 3
        {
            thresholds.remove(0);
        }
    }
}

/// Styles by column become overrides, the way it made rows a transformation.
pub(super) fn upgrade(panel: &mut Value) {
    let mut transformations = list(panel, "transformations").to_vec();
    transformations.extend(transformation(panel));
    let styles = list(panel, "styles");
    let everything = |style: &&Value| at(style, "pattern").as_str() == Some("/.*/");
    let defaults: Map<String, Value> = styles.iter().find(everything).map(defaults).unwrap_or_default();
    let overrides: Vec<Value> = styles.iter().filter(|style| !everything(style)).map(rule).collect();
    put(panel, "transformations", transformations.into());
    put(panel, "fieldConfig", json!({"defaults": defaults, "overrides": overrides}));
    put(panel, "options", json!({"showHeader": true, "sortBy": []}));
}

fn transformation(panel: &Value) -> Option<Value> {
    let id = match at(panel, "transform").as_str()? {
        "timeseries_to_rows" => "seriesToRows",
        "timeseries_to_columns" => "seriesToColumns",
        "timeseries_aggregations" => "reduce",
        "table" => "merge",
        _ => return None,
    };
    let options = match id {
        "reduce" => {
            let calculation = |column: &Value| match at(column, "value").as_str()? {
                "avg" => Some("mean"),
                "min" => Some("min"),
                "max" => Some("max"),
                "total" => Some("sum"),
                "current" => Some("lastNotNull"),
                "count" => Some("count"),
                _ => None,
            };
            let reducers: Vec<&str> = list(panel, "columns").iter().filter_map(calculation).collect();
            json!({"includeTimeField": false, "reducers": reducers})
        }
        _ => json!({"reducers": []}),
    };
    Some(json!({"id": id, "options": options}))
}

fn defaults(style: &Value) -> Map<String, Value> {
    let mut out = Map::new();
    for (old, new) in [("unit", "unit"), ("decimals", "decimals"), ("alias", "displayName")] {
        if let Some(value) = style.get(old).filter(|value| !value.is_null()) {
            out.insert(new.into(), value.clone());
        }
    }
    if let Some(thresholds) = thresholds(style) {
        out.insert("thresholds".into(), thresholds);
    }
    out
}

fn rule(style: &Value) -> Value {
    let mut properties = Vec::new();
    let mut add = |id: &str, value: Value| properties.push(json!({"id": id, "value": value}));
    if is_set(style, "alias") {
        add("displayName", at(style, "alias").clone());
    }
    if is_set(style, "unit") {
        add("unit", at(style, "unit").clone());
    }
    if !at(style, "decimals").is_null() {
        add("decimals", at(style, "decimals").clone());
    }
    match at(style, "type").as_str() {
        Some("date") => add("unit", format!("time: {}", at(style, "dateFormat").as_str().unwrap_or_default()).into()),
        Some("hidden") => add("custom.hideFrom.viz", true.into()),
        _ => {}
    }
    if let Some(thresholds) = thresholds(style) {
        add("thresholds", thresholds);
    }
    let pattern = at(style, "pattern").as_str().unwrap_or_default();
    let is_pattern = pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/');
    let matcher = if is_pattern { "byRegexp" } else { "byName" };
    json!({"matcher": {"id": matcher, "options": pattern}, "properties": properties})
}

fn thresholds(style: &Value) -> Option<Value> {
    let limits = list(style, "thresholds");
    if limits.is_empty() {
        return None;
    }
    // Limits were whole numbers when written as text.
    let limit = |value: &Value| match value {
        Value::String(text) => text.trim().split('.').next().and_then(|whole| whole.parse::<f64>().ok()),
        other => other.as_f64(),
    };
    let begins = std::iter::once(None).chain(limits.iter().map(limit));
    let colors = list(style, "colors");
    let steps = begins.enumerate().map(|(nth, value)| json!({"value": value, "color": colors.get(nth)}));
    Some(json!({"mode": "absolute", "steps": steps.collect::<Vec<_>>()}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_become_overrides() {
        let mut panel = json!({"transform": "table", "styles": [
            {"pattern": "Time", "type": "hidden"}, {"pattern": "/.*/", "unit": "short", "decimals": 2},
            {"pattern": "Value #A", "alias": "CPU", "thresholds": ["1"], "colors": ["g", "r"]},
        ]});
        upgrade(&mut panel);
        assert_eq!(panel.pointer("/fieldConfig/defaults"), Some(&json!({"unit": "short", "decimals": 2})));
        assert_eq!(panel.pointer("/transformations/0/id"), Some(&json!("merge")));
        let steps = panel.pointer("/fieldConfig/overrides/1/properties/1/value/steps");
        assert_eq!(steps, Some(&json!([{"value": null, "color": "g"}, {"value": 1.0, "color": "r"}])));
    }
}
