//! Numbers in their units: what Grafana writes for a value, a unit and a number of decimals.
//!
//! <https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit>

mod civil;
mod date;
mod elapsed;
mod from_now;
pub mod number;
mod scaled;
pub mod text_number;
mod units;

use std::{collections::HashMap, fmt, sync::LazyLock};

use jiff::tz::TimeZone;

use self::{civil::Civil, units::UNITS};
pub use self::{
    civil::days_to,
    date::{MONTHS, WEEKDAYS},
};

/// A value as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formatted {
    /// What stands before the number, such as a currency; empty for nothing.
    pub prefix: String,
    /// The number.
    pub text: String,
    /// What stands behind it, with its space; empty for nothing.
    pub suffix: String,
}

/// Who looks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'z> {
    /// The zone that times are shown in.
    pub zone: &'z TimeZone,
    /// Now, in milliseconds since the Unix epoch.
    pub now: f64,
}

/// On which side of a number something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    Behind,
}

/// How a number is written.
#[derive(Clone, Copy)]
enum Unit<'a> {
    /// As it is, and a word behind it, if any.
    Suffix(&'a str),
    /// As it is, and a word before it.
    Prefix(&'a str),
    /// With a sign of the powers of a thousand; given in one of the powers.
    Si(&'a str, i32),
    /// With a sign of the powers of 1024; given in one of the powers.
    Binary(&'a str, i32),
    /// In thousands, each with a word of its own.
    Thousands(&'static [&'static str]),
    /// So many of something.
    Count(&'a str),
    /// An amount of money, in short.
    Currency(&'a str, Side),
    /// An amount of money, in full.
    FullCurrency(&'a str, Side),
    /// One word for what is not zero, and one for what is.
    Boolean(&'a str, &'a str),
    Percent,
    /// A part of one, as percent.
    PartOfOne,
    /// In base sixteen; marked with `0x` or not.
    Hexadecimal {
        marked: bool,
    },
    Scientific,
    /// With commas between thousands.
    Locale,
    /// All its digits.
    Text,
    /// In the unit of time that suits it.
    Elapsed(&'static [elapsed::Step]),
    /// So many parts of a second, in the unit of time that suits them.
    Seconds {
        over: f64,
    },
    /// A duration in words.
    Words {
        unit: &'static str,
        milliseconds: f64,
    },
    HoursMinutesSeconds,
    DaysHoursMinutesSeconds,
    /// So many milliseconds, as on a clock.
    Clock {
        times: f64,
    },
    /// A moment by a pattern, and by another one when it is today.
    Date {
        pattern: &'a str,
        today: Option<&'static str>,
    },
    /// A moment as Grafana's settings have it, with milliseconds where those matter.
    SystemDate,
    /// How long ago a moment is.
    FromNow,
}

/// What Grafana writes for a value. Decimals are as many as suit the value where none are given. `show_millis` is whether
/// times of no unit of their own need their milliseconds.
pub fn format(
    unit: Option<&str>,
    value: f64,
    decimals: Option<i32>,
    show_millis: bool,
    viewer: Viewer<'_>,
) -> Formatted {
    unit_of(unit.unwrap_or("")).write(value, decimals, show_millis, viewer)
}

/// Whether a name is that of a unit, or one that somebody made up by the rules: `currency:€`, `si:W`.
pub fn is_known(id: &str) -> bool {
    let made_up = ["prefix", "suffix", "time", "si", "count", "currency", "bool"];
    by_id().contains_key(id) || id.split_once(':').is_some_and(|(kind, _)| made_up.contains(&kind))
}

fn by_id() -> &'static HashMap<&'static str, Unit<'static>> {
    static BY_ID: LazyLock<HashMap<&str, Unit<'static>>> = LazyLock::new(|| UNITS.into_iter().collect());
    &BY_ID
}

/// By its id, or as somebody made it up; a name that is neither stands behind the number.
fn unit_of(id: &str) -> Unit<'_> {
    if let Some(unit) = by_id().get(id) {
        return *unit;
    }
    match id.split_once(':') {
        Some(("prefix", word)) => Unit::Prefix(word),
        Some(("suffix", word)) => Unit::Suffix(word),
        Some(("time", pattern)) => Unit::Date { pattern, today: None },
        Some(("si", word)) => {
            let (unit, offset) = scaled::split_si(word);
            Unit::Si(unit, offset)
        }
        Some(("count", what)) => Unit::Count(what),
        Some(("currency", symbol)) => currency(symbol),
        Some(("bool", words)) => {
            let (yes, no) = words.split_once('/').unwrap_or((words, "-"));
            Unit::Boolean(yes, no)
        }
        _ => Unit::Suffix(id),
    }
}

/// `€`, or `financial:€` with or without `:suffix`.
fn currency(written: &str) -> Unit<'_> {
    let mut parts = written.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("financial"), Some(""), _) => Unit::Suffix(""),
        (Some("financial"), Some(symbol), Some("suffix")) => Unit::FullCurrency(symbol, Side::Behind),
        (Some("financial"), Some(symbol), _) => Unit::FullCurrency(symbol, Side::Before),
        _ => Unit::Currency(written, Side::Before),
    }
}

impl Unit<'_> {
    fn write(self, value: f64, decimals: Option<i32>, show_millis: bool, viewer: Viewer<'_>) -> Formatted {
        let moment = |pattern: &str| date::moment(Civil::new(value, viewer.zone).as_ref(), pattern);
        let alone = |text: String| Formatted::new("", text, "");
        match self {
            Self::Suffix("") | Self::Prefix("") => alone(number::fixed(value, decimals)),
            Self::Suffix(word) => Formatted::new("", number::fixed(value, decimals), format!(" {word}")),
            Self::Prefix(word) => Formatted::new(word, number::fixed(value, decimals), ""),
            Self::Si(unit, offset) => scaled::si(unit, offset, value, decimals),
            Self::Binary(unit, offset) => scaled::binary(unit, offset, value, decimals),
            Self::Thousands(words) => scaled::thousands(words, value, decimals),
            Self::Count(what) => scaled::count(what, value, decimals),
            Self::Currency(symbol, side) => scaled::currency(symbol, side, value, decimals),
            Self::FullCurrency(symbol, side) => scaled::full_currency(symbol, side, value, decimals),
            Self::Boolean(yes, no) => alone(if value == 0.0 || value.is_nan() { no } else { yes }.to_owned()),
            Self::Percent => Formatted::new("", number::fixed(value, decimals), "%"),
            Self::PartOfOne => Formatted::new("", number::fixed(100.0 * value, decimals), "%"),
            Self::Hexadecimal { marked } => alone(hexadecimal(value, decimals, marked)),
            Self::Scientific => alone(number::scientific(value, decimals)),
            Self::Locale => alone(number::english(value, 0, decimals.unwrap_or(3))),
            Self::Text => alone(number::plain(value)),
            Self::Elapsed(steps) => elapsed::stepped(steps, value, decimals),
            Self::Seconds { over } => elapsed::seconds(value / over, decimals),
            Self::Words { unit, milliseconds } => elapsed::words(value, decimals, unit, milliseconds),
            Self::HoursMinutesSeconds => elapsed::hours_minutes_seconds(value),
            Self::DaysHoursMinutesSeconds => elapsed::days_hours_minutes_seconds(value),
            Self::Clock { times } => elapsed::clock(value * times, decimals),
            Self::Date { pattern, today } => {
                let days = |milliseconds: f64| Civil::new(milliseconds, viewer.zone).map(|at| at.days());
                let is_today = today.filter(|_| days(value).is_some() && days(value) == days(viewer.now));
                alone(moment(is_today.unwrap_or(pattern)))
            }
            Self::SystemDate => {
                alone(moment(if show_millis { "YYYY-MM-DD HH:mm:ss.SSS" } else { "YYYY-MM-DD HH:mm:ss" }))
            }
            Self::FromNow => {
                let at = |milliseconds: f64| Civil::new(milliseconds, viewer.zone);
                alone(from_now::from_now(at(value).as_ref(), at(viewer.now).as_ref()))
            }
        }
    }
}

