//! One source, ready to be asked.
//!
//! Knows nothing of intervals or of who wants to know; see [`poller`](super::poller) for that.
#![expect(clippy::disallowed_methods, reason = "readings are dated when they are complete")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::{
    Failure, alertmanager, fetched,
    http::{Body, Http},
    jq::Jq,
    process, prometheus,
    records::FirstSeen,
};
use crate::{
    config::{self, Ask},
    signal::{Data, Fault, FaultKind, Reading, Window},
};

/// Most requests to one source at a time.
pub(super) const AT_ONCE: usize = 6;
/// What live questions are about.
const LIVE: Window = Window::live(config::plan::LIVE);
/// Larger bodies are decoded away from the threads that serve the others, in bytes.
pub(super) const DECODE_APART: usize = 64 * 1024;

/// A source.
pub(super) struct Asker {
    kind: Kind,
}

#[expect(clippy::large_enum_variant, reason = "there is one a source, and none is moved")]
enum Kind {
    Prometheus { http: Http, past: prometheus::Past },
    Alertmanager { http: Http, receiver: Option<String>, filters: Vec<String>, silenced: bool, inhibited: bool },
    Http { http: Http, post: bool, body: Option<String>, jq: Jq, seen: Seen },
    Command { argv: Vec<String>, timeout: Duration, max_bytes: u64, jq: Jq, seen: Seen },
}

/// When alerts were first seen, apart for each question: what one filter leaves out is not gone for another.
#[derive(Default)]
struct Seen(Mutex<HashMap<Ask, Arc<FirstSeen>>>);

impl Seen {
    fn of(&self, ask: &Ask) -> Arc<FirstSeen> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(ask.clone()).or_default())
    }
}

/// What is asked, down to the window it is about: equal questions have equal answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    ask: Ask,
    window: Option<Window>,
}

impl Question {
    /// The question that `ask` comes down to while the panes show `window`.
    pub(super) fn of(ask: &Ask, window: Window) -> Self {
        match ask {
            Ask::Range(_) => Self { ask: ask.clone(), window: Some(window) },
            Ask::LiveRange(query) => Self { ask: Ask::Range(query.clone()), window: Some(LIVE) },
            _ => Self { ask: ask.clone(), window: None },
        }
    }
}

impl Asker {
    /// Touches neither network nor files.
    pub(super) fn new(source: &config::Source) -> Self {
        let (timeout, max_bytes) = (source.timeout, source.max_bytes);
        let http = |http| Http::new(http, timeout, max_bytes);
        let jq = || Jq::new(timeout, max_bytes);
        let settings = &source.settings;
        let kind = match (source.kind.name, &settings.http) {
            ("prometheus", Some(at)) => Kind::Prometheus { http: http(at), past: prometheus::Past::default() },
            ("alertmanager", Some(at)) => Kind::Alertmanager {
                http: http(at),
                receiver: source.text("receiver").map(str::to_owned),
                filters: source.list("filters").to_vec(),
                silenced: source.flag("silenced"),
                inhibited: source.flag("inhibited"),
            },
            (_, Some(at)) => {
                let (post, body) = (source.text("method") == Some("POST"), source.text("body").map(str::to_owned));
                Kind::Http { http: http(at), post, body, jq: jq(), seen: Seen::default() }
            }
            (_, None) => {
                let argv = settings.argv.clone();
                Kind::Command { argv, timeout, max_bytes, jq: jq(), seen: Seen::default() }
            }
        };
        Self { kind }
    }

    /// Whether each answer costs the server so much that the interval must follow the time it takes.
    pub(super) fn is_costly(&self) -> bool {
        matches!(self.kind, Kind::Alertmanager { .. })
    }

    /// Asks once.
    pub(super) async fn ask(&self, question: &Question, now: Timestamp) -> Result<Reading, Failure> {
        let (data, mut warnings) = self.read(question, now).await.map_err(|failure| self.without_secrets(failure))?;
        warnings.extend(self.http().and_then(Http::clock_is_off));
        Ok(Reading { at: Timestamp::now(), data, warnings })
    }

    fn http(&self) -> Option<&Http> {
        match &self.kind {
            Kind::Prometheus { http, .. } | Kind::Alertmanager { http, .. } | Kind::Http { http, .. } => Some(http),
            Kind::Command { .. } => None,
        }
    }

    /// What decodes an answer quotes what it does not understand, and that may be what was sent.
    fn without_secrets(&self, mut failure: Failure) -> Failure {
        if let Some(http) = self.http() {
            failure.fault.detail = http.without_secrets(&failure.fault.detail);
        }
        failure
    }

    async fn read(&self, question: &Question, now: Timestamp) -> Result<(Data, Vec<String>), Failure> {
        match (&self.kind, &question.ask) {
            (Kind::Prometheus { http, past }, Ask::Range(query) | Ask::LiveRange(query)) => {
                prometheus::range(http, past, query, question.window.unwrap_or(LIVE), now).await
            }
            (Kind::Prometheus { http, .. }, Ask::Instant(query)) => prometheus::instant(http, query).await,
            (Kind::Prometheus { http, .. }, Ask::Alerts) => prometheus::alerts(http).await,
            (Kind::Alertmanager { http, receiver, filters, silenced, inhibited }, Ask::Alerts) => {
                let receiver = receiver.as_deref();
                let wanted = alertmanager::Wanted { receiver, filters, silenced: *silenced, inhibited: *inhibited };
                alertmanager::alerts(http, &wanted).await
            }
            (Kind::Http { http, post, body, jq, seen }, Ask::Fetch { path, read }) => {
                let sent = if *post { Body::Text(body.as_deref().unwrap_or_default()) } else { Body::None };
                let body = http.without_echo(http.ask(path, &[], sent).await?);
                Ok(fetched::read(body, fetched::From::Http, read, jq, seen.of(&question.ask), now).await?)
            }
            (Kind::Command { argv, timeout, max_bytes, jq, seen }, Ask::Fetch { read, .. }) => {
                let out = process::run(argv, *timeout, *max_bytes).await?;
                Ok(fetched::read(out, fetched::From::Command, read, jq, seen.of(&question.ask), now).await?)
            }
            _ => Err(Fault::new(FaultKind::BadQuery, "a source of this kind cannot be asked that").into()),
        }
    }

    /// Whether the source is there, when nothing is asked of it; `question` is asked of a generic one.
    pub(super) async fn probe(&self, question: &Question, now: Timestamp) -> Result<usize, Failure> {
        let probed = match &self.kind {
            Kind::Prometheus { http, .. } => prometheus::probe(http).await.map(|()| 0),
            Kind::Alertmanager { http, .. } => alertmanager::probe(http).await.map(|()| 0),
            Kind::Http { .. } | Kind::Command { .. } => self.read(question, now).await.map(|(data, _)| data.items()),
        };
        probed.map_err(|failure| self.without_secrets(failure))
    }
}

/// Decodes a body; a large one away from the threads that serve the other sources.
pub(super) async fn decoding<T: Send + 'static>(
    body: Vec<u8>,
    decode: impl FnOnce(&[u8]) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    if body.len() <= DECODE_APART {
        return decode(&body);
    }
    let decoded = tokio::task::spawn_blocking(move || decode(&body)).await;
    decoded.unwrap_or_else(|_| Err(Fault::new(FaultKind::Malformed, "reading the answer broke off")))
}
