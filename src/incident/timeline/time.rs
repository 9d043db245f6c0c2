//! Times as people write them in a postmortem. Everything is UTC.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_name_the_day_only_when_it_differs() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let near = at("2026-11-22T00:10:00Z");
        assert_eq!(clock_near(at("2026-11-22T03:04:59Z"), near), "03:04");
        assert_eq!(clock_near(at("2026-11-21T23:50:00Z"), near), "2026-11-21 23:50");
    }
}