fn hexadecimal(value: f64, decimals: Option<i32>, marked: bool) -> String {
    let digits = number::hexadecimal(text_number::leading(&number::fixed(value, decimals))).to_uppercase();
    match digits.strip_prefix('-') {
        _ if !marked => digits,
        Some(digits) => format!("-0x{digits}"),
        None => format!("0x{digits}"),
    }
}

impl Formatted {
    fn new(prefix: impl Into<String>, text: impl Into<String>, suffix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), text: text.into(), suffix: suffix.into() }
    }
}

/// The whole text.
impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.prefix, self.text, self.suffix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_763_000_000_000.0;

    #[test]
    #[rustfmt::skip]
    fn values_are_written_as_grafana_writes_them() {
        let viewer = Viewer { zone: &TimeZone::UTC, now: NOW };
        let cases: &[(&str, f64, Option<i32>, &str)] = &[
            ("", 1234.5678, None, "1235"),
            ("none", 0.000123, None, "0.000123"),
            ("none", -2.5, Some(0), "-2"),
            ("none", 1e-7, None, "1e-7"),
            ("none", 1e21, Some(2), "999999999999999900000.00"),
            ("short", 1234.0, None, "1.23 K"),
            ("short", -1.5e15, Some(1), "-1.5 Quadr"),
            ("short", f64::INFINITY, None, "∞"),
            ("sishort", 0.00012, None, "120 µ"),
            ("percent", 12.345, None, "12.3%"),
            ("percentunit", 0.12345, Some(1), "12.3%"),
            ("humidity", 41.2, None, "41.2 %H"),
            ("hex", 255.5, Some(2), "FF.8"),
            ("hex0x", -255.0, None, "-0xFF"),
            ("sci", 12345.678, None, "1.2345678e+4"),
            ("sci", 2.5, Some(0), "3e+0"),
            ("locale", 1234567.8915, None, "1,234,567.892"),
            ("locale", -0.0004, None, "-0"),
            ("string", 1e21, None, "1e+21"),
            ("bytes", 1536.0, None, "1.50 KiB"),
            ("bytes", 1048575.99, None, "1024 KiB"),
            ("decbytes", 1e9, None, "1 GB"),
            ("gbytes", 0.5, None, "512 MiB"),
            ("Bps", 999.95, None, "1000 B/s"),
            ("binBps", 1024.0, Some(2), "1.00 KiB/s"),
            ("mwatt", 1e9, None, "1 MW"),
            ("reqps", 1500.0, None, "1.50K req/s"),
            ("ops", f64::INFINITY, None, "∞undefined ops/s"),
            ("currencyUSD", -1234.5, None, "-$1.23K"),
            ("currencySEK", 1000000.0, Some(0), "1Mkr"),
            ("currency:zł", 12.0, None, "zł12"),
            ("currency:financial:€", 1234567.891, Some(2), "€1,234,567.89"),
            ("currency:financial:kr:suffix", -0.25, None, "-0.3kr"),
            ("pressurepsi", 10e9, None, "10000Mpsi"),
            ("ns", 90e9, None, "1.50 mins"),
            ("µs", 1500.0, None, "1.50 ms"),
            ("ms", 60000.0, None, "1 min"),
            ("s", 0.0, None, "0 s"),
            ("s", 0.00025, None, "250 µs"),
            ("s", 90.0, None, "1.50 mins"),
            ("s", -86400.0, None, "-1 day"),
            ("m", 1439.0, None, "24.0 hours"),
            ("h", 25.0, Some(1), "1.0 days"),
            ("d", 6.0, None, "6 days"),
            ("dtdurationms", 90061001.0, Some(7), "1 day, 1 hour, 1 minute, 1 second, 1 millisecond"),
            ("dtdurations", 3600.0, None, "1 hour"),
            ("dtdurations", -90.0, Some(1), "1 minute, 30 seconds ago"),
            ("dthms", -3661.0, None, "01:01:01 ago"),
            ("dtdhms", 90061.0, None, "1 d 01:01:01"),
            ("timeticks", 6000.0, None, "1 min"),
            ("clockms", 3723004.0, None, "1h:02m:03s:004ms"),
            ("clocks", 59.0, Some(0), "59s"),
            ("clockms", f64::NAN, None, "NaNh:Invalid date"),
            ("dateTimeAsIso", 1763000000123.0, None, "2025-11-13 02:13:20"),
            ("dateTimeAsIsoNoDateIfToday", 1762999000000.0, None, "01:56:40"),
            ("dateTimeAsUS", 0.0, None, "01/01/1970 12:00:00 am"),
            ("dateTimeAsLocal", 1000e9, None, "09/09/2001, 01:46:40\u{202f}AM"),
            ("dateTimeAsSystem", -1.0, None, "1969-12-31 23:59:59"),
            ("dateTimeFromNow", 1762999990000.0, None, "a few seconds ago"),
            ("dateTimeFromNow", 1760e9, None, "a month ago"),
            ("dateTimeFromNow", 1863e9, None, "in 3 years"),
            ("dateTimeAsIso", f64::NAN, None, "Invalid date"),
            ("time:dddd, MMMM Do YYYY, h:mm a [at] w W DDDD X", 1000e9, None, "Sunday, September 9th 2001, 1:46 am at 37 36 252 1000000000"),
            ("time:LLL \\L", 1000e9, None, "September 9, 2001 1:46 AM L"),
            ("bool", 2.0, None, "True"),
            ("bool:Up/Down", 0.0, None, "Down"),
            ("bool:Up", 0.0, None, "-"),
            ("prefix:~", 1.5, None, "~1.50"),
            ("suffix:nodes", 3.0, None, "3 nodes"),
            ("si:mW", 1500.0, None, "1.50 W"),
            ("si:qux", 1500.0, None, "1.50 kqux"),
            ("count:pods", 1000000.0, None, "1M pods"),
            ("rows/s", 3.0, None, "3 rows/s"),
            ("farenheit", 1.0, None, "1 °F"),
            ("none", f64::NAN, Some(2), "NaN.00"),
        ];
        for (unit, value, decimals, shown) in cases {
            assert_eq!(format(Some(unit), *value, *decimals, false, viewer).to_string(), *shown, "{unit} {value}");
        }
    }

    #[test]
    fn times_are_those_of_the_viewer() {
        let zone = TimeZone::fixed(jiff::tz::offset(-3));
        let viewer = Viewer { zone: &zone, now: NOW };
        let shown = |unit: &str, value: f64| format(Some(unit), value, None, true, viewer).text;
        assert_eq!(shown("dateTimeAsSystem", 7.0), "1969-12-31 21:00:00.007");
        assert_eq!(shown("dateTimeAsIsoNoDateIfToday", NOW), "23:13:20");
        assert_eq!(shown("time:HH Z", 253_402_300_800_000.0), "21 -03:00", "beyond the years of a calendar");
    }

    #[test]
    fn no_input_is_too_much() {
        let viewer = Viewer { zone: &TimeZone::UTC, now: f64::NAN };
        let units = UNITS.iter().map(|(id, _)| *id).chain([
            "si:",
            "si:😀",
            "time:[",
            "time:\\",
            "currency:financial",
            "bool:/",
        ]);
        for unit in units {
            for value in [0.0, -0.0, f64::NAN, f64::INFINITY, f64::MIN, f64::MAX, f64::from_bits(1), 8.64e15, -8.64e15]
            {
                for decimals in [None, Some(i32::MIN), Some(-1), Some(400), Some(i32::MAX)] {
                    let _ = format(Some(unit), value, decimals, true, viewer);
                }
            }
        }
    }
}
