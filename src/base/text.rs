//! Makes text from outside harmless, once, where it enters.
//!
//! Labels, log lines, error bodies and titles are written by strangers. A control character would move the cursor or
//! set the clipboard, a bidi override would make a line read backwards, a zero-width mark would hide a difference
//! between two names. All of them are dropped here, so nothing downstream (screen, journal, exports) needs to care.
//! What a journal holds comes through here once more when it is read, because anyone may have edited it.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// More marks on one letter than these paint over the lines around it. No language in use has words with more.
const MOST_MARKS: usize = 4;

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

/// With one line break, `\n`, where it has `\r\n`, `\n` or, as terminals send a paste, `\r`.
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    }
}

/// One line of at most `max` bytes.
pub fn clipped(text: &str, max: usize) -> Cow<'_, str> {
    scrub(text, false, max)
}

/// JSON that means the same and harms no terminal: what a line would lose stands as `\u202e` in its strings. For what
/// never came in through here, as the name of a folder.
pub fn json(text: &str) -> Cow<'_, str> {
    let is_fine = |c: char| c == '\n' || is_harmless(c);
    if text.chars().all(is_fine) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_fine(c) {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    Cow::Owned(out)
}

/// Names as they stand in a sentence: `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// What a terminal would show of what a command printed: no colours nor other escape sequences, and of a line that was
/// written over and over (a progress bar) its last state. It is still to be scrubbed.
pub fn unstyled(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{1b}', '\r']) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(['\u{1b}', '\r']) {
        out.push_str(&rest[..at]);
        let (is_escape, after) = (rest[at..].starts_with('\u{1b}'), &rest[at + 1..]);
        if !is_escape && !matches!(after.trim_start_matches('\r').chars().next(), None | Some('\n')) {
            out.truncate(out.rfind('\n').map_or(0, |newline| newline + 1));
        }
        rest = if is_escape { after_sequence(after) } else { after };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What follows an escape sequence (ECMA-48); one that is broken takes nothing with it that could be text.
fn after_sequence(text: &str) -> &str {
    // Parameters and such, then one last character.
    let control = |text: &'_ str, least: char| {
        let end = text.find(|c| !(least..='?').contains(&c)).unwrap_or(text.len());
        if text[end..].starts_with(|c| ('@'..='~').contains(&c)) { end + 1 } else { end }
    };
    let skipped = match text.chars().next() {
        Some('[') => 1 + control(&text[1..], ' '),
        // A title, a link: to the bell, or to `ESC \`.
        Some(']' | 'P' | 'X' | '^' | '_') => match text.find(['\u{7}', '\u{1b}', '\n']) {
            Some(end) if text[end..].starts_with('\u{7}') => end + 1,
            Some(end) if text[end..].starts_with("\u{1b}\\") => end + 2,
            _ => 1,
        },
        // A set of characters.
        Some(' '..='/') => 1 + text[1..].chars().next().filter(char::is_ascii_alphanumeric).map_or(0, char::len_utf8),
        Some('0'..='~') => 1,
        _ => 0,
    };
    &text[skipped..]
}

/// Whether bytes are no text: a NUL, or many bytes that no text has. Other encodings than UTF-8 are text with gaps.
pub fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31)).count();
    let broken = String::from_utf8_lossy(bytes).chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    bytes.contains(&0) || (odd + broken) * 10 > bytes.len().max(10)
}

