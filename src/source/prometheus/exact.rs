//! Answers as they came: every series in the order of the server, at the times that were asked for.
//!
//! For dashboards, whose tables and legends follow that order, and whose steps are their own.

use super::{
    super::{Failure, client::Content, decoding::decoding, request::ExactTimes, wire},
    Prometheus, decode,
};
use crate::signal::{Data, Fault, Series};

impl Prometheus {
    pub(super) async fn exact(&self, query: &str, times: ExactTimes) -> Result<Content, Failure> {
        let seconds = |ms: i64| format!("{}", ms as f64 / 1e3);
        let body = match times {
            ExactTimes::At(at) => self.ask("/api/v1/query", &[("query", query), ("time", &seconds(at))]).await?,
            ExactTimes::Range { start, end, step } => {
                let (start, end, step) = (seconds(start), seconds(end), format!("{}", step as f64 / 1e3));
                let parameters = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
                self.ask("/api/v1/query_range", &parameters).await?
            }
        };
        Ok(decoding(body, decoded).await?)
    }
}

/// Reads an answer to either question for numbers, as it came.
pub(in super::super) fn decoded(body: &[u8]) -> Result<Content, Fault> {
    let (curves, warnings) = decode::in_order(&wire::text_of(body))?;
    let unnamed = |curve: super::curves::Curve| Series { name: "".into(), labels: curve.labels, points: curve.points };
    Ok((Data::Series(curves.into_iter().map(unnamed).collect()), warnings))
}
