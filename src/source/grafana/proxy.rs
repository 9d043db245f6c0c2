//! What variables ask a Prometheus or a Loki that only Grafana reaches.

use super::{
    super::{
        Failure,
        client::Content,
        decoding::decoding,
        http::RequestBody,
        prometheus::{asking_for_metadata, decode_exact, metadata_decoder},
        request::Metadata,
    },
    Grafana, segment,
};
use crate::signal::FaultKind;

impl Grafana {
    /// Which labels, values or series there are.
    pub(super) async fn names(&self, uid: &str, what: &Metadata, between: (i64, i64)) -> Result<Content, Failure> {
        let (path, parameters) = asking_for_metadata(what, between);
        let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = self.through(uid, &path, &parameters).await?;
        Ok(decoding(body, metadata_decoder(what)).await?)
    }

    /// What a query gives at a time, in seconds.
    pub(super) async fn values(&self, uid: &str, query: &str, at: i64) -> Result<Content, Failure> {
        let parameters = [("query", query), ("time", &*at.to_string())];
        let body = self.through(uid, "/api/v1/query", &parameters).await?;
        Ok(decoding(body, decode_exact).await?)
    }

    /// Asks the server behind a data source; where its proxy lets nobody through, by way of the plug-in, as Grafana's own
    /// pages do.
    async fn through(&self, uid: &str, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let uid = segment(uid, "data source")?;
        let proxy = format!("/api/datasources/proxy/uid/{uid}{path}");
        let refused = match self.ask(&proxy, parameters, RequestBody::None).await {
            Err(failure) if matches!(failure.fault.kind, FaultKind::Forbidden | FaultKind::NotFound) => failure,
            outcome => return outcome,
        };
        let of_plugin = path.strip_prefix("/loki/api/v1").unwrap_or(path);
        let resource = format!("/api/datasources/uid/{uid}/resources{of_plugin}");
        self.ask(&resource, parameters, RequestBody::None).await.map_err(|_| refused)
    }
}
