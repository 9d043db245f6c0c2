//! Prometheus, and what speaks its HTTP API v1.
//!
//! Asks for numbers over time, numbers of now, and the alerts it evaluates (the only place where pending ones are seen).
//! What the answers mean is in [`decode`] and [`alerts`]. Numbers over a window that follows the clock are asked for whole
//! only now and then, and continued from poll to poll: see [`range_cache`].

mod alerts;
mod curves;
mod decode;
mod range_cache;
mod series_names;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use range_cache::RangeCache;

use super::{
    Failure,
    client::{Client, Content, cannot},
    decoding::decoding,
    http::{Http, RequestBody},
    request::{Question, Request, Times},
};
use crate::{
    config::Source,
    signal::{AlertWords, Fault, FaultKind},
};

/// Longer queries are posted: some proxies refuse long addresses.
const MAX_GET: usize = 1500;

/// One server.
struct Prometheus {
    http: Http,
    ranges: RangeCache,
    words: Arc<AlertWords>,
}

/// Connects one. Touches neither network nor files.
pub(super) fn connect(source: &Source) -> Box<dyn Client> {
    let words = Arc::clone(&source.settings.words);
    Box::new(Prometheus { http: Http::of(source), ranges: RangeCache::default(), words })
}

impl Prometheus {
    /// Numbers over a window.
    async fn range(&self, query: &str, request: &Request) -> Result<Content, Failure> {
        let Some(mut turn) = self.ranges.turn(request) else { return Err(cannot()) };
        loop {
            let Times { start, end, step } = turn.times();
            let (start, end, step) = (start.to_string(), end.to_string(), step.to_string());
            let parameters = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
            let body = ask(&self.http, "/api/v1/query_range", &parameters).await?;
            let said = decoding(body, decode::answer).await?;
            // At most twice: what does not fit is followed by the whole.
            if let Some(answer) = turn.answered(said) {
                self.ranges.land(turn);
                return Ok(answer);
            }
        }
    }

    /// Numbers of now.
    async fn instant(&self, query: &str) -> Result<Content, Failure> {
        let body = ask(&self.http, "/api/v1/query", &[("query", query)]).await?;
        Ok(decoding(body, decode_numbers).await?)
    }

    /// Alerts that fire or are about to.
    async fn alerts(&self) -> Result<Content, Failure> {
        let body = self.http.ask("/api/v1/alerts", &[], RequestBody::None).await?;
        let words = Arc::clone(&self.words);
        Ok(decoding(body, move |body| alerts::decode(body, &words)).await?)
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
                Question::Alerts => self.alerts().await,
                Question::Fetch { .. } => Err(cannot()),
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

/// Reads an answer to either question for numbers, as it is shown.
pub(super) fn decode_numbers(body: &[u8]) -> Result<Content, Fault> {
    Ok(decode::answer(body)?.told())
}

/// Reads an answer to the question for alerts.
pub(super) fn decode_alerts(body: &[u8]) -> Result<Content, Fault> {
    alerts::decode(body, &AlertWords::default())
}

async fn ask(http: &Http, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
    let long = parameters.iter().map(|(_, value)| value.len()).sum::<usize>() > MAX_GET;
    let outcome = match long {
        true => http.ask(path, &[], RequestBody::Form(parameters)).await,
        false => http.ask(path, parameters, RequestBody::None).await,
    };
    outcome.map_err(|mut failure| {
        // There is only one query, so the words can begin with what is wrong with it.
        if let Some(words) = failure.fault.detail.strip_prefix("invalid parameter \"query\": ") {
            failure.fault.detail = words.to_owned();
        }
        failure
    })
}
