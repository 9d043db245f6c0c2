//! Which service a text speaks of.

/// Whether a text names a service as a word of its own: `checkout` stands in `rollback-checkout`, not in `checkouts`.
pub(in crate::app) fn names(text: &str, service: &str) -> bool {
    let (text, service) = (text.to_lowercase(), service.to_lowercase());
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(&service).any(|(at, found)| {
        !is_word(text[..at].chars().next_back()) && !is_word(text[at + found.len()..].chars().next())
    })
}
