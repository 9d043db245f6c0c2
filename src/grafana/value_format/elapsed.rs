//! How long something took: in the unit that suits it, in words, and as on a clock.

use super::{Formatted, civil::Civil, date, number};

/// A unit of time, for numbers that are smaller than a limit.
pub struct Step {
    below: f64,
    times: f64,
    over: f64,
    unit: &'static str,
    plural: bool,
}

/// The number as it is.
const fn as_is(below: f64, unit: &'static str) -> Step {
    Step { below, times: 1.0, over: 1.0, unit, plural: false }
}

/// The number divided.
const fn over(below: f64, over: f64, unit: &'static str) -> Step {
    Step { below, times: 1.0, over, unit, plural: true }
}

/// The number multiplied.
const fn times(below: f64, times: f64, unit: &'static str) -> Step {
    Step { below, times, over: 1.0, unit, plural: true }
}

const EVER: f64 = f64::INFINITY;

/// From nanoseconds.
pub static NANOSECONDS: [Step; 7] = [
    as_is(1e3, " ns"),
    over(1e6, 1e3, " µs"),
    over(1e9, 1e6, " ms"),
    over(6e10, 1e9, " s"),
    over(36e11, 6e10, " min"),
    over(864e11, 36e11, " hour"),
    over(EVER, 864e11, " day"),
];
/// From microseconds.
pub static MICROSECONDS: [Step; 3] = [as_is(1e3, " µs"), over(1e6, 1e3, " ms"), over(EVER, 1e6, " s")];
/// From milliseconds.
pub static MILLISECONDS: [Step; 6] = [
    as_is(1e3, " ms"),
    over(6e4, 1e3, " s"),
    over(36e5, 6e4, " min"),
    over(864e5, 36e5, " hour"),
    over(31536e6, 864e5, " day"),
    over(EVER, 31536e6, " year"),
];
/// From seconds. A year is as long as the sun's.
pub static SECONDS: [Step; 9] = [
    times(1e-6, 1e9, " ns"),
    times(1e-3, 1e6, " µs"),
    times(1.0, 1e3, " ms"),
    as_is(60.0, " s"),
    over(3600.0, 60.0, " min"),
    over(86400.0, 3600.0, " hour"),
    over(604_800.0, 86400.0, " day"),
    over(31536e3, 604_800.0, " week"),
    over(EVER, 31_556_900.0, " year"),
];
/// From minutes. Weeks go on to where seconds would end: Grafana has it so.
pub static MINUTES: [Step; 5] = [
    as_is(60.0, " min"),
    over(1440.0, 60.0, " hour"),
    over(10080.0, 1440.0, " day"),
    over(604_800.0, 10080.0, " week"),
    over(EVER, 525_948.0, " year"),
];
/// From hours.
pub static HOURS: [Step; 4] =
    [as_is(24.0, " hour"), over(168.0, 24.0, " day"), over(8760.0, 168.0, " week"), over(EVER, 8760.0, " year")];
/// From days.
pub static DAYS: [Step; 3] = [over(7.0, 1.0, " day"), over(365.0, 7.0, " week"), over(EVER, 365.0, " year")];

/// The number in the first unit whose limit it is below, else in the last one.
pub fn stepped(steps: &[Step], value: f64, decimals: Option<i32>) -> Formatted {
    let Some(step) = steps.iter().find(|step| value.abs() < step.below).or(steps.last()) else {
        return Formatted::default();
    };
    let value = value * step.times / step.over;
    let long = step.plural && value.abs() > 1.0 && [" min", " hour", " day", " week", " year"].contains(&step.unit);
    Formatted::new("", number::fixed(value, decimals), format!("{}{}", step.unit, if long { "s" } else { "" }))
}

/// Seconds; none are none, of whatever unit.
pub fn seconds(value: f64, decimals: Option<i32>) -> Formatted {
    if value == 0.0 { Formatted::new("", "0", " s") } else { stepped(&SECONDS, value, decimals) }
}

/// What a duration is told in, and how many milliseconds it has.
const UNITS: [(&str, f64); 8] = [
    ("year", 31536e6),
    ("month", 2592e6),
    ("week", 6048e5),
    ("day", 864e5),
    ("hour", 36e5),
    ("minute", 6e4),
    ("second", 1e3),
    ("millisecond", 1.0),
];

/// In words, from the largest unit that fits, with as many smaller ones as there are decimals; given in `unit`, which has
/// so many milliseconds.
pub fn words(value: f64, decimals: Option<i32>, unit: &str, milliseconds: f64) -> Formatted {
    if value == 0.0 {
        return Formatted::new("", "0", format!(" {unit}s"));
    }
    if value < 0.0 {
        let past = words(-value, decimals, unit, milliseconds);
        return Formatted { suffix: format!("{} ago", past.suffix), ..past };
    }
    let mut rest = value * milliseconds;
    let mut words: Vec<String> = Vec::new();
    let most = i64::from(decimals.unwrap_or(0)) + 1;
    for (unit, long) in UNITS {
        if i64::try_from(words.len()).is_ok_and(|count| count >= most) {
            break;
        }
        let count = rest / long;
        if count >= 1.0 || !words.is_empty() {
            let count = count.floor();
            words.push(format!("{} {unit}{}", number::plain(count), if count == 1.0 { "" } else { "s" }));
            rest %= long;
        }
    }
    Formatted::new("", words.join(", "), "")
}

/// Seconds as `hours:minutes:seconds`.
pub fn hours_minutes_seconds(value: f64) -> Formatted {
    if value < 0.0 {
        return Formatted { suffix: " ago".to_owned(), ..hours_minutes_seconds(-value) };
    }
    let two = |part: f64| format!("{}{}", if part > 9.0 { "" } else { "0" }, number::plain(part));
    let parts = [(value / 3600.0).floor(), (value % 3600.0 / 60.0).floor(), (value % 3600.0 % 60.0).floor()];
    Formatted::new("", parts.map(two).join(":"), "")
}

/// Seconds as `days d hours:minutes:seconds`.
pub fn days_hours_minutes_seconds(value: f64) -> Formatted {
    if value < 0.0 {
        return Formatted { suffix: " ago".to_owned(), ..days_hours_minutes_seconds(-value) };
    }
    let days = (value / 86400.0).floor();
    let rest = hours_minutes_seconds(value - days * 24.0 * 3600.0).text;
    Formatted::new("", if days > 0.0 { format!("{} d {rest}", number::plain(days)) } else { rest }, "")
}

/// Milliseconds as `01h:02m:03s:004ms`, with as many parts behind the first as there are decimals.
pub fn clock(value: f64, decimals: Option<i32>) -> Formatted {
    let at = Civil::utc(value);
    let part = |pattern: &str| date::moment(at.as_ref(), pattern);
    let text = if value < 1e3 {
        part("SSS\\m\\s")
    } else if value < 6e4 {
        part(if decimals == Some(0) { "ss\\s" } else { "ss\\s:SSS\\m\\s" })
    } else if value < 36e5 {
        part(match decimals {
            Some(0) => "mm\\m",
            Some(1) => "mm\\m:ss\\s",
            _ => "mm\\m:ss\\s:SSS\\m\\s",
        })
    } else {
        let hours = format!("{}h", number::plain((value / 36e5).floor()));
        match decimals {
            Some(0) => hours,
            Some(1) => format!("{hours}:{}", part("mm\\m")),
            Some(2) => format!("{hours}:{}", part("mm\\m:ss\\s")),
            _ => format!("{hours}:{}", part("mm\\m:ss\\s:SSS\\m\\s")),
        }
    };
    Formatted::new("", text, "")
}
