//! One object where a list was wanted: an envelope around it, or something else altogether. Read as a record it would be an
//! alert that nobody raised, or hide all that are in it.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{each::each, text};
use crate::{
    base::text as scrub,
    config::Shape,
    signal::{Fault, FaultKind},
};

/// Most names that are listed.
const MAX_NAMES: usize = 6;

/// What is wrong with an answer that is a single object and no record of this shape; `None` when nothing is.
pub(super) fn instead_of_a_list(json: &str, shape: Shape) -> Option<Fault> {
    let (what, titles, hints): (_, &[&str], &[&str]) = match shape {
        Shape::Alerts => {
            ("alerts", &["title", "name", "alertname", "summary"], &["state", "status", "severity", "priority", "id"])
        }
        Shape::Changes => ("changes", &["at", "time", "finished_at", "deployed_at", "created_at"], &[]),
        Shape::Logs => ("log lines", &["text", "message", "msg", "line", "log"], &[]),
        Shape::Table | Shape::Number => return None,
    };
    if !json.trim_start().starts_with('{') {
        return None;
    }
    // What is no JSON is told by whoever reads it, and several in a row are records.
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<IgnoredAny>();
    if values.next()?.is_err() || values.next().is_some() {
        return None;
    }
    let mut only = None;
    each(json, |record| only = Some(record)).ok()?;
    let fields = only.as_ref()?.as_object()?;
    if text(fields, titles).is_some() {
        return None;
    }
    let lists = lists_in(fields);
    if lists.is_empty() && (shape != Shape::Alerts || text(fields, hints).is_some()) {
        return None;
    }
    let detail = match lists.as_slice() {
        [] => format!("one object, and no list of {what}; it has {}", names(fields)),
        [only] => format!("one object, and no list of {what}; its list may be meant: jq = \"{only}\""),
        [first, ..] => {
            let all: Vec<_> = lists.iter().take(MAX_NAMES).map(|list| list.trim_end_matches("[]")).collect();
            format!(
                "one object, and no list of {what}; its lists are {}: name one, such as jq = \"{first}\"",
                all.join(", ")
            )
        }
    };
    Some(Fault::new(FaultKind::Malformed, detail))
}

/// The filters that give the lists of records in an object, and in the objects in it; the longest first.
fn lists_in(fields: &Map<String, Value>) -> Vec<String> {
    let is_list = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_object));
    let mut lists: Vec<(usize, String)> = Vec::new();
    let mut take = |path: String, value: &Value| {
        if is_list(value) {
            lists.push((value.as_array().map_or(0, Vec::len), format!("{path}[]")));
        }
    };
    for (name, value) in fields {
        let path = key(name);
        take(path.clone(), value);
        for (inner, value) in value.as_object().into_iter().flatten() {
            take(format!("{path}{}", key(inner)), value);
        }
    }
    lists.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    lists.into_iter().map(|(_, path)| path).collect()
}

/// `.data`, as a filter has it.
fn key(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match is_plain && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty() {
        true => format!(".{name}"),
        false => format!(".[{}]", Value::from(scrub::clipped(name, 60))),
    }
}

/// The names of the fields, as many as are read.
pub(super) fn names(fields: &Map<String, Value>) -> String {
    let mut names: Vec<_> = fields.keys().take(MAX_NAMES).map(|name| scrub::clipped(name, 60).into_owned()).collect();
    match fields.len() {
        0 => return "no fields".to_owned(),
        more if more > MAX_NAMES => names.push("…".to_owned()),
        _ => {}
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, shape: Shape, expected: Option<&str>) {
        assert_eq!(instead_of_a_list(json, shape).map(|fault| fault.detail).as_deref(), expected, "{json}");
    }

    #[test]
    fn an_envelope_is_no_alert() {
        let only =
            |filter: &str| format!("one object, and no list of alerts; its list may be meant: jq = \"{filter}\"");
        check(r#"{"incidents":[],"limit":25,"more":false}"#, Shape::Alerts, Some(&only(".incidents[]")));
        check(r#"{"status":"success","data":{"alerts":[{"a":1}]}}"#, Shape::Alerts, Some(&only(".data.alerts[]")));
        check(r#"{"message":"ok","my-list":[{}]}"#, Shape::Alerts, Some(&only(".[\"my-list\"][]")));
        check(
            r#"{"links":[],"items":[{"a":1}]}"#,
            Shape::Alerts,
            Some(
                "one object, and no list of alerts; its lists are .items, .links: name one, such as jq = \".items[]\"",
            ),
        );
        check(
            r#"{"error":"no access","code":7}"#,
            Shape::Alerts,
            Some("one object, and no list of alerts; it has code, error"),
        );
        check("{}", Shape::Alerts, Some("one object, and no list of alerts; it has no fields"));
    }

    #[test]
    fn a_single_record_is_one() {
        check(r#"{"title":"db down","notes":[{}]}"#, Shape::Alerts, None);
        check(r#"{"status":"ok"}"#, Shape::Alerts, None);
        check(r#"{"incidents":[]} {"incidents":[]}"#, Shape::Alerts, None);
        check(r#"[{"incidents":[]}]"#, Shape::Alerts, None);
        check(r#"{"tags":["a"],"state":"down"}"#, Shape::Alerts, None);
        check(r#"{"title":"v1","at":1795356000}"#, Shape::Changes, None);
        check(r#"{"code":7}"#, Shape::Logs, None);
        check(r#"{"rows":[{}]}"#, Shape::Table, None);
    }

    #[test]
    fn an_envelope_is_no_change_and_no_line() {
        let told = |what: &str| format!("one object, and no list of {what}; its list may be meant: jq = \".items[]\"");
        check(r#"{"name":"deploys","items":[]}"#, Shape::Changes, Some(&told("changes")));
        check(r#"{"status":"success","items":[{"ts":1}]}"#, Shape::Logs, Some(&told("log lines")));
    }
}
