//! A value as the type that is expected of it, or what stands there instead.

use toml::de::{DeTable, DeValue};

/// A value is of another type than the one that was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongType {
    /// What was expected, such as "a string".
    pub expected: &'static str,
    /// What stands there, see [`found`].
    pub found: String,
}

/// Text.
pub fn string<'a>(value: &'a DeValue<'_>) -> Result<&'a str, WrongType> {
    value.as_str().ok_or_else(|| WrongType { expected: "a string", found: found(value) })
}

/// A boolean.
pub fn boolean(value: &DeValue<'_>) -> Result<bool, WrongType> {
    value.as_bool().ok_or_else(|| WrongType { expected: "true or false", found: found(value) })
}

/// A table, inline or with a header of its own.
pub fn table<'t, 'i>(value: &'t DeValue<'i>) -> Result<&'t DeTable<'i>, WrongType> {
    value.as_table().ok_or_else(|| WrongType { expected: "a table", found: found(value) })
}

/// A number, whole or not; no NaN.
pub fn number(value: &DeValue<'_>) -> Result<f64, WrongType> {
    let number = match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64),
        DeValue::Float(number) => number.as_str().parse().ok().filter(|n: &f64| !n.is_nan()),
        _ => None,
    };
    number.ok_or_else(|| WrongType { expected: "a number", found: found(value) })
}

/// A value in words. Never the text of a string: it may be a secret in the wrong place.
pub fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(boolean) => boolean.to_string(),
        DeValue::String(_) => "a string".into(),
        DeValue::Datetime(_) => "a date".into(),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
    }
}
