//! Value mappings as they were before schema 30, and as Angular panels had them.

use serde_json::{Map, Value, json};

use super::super::json::{at, list, number};

/// Brings the mappings of a panel's defaults and overrides up to date.
pub(super) fn upgrade_all(panel: &mut Value) {
    let Some(config) = panel.get_mut("fieldConfig") else { return };
    let thresholds = at(at(config, "defaults"), "thresholds").clone();
    if let Some(mappings) = config.get_mut("defaults").and_then(|defaults| defaults.get_mut("mappings")) {
        *mappings = upgraded(mappings, &thresholds);
    }
    for rule in config.get_mut("overrides").and_then(Value::as_array_mut).into_iter().flatten() {
        for property in rule.get_mut("properties").and_then(Value::as_array_mut).into_iter().flatten() {
            if at(property, "id").as_str() == Some("mappings")
                && let Some(value) = property.get_mut("value")
            {
                *value = upgraded(value, &Value::Null);
            }
        }
    }
}

/// Mappings in today's form; what is in it already stays.
fn upgraded(mappings: &Value, thresholds: &Value) -> Value {
    let Some(all) = mappings.as_array() else { return Value::Null };
    let mut values = Map::new();
    let mut out = Vec::new();
    for mapping in all {
        let is_new =
            at(mapping, "type").as_str().is_some_and(|kind| !kind.is_empty()) && at(mapping, "options").is_object();
        if is_new {
            match at(mapping, "type").as_str() {
                Some("value") => values.extend(at(mapping, "options").as_object().cloned().unwrap_or_default()),
                _ => out.push(mapping.clone()),
            }
            continue;
        }
        match number(at(mapping, "type")) {
            Some(1.0) => by_value(mapping, thresholds, &mut values, &mut out),
            Some(2.0) => out.push(by_range(mapping, thresholds)),
            _ => {}
        }
    }
    if !values.is_empty() {
        out.insert(0, json!({"type": "value", "options": values}));
    }
    out.into()
}

/// The mappings of an Angular single stat: each value becomes a mapping of its own, in the order they were written.
pub(super) fn of_angular(panel: &Value, thresholds: &Value) -> Vec<Value> {
    let (values, ranges) = (list(panel, "valueMaps"), list(panel, "rangeMaps"));
    let kind = number(at(panel, "mappingType")).filter(|kind| *kind != 0.0);
    let kind = kind.or_else(|| if !values.is_empty() { Some(1.0) } else { (!ranges.is_empty()).then_some(2.0) });
    let mut out = Vec::new();
    match kind {
        Some(1.0) => {
            for mapping in values {
                let mut options = Map::new();
                by_value(mapping, thresholds, &mut options, &mut out);
                if !options.is_empty() {
                    out.push(json!({"type": "value", "options": options}));
                }
            }
        }
        Some(2.0) => {
            for mapping in ranges {
                let is_null = |key| at(mapping, key).as_str() == Some("null");
                out.push(match is_null("from") || is_null("to") {
                    true => special_null(mapping, thresholds),
                    false => by_range(mapping, thresholds),
                });
            }
        }
        _ => {}
    }
    out
}

fn by_value(mapping: &Value, thresholds: &Value, values: &mut Map<String, Value>, out: &mut Vec<Value>) {
    match at(mapping, "value") {
        Value::Null => {}
        Value::String(text) if text == "null" => out.push(special_null(mapping, thresholds)),
        Value::String(text) => {
            values.insert(text.clone(), result(mapping, thresholds));
        }
        other => {
            values.insert(other.to_string(), result(mapping, thresholds));
        }
    }
}

fn by_range(mapping: &Value, thresholds: &Value) -> Value {
    let limit = |key| number(at(mapping, key));
    json!({"type": "range", "options": {
        "from": limit("from"), "to": limit("to"), "result": result(mapping, thresholds),
    }})
}

fn special_null(mapping: &Value, thresholds: &Value) -> Value {
    json!({"type": "special", "options": {"match": "null", "result": result(mapping, thresholds)}})
}

/// Words that begin with a number had its colour.
fn result(mapping: &Value, thresholds: &Value) -> Value {
    let words = match at(mapping, "text") {
        Value::String(text) => text.clone(),
        Value::Null => return json!({}),
        other => other.to_string(),
    };
    let color = leading_number(&words).and_then(|value| {
        let steps = list(thresholds, "steps");
        let begins = |step: &Value| number(at(step, "value")).unwrap_or(f64::NEG_INFINITY);
        steps.iter().take_while(|step| value >= begins(step)).last().map(|step| at(step, "color").clone())
    });
    match color {
        Some(color) => json!({"text": words, "color": color}),
        None => json!({"text": words}),
    }
}

/// The number a text begins with, as JavaScript reads it.
fn leading_number(text: &str) -> Option<f64> {
    let text = text.trim_start();
    let digits = text.char_indices().find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && *c == '-')));
    text[..digits.map_or(text.len(), |(at, _)| at)].trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_mappings_become_new_ones() {
        let old = json!([
            {"type": 1, "value": "1", "text": "up"}, {"type": 1, "value": "null", "text": "N/A"},
            {"type": 2, "from": "2", "to": "5", "text": "3 of 5"},
        ]);
        let thresholds = json!({"steps": [{"value": null, "color": "green"}, {"value": 2, "color": "red"}]});
        let expected = json!([
            {"type": "value", "options": {"1": {"text": "up"}}},
            {"type": "special", "options": {"match": "null", "result": {"text": "N/A"}}},
            {"type": "range", "options": {"from": 2.0, "to": 5.0, "result": {"text": "3 of 5", "color": "red"}}},
        ]);
        assert_eq!(upgraded(&old, &thresholds), expected);
        assert_eq!(upgraded(&expected, &thresholds), expected, "today's form stays");
    }
}
