//! What a server says about its error, in whichever of the many forms.

use reqwest::header::{CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE};
use serde_json::Value;

use crate::base::text;

/// How much of a server's words is kept, in bytes.
const MAX_WORDS: usize = 200;

/// Fields of JSON that hold the words, best first; in lower case, without underscores.
const FIELDS: [&str; 14] = [
    "error",
    "message",
    "detail",
    "details",
    "errors",
    "errormessage",
    "msg",
    "description",
    "errordescription",
    "title",
    "reason",
    "fault",
    "faultstring",
    "statusmessage",
];

/// The words of an answer that is no success: of JSON, of plain text or of a page. Empty where there are none.
pub(super) fn words(headers: &HeaderMap, body: &[u8]) -> String {
    if text::is_binary(body) {
        return String::new();
    }
    let text = String::from_utf8_lossy(body);
    let words = if says_html(headers) || looks_like_html(body) {
        title(&text).or_else(|| heading(&text)).unwrap_or_default()
    } else {
        match serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
            Ok(value) => in_json(&value).unwrap_or_else(|| text.trim().to_owned()),
            Err(_) => text.trim().to_owned(),
        }
    };
    text::clipped(words.trim(), MAX_WORDS).into_owned()
}

/// Words that say more than the status does.
pub(super) fn more_than_the_status(words: &str) -> Option<&str> {
    let plain = words.trim_matches(|c: char| !c.is_alphabetic()).to_ascii_lowercase();
    let says_nothing = ["", "unauthorized", "authorization required", "authentication required", "access denied"];
    (!says_nothing.contains(&plain.as_str())).then_some(words)
}

/// What a refusal to be let in says in its header: `error_description="The token expired"`.
pub(super) fn in_challenge(headers: &HeaderMap) -> Option<String> {
    let challenge = headers.get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let value = |name: &str| {
        let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| text::clipped(value, MAX_WORDS).into_owned())
    };
    value("error_description").or_else(|| value("error")).filter(|words| !words.is_empty())
}

/// Whether the headers announce HTML.
pub(super) fn says_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().contains("html")
}

/// Whether the headers announce JSON.
pub(super) fn says_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().contains("json")
}

/// Whether a body is a page, whatever was announced.
pub(super) fn looks_like_html(body: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&body[..body.len().min(200)]).trim_start().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag))
}

/// The title of a page.
pub(super) fn title(html: &str) -> Option<String> {
    inside(html, "title")
}

/// The first heading of a page, or all that stands in it.
fn heading(html: &str) -> Option<String> {
    ["h1", "h2", "body"].iter().find_map(|tag| inside(html, tag)).or_else(|| plain(html))
}

fn inside(html: &str, tag: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find(&format!("<{tag}"))?;
    let start = start + lower[start..].find('>')? + 1;
    let end = lower[start..].find(&format!("</{tag}")).map_or(html.len(), |end| start + end);
    plain(&html[start..end])
}

/// What a reader of a page would see of a part of it, in one line.
fn plain(html: &str) -> Option<String> {
    let mut parts = html.split('<');
    let first = parts.next().unwrap_or_default();
    let behind_tags = parts.map(|part| part.split_once('>').map_or("", |(_, behind)| behind));
    let text = [first].into_iter().chain(behind_tags).collect::<Vec<_>>().join(" ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let text = text.replace("&#39;", "'").replace("&nbsp;", " ").replace("&amp;", "&");
    (!text.is_empty()).then(|| text::clipped(&text, 80).into_owned())
}

fn in_json(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Array(items) => items.iter().find_map(in_json),
        Value::Object(fields) => {
            let is = |name: &str, wanted: &str| name.to_ascii_lowercase().replace('_', "") == wanted;
            let named = |wanted: &&str| fields.iter().find(|(name, _)| is(name, wanted)).map(|(_, value)| value);
            FIELDS.iter().filter_map(named).find_map(in_json)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        assert_eq!(words(&HeaderMap::new(), body.as_bytes()), expected);
    }

    #[test]
    fn words_in_many_forms() {
        check("no org id\n", "no org id");
        check(r#"{"status":"error","error":"","message":"token expired"}"#, "token expired");
        check(r#"{"detail":[{"loc":["query"],"msg":"too many points"}]}"#, "too many points");
        check(r#"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2"}}}"#, "Invalid ApiKey");
        check(r#"{"ErrorMessage":"no such tenant"}"#, "no such tenant");
        check("\u{feff}{\"Message\":\"denied\"}", "denied");
        check(r#"{"code":7}"#, r#"{"code":7}"#);
        check("<html><body><h1>Sorry,</h1> no <b>access</b>", "Sorry,");
        check("<html><body>no  <b>access</b> &amp; no help", "no access & no help");
        check("<html><head><title></title></head><body></body>", "");
        check("\u{1}\u{0}\u{2}\u{0}", "");
        assert!(words(&HeaderMap::new(), "x".repeat(5000).as_bytes()).len() <= MAX_WORDS);
    }

    #[test]
    fn a_challenge_may_say_why() {
        let of = |value: &'static str| {
            in_challenge(&HeaderMap::from_iter([(WWW_AUTHENTICATE, value.parse().expect("a value"))]))
        };
        let why = r#"Bearer error="invalid_token", error_description="The access token expired""#;
        assert_eq!(of(why).as_deref(), Some("The access token expired"));
        assert_eq!(of(r#"Bearer error="invalid_token""#).as_deref(), Some("invalid_token"));
        assert_eq!(of("Basic realm=x"), None);
    }

    #[test]
    fn what_only_repeats_the_status_is_left_out() {
        for words in ["", "401 Unauthorized", "Unauthorized\n", "401 Authorization Required"] {
            assert_eq!(more_than_the_status(words), None, "{words}");
        }
        assert_eq!(more_than_the_status("no org id"), Some("no org id"));
    }
}
