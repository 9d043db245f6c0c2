//! The names and values in a log line, where it is written as JSON or as logfmt (`level=warn msg="slow query"`).

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::base::text;

/// Most fields of a line.
const MAX_FIELDS: usize = 200;

/// The fields in the order they are written, those within others named `outer.inner` and in order of their names; empty for
/// a line in other words.
pub fn fields(line: &str) -> Vec<(String, String)> {
    let line = line.trim();
    let mut fields = json(line).or_else(|| logfmt(line)).unwrap_or_default();
    fields.truncate(MAX_FIELDS);
    let scrub = |(name, value): (String, String)| {
        // An escape in a string was no control character before it was read.
        (text::line(&name).into_owned(), text::block(&value, text::MAX_LINE).trim_end().to_owned())
    };
    fields.into_iter().map(scrub).collect()
}

fn json(line: &str) -> Option<Vec<(String, String)>> {
    let Object(members) = line.starts_with('{').then(|| serde_json::from_str(line).ok())??;
    let mut fields = Vec::new();
    members.into_iter().for_each(|(name, value)| flatten(name, value, &mut fields));
    Some(fields)
}

fn flatten(name: String, value: Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            inner.into_iter().for_each(|(inner, value)| flatten(format!("{name}.{inner}"), value, fields));
        }
        Value::String(text) => fields.push((name, text)),
        other => fields.push((name, other.to_string())),
    }
}

/// An object whose members are in the order they are written.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A line of nothing but pairs; one that merely has a pair somewhere is a sentence.
fn logfmt(line: &str) -> Option<Vec<(String, String)>> {
    let is_in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '/');
    let (mut fields, mut rest) = (Vec::new(), line);
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        if name.is_empty() || !name.chars().all(is_in_name) {
            return None;
        }
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted_value(quoted)?,
            None => {
                let end = after.find(' ').unwrap_or(after.len());
                (after[..end].to_owned(), &after[end..])
            }
        };
        if !after.is_empty() && !after.starts_with(' ') {
            return None;
        }
        fields.push((name.to_owned(), value));
        rest = after.trim_start();
    }
    (fields.len() > 1).then_some(fields)
}

/// What stands between quotes, and what is behind them.
fn quoted_value(quoted: &str) -> Option<(String, &str)> {
    let (mut value, mut escaped) = (String::new(), false);
    for (at, c) in quoted.char_indices() {
        let was_escaped = escaped;
        escaped = c == '\\' && !was_escaped;
        match (was_escaped, c) {
            (false, '"') => return Some((value, &quoted[at + 1..])),
            (false, '\\') => {}
            (true, 'n') => value.push('\n'),
            (true, 't') => value.push('\t'),
            (_, other) => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[(&str, &str)]) {
        let found = fields(line);
        let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_that_are_fields_are_read() {
        check(
            r#"{"ts":1.5,"msg":"no host","err":{"why":null,"code":7},"tags":["a","b"]}"#,
            &[("ts", "1.5"), ("msg", "no host"), ("err.code", "7"), ("err.why", "null"), ("tags", r#"["a","b"]"#)],
        );
        check(r#"level=warn msg="slow \"query\"" took=3s trace_id= end"#, &[]);
        check(
            r#"level=warn msg="slow \"query\"" took=3s trace_id="#,
            &[("level", "warn"), ("msg", "slow \"query\""), ("took", "3s"), ("trace_id", "")],
        );
        check(r"a=1 path=C:\new", &[("a", "1"), ("path", r"C:\new")]);
        check(r#"a=1 path="C:\\new\n2""#, &[("a", "1"), ("path", "C:\\new\n2")]);
    }

    #[test]
    fn sentences_are_none() {
        for line in [
            "pool exhausted: size=20 waiting=35",
            "GET /cart?id=3 took=5",
            "x=1",
            r#"a=1 b="open"#,
            r#"{"a":1"#,
            "[1,2]",
            "",
        ] {
            check(line, &[]);
        }
    }

    #[test]
    fn what_was_escaped_is_harmless() {
        check(r#"{"a\u001b":"x\u001b[31my\u202e","stack":"one\ntwo\r\n"}"#, &[("a", "x[31my"), ("stack", "one\ntwo")]);
    }
}
