//! Reading of JSON that somebody edited by hand: what has the wrong type counts as not there.

use serde_json::{Map, Value};

/// A field of an object; `Null` where there is none, or no object.
pub fn at<'v>(value: &'v Value, key: &str) -> &'v Value {
    static NULL: Value = Value::Null;
    value.get(key).unwrap_or(&NULL)
}

/// A text, if it is one.
pub fn text(value: &Value, key: &str) -> Option<String> {
    at(value, key).as_str().map(str::to_owned)
}

/// A number, also one that was written as text.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether a field says yes.
pub fn flag(value: &Value, key: &str) -> bool {
    at(value, key).as_bool().unwrap_or(false)
}

/// The elements of a list; none where it is not one.
pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    at(value, key).as_array().map_or(&[], Vec::as_slice)
}

/// Calls `f` with every text in JSON, however deep.
pub fn each_text(json: &mut Value, f: &mut impl FnMut(&mut String)) {
    match json {
        Value::String(text) => f(text),
        Value::Array(all) => all.iter_mut().for_each(|one| each_text(one, f)),
        Value::Object(fields) => fields.values_mut().for_each(|value| each_text(value, f)),
        _ => {}
    }
}

/// The fields of an object; none where it is not one.
pub fn object<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    at(value, key).as_object().into_iter().flat_map(Map::iter)
}
