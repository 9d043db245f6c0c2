//! Times as people write them in a postmortem: in UTC, unless they stand on a screen that has another zone.

use jiff::{Timestamp, tz::TimeZone};

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
    clock_near_in(at, near, &TimeZone::UTC)
}

/// As [`clock_near`], in the zone of a screen.
pub(super) fn clock_near_in(at: Timestamp, near: Timestamp, zone: &TimeZone) -> String {
    let local = |at: Timestamp| at.to_zoned(zone.clone());
    let format = if local(at).date() == local(near).date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    local(at).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_name_the_day_only_when_it_differs() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let near = at("2026-11-22T00:10:00Z");
        assert_eq!(clock_near(at("2026-11-22T03:04:59Z"), near), "03:04");
        assert_eq!(clock_near(at("2026-11-21T23:50:00Z"), near), "2026-11-21 23:50");
        let zone = TimeZone::fixed(jiff::tz::offset(5));
        assert_eq!(clock_near_in(at("2026-11-21T23:50:00Z"), near, &zone), "04:50");
    }
}
