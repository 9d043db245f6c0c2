//! Panels of single numbers: the Angular ones, and what stat, gauge and bar gauge had before Grafana 8.

use serde_json::{Map, Value, json};

use super::{
    super::json::{at, flag, list, number, object, text},
    field_config, is_set, mappings, put,
};

/// What has to happen before the type changes: thresholds of schema 8, options of the first gauge.
pub(super) fn before(panel: &mut Value, kind: &str, version: f64) {
    if version < 9.0
        && kind == "singlestat"
        && let Some(thresholds) = text(panel, "thresholds")
        && thresholds.split(',').count() >= 3
        && let Some((_, rest)) = thresholds.split_once(',')
    {
        put(panel, "thresholds", rest.into());
    }
    if version < 18.0 && at(panel, "options-gauge").is_object() {
        let mut options = at(panel, "options-gauge").as_object().cloned().unwrap_or_default();
        let value_options = json!({"unit": options.get("unit"), "stat": options.get("stat"),
            "decimals": options.get("decimals")});
        options.insert("valueOptions".into(), value_options);
        if let Some(Value::Array(thresholds)) = options.get_mut("thresholds") {
            thresholds.reverse();
        }
        for key in ["options", "unit", "stat", "decimals", "prefix", "suffix"] {
            options.remove(key);
        }
        put(panel, "options", options.into());
    }
}

/// The calculation of an old name.
fn calculation(name: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 18] = [
        ("current", "lastNotNull"),
        ("lastNotNull", "lastNotNull"),
        ("last", "last"),
        ("avg", "mean"),
        ("mean", "mean"),
        ("total", "sum"),
        ("sum", "sum"),
        ("min", "min"),
        ("max", "max"),
        ("first", "first"),
        ("firstNotNull", "firstNotNull"),
        ("delta", "delta"),
        ("diff", "diff"),
        ("range", "range"),
        ("count", "count"),
        ("median", "median"),
        ("step", "step"),
        ("logmin", "logmin"),
    ];
    KNOWN.into_iter().find(|(old, _)| *old == name).map(|(_, new)| new)
}

/// An Angular panel as one of today's.
pub(super) fn upgrade(panel: &mut Value, was: &str, kind: &str) {
    match was {
        "grafana-piechart-panel" => pie(panel),
        "natel-discrete-panel" => {
            let mut defaults = Map::new();
            if is_set(panel, "units") {
                defaults.insert("unit".into(), at(panel, "units").clone());
            }
            if at(panel, "decimals").is_i64() {
                defaults.insert("decimals".into(), at(panel, "decimals").clone());
            }
            put(panel, "fieldConfig", json!({"defaults": defaults, "overrides": []}));
            put(panel, "options", json!({}));
        }
        "singlestat" | "grafana-singlestat-panel" => single(panel, kind),
        _ => {}
    }
}

fn pie(panel: &mut Value) {
    let mut defaults = Map::new();
    if is_set(panel, "format") {
        defaults.insert("unit".into(), at(panel, "format").clone());
    }
    if number(at(panel, "decimals")).is_some() {
        defaults.insert("decimals".into(), at(panel, "decimals").clone());
    }
    let calc = text(panel, "valueName").and_then(|name| calculation(&name)).unwrap_or("lastNotNull");
    let colors = object(panel, "aliasColors").filter(|(_, color)| color.is_string()).map(|(alias, color)| {
        json!({"matcher": {"id": "byName", "options": alias},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}]})
    });
    let overrides: Vec<Value> = colors.collect();
    put(panel, "fieldConfig", json!({"defaults": defaults, "overrides": overrides}));
    put(panel, "options", json!({"reduceOptions": {"calcs": [calc], "values": false, "fields": ""}}));
}

