//! A comparison a person writes beside a query: `>= 0.995`, `> 0.5 for 1m`, `== 0`.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::human_time;

/// A threshold, and for how long it must have been met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// The comparison: the measured value stands on its left.
    pub op: Op,
    /// The threshold, which stands on its right.
    pub value: f64,
    /// The time for which it must have been met before it holds; zero for at once.
    pub hold: Duration,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Op {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

impl Condition {
    /// Whether `value` meets the condition, leaving the time it must hold aside; `None` for NaN, which settles nothing.
    pub fn met_by(&self, value: f64) -> Option<bool> {
        if value.is_nan() {
            return None;
        }
        Some(match self.op {
            Op::Less => value < self.value,
            Op::LessOrEqual => value <= self.value,
            Op::Greater => value > self.value,
            Op::GreaterOrEqual => value >= self.value,
            Op::Equal => value == self.value,
            Op::NotEqual => value != self.value,
        })
    }

    /// How far `value` is on the wrong side, 0 when the condition is met. Used to find the worst value of an outage and
    /// the area between the curve and its threshold.
    pub fn miss(&self, value: f64) -> f64 {
        match self.met_by(value) {
            Some(false) => (value - self.value).abs(),
            _ => 0.0,
        }
    }
}

/// Why a condition could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// The text does not begin with a comparison.
    #[error("expected a comparison such as `> 0.5` or `>= 0.995 for 1m`, found `{0}`")]
    NoComparison(String),
    /// The part after the comparison is not a number.
    #[error("expected a number after the comparison, found `{0}`")]
    NotANumber(String),
    /// The part after `for` is not a duration.
    #[error("expected a duration such as `30s` or `5m` after `for`, found `{0}`")]
    NotADuration(String),
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (op, rest) = OPS
            .iter()
            .find_map(|(sign, op)| Some((*op, text.strip_prefix(sign)?)))
            .ok_or_else(|| ConditionError::NoComparison(text.to_owned()))?;
        let (number, hold) = match rest.split_once(" for ") {
            Some((number, hold)) => (number, parse_duration(hold.trim())?),
            None => (rest, Duration::ZERO),
        };
        let number = number.trim();
        let value = number.parse().ok().filter(|v: &f64| !v.is_nan());
        let value = value.ok_or_else(|| ConditionError::NotANumber(number.to_owned()))?;
        Ok(Self { op, value, hold })
    }
}

/// Longer signs first, so that `>=` is not read as `>`.
const OPS: [(&str, Op); 6] = [
    (">=", Op::GreaterOrEqual),
    ("<=", Op::LessOrEqual),
    ("==", Op::Equal),
    ("!=", Op::NotEqual),
    (">", Op::Greater),
    ("<", Op::Less),
];

fn parse_duration(text: &str) -> Result<Duration, ConditionError> {
    human_time::parse(text).ok_or_else(|| ConditionError::NotADuration(text.to_owned()))
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = OPS.iter().find(|(_, op)| *op == self.op).map_or("", |(sign, _)| sign);
        match self.value.abs() {
            // As it was typed, not with hundreds of digits.
            size if size > 0.0 && !(1e-9..1e15).contains(&size) => write!(f, "{sign} {:e}", self.value)?,
            _ => write!(f, "{sign} {}", self.value)?,
        }
        if !self.hold.is_zero() {
            write!(f, " for {}", human_time::written(self.hold))?;
        }
        Ok(())
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, value: f64, expected: Option<bool>) {
        let condition: Condition = text.parse().expect("a condition");
        assert_eq!(condition.met_by(value), expected, "{text} against {value}");
        assert_eq!(condition.to_string().parse(), Ok(condition), "round trip of {text}");
    }

    #[test]
    fn compares() {
        check(">= 0.995", 0.995, Some(true));
        check(">=0.995", 0.99, Some(false));
        check("> 0.5 for 1m", 0.6, Some(true));
        check("< 1e3", f64::INFINITY, Some(false));
        check("== 0", f64::NAN, None);
        check("!= 0 for 2h 30m", 1.0, Some(true));
    }

    #[test]
    fn says_what_was_expected() {
        let error = |text: &str| text.parse::<Condition>().expect_err("an error").to_string();
        assert!(error("0.5").starts_with("expected a comparison"));
        assert!(error("> abc").ends_with("found `abc`"));
        assert!(error("> 1 for ever").contains("duration"));
    }
}
