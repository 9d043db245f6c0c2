//! Reads the many ways servers and people write a time.

use jiff::{
    SignedDuration, Timestamp, Zoned,
    civil::DateTime,
    fmt::strtime::BrokenDownTime,
    tz::{Offset, TimeZone},
};
use serde_json::Value;

/// What a field says of a time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// It names one.
    At(Timestamp),
    /// There is none: it is empty, 0, or of the year 1, which is how Go says so.
    Nothing,
    /// Nobody understands what it says.
    Unknown(String),
}

/// Dates as they are written beside ISO 8601, once weekday, zone and commas are taken off. Where the year is missing, it is
/// the one that brings it next to now.
const FORMS: [&str; 17] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%d/%b/%Y:%H:%M:%S%.f",
    "%d/%b/%Y %H:%M:%S%.f",
    "%d %b %Y %H:%M:%S%.f",
    "%d %b %Y %H:%M",
    "%d-%b-%Y %H:%M:%S%.f",
    "%d %b %y %H:%M:%S%.f",
    "%d-%b-%y %H:%M:%S%.f",
    "%d.%m.%Y %H:%M:%S%.f",
    "%b %d %H:%M:%S%.f %Y",
    "%b %d %Y %H:%M:%S%.f",
    "%b %d %Y %H:%M",
    "%Y %b %d %H:%M:%S%.f",
    "%b %d %H:%M:%S%.f",
];

