//! Which alerts are meant, as Prometheus writes a selector: `{alertname=~"High.*", service!="edge"}`. The braces may be
//! left out; a lone word is the `alertname`. A pattern is one for the whole value.

use std::{fmt, str::FromStr};

use regex_lite::Regex;

use super::{AlertGroup, AlertSet, AlertState, Labels};

/// Labels an alert must, or must not, have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matchers(Vec<Matcher>);

/// What one label must be, or must not be.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// As it is written; a pattern, too.
    pub value: String,
    /// Whether it must be so, or must not.
    pub equal: bool,
    pattern: Option<Regex>,
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        let parts = |one: &Self| (one.equal, one.pattern.is_some());
        (&self.name, &self.value, parts(self)) == (&other.name, &other.value, parts(other))
    }
}

impl Eq for Matcher {}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.equal, self.is_pattern()) {
            (true, false) => "=",
            (false, false) => "!=",
            (true, true) => "=~",
            (false, true) => "!~",
        };
        let value = self.value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        write!(f, "{}{sign}\"{value}\"", self.name)
    }
}

impl Matcher {
    /// Whether its value is a pattern for the whole value of the label.
    pub fn is_pattern(&self) -> bool {
        self.pattern.is_some()
    }

    fn is_met(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.name).unwrap_or_default();
        let same = self.pattern.as_ref().map_or_else(|| value == self.value, |pattern| pattern.is_match(value));
        same == self.equal
    }
}

impl Matchers {
    /// One by one, as they were written.
    pub fn each(&self) -> impl Iterator<Item = &Matcher> {
        self.0.iter()
    }

    /// Whether labels are meant. A label that is not there is empty.
    pub fn match_labels(&self, labels: &Labels) -> bool {
        self.0.iter().all(|one| one.is_met(labels))
    }

    /// Whether the value of this label counts.
    pub fn names(&self, label: &str) -> bool {
        self.0.iter().any(|one| one.name == label)
    }

    /// Whether the value of this label must be one that is written out.
    pub fn equals(&self, label: &str) -> bool {
        self.0.iter().any(|one| one.name == label && one.equal && one.pattern.is_none())
    }

    /// How many labels are asked for.
    #[expect(clippy::len_without_is_empty, reason = "there is always one at least")]
    pub fn len(&self) -> usize {
        self.0.len()
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
            let name = Matcher { name: "alertname".into(), value: inner.into(), equal: true, pattern: None };
            return Ok(Self(vec![name]));
        }
        let mut rest = inner;
        let mut all = Vec::new();
        while !rest.is_empty() {
            let wrong = || MatchersError(rest.to_owned());
            let sign = rest.find(['=', '!']).ok_or_else(wrong)?;
            let (name, after) = rest.split_at(sign);
            let sign = ["!=", "!~", "=~", "="].into_iter().find(|sign| after.starts_with(sign)).ok_or_else(wrong)?;
            let (equal, after) = (!sign.starts_with('!'), &after[sign.len()..]);
            let quoted = after.trim_start().strip_prefix('"').ok_or_else(wrong)?;
            let (value, after) = unquoted(quoted).ok_or_else(wrong)?;
            if !is_word(name.trim()) {
                return Err(wrong());
            }
            // As Prometheus has them: for the whole value, and with a dot for a new line, too.
            let pattern = sign.ends_with('~').then(|| Regex::new(&format!("^(?s:{value})$"))).transpose();
            let pattern = pattern.map_err(|error| MatchersError(format!("{value}`, a broken pattern: `{error}")))?;
            all.push(Matcher { name: name.trim().to_owned(), value, equal, pattern });
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
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                other @ ('"' | '\\') => value.push(other),
                // As `\d` of a pattern, which would have to be written `\\d`.
                other => value.extend(['\\', other]),
            },
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
        check("alertname=~\"High.*|Low\"", &alert, true);
        check("alertname=~\"High\"", &alert, false);
        check("alertname!~\"Low.*\", pod!~\".+\"", &alert, true);
        check("alertname!~\"High.*\"", &alert, false);
        check("pod=~\"web-\\d+\"", &[("pod", "web-17")], true);
        let all = "a=\"x \\\"y\\\" \\\\d\", b!=\"\", c=~\"d|e\", f!~\"g.*\"";
        let each: Vec<String> = all.parse::<Matchers>().expect("matchers").each().map(ToString::to_string).collect();
        assert_eq!(each.join(", "), all);
        // What a set of labels is shown as can be read again.
        check(&Labels::of(alert).to_string(), &alert, true);
    }

    #[test]
    fn says_what_was_expected() {
        for text in ["", "{}", "alertname=High", "alertname=~\"(\"", "a~\"x\"", "a=\"b\" c=\"d\"", "a=\"b"] {
            assert!(text.parse::<Matchers>().is_err(), "{text}");
        }
    }
}