fn single(panel: &mut Value, kind: &str) {
    let calc = text(panel, "valueName").and_then(|name| calculation(&name)).unwrap_or("mean");
    let mut reduce = json!({"calcs": [calc]});
    let mut defaults = Map::new();
    if is_set(panel, "format") {
        defaults.insert("unit".into(), at(panel, "format").clone());
    }
    if let Some(column) = text(panel, "tableColumn").filter(|column| !column.is_empty()) {
        put(&mut reduce, "fields", format!("/^{column}$/").into());
    }
    if is_set(panel, "nullText") {
        defaults.insert("noValue".into(), at(panel, "nullText").clone());
    }
    if number(at(panel, "decimals")).is_some() {
        defaults.insert("decimals".into(), at(panel, "decimals").clone());
    }
    let thresholds = angular_thresholds(panel);
    if !thresholds.is_null() {
        defaults.insert("thresholds".into(), thresholds.clone());
    }
    let mappings = mappings::of_angular(panel, &thresholds);
    if !mappings.is_empty() {
        defaults.insert("mappings".into(), mappings.into());
    }
    if flag(at(panel, "gauge"), "show") {
        for (old, new) in [("minValue", "min"), ("maxValue", "max")] {
            defaults.insert(new.into(), at(at(panel, "gauge"), old).clone());
        }
    }
    let mut options = json!({"reduceOptions": reduce, "orientation": "horizontal"});
    if kind == "stat" {
        let has_line = flag(at(panel, "sparkline"), "show");
        put(&mut options, "graphMode", if has_line { "area" } else { "none" }.into());
        let color = match (flag(panel, "colorBackground"), flag(panel, "colorValue")) {
            (true, _) => "background",
            (_, true) => "value",
            _ => "none",
        };
        put(&mut options, "colorMode", color.into());
        if color == "none" && has_line && is_set(at(panel, "sparkline"), "lineColor") {
            let line = at(at(panel, "sparkline"), "lineColor");
            defaults.insert("color".into(), json!({"mode": "fixed", "fixedColor": line}));
        }
        if at(panel, "valueName").as_str() == Some("name") {
            put(&mut options, "textMode", "name".into());
        }
    }
    put(panel, "options", options);
    put(panel, "fieldConfig", json!({"defaults": defaults, "overrides": []}));
}

/// `"50,80"` and three colours.
fn angular_thresholds(panel: &Value) -> Value {
    let limits = text(panel, "thresholds").filter(|limits| !limits.is_empty());
    let (Some(limits), Some(colors)) = (limits, at(panel, "colors").as_array()) else {
        return Value::Null;
    };
    let limits: Vec<Option<f64>> = limits
        .split(',')
        .map(|limit| match limit.trim() {
            "" => Some(0.0),
            limit => limit.parse().ok(),
        })
        .collect();
    let begins = |nth: usize| nth.checked_sub(1).and_then(|place| limits.get(place).copied().flatten());
    let steps = colors.iter().enumerate();
    // A colour without a limit is never reached.
    let steps = steps.filter(|(nth, _)| *nth == 0 || begins(*nth).is_some());
    let steps: Vec<Value> = steps.map(|(nth, color)| json!({"value": begins(nth), "color": color})).collect();
    json!({"mode": "absolute", "steps": steps})
}

/// What stat, gauge and bar gauge had elsewhere before Grafana 8, by the version that wrote the panel.
pub(super) fn shared(panel: &mut Value) {
    let version = text(panel, "pluginVersion").and_then(|version| leading(&version)).unwrap_or(6.1);
    let mut options = at(panel, "options").as_object().cloned().unwrap_or_default();
    let mut config = field_config(at(panel, "fieldConfig"));
    if version < 6.2 {
        value_options(&mut options);
    }
    let mut fields = options.get("fieldOptions").and_then(Value::as_object).cloned();
    if version < 6.3
        && let Some(fields) = &mut fields
    {
        let mut defaults = fields.get("defaults").and_then(Value::as_object).cloned().unwrap_or_default();
        defaults.insert("mappings".into(), fields.remove("mappings").unwrap_or_default());
        let steps = old_thresholds(options.get("thresholds").unwrap_or(&Value::Null));
        if !steps.is_empty() {
            defaults.insert("thresholds".into(), json!({"mode": "absolute", "steps": steps}));
        }
        fields.insert("defaults".into(), defaults.into());
    }
    if version < 6.6
        && let Some(fields) = &mut fields
    {
        let mut defaults = fields.get("defaults").and_then(Value::as_object).cloned().unwrap_or_default();
        let own = defaults.remove("thresholds").filter(|own| !own.is_null());
        if let Some(steps) = own.or_else(|| fields.remove("thresholds")).filter(|steps| !steps.is_null()) {
            let is_new = steps.get("steps").is_some();
            let thresholds = if is_new { steps } else { json!({"mode": "absolute", "steps": steps}) };
            defaults.insert("thresholds".into(), thresholds);
        }
        if let Some(color) = defaults.get("color").filter(|color| color.is_string()).cloned() {
            defaults.insert("color".into(), json!({"mode": "fixed", "fixedColor": color}));
        }
        fields.insert("defaults".into(), defaults.into());
    }
    if version < 7.0
        && let Some(fields) = &fields
    {
        let mut defaults: Map<String, Value> =
            object(&config, "defaults").map(|(k, v)| (k.clone(), v.clone())).collect();
        defaults.extend(fields.get("defaults").and_then(Value::as_object).cloned().unwrap_or_default());
        let mut overrides = list(&config, "overrides").to_vec();
        overrides.extend(fields.get("overrides").and_then(Value::as_array).cloned().unwrap_or_default());
        config = field_config(&json!({"defaults": defaults, "overrides": overrides}));
        let reduce =
            json!({"values": fields.get("values"), "limit": fields.get("limit"), "calcs": fields.get("calcs")});
        options.insert("reduceOptions".into(), reduce);
        options.remove("fieldOptions");
    }
    if let Some(defaults) = config.get_mut("defaults").and_then(Value::as_object_mut) {
        if version < 7.1
            && let Some(title) = defaults.remove("title").filter(|title| !title.is_null())
        {
            defaults.insert("displayName".into(), title);
        }
        let most = match defaults.get("unit").and_then(Value::as_str) {
            Some("percent") => Some(100),
            Some("percentunit") => Some(1),
            _ => None,
        };
        if version < 8.0
            && let Some(most) = most
        {
            for (key, limit) in [("min", 0), ("max", most)] {
                if !defaults.get(key).is_some_and(Value::is_number) {
                    defaults.insert(key.into(), limit.into());
                }
            }
        }
    }
    put(panel, "options", options.into());
    put(panel, "fieldConfig", config);
}

