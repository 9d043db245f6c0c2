//! What is taken off and filled in when a dashboard is imported.

use serde_json::Value;

use super::super::json::{at, each_text, list, text};

/// Most inputs that are filled in.
const MAX_INPUTS: usize = 100;
/// Longest text that comes of it, in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// The dashboard inside the answer of an API, or inside a resource of Kubernetes.
pub(super) fn unwrapped(json: Value) -> Value {
    let holds = |value: &Value, keys: &[&str]| keys.iter().any(|key| value.get(key).is_some_and(|v| !v.is_null()));
    let mut json = json;
    if holds(at(&json, "dashboard"), &["panels", "rows", "templating"]) {
        json = json.get_mut("dashboard").map(Value::take).unwrap_or_default();
    }
    let spec = at(&json, "spec");
    if holds(spec, &["panels", "templating"]) && !holds(spec, &["elements"]) {
        json = json.get_mut("spec").map(Value::take).unwrap_or_default();
    }
    json
}

/// With `${DS_X}` and `${VAR_X}` of its `__inputs` as a person would choose them: the data source of that type, the
/// constant that is proposed.
pub(super) fn filled_in(mut json: Value) -> Value {
    let inputs: Vec<(String, String)> = list(&json, "__inputs").iter().take(MAX_INPUTS).filter_map(input).collect();
    if let Some(fields) = json.as_object_mut() {
        fields.remove("__inputs");
    }
    if !inputs.is_empty() {
        each_text(&mut json, &mut |text| fill(text, &inputs));
    }
    json
}

fn input(input: &Value) -> Option<(String, String)> {
    let name = text(input, "name").filter(|name| !name.is_empty())?;
    let value = match at(input, "type").as_str() {
        Some("datasource") => text(input, "pluginId")?,
        _ => match at(input, "value") {
            Value::String(value) => value.clone(),
            Value::Null => return None,
            other => other.to_string(),
        },
    };
    Some((format!("${{{name}}}"), value))
}

fn fill(text: &mut String, inputs: &[(String, String)]) {
    for (name, value) in inputs {
        let count = text.matches(name.as_str()).count();
        if count > 0 && text.len() + count.saturating_mul(value.len()) < MAX_LENGTH {
            *text = text.replace(name.as_str(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn inputs_are_filled_in_everywhere() {
        let json = json!({"__inputs": [
            {"name": "DS_P", "type": "datasource", "pluginId": "prometheus"},
            {"name": "VAR_JOB", "type": "constant", "value": "node"},
        ], "a": ["${DS_P}", {"expr": "up{job=\"${VAR_JOB}\"}"}]});
        assert_eq!(filled_in(json), json!({"a": ["prometheus", {"expr": "up{job=\"node\"}"}]}));
    }

    #[test]
    fn answers_of_an_api_are_unwrapped() {
        assert_eq!(unwrapped(json!({"meta": {}, "dashboard": {"panels": []}})), json!({"panels": []}));
        assert_eq!(unwrapped(json!({"kind": "Dashboard", "spec": {"panels": []}})), json!({"panels": []}));
        assert_eq!(unwrapped(json!({"panels": [], "dashboard": "x"})), json!({"panels": [], "dashboard": "x"}));
    }
}
