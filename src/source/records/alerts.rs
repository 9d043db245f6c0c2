//! Records as alerts.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    super::{
        alerts::{by_name_and_service, past_the_cap},
        first_seen::FirstSeen,
        times, wire,
    },
    first, scalar, skipped, text, web,
};
use crate::signal::{Alert, AlertSet, AlertState, Severity, alert::AlertLinks};

/// Most alerts.
const MAX_ALERTS: usize = 5000;

/// Records as alerts; what they lack is made up for, what is no record is left out.
#[derive(Default)]
pub(super) struct AlertsReader {
    /// Beside each stands whether it says when it began.
    alerts: Vec<(Alert, bool)>,
    /// How many there are, those past the cap included.
    found: usize,
    /// How many are no records.
    skipped: usize,
    interner: wire::Interner,
}

impl AlertsReader {
    pub(super) fn add(&mut self, record: &Value) {
        let Some(fields) = record.as_object() else {
            self.skipped += 1;
            return;
        };
        let Some(alert) = alert(fields, &mut self.interner) else { return };
        self.found += 1;
        if self.alerts.len() < MAX_ALERTS {
            self.alerts.push(alert);
        }
    }

    pub(super) fn read(mut self, now: Timestamp, first_seen: &FirstSeen, warnings: &mut Vec<String>) -> AlertSet {
        skipped(self.skipped, "that are no records", warnings);
        self.interner.warn_of_cut_labels(warnings);
        let dropped = past_the_cap(self.found, MAX_ALERTS, warnings);
        first_seen.fill(&mut self.alerts, now);
        let alerts = self.alerts.into_iter().map(|(alert, _)| alert).collect();
        AlertSet { dropped, ..AlertSet::grouped(alerts, by_name_and_service) }
    }
}

/// An alert, and whether it says when it began; nothing if it says that all is well.
fn alert(fields: &Map<String, Value>, interner: &mut wire::Interner) -> Option<(Alert, bool)> {
    let state = state_of(&text(fields, &["state", "status"]).unwrap_or_default())?;
    let title =
        text(fields, &["title", "name", "alertname", "summary", "message"]).unwrap_or_else(|| "alert".to_owned());
    let since = first(fields, &["since", "starts_at", "startsAt", "at"]).and_then(times::of_value);
    let severity = text(fields, &["severity", "priority", "level"]);
    let url = web(fields, &["url", "link", "html_url"]);
    // Everything short that tells something is a label, so that alerts of one name can be told apart and joined.
    let spoken_for =
        ["id", "state", "status", "title", "name", "since", "starts_at", "startsAt", "at", "url", "link", "summary"];
    let others = fields.iter().filter(|(name, _)| !spoken_for.contains(&name.as_str()));
    let others = others.filter_map(|(name, value)| Some((name.as_str(), scalar(value)?)));
    let mut pairs: Vec<_> = others.map(|(name, value)| (name.to_owned(), value)).collect();
    pairs.push(("alertname".to_owned(), title.clone()));
    let pairs = wire::Pairs(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
    let labels = interner.labels(&pairs);
    let alert = Alert {
        id: text(fields, &["id"]).unwrap_or_else(|| labels.to_string()).into(),
        summary: text(fields, &["summary"]).unwrap_or(title).into(),
        state,
        severity: severity.map(|word| Severity::parse(&word)).unwrap_or_default(),
        starts_at: since.unwrap_or_default(),
        receivers: Arc::from([]),
        links: AlertLinks { dashboard: url.map(Into::into), ..AlertLinks::default() },
        inhibited_by: Arc::from([]),
        labels,
    };
    Some((alert, since.is_some()))
}

/// An unknown word fires: whoever lists something among the alerts means it.
fn state_of(word: &str) -> Option<AlertState> {
    match word.trim().to_ascii_lowercase().as_str() {
        "ok" | "okay" | "resolved" | "inactive" | "up" | "normal" | "healthy" | "closed" | "operational"
        | "passing" => None,
        "pending" | "grace" => Some(AlertState::Pending),
        "silenced" | "suppressed" | "muted" | "snoozed" | "ignored" | "maintenance" => Some(AlertState::Silenced),
        "inhibited" => Some(AlertState::Inhibited),
        _ => Some(AlertState::Firing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Shape,
        signal::Data,
        source::records::{
            read,
            tests::{at, data},
        },
    };

    #[test]
    fn alerts_of_a_pager() {
        let (data, warnings) = data(
            r#"[{"id":"P1","state":"triggered","severity":"high","title":"db down","service":"db","since":"2026-11-22T13:00:00Z","url":"https://p/1"},
                {"id":"P2","state":"acknowledged","title":"db down","service":"db","since":1795356000},
                {"id":"P3","state":"resolved","title":"old"}, 5]"#,
            Shape::Alerts,
        );
        let Data::Alerts(set) = data else { panic!("{data:?}") };
        assert_eq!(warnings, ["left out 1 records that are no records"]);
        let [group] = set.groups.as_slice() else { panic!("{set:?}") };
        assert_eq!((group.title.as_ref(), group.counts.firing, group.severity), ("db down", 2, Severity::Critical));
        assert_eq!(group.since, at("2026-11-22T13:00:00Z"));
        assert_eq!(group.alerts[0].links.dashboard.as_deref(), Some("https://p/1"));
    }

    #[test]
    fn an_alert_without_a_beginning_keeps_the_first_time_it_was_seen() {
        let seen = FirstSeen::default();
        let poll = |json: &str, now: &str| {
            let (data, _) = read(json, Shape::Alerts, at(now), &seen).expect("a reading");
            let Data::Alerts(set) = data else { panic!("{data:?}") };
            set.groups.first().map(|group| group.since.to_string())
        };
        let alert = r#"[{"id":"a","title":"x"}]"#;
        assert_eq!(poll(alert, "2026-11-22T14:00:00Z").as_deref(), Some("2026-11-22T14:00:00Z"));
        assert_eq!(poll(alert, "2026-11-22T14:00:05Z").as_deref(), Some("2026-11-22T14:00:00Z"));
        assert_eq!(poll("[]", "2026-11-22T14:00:10Z"), None);
        assert_eq!(poll(alert, "2026-11-22T14:00:15Z").as_deref(), Some("2026-11-22T14:00:15Z"));
    }
}
