//! How long a server wants to be left alone: `Retry-After`.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::clock;

/// The longest time a server may ask to be left alone.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// The wait that an answer asks for; `None` if it asks for none, or in no way that can be read.
pub(super) fn of(headers: &HeaderMap) -> Option<Duration> {
    wait_of(headers.get(RETRY_AFTER)?.to_str().ok()?, clock::time_of(headers))
}

/// Seconds, or a date by the server's own clock, which may be off.
fn wait_of(text: &str, there: Option<jiff::Timestamp>) -> Option<Duration> {
    let seconds = match text.trim().parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
            #[expect(clippy::disallowed_methods, reason = "a date is turned into a wait")]
            let now = jiff::Timestamp::now();
            at.duration_since(there.unwrap_or(now)).as_secs_f64()
        }
    };
    Duration::try_from_secs_f64(seconds.max(0.0)).ok().map(|wait| wait.min(MAX_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits() {
        for (text, expected) in [
            ("7", Some(7)),
            ("99999999", Some(600)),
            ("-1", Some(0)),
            ("soon", None),
            ("Sun, 22 Nov 1970 16:00:00 GMT", Some(0)),
        ] {
            assert_eq!(wait_of(text, None), expected.map(Duration::from_secs), "{text}");
        }
        let there = "1970-11-22T15:59:30Z".parse().ok();
        assert_eq!(wait_of("Sun, 22 Nov 1970 16:00:00 GMT", there), Some(Duration::from_secs(30)), "by its clock");
    }
}
