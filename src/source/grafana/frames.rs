//! `POST /api/ds/query`: queries of any data source in, data frames out.

use super::{
    super::{Failure, decoding::decoding, http::RequestBody, wire},
    Grafana,
};
use crate::{
    grafana::frame_json::{self, QueryResult},
    signal::{Fault, FaultKind},
};

impl Grafana {
    /// Asks what is posted; what came of each query. Where one fails, the others are there all the same.
    pub(super) async fn results(&self, body: &str) -> Result<Vec<QueryResult>, Failure> {
        let answer = self.ask("/api/ds/query", &[], RequestBody::Questions(body)).await?;
        let mut results = decoding(answer, decoded).await?;
        for result in &mut results {
            for words in result.error.iter_mut().chain(&mut result.notices) {
                *words = self.without_secrets(words);
            }
        }
        Ok(results)
    }
}

fn decoded(body: &[u8]) -> Result<Vec<QueryResult>, Fault> {
    // In the place of an answer stands why there is none.
    frame_json::read(&wire::text_of(body)).map_err(|why| Fault::new(FaultKind::BadQuery, why))
}
