//! The sources side by side, for who needs several: a panel asks as many as its queries name.

use futures_util::future::BoxFuture;

use super::{Failure, client::Content, dashboard_server::DashboardServer, request::Request, shared::Shared};
use crate::config::SourceId;

/// All sources.
pub(super) trait Peers: Sync {
    /// Asks one of them once.
    fn ask<'a>(&'a self, source: SourceId, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>>;

    /// What dashboards ask of one of them.
    fn shared(&self, source: SourceId) -> Result<&Shared, Failure>;

    /// One of them that has dashboards.
    fn dashboard_server(&self, source: SourceId) -> Result<&dyn DashboardServer, Failure>;
}
