//! Takes secrets out of what a server says: many say what they were sent, in the words of an address, a page or JSON.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// Shorter secrets are not looked for in texts: they would match by chance.
const MIN_SECRET: usize = 4;

/// What stands in their place.
const HIDDEN: &str = "***";

/// What the name of a parameter in an address has in it when its value is a secret.
const TELLING: [&str; 12] =
    ["token", "key", "secret", "pass", "pwd", "auth", "sig", "cred", "jwt", "session", "code", "access"];

/// The text with every secret replaced, however it is spelled there.
pub(super) fn without(secrets: &[SecretString], text: &str) -> String {
    let secrets = secrets.iter().map(ExposeSecret::expose_secret).filter(|secret| secret.len() >= MIN_SECRET);
    secrets.fold(text.to_owned(), |text, secret| {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(next) = rest.chars().next() {
            match spelled(rest, secret) {
                Some(length) => {
                    out.push_str(HIDDEN);
                    rest = &rest[length..];
                }
                None => {
                    out.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        out
    })
}

/// A body with every secret replaced that stands there as it was sent.
pub(super) fn without_in_body(secrets: &[SecretString], body: Vec<u8>) -> Vec<u8> {
    let is_there = |text: &str| {
        let mut secrets = secrets.iter().map(ExposeSecret::expose_secret);
        secrets.any(|secret| secret.len() >= MIN_SECRET && text.contains(secret))
    };
    match std::str::from_utf8(&body) {
        Ok(text) if is_there(text) => without(secrets, text).into_bytes(),
        _ => body,
    }
}

/// The secrets an address holds: values of parameters whose name says so.
pub(super) fn of_address(url: &Url) -> impl Iterator<Item = SecretString> {
    let telling = |name: &str| {
        let name = name.to_ascii_lowercase();
        TELLING.iter().any(|word| name.contains(word))
    };
    url.query_pairs().filter(move |(name, _)| telling(name)).map(|(_, value)| value.into_owned().into())
}

/// How much of the beginning of `text` spells the secret: quoted throughout, or as it is.
fn spelled(text: &str, secret: &str) -> Option<usize> {
    let with = |letter: fn(&str, char) -> Option<usize>| {
        secret.chars().try_fold(0, |at, wanted| letter(&text[at..], wanted).map(|length| at + length))
    };
    // A letter of the secret may be one that quotes others, too.
    with(|text, wanted| quoted(text, wanted).or_else(|| plain(text, wanted))).or_else(|| with(plain))
}

fn plain(text: &str, wanted: char) -> Option<usize> {
    text.starts_with(wanted).then_some(wanted.len_utf8())
}

/// How much of the beginning of `text` is this letter quoted: `%2F`, `\/`, `\u002f`, `&#x2F;`, `&#47;` or `&amp;`.
fn quoted(text: &str, wanted: char) -> Option<usize> {
    let code = |digits: Option<&str>, radix| digits.and_then(|digits| u32::from_str_radix(digits, radix).ok());
    let is_it = |found: Option<u32>| found == Some(u32::from(wanted));
    match text.as_bytes().first()? {
        b'%' => is_it(code(text.get(1..3), 16)).then_some(3),
        b'+' if wanted == ' ' => Some(1),
        b'\\' if text[1..].starts_with(wanted) => Some(1 + wanted.len_utf8()),
        b'\\' if text[1..].starts_with('u') => is_it(code(text.get(2..6), 16)).then_some(6),
        b'&' => {
            let end = text.bytes().take(10).position(|byte| byte == b';')?;
            let name = &text[1..end];
            let found = match name {
                "amp" => Some(u32::from('&')),
                "lt" => Some(u32::from('<')),
                "gt" => Some(u32::from('>')),
                "quot" => Some(u32::from('"')),
                "apos" => Some(u32::from('\'')),
                _ => match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
                    Some(digits) => code(Some(digits), 16),
                    None => code(name.strip_prefix('#'), 10),
                },
            };
            is_it(found).then_some(end + 1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(secret: &str, text: &str, expected: &str) {
        assert_eq!(without(&[secret.to_owned().into()], text), expected);
    }

    #[test]
    fn however_it_is_spelled() {
        check("s3cret", "Bearer s3cret, s3cret", "Bearer ***, ***");
        check("a/b +c", "q=a%2Fb%20%2bc&d", "q=***&d");
        check("a/b +c", "q=a/b++c", "q=***");
        check("a\"<b>\\&", r#""a\"\u003cb\u003E\\&""#, r#""***""#);
        check("a\"<b>'&", "<p>a&quot;&lt;b&gt;&#39;&amp;</p>", "<p>***</p>");
        check("a\\\\b%%c&&d", "a\\\\b%%c&&d", "***");
        check("a\\\\b%%c&&d", r"a\\\\b%25%25c&amp;&amp;d", "***");
        check("päss", "p%C3ss päss", "p%C3ss ***");
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        check("s3cret", "s3cre s3creT %", "s3cre s3creT %");
        check("abc", "abc", "abc");
        check("abcd", "ab%6", "ab%6");
        check("abcd", "ab\\u00", "ab\\u00");
        check("abcd", "&#x;&;ab&日本語の長い;", "&#x;&;ab&日本語の長い;");
    }

    #[test]
    fn an_address_says_which_of_its_values_are_secret() {
        let url = Url::parse("http://x/?api_key=1&team=2&X-Amz-Signature=3&query=4&access_token=5").expect("a URL");
        let found: Vec<_> = of_address(&url).map(|secret| secret.expose_secret().to_owned()).collect();
        assert_eq!(found, ["1", "3", "5"]);
    }

    #[test]
    fn bodies_are_searched_as_they_are() {
        let secrets = [SecretString::from("s3cret".to_owned())];
        assert_eq!(without_in_body(&secrets, b"{\"a\":\"s3cret\"}".to_vec()), b"{\"a\":\"***\"}");
        assert_eq!(without_in_body(&secrets, b"\xff s3cret".to_vec()), b"\xff s3cret");
    }
}
