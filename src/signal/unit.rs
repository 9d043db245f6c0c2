//! Numbers in human form: three significant digits and a unit, once.
//!
//! Units go by the names Grafana gives them, so that a dashboard's units work as they are:
//! <https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit>.

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};

use crate::grafana::value_format::{self, Formatted, Viewer};

/// What a number counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// A plain number with k, M, G steps.
    #[default]
    Short,
    /// A plain number as it is, without steps.
    None,
    /// 0 to 100.
    Percent,
    /// 0 to 1, shown as percent.
    PercentUnit,
    /// Seconds times a factor: `s` 1, `ms` 1e-3, `µs` 1e-6, `ns` 1e-9, `m` 60, `h` 3600, `d` 86400.
    Time(TimeUnit),
    /// Bytes in steps of 1024 (`KiB`).
    Bytes,
    /// Bytes in steps of 1000 (`kB`).
    BytesSi,
    /// Bits in steps of 1000.
    Bits,
    /// One of Grafana's that has no words of its own here: its id. It is written as Grafana writes it.
    Grafana(String),
    /// A plain number with a suffix after its step: `reqps` is `12 k req/s`.
    Suffix(String),
    /// Bytes a second in steps of 1024.
    BytesPerSecond,
    /// Bytes a second in steps of 1000.
    BytesPerSecondSi,
    /// Bits a second.
    BitsPerSecond,
    /// 0 or 1.
    Bool,
}

/// The unit a duration is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum TimeUnit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
}

impl Unit {
    /// Reads Grafana's name of a unit; an unknown name becomes a suffix, so it is at least shown.
    pub fn parse(name: &str) -> Self {
        let suffix = |text: &str| Self::Suffix(text.to_owned());
        match name.trim() {
            "" | "short" => Self::Short,
            "none" | "locale" => Self::None,
            "percent" => Self::Percent,
            "percentunit" => Self::PercentUnit,
            "ns" => Self::Time(TimeUnit::Nanosecond),
            "µs" | "us" => Self::Time(TimeUnit::Microsecond),
            "ms" => Self::Time(TimeUnit::Millisecond),
            "s" | "dtdurations" | "clocks" => Self::Time(TimeUnit::Second),
            "dtdurationms" | "clockms" => Self::Time(TimeUnit::Millisecond),
            "m" => Self::Time(TimeUnit::Minute),
            "h" => Self::Time(TimeUnit::Hour),
            "d" => Self::Time(TimeUnit::Day),
            "bytes" => Self::Bytes,
            "decbytes" => Self::BytesSi,
            "bits" | "decbits" => Self::Bits,
            "binBps" => Self::BytesPerSecond,
            "Bps" => Self::BytesPerSecondSi,
            "bps" | "binbps" => Self::BitsPerSecond,
            "reqps" => suffix("req/s"),
            "ops" => suffix("ops/s"),
            "rps" => suffix("rd/s"),
            "wps" => suffix("wr/s"),
            "iops" => suffix("io/s"),
            "cps" => suffix("/s"),
            "eps" => suffix("ev/s"),
            "mps" => suffix("msg/s"),
            "pps" => suffix("pkt/s"),
            "reqpm" => suffix("req/min"),
            "opm" => suffix("ops/min"),
            "cpm" => suffix("/min"),
            "bool" | "bool_yes_no" | "bool_on_off" => Self::Bool,
            "celsius" => suffix("°C"),
            "watt" => suffix("W"),
            "hertz" => suffix("Hz"),
            "cores" => suffix("cores"),
            other => match other.strip_prefix("suffix:") {
                None if value_format::is_known(other) => Self::Grafana(other.to_owned()),
                word => suffix(word.unwrap_or(other)),
            },
        }
    }

    /// The number with its unit: `91.2 %`, `1.25 s`, `3.4 MiB`, `12 k req/s`; `NaN` and `±∞` in words.
    pub fn format(&self, value: f64) -> String {
        self.format_to(value, SIGNIFICANT)
    }

    /// As [`format`](Self::format), with as many digits more as tell it from a limit: what is below 99 % is not said to be
    /// 99 %.
    pub fn format_apart(&self, value: f64, limit: f64) -> String {
        let to = |digits| (self.format_to(value, digits), self.format_to(limit, digits));
        let is_apart = |digits: &i32| value == limit || to(*digits).0 != to(*digits).1;
        let digits = (SIGNIFICANT..=MOST_SIGNIFICANT).find(is_apart).unwrap_or(MOST_SIGNIFICANT);
        self.format_to(value, digits)
    }

