//! The rollback guard: four questions asked before something is rolled back, because rolling back onto data that has
//! moved on makes it worse. They take seconds, each may be skipped, and what was said is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A question of the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardQuestion {
    /// What was the last good state?
    LastGood,
    /// Were data, schema or flags changed since?
    ChangedSince,
    /// Was going back ever tested?
    Tested,
    /// What signal, by when, proves that it worked, and how is it undone?
    Proof,
    /// Was anything written since? Asked of a change, before going back on it is offered at all.
    WrittenSince,
}

impl GuardQuestion {
    /// The four that are asked of every way back, in their order.
    pub const ALL: [Self; 4] = [Self::LastGood, Self::ChangedSince, Self::Tested, Self::Proof];

    /// The question as it is asked.
    pub fn text(self) -> &'static str {
        match self {
            Self::LastGood => "Last good state?",
            Self::ChangedSince => "Data, schema or flag changed since?",
            Self::Tested => "Was going back ever tested?",
            Self::Proof => "What signal, by when, proves it worked, and how is it undone?",
            Self::WrittenSince => "Was data written since?",
        }
    }

    /// Its name in a list of what was said.
    pub fn name(self) -> &'static str {
        match self {
            Self::LastGood => "last good state",
            Self::ChangedSince => "data, schema or flag changed since",
            Self::Tested => "ever tested",
            Self::Proof => "proof and way out",
            Self::WrittenSince => "written since",
        }
    }
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum GuardAnswer {
    Yes,
    No,
    Unknown,
    Skipped,
    /// Neither of them, but words; see [`GuardReply::text`].
    Said,
}

/// An answer with its words, if there are any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardReply {
    /// What was answered.
    pub answer: GuardAnswer,
    /// More of it in words; may be empty.
    pub text: String,
}

/// What was answered to the questions of one guard; the newest answer counts.
pub type Guard = BTreeMap<GuardQuestion, GuardReply>;

impl GuardReply {
    /// `yes`, `no: nothing was migrated`, `checkout v2.3.0`.
    pub fn words(&self) -> String {
        let word = match self.answer {
            GuardAnswer::Yes => "yes",
            GuardAnswer::No => "no",
            GuardAnswer::Unknown => "not known",
            GuardAnswer::Skipped => "skipped",
            GuardAnswer::Said => "",
        };
        match (word, self.text.as_str()) {
            ("", text) => text.to_owned(),
            (word, "") => word.to_owned(),
            (word, text) => format!("{word}: {text}"),
        }
    }
}

/// The first of the four that nobody has answered or skipped.
pub fn next_open(guard: &Guard) -> Option<GuardQuestion> {
    GuardQuestion::ALL.into_iter().find(|question| !guard.contains_key(question))
}

/// What in the answers speaks against going back, in words; empty when nothing does.
pub fn warnings(guard: &Guard) -> Vec<&'static str> {
    use GuardAnswer::{No, Unknown, Yes};
    let said = |question| guard.get(&question).map(|reply| reply.answer);
    let mut warnings = Vec::new();
    match said(GuardQuestion::ChangedSince) {
        Some(Yes) => warnings.push("data, schema or flags changed since: the old state may not fit them"),
        Some(Unknown) => warnings.push("not known whether data, schema or flags changed since"),
        _ => {}
    }
    if said(GuardQuestion::Tested) == Some(No) {
        warnings.push("going back was never tested");
    }
    if said(GuardQuestion::LastGood) == Some(No) {
        warnings.push("no last good state is known");
    }
    warnings
}

/// Whether a sentence says that it can be taken back, or cannot: `None` where it says neither.
pub fn reversible_in(text: &str) -> Option<bool> {
    const NOT: [&str; 8] = ["not", "isn't", "isnt", "hardly", "no", "never", "non", "un"];
    let lower = text.to_lowercase().replace('’', "'");
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty()).collect();
    let said = |gone: &[&str]| words.windows(gone.len()).any(|window| window == gone);
    let cannot = [&["cannot", "be", "undone"][..], &["can't", "be", "undone"], &["can", "not", "be", "undone"]];
    let cannot_be_taken_back =
        [&["cannot", "be", "taken", "back"][..], &["can't", "be", "taken", "back"], &["no", "way", "back"]];
    if cannot.into_iter().chain(cannot_be_taken_back).any(said) || words.contains(&"irreversible") {
        return Some(false);
    }
    let at = words.iter().position(|word| *word == "reversible")?;
    // `not reversible`, `isn't easily reversible`.
    let before = &words[at.saturating_sub(2)..at];
    Some(!before.iter().any(|word| NOT.contains(word)))
}

/// The minutes a sentence gives as a deadline: `checkout ok by 5 min`, `within 10m`, `90s`; at least 1.
pub fn minutes_in(text: &str) -> Option<u32> {
    let words: Vec<&str> = text.split([' ', ',', ';', '(', ')']).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let number: u32 = word[..digits].parse().ok()?;
        let unit = if digits < word.len() { &word[digits..] } else { words.get(at + 1).copied().unwrap_or_default() };
        let minutes = match unit.trim_end_matches(['.', ':']) {
            "m" | "min" | "mins" | "minute" | "minutes" => number,
            "s" | "sec" | "seconds" => number.div_ceil(60),
            "h" | "hour" | "hours" => number.saturating_mul(60),
            _ => return None,
        };
        Some(minutes.clamp(1, 24 * 60))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_reversible_is_not() {
        let said = [
            ("checkout ok within 5 min; reversible", Some(true)),
            ("Reversible: deploy v2 again", Some(true)),
            ("checkout ok; not reversible", Some(false)),
            ("it isn't easily reversible", Some(false)),
            ("non-reversible", Some(false)),
            ("irreversible", Some(false)),
            ("can't be undone", Some(false)),
            ("this cannot be undone", Some(false)),
            ("no way back", Some(false)),
            ("checkout ok within 5 min; undo: deploy again", None),
            ("replicas reversibly scaled", None),
        ];
        for (text, expected) in said {
            assert_eq!(reversible_in(text), expected, "{text}");
        }
    }

    #[track_caller]
    fn check(text: &str, expected: Option<u32>) {
        assert_eq!(minutes_in(text), expected, "{text}");
    }

    #[test]
    fn a_deadline_is_read_from_words() {
        check("checkout ok in range by 5 min; undo: deploy v2.3.1 again", Some(5));
        check("5xx under 1/s within 10m", Some(10));
        check("90s", Some(2));
        check("an hour, that is 1 h", Some(60));
        check("p99 < 300 ms", None);
        check("v2.3.1 again", None);
        check("0 min", Some(1));
        check("", None);
    }

    #[test]
    fn the_next_question_is_the_first_without_an_answer() {
        let reply = |answer| GuardReply { answer, text: String::new() };
        let mut guard = Guard::new();
        assert_eq!(next_open(&guard), Some(GuardQuestion::LastGood));
        guard.insert(GuardQuestion::LastGood, reply(GuardAnswer::Skipped));
        guard.insert(GuardQuestion::Tested, reply(GuardAnswer::No));
        assert_eq!(next_open(&guard), Some(GuardQuestion::ChangedSince));
        assert_eq!(warnings(&guard), ["going back was never tested"]);
        guard.insert(GuardQuestion::ChangedSince, reply(GuardAnswer::Yes));
        guard.insert(GuardQuestion::Proof, reply(GuardAnswer::Said));
        assert_eq!(next_open(&guard), None);
        assert_eq!(warnings(&guard).len(), 2);
    }
}
