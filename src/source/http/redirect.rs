//! Redirects. Those within one origin, below the source's address, are followed, whole; any other is an answer ("sign in there", "it moved"), never
//! followed, so no credential leaves the server it is for.

use reqwest::{
    StatusCode, Url,
    header::{HeaderMap, LOCATION},
};

use super::{RequestBody, address};
use crate::signal::{Fault, FaultKind};

/// Most redirects followed within one origin.
const MAX_HOPS: usize = 3;

/// An answer that says to ask elsewhere.
pub(super) struct Redirect<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: &'a HeaderMap,
    /// The address that was asked.
    pub(super) from: &'a Url,
    /// The path of the source's own address: nothing above it is asked.
    pub(super) base: &'a str,
    /// The part of its path that is below the source's address.
    pub(super) below: &'a str,
    /// How many were followed before it.
    pub(super) hops: usize,
}

impl Redirect<'_> {
    /// Where to ask next, and with what; or why not.
    pub(super) fn followed<'b>(&self, sent: RequestBody<'b>) -> Result<(Url, RequestBody<'b>), Fault> {
        let Self { status, headers, from, hops, .. } = self;
        let to = headers.get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| from.join(to).ok());
        let Some(mut to) = to else {
            return Err(Fault::new(FaultKind::Status(status.as_u16()), "a redirect that does not say where to"));
        };
        if to.origin() != from.origin() || !is_below(to.path(), self.base) {
            return Err(self.leads_away(&to));
        }
        if *hops >= MAX_HOPS {
            let last = format!("the last one to {}", address::shown(&to));
            return Err(if signs_in(&to) { sign_in_page(&to) } else { Fault::new(FaultKind::TooManyRedirects, last) });
        }
        to.set_fragment(None);
        match (sent, status.as_u16()) {
            (RequestBody::None, _) | (_, 303) => Ok((to, RequestBody::None)),
            (_, 300..=302 | 304) if signs_in(&to) => Err(sign_in_page(&to)),
            // What a team posts may do something: only where the server says so is it posted again.
            (RequestBody::Text(_), 300..=302 | 304) => Err(self.moved(&to)),
            (sent, _) => Ok((to, sent)),
        }
    }

    /// To another origin.
    fn leads_away(&self, to: &Url) -> Fault {
        let from = self.from;
        if to.origin() == from.origin() && !signs_in(to) {
            return self.moved(to);
        }
        let trimmed = |url: &Url| url.path().trim_end_matches('/').to_owned();
        let is_same = trimmed(to) == trimmed(from);
        let is_upgrade = to.host() == from.host() && from.scheme() == "http" && to.scheme() == "https";
        match is_same || (is_upgrade && !signs_in(to)) {
            true => self.moved(to),
            false => sign_in_page(to),
        }
    }

    fn moved(&self, to: &Url) -> Fault {
        let to = address::shown(to);
        let base = to.trim_end_matches('/').strip_suffix(self.below.trim_end_matches('/')).unwrap_or(&to);
        Fault::new(FaultKind::Moved, format!("to {base}; change `url`"))
    }
}

fn is_below(path: &str, base: &str) -> bool {
    let base = base.trim_end_matches('/');
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn sign_in_page(at: &Url) -> Fault {
    Fault::new(FaultKind::LoginPage, format!("redirected to {}", address::shown(at)))
}

/// Whether an address speaks of signing in.
fn signs_in(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "login" | "signin" | "sso" | "auth" | "authorize" | "oauth" | "oauth2" | "saml"))
        || path.contains("sign-in")
        || path.contains("sign_in")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: RequestBody<'static> = RequestBody::Form(&[("query", "up")]);

    #[track_caller]
    fn check(status: u16, to: &str, sent: RequestBody<'_>, expected: &str) {
        let from = address::parse("http://prom:9090/p/api/v1/query?token=s3cret").expect("a URL");
        let headers = match to {
            "" => HeaderMap::new(),
            to => HeaderMap::from_iter([(LOCATION, to.parse().expect("a value"))]),
        };
        let status = StatusCode::from_u16(status).expect("a status");
        let hops = if to.ends_with("#loop") { MAX_HOPS } else { 0 };
        let redirect = Redirect { status, headers: &headers, from: &from, base: "/p", below: "/api/v1/query", hops };
        let said = match redirect.followed(sent) {
            Ok((to, RequestBody::None)) => format!("GET {to}"),
            Ok((to, RequestBody::Form(_) | RequestBody::Text(_) | RequestBody::Questions(_))) => format!("POST {to}"),
            Err(fault) => fault.to_string(),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn at_home_the_whole_request_is_asked_again() {
        check(301, "/p/q/?query=up", RequestBody::None, "GET http://prom:9090/p/q/?query=up");
        for status in [301, 302, 307, 308] {
            check(status, "query/", FORM, "POST http://prom:9090/p/api/v1/query/");
        }
        check(303, "/p/result", FORM, "GET http://prom:9090/p/result");
        check(302, "/p/ds/query/", RequestBody::Questions("{}"), "POST http://prom:9090/p/ds/query/");
        check(308, "/p/hook/", RequestBody::Text("{}"), "POST http://prom:9090/p/hook/");
        check(302, "/p/hook/", RequestBody::Text("{}"), "moved: to http://prom:9090/p/hook/; change `url`");
        // Above the source's address nothing is asked.
        check(308, "/admin/api/v1/query", FORM, "moved: to http://prom:9090/admin; change `url`");
        check(301, "/pp/q", RequestBody::None, "moved: to http://prom:9090/pp/q; change `url`");
        let page = "HTML where JSON was expected (sign-in page?): redirected to http://prom:9090/auth/form";
        check(302, "/auth/form?next=s3cret", FORM, page);
        check(302, "/auth/form#loop", RequestBody::None, page);
        let last = "too many redirects: the last one to http://prom:9090/p/api/v1/query/";
        check(302, "query/#loop", RequestBody::None, last);
    }

    #[test]
    fn elsewhere_nothing_is_sent() {
        let none = || RequestBody::None;
        check(301, "https://prom/p/api/v1/query?token=s3cret", none(), "moved: to https://prom/p; change `url`");
        check(302, "https://prom/", none(), "moved: to https://prom/; change `url`");
        check(308, "https://new.example/p/api/v1/query/", FORM, "moved: to https://new.example/p; change `url`");
        let page = |at: &str| format!("HTML where JSON was expected (sign-in page?): redirected to {at}");
        check(302, "https://prom/login?next=s3cret", none(), &page("https://prom/login"));
        check(302, "https://sso.example/?state=s3cret", none(), &page("https://sso.example/"));
        check(300, "", none(), "status 300: a redirect that does not say where to");
    }
}
