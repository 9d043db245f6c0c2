//! Words for what goes wrong between a request and its body.
//!
//! Libraries nest errors; what a responder can act on is found by walking down to the cause.

use std::{error::Error, io, time::Duration};

use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, LOCATION, WWW_AUTHENTICATE},
};
use serde_json::Value;

use super::{super::Failure, address, retry_after};
use crate::{
    base::text,
    signal::{Fault, FaultKind},
};

/// How much of a server's words is kept, in bytes.
const MAX_WORDS: usize = 200;

/// No answer came.
pub(super) fn of_transport(error: reqwest::Error, timeout: Duration) -> Fault {
    let error = error.without_url();
    if error.is_dns() {
        return Fault::new(FaultKind::Resolve, innermost(&error));
    }
    if let Some(tls) = cause::<rustls::Error>(&error) {
        return Fault::new(FaultKind::Tls, tls_words(tls));
    }
    if error.is_timeout() {
        let what = if error.is_connect() { "no connection" } else { "no answer" };
        return Fault::new(FaultKind::TimedOut(timeout), what);
    }
    match cause::<io::Error>(&error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => Fault::new(FaultKind::Refused, "nobody listens there"),
        _ => Fault::new(FaultKind::Unreachable, innermost(&error)),
    }
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
    let words = words_of(headers, body);
    let (kind, detail) = match status.as_u16() {
        300..=399 => return redirected(status, headers, url).into(),
        401 => {
            let asks = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
            let scheme = asks.and_then(|asks| asks.split_whitespace().next()).unwrap_or_default();
            let ours = if anonymous { "none are configured" } else { "the server did not take them" };
            let asks = if scheme.is_empty() { String::new() } else { format!("; it asks for {scheme}") };
            (FaultKind::Unauthorized, format!("{ours}{asks}"))
        }
        403 => (FaultKind::Forbidden, words),
        404 | 410 => {
            let told = if words.is_empty() { String::new() } else { format!(" ({words})") };
            (FaultKind::NotFound, format!("{}{told}", address::shown(url)))
        }
        429 => (FaultKind::TooManyRequests(retry_after), words),
        400 | 405 | 406 | 409 | 411..=415 | 422 => (FaultKind::BadQuery, words),
        code => (FaultKind::Status(code), words),
    };
    Failure { fault: Fault::new(kind, detail), retry_after }
}

/// HTML where data was expected.
pub(super) fn login_page(body: &[u8], url: &Url) -> Fault {
    let text = String::from_utf8_lossy(body);
    let title = title_of(&text).map(|title| format!("“{title}” ")).unwrap_or_default();
    Fault::new(FaultKind::LoginPage, format!("{title}at {}", address::shown(url)))
}

/// Whether the headers announce HTML.
pub(super) fn says_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().contains("html")
}

/// Whether a body is a page, whatever was announced.
pub(super) fn looks_like_html(body: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&body[..body.len().min(200)]).trim_start().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag))
}

/// The last cause, in its own words.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(cause) = inner.source() {
        inner = cause;
    }
    inner.to_string()
}

/// Where a redirect leads that is not followed: to another server, most likely to sign in there, or in a circle.
fn redirected(status: StatusCode, headers: &HeaderMap, from: &Url) -> Fault {
    let to = headers.get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| from.join(to).ok());
    match to {
        Some(to) if to.origin() == from.origin() && !signs_in(&to) => {
            Fault::new(FaultKind::TooManyRedirects, format!("the last one to {}", address::shown(&to)))
        }
        Some(to) => Fault::new(FaultKind::LoginPage, format!("redirected to {}", address::shown(&to))),
        None => Fault::new(FaultKind::Status(status.as_u16()), "a redirect that does not say where to"),
    }
}

/// Whether an address speaks of signing in.
fn signs_in(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "login" | "signin" | "sso" | "oauth" | "oauth2" | "saml"))
        || path.contains("sign-in")
        || path.contains("sign_in")
}

/// What a server says about its error, in whichever of the many forms.
fn words_of(headers: &HeaderMap, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if says_html(headers) || looks_like_html(body) {
        return title_of(&text).unwrap_or_default();
    }
    let words = match serde_json::from_str::<Value>(&text) {
        Ok(value) => words_in(&value).unwrap_or_else(|| text.trim().to_owned()),
        Err(_) => text.trim().to_owned(),
    };
    text::clipped(&words, MAX_WORDS).into_owned()
}

fn words_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(words_in),
        Value::Object(fields) => {
            let names = ["error", "message", "detail", "errors", "msg", "title", "reason", "error_description"];
            names.iter().filter_map(|name| fields.get(*name)).find_map(words_in)
        }
        _ => None,
    }
}

fn title_of(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title = html[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let title = title.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\"");
    (!title.is_empty()).then(|| text::clipped(&title, 80).into_owned())
}

fn tls_words(error: &rustls::Error) -> String {
    use rustls::{CertificateError as C, Error as E};
    match error {
        E::InvalidCertificate(C::UnknownIssuer) => {
            "its certificate is signed by an unknown authority; set `ca_file`".into()
        }
        E::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => "its certificate has expired".into(),
        E::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => {
            "its certificate is not valid yet".into()
        }
        E::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => {
            "its certificate is for another name".into()
        }
        E::InvalidMessage(_) => "there is no TLS there; is it http?".into(),
        E::AlertReceived(alert) => format!("the server broke off: {alert:?}"),
        other => other.to_string(),
    }
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
        check(429, &[("retry-after", "7")], "", "429 too many requests, asked to wait 7 s");
        check(
            302,
            &[("location", "https://sso.example/login?state=s3cret")],
            "",
            "HTML where JSON was expected (sign-in page?): redirected to https://sso.example/login",
        );
        check(
            301,
            &[("location", "/api/v1/query/")],
            "",
            "too many redirects: the last one to http://prom:9090/api/v1/query/",
        );
        check(
            302,
            &[("location", "/login/form?next=s3cret")],
            "",
            "HTML where JSON was expected (sign-in page?): redirected to http://prom:9090/login/form",
        );
        check(300, &[], "", "status 300: a redirect that does not say where to");
    }
}
