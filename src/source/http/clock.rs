//! How far a server's clock is off: its curves then end early, or lie in the future, and somebody must say why.

use jiff::Timestamp;
use reqwest::header::{AGE, DATE, HeaderMap};

use crate::base::human_time;

/// Below this many seconds it may be the way the answer took.
const NOTABLE: u64 = 10;

/// What time it is there, as the answer says. One out of a cache says when it was made, which is something else.
pub(super) fn time_of(headers: &HeaderMap) -> Option<Timestamp> {
    let date = headers.get(DATE).filter(|_| !headers.contains_key(AGE))?;
    Some(jiff::fmt::rfc2822::parse(date.to_str().ok()?.trim()).ok()?.timestamp())
}

/// Seconds by which the server's clock is ahead of ours; 0 where it does not say.
pub(super) fn ahead(headers: &HeaderMap, now: Timestamp) -> i64 {
    time_of(headers).map_or(0, |there| there.as_second() - now.as_second())
}

/// Words for it, if it is worth any.
pub(super) fn words(ahead: i64) -> Option<String> {
    let off = Some(ahead.unsigned_abs()).filter(|off| *off >= NOTABLE)?;
    let span = human_time::apart(off);
    Some(format!("its clock is {span} {} ours", if ahead < 0 { "behind" } else { "ahead of" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: Option<&str>) {
        let now = "2026-11-22T12:00:00Z".parse().expect("a time");
        let headers = headers.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("one")));
        assert_eq!(words(ahead(&headers.collect(), now)).as_deref(), expected);
    }

    #[test]
    fn clocks_that_are_off() {
        check(&[], None);
        check(&[("date", "noon")], None);
        check(&[("date", "Sun, 22 Nov 2026 12:00:09 GMT")], None);
        check(&[("date", "Sun, 22 Nov 2026 12:01:30 GMT")], Some("its clock is 90 s ahead of ours"));
        check(&[("date", "Sun, 22 Nov 2026 11:49:10 GMT")], Some("its clock is 10 min behind ours"));
        check(&[("date", "Sun, 22 Nov 2026 05:00:00 GMT")], Some("its clock is 7 h behind ours"));
        check(&[("date", "Sun, 22 Nov 2026 11:00:00 GMT"), ("age", "3600")], None);
    }
}
