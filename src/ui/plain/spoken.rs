//! From lines that were written to be seen to lines that are read aloud: signs that only point or align are left out, others
//! become words, and a sentence begins and ends as one.

use crate::base::text;

/// Signs, and what is said of them.
const SIGNS: [(&str, &str); 22] = [
    (" → ", " to "),
    ("→", " to "),
    (" ×", " times "),
    ("≥", "at least"),
    ("≤", "at most"),
    ("≠", "not"),
    ("≈", "(shaky)"),
    ("▼", "against "),
    (" · ", ", "),
    ("·", ""),
    ("▸", ""),
    ("▶", ""),
    ("›", ""),
    ("✓", ""),
    ("✗", ""),
    ("↩", ""),
    ("●", ""),
    ("○", ""),
    ("◐", ""),
    ("◆", ""),
    ("│", ""),
    ("─", ""),
];

/// What a command begins with.
pub(super) const COMMAND: &str = "$ ";

/// The lines as they are said; empty ones are not.
pub(super) fn lines(lines: Vec<String>) -> Vec<String> {
    lines.iter().map(|line| spoken(line)).filter(|line| !line.is_empty()).collect()
}

fn spoken(line: &str) -> String {
    let mut said = text::line(line).into_owned();
    // A command is shown as it runs.
    if said.starts_with(COMMAND) {
        return said;
    }
    for (sign, word) in SIGNS {
        if said.contains(sign) {
            said = said.replace(sign, word);
        }
    }
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut said = said.trim_start_matches(", ").to_owned();
    let is_sentence = !said.contains(COMMAND);
    if is_sentence && said.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '%' | '"' | '*')) {
        said.push('.');
    }
    let first = said.chars().next().filter(|c| c.is_lowercase());
    // Names of what can be typed stand in front of a colon and stay as they are.
    let begins = said.split(' ').next().unwrap_or_default().trim_end_matches('.');
    match first {
        Some(first) if !begins.ends_with(':') && begins.chars().all(char::is_alphabetic) => {
            said.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
            said
        }
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_words_or_nothing() {
        assert_eq!(spoken("  ✗ m1 failed → proposed  "), "m1 failed to proposed.");
        assert_eq!(spoken("checkout ok ≥ 99.5 %"), "Checkout ok at least 99.5 %.");
        assert_eq!(spoken("one row · two"), "One row, two.");
        assert_eq!(spoken("  · Who was hurt?"), "Who was hurt?");
        assert_eq!(spoken("y: yes, do it"), "y: yes, do it.");
        assert_eq!(spoken("  ── onset ──"), "Onset.");
        assert_eq!(spoken("────"), "");
        assert_eq!(spoken("$ sh -c 'a  → b'"), "$ sh -c 'a  → b'");
    }
}
