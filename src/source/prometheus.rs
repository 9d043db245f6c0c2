//! Prometheus, and what speaks its HTTP API v1.
//!
//! Asks for numbers over time, numbers of now, and the alerts it evaluates (the only place where pending ones are seen).
//! What the answers mean is in [`decode`] and [`alerts`]. Numbers over a window that follows the clock are asked for whole
//! only now and then, and continued from poll to poll: see [`past`].

mod alerts;
mod curves;
mod decode;
mod past;

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Failure,
    http::{Body, Http},
};
use crate::signal::{Data, Fault, FaultKind, Window};

pub(super) use past::Past;

/// Longer queries are posted: some proxies refuse long addresses.
const MAX_GET: usize = 1500;
/// About as many points as a wide chart has columns of dots.
const MAX_POINTS: u64 = 360;

/// What a decoder gives: data and warnings.
pub(super) type Read = (Data, Vec<String>);

/// Numbers over the window.
pub(super) async fn range(
    http: &Http,
    past: &Past,
    query: &str,
    window: Window,
    now: Timestamp,
) -> Result<Read, Failure> {
    let mut turn = past.turn(query, window, now);
    loop {
        let Grid { start, end, step } = turn.grid();
        let (start, end, step) = (start.to_string(), end.to_string(), step.to_string());
        let parameters = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
        let body = ask(http, "/api/v1/query_range", &parameters).await?;
        let answer = super::asker::decoding(body, decode::answer).await?;
        // At most twice: what does not fit is followed by the whole.
        if let Some(read) = turn.answered(answer) {
            past.land(turn);
            return Ok(read);
        }
    }
}

/// Numbers of now.
pub(super) async fn instant(http: &Http, query: &str) -> Result<Read, Failure> {
    let body = ask(http, "/api/v1/query", &[("query", query)]).await?;
    Ok(super::asker::decoding(body, decode_numbers).await?)
}

/// Reads an answer to either of these as it is shown.
pub(super) fn decode_numbers(body: &[u8]) -> Result<Read, Fault> {
    Ok(decode::answer(body)?.told())
}

/// Alerts that fire or are about to.
pub(super) async fn alerts(http: &Http) -> Result<Read, Failure> {
    let body = http.ask("/api/v1/alerts", &[], Body::None).await?;
    Ok(super::asker::decoding(body, decode_alerts).await?)
}

/// Reads an answer to that.
pub(super) fn decode_alerts(body: &[u8]) -> Result<Read, Fault> {
    alerts::decode(body)
}

/// Whether a server of this kind is there: its build information, or, where an imitator has none, a number.
pub(super) async fn probe(http: &Http) -> Result<(), Failure> {
    match http.ask("/api/v1/status/buildinfo", &[], Body::None).await {
        Err(failure) if failure.fault.kind == FaultKind::NotFound => {
            instant(http, "vector(1)").await.map_err(|_| failure)?;
        }
        Err(failure) => return Err(failure),
        Ok(body) => decode::is_ours(&body)?,
    }
    Ok(())
}

async fn ask(http: &Http, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
    let long = parameters.iter().map(|(_, value)| value.len()).sum::<usize>() > MAX_GET;
    let outcome = match long {
        true => http.ask(path, &[], Body::Form(parameters)).await,
        false => http.ask(path, parameters, Body::None).await,
    };
    outcome.map_err(|mut failure| {
        // There is only one query, so the words can begin with what is wrong with it.
        if let Some(words) = failure.fault.detail.strip_prefix("invalid parameter \"query\": ") {
            failure.fault.detail = words.to_owned();
        }
        failure
    })
}

/// The times a range query is evaluated at, in seconds. They are multiples of the step, so that from poll to poll the same
/// points stay where they are and a chart does not jitter.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grid {
    start: i64,
    end: i64,
    step: u64,
}

impl Grid {
    fn of(window: Window, now: Timestamp) -> Self {
        let (start, end) = window.bounds(now);
        let step = step_for(window.span);
        let down = |at: Timestamp| at.as_second() - at.as_second().rem_euclid(step.cast_signed());
        Self { start: down(start), end: down(end), step }
    }
}

/// The finest step people use that gives at most [`MAX_POINTS`] points.
fn step_for(span: Duration) -> u64 {
    const STEPS: [u64; 20] =
        [1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
    let least = span.as_secs().div_ceil(MAX_POINTS).max(1);
    STEPS.into_iter().find(|step| *step >= least).unwrap_or_else(|| least.next_multiple_of(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(minutes: u64, now: &str, expected: (&str, &str, u64)) {
        let grid = Grid::of(Window::live(Duration::from_secs(minutes * 60)), now.parse().expect("a time"));
        let at = |second| Timestamp::from_second(second).expect("a time").to_string();
        assert_eq!((at(grid.start).as_str(), at(grid.end).as_str(), grid.step), expected);
    }

    #[test]
    fn points_stay_where_they_are() {
        check(30, "2026-11-22T14:24:15.9Z", ("2026-11-22T13:54:15Z", "2026-11-22T14:24:15Z", 5));
        check(30, "2026-11-22T14:24:19.9Z", ("2026-11-22T13:54:15Z", "2026-11-22T14:24:15Z", 5));
        check(5, "2026-11-22T14:24:19.9Z", ("2026-11-22T14:19:19Z", "2026-11-22T14:24:19Z", 1));
        check(60, "2026-11-22T14:24:19Z", ("2026-11-22T13:24:10Z", "2026-11-22T14:24:10Z", 10));
        check(60 * 24 * 7, "2026-11-22T14:24:19Z", ("2026-11-15T14:00:00Z", "2026-11-22T14:00:00Z", 1800));
    }

    #[test]
    fn never_more_points_than_a_server_gives() {
        for minutes in 1..100_000_u64 {
            let span = Duration::from_secs(minutes * 60);
            assert!(span.as_secs() / step_for(span) <= MAX_POINTS, "{minutes} min");
        }
    }
}
