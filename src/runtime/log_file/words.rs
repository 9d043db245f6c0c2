//! The lines of the log about the start and about polls. They name sources and counts, never what was answered.
#![expect(clippy::disallowed_methods, reason = "what terminal this is stands in the environment")]

use std::{
    collections::HashMap,
    env,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Level, Log};
use crate::{
    config::{Config, SourceId},
    dashboard::{Plan, QueryId},
    source,
    source::Polled,
};

/// Says what was started where, and what it will ask.
pub fn started(log: &Log, config: &Config, plan: &Plan, size: (u16, u16), entries: usize, read_only: bool) {
    if !log.is_on() {
        return;
    }
    let say = |area: &str, words: String| log.say(Level::Info, area, words);
    let term = env::var("TERM").unwrap_or_else(|_| "unset".into());
    let mode = if read_only { ", read-only" } else { "" };
    let (version, process) = (env!("CARGO_PKG_VERSION"), std::process::id());
    say("start", format!("stanch {version}, process {process}, {}x{}, TERM {term}{mode}", size.0, size.1));
    say("start", format!("{} panes, {} vitals, {entries} entries", plan.panes.len(), plan.vitals.len()));
    for (id, source) in config.sources_by_id() {
        let place = source.http().map_or_else(String::new, |http| format!(" at {}", source::shown_address(&http.url)));
        let (name, kind, every) = (&source.name, source.kind.name, source.every);
        say("source", format!("{name}: {kind}{place}, every {every:?}, queries: {}", plan.of_source(id).count()));
    }
    for pane in plan.panes.iter().filter(|pane| !pane.queries.is_empty()) {
        let queries: Vec<_> = pane.queries.iter().map(ToString::to_string).collect();
        say("pane", format!("{}: {}", pane.pane.title, queries.join(", ")));
    }
}

/// Says what came of each poll. Called from the tasks that poll.
#[derive(Clone, Debug)]
pub struct Polls {
    log: Log,
    names: Arc<HashMap<SourceId, String>>,
    /// The source of each query.
    sources: Arc<Mutex<HashMap<QueryId, SourceId>>>,
}

impl Polls {
    /// Of the queries that are asked from the start.
    pub fn new(log: Log, config: &Config, plan: &Plan) -> Self {
        let sources = match log.is_on() {
            true => plan.queries().map(|(id, query)| (id, query.source)).collect(),
            false => HashMap::new(),
        };
        let names = config.sources_by_id().map(|(id, source)| (id, source.name.clone())).collect();
        Self { log, names: Arc::new(names), sources: Arc::new(Mutex::new(sources)) }
    }

    /// A query that is asked from now on, for a check.
    pub fn asks(&self, id: QueryId, source: SourceId, once: bool) {
        if self.log.is_on() {
            self.sources.lock().unwrap_or_else(PoisonError::into_inner).insert(id, source);
            let once = if once { " once" } else { "" };
            self.log.say(Level::Info, "check", format!("{} {id}: asked{once}", self.name(id)));
        }
    }

    /// What came of a poll.
    pub fn polled(&self, polled: &Polled) {
        if !self.log.is_on() {
            return;
        }
        let Polled { query, outcome, took, .. } = polled;
        let (name, took) = (self.name(*query), took.as_millis());
        match outcome {
            Ok(reading) => {
                let items = reading.data.items();
                self.log.say(Level::Info, "poll", format!("{name} {query}: {items} items in {took} ms"));
            }
            Err(fault) => self.log.say(Level::Warn, "poll", format!("{name} {query}: {fault} ({took} ms)")),
        }
    }

    fn name(&self, id: QueryId) -> &str {
        let source = self.sources.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied();
        source.and_then(|source| self.names.get(&source)).map_or("?", String::as_str)
    }
}
