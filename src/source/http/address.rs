//! Addresses: paths below a base, and what may be shown of one.

use reqwest::Url;

use crate::{
    base::redact,
    signal::{Fault, FaultKind},
};

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

/// Host and path: neither credentials nor a query, which may hold tokens, nor what looks like one in the path.
pub(super) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), redact::shown_path(url.path()))
}

/// Whether `url` names this machine. Proxies never lead there.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let named = host == "localhost" || host.ends_with(".localhost");
    named || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, path: &str, expected: &str) {
        assert_eq!(below(&parse(base).expect("a URL"), path).as_str(), expected);
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
        let url = parse("https://hooks.example/services/T01AB/aB3dE5fG7hI9jK1lM3nO5pQ7").expect("a URL");
        assert_eq!(shown(&url), "https://hooks.example/services/T01AB/***");
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
