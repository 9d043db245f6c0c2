//! Mends what is JSON to whoever wrote it and not to who reads it here: half of a surrogate pair, a number that is greater
//! than any that is kept, and what some put before it. One such field in one record is no reason to lose an answer.

use std::borrow::Cow;

/// The byte order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// A body without what stands before its JSON: a byte order mark, or what keeps a browser from running it as a script.
/// UTF-16 that is marked as such becomes UTF-8.
pub(super) fn unwrapped(body: &[u8]) -> Cow<'_, [u8]> {
    let utf16 = |of: fn([u8; 2]) -> u16, rest: &[u8]| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        Cow::Owned(String::from_utf16_lossy(&units).into_bytes())
    };
    match body {
        [0xff, 0xfe, rest @ ..] if rest.len() % 2 == 0 => return utf16(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] if rest.len() % 2 == 0 => return utf16(u16::from_be_bytes, rest),
        _ => {}
    }
    let body = body.strip_prefix(MARK).unwrap_or(body);
    let body = body.strip_prefix(b")]}'").map_or(body, |rest| rest.strip_prefix(b",").unwrap_or(rest));
    Cow::Borrowed(body)
}

/// Puts U+FFFD in place of each half of a surrogate pair that is escaped alone. Answers how many bytes are settled: with
/// `more` to come, those of an escape that is cut off are not yet.
pub(super) fn surrogates(json: &mut [u8], more: bool) -> usize {
    let mut at = 0;
    while let Some(found) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += found;
        let rest = &json[at..];
        let is_cut = more && rest.len() < ESCAPE && (rest.len() < 2 || rest[1] == b'u');
        if is_cut {
            return at;
        }
        match half(rest) {
            Some(Half::First) if half(&rest[ESCAPE..]) == Some(Half::Second) => at += 2 * ESCAPE,
            Some(Half::First) if more && begins_escape(&rest[ESCAPE..]) => return at,
            Some(Half::First | Half::Second) => {
                json[at..at + ESCAPE].copy_from_slice(b"\\ufffd");
                at += ESCAPE;
            }
            // The backslash and what it stands before, which may be another.
            None => at = json.len().min(at + 2),
        }
    }
    json.len()
}

/// Whether there is anything for [`surrogates`] to mend.
pub(super) fn has_lone_surrogate(json: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += found;
        match half(&json[at..]) {
            Some(Half::First) if half(&json[at + ESCAPE..]) == Some(Half::Second) => at += 2 * ESCAPE,
            Some(_) => return true,
            None => at = json.len().min(at + 2),
        }
    }
    false
}

/// Bytes of `\ud800`.
const ESCAPE: usize = 6;

#[derive(PartialEq)]
enum Half {
    First,
    Second,
}

/// Which half of a pair an escape at the beginning is.
fn half(json: &[u8]) -> Option<Half> {
    let digits = json.get(..ESCAPE)?.strip_prefix(b"\\u")?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}

/// Whether all there is could be the beginning of an escape.
fn begins_escape(json: &[u8]) -> bool {
    json.len() < ESCAPE && json.iter().zip(b"\\u").all(|(byte, expected)| byte == expected)
}

