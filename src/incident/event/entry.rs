//! An event with its place in the log, and one on the way there.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Event, alert_entry};
use crate::{base::text, incident::Id};

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the log: contiguous from 1, given by the log.
    pub seq: u64,
    /// Its name, given by its author.
    pub id: Id,
    /// The time it was written at, by the clock of the writer.
    pub at: Timestamp,
    /// Who wrote it: `alice@host`.
    pub by: String,
    /// What happened.
    pub event: Event,
}

impl Entry {
    /// Reads an entry from its JSON. Its words are made harmless: anyone may have edited the file it stands in.
    pub fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        let entry = match alert_entry::read(json) {
            Some((seq, id, at, by, event)) => Self { seq, id, at, by, event },
            None => serde_json::from_slice(json)?,
        };
        if is_harmless(json) {
            return Ok(entry);
        }
        let mut value = serde_json::to_value(&entry)?;
        scrub(&mut value);
        serde_json::from_value(value)
    }
}

/// Whether nothing in this JSON is to be scrubbed, as in nearly every line there is: then it is not read twice.
fn is_harmless(json: &[u8]) -> bool {
    // What stands as `\u001b` is seen only when it is read.
    let is_plain = |at: usize| matches!(json.get(at + 1), None | Some(b'"' | b'n' | b'\\'));
    if !memchr::memchr_iter(b'\\', json).all(is_plain) {
        return false;
    }
    str::from_utf8(json).is_ok_and(|text| matches!(text::block(text, usize::MAX), Cow::Borrowed(_)))
}

fn scrub(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(clean) = text::block(text, usize::MAX) {
                *text = clean;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(scrub),
        Value::Object(fields) => {
            for (mut name, mut value) in std::mem::take(fields) {
                if let Cow::Owned(clean) = text::line(&name) {
                    name = clean;
                }
                scrub(&mut value);
                fields.insert(name, value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An entry before the log has given it a place and a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its name.
    pub id: Id,
    /// What happened.
    pub event: Event,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: &str) -> Event {
        let by = r#""id":"00000000-0000-0000-0000-000000000001","at":"2026-11-22T03:12:00Z","by":"a\u001b[31m""#;
        let entry = Entry::from_json(format!("{{\"seq\":1,{by},\"event\":{event}}}").as_bytes()).expect("an entry");
        assert_eq!(entry.by, "a[31m");
        entry.event
    }

    #[test]
    fn words_are_scrubbed_however_they_are_written() {
        #[track_caller]
        fn check(json: &str, expected: &str) {
            let json = format!(r#"{{"kind":"noted","text":"{json}"}}"#);
            assert_eq!(read(&json), Event::Noted { text: expected.into(), when: None }, "{json}");
        }
        check(r"one\ntwo", "one\ntwo");
        check(r#"a \\u001b \"b\""#, r#"a \u001b "b""#);
        check(r"a\u001b]52;c;x\u0007\u202e\b\f\r\tb", "a]52;c;x b");
        check("a\u{9b}\u{202e}\u{200b}\u{e0041}b", "ab");
        check(r"\\\u202eb", r"\b");
        check("ที่นี่ é", "ที่นี่ é");
    }

    #[test]
    fn also_those_of_a_kind_that_is_not_known() {
        let event = read(r#"{"kind":"later","a\u202e":["b\u001b",{"c":"\u200bd"}],"n":1.5}"#);
        let expected = serde_json::json!({"kind": "later", "a": ["b", {"c": "d"}], "n": 1.5});
        assert_eq!(event, Event::Unknown(expected));
    }

    #[test]
    fn numbers_stay_what_they_are() {
        let event = read(
            r#"{"kind":"vital_crossed","key":"k\u200b","vital":"v","value":"NaN","shown":"","ok":"","inside":false,
                "when":"2026-11-22T03:12:00.123Z"}"#,
        );
        let Event::VitalCrossed { key, value, when, .. } = event else { panic!("{event:?}") };
        assert!(key == "k" && value.is_nan() && when.subsec_millisecond() == 123);
    }
}
