//! Whole words of a text: `DNS` stands in "restart the DNS resolvers", `replica` does not stand in "replication slot".

/// Whether a text has a word, or several in a row, as words of their own, in whatever case: `checkout` stands in
/// `rollback-checkout`, not in `checkouts`. An empty word stands nowhere.
pub fn has(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(&word).any(|(at, found)| {
            !is_word(text[..at].chars().next_back()) && !is_word(text[at + found.len()..].chars().next())
        })
}

/// Whether a text has one of these.
pub fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| has(text, word))
}

/// The words of a text in lower case, whatever stands between them.
pub fn of(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a text, and of the names in it that were put together: `DNSLookupFailures` has `dns`, `lookup` and
/// `failures`.
pub fn of_names(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut spaced = String::with_capacity(text.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        if at > 0 && begins_a_word(letters[at - 1], *letter, letters.get(at + 1).copied()) {
            spaced.push(' ');
        }
        spaced.push(*letter);
    }
    of(&spaced)
}

/// Whether a letter begins a word inside a name, as the `L` and the `F` of `DNSLookupFailures` do.
pub fn begins_a_word(before: char, letter: char, after: Option<char>) -> bool {
    letter.is_uppercase()
        && (before.is_lowercase()
            || before.is_ascii_digit()
            || (before.is_uppercase() && after.is_some_and(char::is_lowercase)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_there_whole_or_not_at_all() {
        assert!(has("Restart the cluster's DNS resolvers", "dns"));
        assert!(has("rollback-checkout", "checkout"));
        assert!(has("Roll back now", "roll back"));
        assert!(!has("the replication slot", "replica"));
        assert!(!has("checkouts", "checkout"));
        assert!(!has("anything", ""));
        assert!(has_any("turn the flag off", &["dns", "flag"]));
    }

    #[test]
    fn words_are_split_at_all_that_is_none() {
        assert_eq!(of("DNS-failure of pay_api (v2)"), ["dns", "failure", "of", "pay", "api", "v2"]);
    }

    #[test]
    fn names_that_were_put_together_are_words() {
        assert_eq!(of_names("DNSLookupFailures pay_api"), ["dns", "lookup", "failures", "pay", "api"]);
        assert_eq!(of_names("DiskFull and 4 more"), ["disk", "full", "and", "4", "more"]);
        assert_eq!(of_names("P95Latency"), ["p95", "latency"]);
    }
}
