//! How long ago something was, or how long it is until then, roughly and in words.

use super::civil::Civil;

/// Of a duration: whole months, and milliseconds beyond them.
struct Distance {
    months: i64,
    milliseconds: i64,
}

/// From an earlier moment to a later one.
fn distance(earlier: &Civil, later: &Civil) -> Distance {
    let mut months = later.month - earlier.month + (later.year - earlier.year) * 12;
    if earlier.months_later(months) > later.local() {
        months -= 1;
    }
    Distance { months, milliseconds: later.local() - earlier.months_later(months) }
}

/// Rounds half up.
fn whole(value: f64) -> i64 {
    (value + 0.5).floor() as i64
}

/// A moment as seen from now.
pub fn from_now(at: Option<&Civil>, now: Option<&Civil>) -> String {
    let (Some(at), Some(now)) = (at, now) else { return "Invalid date".to_owned() };
    let later = at.unix > now.unix;
    let words = words(&if later { distance(now, at) } else { distance(at, now) });
    if later { format!("in {words}") } else { format!("{words} ago") }
}

fn words(distance: &Distance) -> String {
    let milliseconds = distance.milliseconds as f64;
    let days_of_months = whole(distance.months as f64 * 146_097.0 / 4800.0) as f64;
    let in_unit = |per_day: f64| whole(days_of_months * per_day + milliseconds / (864e5 / per_day));
    let months = distance.months as f64 + milliseconds / 864e5 * 4800.0 / 146_097.0;
    let (seconds, minutes, hours, days) = (in_unit(86400.0), in_unit(1440.0), in_unit(24.0), in_unit(1.0));
    let (months, years) = (whole(months), whole(months / 12.0));
    let (count, one, many) = if seconds <= 44 {
        return "a few seconds".to_owned();
    } else if minutes < 45 {
        (minutes, "a minute", "minutes")
    } else if hours < 22 {
        (hours, "an hour", "hours")
    } else if days < 26 {
        (days, "a day", "days")
    } else if months < 11 {
        (months, "a month", "months")
    } else {
        (years, "a year", "years")
    };
    if count <= 1 { one.to_owned() } else { format!("{count} {many}") }
}
