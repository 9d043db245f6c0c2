//! The last look at a report before it is written: every secret that can be known without asking for it is struck out,
//! wherever it came from.
#![expect(clippy::disallowed_methods, reason = "secrets are read to be struck out")]

use std::{env, fs};

use crate::{
    base::redact,
    config::{Auth, Config, Secret},
};

/// The secrets that must not be seen, in no order.
pub struct Redactor(Vec<String>);

impl Redactor {
    /// What the sources of a configuration are asked with.
    pub fn of(config: Option<&Config>) -> Self {
        let https = config.into_iter().flat_map(|config| &config.sources).filter_map(|source| source.http());
        let mut hidden = Vec::new();
        for http in https {
            let auth = match &http.auth {
                Auth::None => None,
                Auth::Bearer(secret) | Auth::Basic { password: secret, .. } => Some(secret),
            };
            hidden.extend(auth.and_then(value));
            let own = |(name, secret): &(String, Secret)| value(secret).filter(|_| !redact::is_tenant_header(name));
            hidden.extend(http.headers.iter().filter_map(own));
        }
        Self(hidden)
    }

    /// The text with every one of them struck out.
    pub fn redacted(&self, text: &str) -> String {
        redact::without(self.0.iter().map(String::as_str), text)
    }
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
