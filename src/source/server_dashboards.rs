//! The dashboards of a server that has some: which there are, what is in each, and of which data sources they speak.

use std::sync::Arc;

use super::{
    Registry,
    dashboard_server::{DashboardHit, DashboardServer, SearchFor},
};
use crate::{
    config::SourceId,
    grafana::routes::KnownSource,
    signal::{Fault, FaultKind},
};

/// Whether a source answers as a Grafana does; needs no credentials.
pub async fn is_grafana(registry: &Registry, id: SourceId) -> Result<(), Fault> {
    server(registry, id)?.is_there().await.map_err(|failure| failure.fault)
}

/// Searches the dashboards of a source: those that are marked first, then by folder and title.
pub async fn search_dashboards(
    registry: &Registry,
    id: SourceId,
    wanted: &SearchFor,
) -> Result<Vec<DashboardHit>, Fault> {
    server(registry, id)?.search(wanted).await.map_err(|failure| failure.fault)
}

/// The JSON of a dashboard; why there is none, in words that read behind the name of the source.
pub async fn fetch_dashboard(registry: &Registry, id: SourceId, uid: &str) -> Result<Vec<u8>, String> {
    let server = server(registry, id).map_err(|fault| fault.to_string())?;
    let failure = match server.dashboard(uid).await {
        Ok(body) => return Ok(body),
        Err(failure) => failure.fault,
    };
    let says = |words: &str| failure.detail.to_ascii_lowercase().contains(words);
    Err(match failure.kind {
        FaultKind::NotFound if says("dashboard not found") || says("not found (dashboard") => {
            format!("it has no dashboard {uid}; was it deleted, or is it in another organisation?")
        }
        FaultKind::Forbidden => format!("{failure}; its token needs the right to read this dashboard"),
        FaultKind::Unauthorized => format!("{failure}; it needs the token of a service account, as `bearer`"),
        _ => failure.to_string(),
    })
}

/// The data sources that a source knows.
pub async fn data_sources(registry: &Registry, id: SourceId) -> Result<Arc<[KnownSource]>, Fault> {
    server(registry, id)?.data_sources().await.map_err(|failure| failure.fault)
}

fn server(registry: &Registry, id: SourceId) -> Result<&dyn DashboardServer, Fault> {
    registry.peers().dashboard_server(id).map_err(|failure| failure.fault)
}
