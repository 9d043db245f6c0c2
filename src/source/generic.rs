//! Answers of unknown meaning, of the kinds `http` and `command`: read as the configuration says.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    client::Content,
    decoding::decoding,
    first_seen::{FirstSeen, FirstSeenCache},
    jq::Jq,
    records,
    request::{Question, Request},
    wire,
};
use crate::{
    config::{Read, Shape, Source},
    signal::{Fault, FaultKind},
};

/// How an answer came; decides what may stand in place of JSON.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Came {
    /// From a server: JSON or nothing.
    OverHttp,
    /// From a command: JSON, JSON lines, or plain text.
    Printed,
}

/// Reads the answers of one source.
pub(super) struct Generic {
    /// How the source itself says that its answers are read.
    usual: Read,
    jq: Jq,
    first_seen: FirstSeenCache,
}

impl Generic {
    /// Starts no filter yet.
    pub(super) fn of(source: &Source) -> Self {
        let usual = source.settings.read.clone().unwrap_or_default();
        Self { usual, jq: Jq::new(source.timeout, source.max_bytes), first_seen: FirstSeenCache::default() }
    }

    /// Asks for what lies at the source's own address, read as it says itself.
    pub(super) fn probing(&self, now: Timestamp) -> Request {
        Request::now(Question::Fetch { path: String::new(), read: self.usual.clone() }, now)
    }

    /// Turns the bytes of an answer into data.
    pub(super) async fn read(
        &self,
        body: Vec<u8>,
        came: Came,
        how: &Read,
        request: &Request,
    ) -> Result<Content, Fault> {
        let filtered = how.jq.is_some() || how.error_when.is_some();
        let body = match filtered {
            true => self.jq.filter(how.jq.as_deref().unwrap_or("."), how.error_when.as_deref(), &body).await?,
            false => body,
        };
        // What came out of a filter is JSON, wherever it went in from.
        let came = if filtered { Came::OverHttp } else { came };
        let (shape, now) = (how.shape, request.now);
        let first_seen = match shape {
            Shape::Alerts => self.first_seen.of(&request.question, now),
            Shape::Table | Shape::Number | Shape::Changes | Shape::Logs => Arc::default(),
        };
        decoding(body, move |body| decode(body, came, shape, now, &first_seen)).await
    }
}

/// Reads bytes as a shape.
pub(super) fn decode(
    body: &[u8],
    came: Came,
    shape: Shape,
    now: Timestamp,
    first_seen: &FirstSeen,
) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    match values(&text) {
        Ok(values) => {
            let order = if shape == Shape::Table { records::order_in(&text) } else { Vec::new() };
            records::read(values, order, shape, now, first_seen)
        }
        Err(_) if came == Came::Printed && is_plain(shape) => records::read_plain(&text, shape),
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
