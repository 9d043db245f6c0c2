//! The connected sources of a configuration: one client a source, for polling and for `stanch check`.
//!
//! Which client a kind has is said here; what a kind can is said in [`config::kinds`](crate::config::kinds).
#![expect(clippy::disallowed_methods, reason = "readings are dated when they are complete")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{
    Failure, alertmanager,
    client::{Client, Content, cannot, cannot_write},
    command,
    dashboard_server::DashboardServer,
    earlier, grafana, http_json, loki, panel,
    peers::Peers,
    prometheus,
    request::{Question, Request},
    shared::Shared,
};
use crate::{
    config::{Config, Source, SourceId},
    signal::{Fault, FaultKind, Operation, Reading, Receipt},
};

/// Connects a source. Touches neither network nor files.
type Connect = fn(&Source) -> Box<dyn Client>;

/// The client of each kind, by the kind's name.
const CLIENTS: &[(&str, Connect)] = &[
    ("prometheus", prometheus::connect),
    ("alertmanager", alertmanager::connect),
    ("grafana", grafana::connect),
    ("loki", loki::connect),
    ("http", http_json::connect),
    ("command", command::connect),
];

/// Every source of a configuration, in its order. A clone is the same sources.
#[derive(Clone)]
pub struct Registry(Arc<Sources>);

/// Sources by their place in the configuration.
type Sources = BTreeMap<SourceId, Arc<Connected>>;

/// A source and its client.
pub(super) struct Connected {
    pub(super) source: Source,
    client: Box<dyn Client>,
    /// What dashboards ask of it.
    shared: Shared,
    /// All sources: what a panel asks may be asked of several.
    all: Weak<Sources>,
}

impl Registry {
    /// Connects all sources. Touches neither network nor files.
    pub fn of(config: &Config) -> Self {
        Self(Arc::new_cyclic(|all| {
            let connected = |source| Arc::new(Connected::new(source, connect(source), all.clone()));
            config.sources_by_id().map(|(id, source)| (id, connected(source))).collect()
        }))
    }

    /// Changes something at a source, once; the words of a failure hold no secret.
    pub async fn write(&self, source: SourceId, operation: &Operation) -> Result<Receipt, Fault> {
        match self.get(source) {
            Some(connected) => connected.write(operation).await.map_err(|failure| failure.fault),
            None => Err(Fault::new(FaultKind::BadQuery, "there is no such source")),
        }
    }

    pub(super) fn get(&self, source: SourceId) -> Option<&Arc<Connected>> {
        self.0.get(&source)
    }

    /// All of them, as who asks several needs them.
    pub(super) fn peers(&self) -> &dyn Peers {
        &*self.0
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (SourceId, &Arc<Connected>)> {
        self.0.iter().map(|(id, connected)| (*id, connected))
    }
}

impl Peers for Sources {
    fn ask<'a>(&'a self, source: SourceId, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(async move { self.get(&source).ok_or_else(cannot)?.ask(request).await })
    }

    fn shared(&self, source: SourceId) -> Result<&Shared, Failure> {
        self.get(&source).map(|source| &source.shared).ok_or_else(cannot)
    }

    fn dashboard_server(&self, source: SourceId) -> Result<&dyn DashboardServer, Failure> {
        self.get(&source).and_then(|source| source.client.dashboard_server()).ok_or_else(cannot)
    }
}

fn connect(source: &Source) -> Box<dyn Client> {
    match CLIENTS.iter().find(|(name, _)| *name == source.kind.name) {
        Some((_, connect)) => connect(source),
        None => Box::new(Unknown),
    }
}

impl Connected {
    fn new(source: &Source, client: Box<dyn Client>, all: Weak<Sources>) -> Self {
        Self { source: source.clone(), client, shared: Shared::default(), all }
    }

    /// Asks once; a panel asks whichever sources it needs.
    pub(super) async fn read(&self, request: &Request) -> Result<Reading, Failure> {
        let (data, mut warnings) = match (&*request.question, self.all.upgrade()) {
            (Question::Panel { panel, window }, Some(all)) => panel::read(&*all, panel, *window, request.now).await?,
            (Question::Earlier { of, ago }, Some(all)) => self.earlier(&all, of, *ago, request.now).await?,
            _ => self.ask(request).await?,
        };
        warnings.extend(self.client.http().and_then(|http| http.clock_is_off()));
        Ok(Reading { at: Timestamp::now(), data, warnings })
    }

    /// What a question gave so much earlier, at the times of now.
    async fn earlier(&self, all: &Sources, of: &Question, ago: Duration, now: Timestamp) -> Result<Content, Failure> {
        let (data, warnings) = match of {
            Question::Panel { panel, window } => panel::read_earlier(all, panel, (*window, ago), now).await?,
            of => self.ask(&Request::now(earlier::question(of, ago, now).ok_or_else(cannot)?, now)).await?,
        };
        Ok((earlier::moved(data, ago), warnings))
    }

