//! Durations and sizes as they are written in a file.
//!
//! Each parser answers with a value or with what was expected, as a fragment that reads after "expected".

use std::time::Duration;

use crate::base::human_time;

/// A duration: `5s`, `1m 30s`, `2h`, `1d`.
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "a duration such as \"30s\", \"5m\" or \"1h 30m\"";
    let text = text.trim();
    // Calendar units are left out of plain durations, but a day is 24 hours to anyone who polls.
    let days = text.strip_suffix('d').and_then(|days| days.trim().parse::<u32>().ok());
    match days {
        Some(days) => Ok(Duration::from_secs(u64::from(days) * 86_400)),
        None => human_time::parse(text).ok_or(EXPECTED),
    }
}

/// A size in bytes: `20MB`, `512 KiB`, `4096`.
pub fn bytes(text: &str) -> Result<u64, &'static str> {
    const EXPECTED: &str = "a size such as \"20MB\" or \"512KiB\", or a number of bytes";
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(EXPECTED),
    };
    number.parse::<f64>().map(|number| (number * factor) as u64).map_err(|_| EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        #[track_caller]
        fn check(text: &str, expected: Option<u64>) {
            assert_eq!(duration(text).ok().map(|d| d.as_millis() as u64), expected, "{text}");
        }
        check("5s", Some(5_000));
        check("250ms", Some(250));
        check("1m 30s", Some(90_000));
        check("1h30m", Some(5_400_000));
        check("2d", Some(172_800_000));
        check("-5s", None);
        check("5", None);
        check("soon", None);
        check("", None);
    }

    #[test]
    fn sizes() {
        #[track_caller]
        fn check(text: &str, expected: Option<u64>) {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
        check("20MB", Some(20_000_000));
        check("1.5 kB", Some(1500));
        check("512KiB", Some(524_288));
        check("4096", Some(4096));
        check("-1", None);
        check("20 MBit", None);
        check("MB", None);
    }
}
