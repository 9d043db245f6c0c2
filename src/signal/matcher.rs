//! Which alerts are meant, as Prometheus writes a selector: `{alertname="HighErrorRate", service!="edge"}`. The braces may
//! be left out; a lone word is the `alertname`.

use std::str::FromStr;

use super::{AlertGroup, AlertSet, AlertState, Labels};

/// Labels an alert must, or must not, have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matchers(Vec<Matcher>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Matcher {
    name: String,
    value: String,
    equal: bool,
}

impl Matchers {
    /// Whether labels are meant. A label that is not there is empty.
    fn match_labels(&self, labels: &Labels) -> bool {
        self.0.iter().all(|one| (labels.get(&one.name).unwrap_or_default() == one.value) == one.equal)
    }

    /// How many alerts that are meant fire, and since when the first of them does.
    pub fn firing(&self, set: &AlertSet) -> (usize, Option<jiff::Timestamp>) {
        let alerts = set.groups.iter().flat_map(|group: &AlertGroup| &group.alerts);
        let meant = alerts.filter(|alert| alert.state == AlertState::Firing && self.match_labels(&alert.labels));
        meant.fold((0, None), |(count, since), alert| {
            let first = since.map_or(alert.starts_at, |since: jiff::Timestamp| since.min(alert.starts_at));
            (count + 1, Some(first))
        })
    }
}

/// Why matchers could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected labels such as `alertname=\"HighErrorRate\"`, found `{0}`")]
pub struct MatchersError(String);

impl FromStr for Matchers {
    type Err = MatchersError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text).trim();
        let is_word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-:.".contains(c));
        if is_word(inner) {
            return Ok(Self(vec![Matcher { name: "alertname".into(), value: inner.into(), equal: true }]));
        }
        let mut rest = inner;
        let mut all = Vec::new();
        while !rest.is_empty() {
            let wrong = || MatchersError(rest.to_owned());
            let sign = rest.find(['=', '!']).ok_or_else(wrong)?;
            let (name, after) = rest.split_at(sign);
            let (equal, after) = match after.strip_prefix("!=") {
                Some(after) => (false, after),
                None => (true, after.strip_prefix('=').ok_or_else(wrong)?),
            };
            let quoted = after.trim_start().strip_prefix('"').ok_or_else(wrong)?;
            let (value, after) = unquoted(quoted).ok_or_else(wrong)?;
            if !is_word(name.trim()) {
                return Err(wrong());
            }
            all.push(Matcher { name: name.trim().to_owned(), value, equal });
            let after = after.trim_start();
            rest = match after.strip_prefix(',') {
                Some(more) => more.trim_start(),
                None if after.is_empty() => after,
                None => return Err(MatchersError(after.to_owned())),
            };
        }
        if all.is_empty() { Err(MatchersError(text.to_owned())) } else { Ok(Self(all)) }
    }
}

/// The text up to the closing quote, with `\"` and `\\` resolved, and what comes after it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(match letters.next()?.1 {
                'n' => '\n',
                other => other,
            }),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, labels: &[(&str, &str)], expected: bool) {
        let matchers: Matchers = text.parse().expect("matchers");
        assert_eq!(matchers.match_labels(&Labels::of(labels.iter().copied())), expected, "{text} on {labels:?}");
    }

    #[test]
    fn labels_that_must_be_there_and_those_that_must_not() {
        let alert = [("alertname", "HighErrors"), ("service", "cart, \"new\"")];
        check("HighErrors", &alert, true);
        check("alertname=\"HighErrors\"", &alert, true);
        check("{alertname=\"HighErrors\", service!=\"edge\"}", &alert, true);
        check("{alertname=\"HighErrors\",service=\"edge\"}", &alert, false);
        check("pod=\"\"", &alert, true);
        // What a set of labels is shown as can be read again.
        check(&Labels::of(alert).to_string(), &alert, true);
    }

    #[test]
    fn says_what_was_expected() {
        for text in ["", "{}", "alertname=High", "alertname=~\"x\"", "a=\"b\" c=\"d\"", "a=\"b"] {
            assert!(text.parse::<Matchers>().is_err(), "{text}");
        }
    }
}
