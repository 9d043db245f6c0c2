//! Which log lines say the same thing.
//!
//! Two lines do when they are of one level and differ only by what a logger fills in: numbers with their units, times,
//! addresses, ids and hexadecimal digests. This is the masking that log parsers do before anything else; as in
//! [Drain](https://doi.org/10.1109/ICWS.2017.13) a word is taken for a parameter by its digits, without a training set:
//!
//! | word | is |
//! |---|---|
//! | begins with a digit, and what follows by `.`, `,` or `:` and a digit: `30`, `1.5s`, `12:03:44`, `10.0.0.7:8080` | masked whole |
//! | a UUID | masked whole |
//! | letters and digits in turn: `x2k4z`; hexadecimal from 8 with a digit, from 16 without: `e3b0c442` | masked whole |
//! | letters and then digits: `v2.8.0`, `p99`, `http2` | masked from the first digit on |
//! | anything else: `checkout` | itself |

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hasher},
};

use super::LogLine;

/// What lines that say the same have in common, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pattern(u64);

impl Pattern {
    /// What a line has in common with those that say the same.
    pub fn of(line: &LogLine) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(line.level as u8);
        each_piece(&line.text, |piece| {
            hasher.write(piece.unwrap_or_default().as_bytes());
            // No byte of a text.
            hasher.write_u8(0xFF);
        });
        Self(hasher.finish())
    }
}

/// The places of lines that say the same together: each group from its first line to its last, the groups in the order of
/// their last lines.
pub fn fold(patterns: impl IntoIterator<Item = Pattern>) -> Vec<Vec<u32>> {
    let mut known = HashMap::<Pattern, usize>::new();
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for (place, pattern) in (0..).zip(patterns) {
        match known.get(&pattern) {
            Some(at) => groups[*at].push(place),
            None => {
                known.insert(pattern, groups.len());
                groups.push(vec![place]);
            }
        }
    }
    groups.sort_by_key(|places| places.last().copied());
    groups
}

/// Hands over the text piece by piece; `None` stands for what is masked.
fn each_piece<'t>(text: &'t str, mut take: impl FnMut(Option<&'t str>)) {
    let bytes = text.as_bytes();
    // From where on nothing was handed over yet.
    let (mut kept, mut at) = (0, 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let uuid = uuid_end(bytes, at);
        let end = uuid.unwrap_or_else(|| word_end(bytes, at));
        if let Some(from) = uuid.map(|_| 0).or_else(|| parameter(&bytes[at..end])) {
            let from = at + from;
            if kept < from {
                take(Some(&text[kept..from]));
            }
            take(None);
            at = number_end(bytes, end);
            kept = at;
        } else {
            at = end;
        }
    }
    if kept < text.len() {
        take(Some(&text[kept..]));
    }
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| !byte.is_ascii_alphanumeric()).map_or(bytes.len(), |cells| from + cells)
}

/// Where a UUID ends that begins here: some of its parts have letters only.
fn uuid_end(bytes: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..from + 36)?;
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let is_it = |(at, byte): (usize, &u8)| if is_dash(at) { *byte == b'-' } else { byte.is_ascii_hexdigit() };
    found.iter().enumerate().all(is_it).then(|| word_end(bytes, from + 36))
}

/// Where a number ends of which a word was the first part.
fn number_end(bytes: &[u8], mut end: usize) -> usize {
    while end + 1 < bytes.len() && matches!(bytes[end], b'.' | b',' | b':') && bytes[end + 1].is_ascii_digit() {
        end = word_end(bytes, end + 1);
    }
    end
}

/// From which letter on a word is a parameter, if it is one.
fn parameter(word: &[u8]) -> Option<usize> {
    let is_hex = || word.iter().all(u8::is_ascii_hexdigit);
    let Some(first) = word.iter().position(u8::is_ascii_digit) else {
        return (word.len() >= 16 && is_hex()).then_some(0);
    };
    let ends_in_digits = word[first..].iter().all(u8::is_ascii_digit);
    let is_name = first > 0 && ends_in_digits && !(word.len() >= 8 && is_hex());
    Some(if is_name { first } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Labels, Level};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut masked = String::new();
        each_piece(text, |piece| masked.push_str(piece.unwrap_or("<*>")));
        assert_eq!(masked, expected);
    }

    #[test]
    fn what_a_logger_fills_in_is_masked() {
        check("request timed out after 30001 ms", "request timed out after <*> ms");
        check("took 1.5s of 12s", "took <*> of <*>");
        check("2026-11-22T03:05:00.123Z GET /cart/17 500", "<*>-<*>-<*> GET /cart/<*> <*>");
        check("dial tcp 10.0.0.7:8080: refused", "dial tcp <*>: refused");
        check("pod checkout-7f9c8d6b5-x2k4z", "pod checkout-<*>-<*>");
        check("id 550e8400-e29b-41d4-a716-446655440000", "id <*>");
        check("id abcdabcd-abcd-abcd-abcd-abcdabcdabcd.", "id <*>.");
        check("trace deadbeefdeadbeef, not deadbeef", "trace <*>, not deadbeef");
        check("checkout v2.8.0 p99", "checkout v<*> p<*>");
        check("支付 3 次失败", "支付 <*> 次失败");
        check("pool exhausted", "pool exhausted");
        check("", "");
    }

    fn line(level: Level, text: &str) -> LogLine {
        LogLine { at: None, level, labels: Labels::default(), text: text.into() }
    }

    #[test]
    fn lines_that_say_the_same_are_one_group_where_the_last_of_them_stands() {
        let lines = [
            line(Level::Error, "timed out after 30001 ms"),
            line(Level::Warn, "slow query took 12 ms"),
            line(Level::Error, "timed out after 7 ms"),
            line(Level::Warn, "timed out after 8 ms"),
            line(Level::Error, "timed out"),
        ];
        let groups = fold(lines.iter().map(Pattern::of));
        assert_eq!(groups, [vec![1], vec![0, 2], vec![3], vec![4]]);
        assert!(fold([]).is_empty());
    }

    #[test]
    fn words_run_together_are_not_the_same_as_words_apart() {
        let of = |text: &str| Pattern::of(&line(Level::Info, text));
        assert_ne!(of("a 1"), of("a "));
        assert_ne!(of("1 a"), of("a 1"));
        assert_eq!(of("a 1"), of("a 22"));
    }
}
