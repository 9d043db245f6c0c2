//! The order of texts as people expect it: capitals and accents do not count, digits count as the numbers they make.

use std::cmp::Ordering;

/// Signs in their order, before the digits.
const SIGNS: &str = "\t\n\r _-,;:!¡?¿.·'\"«»()[]{}§¶@*/\\&#%´`¯^¨¸°©®+±÷×<=>¬|¦~¤¢$£¥";

/// Letters with accents, behind the letter they count as.
const ACCENTED: [&str; 26] = [
    "aàáâãäåāăą",
    "bƀ",
    "cçćĉċč",
    "dðďđ",
    "eèéêëēĕėęě",
    "fƒ",
    "gĝğġģ",
    "hĥħ",
    "iìíîïĩīĭįı",
    "jĵ",
    "kķ",
    "lĺļľŀł",
    "m",
    "nñńņň",
    "oòóôõöøōŏő",
    "p",
    "q",
    "rŕŗř",
    "sśŝşšſ",
    "tţť",
    "uùúûüũūŭůűų",
    "v",
    "wŵ",
    "x",
    "yýÿŷ",
    "zźżž",
];

/// What texts are ordered by; make it once for each text of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Sign(usize),
    /// How many digits, and which.
    Number(usize, String),
    /// A letter by its place in the alphabet, or behind it.
    Letter(u32),
}

impl Key {
    /// The key of a text.
    pub fn of(text: &str) -> Self {
        Self::made(text, true)
    }

    /// The key of a text whose digits count one by one.
    pub fn by_signs(text: &str) -> Self {
        Self::made(text, false)
    }

    fn made(text: &str, numbers: bool) -> Self {
        let mut parts = Vec::with_capacity(text.len());
        let mut number: Option<String> = None;
        for c in text.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_digit() {
                number.get_or_insert_default().push(c);
                if !numbers {
                    parts.extend(number.take().map(number_part));
                }
                continue;
            }
            parts.extend(number.take().map(number_part));
            if let Some(place) = letter(c) {
                parts.push(Part::Letter(place));
            } else if let Some(place) = SIGNS.chars().position(|sign| sign == c) {
                parts.push(Part::Sign(place));
            } else if !c.is_control() && !('\u{300}'..='\u{36f}').contains(&c) {
                parts.push(Part::Letter(u32::from(c).saturating_add(100)));
            }
        }
        parts.extend(number.map(number_part));
        Self(parts)
    }
}

fn letter(c: char) -> Option<u32> {
    if c.is_ascii_lowercase() {
        return Some(u32::from(c) - u32::from('a'));
    }
    if c.is_ascii() {
        return None;
    }
    ACCENTED.iter().zip(0..).find(|(letters, _)| letters.contains(c)).map(|(_, place)| place)
}

fn number_part(digits: String) -> Part {
    let plain = digits.trim_start_matches('0');
    Part::Number(plain.len(), plain.to_owned())
}

/// Which of two texts comes first.
pub fn compare(a: &str, b: &str) -> Ordering {
    Key::of(a).cmp(&Key::of(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_ordered_as_people_expect() {
        for (a, b, order) in [
            ("pod-9", "pod-10", Ordering::Less),
            ("A", "a", Ordering::Equal),
            ("é", "e", Ordering::Equal),
            ("z", "é", Ordering::Greater),
            ("a010", "a10", Ordering::Equal),
            ("a-b", "ab", Ordering::Less),
            ("a b", "a-b", Ordering::Less),
            ("-5", "-10", Ordering::Less),
            ("", "a", Ordering::Less),
            ("中", "z", Ordering::Greater),
        ] {
            assert_eq!(compare(a, b), order, "{a} {b}");
        }
    }

    #[test]
    fn digits_may_count_one_by_one() {
        assert!(Key::by_signs("pod-10") < Key::by_signs("pod-9"));
        assert!(Key::by_signs("01") < Key::by_signs("1"));
    }
}
