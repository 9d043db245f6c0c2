//! Alertmanager's API v2, and what speaks it (Grafana, Mimir).
//!
//! Alerts come grouped as they are routed; one routed to several receivers comes several times and is merged. Every
//! alert costs the server, most of all an inhibited one, so those are asked for only when wanted. Parameters are never
//! anything but `true` and `false`: any other word silently means false.

mod decode;

use super::{
    Failure,
    arriving::Arriving,
    http::{Body, Http},
};
use crate::signal::{Data, Fault};

/// Data and warnings.
type Read = (Data, Vec<String>);

/// What is asked for.
pub(super) struct Wanted<'a> {
    pub(super) receiver: Option<&'a str>,
    pub(super) filters: &'a [String],
    pub(super) silenced: bool,
    pub(super) inhibited: bool,
}

/// All alerts wanted, grouped.
pub(super) async fn alerts(http: &Http, wanted: &Wanted<'_>) -> Result<(Data, Vec<String>), Failure> {
    let word = |yes: bool| if yes { "true" } else { "false" };
    let mut query =
        vec![("active", "true"), ("silenced", word(wanted.silenced)), ("inhibited", word(wanted.inhibited))];
    query.extend(wanted.filters.iter().map(|filter| ("filter", filter.as_str())));
    query.extend(wanted.receiver.map(|receiver| ("receiver", receiver)));
    http.ask_reading("/api/v2/alerts/groups", &query, Body::None, decode::groups).await
}

/// Reads an answer to that.
pub(super) fn decode_groups(body: &[u8]) -> Result<Read, Fault> {
    decode::groups(Arriving::new(body.to_vec(), None))
}

/// Whether an Alertmanager is there.
pub(super) async fn probe(http: &Http) -> Result<(), Failure> {
    let body = http.ask("/api/v2/status", &[], Body::None).await?;
    Ok(decode::is_ours(&body)?)
}
