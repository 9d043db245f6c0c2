//! The bodies of answers: read or refused in clean words, within bounds.

use std::io::Cursor;

use jiff::Timestamp;
use stanch::{
    config::Shape,
    source::{Body, decode},
};

use super::oracle::{clean_data, clean_line};

const SHAPES: [Shape; 5] = [Shape::Number, Shape::Table, Shape::Alerts, Shape::Changes, Shape::Logs];

/// 2026-11-22T03:10:00Z.
fn now() -> Timestamp {
    Timestamp::from_second(1_795_317_000).expect("a time")
}

fn read(kind: Body, body: &[u8]) {
    match decode(kind, body, now()) {
        Ok((data, warnings)) => {
            clean_data(&data);
            warnings.iter().for_each(|warning| clean_line(warning));
            // The same bytes say the same.
            let again = decode(kind, body, now()).expect("read before");
            assert_eq!(format!("{:?}", (&data, &warnings)), format!("{again:?}"));
            let points = matches!(&data, stanch::signal::Data::Series(all) if all.len() > 200);
            assert!(!points, "more series than the cap");
        }
        Err(fault) => {
            clean_line(&fault.to_string());
            assert!(fault.to_string().len() < 2000, "{fault}");
        }
    }
}

pub fn numbers(body: &[u8]) {
    read(Body::Numbers, body);
}

pub fn prometheus_alerts(body: &[u8]) {
    read(Body::PrometheusAlerts, body);
}

pub fn alert_groups(body: &[u8]) {
    read(Body::AlertGroups, body);
}

pub fn log_lines(body: &[u8]) {
    read(Body::LogLines, body);
}

pub fn json(body: &[u8]) {
    SHAPES.iter().for_each(|shape| read(Body::Json(*shape), body));
}

pub fn printed(body: &[u8]) {
    SHAPES.iter().for_each(|shape| read(Body::Printed(*shape), body));
}

/// Filters as people write them; what they are given may be anything.
const FILTERS: [(&str, Option<&str>); 6] = [
    (".", None),
    ("[.data.result[] | {value: .value[1], labels: .metric}]", None),
    (".[] | {text: .message, at: .time}", Some(".error != null")),
    ("map(select(.level == \"error\")) | length", None),
    ("[.. | numbers] | add", Some("type == \"string\"")),
    ("to_entries | sort_by(.key) | .[:10]", None),
];

/// The child that filters, over its own wire: one answer a request, its length told, and after a bad one the next.
pub fn jq(body: &[u8]) {
    let mut input = Vec::new();
    for (jq, error_when) in FILTERS {
        let head = serde_json::json!({"jq": jq, "error_when": error_when, "max": 65_536, "bytes": body.len()});
        input.extend_from_slice(format!("{head}\n").as_bytes());
        input.extend_from_slice(body);
    }
    let mut output = Vec::new();
    stanch::source::jq::child::serve(&mut Cursor::new(input), &mut output).expect("it serves to the end");
    let mut rest = output.as_slice();
    for (jq, _) in FILTERS {
        let end = rest.iter().position(|byte| *byte == b'\n').expect("a line for each request");
        let head: serde_json::Value = serde_json::from_slice(&rest[..end]).expect("the line is JSON");
        rest = &rest[end + 1..];
        // `{"Ok": length}`, or why not.
        let length = head.as_object().and_then(|head| head.values().next()).and_then(serde_json::Value::as_u64);
        if let Some(length) = length {
            let (out, after) = rest.split_at_checked(length as usize).expect("as many bytes as it says");
            rest = after;
            assert!(out.len() <= 65_536, "{jq}: more than was allowed");
            for shape in SHAPES {
                read(Body::Json(shape), out);
            }
        }
    }
    assert!(rest.is_empty(), "more than was asked for");
}
