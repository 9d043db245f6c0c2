//! A server that has dashboards, and asks data sources for others: what it can be asked, beside the questions of panes.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Failure, request::Metadata};
use crate::{
    grafana::{frame_json::QueryResult, routes::KnownSource},
    signal::Data,
};

/// A dashboard that a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DashboardHit {
    /// What the server calls it in addresses.
    pub uid: String,
    /// What people call it.
    pub title: String,
    /// The folder it is in; empty for none.
    pub folder: String,
    /// What it is about, in its owners' words.
    pub tags: Vec<String>,
    /// Whether whoever asks has marked it.
    pub is_starred: bool,
}

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct SearchFor {
    /// Words of the title; empty for all.
    pub words: String,
    /// Only those that whoever asks has marked.
    pub starred: bool,
}

/// What comes of asking.
pub(super) type Asked<'a, T> = BoxFuture<'a, Result<T, Failure>>;

/// Such a server.
pub(super) trait DashboardServer: Send + Sync {
    /// Whether it is there; needs no credentials.
    fn is_there(&self) -> Asked<'_, ()>;

    /// Its dashboards: those that are marked first, then by folder and title.
    fn search<'a>(&'a self, wanted: &'a SearchFor) -> Asked<'a, Vec<DashboardHit>>;

    /// The JSON of a dashboard.
    fn dashboard<'a>(&'a self, uid: &'a str) -> Asked<'a, Vec<u8>>;

    /// The data sources that it knows.
    fn data_sources(&self) -> Asked<'_, Arc<[KnownSource]>>;

    /// Posts queries of its data sources; what came of each.
    fn frames<'a>(&'a self, body: &'a str) -> Asked<'a, Vec<QueryResult>>;

    /// Which labels, values or series one of its data sources has, between two times in seconds.
    fn metadata<'a>(&'a self, uid: &'a str, what: &'a Metadata, between: (i64, i64)) -> Asked<'a, (Data, Vec<String>)>;

    /// What a query gives at a time, in seconds, of a data source that speaks PromQL.
    fn numbers<'a>(&'a self, uid: &'a str, query: &'a str, at: i64) -> Asked<'a, (Data, Vec<String>)>;
}
