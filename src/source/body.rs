//! The body of an answer as bytes, read as the tasks that ask read it: for whoever has a body and no server.

use jiff::Timestamp;

use super::{
    alertmanager,
    client::Content,
    first_seen::FirstSeen,
    generic::{self, Came},
    loki, prometheus,
    records::Context,
};
use crate::{
    config::Shape,
    signal::{AlertWords, Fault},
};

/// Whose answer a body is, and to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Prometheus: `/api/v1/query` and `/api/v1/query_range`.
    Numbers,
    /// Prometheus: `/api/v1/alerts`.
    PrometheusAlerts,
    /// Alertmanager: `/api/v2/alerts/groups`.
    AlertGroups,
    /// Loki: `/loki/api/v1/query_range` asked for lines.
    LogLines,
    /// A server of any kind that answers in JSON, or the output of a filter.
    Json(Shape),
    /// What a command printed: JSON, JSON lines or plain text.
    Printed(Shape),
}

/// Reads a body: what it says and what a person should know about it, or why it cannot be read. `now` dates what has no
/// time of its own.
pub fn decode(kind: Body, body: &[u8], now: Timestamp) -> Result<Content, Fault> {
    let (first_seen, words) = (FirstSeen::default(), AlertWords::default());
    let context = Context { now, first_seen: &first_seen, words: &words };
    match kind {
        Body::Numbers => prometheus::decode_numbers(body),
        Body::PrometheusAlerts => prometheus::decode_alerts(body, now),
        Body::AlertGroups => alertmanager::decode_groups(body, now),
        Body::LogLines => loki::decode_lines(body),
        Body::Json(shape) => generic::decode(body, Came::OverHttp, shape, context),
        Body::Printed(shape) => generic::decode(body, Came::Printed, shape, context),
    }
}