fn scrub(text: &str, keep_newlines: bool, max: usize) -> Cow<'_, str> {
    let is_as_it_is = |c: char| (is_harmless(c) && !is_mark(c)) || (keep_newlines && c == '\n');
    // Nearly everything is plain ASCII, and looking at bytes is several times as fast, most of all without a way out.
    let is_plain = || text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    if text.len() <= max && (is_plain() || text.chars().all(is_as_it_is)) {
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
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MOST_MARKS {
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

/// Format characters (general category Cf of Unicode 17: zero-width, bidi, tags, signs that govern those behind them),
/// line and paragraph separators, variation selectors, fillers, and what is reserved for such.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}' | '\u{070F}' | '\u{0890}' | '\u{0891}'
        | '\u{08E2}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}'
        | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether `c` is drawn onto the character before it, in any script: it takes no room of its own, or no line may break
/// before it.
fn is_mark(c: char) -> bool {
    let joins = || format!("a{c}").graphemes(true).nth(1).is_none();
    // Below are the letters of Europe; ideographs and syllables of Hangul are many, and none of them is one.
    !matches!(c, ..'\u{0300}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}') && (c.width() == Some(0) || joins())
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
    fn a_flood_of_marks_is_cut_in_every_script() {
        #[track_caller]
        fn check_flood(letter: char, mark: char) {
            let flood = |marks: usize| format!("{letter}{}{letter}", mark.to_string().repeat(marks));
            check(&flood(50), &flood(MOST_MARKS));
            check(&flood(MOST_MARKS), &flood(MOST_MARKS));
        }
        check_flood('x', '\u{0301}');
        check_flood('x', '\u{20DD}');
        check_flood('ก', '\u{0E49}');
        check_flood('ب', '\u{0651}');
        check_flood('ש', '\u{05B8}');
        check_flood('क', '\u{0941}');
        check_flood('क', '\u{093E}');
        check_flood('ཀ', '\u{0F71}');
        check_flood('က', '\u{1039}');
        check_flood('か', '\u{3099}');
        check_flood('ᄀ', '\u{1161}');
        check_flood('\u{13000}', '\u{13440}');
        check_flood('\u{11083}', '\u{110B9}');
    }

    #[test]
    fn words_of_every_script_stay_whole() {
        let words = [
            "ที่นี่ น้ำ ปั๊ม กตัญญู",
            "مُدَرِّسٌ اللّٰهُ لَا",
            "שָׁלוֹם בְּרֵאשִׁ֖ית",
            "हिन्दी क्ष्म्य कार्त्स्न्य ज़िंदगी",
            "tiếng Việt Ǻ e\u{302}\u{323}",
            "བསྒྲུབས་",
            "မြန်မာ ကြွေ",
            "தமிழ் తెలుగు ಕನ್ನಡ മലയാളം",
            "ខ្មែរ",
            "한국어 \u{1112}\u{1161}\u{11AB}",
            "日本語 か\u{3099}",
        ];
        words.iter().for_each(|word| check(word, word));
    }

    #[test]
    fn what_nobody_sees_is_dropped() {
        let dropped = "\u{AD}\u{600}\u{605}\u{61C}\u{6DD}\u{70F}\u{890}\u{8E2}\u{180E}\u{200D}\u{2028}\u{2066}\u{FE0F}\u{FEFF}\
                       \u{FFF9}\u{110BD}\u{110CD}\u{13430}\u{1343F}\u{1BCA0}\u{1D173}\u{E0001}\u{E0041}\u{E0100}";
        dropped.chars().for_each(|c| check(&format!("a{c}b"), "ab"));
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        let cut = clipped(&"é".repeat(100), 20).into_owned();
        assert!(cut.ends_with('…') && cut.len() <= 20, "{cut}");
    }

    #[test]
    fn what_a_command_printed_is_read_as_on_a_terminal() {
        #[track_caller]
        fn check(input: &str, expected: &str) {
            assert_eq!(unstyled(input), expected);
        }
        check("plain", "plain");
        check("\x1b[1;31mred\x1b[0m text", "red text");
        check("a\x1b[2J\x1b[H\x1b(B\x1b=b", "ab");
        check("\x1b]0;owned\x07a \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "a link");
        check("10%\r50%\r\x1b[K100%\r\nnext\r\r\n", "100%\r\nnext\r\r\n".replace('\r', "").as_str());
        check("no end\x1b[31", "no end");
        check("\x1b]0;no end\nnext", "0;no end\nnext");
        check("end\x1b", "end");
        check("\x1bé\x1b[é", "éé");
        check("50%\r", "50%");
    }

    proptest::proptest! {
        #[test]
        fn no_escape_is_left(text in "[\\x1b\\r\\n\\[\\]\x07;0-9mKé(]{0,40}") {
            let shown = unstyled(&text);
            proptest::prop_assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
        }
    }

    #[test]
    fn json_means_the_same_and_harms_nobody() {
        let text = "{\n \"a\u{9b}\": \"é\u{7f}\u{202e}\u{e0041} \u{1f600}\"\n}";
        let safe = json(text);
        assert_eq!(safe, "{\n \"a\\u009b\": \"é\\u007f\\u202e\\udb40\\udc41 \u{1f600}\"\n}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&safe), read(text));
        assert!(matches!(json("{\"a\": 1}\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(block("a\r\nb\x07\n", 100), "a\nb\n");
    }
}
