//! A check as a person types it: `prom sum(rate(errors[1m])) present > 0.5 for 1m`, and a sign with one: `checkout 5xx
//! present when > 0.5 for 1m`. What cannot be read is answered with what was expected and where.

use crate::{
    dashboard::query::LIVE,
    incident::{ObservationState, board::CheckQuery},
    signal::Condition,
};

/// Parts the condition from what stands before it.
const PRESENT: &str = " present ";
const PRESENT_WHEN: &str = " present when ";
/// Says what an empty answer means.
const EMPTY: &str = " empty ";

/// Reads `SOURCE QUERY present CONDITION`.
pub(in crate::app) fn check(text: &str, sources: &[&str]) -> Result<CheckQuery, String> {
    let text = text.trim();
    let (source, _) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if !sources.contains(&source) {
        return Err(format!("there is no source `{source}`; first comes one of {}", sources.join(", ")));
    }
    let rest = &text[source.len()..];
    let Some(at) = rest.rfind(PRESENT) else {
        return Err("at the end, say when it is present: `present > 0.5 for 1m`".into());
    };
    let query = rest[..at].trim();
    let (present, empty) = condition(text, source.len() + at + PRESENT.len())?;
    Ok(CheckQuery { source: source.to_owned(), query: query.to_owned(), present, empty })
}

/// Reads `TEXT present when CONDITION`.
pub(in crate::app) fn sign(text: &str) -> Result<(String, Condition, Option<ObservationState>), String> {
    let Some(at) = text.rfind(PRESENT_WHEN) else {
        return Err("at the end, say when it is present: `present when > 0.5 for 1m`".into());
    };
    let (present, empty) = condition(text, at + PRESENT_WHEN.len())?;
    match text[..at].trim() {
        "" => Err("say in words what would be seen, before `present when`".into()),
        words => Ok((words.to_owned(), present, empty)),
    }
}

/// Reads the condition that begins at this byte, and what an empty answer says.
fn condition(text: &str, at: usize) -> Result<(Condition, Option<ObservationState>), String> {
    let (condition, empty) = match text[at..].rsplit_once(EMPTY) {
        Some((condition, "absent")) => (condition, Some(ObservationState::Absent)),
        Some((condition, "present")) => (condition, Some(ObservationState::Present)),
        Some((_, other)) => return Err(format!("after `empty`: expected `absent` or `present`, found `{other}`")),
        None => (&text[at..], None),
    };
    let place = text[..at].chars().count() + 1;
    let parsed: Condition = condition.parse().map_err(|error| format!("at character {place}: {error}"))?;
    match too_long(&parsed) {
        Some(why) => Err(format!("at character {place}: {why}")),
        None => Ok((parsed, empty)),
    }
}

/// Why a condition cannot be judged on what is looked at, if it cannot.
pub(in crate::app) fn too_long(condition: &Condition) -> Option<String> {
    let minutes = LIVE.as_secs() / 60;
    (condition.hold >= LIVE).then(|| format!("`for` must be less than {minutes}m, which is how far back it looks"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<CheckQuery, String> {
        check(text, &["prom", "am"])
    }

    #[track_caller]
    fn says(text: &str, expected: &str) {
        let error = read(text).expect_err(text);
        assert!(error.contains(expected), "{text}: {error}");
    }

    #[test]
    fn what_is_read_can_be_typed_again() {
        for text in [
            "prom sum(rate(errors[1m])) present > 0.5 for 1m",
            "prom max by (present) (x) present >= 0",
            "am {alertname=\"HighErrors\"} present > 0",
            "prom up{job=\"x\"} present == 0 for 2m 30s empty absent",
        ] {
            let check = read(text).expect(text);
            assert_eq!(read(&check.to_string()), Ok(check), "{text}");
        }
        let check = read("prom max by (present) (x) present >= 0").expect("a check");
        assert_eq!((check.query.as_str(), check.source.as_str()), ("max by (present) (x)", "prom"));
    }

    #[test]
    fn what_is_wrong_is_said_and_where() {
        says("", "there is no source ``; first comes one of prom, am");
        says("promm up present > 0", "there is no source `promm`");
        says("prom up > 0", "at the end, say when it is present");
        says("prom up present", "at the end, say when it is present");
        says("prom up present 0.5", "at character 17: expected a comparison");
        says("prom up present > abc for 1m", "at character 17: expected a number after the comparison, found `abc`");
        says("prom up present > 1 for ever", "expected a duration");
        says("prom up present > 1 for 45m", "`for` must be less than 30m");
        says("prom up present > 1 empty maybe", "after `empty`: expected `absent` or `present`, found `maybe`");
    }

    #[test]
    fn a_sign_in_words() {
        let (words, present, empty) = sign("checkout 5xx present when > 0.5 for 1m").expect("a sign");
        assert_eq!((words.as_str(), present.to_string().as_str(), empty), ("checkout 5xx", "> 0.5 for 1m", None));
        assert!(sign("checkout 5xx").expect_err("no condition").contains("present when"));
        assert!(sign(" present when > 1").expect_err("no words").contains("in words"));
        assert!(sign("x present when > y").expect_err("no number").contains("at character 16"));
    }
}
