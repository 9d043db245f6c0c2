//! The lines of an answer of `/query_range`: streams, each with its labels and its lines, as lines in the order of time.
//!
//! Streams are in no order of time, and where a query reads fields out of lines nearly every line is its own stream. Of
//! what is told beside a line, what was found in the line itself is kept only where the line does not show it.

use std::{
    borrow::Cow,
    collections::hash_map::DefaultHasher,
    fmt,
    hash::{Hash, Hasher},
};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    super::{
        few::Few,
        wire::{self, Interner, Pairs, Text},
    },
    level,
};
use crate::{
    base::text,
    signal::{Fault, FaultKind, Labels, LogLine},
};

/// Most lines that are kept of one answer, whatever was asked for.
const MAX_ENTRIES: usize = 10_000;
/// So much of a line is looked at, in bytes; less than that is kept.
const LOOKED_AT: usize = 64 * 1024;
/// Most warnings that are looked at.
const MAX_SAID: usize = 20;

const WHAT: &str = "an answer of Loki";

/// One line, and what tells it from others.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// When it was written, in nanoseconds since the Unix epoch.
    pub(super) ns: i64,
    /// Of its text and all its labels, before anything is cut.
    pub(super) hash: u64,
    pub(super) line: LogLine,
}

/// One answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    /// The oldest first.
    pub(super) entries: Vec<Entry>,
    /// How many lines came, those that could not be read among them.
    pub(super) came: usize,
    pub(super) warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    data: Option<Answer<'a>>,
    #[serde(borrow)]
    error: Option<Text<'a>>,
    #[serde(borrow)]
    warnings: Option<Few<Text<'a>, MAX_SAID>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default, rename = "resultType")]
    kind: Text<'a>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Stream<'a> {
    #[serde(borrow, default)]
    stream: Pairs<'a>,
    #[serde(borrow, default)]
    values: Few<Value<'a>, MAX_ENTRIES>,
}

/// What is told beside a line: what came with it, and what the query found in it.
#[derive(Default, Deserialize)]
struct Beside<'a> {
    #[serde(borrow, default, rename = "structuredMetadata")]
    metadata: Pairs<'a>,
    #[serde(borrow, default)]
    parsed: Pairs<'a>,
}

/// A time, a line, and what is told beside it.
struct Value<'a>(Text<'a>, Text<'a>, Beside<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;
        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time and a line")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let at = seq.next_element()?.unwrap_or_default();
                let line = seq.next_element()?.unwrap_or_default();
                let beside = seq.next_element::<Option<Beside<'de>>>()?.flatten().unwrap_or_default();
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Value(at, line, beside))
            }
        }
        deserializer.deserialize_seq(ValueVisitor)
    }
}

/// Reads an answer. `backward` says that the newest lines of each stream come first.
pub(super) fn decode(body: &[u8], backward: bool) -> Result<Page, Fault> {
    let text = wire::text_of(body);
    let envelope: Envelope<'_> = wire::decode(&text, WHAT)?;
    if envelope.status.0 != "success" {
        return Err(Fault::new(FaultKind::ErrorInAnswer, envelope.error.unwrap_or_default().0));
    }
    let said = envelope.warnings.as_deref().unwrap_or_default().iter().map(|text| text.0.as_ref());
    let mut page = Page { warnings: wire::warnings(said), ..Page::default() };
    let Some(Answer { kind, result: Some(result) }) = envelope.data else { return Ok(page) };
    match kind.0.as_ref() {
        "streams" | "" => {}
        "matrix" | "vector" | "scalar" => {
            return Err(Fault::new(FaultKind::BadQuery, "it gives numbers; a pane of logs shows lines"));
        }
        other => return Err(Fault::new(FaultKind::Malformed, format!("a result of type {other}"))),
    }
    let streams: Option<Vec<&RawValue>> = wire::decode(result.get(), WHAT)?;
    let (mut interner, mut undated) = (Interner::default(), 0);
    for stream in streams.unwrap_or_default() {
        let Stream { stream, values } = wire::decode(stream.get(), WHAT)?;
        let labels = interner.labels(&stream);
        for Value(at, line, beside) in values.into_kept() {
            page.came += 1;
            match at.0.parse::<i64>().ok().and_then(|ns| Some((ns, Timestamp::from_nanosecond(ns.into()).ok()?))) {
                Some((ns, at)) if page.entries.len() < MAX_ENTRIES => {
                    let hash = hash(&stream, &line.0, &beside);
                    let line = self::line(at, &line.0, (&stream, &labels), &beside, &mut interner);
                    page.entries.push(Entry { ns, hash, line });
                }
                Some(_) => {}
                None => undated += 1,
            }
        }
    }
    if undated > 0 {
        page.warnings.push(format!("{undated} lines have no time that can be read, and are left out"));
    }
    // Of one instant, those stay in the order in which their stream has them.
    if backward {
        page.entries.reverse();
    }
    page.entries.sort_by_key(|entry| entry.ns);
    Ok(page)
}

