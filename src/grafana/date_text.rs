//! Moments that were written as text, as in ISO 8601.

use super::value_format::days_to;

/// Milliseconds since the Unix epoch of `2026-01-31`, `20260131`, `2026-01-31T12:30:00.123+02:00` and the like, in UTC where
/// no zone is said; NaN for what is none of these.
pub fn milliseconds(written: &str) -> f64 {
    read(written.trim()).map_or(f64::NAN, |milliseconds| milliseconds as f64)
}

fn read(written: &str) -> Option<i64> {
    let end = written.find(['T', ' ']).unwrap_or(written.len());
    let (date, time) = written.split_at_checked(end)?;
    let separated = date.contains('-');
    let (year, date) = digits(date, 4)?;
    let (month, date) = part(date, "-", separated)?.unwrap_or((1, date));
    let (day, date) = part(date, "-", separated)?.unwrap_or((1, date));
    let last = days_to(year + month / 12, month % 12 + 1, 1) - days_to(year, month, 1);
    if !date.is_empty() || !(1..=12).contains(&month) || !(1..=last).contains(&day) {
        return None;
    }
    Some(days_to(year, month, day) * 86_400_000 + time.get(1..).map_or(Some(0), of_day)?)
}

/// Milliseconds since midnight in UTC.
fn of_day(time: &str) -> Option<i64> {
    let separated = time.contains(':');
    let (hour, rest) = digits(time, 2)?;
    let (minute, rest) = part(rest, ":", separated)?.unwrap_or((0, rest));
    let (second, rest) = part(rest, ":", separated)?.unwrap_or((0, rest));
    let (thousandths, rest) = match rest.strip_prefix(['.', ',']) {
        Some(behind) => {
            let count = behind.bytes().take_while(u8::is_ascii_digit).count();
            let (fraction, rest) = behind.split_at_checked(count)?;
            (format!("{fraction:0<3}").get(..3)?.parse().ok()?, rest)
        }
        None => (0, rest),
    };
    let late = minute > 0 || second > 0 || thousandths > 0;
    if hour > 24 || (hour == 24 && late) || minute > 59 || second > 59 {
        return None;
    }
    let offset = match rest.trim_start().strip_prefix(['+', '-']) {
        None if rest.trim_start() == "Z" || rest.is_empty() => 0,
        None => return None,
        Some(zone) => {
            let (hours, zone) = digits(zone, 2)?;
            let (minutes, zone) = part(zone, ":", zone.contains(':'))?.unwrap_or((0, zone));
            if !zone.is_empty() {
                return None;
            }
            let minutes = hours * 60 + minutes;
            if rest.trim_start().starts_with('-') { -minutes } else { minutes }
        }
    };
    Some(((hour * 60 + minute - offset) * 60 + second) * 1000 + thousandths)
}

/// Two more digits, behind their sign; the inner `None` where nothing of that kind follows.
fn part<'t>(rest: &'t str, sign: &str, separated: bool) -> Option<Option<(i64, &'t str)>> {
    let behind = if separated {
        rest.strip_prefix(sign)
    } else {
        Some(rest).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    match behind {
        Some(behind) => digits(behind, 2).map(Some),
        None => Some(None),
    }
}

fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| Some((digits.parse().ok()?, rest)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_from_text() {
        for (text, expected) in [
            ("2026-01-31", 1_769_817_600_000.0),
            ("20260131T1230", 1_769_862_600_000.0),
            ("2026-01-31 12:30:00.1239+02:00", 1_769_855_400_123.0),
            ("2024-02-29T24:00Z", 1_709_251_200_000.0),
            ("2026", 1_767_225_600_000.0),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
        for text in
            ["", "noon", "2026-13-01", "2026-02-29", "2026-01-31T25", "1769817600000", "2026-01-31é", "2026-01-31T"]
        {
            assert!(milliseconds(text).is_nan(), "{text}");
        }
    }
}