fn value_options(options: &mut Map<String, Value>) {
    let Some(value_options) = options.remove("valueOptions").filter(Value::is_object) else { return };
    let take = |options: &mut Map<String, Value>, key: &str| options.remove(key).unwrap_or_default();
    let mut defaults = Map::new();
    for (key, value) in [("min", take(options, "minValue")), ("max", take(options, "maxValue"))] {
        if !value.is_null() {
            defaults.insert(key.into(), value);
        }
    }
    for key in ["unit", "decimals"] {
        if is_set(&value_options, key) || at(&value_options, key).is_number() {
            defaults.insert(key.into(), at(&value_options, key).clone());
        }
    }
    let mut fields = json!({"mappings": take(options, "valueMappings"),
        "thresholds": options.get("thresholds"), "defaults": defaults});
    if let Some(calc) = text(&value_options, "stat").and_then(|stat| calculation(&stat)) {
        put(&mut fields, "calcs", json!([calc]));
    }
    options.insert("fieldOptions".into(), fields);
}

fn old_thresholds(thresholds: &Value) -> Vec<Value> {
    let mut steps: Vec<(f64, Value)> = thresholds
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| (number(at(step, "value")).unwrap_or(f64::NEG_INFINITY), at(step, "color").clone()))
        .collect();
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let begins = |nth: usize, value: f64| (nth > 0).then_some(value);
    steps
        .into_iter()
        .enumerate()
        .map(|(nth, (value, color))| json!({"value": begins(nth, value), "color": color}))
        .collect()
}

/// The number a version begins with: `7.5` of `7.5.3`.
fn leading(version: &str) -> Option<f64> {
    let mut points = 0;
    let end = version.find(|c: char| {
        points += usize::from(c == '.');
        points > 1 || !(c.is_ascii_digit() || c == '.')
    });
    version[..end.unwrap_or(version.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_angular_stat_becomes_one_of_today() {
        let mut panel = json!({"valueName": "current", "format": "percent", "thresholds": "50, 80", "colors": ["g", "o", "r"],
            "sparkline": {"show": true, "lineColor": "blue"}, "nullText": "none", "decimals": 1,
            "valueMaps": [{"value": "null", "text": "N/A", "op": "="}]});
        upgrade(&mut panel, "singlestat", "stat");
        shared(&mut panel);
        assert_eq!(panel.pointer("/options/reduceOptions/calcs"), Some(&json!(["lastNotNull"])));
        let steps =
            json!([{"value": null, "color": "g"}, {"value": 50.0, "color": "o"}, {"value": 80.0, "color": "r"}]);
        assert_eq!(panel.pointer("/fieldConfig/defaults/thresholds/steps"), Some(&steps));
        assert_eq!(panel.pointer("/fieldConfig/defaults/color/fixedColor"), Some(&json!("blue")));
        assert_eq!(panel.pointer("/fieldConfig/defaults/max"), Some(&json!(100)));
        assert_eq!(panel.pointer("/fieldConfig/defaults/mappings/0/type"), Some(&json!("special")));
    }

    #[test]
    fn field_options_move_to_the_fields() {
        let mut panel = json!({"pluginVersion": "6.5.2", "options": {"fieldOptions": {"calcs": ["mean"], "defaults":
            {"unit": "percentunit", "title": "x"}, "thresholds": [{"value": null, "color": "green"}]}}});
        shared(&mut panel);
        assert_eq!(panel.pointer("/options/reduceOptions/calcs"), Some(&json!(["mean"])));
        assert_eq!(panel.pointer("/fieldConfig/defaults/displayName"), Some(&json!("x")));
        assert_eq!(panel.pointer("/fieldConfig/defaults/max"), Some(&json!(1)));
        assert_eq!(panel.pointer("/fieldConfig/defaults/thresholds/steps/0/color"), Some(&json!("green")));
        assert_eq!(["7.5.3", "6.1", "8", "x"].map(leading), [Some(7.5), Some(6.1), Some(8.0), None]);
    }
}
