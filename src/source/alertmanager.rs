//! Alertmanager's API v2, and what speaks it (Grafana, Mimir).
//!
//! Alerts come grouped as they are routed; one routed to several receivers comes several times and is merged. Every
//! alert costs the server, most of all an inhibited one, so those are asked for only when wanted. Parameters are never
//! anything but `true` and `false`: any other word silently means false.

mod decode;

use std::sync::Arc;

use super::{
    Failure,
    http::{Body, Http},
    wire::{Interner, Pairs},
};
use crate::signal::{Alert, Data, Labels, alert::AlertLinks, scrub};

pub(super) use decode::by_name_and_service;

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
    let body = http.ask("/api/v2/alerts/groups", &query, Body::None).await?;
    Ok(super::asker::decoding(body, decode::groups).await?)
}

/// Whether an Alertmanager is there.
pub(super) async fn probe(http: &Http) -> Result<(), Failure> {
    let body = http.ask("/api/v2/status", &[], Body::None).await?;
    Ok(decode::is_ours(&body)?)
}

/// What annotations say that is worth a place on the screen.
pub(super) struct Notes {
    pub(super) summary: Arc<str>,
    pub(super) links: AlertLinks,
}

impl Notes {
    /// Longest summary, in bytes.
    const MAX_SUMMARY: usize = 400;
    /// Longest link, in bytes.
    const MAX_LINK: usize = 2048;

    pub(super) fn of(annotations: &Pairs<'_>, labels: &Labels, interner: &mut Interner) -> Self {
        let values = |names: &'static [&'static str]| {
            let values = names.iter().filter_map(|name| annotations.get(name).or_else(|| labels.get(name)));
            values.map(str::trim)
        };
        let link = |names| {
            let found = values(names).find(|url| is_web(url));
            found.map(|url| scrub::clipped(url, Self::MAX_LINK).into_owned())
        };
        let mut summaries = values(&["summary", "message", "description", "title", "info"]);
        let summary = summaries.find(|text| !text.is_empty()).unwrap_or_default();
        Self {
            summary: interner.line(summary, Self::MAX_SUMMARY),
            links: AlertLinks {
                runbook: link(&["runbook_url", "runbook", "sop", "sop_url", "playbook_url"]),
                dashboard: link(&["dashboard_url", "dashboard", "grafana_url", "dashboardURL", "grafana", "panelURL"]),
                generator: None,
            },
        }
    }
}

/// Only such links are worth opening or copying.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The generator's address, when it is one.
fn generator(url: &str) -> Option<String> {
    is_web(url).then(|| scrub::clipped(url, Notes::MAX_LINK).into_owned())
}

/// What an alert is called.
fn name_of(alert: &Alert) -> &str {
    alert.labels.get("alertname").unwrap_or("alert without a name")
}
