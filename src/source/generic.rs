//! Answers of unknown meaning, of the kinds `http` and `command`: read as the configuration says.

use std::{borrow::Cow, sync::Arc};

use jiff::Timestamp;
use serde::de::IgnoredAny;

use super::{
    client::Content,
    decoding::decoding,
    first_seen::FirstSeenCache,
    jq::Jq,
    records::{self, Context},
    repair,
    request::{Question, Request},
    wire,
};
use crate::{
    config::{Read, Shape, Source},
    signal::{AlertWords, Fault},
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
    words: Arc<AlertWords>,
}

impl Generic {
    /// Starts no filter yet.
    pub(super) fn of(source: &Source) -> Self {
        let usual = source.settings.read.clone().unwrap_or_default();
        let (jq, words) = (Jq::new(source.timeout, source.max_bytes), Arc::clone(&source.settings.words));
        Self { usual, jq, first_seen: FirstSeenCache::default(), words }
    }

    /// Asks for what lies at the source's own address, read as it says itself.
    pub(super) fn probing(&self, now: Timestamp) -> Request {
        Request::now(Question::Fetch { path: String::new(), read: self.usual.clone() }, now)
    }

    /// Turns the bytes of an answer into data.
    pub(super) async fn read(
        &self,
        mut body: Vec<u8>,
        came: Came,
        how: &Read,
        request: &Request,
    ) -> Result<Content, Fault> {
        let filtered = how.jq.is_some() || how.error_when.is_some();
        if filtered {
            body = match repair::unwrapped(&body) {
                Cow::Borrowed(inside) if inside.len() == body.len() => body,
                inside => inside.into_owned(),
            };
            repair::surrogates(&mut body, false);
            body = self.jq.filter(how.jq.as_deref().unwrap_or("."), how.error_when.as_deref(), &body).await?;
        }
        // What came out of a filter is JSON, wherever it went in from.
        let came = if filtered { Came::OverHttp } else { came };
        let (shape, now) = (how.shape, request.now);
        let first_seen = match shape {
            Shape::Alerts => self.first_seen.of(&request.question, now),
            Shape::Table | Shape::Number | Shape::Changes | Shape::Logs => Arc::default(),
        };
        let words = Arc::clone(&self.words);
        decoding(body, move |body| decode(body, came, shape, Context { now, first_seen: &first_seen, words: &words }))
            .await
    }
}

/// Reads bytes as a shape.
pub(super) fn decode(body: &[u8], came: Came, shape: Shape, context: Context<'_>) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    let read = |text: &str| records::read(text, shape, context);
    let outcome = match read(&text) {
        // Numbers are looked through only where something is wrong.
        Err(fault) => repair::infinities(&text).map_or(Err(fault), |text| read(&text)),
        outcome => outcome,
    };
    match outcome {
        // Plain text is taken as it was printed: a backslash is no escape there.
        Err(_) if came == Came::Printed && is_plain(shape) && !is_json(&text) => {
            records::read_plain(&String::from_utf8_lossy(body), shape, context.now)
        }
        outcome => outcome,
    }
}

/// Alerts and changes need fields; a number, a table and log lines can be plain.
fn is_plain(shape: Shape) -> bool {
    matches!(shape, Shape::Number | Shape::Table | Shape::Logs)
}

fn is_json(text: &str) -> bool {
    serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>().all(|value| value.is_ok())
}
