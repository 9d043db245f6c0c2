//! How long to wait after failures: retry and exponential backoff.
//!
//! What costs the server nothing (nobody listens) is tried again at once and then as often as ever, so that its return is
//! seen; what may be load is tried ever more rarely.

use std::time::Duration;

use crate::signal::FaultKind;

/// The first retry where nobody listens; doubled each time up to the interval.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// The longest pause of a source that answers with failures, unless its interval is longer.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The pause before the next attempt, after so many failures in a row of what is asked at this interval.
pub(super) fn pause(kind: FaultKind, failures: u32, every: Duration) -> Duration {
    let doubled = |first: Duration| first.saturating_mul(1 << failures.saturating_sub(1).min(10));
    match is_unreachable(kind) {
        true => doubled(FIRST_RETRY).min(every),
        false => doubled(every).min(MAX_PAUSE.max(every)),
    }
}

/// Whether the failure cost the server nothing, because it was not there.
pub(super) fn is_unreachable(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Resolve | FaultKind::Refused | FaultKind::Unreachable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(every: u64, kind: FaultKind, expected: &[u64]) {
        let pauses = (1..).map(|failures| pause(kind, failures, Duration::from_secs(every)).as_secs());
        assert_eq!(pauses.take(expected.len()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn pauses_after_failures() {
        check(5, FaultKind::Refused, &[1, 2, 4, 5, 5]);
        check(5, FaultKind::Status(503), &[5, 10, 20, 30, 30]);
        check(60, FaultKind::Unauthorized, &[60, 60]);
        check(60, FaultKind::Resolve, &[1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
