//! The old graph panel, as a time series.

use serde_json::{Map, Value, json};

use super::{
    super::json::{at, list, number, object},
    put,
};

/// Schema 12 moved the axes out of the grid.
pub(super) fn axes_of_old(panel: &mut Value) {
    if !at(panel, "grid").is_object() || panel.get("yaxes").is_some_and(|axes| !axes.is_null()) {
        return;
    }
    let grid = at(panel, "grid").clone();
    let axis = |side: usize, name: &str| {
        let format = list(panel, "y_formats").get(side).cloned().unwrap_or_default();
        json!({"format": format, "min": at(&grid, &format!("{name}Min")), "max": at(&grid, &format!("{name}Max")),
            "logBase": at(&grid, &format!("{name}LogBase"))})
    };
    let axes = json!([axis(0, "left"), axis(1, "right")]);
    put(panel, "yaxes", axes);
}

/// Unit, decimals and limits of the axes, colours and series on the right axis.
pub(super) fn upgrade(panel: &mut Value, kind: &str) {
    let config = at(panel, "fieldConfig").clone();
    let mut defaults: Map<String, Value> = object(&config, "defaults").map(|(k, v)| (k.clone(), v.clone())).collect();
    let mut overrides = list(&config, "overrides").to_vec();
    if kind == "bargauge" {
        // The axis of a graph over series was not taken over.
        defaults.insert("color".into(), json!({"mode": "palette-classic"}));
        let calc = list(at(panel, "xaxis"), "values").first().and_then(Value::as_str).map(calculation);
        let calcs: Vec<&str> = calc.into_iter().collect();
        put(panel, "options", json!({"reduceOptions": {"calcs": calcs, "values": false, "fields": ""}}));
    } else {
        let axes = list(panel, "yaxes");
        let [left, right] = [0, 1].map(|side| axes.get(side).map(axis).unwrap_or_default());
        for (alias, color) in object(panel, "aliasColors").filter(|(_, color)| color.is_string()) {
            overrides.push(json!({"matcher": {"id": "byName", "options": alias}, "properties": [fixed(color)]}));
        }
        for rule in list(panel, "seriesOverrides") {
            overrides.extend(series_override(rule, &left, &right));
        }
        defaults.extend(left);
        if !at(panel, "options").is_object() {
            put(panel, "options", json!({}));
        }
        style(panel, &mut defaults);
    }
    put(panel, "fieldConfig", json!({"defaults": defaults, "overrides": overrides}));
}

/// Bars, points, stacks and the scale, which a chart is drawn with.
fn style(panel: &Value, defaults: &mut Map<String, Value>) {
    let mut custom = defaults.get("custom").and_then(Value::as_object).cloned().unwrap_or_default();
    let says = |key| at(panel, key).as_bool().unwrap_or(false);
    if says("bars") {
        custom.insert("drawStyle".into(), "bars".into());
    } else if !says("lines") && says("points") {
        custom.insert("drawStyle".into(), "points".into());
    }
    if says("steppedLine") {
        custom.insert("lineInterpolation".into(), "stepAfter".into());
    }
    // An area was filled in tenths; without a word, in one.
    let fill = number(at(panel, "fill")).unwrap_or(1.0).clamp(0.0, 10.0) * 10.0;
    custom.insert("fillOpacity".into(), fill.into());
    if says("stack") {
        let mode = if says("percentage") { "percent" } else { "normal" };
        custom.insert("stacking".into(), json!({"mode": mode, "group": "A"}));
    }
    if let Some(base) = list(panel, "yaxes").first().and_then(|axis| number(at(axis, "logBase"))).filter(|b| *b > 1.0) {
        custom.insert("scaleDistribution".into(), json!({"type": "log", "log": base}));
    }
    defaults.insert("custom".into(), custom.into());
}

fn calculation(name: &str) -> &str {
    match name {
        "current" => "lastNotNull",
        "avg" => "mean",
        "total" => "sum",
        other => other,
    }
}

fn axis(axis: &Value) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(unit) = axis.get("format").filter(|unit| !unit.is_null()) {
        out.insert("unit".into(), unit.clone());
    }
    for key in ["decimals", "min", "max"] {
        if let Some(value) = number(at(axis, key)) {
            out.insert(key.into(), value.into());
        }
    }
    out
}

fn fixed(color: &Value) -> Value {
    json!({"id": "color", "value": {"mode": "fixed", "fixedColor": color}})
}

fn series_override(rule: &Value, left: &Map<String, Value>, right: &Map<String, Value>) -> Option<Value> {
    let alias = at(rule, "alias").as_str().filter(|alias| !alias.is_empty())?;
    let mut properties = Vec::new();
    if number(at(rule, "yaxis")) == Some(2.0) {
        let differing = right.iter().filter(|(key, value)| left.get(*key) != Some(*value));
        properties.extend(differing.map(|(key, value)| json!({"id": key, "value": value})));
        properties.push(json!({"id": "custom.axisPlacement", "value": "right"}));
    }
    if at(rule, "color").is_string() {
        properties.push(fixed(at(rule, "color")));
    }
    if at(rule, "stack").as_bool() == Some(false) {
        properties.push(json!({"id": "custom.stacking", "value": {"mode": "none"}}));
    }
    if at(rule, "transform").as_str() == Some("negative-Y") {
        properties.push(json!({"id": "custom.transform", "value": "negative-Y"}));
    }
    if at(rule, "bars").as_bool() == Some(true) {
        properties.push(json!({"id": "custom.drawStyle", "value": "bars"}));
    }
    let is_pattern = alias.len() > 1 && alias.starts_with('/') && alias.ends_with('/');
    let matcher = if is_pattern { "byRegexp" } else { "byName" };
    let rule = json!({"matcher": {"id": matcher, "options": alias}, "properties": properties});
    (!properties.is_empty()).then_some(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_become_units() {
        let mut panel = json!({"fieldConfig": {"defaults": {}, "overrides": []}, "aliasColors": {"err": "#f00"},
            "yaxes": [{"format": "ms", "min": "0", "max": null}, {"format": "short"}], "stack": true,
            "seriesOverrides": [{"alias": "/count/", "yaxis": 2}, {"alias": "x"},
            {"alias": "out", "stack": false, "transform": "negative-Y"}]});
        upgrade(&mut panel, "timeseries");
        assert_eq!(panel.pointer("/fieldConfig/defaults/unit"), Some(&json!("ms")));
        assert_eq!(panel.pointer("/fieldConfig/defaults/min"), Some(&json!(0.0)));
        assert_eq!(panel.pointer("/fieldConfig/defaults/custom/stacking/mode"), Some(&json!("normal")));
        let rules = list(at(&panel, "fieldConfig"), "overrides");
        assert_eq!(rules.len(), 3);
        assert_eq!(rules[2].pointer("/properties/1/value"), Some(&json!("negative-Y")));
        assert_eq!(rules[1].pointer("/properties/0"), Some(&json!({"id": "unit", "value": "short"})));
    }
}
