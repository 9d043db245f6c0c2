//! Grafana Loki, and what speaks its HTTP API.
//!
//! Asks for log lines over a window, and for numbers that queries make of lines. Lines of a window that follows the clock
//! are asked for whole only now and then, and continued from poll to poll: see [`tail`]. Numbers come in the shape that
//! Prometheus answers in, and are read, and continued, as those.
//!
//! <https://grafana.com/docs/loki/latest/reference/loki-http-api/>

mod entries;
mod level;
mod tail;
mod words;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use tail::Tails;

use super::{
    Failure,
    client::{Client, Content, cannot},
    decoding::decoding,
    http::{Http, RequestBody},
    prometheus::{self, RangeCache},
    request::{ExactTimes, Metadata, Question, Request, Times},
    wire,
};
use crate::{
    config::Source,
    signal::{Fault, FaultKind},
};

/// Longer queries are posted: some proxies refuse long addresses.
const MAX_GET: usize = 1500;
/// How far back a probe asks for labels, in seconds.
const PROBED: i64 = 3600;

/// One server, or one tenant of it.
struct Loki {
    http: Http,
    tails: Tails,
    ranges: RangeCache,
    /// Whether the configuration says whose lines are meant.
    has_tenant: bool,
}

/// Connects one. Touches neither network nor files.
pub(super) fn connect(source: &Source) -> Box<dyn Client> {
    // What was found in a line is told apart from where the line came from, which makes its streams.
    let mut http = Http::of(source).with_header("x-loki-response-encoding-flags", "categorize-labels");
    let tenant = source.text("tenant");
    if let Some(tenant) = tenant {
        http = http.with_header("x-scope-orgid", tenant);
    }
    Box::new(Loki { http, tails: Tails::default(), ranges: RangeCache::default(), has_tenant: tenant.is_some() })
}

impl Loki {
    async fn ask(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let is_long = parameters.iter().map(|(_, value)| value.len()).sum::<usize>() > MAX_GET;
        let outcome = match is_long {
            true => self.http.ask(path, &[], RequestBody::Form(parameters)).await,
            false => self.http.ask(path, parameters, RequestBody::None).await,
        };
        let body = outcome.map_err(|failure| words::of(failure, self.has_tenant))?;
        // Any word of a line may come to the screen.
        Ok(self.http.without_sent_secrets(body))
    }

    /// Numbers over a window.
    async fn range(&self, query: &str, request: &Request) -> Result<Content, Failure> {
        let ask = |Times { start, end, step }| -> BoxFuture<'_, _> {
            Box::pin(async move {
                let (start, end, step) = (start.to_string(), end.to_string(), step.to_string());
                let parameters = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
                self.ask("/loki/api/v1/query_range", &parameters).await
            })
        };
        self.ranges.read(request, ask).await.map_err(words::of_numbers)
    }

    /// Numbers of now.
    async fn instant(&self, query: &str, request: &Request) -> Result<Content, Failure> {
        let now = request.now.as_nanosecond().to_string();
        let body = self.ask("/loki/api/v1/query", &[("query", query), ("time", &now)]).await?;
        decoding(body, prometheus::decode_numbers).await.map_err(|fault| words::of_numbers(fault.into()))
    }

    /// Numbers at times that are all said.
    async fn exact(&self, query: &str, times: ExactTimes) -> Result<Content, Failure> {
        let nanos = |ms: i64| (i128::from(ms) * 1_000_000).to_string();
        let body = match times {
            ExactTimes::At(at) => self.ask("/loki/api/v1/query", &[("query", query), ("time", &nanos(at))]).await?,
            ExactTimes::Range { start, end, step } => {
                let (start, end, step) = (nanos(start), nanos(end), format!("{}", step as f64 / 1e3));
                let parameters = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
                self.ask("/loki/api/v1/query_range", &parameters).await?
            }
        };
        decoding(body, prometheus::decode_exact).await.map_err(|fault| words::of_numbers(fault.into()))
    }

    async fn metadata(&self, what: &Metadata, between: (i64, i64)) -> Result<Content, Failure> {
        let (path, parameters) = prometheus::asking_for_metadata(what, between);
        let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = self.ask(&path, &parameters).await?;
        Ok(decoding(body, prometheus::metadata_decoder(what)).await?)
    }

    /// How many labels the streams of the last hour have. One that nothing was sent to has none, and is there.
    async fn labels(&self, now: Timestamp) -> Result<usize, Failure> {
        let between = (now.as_second() - PROBED, now.as_second());
        let (path, parameters) = prometheus::asking_for_metadata(&Metadata::LokiLabels, between);
        let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = self.ask(&path, &parameters).await?;
        let answer: Value = wire::decode(&wire::text_of(&body), "an answer of Loki")?;
        match answer.get("status").and_then(Value::as_str) {
            Some("success") => Ok(answer.get("data").and_then(Value::as_array).map_or(0, Vec::len)),
            _ => Err(Fault::new(FaultKind::Malformed, "what answers there is no Loki").into()),
        }
    }
}

impl Client for Loki {
    fn read<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(async move {
            match &*request.question {
                Question::Lines { .. } => self.lines(request).await,
                Question::Range { query, .. } => self.range(query, request).await,
                Question::Instant { query } => self.instant(query, request).await,
                Question::Exact { query, times } => self.exact(query, *times).await,
                Question::Metadata { what: what @ (Metadata::LokiLabels | Metadata::LokiLabelValues(..)), between } => {
                    self.metadata(what, *between).await
                }
                Question::Metadata { .. }
                | Question::Alerts
                | Question::Panel { .. }
                | Question::Earlier { .. }
                | Question::Fetch { .. } => Err(cannot()),
            }
        })
    }

    fn probe(&self, now: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(self.labels(now))
    }

    fn http(&self) -> Option<&Http> {
        Some(&self.http)
    }
}

/// Reads an answer to a question for log lines, of which so many are kept.
pub(super) fn decode_lines(body: &[u8]) -> Result<Content, Fault> {
    let page = entries::decode(body, true)?;
    let lines = page.entries.into_iter().map(|entry| entry.line).collect();
    Ok((crate::signal::Data::Logs(lines), page.warnings))
}
