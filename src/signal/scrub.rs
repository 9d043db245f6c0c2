//! Makes text from outside harmless, once, where it enters.
//!
//! Labels, log lines, error bodies and titles are written by strangers. A control character would move the cursor or
//! set the clipboard, a bidi override would make a line read backwards, a zero-width mark would hide a difference
//! between two names. All of them are dropped here, so nothing downstream (screen, journal, exports) needs to care.

use std::borrow::Cow;

/// Longest text kept of one label value, title or log line, in bytes. Longer ones end in `…`.
pub const MAX_LINE: usize = 4096;

/// One line: control characters other than tab and newline are dropped, tabs and newlines become one space each.
pub fn line(text: &str) -> Cow<'_, str> {
    scrub(text, false, MAX_LINE)
}

/// Several lines: as [`line()`], but newlines stay (`\r\n` becomes `\n`).
pub fn block(text: &str, max: usize) -> Cow<'_, str> {
    scrub(text, true, max)
}

/// One line of at most `max` bytes.
pub fn clipped(text: &str, max: usize) -> Cow<'_, str> {
    scrub(text, false, max)
}

fn scrub(text: &str, keep_newlines: bool, max: usize) -> Cow<'_, str> {
    if text.len() <= max && text.chars().all(|c| (is_harmless(c) && !is_mark(c)) || (keep_newlines && c == '\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(max));
    let mut marks = 0;
    for c in text.chars() {
        let c = match c {
            '\n' if keep_newlines => '\n',
            '\r' if keep_newlines => continue,
            '\n' | '\t' => ' ',
            c if is_harmless(c) => c,
            _ => continue,
        };
        // A flood of combining marks on one letter paints over the lines around it.
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > 4 {
            continue;
        }
        if out.len() + c.len_utf8() + '…'.len_utf8() > max {
            out.push('…');
            break;
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// Whether `c` may reach a terminal, a journal or an export as it is.
fn is_harmless(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_control() } else { !c.is_control() && !is_invisible(c) }
}

/// Zero-width and bidi characters, line and paragraph separators, tags, and private or unassigned format characters.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(line(input), expected);
    }

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(line("checkout p99 – 1.2 s, naïve"), Cow::Borrowed(_)));
    }

    #[test]
    fn attacks_lose_their_teeth() {
        check("a\x1b]52;c;ZXZpbA==\x07b", "a]52;c;ZXZpbA==b");
        check("a\u{9b}31mb", "a31mb");
        check("abc\u{202E}fdp.exe", "abcfdp.exe");
        check("pay\u{200B}ments", "payments");
        check("one\ntwo\tthree\r", "one two three");
        check("e\u{301}te\u{301}", "e\u{301}te\u{301}");
        check(&format!("x{}", "\u{301}".repeat(50)), &format!("x{}", "\u{301}".repeat(4)));
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        let cut = clipped(&"é".repeat(100), 20).into_owned();
        assert!(cut.ends_with('…') && cut.len() <= 20, "{cut}");
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(block("a\r\nb\x07\n", 100), "a\nb\n");
    }
}
