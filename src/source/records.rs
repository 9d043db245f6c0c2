//! Values of unknown servers, read into what a pane can show.
//!
//! One file a shape. The field names are those of [`Shape`](crate::config::Shape); the spellings that are common elsewhere
//! are accepted too.

mod alerts;
mod changes;
mod logs;
mod table;

use jiff::Timestamp;
use serde_json::{Map, Value};
pub(super) use table::order_in;

use super::first_seen::FirstSeen;
use crate::{
    base::text,
    config::Shape,
    signal::{Data, Fault, FaultKind},
};

/// Reads the values that came out of a filter, or the JSON as it is. `order` names the fields of a table in the order
/// they were written in, which [`Value`] forgets.
pub(super) fn read(
    values: Vec<Value>,
    order: Vec<String>,
    shape: Shape,
    now: Timestamp,
    first_seen: &FirstSeen,
) -> Result<(Data, Vec<String>), Fault> {
    let mut warnings = Vec::new();
    let data = match shape {
        Shape::Number => Data::Number(number(&values)?),
        Shape::Table => Data::Table(table::table(records(values), order, &mut warnings)),
        Shape::Alerts => Data::Alerts(alerts::alerts(records(values), now, first_seen, &mut warnings)),
        Shape::Changes => Data::Changes(changes::changes(records(values), &mut warnings)?),
        Shape::Logs => Data::Logs(logs::logs(records(values), &mut warnings)),
    };
    Ok((data, warnings))
}

/// Reads plain text: a number, or lines.
pub(super) fn read_plain(text: &str, shape: Shape) -> Result<(Data, Vec<String>), Fault> {
    let mut warnings = Vec::new();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let data = match shape {
        Shape::Number => Data::Number(number_in(text).ok_or_else(|| {
            Fault::new(FaultKind::Malformed, format!("a number was expected, got {}", text::clipped(text.trim(), 60)))
        })?),
        Shape::Logs => Data::Logs(logs::newest(lines().map(logs::plain_line).collect(), &mut warnings)),
        Shape::Table => Data::Table(table::of_lines(lines())),
        Shape::Alerts | Shape::Changes => {
            let begins = text::clipped(text.trim(), 60);
            return Err(Fault::new(FaultKind::Malformed, format!("JSON was expected, got {begins}")));
        }
    };
    Ok((data, warnings))
}

/// The elements of a single array, or the values themselves.
fn records(mut values: Vec<Value>) -> Vec<Value> {
    match values.as_mut_slice() {
        [Value::Array(items)] => std::mem::take(items),
        [Value::Null] => Vec::new(),
        _ => values,
    }
}

fn number(values: &[Value]) -> Result<f64, Fault> {
    let fault = |what: String| Err(Fault::new(FaultKind::Malformed, format!("a number was expected, got {what}")));
    match values {
        [] | [Value::Null] => Ok(f64::NAN),
        [Value::Number(number)] => Ok(number.as_f64().unwrap_or(f64::NAN)),
        [Value::Bool(yes)] => Ok(f64::from(u8::from(*yes))),
        [Value::String(text)] => match number_in(text) {
            Some(number) => Ok(number),
            None => fault(text::clipped(text, 60).into_owned()),
        },
        [Value::Array(items)] => number(items),
        [Value::Object(_)] => fault("a record".to_owned()),
        many => fault(format!("{} values", many.len())),
    }
}

fn number_in(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

/// Drops whole colour and cursor sequences, of which a scrub would leave the rest behind (`[31m`).
fn without_escapes(text: &str) -> String {
    if !text.contains('\x1b') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\x1b' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('[') => drop(chars.find(|c| ('\x40'..='\x7e').contains(c))),
            Some(']') => drop(chars.find(|c| matches!(c, '\x07' | '\x1b' | '\u{9c}'))),
            _ => {}
        }
    }
    out
}

fn first<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().filter_map(|name| fields.get(*name)).find(|value| !value.is_null())
}

/// The first of the fields that is a filled text or a number, on one line.
fn text(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let mut values = names.iter().filter_map(|name| scalar(fields.get(*name)?));
    values.find(|text| !text.is_empty())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text::line(without_escapes(text).trim()).into_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// As [`text`], if it is an address for a browser.
fn web(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    text(fields, names).filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}

fn skipped(count: usize, why: &str, warnings: &mut Vec<String>) {
    if count > 0 {
        warnings.push(format!("left out {count} records {why}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    pub(super) fn data(json: &str, shape: Shape) -> (Data, Vec<String>) {
        let value = serde_json::from_str(json).expect("JSON");
        read(vec![value], order_in(json), shape, at("2026-11-22T14:00:00Z"), &FirstSeen::default()).expect("a reading")
    }

    #[track_caller]
    fn check_number(json: &str, expected: Result<f64, &str>) {
        let value = serde_json::from_str(json).expect("JSON");
        let outcome = number(&[value]).map_err(|fault| fault.detail);
        match (&outcome, expected) {
            (Ok(value), Ok(expected)) => {
                assert!(*value == expected || (value.is_nan() && expected.is_nan()), "{value}")
            }
            (outcome, expected) => assert_eq!(outcome.clone(), expected.map_err(str::to_owned)),
        }
    }

    #[test]
    fn numbers() {
        check_number("1.5", Ok(1.5));
        check_number("\"12\"", Ok(12.0));
        check_number("\"NaN\"", Ok(f64::NAN));
        check_number("null", Ok(f64::NAN));
        check_number("true", Ok(1.0));
        check_number("[7]", Ok(7.0));
        check_number("\"many\"", Err("a number was expected, got many"));
        check_number("[1,2]", Err("a number was expected, got 2 values"));
        check_number("{}", Err("a number was expected, got a record"));
        assert_eq!(read_plain("42\n", Shape::Number).expect("a number").0, Data::Number(42.0));
        assert!(read_plain("42 things", Shape::Number).is_err());
    }
}
