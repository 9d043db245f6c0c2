//! The stretch of time that the address of a dashboard names: `from=now-6h&to=now`, or milliseconds.

use jiff::Timestamp;

use crate::grafana::{interval, time_range::TimeRange};

/// From when to when, in milliseconds; `None` where it is not understood or ends before it begins.
pub fn of(from: &str, to: &str, now: i64) -> Option<TimeRange> {
    let range = TimeRange { from: point(from, now)?, to: point(to, now)? };
    (range.from < range.to).then_some(range)
}

fn point(text: &str, now: i64) -> Option<i64> {
    if let Some(offset) = text.strip_prefix("now") {
        let ms = |length: &str| interval::parse(length).map(|ms| ms as i64);
        return match offset.split_at_checked(1) {
            None => Some(now),
            Some(("-", length)) => Some(now.saturating_sub(ms(length)?)),
            Some(("+", length)) => Some(now.saturating_add(ms(length)?)),
            Some(_) => None,
        };
    }
    text.parse().ok().or_else(|| text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_addresses_have_it() {
        let now = 10_000_000;
        let check = |from: &str, to: &str, expected: Option<(i64, i64)>| {
            assert_eq!(of(from, to, now).map(|range| (range.from, range.to)), expected, "{from} {to}");
        };
        check("now-1h", "now", Some((6_400_000, 10_000_000)));
        check("now-2h", "now-1h", Some((2_800_000, 6_400_000)));
        check("1000", "2000", Some((1000, 2000)));
        check("1970-01-01T00:00:01Z", "now", Some((1000, 10_000_000)));
        check("now", "now-1h", None);
        check("now/d", "now/d", None);
        check("yesterday", "now", None);
    }
}
