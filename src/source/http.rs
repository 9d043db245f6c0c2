//! One HTTP server as a source reaches it: address, credentials, certificates, proxy.
//!
//! The client is made at the first request, off the async threads, because loading the machine's certificates takes
//! longer than the first paint may.

mod address;
mod client;
mod clock;
mod exchange;
mod faults;
mod proxy;
mod reading;
mod redact;
mod redirect;
mod retry_after;
mod said;
mod tls;

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use client::Connections;
use jiff::{SignedDuration, Timestamp};
use reqwest::{
    Client, Response,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

pub use self::{proxy::secrets_of_proxies, redact::secrets_in_address};
use super::{Failure, apart::Apart, secret::Secrets};
use crate::{
    config::{self, Auth},
    signal::{Fault, FaultKind},
};

/// Most requests to one server at a time.
pub(super) const AT_ONCE: usize = 6;

/// How many of the secrets it sent are looked for in what it says.
const MAX_REMEMBERED: usize = 64;

/// A server.
pub(super) struct Http {
    config: config::Http,
    timeout: Duration,
    max_bytes: u64,
    client: OnceCell<Client>,
    /// Keeps no connections; made when one that was kept turned out to be dropped.
    fresh: OnceCell<Client>,
    building: Apart<Connections, Result<Client, Fault>>,
    /// Whether it has answered, so that there may be a connection that is kept.
    has_answered: AtomicBool,
    secrets: Secrets,
    /// The secrets that went with its requests, the last of them: several are under way at a time.
    sent: Mutex<VecDeque<SecretString>>,
    /// Seconds by which its clock was ahead of ours in its last good answer.
    ahead: AtomicI64,
    /// Headers that its kind needs. They are no secret.
    plain: Vec<(&'static str, String)>,
}

/// What is sent beside the address.
#[derive(Clone, Copy)]
pub(super) enum RequestBody<'a> {
    /// A `GET`.
    None,
    /// A `POST` of a form, as `query` and its values: a question that is too long for an address.
    Form(&'a [(&'a str, &'a str)]),
    /// A `POST` of JSON, or of whatever the text is. It may do something, so it is sent once.
    Text(&'a str),
    /// A `POST` of JSON that asks for several things at once and does nothing. A refusal of one of them says in its body
    /// what came of the others, so it is read as an answer.
    Questions(&'a str),
}

/// What may be shown of an address: neither credentials nor a query, nor what looks like a token in its path.
pub fn shown_address(text: &str) -> String {
    address::parse(text).map_or_else(|_| "an address that is no URL".into(), |url| address::shown(&url))
}

impl Http {
    /// The server of a source. Touches neither network nor files.
    pub(super) fn of(source: &config::Source) -> Self {
        Self {
            config: source.http().cloned().unwrap_or_default(),
            timeout: source.timeout,
            max_bytes: source.max_bytes,
            client: OnceCell::new(),
            fresh: OnceCell::new(),
            has_answered: AtomicBool::new(false),
            building: Apart::default(),
            secrets: Secrets::default(),
            sent: Mutex::default(),
            ahead: AtomicI64::new(0),
            plain: Vec::new(),
        }
    }

    /// The same with one more header; one of that name in the configuration counts before it.
    pub(super) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.plain.push((name, value.to_owned()));
        self
    }

    /// The time there when it is `now` here, where the last good answer said that the clocks differ.
    pub(super) fn time_there(&self, now: Timestamp) -> Timestamp {
        let ahead = self.ahead.load(Ordering::Relaxed);
        clock::words(ahead).and_then(|_| now.checked_add(SignedDuration::from_secs(ahead)).ok()).unwrap_or(now)
    }

    /// That its clock is off, if its last good answer said so.
    pub(super) fn clock_is_off(&self) -> Option<String> {
        clock::words(self.ahead.load(Ordering::Relaxed))
    }

    /// Words about an answer, without the secrets the server may have put there.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        redact::without(&self.sent(), text)
    }

    /// An answer without the secrets that were sent for it. For those whose every word may end up on the screen.
    pub(super) fn without_sent_secrets(&self, body: Vec<u8>) -> Vec<u8> {
        redact::without_in_body(&self.sent(), body)
    }

    fn sent(&self) -> Vec<SecretString> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn remember(&self, secrets: &[SecretString]) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets {
            if sent.iter().all(|known| known.expose_secret() != secret.expose_secret()) {
                sent.truncate(MAX_REMEMBERED - 1);
                sent.push_front(secret.clone());
            }
        }
    }

    /// Asks for `path` below the source's address. The body of a success comes back whole, within the cap.
    pub(super) async fn ask(
        &self,
        path: &str,
        query: &[(&str, &str)],
        body: RequestBody<'_>,
    ) -> Result<Vec<u8>, Failure> {
        self.asked(path, query, body, async |response| self.whole(response).await).await
    }

    /// Asks, and hands the answer of a success to `read`.
    async fn asked<T>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        body: RequestBody<'_>,
        read: impl AsyncFnOnce(Response) -> Result<T, Fault>,
    ) -> Result<T, Failure> {
        let base = address::parse(&self.config.url)?;
        let mut url = address::below(&base, path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut known = redact::of_address(&url);
        known.extend(secrets_of_proxies(self.config.proxy.as_deref()));
        let headers = self.headers(&mut known).await?;
        self.remember(&known);
        let reads_refusals = matches!(body, RequestBody::Questions(_));
        let question =
            exchange::Question { base: &base, below: path, headers: &headers, known: &known, reads_refusals };
        let outcome = match self.exchange(url, body, question).await {
            Ok(response) => read(response).await.map_err(Failure::from),
            Err(failure) => Err(failure),
        };
        outcome.map_err(|mut failure| {
            if matches!(failure.fault.kind, FaultKind::Unauthorized | FaultKind::Forbidden) {
                self.secrets.forget();
            }
            failure.fault.detail = redact::without(&known, &failure.fault.detail);
            failure
        })
    }

    /// Headers with credentials; every secret used is left in `known`, so that it can be kept out of a fault.
    async fn headers(&self, known: &mut Vec<SecretString>) -> Result<HeaderMap, Fault> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in &self.plain {
            let unusable =
                |_| Fault::new(FaultKind::Secret, format!("`{name}` would have characters no header may hold"));
            headers.insert(*name, HeaderValue::from_str(value).map_err(unusable)?);
        }
        match &self.config.auth {
            Auth::None => {}
            Auth::Bearer(secret) => {
                let token = self.secrets.read(secret, self.timeout).await?;
                headers.insert(AUTHORIZATION, sensitive(&format!("Bearer {}", token.expose_secret()), "bearer")?);
                known.push(token);
            }
            Auth::Basic { user, password } => {
                let password = self.secrets.read(password, self.timeout).await?;
                let pair = base64(format!("{user}:{}", password.expose_secret()).as_bytes());
                headers.insert(AUTHORIZATION, sensitive(&format!("Basic {pair}"), "basic")?);
                known.extend([password, pair.into()]);
            }
        }
        for (name, secret) in &self.config.headers {
            let header = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Fault::new(FaultKind::Secret, format!("`{name}` is no name of a header")))?;
            let value = self.secrets.read(secret, self.timeout).await?;
            headers.insert(header, sensitive(value.expose_secret(), name)?);
            if !secret.is_word(name) {
                known.push(value);
            }
        }
        Ok(headers)
    }
}

fn sensitive(value: &str, name: &str) -> Result<HeaderValue, Fault> {
    let unusable =
        |_| Fault::new(FaultKind::Secret, format!("the value for `{name}` has characters no header may hold"));
    let mut value = HeaderValue::from_str(value).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let three = chunk.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(three >> (18 - 6 * place)) as usize & 63];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_rfc_4648_has_it() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
