//! One HTTP server as a source reaches it: address, credentials, certificates, proxy.
//!
//! The client is made at the first request, off the async threads, because loading the machine's certificates takes
//! longer than the first paint may. Redirects stay on the same origin; to any other they are an answer ("sign in
//! there"), never followed, so no credential leaves the server it is for.
#![expect(clippy::disallowed_methods, reason = "clocks are compared")]

mod address;
mod clock;
mod faults;
mod proxy;
mod reading;
mod redact;
mod retry_after;

use std::{
    collections::VecDeque,
    path::Path,
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Certificate, Client, ClientBuilder, Identity, Proxy, RequestBuilder, Response, Url,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

pub use self::{proxy::secrets_of_proxies, redact::secrets_in_address};
use super::{
    Failure,
    apart::{Apart, NotDone},
    secret::Secrets,
};
use crate::{
    config::{self, Auth},
    files,
    signal::{Fault, FaultKind},
};

/// Most requests to one server at a time.
pub(super) const AT_ONCE: usize = 6;

/// Most redirects followed within one origin.
const MAX_HOPS: usize = 3;
/// How much of the body of an error is looked at, in bytes.
const MAX_ERROR_BODY: u64 = 64 * 1024;
/// Longest time to wait for a connection, in seconds.
const CONNECT_SECONDS: u64 = 10;
/// How many of the secrets it sent are looked for in what it says.
const MAX_REMEMBERED: usize = 64;
/// Largest file of certificates, in bytes: those of all authorities take a quarter of that.
const MAX_PEM: u64 = 1 << 20;
/// The part of a source's time within which there must be a connection.
const CONNECT_PART: f64 = 0.8;

/// A server.
pub(super) struct Http {
    config: config::Http,
    timeout: Duration,
    max_bytes: u64,
    client: OnceCell<Client>,
    building: Apart<(), Result<Client, Fault>>,
    secrets: Secrets,
    /// The secrets that went with its requests, the last of them: several are under way at a time.
    sent: Mutex<VecDeque<SecretString>>,
    /// Seconds by which its clock was ahead of ours in its last good answer.
    ahead: AtomicI64,
}

/// What is sent beside the address.
pub(super) enum RequestBody<'a> {
    /// A `GET`.
    None,
    /// A `POST` of a form, as `query` and its values.
    Form(&'a [(&'a str, &'a str)]),
    /// A `POST` of JSON, or of whatever the text is.
    Text(&'a str),
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
            building: Apart::default(),
            secrets: Secrets::default(),
            sent: Mutex::default(),
            ahead: AtomicI64::new(0),
        }
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
        let client = self.client.get_or_try_init(|| self.build(base.clone())).await?;
        let mut known = redact::of_address(&url);
        known.extend(secrets_of_proxies(self.config.proxy.as_deref()));
        let headers = self.headers(&mut known).await?;
        self.remember(&known);
        let request = match body {
            RequestBody::None => client.get(url),
            RequestBody::Form(form) => client.post(url).form(form),
            RequestBody::Text(text) => client.post(url).header("content-type", kind_of(text)).body(text.to_owned()),
        };
        let outcome = match self.send(request.headers(headers), &known).await {
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

    async fn send(&self, request: RequestBuilder, known: &[SecretString]) -> Result<Response, Failure> {
        let response = request.timeout(self.timeout).send().await.map_err(|e| faults::of_transport(e, self.timeout))?;
        let status = response.status();
        if !status.is_success() {
            let (headers, url) = (response.headers().clone(), response.url().clone());
            // What the server says is worth having, but its status alone will do.
            let body = self.body(response, MAX_ERROR_BODY).await.unwrap_or_default();
            let body = redact::without(known, &String::from_utf8_lossy(&body)).into_bytes();
            let anonymous =
                self.config.auth == Auth::None && self.config.headers.is_empty() && url.username().is_empty();
            return Err(faults::of_status(status, &headers, &body, &url, anonymous));
        }
        self.ahead.store(clock::ahead(response.headers(), jiff::Timestamp::now()), Ordering::Relaxed);
        Ok(response)
    }

    /// Headers with credentials; every secret used is left in `known`, so that it can be kept out of a fault.
    async fn headers(&self, known: &mut Vec<SecretString>) -> Result<HeaderMap, Fault> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
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

    async fn build(&self, base: Url) -> Result<Client, Fault> {
        let (config, timeout) = (self.config.clone(), self.timeout);
        match self.building.done(&(), timeout, move || client(&config, &base, timeout)).await {
            Ok(built) => built,
            Err(NotDone::Late) => Err(Fault::new(FaultKind::Tls, "the certificates could not be read in time")),
            Err(NotDone::BrokeOff) => Err(Fault::new(FaultKind::Tls, "the client could not be made")),
        }
    }
}

fn client(config: &config::Http, base: &Url, timeout: Duration) -> Result<Client, Fault> {
    install_crypto();
    let builder = Client::builder()
        .user_agent(concat!("stanch/", env!("CARGO_PKG_VERSION")))
        // Before the whole time is over, so that a network that loses everything is told from a server that is slow.
        .connect_timeout(timeout.mul_f64(CONNECT_PART).min(Duration::from_secs(CONNECT_SECONDS)))
        .pool_max_idle_per_host(AT_ONCE)
        .redirect(Policy::custom(|attempt| {
            let same = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
            if same && attempt.previous().len() <= MAX_HOPS { attempt.follow() } else { attempt.stop() }
        }));
    let builder = with_proxy(builder, config, base)?;
    let builder = with_certificates(builder, config)?;
    // Without TLS there is no reason to load the machine's certificates, nor to fail where it has none.
    let plain = base.scheme() == "http" && !config.proxy.as_deref().is_some_and(|proxy| proxy.starts_with("https:"));
    let builder = if plain { builder.tls_certs_only([]) } else { builder };
    builder.build().map_err(|error| {
        let why = faults::innermost(&error);
        let hint = if why.contains("No CA certificates") { "; install them or set `ca_file`" } else { "" };
        Fault::new(FaultKind::Tls, format!("{why}{hint}"))
    })
}

fn with_proxy(builder: ClientBuilder, config: &config::Http, base: &Url) -> Result<ClientBuilder, Fault> {
    match &config.proxy {
        // The address of a proxy may hold its password.
        Some(proxy) => match Proxy::all(proxy) {
            Ok(proxy) => Ok(builder.proxy(proxy)),
            Err(_) => Err(Fault::new(FaultKind::Unreachable, "the proxy's address is no URL")),
        },
        None if address::is_loopback(base) => Ok(builder.no_proxy()),
        None => Ok(builder),
    }
}

fn with_certificates(mut builder: ClientBuilder, config: &config::Http) -> Result<ClientBuilder, Fault> {
    if let Some(path) = &config.ca_file {
        let bundle = Certificate::from_pem_bundle(&pem(path)?).ok().filter(|bundle| !bundle.is_empty());
        let bundle = bundle.ok_or_else(|| no_pem(path, "certificates"))?;
        builder = builder.tls_certs_merge(bundle);
    }
    if let Some(path) = &config.client_cert {
        let identity = Identity::from_pem(&pem(path)?).map_err(|_| no_pem(path, "a certificate with its key"))?;
        builder = builder.identity(identity);
    }
    Ok(builder)
}

fn pem(path: &Path) -> Result<Vec<u8>, Fault> {
    let cannot = |why| Fault::new(FaultKind::Tls, format!("cannot read {}: {why}", path.display()));
    files::read(path, MAX_PEM).map_err(cannot)
}

fn no_pem(path: &Path, what: &str) -> Fault {
    Fault::new(FaultKind::Tls, format!("{} does not hold {what} in PEM form", path.display()))
}

fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Somebody else may have been first, which serves as well.
        let _already = rustls::crypto::ring::default_provider().install_default();
    });
}

fn sensitive(value: &str, name: &str) -> Result<HeaderValue, Fault> {
    let unusable =
        |_| Fault::new(FaultKind::Secret, format!("the value for `{name}` has characters no header may hold"));
    let mut value = HeaderValue::from_str(value).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

fn kind_of(text: &str) -> &'static str {
    match text.trim_start().chars().next() {
        Some('{' | '[' | '"') => "application/json",
        _ => "application/x-www-form-urlencoded",
    }
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