    fn format_to(&self, value: f64, significant: i32) -> String {
        if value.is_nan() {
            return "NaN".into();
        }
        if value.is_infinite() {
            return if value > 0.0 { "+∞".into() } else { "−∞".into() };
        }
        if let Self::Grafana(id) = self {
            return written(id, value, None).to_string();
        }
        if *self == Self::Bool {
            return if value == 0.0 { "no" } else { "yes" }.into();
        }
        let scale = self.scale(value);
        format!("{}{}", digits_to(value * scale.factor, significant), scale.suffix)
    }

    /// The step and suffix that suit a number of the size of `value`, so that the numbers of an axis can share them.
    pub fn scale(&self, value: f64) -> Scale {
        let plain = |factor, suffix: &str| Scale { factor, suffix: suffix.into() };
        match self {
            Self::Short => steps(value, 1000.0, &SI, ""),
            Self::None | Self::Bool => plain(1.0, ""),
            Self::Percent => plain(1.0, " %"),
            Self::PercentUnit => plain(100.0, " %"),
            Self::Time(unit) => time_steps(value, *unit),
            Self::Bytes => steps(value, 1024.0, &IEC, "B"),
            Self::BytesSi => steps(value, 1000.0, &SI, "B"),
            Self::Bits => steps(value, 1000.0, &SI, "b"),
            Self::BytesPerSecond => steps(value, 1024.0, &IEC, "B/s"),
            Self::BytesPerSecondSi => steps(value, 1000.0, &SI, "B/s"),
            Self::BitsPerSecond => steps(value, 1000.0, &SI, "b/s"),
            Self::Grafana(id) => scale_of(id, value),
            Self::Suffix(suffix) => {
                let Scale { factor, suffix: step } = steps(value, 1000.0, &SI, "");
                Scale { factor, suffix: format!("{step} {suffix}") }
            }
        }
    }
}

/// As Grafana writes it; a moment is in UTC.
fn written(id: &str, value: f64, decimals: Option<i32>) -> Formatted {
    value_format::format(Some(id), value, decimals, false, Viewer { zone: &TimeZone::UTC, now: 0.0 })
}

/// The step that Grafana takes for a number of this size, by what it makes of it. What it puts before a number stands behind
/// it here; what is no number for it, as a moment, has no step.
fn scale_of(id: &str, value: f64) -> Scale {
    const ENOUGH: i32 = 9;
    let Formatted { prefix, text, suffix } = written(id, value, Some(ENOUGH));
    let factor = text.parse::<f64>().ok().map(|shown| shown / value).filter(|factor| factor.is_normal());
    match factor {
        Some(factor) if prefix.is_empty() => Scale { factor, suffix },
        Some(factor) => Scale { factor, suffix: format!("{suffix} {prefix}") },
        None => Scale { factor: 1.0, suffix: String::new() },
    }
}

/// A unit with its step chosen: multiply by `factor`, then put `suffix` behind it (it brings its own space).
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "said above")]
pub struct Scale {
    pub factor: f64,
    pub suffix: String,
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(Self::parse(&crate::base::text::clipped(&name, 40)))
    }
}

const SI: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
const IEC: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// So many digits say enough.
const SIGNIFICANT: i32 = 3;
/// More tell no two numbers apart that differ for a person.
const MOST_SIGNIFICANT: i32 = 9;

/// Three significant digits without trailing zeros; `0` rather than `-0`; very small ones in exponent form.
pub fn digits(value: f64) -> String {
    digits_to(value, SIGNIFICANT)
}

/// A part of a hundred; what is there is never none, and what is not all is never all.
pub fn percent(part: f64) -> String {
    match part {
        part if part <= 0.0 || part.is_nan() => "0 %".into(),
        part if part < 1.0 => "<1 %".into(),
        part if part > 99.0 && part < 100.0 => ">99 %".into(),
        part => format!("{part:.0} %"),
    }
}

fn digits_to(value: f64, significant: i32) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if !(1e-4..1e15).contains(&size) {
        return format!("{value:.2e}");
    }
    // The number of digits before the point decides how many there are to be after it.
    let before = size.log10().floor() as i32 + 1;
    let after = (significant - before).clamp(0, significant + 3) as usize;
    let text = format!("{value:.after$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.into() }
}