fn hash(stream: &Pairs<'_>, line: &str, beside: &Beside<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (name, value) in stream.0.iter().chain(&beside.metadata.0) {
        (name, value).hash(&mut hasher);
    }
    line.hash(&mut hasher);
    hasher.finish()
}

fn line(
    at: Timestamp,
    said: &str,
    (stream, labels): (&Pairs<'_>, &Labels),
    beside: &Beside<'_>,
    interner: &mut Interner,
) -> LogLine {
    let end = said.char_indices().map(|(at, _)| at).take_while(|at| *at <= LOOKED_AT).last().unwrap_or(0);
    let said = if said.len() > LOOKED_AT { &said[..end] } else { said };
    let said = text::unstyled(said);
    let text = text::line(said.trim_end()).into_owned();
    let is_said_elsewhere =
        |(name, value): &&(Cow<'_, str>, Cow<'_, str>)| name == "detected_level" || value.is_empty();
    let metadata = beside.metadata.0.iter().filter(|pair| !is_said_elsewhere(pair));
    let parsed = beside.parsed.0.iter().filter(|pair| !is_said_elsewhere(pair) && !said.contains(pair.1.as_ref()));
    let mut more = parsed.chain(metadata).peekable();
    let labels = match more.peek() {
        None => labels.clone(),
        Some(_) => {
            let own =
                stream.0.iter().chain(more).map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value)));
            interner.labels(&Pairs(own.collect()))
        }
    };
    LogLine { at: Some(at), level: level::of(&[&beside.metadata, stream, &beside.parsed], &text), labels, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Level;

    fn page(result: &str) -> Page {
        let body = format!(r#"{{"status":"success","data":{{"resultType":"streams","result":{result}}}}}"#);
        decode(body.as_bytes(), true).expect("lines")
    }

    fn texts(page: &Page) -> Vec<&str> {
        page.entries.iter().map(|entry| entry.line.text.as_str()).collect()
    }

    #[test]
    fn streams_are_merged_in_the_order_of_time() {
        let page = page(
            r#"[{"stream":{"app":"a"},"values":[["30","a3"],["10","a1"]]},
                {"stream":{"app":"b"},"values":[["20","b2"],["10","b1 second"],["10","b1 first"]]}]"#,
        );
        assert_eq!(texts(&page), ["b1 first", "b1 second", "a1", "b2", "a3"]);
        assert_eq!(page.entries[4].line.labels.get("app"), Some("a"));
        assert_eq!(page.came, 5);
    }

    #[test]
    fn what_is_told_beside_a_line_is_kept_where_the_line_does_not_show_it() {
        let page = page(
            r#"[{"stream":{"app":"a"},"values":[["10","msg=\"no route\" ms=40",
                {"structuredMetadata":{"detected_level":"error","trace_id":"0242"},"parsed":{"ms":"40","zone":"b"}}]]}]"#,
        );
        let line = &page.entries[0].line;
        let labels: Vec<_> = line.labels.iter().collect();
        assert_eq!(labels, [("app", "a"), ("trace_id", "0242"), ("zone", "b")]);
        assert_eq!(line.level, Level::Error);
    }

    #[test]
    fn lines_are_made_harmless_and_short() {
        let long = "x".repeat(1_000_000);
        let page = page(&format!(
            r#"[{{"stream":{{"a\u001b":"b\u0007"}},"values":[["10","\u001b[33mWARN\u001b[0m\tslow \u001b]0;title\u0007 end\n"],
                ["20","{long}"],["not a time","lost"],["30"],[null,null,null]]}}]"#
        ));
        assert_eq!(page.entries[0].line.text, "WARN slow  end");
        assert_eq!(page.entries[0].line.labels.get("a"), Some("b"));
        assert!(page.entries[1].line.text.len() <= text::MAX_LINE && page.entries[1].line.text.ends_with('…'));
        assert_eq!((page.entries.len(), page.came), (3, 5));
        assert_eq!(page.warnings, ["2 lines have no time that can be read, and are left out"]);
    }

    #[test]
    fn equal_lines_of_other_streams_are_others() {
        let page = page(
            r#"[{"stream":{"app":"a"},"values":[["10","x"]]},{"stream":{"app":"b"},"values":[["10","x"]]},
                {"stream":{"app":"b"},"values":[["10","x",{"structuredMetadata":{"id":"1"}}]]}]"#,
        );
        let hashes: std::collections::HashSet<u64> = page.entries.iter().map(|entry| entry.hash).collect();
        assert_eq!(hashes.len(), 3);
    }

    #[test]
    fn what_is_no_answer_with_lines_is_said() {
        let fault = |body: &str| decode(body.as_bytes(), true).expect_err("a fault").to_string();
        assert_eq!(
            fault(r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#),
            "query refused: it gives numbers; a pane of logs shows lines"
        );
        assert_eq!(fault(r#"{"status":"error","error":"too slow"}"#), "answered with an error: too slow");
        assert!(fault("[]").contains("JSON, but not an answer of Loki"));
        assert_eq!(decode(br#"{"status":"success"}"#, true).expect("nothing"), Page::default());
    }
}
