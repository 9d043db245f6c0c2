//! Times written and read by the tokens of Moment.js, which Grafana's formats are made of; the time zone is UTC.

use jiff::{Timestamp, civil, tz::TimeZone};

use super::super::value_format::{MONTHS, WEEKDAYS};

/// What is made of more than one token.
const LONG: [(&str, &str); 6] = [
    ("LTS", "h:mm:ss A"),
    ("LT", "h:mm A"),
    ("LLLL", "dddd, MMMM D, YYYY h:mm A"),
    ("LLL", "MMMM D, YYYY h:mm A"),
    ("LL", "MMMM D, YYYY"),
    ("L", "MM/DD/YYYY"),
];

/// The tokens; of those that fit, the first counts.
const TOKENS: [&str; 48] = [
    "Hmmss", "hmmss", "Hmm", "hmm", "MMMM", "MMM", "MM", "Mo", "M", "Do", "DDDD", "DDD", "DD", "D", "dddd", "ddd",
    "dd", "do", "d", "ww", "w", "WW", "W", "Q", "YYYY", "YY", "Y", "GGGG", "GG", "gggg", "gg", "e", "E", "a", "A",
    "hh", "h", "HH", "H", "kk", "k", "mm", "m", "ss", "s", "x", "X", "ZZ",
];

/// A format without a format: ISO 8601.
const ISO: &str = "YYYY-MM-DD[T]HH:mm:ss[Z]";

/// A piece of a format.
#[derive(Debug, PartialEq)]
enum Piece<'f> {
    Token(&'f str),
    Fraction(usize),
    Text(&'f str),
}

fn pieces(format: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let (piece, used) = if let Some((text, _)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            (Piece::Text(text), text.len() + 2)
        } else if let Some(escaped) = rest.strip_prefix('\\').filter(|rest| !rest.is_empty()) {
            let len = escaped.chars().next().map_or(0, char::len_utf8);
            (Piece::Text(escaped.get(..len).unwrap_or_default()), len + 1)
        } else if first == 'S' {
            let digits = rest.bytes().take_while(|b| *b == b'S').count().min(9);
            (Piece::Fraction(digits), digits)
        } else if let Some(token) = TOKENS.iter().find(|token| rest.starts_with(**token)) {
            (Piece::Token(token), token.len())
        } else {
            let len = if rest.starts_with("zz") { 2 } else { first.len_utf8() };
            let text = rest.get(..len).unwrap_or_default();
            (if matches!(text, "Z") { Piece::Token("Z") } else { Piece::Text(text.trim_matches('z')) }, len)
        };
        out.push(piece);
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

fn spelled_out(format: &str) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let long = LONG.iter().find(|(short, _)| rest.starts_with(short));
        let literal = rest.starts_with('[').then(|| rest.find(']')).flatten();
        let used = match (literal, long) {
            (Some(end), _) => end + 1,
            (None, Some((short, long))) => {
                out += long;
                rest = rest.get(short.len()..).unwrap_or_default();
                continue;
            }
            (None, None) => first.len_utf8(),
        };
        out += rest.get(..used).unwrap_or_default();
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// A time as a format writes it; "Invalid date" for what is no time.
pub fn written(milliseconds: f64, format: &str) -> String {
    let time = (milliseconds.is_finite() && milliseconds.abs() < 1e16)
        .then(|| Timestamp::from_millisecond(milliseconds as i64).ok())
        .flatten();
    let Some(time) = time else { return "Invalid date".to_owned() };
    let civil = TimeZone::UTC.to_datetime(time);
    let format = spelled_out(if format.is_empty() { ISO } else { format });
    pieces(&format)
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => (*text).to_owned(),
            Piece::Fraction(digits) => {
                let nanoseconds = format!("{:09}", civil.subsec_nanosecond());
                nanoseconds.get(..*digits).unwrap_or_default().to_owned()
            }
            Piece::Token(token) => part(civil, time, token),
        })
        .collect()
}

