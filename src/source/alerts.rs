//! What alerts of every wire format have in common: how they are grouped and named, which annotations are worth a place
//! on the screen, which links are links, and how many are kept.

use std::sync::Arc;

use jiff::Timestamp;

use super::wire::{Interner, Pairs};
use crate::signal::{Alert, AlertState, AlertWords, Labels, Severity, alert::AlertLinks};

/// Longest summary, in bytes.
const MAX_SUMMARY: usize = 400;
/// Longest link, in bytes.
const MAX_LINK: usize = 2048;

/// An alert as its labels and annotations tell it; how bad it is is left to [`rate`].
pub(super) fn labelled(
    id: Arc<str>,
    labels: Labels,
    annotations: &Pairs<'_>,
    state: AlertState,
    starts_at: Timestamp,
    interner: &mut Interner,
) -> Alert {
    let values = |names: &'static [&'static str]| {
        let values = names.iter().filter_map(|name| annotations.get(name).or_else(|| labels.get(name)));
        values.map(str::trim)
    };
    let mut first = |names| values(names).find_map(|url| link(url, interner));
    let links = AlertLinks {
        runbook: first(&["runbook_url", "runbook", "sop", "sop_url", "playbook_url"]),
        dashboard: first(&["dashboard_url", "dashboard", "grafana_url", "dashboardURL", "grafana", "panelURL"]),
        generator: None,
    };
    let mut summaries = values(&["summary", "message", "description", "title", "info"]);
    let summary = summaries.find(|text| !text.is_empty()).unwrap_or_default();
    Alert {
        id,
        summary: interner.line(summary, MAX_SUMMARY),
        state,
        severity: Severity::default(),
        starts_at,
        receivers: interner.list(Vec::new()),
        links,
        inhibited_by: interner.list(Vec::new()),
        muted_for: interner.list(Vec::new()),
        labels,
    }
}

/// Says of each alert how bad it is.
pub(super) fn rate(alerts: &mut [Alert], words: &AlertWords) {
    for alert in alerts {
        let labels = &alert.labels;
        alert.severity = words.severity(labels.get("alertname").unwrap_or_default(), |name| labels.get(name));
    }
}

/// An address, when it is one of the web; only those are worth opening or copying.
pub(super) fn link(url: &str, interner: &mut Interner) -> Option<Arc<str>> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    is_web.then(|| interner.line(url, MAX_LINK))
}

/// How many alerts are more than are kept, said in a warning when there are any.
pub(super) fn past_the_cap(found: usize, most: usize, warnings: &mut Vec<String>) -> usize {
    let dropped = found.saturating_sub(most);
    if dropped > 0 {
        warnings.push(format!("showing {most} of {found} alerts"));
    }
    dropped
}

/// A group for each name and service; for alerts whose source does not group them.
pub(super) fn by_name_and_service(alert: &Alert) -> (Arc<str>, Arc<str>) {
    let service = ["service", "app", "job"].into_iter().find_map(|name| Some((name, alert.labels.get(name)?)));
    by_labels(alert, &Labels::of(service))
}

/// A group for each name and each value of the labels that alerts are grouped by.
pub(super) fn by_labels(alert: &Alert, grouping: &Labels) -> (Arc<str>, Arc<str>) {
    let name = name_of(alert);
    let others = || grouping.iter().filter(|(label, value)| *label != "alertname" && !value.is_empty());
    let key = Labels::of(others().chain([("alertname", name)])).to_string();
    // A severity is shown beside the title anyway, and `db down db` says nothing more than `db down`.
    let new = |value: &str| !name.to_ascii_lowercase().contains(&value.to_ascii_lowercase());
    let title = others().filter(|(label, value)| *label != "severity" && new(value)).map(|(_, value)| value);
    let title = std::iter::once(name).chain(title).collect::<Vec<_>>().join(" ");
    (key.into(), title.into())
}

/// What an alert is called.
fn name_of(alert: &Alert) -> &str {
    alert.labels.get("alertname").unwrap_or("alert without a name")
}
