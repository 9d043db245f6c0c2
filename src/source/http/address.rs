//! Addresses: paths below a base, and what may be shown of one.

use reqwest::Url;

use crate::{
    base::{redact, text},
    dashboard::path,
    signal::{Fault, FaultKind},
};

/// An address as the configuration has it.
pub(super) fn parse(text: &str) -> Result<Url, Fault> {
    let wrong = || Fault::new(FaultKind::Unreachable, "the source's address is no http or https URL");
    let url = Url::parse(text).map_err(|_| wrong())?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// `path`, with its query if it has one, below `base`; a query of the base is kept. A path that leads elsewhere is
/// refused.
pub(super) fn below(base: &Url, path: &str) -> Result<Url, Fault> {
    let (below, query) = path.split_once('?').map_or((path, None), |(below, query)| (below, Some(query)));
    let refused = |why: &str| Fault::new(FaultKind::BadQuery, format!("the path {} {why}", text::clipped(below, 80)));
    if let Some(why) = path::why_not_below(below) {
        return Err(refused(why));
    }
    let mut url = base.clone();
    url.set_fragment(None);
    let below = below.trim_start_matches('/');
    if !below.is_empty() {
        let prefix = format!("{}/", base.path().trim_end_matches('/'));
        url.set_path(&format!("{prefix}{below}"));
        // Whatever was overlooked above, the address as it goes out is held against the configured one.
        if url.origin() != base.origin() || !url.path().starts_with(&prefix) {
            return Err(refused("leads out of the source's address"));
        }
    }
    if let Some(more) = query {
        let joined = base.query().map_or_else(|| more.to_owned(), |query| format!("{query}&{more}"));
        url.set_query(Some(&joined));
    }
    Ok(url)
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
        let said = below(&parse(base).expect("a URL"), path);
        assert_eq!(said.map_or_else(|fault| fault.to_string(), |url| url.to_string()), expected);
    }

    #[test]
    fn paths_go_below_the_base() {
        check("http://prom:9090", "/api/v1/query", "http://prom:9090/api/v1/query");
        check("http://prom:9090/prefix/", "/api/v1/query", "http://prom:9090/prefix/api/v1/query");
        check("http://x/a?tenant=1", "b?c=2", "http://x/a/b?tenant=1&c=2");
        check("http://x/a?tenant=1", "", "http://x/a?tenant=1");
        check("http://x", "a b/ü", "http://x/a%20b/%C3%BC");
        check("http://x/a", "/b#c", "http://x/a/b%23c");
        check("http://x/a", "./b", "http://x/a/b");
    }

    #[test]
    fn paths_do_not_leave_the_base() {
        let out = |path: &str| format!("query refused: the path {path} leads out of the source's address");
        check("http://x/a/b", "../../etc?token=s3cret", &out("../../etc"));
        check("http://x/a/b", "%2e%2e/etc", &out("%2e%2e/etc"));
        check("http://x/", "//evil.example/", "query refused: the path //evil.example/ is an address of its own");
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
