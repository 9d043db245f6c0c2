//! The last look at a report before it is written: every secret that can be known without asking for it is struck out,
//! wherever it came from.
#![expect(clippy::disallowed_methods, reason = "secrets are read to be struck out")]

use std::{env, fs};

use crate::config::{Auth, Config, Secret};

/// Shorter ones would match by chance.
const MIN_SECRET: usize = 4;

/// Secrets that must not be seen.
pub struct Veil(Vec<String>);

impl Veil {
    /// Of all sources.
    pub fn of(config: Option<&Config>) -> Self {
        let https = config.into_iter().flat_map(|config| &config.sources).filter_map(|source| source.http());
        let mut hidden = Vec::new();
        for http in https {
            let auth = match &http.auth {
                Auth::None => None,
                Auth::Bearer(secret) | Auth::Basic { password: secret, .. } => Some(secret),
            };
            hidden.extend(auth.and_then(value));
            let own = |(name, secret): &(String, Secret)| value(secret).filter(|_| !is_tenant(name));
            hidden.extend(http.headers.iter().filter_map(own));
        }
        hidden.retain(|secret| secret.len() >= MIN_SECRET);
        // One may be the beginning of another.
        hidden.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(hidden)
    }

    /// The text without them.
    pub fn over(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}

/// Says who is asked about, in words that stand elsewhere too: `shop`.
fn is_tenant(header: &str) -> bool {
    header.eq_ignore_ascii_case("X-Scope-OrgID")
}

/// What can be known at once; a command is not run for it.
fn value(secret: &Secret) -> Option<String> {
    let text = match secret {
        Secret::Env(name) => env::var(name).ok(),
        Secret::File(path) => fs::read_to_string(path).ok(),
        Secret::Literal(literal) => Some(literal.0.clone()),
        Secret::Command(_) => None,
    };
    text.and_then(|text| text.lines().next().map(|line| line.trim().to_owned()))
}