/// The JSON with `"inf"` and `"-inf"` in place of numbers beyond all others, as a filter writes them too; `None` if it has
/// none. They are read as numbers where one is wanted.
pub(super) fn infinities(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let (mut out, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at + 1),
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let end = at + bytes[at..].iter().take_while(is_part).count();
                if is_beyond(&json[at..end]) {
                    out.push_str(&json[kept..at]);
                    out.push_str(if *byte == b'-' { "\"-inf\"" } else { "\"inf\"" });
                    kept = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    (kept > 0).then(|| out + &json[kept..])
}

/// Where what follows a string begins.
fn end_of_string(json: &[u8], mut at: usize) -> usize {
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

/// Whether a number is well written and yet refused.
fn is_beyond(number: &str) -> bool {
    // The shortest one is `9e308`.
    number.len() > 4
        && serde_json::from_str::<f64>(number).is_err()
        && number.parse::<f64>().is_ok()
        && serde_json::from_str::<serde::de::IgnoredAny>(number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mended as a whole, and in two pieces wherever it is cut.
    #[track_caller]
    fn check(json: &str, expected: &str) {
        let mut whole = json.as_bytes().to_vec();
        assert_eq!(surrogates(&mut whole, false), json.len());
        assert_eq!(String::from_utf8_lossy(&whole), expected, "{json}");
        assert_eq!(has_lone_surrogate(json.as_bytes()), json != expected, "{json}");
        for cut in 0..json.len() {
            let (mut first, mut rest) = (json.as_bytes()[..cut].to_vec(), Vec::new());
            let settled = surrogates(&mut first, true);
            assert!(cut - settled < 2 * ESCAPE);
            rest.extend_from_slice(&first[settled..]);
            rest.extend_from_slice(&json.as_bytes()[cut..]);
            surrogates(&mut rest, false);
            first.truncate(settled);
            first.extend(rest);
            assert_eq!(String::from_utf8_lossy(&first), expected, "{json} cut at {cut}");
        }
    }

    #[test]
    fn half_a_pair_is_replaced() {
        check(r#""\udcff""#, r#""\ufffd""#);
        check(r#""\uD800x""#, r#""\ufffdx""#);
        check(r#""\ud83d\ude00""#, r#""\ud83d\ude00""#);
        check(r#""\ud83d\ud83d\ude00\ude00""#, r#""\ufffd\ud83d\ude00\ufffd""#);
        check(r#""\ud83d\n\ud83dA\ud83d\u0041""#, r#""\ufffd\n\ufffdA\ufffd\u0041""#);
    }

    #[test]
    fn a_backslash_that_is_escaped_begins_nothing() {
        check(r#""\\udcff""#, r#""\\udcff""#);
        check(r#""\\\udcff""#, r#""\\\ufffd""#);
        check(r#""\\\\udcff \"\\u""#, r#""\\\\udcff \"\\u""#);
        check(r#""\ud83d\\ude00""#, r#""\ufffd\\ude00""#);
        check(r#""\u12"#, r#""\u12"#);
        check(r#""\udzzz \"#, r#""\udzzz \"#);
    }

    #[test]
    fn what_stands_before_json_is_taken_off() {
        for (body, expected) in [
            (&b"\xef\xbb\xbf{\"n\": 3}"[..], &b"{\"n\": 3}"[..]),
            (b")]}'\n[1]", b"\n[1]"),
            (b")]}',[1]", b"[1]"),
            (b"\xff\xfe[\x001\x00]\x00", b"[1]"),
            (b"\xfe\xff\x00[\x001\x00]", b"[1]"),
            (b"\xff\xfe\x00", b"\xff\xfe\x00"),
            (b"[\"\xef\xbb\xbf\"]", b"[\"\xef\xbb\xbf\"]"),
            (b"", b""),
        ] {
            assert_eq!(unwrapped(body).as_ref(), expected, "{}", String::from_utf8_lossy(body));
        }
    }

    #[track_caller]
    fn check_numbers(json: &str, expected: Option<&str>) {
        let mended = infinities(json);
        assert_eq!(mended.as_deref(), expected);
        if let Some(mended) = mended {
            assert!(serde_json::from_str::<serde_json::Value>(&mended).is_ok(), "{mended}");
        }
    }

    #[test]
    fn numbers_beyond_all_others_are_infinite() {
        check_numbers("1e400", Some("\"inf\""));
        check_numbers(r#"{"a":-1.5E+309,"b":9e308,"c":1}"#, Some(r#"{"a":"-inf","b":"inf","c":1}"#));
        check_numbers(&format!("[{}]", "9".repeat(400)), Some("[\"inf\"]"));
        check_numbers("[1e308,-1.7976931348623157e308,1e-400,0.0,12345678901234567890123]", None);
        check_numbers(r#"{"1e400":"1e400 \" 1e400"}"#, None);
        check_numbers(r#"{"a":"\\","b":1e999}"#, Some(r#"{"a":"\\","b":"inf"}"#));
        // What is no number stays wrong.
        for wrong in ["01e400", "1e400e400", "1.e400", "+1e400x", "1e400-"] {
            assert!(infinities(wrong).is_none_or(|mended| serde_json::from_str::<f64>(&mended).is_err()), "{wrong}");
        }
    }
}
