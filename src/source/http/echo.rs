//! Takes secrets out of what a server says: many say what they were sent, in the words of an address, a page or JSON.

use std::borrow::Cow;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// Shorter secrets are not looked for in texts: they would match by chance.
const MIN_SECRET: usize = 4;

/// What stands in their place.
const HIDDEN: &str = "***";

/// Values shorter than this are words that answers are full of, whatever the name of their parameter says.
const MIN_VALUE: usize = 6;

/// Larger bodies are not searched for other spellings of a secret, in bytes.
const MAX_SEARCHED: usize = 1 << 20;

/// Names of parameters and headers whose values are secrets, or that end like this: `X-Amz-Signature`, `api_key`.
const TELLING: [&str; 14] = [
    "token",
    "apikey",
    "api_key",
    "access_key",
    "secret",
    "password",
    "passwd",
    "pwd",
    "auth",
    "authorization",
    "signature",
    "credential",
    "jwt",
    "session",
];

/// Whether the value of a header in the configuration is but a word, such as a tenant's, which answers are full of.
pub(super) fn is_word(header: &str, value: &str) -> bool {
    header.eq_ignore_ascii_case("X-Scope-OrgID") || (value.len() < MIN_VALUE && !is_telling(header))
}

/// Whether a value of this name is a secret.
fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    ["key", "sig", "pass", "cookie"].contains(&name.as_str()) || TELLING.iter().any(|word| name.ends_with(word))
}

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

/// A body with every secret replaced.
pub(super) fn without_in_body(secrets: &[SecretString], body: Vec<u8>) -> Vec<u8> {
    let is_there = |text: &str| {
        let mut secrets = secrets.iter().map(ExposeSecret::expose_secret);
        secrets.any(|secret| secret.len() >= MIN_SECRET && text.contains(secret))
    };
    // What quotes it has one of these in it.
    let may_quote = |text: &str| text.len() <= MAX_SEARCHED && text.contains(['%', '\\', '&', '+']);
    match std::str::from_utf8(&body) {
        Ok(text) if !secrets.is_empty() && (is_there(text) || may_quote(text)) => without(secrets, text).into_bytes(),
        _ => body,
    }
}

/// The secrets an address holds: values of parameters whose name says so.
pub(super) fn of_address(url: &Url) -> impl Iterator<Item = SecretString> {
    let is_secret = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| is_telling(name) && value.len() >= MIN_VALUE;
    url.query_pairs().filter(is_secret).map(|(_, value)| value.into_owned().into())
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
        let url = "http://x/?api_key=11111111&team=22222222&X-Amz-Signature=33333333&sort_key=44444444&status_code=5000\
                   &keys=true&token=66666&access_token=7%2F777777";
        let url = Url::parse(url).expect("a URL");
        let found: Vec<_> = of_address(&url).map(|secret| secret.expose_secret().to_owned()).collect();
        assert_eq!(found, ["11111111", "33333333", "7/777777"]);
    }

    #[test]
    fn a_tenant_is_no_secret() {
        assert!(is_word("x-scope-orgid", "the-whole-shop") && is_word("X-Tenant", "shop"));
        assert!(!is_word("X-Tenant", "s3cret-tenant") && !is_word("X-Api-Key", "abc"));
    }

    #[test]
    fn bodies_are_searched_as_they_are() {
        let secrets = [SecretString::from("s3cret".to_owned())];
        assert_eq!(without_in_body(&secrets, b"{\"a\":\"s3cret\"}".to_vec()), b"{\"a\":\"***\"}");
        assert_eq!(without_in_body(&secrets, b"\xff s3cret".to_vec()), b"\xff s3cret");
        let slashed = [SecretString::from("a/b/c/d".to_owned())];
        assert_eq!(without_in_body(&slashed, br#"{"url":"?t=a\/b\/c\/d"}"#.to_vec()), br#"{"url":"?t=***"}"#);
    }
}
