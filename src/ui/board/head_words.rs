//! Titles in narrow columns: broken between words, and within one that is longer than a line where its parts meet, as in
//! `DNSLookup` `Failures` or `disk_` `full`.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::{base::words, ui::widget::text};

/// The text in lines of at most `max` cells.
pub(super) fn wrap(title: &str, max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if max == 0 {
        return lines;
    }
    let mut room = 0;
    for word in title.split_whitespace() {
        let cells = text::width(word);
        if cells < room {
            push(&mut lines, " ", word);
            room -= cells + 1;
        } else if cells <= max {
            lines.push(word.to_owned());
            room = max - cells;
        } else {
            room = room.saturating_sub(1);
            let mut gap = if lines.is_empty() { "" } else { " " };
            for part in parts(word).into_iter().flat_map(|part| cut(part, max)) {
                let cells = text::width(part);
                if cells <= room {
                    push(&mut lines, gap, part);
                    room -= cells;
                } else {
                    lines.push(part.to_owned());
                    room = max.saturating_sub(cells);
                }
                gap = "";
            }
        }
    }
    lines
}

fn push(lines: &mut Vec<String>, gap: &str, part: &str) {
    match lines.last_mut() {
        Some(line) => {
            line.push_str(gap);
            line.push_str(part);
        }
        None => lines.push(part.to_owned()),
    }
}

/// The parts of a word that was put together: each ends in the sign that joins it to the next, or before a capital.
fn parts(word: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    for at in 1..letters.len() {
        let (before, (place, letter)) = (letters[at - 1].1, letters[at]);
        let after = letters.get(at + 1).map(|next| next.1);
        let joined = matches!(before, '_' | '-' | '.' | '/' | ':' | ',' | '=') && letter.is_alphanumeric();
        let camel = words::begins_a_word(before, letter, after);
        if joined || camel {
            parts.push(&word[from..place]);
            from = place;
        }
    }
    parts.push(&word[from..]);
    parts
}

/// A part in pieces of at most `max` cells; a letter that is wider is left out.
fn cut(part: &str, max: usize) -> Vec<&str> {
    let (mut pieces, mut from, mut used) = (Vec::new(), 0, 0);
    for (at, letter) in part.grapheme_indices(true) {
        let cells = letter.width();
        if used + cells > max {
            pieces.push(&part[from..at]);
            (from, used) = (if cells > max { at + letter.len() } else { at }, 0);
        }
        used += if cells > max { 0 } else { cells };
    }
    pieces.push(&part[from..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(title: &str, max: usize, expected: &[&str]) {
        assert_eq!(wrap(title, max), expected);
    }

    #[test]
    fn broken_where_words_and_their_parts_meet() {
        check("DNSLookupFailures payments", 9, &["DNSLookup", "Failures", "payments"]);
        check("HighErrorRate checkout", 8, &["High", "Error", "Rate", "checkout"]);
        check("HighErrorRate checkout", 14, &["HighErrorRate", "checkout"]);
        check("disk_full on checkout-7f9c-x2", 10, &["disk_full", "on", "checkout-", "7f9c-x2"]);
        check("p99 slow", 9, &["p99 slow"]);
        check("p99 slow", 8, &["p99 slow"]);
        check("a KubePodCrashLooping", 10, &["a KubePod", "Crash", "Looping"]);
        check("uninterruptible", 6, &["uninte", "rrupti", "ble"]);
        check("支付服务", 5, &["支付", "服务"]);
        check("", 5, &[]);
        check("x", 0, &[]);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(title in "\\PC{0,40}", max in 1usize..20) {
            prop_assert!(wrap(&title, max).iter().all(|line| text::width(line) <= max), "{:?}", wrap(&title, max));
        }
    }
}