    /// Asks this source once.
    pub(super) async fn ask(&self, request: &Request) -> Result<Content, Failure> {
        self.client.read(request).await.map_err(|failure| self.without_secrets(failure))
    }

    /// Whether the source is there, where nothing is asked of it.
    pub(super) async fn probe(&self, now: Timestamp) -> Result<usize, Failure> {
        self.client.probe(now).await.map_err(|failure| self.without_secrets(failure))
    }

    async fn write(&self, operation: &Operation) -> Result<Receipt, Failure> {
        if !self.source.kind.writes.contains(&operation.kind()) {
            return Err(cannot_write(operation.kind()));
        }
        self.client.write(operation).await.map_err(|failure| self.without_secrets(failure))
    }

    /// What decodes an answer quotes what it does not understand, and that may be what was sent.
    fn without_secrets(&self, mut failure: Failure) -> Failure {
        if let Some(http) = self.client.http() {
            failure.fault.detail = http.without_secrets(&failure.fault.detail);
        }
        failure
    }
}

/// Stands in for a kind that has no client, which a test says there is not.
struct Unknown;

impl Client for Unknown {
    fn read<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(async { Err(cannot()) })
    }

    fn probe(&self, _: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(async { Err(cannot()) })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{
        config::{Kind, Settings, kinds::KINDS},
        signal::{Data, WriteKind},
    };

    #[test]
    fn every_kind_has_a_client() {
        let mut kinds: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        let mut clients: Vec<_> = CLIENTS.iter().map(|(name, _)| *name).collect();
        kinds.sort_unstable();
        clients.sort_unstable();
        assert_eq!(kinds, clients);
        // None asks its settings for a key that its row does not have.
        for kind in KINDS {
            drop(connect(&source(kind)));
        }
    }

    fn source(kind: &'static Kind) -> Source {
        let (every, timeout) = (Duration::from_secs(5), Duration::from_secs(5));
        Source { name: "it".into(), kind, settings: Settings::default(), every, timeout, max_bytes: 1000, behind: None }
    }

    /// Takes what it is told to write.
    #[derive(Default)]
    struct Pager(Mutex<Vec<Operation>>);

    impl Client for Pager {
        fn read<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
            let taken = self.0.lock().expect("no panic").len();
            Box::pin(async move { Ok((Data::Number(taken as f64), Vec::new())) })
        }

        fn probe(&self, _: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
            Box::pin(async { Ok(0) })
        }

        fn write<'a>(&'a self, operation: &'a Operation) -> BoxFuture<'a, Result<Receipt, Failure>> {
            Box::pin(async move {
                self.0.lock().expect("no panic").push(operation.clone());
                Ok(Receipt { id: "1".into(), at: Timestamp::UNIX_EPOCH })
            })
        }
    }

    static PAGER: Kind = Kind { name: "pager", writes: &[WriteKind::Acknowledge], ..ROW };
    const ROW: Kind = Kind {
        name: "row",
        gives: &[],
        languages: &[],
        needs_query: false,
        alerts: crate::config::kinds::AlertOrigin::Own,
        link: None,
        writes: &[],
        is_costly: false,
        every: 10,
        timeout: 10,
        fields: &[],
    };

    #[tokio::test]
    async fn what_a_kind_can_write_is_written_once_and_all_else_refused() {
        let connected = Connected::new(&source(&PAGER), Box::<Pager>::default(), Weak::new());
        let registry = Registry(Arc::new([(SourceId::nth(0), Arc::new(connected))].into()));
        let acknowledge = Operation::Acknowledge { id: "P1".into(), by: "ann".into(), note: String::new() };
        let receipt = registry.write(SourceId::nth(0), &acknowledge).await;
        assert_eq!(receipt, Ok(Receipt { id: "1".into(), at: Timestamp::UNIX_EPOCH }));
        let request = Request::now(super::super::request::Question::Alerts, Timestamp::UNIX_EPOCH);
        let reading = registry.get(SourceId::nth(0)).expect("it").read(&request).await.expect("a reading");
        assert_eq!(reading.data, Data::Number(1.0), "the same client reads");

        let (matchers, comment) = (vec!["service=\"shop\"".to_owned()], "known".to_owned());
        let silence = Operation::Silence { matchers, until: Timestamp::UNIX_EPOCH, by: "ann".into(), comment };
        let refused = registry.write(SourceId::nth(0), &silence).await.expect_err("refused");
        assert_eq!(refused.detail, "nothing can be silenced at a source of this kind");
        assert!(registry.write(SourceId::nth(7), &silence).await.is_err());
    }
}
