//! How long ago, in as few characters as can be read.

use std::time::Duration;

use jiff::Timestamp;

/// From `then` to `now`; zero when a clock went back.
pub fn between(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// For columns: `42s`, `4m`, `3h`, `2d`.
pub fn short(age: Duration) -> String {
    let (n, unit) = steps(age);
    format!("{n}{unit}")
}

/// For sentences: `42 s`, `4 min`, `3 h`, `2 d`.
pub fn long(age: Duration) -> String {
    match steps(age) {
        (n, "m") => format!("{n} min"),
        (n, unit) => format!("{n} {unit}"),
    }
}

fn steps(age: Duration) -> (u64, &'static str) {
    match age.as_secs() {
        s @ ..60 => (s, "s"),
        s @ ..3600 => (s / 60, "m"),
        s @ ..172_800 => (s / 3600, "h"),
        s => (s / 86_400, "d"),
    }
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
    fn ages() {
        check(0, ("0s", "0 s"));
        check(59, ("59s", "59 s"));
        check(60, ("1m", "1 min"));
        check(3599, ("59m", "59 min"));
        check(47 * 3600, ("47h", "47 h"));
        check(48 * 3600, ("2d", "2 d"));
    }
}
