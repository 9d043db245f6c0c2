//! Reads the many ways servers write a time.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;

/// RFC 3339, a date and time without a zone (taken as UTC), or a number since the Unix epoch in seconds, milliseconds,
/// microseconds or nanoseconds, told apart by their size. Year 1 is how Go says "none", the Unix epoch how others do.
pub(super) fn of_text(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return of_number(number);
    }
    let at = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    });
    at.filter(|at| at.as_second() > -62_135_000_000 && at.as_second() != 0)
}

/// As [`of_text`], for what stands in JSON.
pub(super) fn of_value(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => of_text(text),
        Value::Number(number) => of_number(number.as_f64()?),
        _ => None,
    }
}

fn of_number(number: f64) -> Option<Timestamp> {
    let milliseconds = match number.abs() {
        0.0 => return None,
        size if size < 1e11 => number * 1e3,
        size if size < 1e14 => number,
        size if size < 1e17 => number / 1e3,
        size if size < 1e20 => number / 1e6,
        _ => return None,
    };
    Timestamp::from_millisecond(milliseconds.round() as i64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(of_text(text).map(|at| at.to_string()).as_deref(), expected);
    }

    #[test]
    fn read() {
        check("2026-11-22T14:24:15.006926626Z", Some("2026-11-22T14:24:15.006926626Z"));
        check("2026-11-22T15:24:15+01:00", Some("2026-11-22T14:24:15Z"));
        check("2026-11-22 14:24:15", Some("2026-11-22T14:24:15Z"));
        check("1795357455", Some("2026-11-22T14:24:15Z"));
        check("1795357455.5", Some("2026-11-22T14:24:15.5Z"));
        check("1795357455000", Some("2026-11-22T14:24:15Z"));
        check("1795357455000000", Some("2026-11-22T14:24:15Z"));
        check("1795357455000000000", Some("2026-11-22T14:24:15Z"));
        check("0001-01-01T00:00:00Z", None);
        check("1970-01-01T00:00:00Z", None);
        check("0", None);
        check("NaN", None);
        check("yesterday", None);
        check("", None);
    }
}
