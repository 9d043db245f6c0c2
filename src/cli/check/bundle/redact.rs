//! The last look at a report before it is written: every secret that the sources are asked with and that can be known
//! without running a command is struck out, wherever it stands. Credentials, headers, what signs in at proxies, and what
//! addresses and paths hold in their queries or have in them that looks like a token. Of addresses that others wrote the
//! form is left.
#![expect(clippy::disallowed_methods, reason = "secrets are read to be struck out")]

use std::env;

use secrecy::ExposeSecret;

use crate::{
    base::redact,
    config::{Auth, Config, Secret},
    files, source,
};

/// Largest file with a secret, in bytes.
const MAX_FILE: u64 = 64 << 10;

/// The secrets that must not be seen, in no order.
pub struct Redactor(Vec<String>);

impl Redactor {
    /// What the sources of a configuration are asked with.
    pub fn of(config: Option<&Config>) -> Self {
        let of_proxies = source::secrets_of_proxies(None);
        let mut hidden: Vec<_> = of_proxies.iter().map(|secret| secret.expose_secret().to_owned()).collect();
        let Some(config) = config else { return Self(hidden) };
        let mut addresses: Vec<&str> = config.panes.iter().map(|pane| pane.query.as_str()).collect();
        addresses.extend(config.vitals.iter().map(|vital| vital.query.as_str()));
        for http in config.sources.iter().filter_map(|source| source.http()) {
            let auth = match &http.auth {
                Auth::None => None,
                Auth::Bearer(secret) | Auth::Basic { password: secret, .. } => Some(secret),
            };
            hidden.extend(auth.and_then(value));
            let own = |(name, secret): &(String, Secret)| value(secret).filter(|_| !secret.is_word(name));
            hidden.extend(http.headers.iter().filter_map(own));
            addresses.push(&http.url);
            addresses.extend(http.proxy.as_deref());
        }
        hidden.extend(addresses.iter().copied().flat_map(redact::secrets_by_look).map(str::to_owned));
        let of_address = addresses.into_iter().flat_map(source::secrets_in_address);
        hidden.extend(of_address.map(|secret| secret.expose_secret().to_owned()));
        Self(hidden)
    }

    /// The text with every one of them struck out.
    pub fn redacted(&self, text: &str) -> String {
        redact::without_secrets_of_addresses(&redact::without(self.0.iter().map(String::as_str), text))
    }
}

/// What can be known at once; a command is not run for it.
fn value(secret: &Secret) -> Option<String> {
    let text = match secret {
        Secret::Env(name) => env::var(name).ok(),
        Secret::File(path) => files::read_text(path, MAX_FILE).ok(),
        Secret::Literal(literal) => Some(literal.0.clone()),
        Secret::Command(_) => None,
    };
    text.and_then(|text| text.lines().next().map(|line| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::{Http, Kind, Literal, Pane, Settings, Source};

    /// What is left of a text for who is asked like this.
    #[track_caller]
    fn check(http: Http, text: &str, expected: &str) {
        let (every, timeout) = (Duration::from_secs(5), Duration::from_secs(5));
        let settings = Settings { http: Some(http), ..Settings::default() };
        let kind = Kind::named("http").expect("a kind");
        let source = Source { name: "it".into(), kind, settings, every, timeout, max_bytes: 1, behind: None };
        let pane = Pane { query: "orders?token=in-the-pane".into(), ..Pane::titled("Orders") };
        let config = Config { sources: vec![source], panes: vec![pane], ..Config::default() };
        assert_eq!(Redactor::of(Some(&config)).redacted(text), expected);
    }

    fn literal(text: &str) -> Secret {
        Secret::Literal(Literal(text.into()))
    }

    #[test]
    fn what_sources_are_asked_with_is_struck_out_wherever_it_stands() {
        let url = |url: &str| Http { url: url.into(), ..Http::default() };
        check(Http::default(), "GET orders?token=in-the-pane", "GET orders?token=***");
        for name in ["token", "sig", "pass", "X-Api-Key", "DD-API-KEY", "X-Amz-Signature"] {
            let address = format!("http://x/?{name}=s3%2Fcret");
            check(url(&address), &format!("{address} s3/cret"), &format!("http://x/?{name}=*** ***"));
        }
        check(url("http://ann:s3cret@x/"), "http://ann:s3cret@x/", "http://ann:***@x/");
        check(Http { proxy: Some("http://ann:s3cret@p/".into()), ..Http::default() }, "p: s3cret", "p: ***");
        check(Http { auth: Auth::Bearer(literal("s3cret")), ..Http::default() }, "Bearer s3cret", "Bearer ***");
        let hook = "http://x/services/T01AB/aB3dE5fG7hI9jK1l?team=9f86d081884c7d659a2f";
        check(url(hook), "aB3dE5fG7hI9jK1l, 9f86d081884c7d659a2f", "***, ***");
        check(url(hook), hook, "http://x/services/T01AB/***?team=***");
        check(Http::default(), "at http://y/in/aB3dE5fG7hI9jK1l?who=ann&step=5", "at http://y/in/***?who=***&step=5");
        let password = Auth::Basic { user: "ann".into(), password: literal("s3cret") };
        check(Http { auth: password, ..Http::default() }, "ann:s3cret", "ann:***");
    }

    #[test]
    fn headers_are_struck_out_unless_their_value_is_a_word() {
        let header = |name: &str, value| Http { headers: vec![(name.into(), literal(value))], ..Http::default() };
        for name in ["Authorization", "Cookie", "X-Api-Key", "PRIVATE-TOKEN", "DD-API-KEY", "sig", "pass"] {
            check(header(name, "shop"), "the shop", "the ***");
        }
        check(header("X-Tenant", "aB3dE5fG7hI9jK1lM3nO5pQ7"), "aB3dE5fG7hI9jK1lM3nO5pQ7", "***");
        check(header("X-Tenant", "the-whole-shop"), "the-whole-shop", "the-whole-shop");
        check(header("X-Tenant", "shop"), "the shop", "the shop");
        check(header("X-Scope-OrgID", "the-whole-shop"), "the-whole-shop", "the-whole-shop");
    }
}
