//! A command in one line, with the borders of its words.

use std::borrow::Cow;

/// The command with its words quoted where a border would not be seen; for reading only.
pub fn shown(argv: &[String]) -> String {
    argv.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "@%+=:,./-_~".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_of_words_are_seen() {
        let argv = ["kubectl", "--context=eu", "scale", "a b", "", "it's"].map(str::to_owned);
        assert_eq!(shown(&argv), r"kubectl --context=eu scale 'a b' '' 'it'\''s'");
    }
}
