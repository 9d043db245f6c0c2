//! Text that fits: measured, cut and wrapped by the cells it takes, not by bytes or characters.
//!
//! Ratatui's own wrapping is not used: it goes beyond the buffer when a wide character meets a narrow area.

use std::borrow::Cow;

use ratatui::{buffer::Buffer, style::Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The cells a text takes; wide letters take two, marks on a letter none.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// Puts a text into the cells from (x, y) on, at most `max` of them. That place must lie in the
/// buffer. Returns the x behind the text.
pub fn set(buf: &mut Buffer, (x, y): (u16, u16), text: &str, max: u16, style: Style) -> u16 {
    if !text.is_ascii() {
        return buf.set_stringn(x, y, text, max.into(), style).0;
    }
    // Nearly all words of a frame are such: no search for marks and wide letters, one for the place.
    let room = max.min(buf.area.right().saturating_sub(x));
    let from = buf.index_of(x, y);
    let shown = text.chars().filter(|c| !c.is_control());
    let cells = buf.content[from..from + usize::from(room)].iter_mut().zip(shown);
    x + cells.map(|(cell, c)| cell.set_char(c).set_style(style)).count() as u16
}

/// The text in at most `max` cells; what is cut off becomes `…`.
pub fn clip(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    match max {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}…", prefix(text, max - 1).trim_end())),
    }
}

/// The text in at most `max` cells, cut in the middle: names of pods and series differ at their ends.
pub fn clip_middle(text: &str, max: usize) -> Cow<'_, str> {
    if max < 6 || width(text) <= max {
        return clip(text, max);
    }
    let tail: Vec<&str> = text.graphemes(true).rev().collect();
    let (mut used, mut from) = (0, text.len());
    for piece in tail {
        used += UnicodeWidthStr::width(piece);
        if used > max / 2 - 1 {
            break;
        }
        from -= piece.len();
    }
    let tail = &text[from..];
    Cow::Owned(format!("{}…{tail}", prefix(text, max - 1 - width(tail))))
}

/// The text in exactly `cells` cells, on the left of them.
pub fn left(text: &str, cells: usize) -> String {
    let text = clip(text, cells);
    let rest = cells - width(&text);
    format!("{text}{:rest$}", "")
}

/// The text in exactly `cells` cells, on the right of them.
pub fn right(text: &str, cells: usize) -> String {
    let text = clip(text, cells);
    let rest = cells - width(&text);
    format!("{:rest$}{text}", "")
}

/// The text in lines of at most `max` cells, broken at spaces where there are any; newlines are kept.
pub fn wrap(text: &str, max: usize) -> Vec<String> {
    if max == 0 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0;
        for word in words(paragraph) {
            let cells = width(word);
            if used + cells > max {
                let space_only = word.trim().is_empty();
                if used > 0 {
                    lines.push(std::mem::take(&mut line).trim_end().to_owned());
                    used = 0;
                }
                if space_only {
                    continue;
                }
            }
            // A word longer than a line is cut wherever the line ends.
            for piece in word.graphemes(true) {
                let cells = UnicodeWidthStr::width(piece);
                if used + cells > max && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                if cells <= max {
                    line.push_str(piece);
                    used += cells;
                }
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The pieces a line may be broken between: spaces, and what stands between them. Wide characters, which are written
/// without spaces, are pieces of their own, and so is what Unicode keeps together with them.
fn words(paragraph: &str) -> Vec<&str> {
    let mut ends: Vec<(usize, bool)> = Vec::new();
    let mut end = 0;
    for piece in paragraph.split_word_bounds() {
        end += piece.len();
        let sticks = !piece.starts_with(char::is_whitespace) && width(piece) <= piece.chars().count();
        match ends.last_mut() {
            Some(last) if last.1 && sticks => last.0 = end,
            _ => ends.push((end, sticks)),
        }
    }
    let mut start = 0;
    ends.into_iter().map(|(end, _)| &paragraph[std::mem::replace(&mut start, end)..end]).collect()
}

fn prefix(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, piece) in text.grapheme_indices(true) {
        used += UnicodeWidthStr::width(piece);
        if used > max {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, max: usize, expected: &str) {
        assert_eq!(clip(text, max), expected);
    }

    #[test]
    fn cut_by_cells() {
        check("checkout", 8, "checkout");
        check("checkout", 5, "chec…");
        check("a b c", 3, "a…");
        check("支付服务", 5, "支付…");
        check("支付服务", 4, "支…");
        check("支付", 1, "…");
        check("x", 0, "");
        assert_eq!(clip_middle("checkout-7f9c-x2", 11), "checko…c-x2");
        assert_eq!(clip_middle("worker-199", 6), "wor…99");
        assert_eq!(left("支付", 5), "支付 ");
        assert_eq!(right("9.87", 6), "  9.87");
    }

    #[test]
    fn wrapped_at_words() {
        assert_eq!(wrap("no data in the last 30 min", 12), ["no data in", "the last 30", "min"]);
        assert_eq!(wrap("aaaaaaa b", 3), ["aaa", "aaa", "a b"]);
        assert_eq!(wrap("must be there, is (for) now", 13), ["must be", "there, is", "(for) now"]);
        assert_eq!(wrap("支付服务 read-only", 9), ["支付服务", "read-only"]);
        assert_eq!(wrap("one\n\ntwo", 10), ["one", "", "two"]);
        assert_eq!(wrap("a🌞b", 2), ["a", "🌞", "b"]);
        assert_eq!(wrap("🌞", 1), [""]);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in "\\PC{0,60}", max in 0usize..20) {
            prop_assert!(width(&clip(&text, max)) <= max);
            prop_assert!(width(&clip_middle(&text, max)) <= max);
            prop_assert_eq!(width(&left(&text, max)), max);
            prop_assert!(wrap(&text, max).iter().all(|line| width(line) <= max));
        }
    }
}
