//! Asks the configured systems and turns their answers into readings.
//!
//! A [`Registry`] holds one client a source, whatever its kind; [`Poller`] asks them again and again, [`poll_once`] and
//! [`check`] a single time. All a client is given is a request with nothing left to decide. An answer goes through the
//! same steps everywhere: transport, status, kind of content, JSON, envelope; each has its own words when it fails
//! (see [`FaultKind`](crate::signal::FaultKind)). Every body, list and text has a cap, text is scrubbed where it enters,
//! and no secret reaches a fault. Wire formats stay private to the file that reads them; nothing here knows incidents.

mod alert_rules;
mod alertmanager;
mod alerts;
mod apart;
mod body;
mod bounded_value;
mod check;
mod client;
mod command;
mod dashboard;
mod dashboard_server;
mod decoding;
mod earlier;
mod few;
mod first_seen;
mod generic;
mod grafana;
mod http;
mod http_json;
pub mod jq;
mod loki;
pub mod memory;
mod panel;
mod panel_answers;
mod panel_request;
mod panel_shown;
mod peers;
mod poll;
mod process;
mod process_group;
mod prometheus;
mod records;
mod registry;
mod repair;
mod request;
mod secret;
mod server_dashboards;
mod session;
mod shared;
mod streaming_body;
mod times;
mod wire;

use std::{sync::Arc, time::Duration};

pub use alert_rules::alert_rules;
pub use body::{Body, decode};
pub use check::{CheckRow, check, poll_once};
pub use dashboard::{AnsweredDashboard, dashboard, settle_variables};
pub use dashboard_server::{DashboardHit, SearchFor};
pub use http::{secrets_in_address, secrets_of_proxies, shown_address};
use jiff::Timestamp;
pub use jq::child::jq_child_main;
pub use poll::Poller;
pub use process_group::kill_all;
pub use registry::Registry;
pub use server_dashboards::{data_sources, fetch_dashboard, is_grafana, search_dashboards};
pub use session::in_own_session;

use crate::{
    dashboard::QueryId,
    signal::{Fault, Reading},
};

/// What came of asking one query once.
#[derive(Clone, Debug)]
pub struct Polled {
    /// The query, by its place in the plan.
    pub query: QueryId,
    /// What was read, or why not. Queries that ask the same share one reading.
    pub outcome: Result<Arc<Reading>, Fault>,
    /// When the answer was complete, or the failure known.
    pub at: Timestamp,
    /// How long it took from asking to a decoded reading.
    pub took: Duration,
}

impl Polled {
    /// One for each query that waited for this outcome; `took` is the time from asking to a decoded reading.
    fn of<'a>(
        queries: &'a [QueryId],
        outcome: Result<Reading, Failure>,
        took: Duration,
    ) -> impl Iterator<Item = Self> + use<'a> {
        let (at, outcome) = match outcome {
            Ok(reading) => (reading.at, Ok(Arc::new(reading))),
            #[expect(clippy::disallowed_methods, reason = "a failure is dated when it is known")]
            Err(failure) => (Timestamp::now(), Err(failure.fault)),
        };
        queries.iter().map(move |query| Self { query: *query, outcome: outcome.clone(), at, took })
    }
}

/// Why asking failed, and how long the server wants to be left alone.
#[derive(Clone, Debug)]
struct Failure {
    fault: Fault,
    retry_after: Option<Duration>,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { retry_after: fault.retry_after(), fault }
    }
}
