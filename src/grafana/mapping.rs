//! Words and colours for values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    json,
    pattern::Pattern,
    value_format::{number, text_number},
};

/// One rule that turns values into words.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueMapping {
    /// By the value as text.
    Values(BTreeMap<String, MappedTo>),
    /// By the stretch it lies in; an open end has no limit.
    Range {
        /// The least value that counts.
        from: Option<f64>,
        /// The greatest value that counts.
        to: Option<f64>,
        /// What it becomes.
        result: MappedTo,
    },
    /// By a pattern over the text; its groups may be used in what it becomes.
    Regex {
        /// The pattern; `None` when it cannot be read, which fits nothing.
        pattern: Option<Pattern>,
        /// What it becomes.
        result: MappedTo,
    },
    /// Values that are none.
    Special {
        /// What the value has to be.
        matches: Special,
        /// What it becomes.
        result: MappedTo,
    },
}

/// Values that have no number or no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Special {
    True,
    False,
    Null,
    NaN,
    NullOrNaN,
    Empty,
}

/// What a value is shown as.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MappedTo {
    /// The words; `None` leaves the value as it is.
    pub text: Option<String>,
    /// The colour.
    pub color: Option<String>,
}

impl ValueMapping {
    /// Reads a list of them; what is none is left out.
    pub fn read_all(written: &Value) -> Vec<Self> {
        written.as_array().into_iter().flatten().filter_map(Self::read).collect()
    }

    fn read(written: &Value) -> Option<Self> {
        let options = json::at(written, "options");
        let result = MappedTo::read(json::at(options, "result")).unwrap_or_default();
        match json::at(written, "type").as_str()? {
            "value" => {
                let listed = options.as_array().into_iter().flatten().enumerate();
                let listed = listed.map(|(at, result)| (at.to_string(), result));
                let named = options.as_object().into_iter().flatten().map(|(value, result)| (value.clone(), result));
                let read = |(value, result): (String, &Value)| Some((value, MappedTo::read(result)?));
                Some(Self::Values(listed.chain(named).filter_map(read).collect()))
            }
            "range" => {
                let end = |key: &str| match json::at(options, key) {
                    Value::Null => None,
                    value => Some(text_number::of_json(value)).filter(|end| !end.is_nan()),
                };
                Some(Self::Range { from: end("from"), to: end("to"), result })
            }
            "regex" => Some(Self::Regex { pattern: read_pattern(json::at(options, "pattern").as_str()?), result }),
            "special" => {
                let matches = match json::at(options, "match").as_str()? {
                    "true" => Special::True,
                    "false" => Special::False,
                    "null" => Special::Null,
                    "nan" => Special::NaN,
                    "null+nan" => Special::NullOrNaN,
                    "empty" => Special::Empty,
                    _ => return None,
                };
                Some(Self::Special { matches, result })
            }
            _ => None,
        }
    }
}

/// A pattern without slashes is meant for the whole text.
fn read_pattern(written: &str) -> Option<Pattern> {
    if written.starts_with('/') { Pattern::read(written) } else { Pattern::read(&format!("/^{written}$/")) }
}

impl MappedTo {
    /// Reads `{"text": "up", "color": "green"}`; `None` when it is no object.
    fn read(written: &Value) -> Option<Self> {
        written.as_object()?;
        let text = match json::at(written, "text") {
            Value::Null | Value::Array(_) | Value::Object(_) => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => number.as_f64().map(number::plain),
            Value::Bool(yes) => Some(yes.to_string()),
        };
        Some(Self { text, color: json::text(written, "color") })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_read_fits_nothing() {
        let mappings = ValueMapping::read_all(&json!([
            {"type": "regex", "options": {"pattern": "(", "result": {"text": "x"}}}, {"type": "value"}, {"type": 1},
            {"type": "range", "options": {"from": "", "to": "x", "result": [1]}}, 7
        ]));
        let result = MappedTo::default();
        let expected = vec![
            ValueMapping::Regex { pattern: None, result: MappedTo { text: Some("x".to_owned()), color: None } },
            ValueMapping::Values(BTreeMap::new()),
            ValueMapping::Range { from: Some(0.0), to: None, result },
        ];
        assert_eq!(mappings, expected);
        assert_eq!(ValueMapping::read_all(&json!({"type": "value"})), []);
    }
}
