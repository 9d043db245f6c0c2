//! Values of unknown servers, read into what a pane can show.
//!
//! One file a shape. Records are read one after the other and made into what is kept before the next one is: a body is
//! many times as large once it is there as values. The field names are those of [`Shape`](crate::config::Shape); the spellings that are common elsewhere
//! are accepted too.

mod alerts;
mod changes;
mod each;
mod logs;
mod misread;
mod phantom;
mod table;

use jiff::Timestamp;
use serde_json::{Map, Value};

use self::{
    alerts::AlertsReader,
    changes::ChangesReader,
    each::each,
    logs::LogsReader,
    table::{TableReader, order_in},
};
use super::first_seen::FirstSeen;
use crate::{
    base::text,
    config::Shape,
    signal::{AlertWords, Data, Fault, FaultKind},
};

/// What records are read by, besides what stands in them.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// When they came.
    pub(super) now: Timestamp,
    /// When alerts without a beginning were first seen.
    pub(super) first_seen: &'a FirstSeen,
    /// The team's own words for severities and states.
    pub(super) words: &'a AlertWords,
}

/// Reads the values that came out of a filter, or the JSON as it is.
pub(super) fn read(text: &str, shape: Shape, context: Context<'_>) -> Result<(Data, Vec<String>), Fault> {
    let mut warnings = Vec::new();
    if let Some(fault) = phantom::instead_of_a_list(text, shape) {
        return Err(fault);
    }
    let data = match shape {
        Shape::Number => {
            let (mut first, mut found) = (None, 0);
            each(text, |record| {
                found += 1;
                first.get_or_insert(record);
            })?;
            Data::Number(number(first.as_ref(), found)?)
        }
        Shape::Table => {
            let mut table = TableReader::with(order_in(text));
            each(text, |record| table.add(&record))?;
            Data::Table(table.read(&mut warnings))
        }
        Shape::Alerts => {
            let mut alerts = AlertsReader::new(context);
            each(text, |record| alerts.add(&record))?;
            Data::Alerts(alerts.read(&mut warnings)?)
        }
        Shape::Changes => {
            let mut changes = ChangesReader::new(context.now);
            each(text, |record| changes.add(&record))?;
            Data::Changes(changes.read(&mut warnings)?)
        }
        Shape::Logs => {
            let mut logs = LogsReader::new(context.now);
            each(text, |record| logs.add_record(&record))?;
            Data::Logs(logs.read(&mut warnings))
        }
    };
    Ok((data, warnings))
}

/// Reads plain text that came now: a number, or lines.
pub(super) fn read_plain(text: &str, shape: Shape, now: Timestamp) -> Result<(Data, Vec<String>), Fault> {
    let mut warnings = Vec::new();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let data = match shape {
        Shape::Number => Data::Number(number_in(text).ok_or_else(|| {
            Fault::new(FaultKind::Malformed, format!("a number was expected, got {}", text::clipped(text.trim(), 60)))
        })?),
        Shape::Logs => {
            let mut logs = LogsReader::new(now);
            lines().for_each(|line| logs.add_plain(line));
            Data::Logs(logs.read(&mut warnings))
        }
        Shape::Table => Data::Table(table::of_lines(lines())),
        Shape::Alerts | Shape::Changes => {
            let begins = text::clipped(text.trim(), 60);
            return Err(Fault::new(FaultKind::Malformed, format!("JSON was expected, got {begins}")));
        }
    };
    Ok((data, warnings))
}

/// The number of `found` values, of which this is the first.
fn number(first: Option<&Value>, found: usize) -> Result<f64, Fault> {
    let fault = |what: String| Err(Fault::new(FaultKind::Malformed, format!("a number was expected, got {what}")));
    match first {
        _ if found > 1 => fault(format!("{found} values")),
        None | Some(Value::Null) => Ok(f64::NAN),
        Some(Value::Number(number)) => Ok(number.as_f64().unwrap_or(f64::NAN)),
        Some(Value::Bool(yes)) => Ok(f64::from(u8::from(*yes))),
        Some(Value::String(text)) => match number_in(text) {
            Some(number) => Ok(number),
            None => fault(text::clipped(text, 60).into_owned()),
        },
        Some(Value::Array(items)) => number(items.first(), items.len()),
        Some(Value::Object(_)) => fault("a record".to_owned()),
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
    match count {
        0 => {}
        1 => warnings.push(format!("left out 1 record {why}")),
        count => warnings.push(format!("left out {count} records {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// Reads what came at a time for the first time.
    pub(super) fn read_at(json: &str, shape: Shape, now: &str) -> Result<(Data, Vec<String>), Fault> {
        let (first_seen, words) = (FirstSeen::default(), AlertWords::default());
        read(json, shape, Context { now: at(now), first_seen: &first_seen, words: &words })
    }

    pub(super) fn data(json: &str, shape: Shape) -> (Data, Vec<String>) {
        read_at(json, shape, "2026-11-22T14:00:00Z").expect("a reading")
    }

    #[track_caller]
    fn check_number(json: &str, expected: Result<f64, &str>) {
        let outcome = read_at(json, Shape::Number, "2026-11-22T14:00:00Z");
        let outcome = outcome.map(|(data, _)| data.number().expect("a number")).map_err(|fault| fault.detail);
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
        check_number("[[7]]", Ok(7.0));
        check_number("", Ok(f64::NAN));
        check_number("[null]", Ok(f64::NAN));
        check_number("\"-inf\"", Ok(f64::NEG_INFINITY));
        check_number("1 2", Err("a number was expected, got 2 values"));
        check_number("\"many\"", Err("a number was expected, got many"));
        check_number("[1,2]", Err("a number was expected, got 2 values"));
        check_number("{}", Err("a number was expected, got a record"));
        assert_eq!(read_plain("42\n", Shape::Number, Timestamp::UNIX_EPOCH).expect("a number").0, Data::Number(42.0));
        assert!(read_plain("42 things", Shape::Number, Timestamp::UNIX_EPOCH).is_err());
    }
}
