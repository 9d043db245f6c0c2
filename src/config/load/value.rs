//! The small forms a value takes in the file: durations, sizes, addresses, paths, words of a command.
//!
//! Each parser answers with a value or with what was expected, as a fragment that reads after "expected".

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::base::human_time;

/// `5s`, `1m 30s`, `2h`, `1d`.
pub(super) fn duration(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "a duration such as \"30s\", \"5m\" or \"1h 30m\"";
    let text = text.trim();
    // Calendar units are left out of plain durations, but a day is 24 hours to anyone who polls.
    let days = text.strip_suffix('d').and_then(|days| days.trim().parse::<u32>().ok());
    match days {
        Some(days) => Ok(Duration::from_secs(u64::from(days) * 86_400)),
        None => human_time::parse(text).ok_or(EXPECTED),
    }
}

/// `20MB`, `512 KiB`, `4096`: bytes.
pub(super) fn bytes(text: &str) -> Result<u64, &'static str> {
    const EXPECTED: &str = "a size such as \"20MB\" or \"512KiB\", or a number of bytes";
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(EXPECTED),
    };
    number.parse::<f64>().map(|number| (number * factor) as u64).map_err(|_| EXPECTED)
}

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
    fn durations() {
        #[track_caller]
        fn check(text: &str, expected: Option<u64>) {
            assert_eq!(duration(text).ok().map(|d| d.as_millis() as u64), expected, "{text}");
        }
        check("5s", Some(5_000));
        check("250ms", Some(250));
        check("1m 30s", Some(90_000));
        check("1h30m", Some(5_400_000));
        check("2d", Some(172_800_000));
        check("-5s", None);
        check("5", None);
        check("soon", None);
        check("", None);
    }

    #[test]
    fn sizes() {
        #[track_caller]
        fn check(text: &str, expected: Option<u64>) {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
        check("20MB", Some(20_000_000));
        check("1.5 kB", Some(1500));
        check("512KiB", Some(524_288));
        check("4096", Some(4096));
        check("-1", None);
        check("20 MBit", None);
        check("MB", None);
    }

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
