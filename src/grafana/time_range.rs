//! The stretch of time a dashboard shows, and what a panel makes of it.

use jiff::{Span, ToSpan, Unit, Zoned, tz::TimeZone};

/// A stretch of time, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// Where it begins.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
}

impl TimeRange {
    /// Its length in milliseconds.
    pub fn length(self) -> i64 {
        self.to.saturating_sub(self.from)
    }

    /// What a panel with a time of its own shows, `1h` or `now-1h`, where the dashboard ends now. What cannot be read
    /// changes nothing.
    #[must_use]
    pub fn last(self, text: &str) -> Self {
        let text = text.trim();
        let shift = text.strip_prefix("now-").unwrap_or(text);
        let is_plain = shift.starts_with(|c: char| c.is_ascii_digit());
        let from = if is_plain { moved(self.to, &format!("-{shift}")) } else { None };
        from.map_or(self, |from| Self { from, to: self.to })
    }

    /// The same stretch earlier, by `1d`. What cannot be read changes nothing.
    #[must_use]
    pub fn earlier(self, text: &str) -> Self {
        let shift = format!("-{}", text.trim());
        match (moved(self.from, &shift), moved(self.to, &shift)) {
            (Some(from), Some(to)) => Self { from, to },
            _ => self,
        }
    }
}

/// A time moved by steps such as `-1d`, `+30m` or `/d`, which goes back to the beginning of the day; in UTC. `None` where
/// they cannot be read.
fn moved(at: i64, steps: &str) -> Option<i64> {
    let mut time = jiff::Timestamp::from_millisecond(at).ok()?.to_zoned(TimeZone::UTC);
    let mut rest = steps;
    while let Some(sign) = rest.chars().next() {
        rest = rest.get(1..)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, unit) = rest.split_at_checked(digits)?;
        let letter = unit.chars().next()?;
        rest = unit.get(letter.len_utf8()..)?;
        let amount: i64 = if amount.is_empty() { 1 } else { amount.parse().ok().filter(|n| *n <= 1_000_000)? };
        time = match sign {
            '-' => time.checked_sub(span(amount, letter)?).ok()?,
            '+' => time.checked_add(span(amount, letter)?).ok()?,
            '/' => start_of(&time, letter)?,
            _ => return None,
        };
    }
    Some(time.timestamp().as_millisecond())
}

fn span(amount: i64, unit: char) -> Option<Span> {
    let zero = Span::new();
    match unit {
        's' => zero.try_seconds(amount),
        'm' => zero.try_minutes(amount),
        'h' => zero.try_hours(amount),
        'd' => zero.try_days(amount),
        'w' => zero.try_weeks(amount),
        'M' => zero.try_months(amount),
        'Q' => zero.try_months(amount.checked_mul(3)?),
        'y' => zero.try_years(amount),
        _ => return None,
    }
    .ok()
}

fn start_of(time: &Zoned, unit: char) -> Option<Zoned> {
    let day = |time: &Zoned| time.start_of_day().ok();
    match unit {
        's' | 'm' | 'h' => {
            let unit = match unit {
                's' => Unit::Second,
                'm' => Unit::Minute,
                _ => Unit::Hour,
            };
            time.round(jiff::ZonedRound::new().smallest(unit).mode(jiff::RoundMode::Trunc)).ok()
        }
        'd' => day(time),
        'w' => day(&time.checked_sub(i64::from(time.weekday().to_sunday_zero_offset()).days()).ok()?),
        'M' => day(&time.first_of_month().ok()?),
        'y' => day(&time.first_of_year().ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_panel_may_show_another_stretch() {
        let day = TimeRange { from: 24 * HOUR, to: 48 * HOUR };
        assert_eq!(day.last("1h"), TimeRange { from: 47 * HOUR, to: 48 * HOUR });
        assert_eq!(day.last("now-2h"), TimeRange { from: 46 * HOUR, to: 48 * HOUR });
        assert_eq!(day.earlier("1d"), TimeRange { from: 0, to: 24 * HOUR });
        for odd in ["", "soon", "-1h", "1", "9999999999999999h", "1ü"] {
            assert_eq!(day.last(odd), day, "{odd}");
        }
        assert_eq!(moved(25 * HOUR + 5, "/d"), Some(24 * HOUR));
    }
}
