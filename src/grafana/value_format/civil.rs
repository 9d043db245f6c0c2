//! A moment as a person reads it: year, month, day and time of day, also far beyond the years that calendars have.

use jiff::{Timestamp, tz::TimeZone};

/// The milliseconds around 1970 that a browser knows as a date.
const MOST_MILLISECONDS: f64 = 8.64e15;
const DAY: i64 = 86_400_000;

/// A moment in a time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Milliseconds since the Unix epoch.
    pub unix: i64,
    /// The year; 0 is the one before the year 1.
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
    /// Since midnight, in milliseconds.
    pub of_day: i64,
    /// Seconds that the zone is ahead of UTC.
    pub offset: i64,
    /// The short name of the zone.
    pub zone: String,
}

impl Civil {
    /// Of milliseconds since the Unix epoch; `None` for what is no number or too far.
    pub fn new(milliseconds: f64, zone: &TimeZone) -> Option<Self> {
        if milliseconds.is_nan() || milliseconds.abs() > MOST_MILLISECONDS {
            return None;
        }
        let unix = milliseconds as i64;
        let known = if unix < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let known = Timestamp::from_millisecond(unix).unwrap_or(known);
        let info = zone.to_offset_info(known);
        let offset = i64::from(info.offset().seconds());
        let local = unix + offset * 1000;
        let (year, month, day) = date_of(local.div_euclid(DAY));
        Some(Self {
            unix,
            year,
            month,
            day,
            of_day: local.rem_euclid(DAY),
            offset,
            zone: info.abbreviation().to_owned(),
        })
    }

    /// In UTC.
    pub fn utc(milliseconds: f64) -> Option<Self> {
        Self::new(milliseconds, &TimeZone::UTC)
    }

    /// Milliseconds of what the clock on the wall shows.
    pub const fn local(&self) -> i64 {
        self.unix + self.offset * 1000
    }

    /// Days of what the calendar on the wall shows, since 1970.
    pub const fn days(&self) -> i64 {
        self.local().div_euclid(DAY)
    }

    /// From 0 for Sunday.
    pub const fn weekday(&self) -> i64 {
        (self.days() + 4).rem_euclid(7)
    }

    /// From 1.
    pub const fn day_of_year(&self) -> i64 {
        self.days() - days_to(self.year, 1, 1) + 1
    }

    /// The year that a week belongs to, and which week of it that is. Weeks begin at a weekday, and the first of a year
    /// holds a day of January.
    pub fn week(&self, begins: i64, holds: i64) -> (i64, i64) {
        let first = |year: i64| {
            let weekday = (days_to(year, 1, holds) + 4).rem_euclid(7);
            holds - 1 - (7 + weekday - begins).rem_euclid(7)
        };
        let weeks = |year: i64| (days_to(year + 1, 1, 1) - days_to(year, 1, 1) - first(year) + first(year + 1)) / 7;
        let week = (self.day_of_year() - first(self.year) - 1).div_euclid(7) + 1;
        if week < 1 {
            (self.year - 1, week + weeks(self.year - 1))
        } else if week > weeks(self.year) {
            (self.year + 1, week - weeks(self.year))
        } else {
            (self.year, week)
        }
    }

    /// The same time of day so many months later, by the clock on the wall; at most the last day of a shorter month.
    pub fn months_later(&self, months: i64) -> i64 {
        let month = self.year * 12 + self.month - 1 + months;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let next = if month == 12 { days_to(year + 1, 1, 1) } else { days_to(year, month + 1, 1) };
        (days_to(year, month, self.day)).min(next - 1) * DAY + self.of_day
    }
}

/// The date that is so many days after 1970 began.
const fn date_of(days: i64) -> (i64, i64, i64) {
    // By eras of 400 years that begin in March, so that the day that is sometimes missing is the last one.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, of_year - (153 * from_march + 2) / 5 + 1)
}

/// How many days after 1970 began a date is.
pub const fn days_to(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
