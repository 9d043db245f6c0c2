//! What a variable can be set to: found by its pattern in what came, once each, in its order.

use std::collections::HashSet;

use super::super::{collate, pattern::Pattern};

/// Most values a variable can be set to.
const MAX_CHOICES: usize = 100_000;

/// How often a pattern may take too long before it is given up.
const MAX_FAILURES: usize = 3;

/// A value, and what a person reads for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What goes into queries.
    pub value: String,
    /// What is shown.
    pub text: String,
}

impl Choice {
    /// A value that is shown as it is.
    pub fn plain(value: impl Into<String>) -> Self {
        let value = value.into();
        Self { text: value.clone(), value }
    }
}

/// The choices in what a source answered.
///
/// A pattern that takes too long is given up, which is said in words beside what it found up to then.
pub(super) fn found(
    all: Vec<Choice>,
    pattern: Option<&Pattern>,
    on_text: bool,
    sort: u64,
) -> (Vec<Choice>, Option<String>) {
    let mut failures = 0;
    let all: Vec<Choice> = match pattern {
        Some(pattern) => {
            let mut out = Vec::new();
            for choice in all {
                if failures < MAX_FAILURES && out.len() < MAX_CHOICES {
                    out.extend(matched(choice, pattern, on_text, &mut failures));
                }
            }
            out
        }
        None => all,
    };
    let mut seen = HashSet::new();
    let mut once: Vec<Choice> = all.into_iter().filter(|choice| seen.insert(choice.value.clone())).collect();
    once.truncate(MAX_CHOICES);
    let error = (failures > 0).then(|| "its pattern takes too long".to_owned());
    (sorted(once, sort), error)
}

/// What a pattern takes of one answer: its groups `value` and `text`, or its first group, as often as it matches.
fn matched(choice: Choice, pattern: &Pattern, on_text: bool, failures: &mut usize) -> Vec<Choice> {
    let text = if on_text { choice.text.clone() } else { choice.value.clone() };
    let is_global = pattern.is_global();
    let all = pattern.regex().captures_iter(text.as_str());
    let all = all.map_while(|found| found.inspect_err(|_| *failures += 1).ok());
    let matches: Vec<_> = all.take(if is_global { MAX_CHOICES } else { 1 }).collect();
    if matches.is_empty() {
        return Vec::new();
    }
    let named = |name: &str| {
        let mut groups = matches.iter().filter_map(|found| found.name(name));
        groups.find(|group| !group.as_str().is_empty()).map(|group| group.as_str().to_owned())
    };
    let (value, label) = (named("value"), named("text"));
    if let Some(any) = value.clone().or_else(|| label.clone()) {
        return vec![Choice { value: value.unwrap_or_else(|| any.clone()), text: label.unwrap_or(any) }];
    }
    let group = |found: &fancy_regex::Captures<'_, str>| found.get(1).map_or("", |group| group.as_str()).to_owned();
    let has_group = pattern.regex().captures_len() > 1;
    match (has_group, matches.as_slice()) {
        (false, _) => vec![choice],
        (true, [only]) => vec![Choice::plain(group(only))],
        (true, several) => several.iter().map(|found| Choice::plain(group(found))).collect(),
    }
}

/// In the order a dashboard names by a number: 0 as they came, then by letters, by the first number in them, by letters
/// whatever their case, and as people count; each up and down.
fn sorted(mut all: Vec<Choice>, sort: u64) -> Vec<Choice> {
    let number = |choice: &Choice| -> f64 {
        let digits = choice.text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().unwrap_or(-1.0)
    };
    match sort {
        1 | 2 => all.sort_by(|a, b| a.text.encode_utf16().cmp(b.text.encode_utf16())),
        3 | 4 => all.sort_by(|a, b| number(a).total_cmp(&number(b))),
        5 | 6 => all.sort_by_cached_key(|choice| choice.text.to_lowercase()),
        7 | 8 => all.sort_by_cached_key(|choice| collate::Key::of(&choice.text)),
        _ => return all,
    }
    if sort.is_multiple_of(2) {
        all.reverse();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], pattern: &str, sort: u64, expected: &[&str]) {
        let all = values.iter().map(|value| Choice::plain(*value)).collect();
        let pattern = Pattern::read(pattern);
        let (found, _) = found(all, pattern.as_ref().filter(|_| expected != ["no pattern"]), false, sort);
        let values: Vec<&str> = found.iter().map(|choice| choice.value.as_str()).collect();
        assert_eq!(values, expected);
    }

    #[test]
    fn patterns_take_their_groups() {
        check(&["up{job=\"a\"} 1 2", "up{job=\"b\"} 1 2", "x"], "/.*job=\"([^\"]*)\".*/", 0, &["a", "b"]);
        check(&["a1", "b2", "a1"], "/^a/", 0, &["a1"]);
        check(&["a,b"], "/([a-z])/g", 0, &["a", "b"]);
        check(&["a,b"], "/([a-z])/", 0, &["a"]);
        check(&["id=7 name=x"], "/id=(?<value>\\d+)/", 0, &["7"]);
        check(&["keep", "drop-me"], "/^(?!drop).*/", 0, &["keep"]);
    }

    #[test]
    fn orders() {
        let all = ["b10", "B2", "a1", "", "b2"];
        check(&all, "", 1, &["", "B2", "a1", "b10", "b2"]);
        check(&all, "", 2, &["b2", "b10", "a1", "B2", ""]);
        check(&all, "", 3, &["", "a1", "B2", "b2", "b10"]);
        check(&all, "", 5, &["", "a1", "b10", "B2", "b2"]);
        check(&all, "", 7, &["", "a1", "B2", "b2", "b10"]);
        check(&all, "", 8, &["b10", "b2", "B2", "a1", ""]);
    }
}