fn steps(value: f64, base: f64, names: &[&str], unit: &str) -> Scale {
    let mut size = value.abs();
    let mut divisor = 1.0;
    let mut step = 0;
    // 999.6 would round to 1000, so it is already the next step's 1.
    while size >= base - 0.5 && step + 1 < names.len() {
        size /= base;
        divisor *= base;
        step += 1;
    }
    let space = if unit.is_empty() { "" } else { " " };
    Scale { factor: 1.0 / divisor, suffix: format!("{space}{}{unit}", names[step]) }
}

fn time_steps(value: f64, unit: TimeUnit) -> Scale {
    let factor = match unit {
        TimeUnit::Nanosecond => 1e-9,
        TimeUnit::Microsecond => 1e-6,
        TimeUnit::Millisecond => 1e-3,
        TimeUnit::Second => 1.0,
        TimeUnit::Minute => 60.0,
        TimeUnit::Hour => 3600.0,
        TimeUnit::Day => 86400.0,
    };
    let (step, suffix) = match (value * factor).abs() {
        0.0 => (1.0, " s"),
        size if size < 0.9995e-6 => (1e9, " ns"),
        size if size < 0.9995e-3 => (1e6, " µs"),
        size if size < 0.9995 => (1e3, " ms"),
        size if size < 59.95 => (1.0, " s"),
        size if size < 3597.0 => (1.0 / 60.0, " min"),
        size if size < 86_000.0 => (1.0 / 3600.0, " h"),
        _ => (1.0 / 86400.0, " d"),
    };
    Scale { factor: factor * step, suffix: suffix.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(unit: &str, value: f64, expected: &str) {
        assert_eq!(Unit::parse(unit).format(value), expected);
    }

    #[test]
    fn what_is_beyond_a_limit_does_not_read_as_the_limit() {
        let apart = |unit: &str, value, limit| Unit::parse(unit).format_apart(value, limit);
        assert_eq!(apart("percentunit", 0.98971, 0.99), "98.97 %");
        assert_eq!(apart("percentunit", 0.98999, 0.99), "98.999 %");
        assert_eq!(apart("percentunit", 0.9, 0.99), "90 %");
        assert_eq!(apart("percentunit", 0.99, 0.99), "99 %");
        assert_eq!(apart("ms", 500.2, 500.0), "500.2 ms");
        assert_eq!(apart("s", 60.01, 60.0), "1.0002 min");
        assert_eq!(apart("short", 0.3 - 0.2, 0.1), "0.1", "a rounding error");
        assert_eq!(apart("percentunit", f64::NAN, 0.99), "NaN");
    }

    #[test]
    fn parts_of_a_hundred_never_round_to_none_or_all() {
        let said = [0.0, 0.2, 1.0, 49.6, 99.7, 100.0, f64::NAN].map(percent);
        assert_eq!(said, ["0 %", "<1 %", "1 %", "50 %", ">99 %", "100 %", "0 %"]);
    }

    #[test]
    fn three_digits_and_a_unit() {
        check("short", 0.0, "0");
        check("short", -0.0, "0");
        check("short", 1234.0, "1.23k");
        check("short", 999.7, "1k");
        check("short", 0.012345, "0.0123");
        check("none", 12345.0, "12345");
        check("percentunit", 0.9124, "91.2 %");
        check("percent", 99.5, "99.5 %");
        check("reqps", 12_345.0, "12.3k req/s");
        check("bytes", 1536.0, "1.5 KiB");
        check("bytes", 512.0, "512 B");
        check("decbytes", 1_500_000.0, "1.5 MB");
        check("Bps", 2e6, "2 MB/s");
        check("s", 0.00123, "1.23 ms");
        check("s", 75.0, "1.25 min");
        check("ms", 1250.0, "1.25 s");
        check("short", f64::NAN, "NaN");
        check("s", f64::NEG_INFINITY, "−∞");
        check("short", 1e-9, "1.00e-9");
        check("furlongs", 3.0, "3 furlongs");
        check("decmbytes", 1500.0, "1.50 GB");
        check("currencyUSD", 12_345.0, "$12.3K");
        check("humidity", 41.5, "41.5 %H");
        check("bool", 1.0, "yes");
    }

    #[test]
    fn numbers_of_an_axis_share_a_step() {
        let scale = Unit::parse("decmbytes").scale(1500.0);
        assert_eq!((scale.suffix.as_str(), digits(750.0 * scale.factor).as_str()), (" GB", "0.75"));
        let scale = Unit::parse("reqps").scale(12_345.0);
        assert_eq!(scale.suffix, "k req/s");
        assert_eq!(digits(950.0 * scale.factor), "0.95");
    }
}
