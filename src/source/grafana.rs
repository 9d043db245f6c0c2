//! Grafana: it has dashboards, knows data sources, and asks them for others.
//!
//! Nothing is polled of it as such. Panels that ask a data source which nobody here speaks to are asked through it
//! (`POST /api/ds/query`, frames in); variables of Prometheus and Loki through its data source proxy. It is only read, with
//! whatever rights the token of a service account has.
//!
//! <https://grafana.com/docs/grafana/latest/developers/http_api/>

mod dashboards;
mod data_sources;
mod frames;
mod proxy;

use std::sync::{Arc, Mutex};

use data_sources::KeptSources;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{
    Failure,
    client::{Client, Content, cannot},
    dashboard_server::{Asked, DashboardHit, DashboardServer, SearchFor},
    decoding::decoding,
    http::{Http, RequestBody},
    request::{Metadata, Request},
};
use crate::{
    config::Source,
    grafana::{frame_json::QueryResult, routes::KnownSource},
    signal::{Fault, FaultKind},
};

/// One Grafana.
struct Grafana {
    http: Http,
    kept: Arc<Mutex<Option<KeptSources>>>,
}

/// Connects one. Touches neither network nor files.
pub(super) fn connect(source: &Source) -> Box<dyn Client> {
    Box::new(Grafana { http: Http::of(source), kept: Arc::default() })
}

impl Grafana {
    /// Asks, as all that asks a Grafana does: any word of an answer may come to the screen, also as what is wrong with it, so
    /// that what was sent is struck out before it is read.
    async fn ask(&self, path: &str, parameters: &[(&str, &str)], body: RequestBody<'_>) -> Result<Vec<u8>, Failure> {
        let answer = self.http.ask(path, parameters, body).await?;
        Ok(self.http.without_sent_secrets(answer))
    }

    async fn get<T: Send + 'static>(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
        decode: impl FnOnce(&[u8]) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Failure> {
        let body = self.ask(path, parameters, RequestBody::None).await?;
        Ok(decoding(body, decode).await?)
    }

    /// Words of an answer, without what was sent.
    fn without_secrets(&self, words: &str) -> String {
        crate::base::text::line(&self.http.without_secrets(words)).into_owned()
    }
}

impl Client for Grafana {
    fn read<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(async { Err(cannot()) })
    }

    fn probe(&self, _: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(async move {
            self.health().await?;
            // Its health is for everyone; whether the token is worth anything, only asking for something says.
            Ok(self.hits(&SearchFor::default()).await?.len())
        })
    }

    fn http(&self) -> Option<&Http> {
        Some(&self.http)
    }

    fn dashboard_server(&self) -> Option<&dyn DashboardServer> {
        Some(self)
    }
}

impl DashboardServer for Grafana {
    fn is_there(&self) -> Asked<'_, ()> {
        Box::pin(self.health())
    }

    fn search<'a>(&'a self, wanted: &'a SearchFor) -> Asked<'a, Vec<DashboardHit>> {
        Box::pin(self.hits(wanted))
    }

    fn dashboard<'a>(&'a self, uid: &'a str) -> Asked<'a, Vec<u8>> {
        Box::pin(self.one(uid))
    }

    fn data_sources(&self) -> Asked<'_, Arc<[KnownSource]>> {
        Box::pin(self.known_sources())
    }

    fn frames<'a>(&'a self, body: &'a str) -> Asked<'a, Vec<QueryResult>> {
        Box::pin(self.results(body))
    }

    fn metadata<'a>(&'a self, uid: &'a str, what: &'a Metadata, between: (i64, i64)) -> Asked<'a, Content> {
        Box::pin(self.names(uid, what, between))
    }

    fn numbers<'a>(&'a self, uid: &'a str, query: &'a str, at: i64) -> Asked<'a, Content> {
        Box::pin(self.values(uid, query, at))
    }
}

/// A part of a path: what Grafana calls a dashboard or a data source.
fn segment<'u>(uid: &'u str, what: &str) -> Result<&'u str, Failure> {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    match !uid.is_empty() && uid.len() <= 250 && !uid.starts_with('.') && uid.bytes().all(is_fine) {
        true => Ok(uid),
        false if uid.is_empty() => {
            Err(Fault::new(FaultKind::BadQuery, format!("Grafana does not say which {what} is meant")).into())
        }
        false => {
            let shown = crate::base::text::clipped(uid, 60);
            Err(Fault::new(FaultKind::BadQuery, format!("{shown} is no uid of a {what}")).into())
        }
    }
}
