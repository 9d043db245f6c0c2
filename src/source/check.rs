//! Asks everything a single time: for `stanch check` and for who wants one answer.
#![expect(clippy::disallowed_methods, reason = "measures how long answers take")]

use std::{collections::HashMap, sync::Arc, time::Instant};

use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::{
    Polled, Registry,
    http::AT_ONCE,
    registry::Connected,
    request::{Question, Request},
};
use crate::{
    config::SourceId,
    dashboard::{Plan, QueryContext, QueryId},
    signal::{Fault, Reading},
};

/// How one source answered; a row of `stanch check`.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckRow {
    /// Its name.
    pub source: String,
    /// Its kind, as the configuration has it.
    pub kind: &'static str,
    /// What came of each query asked of it; none where the plan asks nothing and a probe was sent.
    pub queries: Vec<(QueryId, Result<Arc<Reading>, Fault>)>,
    /// How many series, rows, alerts, changes or lines came; or the first failure.
    pub outcome: Result<usize, Fault>,
    /// How long it took altogether, in milliseconds.
    pub ms: u64,
}

/// Asks every query of the plan once, all sources side by side. One outcome a query, in the order of the plan.
pub async fn poll_once(
    registry: &Registry,
    plan: &Plan,
    context: &QueryContext,
    now: Timestamp,
) -> Vec<(QueryId, Polled)> {
    let sources = registry.all();
    let sources = sources.map(|(id, source)| async move { poll_source(source, plan, id, context, now).await });
    let mut polled: Vec<_> = futures_util::future::join_all(sources).await.into_iter().flatten().collect();
    polled.sort_by_key(|(query, _)| *query);
    polled
}

/// Asks every source once, with a probe where the plan asks nothing. One row a source, in the order of the configuration.
pub async fn check(registry: &Registry, plan: &Plan, context: &QueryContext) -> Vec<CheckRow> {
    let now = Timestamp::now();
    let rows = registry.all().map(|(id, source)| async move {
        let begun = Instant::now();
        let mut polled = poll_source(source, plan, id, context, now).await;
        polled.sort_by_key(|(query, _)| *query);
        let outcome = match polled.is_empty() {
            true => source.probe(now).await.map_err(|failure| failure.fault),
            false => items_of(&polled),
        };
        CheckRow {
            source: source.source.name.clone(),
            kind: source.source.kind.name,
            queries: polled.into_iter().map(|(query, polled)| (query, polled.outcome)).collect(),
            outcome,
            ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    });
    futures_util::future::join_all(rows).await
}

/// Items of all different readings, or the first failure.
fn items_of(polled: &[(QueryId, Polled)]) -> Result<usize, Fault> {
    let mut seen = Vec::<*const Reading>::new();
    let mut items = 0;
    for (_, polled) in polled {
        let reading = polled.outcome.as_ref().map_err(Clone::clone)?;
        if !seen.contains(&Arc::as_ptr(reading)) {
            seen.push(Arc::as_ptr(reading));
            items += reading.data.items();
        }
    }
    Ok(items)
}

async fn poll_source(
    source: &Connected,
    plan: &Plan,
    id: SourceId,
    context: &QueryContext,
    now: Timestamp,
) -> Vec<(QueryId, Polled)> {
    let mut places = HashMap::<Arc<Question>, usize>::new();
    let mut questions = Vec::<(Arc<Question>, Vec<QueryId>)>::new();
    for (query_id, query) in plan.of_source(id) {
        let question = Arc::new(Question::of(query, context));
        let place = *places.entry(Arc::clone(&question)).or_insert_with(|| {
            questions.push((question, Vec::new()));
            questions.len() - 1
        });
        questions[place].1.push(query_id);
    }
    let asked = stream::iter(questions).map(|(question, ids)| async move {
        let begun = Instant::now();
        let outcome = source.read(&Request { question, now }).await;
        Polled::of(&ids, outcome, begun.elapsed()).collect::<Vec<_>>()
    });
    let asked: Vec<Vec<Polled>> = asked.buffer_unordered(AT_ONCE).collect().await;
    asked.into_iter().flatten().map(|polled| (polled.query, polled)).collect()
}
