//! Ages and durations in words. Every form there is stands here beside the others, so that a new one is added only where
//! none of these will do.
//!
//! Times of day are not here: they need a time zone. Nothing here reads a clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Whole seconds from `from` to `to`, never less than 0: clocks go back.
pub fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs().max(0)
}

/// The time from `then` to `now`; zero when a clock went back.
pub fn between(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// One unit, for columns: `42s`, `4m`, `47h`, `2d`.
pub fn short(age: Duration) -> String {
    let (n, unit) = one_unit(age);
    format!("{n}{unit}")
}

/// One unit, for the edge of a pane: `42 s`, `4 min`, `47 h`, `2 d`.
pub fn long(age: Duration) -> String {
    match one_unit(age) {
        (n, "m") => format!("{n} min"),
        (n, unit) => format!("{n} {unit}"),
    }
}

fn one_unit(age: Duration) -> (u64, &'static str) {
    match age.as_secs() {
        s @ ..60 => (s, "s"),
        s @ ..3600 => (s / 60, "m"),
        s @ ..172_800 => (s / 3600, "h"),
        s => (s / 86_400, "d"),
    }
}

/// One unit, but hours with their minutes, for sentences on the screen: `42 s`, `4 min`, `2 h 05`, `3 d`.
pub fn age(seconds: i64) -> String {
    match seconds.max(0) {
        s if s < MINUTE => format!("{s} s"),
        s if s < HOUR => format!("{} min", s / MINUTE),
        s if s < DAY => format!("{} h {:02}", s / HOUR, s % HOUR / MINUTE),
        s => format!("{} d", s / DAY),
    }
}

/// Two units at most, for notes and the timeline: `45 s`, `1 min 35 s`, `19 min`, `2 h 5 min`, `3 d 4 h`; rounded down to
/// what is shown.
pub fn two_units(seconds: i64) -> String {
    let two = |big: i64, name: &str, small: i64, small_name: &str| match small {
        0 => format!("{big} {name}"),
        _ => format!("{big} {name} {small} {small_name}"),
    };
    match seconds {
        ..0 => "0 s".into(),
        0..MINUTE => format!("{seconds} s"),
        MINUTE..600 => two(seconds / MINUTE, "min", seconds % MINUTE, "s"),
        600..HOUR => format!("{} min", seconds / MINUTE),
        HOUR..DAY => two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "min"),
        _ => two(seconds / DAY, "d", seconds % DAY / HOUR, "h"),
    }
}

/// One unit that something surely happened within, so rounded up: `a second`, `90 s`, `2 min`, `3 h`.
pub fn within(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".into(),
        2..=90 => format!("{seconds} s"),
        91..=7200 => format!("{} min", (seconds + 59) / MINUTE),
        7201..=172_800 => format!("{} h", (seconds + 3599) / HOUR),
        _ => format!("{} d", (seconds + 86_399) / DAY),
    }
}

/// One unit of which there are two at least, for how far two clocks are apart: `119 s`, `2 min`, `2 h`.
pub fn apart(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

/// `00:04:12`, for how long something has gone on.
pub fn stopwatch(seconds: i64) -> String {
    let s = seconds.max(0);
    format!("{:02}:{:02}:{:02}", s / HOUR, s % HOUR / MINUTE, s % MINUTE)
}

/// `1:59`, for how much is left until a deadline, which is read by the second.
pub fn countdown(seconds: i64) -> String {
    format!("{}:{:02}", seconds / MINUTE, seconds % MINUTE)
}

/// A duration as a person writes it into a file: `1m 30s`. [`parse`] reads it again.
pub fn written(duration: Duration) -> String {
    format!("{:#}", SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX))
}

/// Reads `5s`, `1m 30s` or `2h`; nothing that is negative or has no unit.
pub fn parse(text: &str) -> Option<Duration> {
    text.parse::<SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: u64, expected: (&str, &str)) {
        let age = Duration::from_secs(seconds);
        assert_eq!((short(age).as_str(), long(age).as_str()), expected);
    }

    #[test]
    fn one_unit_in_two_widths() {
        check(0, ("0s", "0 s"));
        check(59, ("59s", "59 s"));
        check(60, ("1m", "1 min"));
        check(3599, ("59m", "59 min"));
        check(47 * 3600, ("47h", "47 h"));
        check(48 * 3600, ("2d", "2 d"));
    }

    #[test]
    fn an_age_has_hours_with_minutes() {
        assert_eq!([-5, 5, 65, 3_900, 200_000].map(age), ["0 s", "5 s", "1 min", "1 h 05", "2 d"]);
    }

    #[track_caller]
    fn check_two(seconds: i64, expected: &str) {
        assert_eq!(two_units(seconds), expected);
    }

    #[test]
    fn two_units_at_most() {
        check_two(-5, "0 s");
        check_two(59, "59 s");
        check_two(60, "1 min");
        check_two(95, "1 min 35 s");
        check_two(1199, "19 min");
        check_two(7500, "2 h 5 min");
        check_two(3600, "1 h");
        check_two(273_600, "3 d 4 h");
    }

    #[test]
    fn what_is_not_rounded_down() {
        assert_eq!([1, 90, 91, 7201, 172_801].map(within), ["a second", "90 s", "2 min", "3 h", "3 d"]);
        assert_eq!([119, 120, 7199, 7200].map(apart), ["119 s", "2 min", "119 min", "2 h"]);
    }

    #[test]
    fn by_the_second() {
        assert_eq!([stopwatch(252), countdown(119)], ["00:04:12", "1:59"]);
    }

    #[test]
    fn what_is_written_is_read() {
        let read = |text: &str| parse(text).map(written);
        assert_eq!(read("1h30m").as_deref(), Some("1h 30m"));
        assert_eq!([read("-5s"), read("5"), read("soon"), read("")], [None, None, None, None]);
    }

    #[test]
    fn clocks_go_back() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        assert_eq!((seconds_between(at(9), at(4)), between(at(9), at(4))), (0, Duration::ZERO));
        assert_eq!((seconds_between(at(4), at(9)), between(at(4), at(9))), (5, Duration::from_secs(5)));
    }
}
