//! The generic sources: any JSON over HTTP, and what a command prints; read through a jq filter or as they are.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{jq::Jq, records, wire};
use crate::{
    config::{Read, Shape},
    signal::{Data, Fault, FaultKind},
};

/// Where an answer came from; decides what may stand in place of JSON.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum From {
    /// A server: JSON or nothing.
    Http,
    /// A command: JSON, JSON lines, or plain text.
    Command,
}

/// Turns the bytes of an answer into data.
pub(super) async fn read(
    body: Vec<u8>,
    from: From,
    how: &Read,
    jq: &Jq,
    seen: Arc<records::FirstSeen>,
    now: Timestamp,
) -> Result<(Data, Vec<String>), Fault> {
    let filtered = how.jq.is_some() || how.error_when.is_some();
    let body = match filtered {
        true => jq.filter(how.jq.as_deref().unwrap_or("."), how.error_when.as_deref(), &body).await?,
        false => body,
    };
    // What came out of a filter is JSON, wherever it went in from.
    let from = if filtered { From::Http } else { from };
    let shape = how.shape;
    super::asker::decoding(body, move |body| decode(body, from, shape, now, &seen)).await
}

/// Reads bytes as a shape.
pub(super) fn decode(
    body: &[u8],
    from: From,
    shape: Shape,
    now: Timestamp,
    seen: &records::FirstSeen,
) -> Result<(Data, Vec<String>), Fault> {
    let text = wire::text_of(body);
    match values(&text) {
        Ok(values) => {
            let order = if shape == Shape::Table { records::order_in(&text) } else { Vec::new() };
            records::read(values, order, shape, now, seen)
        }
        Err(_) if from == From::Command && is_plain(shape) => records::read_plain(&text, shape),
        Err(fault) => Err(fault),
    }
}

/// Alerts and changes need fields; a number, a table and log lines can be plain.
fn is_plain(shape: Shape) -> bool {
    matches!(shape, Shape::Number | Shape::Table | Shape::Logs)
}

/// One JSON value, or several in a row as JSON lines have them.
fn values(text: &str) -> Result<Vec<Value>, Fault> {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(value) => values.push(value),
            // The whole is decoded again for the words.
            Err(_) => {
                return Err(match wire::decode_owned::<Value>(text, "what was expected") {
                    Err(fault) => fault,
                    Ok(_) => Fault::new(FaultKind::Malformed, "not JSON"),
                });
            }
        }
    }
    Ok(values)
}
