//! The small forms a value takes in a configuration alone: addresses, paths, words of a command.
//!
//! Each parser answers with a value or with what was expected, as a fragment that reads after "expected".

use std::path::{Path, PathBuf};

/// What is wrong with an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum UrlError {
    /// Not an address at all, or not one that is reached by HTTP; with what was expected.
    Form(&'static str),
    /// A name or password stands in it. The message must not quote it.
    Credentials,
}

/// An `http` or `https` address with a host.
pub(super) fn url(text: &str) -> Result<reqwest::Url, UrlError> {
    const EXPECTED: &str = "an address such as \"http://127.0.0.1:9090\"";
    // The standard reads `http:///host` as `http://host`; whoever wrote that left the host out.
    let rest = text.split_once("://").map(|(_, rest)| rest).ok_or(UrlError::Form(EXPECTED))?;
    if rest.starts_with(['/', '?', '#', ':']) || rest.is_empty() {
        return Err(UrlError::Form("an address with a host, such as \"http://127.0.0.1:9090\""));
    }
    let url = reqwest::Url::parse(text).map_err(|_| UrlError::Form(EXPECTED))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlError::Form("an address that starts with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::Credentials);
    }
    Ok(url)
}

/// An address of a proxy: of one that speaks HTTP or SOCKS.
pub(super) fn proxy(text: &str) -> Result<reqwest::Url, UrlError> {
    match text.split_once("://") {
        Some(("socks4" | "socks4a" | "socks5" | "socks5h", rest)) => url(&format!("http://{rest}")),
        Some(("http" | "https", _)) => url(text),
        _ => Err(UrlError::Form("an address such as \"http://proxy:3128\" or \"socks5h://127.0.0.1:1080\"")),
    }
}

/// A path as written in a file: `~/` is the home folder, and a relative one starts at the folder of that file.
pub(super) fn path(text: &str, file: &Path, home: Option<&Path>) -> PathBuf {
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => file.parent().unwrap_or(Path::new("")).join(text),
    }
}

/// The program of a command: found on the search path when it is a bare name, else a [`path()`].
pub(super) fn program(word: &str, file: &Path, home: Option<&Path>) -> String {
    if word.contains('/') { path(word, file, home).to_string_lossy().into_owned() } else { word.to_owned() }
}

/// Splits `secret-tool lookup name 'a b'` at spaces; quotes keep words together, nothing else is special.
pub(super) fn words(text: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err("a command whose quotes are closed");
    }
    words.extend(word);
    if words.first().is_none_or(String::is_empty) { Err("a command and its arguments") } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        #[track_caller]
        fn check(text: &str, fine: bool) {
            assert_eq!(url(text).is_ok(), fine, "{text}: {:?}", url(text));
        }
        check("http://127.0.0.1:9090", true);
        check("https://[::1]:9090/prefix/", true);
        check("HTTP://prom", true);
        check("127.0.0.1:9090", false);
        check("localhost:9090", false);
        check("ftp://host", false);
        check("http://", false);
        check("http:///path", false);
        check("http://:9090", false);
        check("http://host:99999", false);
        check("http://a b", false);
        assert_eq!(url("http://me:hunter2@host"), Err(UrlError::Credentials));
        for (text, fine) in [
            ("http://proxy:3128", true),
            ("socks5h://127.0.0.1:1080", true),
            ("socks5://", false),
            ("socks://127.0.0.1:1080", false),
            ("127.0.0.1:1080", false),
        ] {
            assert_eq!(proxy(text).is_ok(), fine, "{text}");
        }
        assert_eq!(proxy("socks5://me:hunter2@host"), Err(UrlError::Credentials));
    }

    #[test]
    fn paths_start_at_the_file() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let path = path(text, Path::new("/etc/stanch/stanch.toml"), Some(Path::new("/home/alice")));
            assert_eq!(path, Path::new(expected));
        }
        check("ca.pem", "/etc/stanch/ca.pem");
        check("/ca.pem", "/ca.pem");
        check("~/ca.pem", "/home/alice/ca.pem");
        assert_eq!(program("kubectl", Path::new("/etc/stanch.toml"), None), "kubectl");
        assert_eq!(program("./roll", Path::new("/etc/stanch.toml"), None), "/etc/./roll");
    }

    #[test]
    fn words_of_a_command() {
        #[track_caller]
        fn check(text: &str, expected: Option<&[&str]>) {
            let found = words(text).ok();
            assert_eq!(
                found.as_deref(),
                expected.map(|e| e.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()).as_deref()
            );
        }
        check("pass show prom", Some(&["pass", "show", "prom"]));
        check("  pass 'a b'\"c\" '' ", Some(&["pass", "a bc", ""]));
        check("$(rm) ; x", Some(&["$(rm)", ";", "x"]));
        check("pass 'a", None);
        check("", None);
        check("''", None);
    }
}
