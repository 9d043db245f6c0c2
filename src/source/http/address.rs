//! Addresses: paths below a base, and what may be shown of one.

use reqwest::Url;
use secrecy::SecretString;

use crate::signal::{Fault, FaultKind};

/// Shorter values of a query are words that a server's message may hold.
const MIN_TOKEN: usize = 8;

/// An address as the configuration has it.
pub(super) fn parse(text: &str) -> Result<Url, Fault> {
    let wrong = || Fault::new(FaultKind::Unreachable, "the source's address is no http or https URL");
    let url = Url::parse(text).map_err(|_| wrong())?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// `path`, with its query if it has one, below `base`; a query of the base is kept.
pub(super) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_fragment(None);
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let path = path.trim_start_matches('/');
    if !path.is_empty() {
        url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    }
    if let Some(more) = query {
        let joined = base.query().map_or_else(|| more.to_owned(), |query| format!("{query}&{more}"));
        url.set_query(Some(&joined));
    }
    url
}

/// Host and path: neither credentials nor a query, which may hold tokens.
pub(super) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

/// What may be a token in the query of a configured address: its longer values, as they are and as they are sent.
pub(super) fn tokens(url: &Url) -> Vec<SecretString> {
    let sent =
        url.query().unwrap_or_default().split('&').map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value));
    let meant = url.query_pairs().map(|(name, value)| if value.is_empty() { name } else { value });
    let all = sent.map(str::to_owned).chain(meant.map(String::from));
    all.filter(|value| value.len() >= MIN_TOKEN).map(SecretString::from).collect()
}

/// Whether `url` names this machine. Proxies never lead there.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let named = host == "localhost" || host.ends_with(".localhost");
    named || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[track_caller]
    fn check(base: &str, path: &str, expected: &str) {
        assert_eq!(below(&parse(base).expect("a URL"), path).as_str(), expected);
    }

    #[test]
    fn what_may_be_a_token_is_known_as_it_is_and_as_it_is_sent() {
        let url = parse("http://x/a?format=json&token=s3cret%2Fs3cret&0123456789").expect("a URL");
        let found: Vec<_> = tokens(&url).iter().map(|token| token.expose_secret().to_owned()).collect();
        assert_eq!(found, ["s3cret%2Fs3cret", "0123456789", "s3cret/s3cret", "0123456789"]);
    }

    #[test]
    fn paths_go_below_the_base() {
        check("http://prom:9090", "/api/v1/query", "http://prom:9090/api/v1/query");
        check("http://prom:9090/prefix/", "/api/v1/query", "http://prom:9090/prefix/api/v1/query");
        check("http://x/a?tenant=1", "b?c=2", "http://x/a/b?tenant=1&c=2");
        check("http://x/a?tenant=1", "", "http://x/a?tenant=1");
        check("http://x", "a b/ü", "http://x/a%20b/%C3%BC");
        check("http://x/", "../../etc", "http://x/etc");
        check("http://x/", "//evil.example/", "http://x/evil.example/");
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        let url = parse("https://user:s3cret@sso.example:8443/login?token=s3cret#x").expect("a URL");
        assert_eq!(shown(&url), "https://sso.example:8443/login");
        assert!(parse("ftp://x").is_err() && parse("prom:9090").is_err());
    }

    #[test]
    fn loopback() {
        for (host, expected) in [
            ("localhost", true),
            ("127.0.0.2:9", true),
            ("[::1]:9", true),
            ("10.0.0.1", false),
            ("localhost.evil.com", false),
        ] {
            assert_eq!(is_loopback(&parse(&format!("http://{host}/")).expect("a URL")), expected, "{host}");
        }
    }
}