fn part(at: civil::DateTime, time: Timestamp, token: &str) -> String {
    let two = |number: i64| format!("{number:02}");
    let weekday = i64::from(at.weekday().to_sunday_zero_offset());
    let day_of_year = i64::from(at.day_of_year());
    let (hour, minute, second) = (i64::from(at.hour()), i64::from(at.minute()), i64::from(at.second()));
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let year = i64::from(at.year());
    let iso = at.date().iso_week_date();
    let name = |names: &[&str], index: i64, len: usize| {
        let name = usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default();
        name.get(..len.min(name.len())).unwrap_or_default().to_owned()
    };
    match token {
        "YYYY" | "Y" => format!("{year:04}"),
        "YY" => two(year % 100),
        "Q" => ((i64::from(at.month()) + 2) / 3).to_string(),
        "M" => at.month().to_string(),
        "Mo" => ordinal(at.month().into()),
        "MM" => two(at.month().into()),
        "MMM" => name(&MONTHS, i64::from(at.month()) - 1, 3),
        "MMMM" => name(&MONTHS, i64::from(at.month()) - 1, 9),
        "D" => at.day().to_string(),
        "Do" => ordinal(at.day().into()),
        "DD" => two(at.day().into()),
        "DDD" => day_of_year.to_string(),
        "DDDD" => format!("{day_of_year:03}"),
        "d" | "e" => weekday.to_string(),
        "do" => ordinal(weekday),
        "dd" => name(&WEEKDAYS, weekday, 2),
        "ddd" => name(&WEEKDAYS, weekday, 3),
        "dddd" => name(&WEEKDAYS, weekday, 9),
        "E" => at.weekday().to_monday_one_offset().to_string(),
        "w" | "ww" | "gg" | "gggg" => {
            let (week_year, week) = sunday_week(at, year, weekday, day_of_year);
            match token {
                "w" => week.to_string(),
                "ww" => two(week),
                "gg" => two(week_year % 100),
                _ => format!("{week_year:04}"),
            }
        }
        "W" => iso.week().to_string(),
        "WW" => two(iso.week().into()),
        "GG" => two(i64::from(iso.year()) % 100),
        "GGGG" => format!("{:04}", iso.year()),
        "H" => hour.to_string(),
        "HH" => two(hour),
        "h" => twelve.to_string(),
        "hh" => two(twelve),
        "k" => (if hour == 0 { 24 } else { hour }).to_string(),
        "kk" => two(if hour == 0 { 24 } else { hour }),
        "Hmm" => format!("{hour}{minute:02}"),
        "hmm" => format!("{twelve}{minute:02}"),
        "Hmmss" => format!("{hour}{minute:02}{second:02}"),
        "hmmss" => format!("{twelve}{minute:02}{second:02}"),
        "m" => minute.to_string(),
        "mm" => two(minute),
        "s" => second.to_string(),
        "ss" => two(second),
        "A" => (if hour < 12 { "AM" } else { "PM" }).to_owned(),
        "a" => (if hour < 12 { "am" } else { "pm" }).to_owned(),
        "x" => time.as_millisecond().to_string(),
        "X" => time.as_second().to_string(),
        "Z" => "+00:00".to_owned(),
        "ZZ" => "+0000".to_owned(),
        _ => token.to_owned(),
    }
}

/// The year and the week that begins on Sunday; the first is that of the first of January.
fn sunday_week(at: civil::DateTime, year: i64, weekday: i64, day_of_year: i64) -> (i64, i64) {
    let first = (weekday - (day_of_year - 1)).rem_euclid(7);
    let days = if at.date().in_leap_year() { 366 } else { 365 };
    if day_of_year - weekday + 6 > days {
        return (year + 1, 1);
    }
    (year, (day_of_year - 1 + first) / 7 + 1)
}