/// Zones that have one meaning where they are written, in hours east of Greenwich. A number beside them says more.
const ZONES: [(&str, i8); 22] = [
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("Z", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("WET", 0),
    ("WEST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("JST", 9),
    ("AEST", 10),
    ("AEDT", 11),
];

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The longest way to write a time, in bytes.
const LONGEST: usize = 100;

/// As [`read`] does, for a field of a known API, which names its year.
pub(super) fn of_text(text: &str) -> Option<Timestamp> {
    match said(text, None) {
        Said::At(at) => Some(at),
        Said::Nothing | Said::Unknown(_) => None,
    }
}

/// What stands in JSON: a text as servers, mail, logs, git and Go write it, or a number since the Unix epoch in seconds,
/// milliseconds, microseconds or nanoseconds, told apart by its size. Without a zone it is taken as UTC.
pub(super) fn read(value: &Value, now: Timestamp) -> Said {
    match value {
        Value::String(text) => said(text, Some(now)),
        Value::Number(number) => match number.as_f64() {
            Some(0.0) => Said::Nothing,
            _ => of_digits(&number.to_string()).map_or_else(|| Said::Unknown(number.to_string()), Said::At),
        },
        Value::Null | Value::Bool(false) => Said::Nothing,
        other => Said::Unknown(other.to_string()),
    }
}

/// The time that a line of a log begins with.
pub(super) fn at_front(line: &str, now: Timestamp) -> Option<Timestamp> {
    let begins = |c: char| c.is_ascii_digit() || c == '[';
    let word = line.split([' ', ',']).next().unwrap_or_default();
    if !line.starts_with(begins) && !is_name(word, &MONTHS) && !is_name(word, &WEEKDAYS) {
        return None;
    }
    let ends = line.match_indices(' ').map(|(at, _)| at).take(6).chain([line.len()]);
    let ends: Vec<usize> = ends.filter(|end| *end <= LONGEST).collect();
    // More words say more: the zone stands behind. A number alone may be anything.
    let fronts = ends.iter().rev().filter_map(|end| line.get(..*end));
    fronts.filter(|front| front.contains(':')).find_map(|front| match said(front, Some(now)) {
        Said::At(at) => Some(at),
        _ => None,
    })
}

fn said(text: &str, now: Option<Timestamp>) -> Said {
    let text = text.trim();
    let at = of_digits(text).or_else(|| of_iso(text)).or_else(|| of_words(text, now));
    match at {
        // Year 1, in whatever zone, is how Go says "none", the Unix epoch how others do.
        Some(at) if at.as_second() <= -62_135_000_000 || at.as_second() == 0 => Said::Nothing,
        Some(at) => Said::At(at),
        None if text.is_empty() || text.parse::<f64>() == Ok(0.0) => Said::Nothing,
        None => Said::Unknown(text.to_owned()),
    }
}

fn of_iso(text: &str) -> Option<Timestamp> {
    let zoned = || text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
    let civil = || Some(text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
    text.parse::<Timestamp>().ok().or_else(zoned).or_else(civil)
}

/// A number since the epoch, or digits that are a date: `20260102150405`.
fn of_digits(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix('@').unwrap_or(text);
    if text.len() == 14 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let date = BrokenDownTime::parse("%Y%m%d%H%M%S", text).and_then(|parsed| parsed.to_datetime());
        return Offset::UTC.to_timestamp(date.ok()?).ok();
    }
    let number = text.parse::<f64>().or_else(|_| text.replacen(',', ".", 1).parse()).ok()?;
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

/// A date of several words, as [`FORMS`] has them.
fn of_words(text: &str, now: Option<Timestamp>) -> Option<Timestamp> {
    if text.len() > LONGEST {
        return None;
    }
    // Go puts what its other clock shows behind a time.
    let text = text.split(" m=").next().unwrap_or_default();
    let text = text.trim_matches(['[', ']', '(', ')', '"', '\'']);
    let (mut words, mut named, mut counted, mut half) = (Vec::new(), None, None, None);
    for word in text.split_whitespace() {
        let word = word.trim_matches([',', '@', '(', ')']);
        let is_number = |word: &String| word.len() > 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        let has_time = words.iter().any(|word: &String| word.contains(':') || is_number(word));
        if word.is_empty() || word.eq_ignore_ascii_case("at") || is_name(word, &WEEKDAYS) {
            continue;
        }
        if is_name(word, &MONTHS) {
            words.push(word[..3].to_owned());
        } else if has_time && word.starts_with(['+', '-']) {
            counted = Some(offset(word)?);
        } else if has_time && word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            match word.to_ascii_uppercase().as_str() {
                "AM" | "PM" => half = Some(word.to_ascii_uppercase()),
                zone => named = Some(zone.to_owned()),
            }
        } else if let Some((time, ends)) = half_of_day(word) {
            words.push(time.to_owned());
            half = Some(ends);
        } else {
            // A comma before fractions of a second.
            words.push(if word.contains(':') { word.replace(',', ".") } else { word.to_owned() });
        }
    }
    let zone = |name: String| ZONES.iter().find(|(zone, _)| *zone == name).map(|(_, hours)| Offset::constant(*hours));
    let offset = match (counted, named) {
        (Some(offset), _) => offset,
        (None, Some(name)) => zone(name)?,
        (None, None) => Offset::UTC,
    };
    // `1767366245 -0700`, as git keeps them: the number is of no zone.
    if let [number] = words.as_slice()
        && let Some(at) = counted.and_then(|_| of_digits(number))
    {
        return Some(at);
    }
    words.extend(half.iter().cloned());
    let words = words.join(" ");
    FORMS.iter().find_map(|form| of_form(form, &words, half.is_some(), offset, now))
}

fn of_form(form: &str, words: &str, of_twelve: bool, offset: Offset, now: Option<Timestamp>) -> Option<Timestamp> {
    let form = if of_twelve { form.replace("%H", "%I") + " %p" } else { form.to_owned() };
    let mut parsed = BrokenDownTime::parse(&form, words).ok()?;
    if parsed.year().is_some() {
        let at = offset.to_timestamp(parsed.to_datetime().ok()?).ok()?;
        // Two digits that were taken for four, but for the year 1.
        return (at.as_second() > 0 || at.as_second() <= -62_135_000_000).then_some(at);
    }
    let now = now?;
    let year = now.to_zoned(TimeZone::UTC).year();
    let of_year = |year: i16| {
        parsed.set_year(Some(year)).ok()?;
        offset.to_timestamp(parsed.to_datetime().ok()?).ok()
    };
    // A day of clock and zone aside, it is over: what was written in December is not of the December to come.
    let latest = now.checked_add(SignedDuration::from_hours(24)).ok()?;
    [year + 1, year, year - 1].into_iter().filter_map(of_year).find(|at| *at <= latest)
}

/// `+0200`, `-07:00`, `+02`.
fn offset(word: &str) -> Option<Offset> {
    let word = if word.len() == 3 { format!("{word}00") } else { word.to_owned() };
    let form = if word.contains(':') { "%:z" } else { "%z" };
    BrokenDownTime::parse(form, &word).ok()?.offset()
}

/// `3:04PM` as `3:04` and `PM`.
fn half_of_day(word: &str) -> Option<(&str, String)> {
    let at = word.len().checked_sub(2).filter(|_| word.contains(':'))?;
    let (time, ends) = word.split_at_checked(at)?;
    let ends = ends.to_ascii_uppercase();
    matches!(ends.as_str(), "AM" | "PM").then_some((time, ends))
}

/// Whether a word is one of these names, whole or cut to three letters.
fn is_name(word: &str, names: &[&str]) -> bool {
    let is_word = word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word && names.iter().any(|name| word[..3].eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(of_text(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn iso_and_numbers() {
        check("2026-11-22T14:24:15.006926626Z", Some("2026-11-22T14:24:15.006926626Z"));
        check("2026-11-22T15:24:15+01:00", Some("2026-11-22T14:24:15Z"));
        check("2026-11-22T15:24:15,5+0100", Some("2026-11-22T14:24:15.5Z"));
        check("2026-11-22T15:24:15+01:00[Europe/Berlin]", Some("2026-11-22T14:24:15Z"));
        check("2026-11-22 14:24:15", Some("2026-11-22T14:24:15Z"));
        check("20261122T142415Z", Some("2026-11-22T14:24:15Z"));
        check("20261122142415", Some("2026-11-22T14:24:15Z"));
        check("1795357455", Some("2026-11-22T14:24:15Z"));
        check("@1795357455", Some("2026-11-22T14:24:15Z"));
        check("1795357455.5", Some("2026-11-22T14:24:15.5Z"));
        check("1795357455,5", Some("2026-11-22T14:24:15.5Z"));
        check("1795357455000", Some("2026-11-22T14:24:15Z"));
        check("1795357455000000", Some("2026-11-22T14:24:15Z"));
        check("1795357455000000000", Some("2026-11-22T14:24:15Z"));
        check("0001-01-01T00:00:00Z", None);
        check("1970-01-01T00:00:00Z", None);
        check("0001-01-01 00:00:00 +0000 UTC", None);
        check("0", None);
        check("NaN", None);
        check("yesterday", None);
        check("", None);
    }

    #[test]
    fn as_mail_go_git_and_logs_write_them() {
        for text in [
            "Sun, 22 Nov 2026 14:24:15 +0000",
            "Sun, 22 Nov 2026 14:24:15 GMT",
            "Sun, 22 Nov 2026 15:24:15 CET",
            "22 Nov 26 14:24:15 UTC",
            "Sunday, 22-Nov-26 14:24:15 UTC",
            "2026-11-22 14:24:15 +0000 UTC",
            "2026-11-22 15:24:15 +0100 CET",
            "2026-11-22 14:24:15 +0000 UTC m=+0.000012",
            "2026-11-22 14:24:15 UTC",
            "2026-11-22 14:24:15Z",
            "2026-11-22 07:24:15 -0700",
            "2026-11-22 07:24:15 -07:00",
            "2026-11-22 07:24:15 -07",
            "2026/11/22 14:24:15",
            "Sun Nov 22 14:24:15 2026",
            "Sun Nov 22 07:24:15 2026 -0700",
            "Sun Nov 22 14:24:15 UTC 2026",
            "Sun Nov 22 02:24:15 PM UTC 2026",
            "Sun 2026-11-22 14:24:15 UTC",
            "Nov 22, 2026 2:24:15 PM",
            "Nov 22, 2026 @ 14:24:15",
            "November 22, 2026 at 2:24:15PM (UTC)",
            "22/Nov/2026:14:24:15 +0000",
            "[22/Nov/2026:15:24:15 +0100]",
            "22.11.2026 14:24:15",
            "1795357455 -0700",
        ] {
            check(text, Some("2026-11-22T14:24:15Z"));
        }
        check("2026-11-22 14:24:15.123456789 +0000 UTC", Some("2026-11-22T14:24:15.123456789Z"));
        check("2026-11-22 14:24:15,123", Some("2026-11-22T14:24:15.123Z"));
        check("2026/11/22 14:24:15,123", Some("2026-11-22T14:24:15.123Z"));
        // Which zone that is, nobody can tell.
        check("2026-11-22 14:24:15 IST", None);
        check("Nov 22 14:24:15", None);
    }

    #[test]
    fn a_year_that_is_left_out_is_the_last_one() {
        let read = |text: &str, now: &str| match said(text, Some(now.parse().expect("a time"))) {
            Said::At(at) => at.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(read("Nov 22 14:24:15", "2026-11-22T15:00:00Z"), "2026-11-22T14:24:15Z");
        assert_eq!(read("Jan  1 00:10:00", "2026-12-31T23:50:00Z"), "2027-01-01T00:10:00Z");
        assert_eq!(read("Dec 31 23:50:00", "2027-01-01T00:10:00Z"), "2026-12-31T23:50:00Z");
    }

    #[test]
    fn what_is_not_said_and_what_is_not_understood() {
        let now = Timestamp::UNIX_EPOCH;
        for nothing in [serde_json::json!(null), "".into(), 0.into(), "0001-01-01T00:00:00Z".into()] {
            assert_eq!(read(&nothing, now), Said::Nothing, "{nothing}");
        }
        assert_eq!(read(&"a while ago".into(), now), Said::Unknown("a while ago".into()));
        assert_eq!(read(&serde_json::json!({"s": 1}), now), Said::Unknown(r#"{"s":1}"#.into()));
    }

    #[test]
    fn a_line_of_a_log_begins_with_its_time() {
        let front =
            |line: &str| at_front(line, "2026-11-22T15:00:00Z".parse().expect("a time")).map(|at| at.to_string());
        for line in [
            "2026-11-22T14:24:15Z ERROR x",
            "2026-11-22 14:24:15 ERROR: x 12:30",
            "2026/11/22 14:24:15 [error] 7#7: *1",
            "Nov 22 14:24:15 host app[1]: x",
            "[22/Nov/2026:15:24:15 +0100] GET /",
            "Sun Nov 22 14:24:15 2026 x",
        ] {
            assert_eq!(front(line).as_deref(), Some("2026-11-22T14:24:15Z"), "{line}");
        }
        assert_eq!(front("1795357455 x"), None);
        assert_eq!(front("  plain"), None);
    }
}
