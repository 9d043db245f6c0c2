//! Times as people write and read them.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use crate::base::human_time::{seconds_between, two_units};

/// `03:16:24Z`, or local time without the `Z`.
pub fn time(at: Timestamp, zone: &TimeZone, utc: bool) -> String {
    if utc { at.strftime("%H:%M:%SZ").to_string() } else { at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string() }
}

/// The same, with the day in front where that is not the day of `now`: `yesterday 23:10:00Z`, `Nov 20 23:10:00Z`.
pub fn dated(at: Timestamp, now: Timestamp, zone: &TimeZone, utc: bool) -> String {
    let date = |at: Timestamp| at.to_zoned(if utc { TimeZone::UTC } else { zone.clone() }).date();
    let (day, today) = (date(at), date(now));
    let time = time(at, zone, utc);
    match today.yesterday() {
        _ if day == today => time,
        Ok(yesterday) if day == yesterday => format!("yesterday {time}"),
        _ => format!("{} {time}", day.strftime("%b %-d")),
    }
}

/// `2026-11-22 03:16:24.123Z`, or local time without the `Z`.
pub fn exact(at: Timestamp, zone: &TimeZone, utc: bool) -> String {
    let form = "%Y-%m-%d %H:%M:%S%.3f";
    if utc { format!("{}Z", at.strftime(form)) } else { at.to_zoned(zone.clone()).strftime(form).to_string() }
}

/// `03:16`.
pub fn minute(at: Timestamp, zone: &TimeZone, utc: bool) -> String {
    let zone = if utc { TimeZone::UTC } else { zone.clone() };
    at.to_zoned(zone).strftime("%H:%M").to_string()
}

/// `12 s after the onset`.
pub fn from_onset(at: Timestamp, onset: Timestamp) -> String {
    let apart = two_units(seconds_between(at.min(onset), at.max(onset)));
    match at.as_second().cmp(&onset.as_second()) {
        Ordering::Equal => "the onset".into(),
        Ordering::Less => format!("{apart} before the onset"),
        Ordering::Greater => format!("{apart} after the onset"),
    }
}

/// Reads `03:05`, `03:05:10`, `2026-11-22 03:05`, an RFC 3339 time or `8m ago`. A time of day is the last one that is
/// not in the future, in the zone the screen shows; a `Z` after it means UTC.
pub fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(ago) = text.strip_suffix("ago") {
        let span: SignedDuration = ago.trim().parse().ok()?;
        return now.checked_sub(span).ok();
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let (text, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(rest) => (rest, TimeZone::UTC),
        None => (text, zone.clone()),
    };
    let text = text.strip_suffix("UTC").map_or(text, str::trim_end);
    if let Ok(at) = civil::DateTime::strptime("%Y-%m-%d %H:%M", text)
        .or_else(|_| civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text))
    {
        return Some(at.to_zoned(zone).ok()?.timestamp());
    }
    let time = civil::Time::strptime("%H:%M", text).or_else(|_| civil::Time::strptime("%H:%M:%S", text)).ok()?;
    let today = now.to_zoned(zone.clone()).date();
    let at = today.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp();
    // A minute of grace: clocks differ.
    if at <= now.checked_add(SignedDuration::from_mins(1)).ok()? {
        return Some(at);
    }
    Some(today.yesterday().ok()?.to_datetime(time).to_zoned(zone).ok()?.timestamp())
}

/// Splits `03:05 text` into its time, which is never later than `now`, and the rest. Text without a time in front stays
/// whole, and so does a time without text.
pub fn split_backdate(text: &str, now: Timestamp, zone: &TimeZone) -> (Option<Timestamp>, String) {
    let trimmed = text.trim();
    let Some((first, rest)) = trimmed.split_once(char::is_whitespace) else { return (None, trimmed.to_owned()) };
    let looks_like_time = first.len() >= 4 && first.contains(':') && first.starts_with(|c: char| c.is_ascii_digit());
    match parse(first, now, zone).filter(|_| looks_like_time) {
        Some(at) => (Some(at.min(now)), rest.trim_start().to_owned()),
        None => (None, trimmed.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T03:16:24Z".parse().expect("a time")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let at = parse(text, now(), &TimeZone::UTC).map(|at| at.to_string());
        assert_eq!(at.as_deref().unwrap_or("none"), expected);
    }

    #[test]
    fn times_as_people_write_them() {
        check("03:05", "2026-11-22T03:05:00Z");
        check("23:50", "2026-11-21T23:50:00Z");
        check("03:05:10z", "2026-11-22T03:05:10Z");
        check("2026-11-20 10:00", "2026-11-20T10:00:00Z");
        check("8m ago", "2026-11-22T03:08:24Z");
        check("soon", "none");
    }

    #[test]
    fn a_time_of_another_day_has_its_day() {
        let check = |at: &str, utc, expected: &str| {
            let zone = TimeZone::fixed(jiff::tz::offset(-5));
            assert_eq!(dated(at.parse().expect("a time"), now(), &zone, utc), expected);
        };
        check("2026-11-22T03:05:00Z", true, "03:05:00Z");
        check("2026-11-21T23:10:00Z", true, "yesterday 23:10:00Z");
        check("2026-11-20T23:10:00Z", true, "Nov 20 23:10:00Z");
        check("2026-11-22T04:00:00Z", false, "23:00:00");
        check("2026-11-22T05:00:00Z", false, "Nov 22 00:00:00");
    }

    #[test]
    fn notes_are_backdated_by_a_time_in_front() {
        let check = |text: &str, when: Option<&str>, rest: &str| {
            let (found, left) = split_backdate(text, now(), &TimeZone::UTC);
            assert_eq!((found.map(|at| at.to_string()).as_deref(), left.as_str()), (when, rest), "{text}");
        };
        check("03:05 pool alarms", Some("2026-11-22T03:05:00Z"), "pool alarms");
        check("3:05  pool alarms", Some("2026-11-22T03:05:00Z"), "pool alarms");
        check("23:50 disk full", Some("2026-11-21T23:50:00Z"), "disk full");
        check("03:17 a clock that is ahead", Some("2026-11-22T03:16:24Z"), "a clock that is ahead");
        check("5 pods restarted", None, "5 pods restarted");
        check("p99 at 03:05", None, "p99 at 03:05");
        check("3:5 odds", None, "3:5 odds");
        check("12:99 nonsense", None, "12:99 nonsense");
        check("03:05", None, "03:05");
    }
}
