//! Regular expressions of JavaScript, written as the engine here reads them.

use std::{iter::Peekable, str::CharIndices};

/// Letters that mean something behind a backslash, in JavaScript and here alike.
const SAME: &str = "sSbBnrtfvxucpPk0123456789";

/// Rewrites a pattern: braces and brackets that stand for themselves, classes that are empty, digits and word letters
/// that are ASCII.
pub fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern.char_indices().peekable();
    let mut quantified = 0;
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => out += &escape(rest.next().map(|(_, c)| c), false),
            '[' => class(&mut rest, &mut out),
            ']' => out += r"\]",
            '{' if at > 0 && is_quantifier(pattern.get(at..).unwrap_or_default()) => {
                quantified += 1;
                out.push('{');
            }
            '}' if quantified > 0 => {
                quantified -= 1;
                out.push('}');
            }
            '{' | '}' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

fn escape(c: Option<char>, in_class: bool) -> String {
    match c {
        None => r"\\".to_owned(),
        Some('d') => if in_class { "0-9" } else { "[0-9]" }.to_owned(),
        Some('w') => if in_class { "A-Za-z0-9_" } else { "[A-Za-z0-9_]" }.to_owned(),
        Some('D') => "[^0-9]".to_owned(),
        Some('W') => "[^A-Za-z0-9_]".to_owned(),
        Some('b') if in_class => r"\x08".to_owned(),
        Some(c) if SAME.contains(c) || (c.is_ascii_punctuation() && !"<>_".contains(c)) => format!("\\{c}"),
        Some(c) => c.to_string(),
    }
}

fn class(rest: &mut Peekable<CharIndices<'_>>, out: &mut String) {
    let negated = rest.next_if(|(_, c)| *c == '^').is_some();
    if rest.next_if(|(_, c)| *c == ']').is_some() {
        out.push_str(if negated { r"[\s\S]" } else { r"[^\s\S]" });
        return;
    }
    out.push_str(if negated { "[^" } else { "[" });
    let mut before = ' ';
    for (_, c) in rest.by_ref() {
        match c {
            ']' if before != '\\' => {
                out.push(']');
                return;
            }
            _ if before == '\\' => {
                *out += &escape(Some(c), true);
                before = ' ';
                continue;
            }
            '\\' => {}
            '[' | '&' | '~' => out.extend(['\\', c]),
            '-' if before == '-' => *out += r"\-",
            _ => out.push(c),
        }
        before = c;
    }
}

/// Whether a brace says how often: `{2}`, `{2,}`, `{2,3}`.
fn is_quantifier(text: &str) -> bool {
    let Some((inner, _)) = text.strip_prefix('{').and_then(|inner| inner.split_once('}')) else { return false };
    let (from, to) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    !from.is_empty() && digits(from) && digits(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_browser_reads_is_rewritten() {
        for (written, read) in [
            ("^{}$", r"^\{\}$"),
            ("a{2,3}{x}", r"a{2,3}\{x\}"),
            (r"\d+\/\w\_\<", r"[0-9]+\/[A-Za-z0-9_]_<"),
            (r"[\d\]\w-]x]", r"[0-9\]A-Za-z0-9_-]x\]"),
            ("[^][]", r"[\s\S][^\s\S]"),
            ("[[a&&b]", r"[\[a\&\&b]"),
            (r"(?<n>a)\k<n>\u0041", r"(?<n>a)\k<n>\u0041"),
            ("a\\", r"a\\"),
        ] {
            assert_eq!(translated(written), read);
            assert!(fancy_regex::Regex::new(read).is_ok(), "{read}");
        }
    }
}
