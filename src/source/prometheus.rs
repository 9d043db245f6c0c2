//! Prometheus, and what speaks its HTTP API v1.
//!
//! Asks for numbers over time, numbers of now, and the alerts it evaluates (the only place where pending ones are seen).
//! What the answers mean is in [`decode`] and [`alerts`]. Numbers over a window that follows the clock are asked for whole
//! only now and then, and continued from poll to poll: see [`range_cache`].

mod alerts;
mod curves;
mod decode;
mod exact;
mod finer;
mod metadata;
mod range_cache;
mod remarks;
mod rules;
mod series_names;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

pub(super) use exact::decoded as decode_exact;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
pub(super) use metadata::{asking as asking_for_metadata, decoder as metadata_decoder};
pub(super) use range_cache::RangeCache;

use super::{
    Failure,
    client::{Client, Content, cannot},
    decoding::decoding,
    first_seen::FirstSeen,
    http::{Http, RequestBody},
    request::{Question, Request, Times},
};
use crate::{
    config::Source,
    signal::{AlertWords, Fault, FaultKind},
};

/// Longer queries are posted: some proxies refuse long addresses.
const MAX_GET: usize = 1500;

/// What servers say of a query that is empty: Prometheus and its kin, and VictoriaMetrics.
const EMPTY: [&str; 2] = ["no expression found in input", "missing `query` arg"];

/// One server.
struct Prometheus {
    http: Http,
    ranges: RangeCache,
    /// Whether something on the way lets nothing through but `GET`, so that long queries are not posted either.
    gets_only: AtomicBool,
    first_seen: Arc<FirstSeen>,
    words: Arc<AlertWords>,
}

/// Connects one. Touches neither network nor files.
pub(super) fn connect(source: &Source) -> Box<dyn Client> {
    Box::new(Prometheus {
        http: Http::of(source),
        ranges: RangeCache::default(),
        gets_only: AtomicBool::new(false),
        first_seen: Arc::default(),
        words: Arc::clone(&source.settings.words),
    })
}

impl Prometheus {
    async fn ask(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let is_long = parameters.iter().map(|(_, value)| value.len()).sum::<usize>() > MAX_GET;
        let outcome = match is_long && !self.gets_only.load(Ordering::Relaxed) {
            true => self.post(path, parameters).await,
            false => self.http.ask(path, parameters, RequestBody::None).await,
        };
        outcome.map_err(|mut failure| {
            // There is only one query, so the words can begin with what is wrong with it.
            if let Some(words) = failure.fault.detail.strip_prefix("invalid parameter \"query\": ") {
                failure.fault.detail = words.to_owned();
            }
            failure
        })
    }

    /// Asks a long query: posted, or where nothing may be posted, got all the same.
    async fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let refused = match self.http.ask(path, &[], RequestBody::Form(parameters)).await {
            Err(failure) if may_be_about_posting(&failure.fault) => failure,
            outcome => return outcome,
        };
        match self.http.ask(path, parameters, RequestBody::None).await {
            Ok(body) => {
                self.gets_only.store(true, Ordering::Relaxed);
                Ok(body)
            }
            // The query itself: then it was right to get it.
            Err(failure) if failure.fault.kind == FaultKind::BadQuery => {
                self.gets_only.store(true, Ordering::Relaxed);
                Err(failure)
            }
            Err(_) => Err(refused),
        }
    }

    /// Numbers over a window.
    async fn range(&self, query: &str, request: &Request) -> Result<Content, Failure> {
        let ask = |Times { start, end, step }| -> BoxFuture<'_, _> {
            Box::pin(async move {
                let (start, end, step) = (start.to_string(), end.to_string(), step.to_string());
                let parameters = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
                self.ask("/api/v1/query_range", &parameters).await
            })
        };
        self.ranges.read(request, ask).await
    }

    /// Numbers of now.
    async fn instant(&self, query: &str) -> Result<Content, Failure> {
        let body = self.ask("/api/v1/query", &[("query", query)]).await?;
        Ok(decoding(body, decode_numbers).await?)
    }

    /// Alerts that fire or are about to.
    async fn alerts(&self, now: Timestamp) -> Result<Content, Failure> {
        let body = self.http.ask("/api/v1/alerts", &[], RequestBody::None).await?;
        let (words, first_seen) = (Arc::clone(&self.words), Arc::clone(&self.first_seen));
        Ok(decoding(body, move |body| alerts::decode(body, &words, &first_seen, now)).await?)
    }

    /// Whether a server of this kind is there: its build information, or, where an imitator has none, a number.
    async fn is_there(&self) -> Result<(), Failure> {
        match self.http.ask("/api/v1/status/buildinfo", &[], RequestBody::None).await {
            Err(failure) if failure.fault.kind == FaultKind::NotFound => {
                self.instant("vector(1)").await.map_err(|_| failure)?;
            }
            Err(failure) => return Err(failure),
            Ok(body) => decode::is_ours(&body)?,
        }
        Ok(())
    }
}

impl Client for Prometheus {
    fn read<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(async move {
            match &*request.question {
                Question::Range { query, .. } => self.range(query, request).await,
                Question::Instant { query } => self.instant(query).await,
                Question::Exact { query, times } => self.exact(query, *times).await,
                Question::Metadata { what, between } => self.metadata(what, *between).await,
                Question::Alerts => self.alerts(request.now).await,
                Question::Lines { .. } | Question::Panel { .. } | Question::Earlier { .. } | Question::Fetch { .. } => {
                    Err(cannot())
                }
            }
        })
    }

    fn probe(&self, _: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(async move { self.is_there().await.map(|()| 0) })
    }

    fn http(&self) -> Option<&Http> {
        Some(&self.http)
    }
}

/// Whether a posted question was refused in a way in which what lies before a server refuses all that is posted, or came
/// without its body, as behind a proxy that follows redirects itself.
fn may_be_about_posting(fault: &Fault) -> bool {
    let says_empty = || EMPTY.iter().any(|words| fault.detail.contains(words));
    match fault.kind {
        FaultKind::Forbidden | FaultKind::NotFound | FaultKind::Status(405 | 501) => true,
        FaultKind::BadQuery => says_empty(),
        _ => false,
    }
}

/// Reads an answer to either question for numbers, as it is shown.
pub(super) fn decode_numbers(body: &[u8]) -> Result<Content, Fault> {
    Ok(decode::answer(body)?.told())
}

/// Reads an answer to the question for alerts.
pub(super) fn decode_alerts(body: &[u8], now: Timestamp) -> Result<Content, Fault> {
    alerts::decode(body, &AlertWords::default(), &FirstSeen::default(), now)
}
