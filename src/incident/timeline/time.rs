//! Times and durations as people write them in a postmortem. Everything is UTC.

use jiff::Timestamp;

/// `2026-11-22`.
pub fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// `03:14`.
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M").to_string()
}

/// `03:14` on the day of `near`, else `2026-11-21 03:14`.
pub fn clock_near(at: Timestamp, near: Timestamp) -> String {
    if day(at) == day(near) { clock(at) } else { format!("{} {}", day(at), clock(at)) }
}

/// Seconds from `start` to `end`; 0 when a clock went back.
pub fn seconds_between(start: Timestamp, end: Timestamp) -> i64 {
    end.duration_since(start).as_secs().max(0)
}

/// `45 s`, `19 min`, `2 h 5 min`, `3 d 4 h`; rounded down to what is shown.
pub fn span(seconds: i64) -> String {
    let two = |big: i64, name: &str, small: i64, small_name: &str| match small {
        0 => format!("{big} {name}"),
        _ => format!("{big} {name} {small} {small_name}"),
    };
    match seconds {
        ..0 => "0 s".into(),
        0..60 => format!("{seconds} s"),
        60..600 => two(seconds / 60, "min", seconds % 60, "s"),
        600..3600 => format!("{} min", seconds / 60),
        3600..86_400 => two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: i64, expected: &str) {
        assert_eq!(span(seconds), expected);
    }

    #[test]
    fn spans_show_two_units_at_most() {
        check(-5, "0 s");
        check(59, "59 s");
        check(60, "1 min");
        check(95, "1 min 35 s");
        check(1199, "19 min");
        check(7500, "2 h 5 min");
        check(3600, "1 h");
        check(273_600, "3 d 4 h");
    }

    #[test]
    fn clocks_name_the_day_only_when_it_differs() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let near = at("2026-11-22T00:10:00Z");
        assert_eq!(clock_near(at("2026-11-22T03:04:59Z"), near), "03:04");
        assert_eq!(clock_near(at("2026-11-21T23:50:00Z"), near), "2026-11-21 23:50");
        assert_eq!(seconds_between(near, at("2026-11-21T23:50:00Z")), 0);
    }
}
