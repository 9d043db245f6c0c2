//! The regular expressions of label matchers, always anchored at both ends.

use regex_lite::Regex;

/// A compiled expression.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// Compiles an expression; the error says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        // First as it stands: a stray parenthesis would close the group that anchors it.
        let compiled = Regex::new(text).and_then(|_| Regex::new(&format!("^(?:{text})$")));
        compiled.map(Self).map_err(|error| format!("error parsing regexp: {error}: `{text}`"))
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let compiled = Pattern::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        yes.iter().for_each(|text| assert!(compiled.matches(text), "{pattern} should match {text:?}"));
        no.iter().for_each(|text| assert!(!compiled.matches(text), "{pattern} should not match {text:?}"));
    }

    #[test]
    fn whole_texts_only() {
        check("5..", &["500", "503"], &["50", "5000", "200", "500\n"]);
        check("", &[""], &["a"]);
        check(".*", &["", "anything"], &[]);
        check(".+", &["x"], &[""]);
        check("edge|checkout", &["edge", "checkout"], &["edg", "edgecheckout"]);
        check("checkout-(f41d|6b9c)-[0-9]+", &["checkout-f41d-12"], &["checkout-f41d-", "checkout-f41d-1x"]);
        check(r"v2\.3\.\d", &["v2.3.1"], &["v2x3x1"]);
        check("a{2,3}b?", &["aa", "aaab"], &["a", "aaaa"]);
        check("[^a-c]x", &["dx"], &["ax", "x"]);
        check("^(?:a|b*)c$", &["ac", "bbc", "c"], &["abc"]);
        check("(a*)*b", &["b", "aab"], &["a"]);
        check("(?i)edge", &["Edge"], &["edges"]);
    }

    #[test]
    fn no_expression_runs_for_ever() {
        check("(a*)*(a*)*(a*)*b", &[], &[&"a".repeat(60)]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (pattern, word) in
            [("(", "without closing"), ("a)", ")"), ("a)|(b", ")"), ("*", "repetition"), ("[a", "closing bracket")]
        {
            let error = Pattern::new(pattern).expect_err(pattern);
            assert!(error.contains(word), "{pattern}: {error}");
        }
    }
}
