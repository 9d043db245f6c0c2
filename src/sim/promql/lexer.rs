//! Cuts a query into words. Positions are bytes from the start.

use super::Error;

/// A word of a query and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub at: usize,
    pub word: Word,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    /// A metric, label, function or keyword; colons included.
    Name(String),
    Number(f64),
    /// `5m30s`, in milliseconds.
    Duration(i64),
    Text(String),
    /// Punctuation and operators, longest first.
    Sign(&'static str),
}

impl Word {
    /// The word as messages of Prometheus quote it.
    pub fn quoted(&self) -> String {
        match self {
            Self::Name(name) => format!("identifier \"{name}\""),
            Self::Number(number) => format!("number \"{number}\""),
            Self::Duration(ms) => format!("duration \"{ms}ms\""),
            Self::Text(text) => format!("string {text:?}"),
            Self::Sign(sign) => format!("\"{sign}\""),
        }
    }
}

const SIGNS: [&str; 24] = [
    "=~", "!~", "!=", "==", ">=", "<=", "=", ">", "<", "+", "-", "*", "/", "%", "^", "(", ")", "{", "}", "[", "]", ",",
    ":", "@",
];

/// The units of a duration, in milliseconds.
const UNITS: [(&str, i64); 7] = [
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 7 * 86_400_000),
    ("y", 365 * 86_400_000),
];

pub(super) fn words(query: &str) -> Result<Vec<Token>, Error> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(next) = query[at..].chars().next() {
        let rest = &query[at..];
        let begin = at;
        if next.is_whitespace() {
            at += next.len_utf8();
            continue;
        }
        if next == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let word = if next == '"' || next == '\'' || next == '`' {
            let (text, length) = quoted(rest, next).ok_or_else(|| Error::parse(at, "unterminated quoted string"))?;
            at += length;
            Word::Text(text)
        } else if next.is_ascii_digit() || (next == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            let (word, length) = number(rest).ok_or_else(|| bad_number(at, rest))?;
            at += length;
            word
        } else if next.is_ascii_alphabetic() || next == '_' {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
            at += length;
            name(&rest[..length])
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            at += sign.len();
            Word::Sign(sign)
        } else {
            return Err(Error::parse(at, format!("unexpected character: {next:?}")));
        };
        tokens.push(Token { at: begin, word });
    }
    Ok(tokens)
}

/// Reads `90s`, `1m30s`, `500ms` whole.
pub(super) fn duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total = 0_i64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
        let count: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == &rest[..letters])?;
        total = total.checked_add(count.checked_mul(*unit)?)?;
        rest = &rest[letters..];
    }
    (!text.is_empty()).then_some(total)
}

fn name(text: &str) -> Word {
    match text.to_ascii_lowercase().as_str() {
        "inf" => Word::Number(f64::INFINITY),
        "nan" => Word::Number(f64::NAN),
        _ => Word::Name(text.to_owned()),
    }
}

fn number(rest: &str) -> Option<(Word, usize)> {
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if let Some(ms) = duration(&rest[..length]) {
        return Some((Word::Duration(ms), length));
    }
    if let Some(hex) = rest[..length].strip_prefix("0x") {
        return u32::from_str_radix(hex, 16).ok().map(|n| (Word::Number(f64::from(n)), length));
    }
    let bytes = rest.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let is_sign_of_exponent = matches!(bytes[end], b'+' | b'-') && end > 0 && matches!(bytes[end - 1], b'e' | b'E');
        if !(bytes[end].is_ascii_alphanumeric() || bytes[end] == b'.' || is_sign_of_exponent) {
            break;
        }
        end += 1;
    }
    rest[..end].parse().ok().map(|n| (Word::Number(n), end))
}

fn bad_number(at: usize, rest: &str) -> Error {
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
    Error::parse(at, format!("bad number or duration syntax: {:?}", &rest[..length]))
}

/// The text between quotes and how many bytes it took with them.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            _ if c == quote => return Some((text, at + 1)),
            '\\' if quote != '`' => match chars.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                other @ ('\\' | '"' | '\'') => text.push(other),
                _ => return None,
            },
            '\n' if quote != '`' => return None,
            other => text.push(other),
        }
    }
    None
}
