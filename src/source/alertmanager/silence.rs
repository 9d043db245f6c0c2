//! Telling Alertmanager to keep alerts quiet for a while: what is sent, and what it answers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::Failure;
use crate::signal::{Fault, FaultKind, Matchers};

/// `POST /api/v2/silences`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostableSilence<'a> {
    matchers: Vec<PostedMatcher>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    created_by: &'a str,
    comment: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostedMatcher {
    name: String,
    value: String,
    is_regex: bool,
    is_equal: bool,
}

#[derive(Deserialize)]
struct Posted {
    #[serde(rename = "silenceID")]
    id: String,
}

/// The body that asks for a silence from now on.
pub(super) fn body(
    matchers: &[String],
    (now, until): (Timestamp, Timestamp),
    by: &str,
    comment: &str,
) -> Result<String, Failure> {
    let bad = |why: String| Failure::from(Fault::new(FaultKind::BadQuery, why));
    let mut posted = Vec::new();
    for matcher in matchers {
        let parsed: Matchers = matcher.parse().map_err(|error| bad(format!("{error}")))?;
        posted.extend(parsed.each().map(|one| PostedMatcher {
            name: one.name.clone(),
            value: one.value.clone(),
            is_regex: one.is_pattern(),
            is_equal: one.equal,
        }));
    }
    let silence = PostableSilence { matchers: posted, starts_at: now, ends_at: until, created_by: by, comment };
    serde_json::to_string(&silence).map_err(|error| bad(error.to_string()))
}

/// How it calls the silence that it made.
pub(super) fn id_in(body: &[u8]) -> Result<String, Failure> {
    let unread = |_| Fault::new(FaultKind::Malformed, "it answered, but named no silence");
    let posted: Posted = serde_json::from_slice(body).map_err(unread)?;
    Ok(crate::base::text::line(&posted.id).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_sent_says_all_there_is_to_a_matcher() {
        let matchers = ["alertname=\"High \\\"x\\\"\"", "service!=\"edge\"", "pod=~\"a|b\"", "zone!~\"eu.*\""];
        let times = (time("2026-11-22T03:16:00Z"), time("2026-11-22T05:16:00Z"));
        let sent = body(&matchers.map(str::to_owned), times, "alice@host", "a fix is on its way").expect("a body");
        let matcher = |name: &str, value: &str, is_regex: bool, is_equal: bool| json!({"name": name, "value": value, "isRegex": is_regex, "isEqual": is_equal});
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&sent).expect("JSON"),
            json!({
                "matchers": [
                    matcher("alertname", "High \"x\"", false, true),
                    matcher("service", "edge", false, false),
                    matcher("pod", "a|b", true, true),
                    matcher("zone", "eu.*", true, false),
                ],
                "startsAt": "2026-11-22T03:16:00Z",
                "endsAt": "2026-11-22T05:16:00Z",
                "createdBy": "alice@host",
                "comment": "a fix is on its way",
            })
        );
        assert!(body(&["pod=~\"(\"".to_owned()], times, "a", "b").is_err());
    }

    #[test]
    fn what_it_answers_names_the_silence() {
        assert_eq!(id_in(br#"{"silenceID":"9d1a"}"#).expect("an id"), "9d1a");
        let error = id_in(b"[]").expect_err("no id").fault;
        assert_eq!(error.detail, "it answered, but named no silence");
    }

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }
}
