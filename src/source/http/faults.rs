//! Words for what goes wrong between a request and its body.
//!
//! Libraries nest errors; what a responder can act on is found by walking down to the cause.

use std::{error::Error, io, time::Duration};

use jiff::Timestamp;
use reqwest::{
    StatusCode, Url,
    header::{HeaderMap, WWW_AUTHENTICATE},
};

use super::{super::Failure, address, retry_after, said, tls};
use crate::signal::{Fault, FaultKind};

/// What a server says that speaks TLS and was spoken to without.
const WANTS_TLS: [&str; 2] = ["http request to an https server", "plain http request was sent to https port"];

/// No answer came.
pub(super) fn of_transport(error: reqwest::Error, timeout: Duration, now: Timestamp) -> Fault {
    let error = error.without_url();
    let proxied = is_of_proxy(&error);
    if error.is_dns() {
        let hint = if proxied { "; with socks5h:// the proxy looks names up" } else { "" };
        return Fault::new(FaultKind::Resolve, format!("{}{hint}", innermost(&error)));
    }
    if let Some(tls) = cause::<rustls::Error>(&error) {
        return Fault::new(FaultKind::Tls, tls::words(tls, now));
    }
    if error.is_timeout() {
        let what = if error.is_connect() { "no connection" } else { "no answer" };
        return Fault::new(FaultKind::TimedOut(timeout), what);
    }
    match cause::<io::Error>(&error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) if proxied => {
            Fault::new(FaultKind::Refused, "nobody listens where the proxy should be")
        }
        Some(io::ErrorKind::ConnectionRefused) => Fault::new(FaultKind::Refused, "nobody listens there"),
        _ if proxied => {
            let why = innermost(&error);
            let why = why.trim_start_matches("tunnel error: ").trim_start_matches("SOCKS error: ");
            Fault::new(FaultKind::Unreachable, format!("the proxy cannot reach it: {why}"))
        }
        _ if innermost(&error).starts_with("invalid HTTP") => {
            Fault::new(FaultKind::Unreachable, "what answers there is no HTTP; is it https?")
        }
        _ => Fault::new(FaultKind::Unreachable, innermost(&error)),
    }
}

/// Whether it was the way through a proxy that failed.
fn is_of_proxy(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if ["tunnel error: ", "SOCKS error: "].iter().any(|said| error.to_string().starts_with(said)) {
            return true;
        }
        next = error.source();
    }
    false
}

/// Whether the connection was gone before a byte of the answer came: one that is kept and was dropped meanwhile at the
/// other end, or on the way there.
pub(super) fn is_lost_connection(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    let is_lost =
        |kind| matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof);
    let is_closed = || innermost(error).starts_with("connection closed before message completed");
    !error.is_connect()
        && !error.is_timeout()
        && cause::<io::Error>(error).map_or_else(is_closed, |cause| is_lost(cause.kind()))
}

/// The answer stopped after `got` bytes.
pub(super) fn of_body(error: reqwest::Error, timeout: Duration, got: usize) -> Fault {
    let error = error.without_url();
    if error.is_timeout() {
        return Fault::new(FaultKind::TimedOut(timeout), format!("only {} came", counted(got)));
    }
    let reset = cause::<io::Error>(&error).map(io::Error::kind) == Some(io::ErrorKind::ConnectionReset);
    if innermost(&error).contains("gzip") {
        return Fault::new(FaultKind::Malformed, "the compressed answer is damaged");
    }
    let why = if reset { "the connection was cut" } else { "cut off" };
    Fault::new(FaultKind::Malformed, format!("{why} after {}", counted(got)))
}

fn counted(bytes: usize) -> String {
    if bytes == 1 { "1 byte".into() } else { format!("{bytes} bytes") }
}

