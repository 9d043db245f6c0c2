//! Takes secrets out of text: which headers and parameters hold one, and how one is found however it is spelled. Many
//! servers say what they were sent, in the words of an address, a page or JSON.
//!
//! The secrets themselves come from the caller and are not kept.

mod address;

pub use address::{secrets_by_look, shown_path, spellings, without_secrets_of_addresses};

/// Stands in place of a secret.
const HIDDEN: &str = "***";

/// Shorter secrets are not looked for in texts, in bytes: they would match by chance.
const MIN_SECRET: usize = 4;

/// Values of parameters shorter than this, in bytes, are words that answers are full of.
const MIN_VALUE: usize = 6;

/// Larger bodies are not searched for other spellings of a secret, in bytes.
const MAX_SEARCHED: usize = 1 << 20;

/// A header one of whose words holds one of these holds a secret: `X-Auth-Token`, `Cookie`.
const SECRET_WORDS: [&str; 10] =
    ["token", "secret", "cookie", "password", "passwd", "pwd", "signature", "credential", "jwt", "session"];

/// Words of headers that hold a secret, whole or at the end of one: `X-ApiKey`; `X-Keyspace` and `X-Author` do not.
const SECRET_ENDINGS: [&str; 4] = ["auth", "oauth", "authorization", "key"];

/// The headers that name a tenant, which stands elsewhere too: `shop`.
const TENANT_HEADERS: [&str; 1] = ["X-Scope-OrgID"];

/// A parameter of an address whose name ends like this, dashes and underscores aside, holds a secret: `api_key`,
/// `X-Amz-Signature`; `sort_key` does not.
const SECRET_PARAMETER_ENDINGS: [&str; 20] = [
    "token",
    "apikey",
    "appkey",
    "applicationkey",
    "accesskey",
    "accesskeyid",
    "secretkey",
    "privatekey",
    "subscriptionkey",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "auth",
    "authorization",
    "signature",
    "credential",
    "jwt",
    "session",
];

/// Parameters that hold a secret if they are called just this.
const SECRET_PARAMETERS: [&str; 4] = ["key", "sig", "pass", "cookie"];

/// Whether a header of this name holds a secret.
pub fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_secret = |word: &str| {
        SECRET_WORDS.iter().any(|telling| word.contains(telling))
            || SECRET_ENDINGS.iter().any(|telling| word.ends_with(telling))
    };
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_secret) || SECRET_PARAMETERS.contains(&name.as_str())
}

/// Whether a header of this name says for whom something is asked, which is no secret.
fn is_tenant_header(name: &str) -> bool {
    TENANT_HEADERS.iter().any(|tenant| name.eq_ignore_ascii_case(tenant))
}

/// Whether the value of a header that stands in the configuration is but a word, such as a tenant's or a project's, which
/// answers are full of: nothing in its name says that it is a secret, and it does not look like one.
pub fn is_word(header: &str, value: &str) -> bool {
    let looks_secret = |value: &str| value.split_whitespace().any(address::looks_secret);
    is_tenant_header(header) || !(is_secret_header(header) || looks_secret(value))
}

/// Whether a parameter of an address holds a secret: its name says so, and its value is long enough to be one.
pub fn is_secret_parameter(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    let is_telling = SECRET_PARAMETERS.contains(&name.as_str())
        || SECRET_PARAMETER_ENDINGS.iter().any(|ending| name.ends_with(ending));
    is_telling && value.len() >= MIN_VALUE
}

/// The text with every secret replaced, however it is spelled there.
pub fn without<'s>(secrets: impl IntoIterator<Item = &'s str>, text: &str) -> String {
    let mut secrets: Vec<&str> = secrets.into_iter().filter(|secret| secret.len() >= MIN_SECRET).collect();
    // One may be the beginning of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.into_iter().fold(text.to_owned(), |text, secret| without_one(secret, &text))
}

fn without_one(secret: &str, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
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
}

/// A body with every secret replaced. What is no text in it is read as its readers will. In a large one, only what is spelled as it is
/// makes it be looked through.
pub fn without_in_body<'s>(secrets: impl IntoIterator<Item = &'s str>, body: Vec<u8>) -> Vec<u8> {
    let secrets: Vec<&str> = secrets.into_iter().collect();
    let is_there = |text: &str| secrets.iter().any(|secret| secret.len() >= MIN_SECRET && text.contains(secret));
    // What quotes it has one of these in it.
    let may_quote = |text: &str| text.len() <= MAX_SEARCHED && text.contains(['%', '\\', '&', '+']);
    let text = String::from_utf8_lossy(&body);
    match !secrets.is_empty() && (is_there(&text) || may_quote(&text)) {
        true => without(secrets, &text).into_bytes(),
        false => body,
    }
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
        assert_eq!(without([secret], text), expected);
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
    fn one_that_begins_another_is_found_last() {
        assert_eq!(without(["abcd", "abcdef"], "abcdef abcd"), "*** ***");
    }

    #[test]
    fn names_say_which_values_are_secret() {
        for header in [
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "Set-Cookie",
            "X-Api-Key",
            "X-Auth-Request",
            "X-Session-Id",
            "PRIVATE-TOKEN",
            "DD-API-KEY",
            "DD-APPLICATION-KEY",
            "sig",
            "pass",
        ] {
            assert!(is_secret_header(header), "{header}");
            assert!(!is_word(header, "abc"), "{header}");
        }
        for header in ["X-Scope-OrgID", "Accept", "X-Tenant", "X-Keyspace", "X-Author", "Authority", "X-Project"] {
            assert!(!is_secret_header(header), "{header}");
        }
        for name in [
            "sig",
            "pass",
            "KEY",
            "cookie",
            "Authorization",
            "api_key",
            "api-key",
            "apiKey",
            "X-Api-Key",
            "access_token",
            "PRIVATE-TOKEN",
            "DD-API-KEY",
            "application_key",
            "subscription-key",
            "X-Amz-Signature",
            "X-Amz-Credential",
            "X-Amz-Security-Token",
            "AWSAccessKeyId",
            "Signature",
        ] {
            assert!(is_secret_parameter(name, "11111111"), "{name}");
            assert!(!is_secret_parameter(name, "11111"), "{name}");
        }
        for name in ["team", "sort_key", "status_code", "keys", "X-Amz-Date", "bypass", "author"] {
            assert!(!is_secret_parameter(name, "11111111"), "{name}");
        }
    }

    #[test]
    fn a_tenant_is_no_secret() {
        assert!(is_word("x-scope-orgid", "the-whole-shop") && is_word("X-Tenant", "shop"));
        assert!(is_word("X-Project", "checkout") && is_word("X-Tenant", "team-7 of the shop"));
        assert!(!is_word("X-Api-Key", "abc") && !is_word("X-Project", "aB3dE5fG7hI9jK1lM3nO5pQ7"));
    }

    #[test]
    fn bodies_are_searched_as_they_are() {
        assert_eq!(without_in_body(["s3cret"], b"{\"a\":\"s3cret\"}".to_vec()), b"{\"a\":\"***\"}");
        assert_eq!(without_in_body(["s3cret"], b"\xff s3cret".to_vec()), "\u{fffd} ***".as_bytes());
        assert_eq!(without_in_body(["s3cret"], b"\xff".to_vec()), b"\xff", "nothing of it is touched for nothing");
        let slashed = br#"{"url":"?t=a\/b\/c\/d"}"#;
        assert_eq!(without_in_body(["a/b/c/d"], slashed.to_vec()), br#"{"url":"?t=***"}"#);
    }
}