fn ordinal(number: i64) -> String {
    let ending = match (number % 100 / 10, number % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// The time a text stands for by a format, in milliseconds; `None` for what is no time.
pub fn read(text: &str, format: Option<&str>) -> Option<f64> {
    let format = match format {
        _ if text.ends_with('Z') => "YYYY-MM-DDTHH:mm:ss.SSSZ",
        Some(format) => format,
        None => "YYYY-MM-DD HH:mm:ss",
    };
    let parsed = Parts::read(text, &spelled_out(format)).and_then(|parts| parts.time());
    parsed.or_else(|| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?)
}

/// What was read of a time.
#[derive(Default)]
struct Parts {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    nanosecond: i64,
    afternoon: Option<bool>,
    milliseconds: Option<f64>,
}

impl Parts {
    /// Each token takes what fits it next, whatever stands before that.
    fn read(text: &str, format: &str) -> Option<Self> {
        let mut parts = Self::default();
        let (mut rest, mut any) = (text, false);
        for piece in pieces(format) {
            let digits = |most: usize| {
                let from = rest.find(|c: char| c.is_ascii_digit())?;
                let behind = rest.get(from..)?;
                let len = behind.bytes().take_while(u8::is_ascii_digit).count().min(most);
                Some((from + len, behind.get(..len)?))
            };
            let number = |most| digits(most).and_then(|(used, text)| Some((used, text.parse::<i64>().ok()?)));
            let mut take = |read: Option<(usize, i64)>, into: &mut Option<i64>| {
                let used = read.map(|(used, number)| {
                    *into = Some(number);
                    used
                });
                any |= used.is_some();
                used
            };
            let used = match piece {
                Piece::Text(text) => (!text.is_empty()).then(|| rest.find(text).map(|at| at + text.len())).flatten(),
                Piece::Fraction(most) => digits(most).map(|(used, text)| {
                    parts.nanosecond = format!("{text:0<9}").parse().unwrap_or(0);
                    any = true;
                    used
                }),
                Piece::Token(token @ ("YYYY" | "Y" | "YY")) => {
                    let read = digits(if token == "YY" { 2 } else { 4 });
                    let full = read.and_then(|(used, text)| {
                        let year: i64 = text.parse().ok()?;
                        Some((used, if text.len() == 2 { year + if year > 68 { 1900 } else { 2000 } } else { year }))
                    });
                    take(full, &mut parts.year)
                }
                Piece::Token("M" | "MM") => take(number(2), &mut parts.month),
                Piece::Token("MMM" | "MMMM") => take(month_name(rest), &mut parts.month),
                Piece::Token("D" | "DD" | "Do") => take(number(2), &mut parts.day),
                Piece::Token("DDD" | "DDDD") => take(number(3), &mut parts.day_of_year),
                Piece::Token("H" | "HH" | "h" | "hh" | "k" | "kk") => take(number(2), &mut parts.hour),
                Piece::Token("m" | "mm") => take(number(2), &mut parts.minute),
                Piece::Token("s" | "ss") => take(number(2), &mut parts.second),
                Piece::Token("A" | "a") => rest.find(['A', 'P', 'a', 'p']).map(|at| {
                    parts.afternoon = Some(rest.get(at..).is_some_and(|half| half.starts_with(['P', 'p'])));
                    at + if rest.get(at + 1..).is_some_and(|m| m.starts_with(['M', 'm'])) { 2 } else { 1 }
                }),
                Piece::Token("X" | "x") => digits(400).map(|(used, text)| {
                    let scale = if piece == Piece::Token("X") { 1000.0 } else { 1.0 };
                    parts.milliseconds = text.parse::<f64>().ok().map(|number| number * scale);
                    any = true;
                    used
                }),
                Piece::Token(_) => None,
            };
            rest = rest.get(used.unwrap_or(0)..).unwrap_or_default();
        }
        any.then_some(parts)
    }

    fn time(&self) -> Option<f64> {
        if let Some(milliseconds) = self.milliseconds {
            return Some(milliseconds);
        }
        let hour = match (self.hour.unwrap_or(0), self.afternoon) {
            (12, Some(false)) => 0,
            (hour, Some(true)) if hour < 12 => hour + 12,
            (hour, _) => hour,
        };
        let small = |number: i64| i8::try_from(number).ok();
        let year = i16::try_from(self.year?).ok()?;
        let date = match self.day_of_year {
            Some(day) => {
                civil::Date::new(year, 1, 1).ok()?.checked_add(jiff::Span::new().try_days(day - 1).ok()?).ok()?
            }
            None => civil::Date::new(year, small(self.month.unwrap_or(1))?, small(self.day.unwrap_or(1))?).ok()?,
        };
        let time = civil::Time::new(
            small(hour)?,
            small(self.minute.unwrap_or(0))?,
            small(self.second.unwrap_or(0))?,
            i32::try_from(self.nanosecond).ok()?,
        );
        let at = date.to_datetime(time.ok()?).to_zoned(TimeZone::UTC).ok()?;
        Some(at.timestamp().as_millisecond() as f64)
    }
}

fn month_name(text: &str) -> Option<(usize, i64)> {
    let lower = text.to_ascii_lowercase();
    let found = MONTHS.iter().zip(1..).filter_map(|(name, number)| {
        let name = name.to_ascii_lowercase();
        let at = lower.find(name.get(..3)?)?;
        let len = if lower.get(at..).is_some_and(|rest| rest.starts_with(&name)) { name.len() } else { 3 };
        Some((at + len, number))
    });
    found.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_by_tokens() {
        let at = 1_764_497_105_055.0;
        for (format, text) in [
            ("YYYY-MM-DD HH:MM:ss.sss", "2025-11-30 10:11:05.055"),
            ("Hmm Q Do DDD DDDD d do dd ddd dddd", "1005 4 30th 334 334 0 0th Su Sun Sunday"),
            ("e E w ww W gg GGGG k kk h hh A a S SS SSS SSSS", "0 7 49 49 48 25 2025 10 10 10 10 AM am 0 05 055 0550"),
            ("x X Z ZZ z| LT LL [lit] \\Y", "1764497105055 1764497105 +00:00 +0000 | 10:05 AM November 30, 2025 lit Y"),
            ("", "2025-11-30T10:05:05Z"),
        ] {
            assert_eq!(written(at, format), text);
        }
        assert_eq!(written(f64::NAN, "YYYY"), "Invalid date");
    }

    #[test]
    fn times_are_read_by_tokens() {
        for (text, format, time) in [
            ("2026-11-30 10:00:00", None, Some(1_796_032_800_000.0)),
            ("2026-11-30T10:00:00+02:00", None, Some(1_796_032_800_000.0)),
            ("2026-11-30T10:00:00.123456Z", None, Some(1_796_032_800_123.0)),
            ("1700000000", None, Some(1_700_000_000.0)),
            ("1700000000", Some("X"), Some(1_700_000_000_000.0)),
            ("30/11/2026 5:07 PM", Some("DD/MM/YYYY h:mm A"), Some(1_796_058_420_000.0)),
            ("30 Nov 26", Some("DD MMM YY"), Some(1_795_996_800_000.0)),
            ("2026", None, Some(1_767_225_600_000.0)),
            ("20261130", None, Some(1_795_996_800_000.0)),
            ("2026-13-30", None, None),
            ("abc", None, None),
        ] {
            assert_eq!(read(text, format), time, "{text}");
        }
    }
}