/// An answer that is no success.
pub(super) fn of_status(status: StatusCode, headers: &HeaderMap, body: &[u8], url: &Url, anonymous: bool) -> Failure {
    let retry_after = retry_after::of(headers);
    let words = said::words(headers, body);
    let (kind, detail) = match status.as_u16() {
        400 if WANTS_TLS.iter().any(|said| words.to_ascii_lowercase().contains(said)) => {
            (FaultKind::Moved, "it speaks https only; change `url`".to_owned())
        }
        401 => {
            let asks = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
            let scheme = asks.and_then(|asks| asks.split_whitespace().next()).unwrap_or_default();
            let ours = if anonymous { "none are configured" } else { "the server did not take them" };
            let asks = if scheme.is_empty() { String::new() } else { format!("; it asks for {scheme}") };
            let words = said::more_than_the_status(&words).map(str::to_owned).or_else(|| said::in_challenge(headers));
            let words = words.map(|words| format!(": {words}")).unwrap_or_default();
            (FaultKind::Unauthorized, format!("{ours}{asks}{words}"))
        }
        403 => (FaultKind::Forbidden, words),
        404 | 410 => {
            let told = if words.is_empty() { String::new() } else { format!(" ({words})") };
            (FaultKind::NotFound, format!("{}{told}", address::shown(url)))
        }
        429 => (FaultKind::TooManyRequests(retry_after), words),
        400 | 406 | 409 | 411..=413 | 415 | 422 => (FaultKind::BadQuery, words),
        code => (FaultKind::Status(code), words),
    };
    Failure { fault: Fault::new(kind, detail), retry_after }
}

/// HTML where data was expected.
pub(super) fn login_page(body: &[u8], url: &Url) -> Fault {
    let text = String::from_utf8_lossy(body);
    let title = said::title(&text).map(|title| format!("“{title}” ")).unwrap_or_default();
    Fault::new(FaultKind::LoginPage, format!("{title}at {}", address::shown(url)))
}

/// The last cause, in its own words.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(cause) = inner.source() {
        inner = cause;
    }
    inner.to_string()
}

/// The first cause of type `T` on the way down; an [`io::Error`] is looked into.
fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match inside {
            Some(inside) => Some(inside),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> Url {
        address::parse("http://prom:9090/api/v1/query?token=s3cret").expect("a URL")
    }

    #[track_caller]
    fn check(status: u16, headers: &[(&'static str, &'static str)], body: &str, expected: &str) {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
        let status = StatusCode::from_u16(status).expect("a status");
        let failure = of_status(status, &headers.collect(), body.as_bytes(), &url(), true);
        assert_eq!(failure.fault.to_string(), expected);
    }

    #[test]
    fn errors_have_many_shapes() {
        check(
            400,
            &[],
            r#"{"status":"error","errorType":"bad_data","error":"1:7: parse error"}"#,
            "query refused: 1:7: parse error",
        );
        check(400, &[], r#""bad matcher format: service""#, "query refused: bad matcher format: service");
        check(422, &[], r#"{"code":602,"message":"createdBy is required"}"#, "query refused: createdBy is required");
        check(404, &[], "", "404 not found: check the address and its prefix: http://prom:9090/api/v1/query");
        check(
            404,
            &[],
            "404 page not found\n",
            "404 not found: check the address and its prefix: http://prom:9090/api/v1/query (404 page not found)",
        );
        check(
            502,
            &[("content-type", "text/html")],
            "<html><head><title>502 Bad  Gateway</title>",
            "server error 502: 502 Bad Gateway",
        );
        check(
            503,
            &[],
            "Limit of concurrent GET requests reached (8)",
            "server error 503: Limit of concurrent GET requests reached (8)",
        );
        check(403, &[], r#"{"errors":[{"message":"no\u001b[2J"}]}"#, "403 not allowed: no[2J");
        check(
            401,
            &[("www-authenticate", "Basic realm=x")],
            "Unauthorized",
            "401 not signed in: check the credentials: none are configured; it asks for Basic",
        );
        check(401, &[], "no org id", "401 not signed in: check the credentials: none are configured: no org id");
        check(
            401,
            &[("www-authenticate", "Bearer error=\"invalid_token\", error_description=\"token expired\"")],
            "",
            "401 not signed in: check the credentials: none are configured; it asks for Bearer: token expired",
        );
        check(429, &[("retry-after", "7")], "", "429 too many requests, asked to wait 7 s");
        check(405, &[], "Method Not Allowed", "status 405: Method Not Allowed");
        check(407, &[], "proxy says no", "status 407: proxy says no");
        check(
            400,
            &[],
            "Client sent an HTTP request to an HTTPS server.\n",
            "moved: it speaks https only; change `url`",
        );
    }
}
