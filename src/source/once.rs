//! Asks everything a single time: for `stanch check` and `stanch snapshot`.
#![expect(clippy::disallowed_methods, reason = "measures how long answers take")]

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    Failure, Polled,
    asker::{AT_ONCE, Asker, Question},
};
use crate::{
    config::{Ask, Config, Plan, QueryId, Source},
    signal::{Fault, Reading, Window},
};

/// How one source answered; a row of `stanch check`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckRow {
    /// Its name.
    pub source: String,
    /// Its kind, as the configuration has it.
    pub kind: &'static str,
    /// Whether everything asked of it was answered.
    pub ok: bool,
    /// The first failure, in words.
    pub error: Option<String>,
    /// How long it took altogether, in milliseconds.
    pub ms: u64,
    /// How many series, rows, alerts, changes or lines came.
    pub items: usize,
}

/// Asks every query of the plan once, all sources side by side. One outcome a query, in the order of the plan.
pub async fn poll_once(config: &Config, plan: &Plan, window: Window, now: Timestamp) -> Vec<(QueryId, Polled)> {
    let sources = config.sources.iter().enumerate().map(|(at, source)| {
        let asker = Asker::new(source);
        async move { poll_source(&asker, plan, at, window, now).await }
    });
    let mut polled: Vec<_> = futures_util::future::join_all(sources).await.into_iter().flatten().collect();
    polled.sort_by_key(|(query, _)| *query);
    polled
}

/// Asks every source once, with a probe where the plan asks nothing. One row a source, in the order of the configuration.
pub async fn check(config: &Config, plan: &Plan) -> Vec<CheckRow> {
    let (window, now) = (Window::live(config.window), Timestamp::now());
    let rows = config.sources.iter().enumerate().map(|(at, source)| async move {
        let asker = Asker::new(source);
        let begun = Instant::now();
        let polled = poll_source(&asker, plan, at, window, now).await;
        let outcome = match polled.is_empty() {
            true => asker.probe(&probing(source, window), now).await.map_err(|failure| failure.fault),
            false => items_of(&polled),
        };
        CheckRow {
            source: source.name.clone(),
            kind: source.kind.name,
            ok: outcome.is_ok(),
            error: outcome.as_ref().err().map(Fault::to_string),
            ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            items: outcome.unwrap_or(0),
        }
    });
    futures_util::future::join_all(rows).await
}

fn probing(source: &Source, window: Window) -> Question {
    let read = source.settings.read.clone().unwrap_or_default();
    Question::of(&Ask::Fetch { path: String::new(), read }, window)
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
    asker: &Asker,
    plan: &Plan,
    source: usize,
    window: Window,
    now: Timestamp,
) -> Vec<(QueryId, Polled)> {
    let mut places = HashMap::<Question, usize>::new();
    let mut questions = Vec::<(Question, Vec<QueryId>)>::new();
    for (id, query) in plan.of_source(source) {
        let question = Question::of(&query.ask, window);
        let place = *places.entry(question.clone()).or_insert_with(|| {
            questions.push((question, Vec::new()));
            questions.len() - 1
        });
        questions[place].1.push(id);
    }
    let asked = stream::iter(questions).map(|(question, ids)| async move {
        let begun = Instant::now();
        let outcome = asker.ask(&question, now).await;
        polled(&ids, outcome, begun.elapsed()).collect::<Vec<_>>()
    });
    let asked: Vec<Vec<Polled>> = asked.buffer_unordered(AT_ONCE).collect().await;
    asked.into_iter().flatten().map(|polled| (polled.query, polled)).collect()
}

/// What is told to each query that asked.
pub(super) fn polled<'a>(
    ids: &'a [QueryId],
    outcome: Result<Reading, Failure>,
    took: Duration,
) -> impl Iterator<Item = Polled> + use<'a> {
    let (at, outcome) = match outcome {
        Ok(reading) => (reading.at, Ok(Arc::new(reading))),
        Err(failure) => (Timestamp::now(), Err(failure.fault)),
    };
    ids.iter().map(move |id| Polled { query: *id, outcome: outcome.clone(), at, took })
}
