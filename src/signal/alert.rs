//! Alerts and the groups they are shown in.
//!
//! Sources hand over groups that are already counted and sorted; nothing above this layer walks 20,000 alerts.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Labels;

/// One alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// What tells it from all others at its source; Alertmanager's fingerprint, else its labels.
    pub id: Arc<str>,
    /// Its labels.
    pub labels: Labels,
    /// One line for people.
    pub summary: Arc<str>,
    /// Whether it fires, and if not, why.
    pub state: AlertState,
    /// The severity its labels name.
    pub severity: Severity,
    /// The time at which it began to fire; for a pending one, at which its condition was first met.
    pub starts_at: Timestamp,
    /// The receivers that were told; empty where its source does not say.
    pub receivers: Arc<[Arc<str>]>,
    /// `runbook_url`, the dashboard and the expression behind it.
    pub links: AlertLinks,
    /// The ids of the alerts of its source that keep it quiet; empty unless it is inhibited and its source says by what.
    pub inhibited_by: Arc<[Arc<str>]>,
    /// Receivers that are not told although it is in a more urgent state for others: their route mutes it.
    pub muted_for: Arc<[Arc<str>]>,
}

/// Where an alert leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertLinks {
    /// The SOP for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<Arc<str>>,
    /// The dashboard that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dashboard: Option<Arc<str>>,
    /// The expression behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<Arc<str>>,
}

/// Where an alert stands. Ordered by how much it wants to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum AlertState {
    Firing,
    Pending,
    Inhibited,
    Silenced,
}

impl AlertState {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Pending => "pending",
            Self::Inhibited => "inhibited",
            Self::Silenced => "silenced",
        }
    }
}

/// How bad an alert says it is. Ordered worst first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Severity {
    Critical,
    Warning,
    Info,
    /// `severity="none"`, as watchdogs have it: always firing on purpose.
    None,
    #[default]
    Unknown,
}

impl Severity {
    /// A word of four letters, so that rows line up.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "crit",
            Self::Warning => "warn",
            Self::Info => "info",
            Self::None => "none",
            Self::Unknown => "?",
        }
    }
}

/// Alerts that belong together: one name, one set of grouping labels.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertGroup {
    /// What tells it from all other groups; stable from poll to poll, whatever the order.
    pub key: Arc<str>,
    /// What people call it: the `alertname`, and what else the group is grouped by.
    pub title: Arc<str>,
    /// The labels all of its alerts share.
    pub labels: Labels,
    /// The worst severity among its alerts in the group's state.
    pub severity: Severity,
    /// The most urgent state among its alerts.
    pub state: AlertState,
    /// How many of its alerts are in each state: firing, pending, inhibited, silenced.
    pub counts: Counts,
    /// The start of the oldest of its alerts in the group's state.
    pub since: Timestamp,
    /// Its alerts, firing ones first, then the worst, then the oldest.
    pub alerts: Vec<Alert>,
}

/// How many alerts are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Counts {
    pub firing: usize,
    pub pending: usize,
    pub inhibited: usize,
    pub silenced: usize,
}

impl Counts {
    /// Counts one more alert in `state`.
    pub fn add(&mut self, state: AlertState) {
        *self.of(state) += 1;
    }

    /// Alerts in any state.
    pub fn total(&self) -> usize {
        self.firing + self.pending + self.inhibited + self.silenced
    }

    /// Alerts in one state.
    pub fn in_state(&self, state: AlertState) -> usize {
        match state {
            AlertState::Firing => self.firing,
            AlertState::Pending => self.pending,
            AlertState::Inhibited => self.inhibited,
            AlertState::Silenced => self.silenced,
        }
    }

    fn of(&mut self, state: AlertState) -> &mut usize {
        match state {
            AlertState::Firing => &mut self.firing,
            AlertState::Pending => &mut self.pending,
            AlertState::Inhibited => &mut self.inhibited,
            AlertState::Silenced => &mut self.silenced,
        }
    }
}

/// All alerts of one source at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertSet {
    /// Worst first: state, then severity, then oldest, then title.
    pub groups: Vec<AlertGroup>,
    /// Alerts left out because of the cap.
    pub dropped: usize,
}

impl AlertSet {
    /// Groups alerts by the key and title that `group_of` gives each, counts and sorts them.
    pub fn grouped(alerts: Vec<Alert>, group_of: impl Fn(&Alert) -> (Arc<str>, Arc<str>)) -> Self {
        let mut by_key = std::collections::HashMap::<Arc<str>, (Arc<str>, Vec<Alert>)>::new();
        for alert in alerts {
            let (key, title) = group_of(&alert);
            by_key.entry(key).or_insert_with(|| (title, Vec::new())).1.push(alert);
        }
        let mut groups: Vec<_> =
            by_key.into_iter().filter_map(|(key, (title, alerts))| AlertGroup::of(key, title, alerts)).collect();
        groups.sort_by(|a, b| {
            (a.state, a.severity, a.since, &a.title, &a.key).cmp(&(b.state, b.severity, b.since, &b.title, &b.key))
        });
        Self { groups, dropped: 0 }
    }

    /// How many alerts are in each state, over all groups.
    pub fn counts(&self) -> Counts {
        self.groups.iter().fold(Counts::default(), |sum, group| Counts {
            firing: sum.firing + group.counts.firing,
            pending: sum.pending + group.counts.pending,
            inhibited: sum.inhibited + group.counts.inhibited,
            silenced: sum.silenced + group.counts.silenced,
        })
    }
}

impl AlertGroup {
    /// The addresses of the first of its alerts that has some.
    pub fn links(&self) -> Option<&AlertLinks> {
        self.alerts.iter().map(|alert| &alert.links).find(|links| **links != AlertLinks::default())
    }

    /// A receiver that is not told of one of its alerts in the group's state, because its route mutes it.
    pub fn muted_for(&self) -> Option<&str> {
        let leading = self.alerts.iter().filter(|alert| alert.state == self.state);
        leading.flat_map(|alert| alert.muted_for.iter()).map(AsRef::as_ref).next()
    }

    fn of(key: Arc<str>, title: Arc<str>, mut alerts: Vec<Alert>) -> Option<Self> {
        alerts
            .sort_by(|a, b| (a.state, a.severity, a.starts_at, &a.id).cmp(&(b.state, b.severity, b.starts_at, &b.id)));
        alerts.shrink_to_fit();
        let state = alerts.first()?.state;
        let leading = || alerts.iter().filter(|alert| alert.state == state);
        let mut counts = Counts::default();
        alerts.iter().for_each(|alert| counts.add(alert.state));
        Some(Self {
            key,
            title,
            labels: Labels::common(alerts.iter().map(|alert| &alert.labels)),
            severity: leading().map(|alert| alert.severity).min().unwrap_or_default(),
            since: leading().map(|alert| alert.starts_at).min()?,
            state,
            counts,
            alerts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(name: &str, pod: &str, severity: Severity, state: AlertState, at: i64) -> Alert {
        Alert {
            id: format!("{name}/{pod}").into(),
            labels: Labels::of([("alertname", name), ("pod", pod), ("team", "shop")]),
            summary: "".into(),
            state,
            severity,
            starts_at: Timestamp::from_second(at).expect("a time"),
            receivers: Arc::from([]),
            links: AlertLinks::default(),
            inhibited_by: Arc::from([]),
            muted_for: Arc::from([]),
        }
    }

    #[test]
    fn grouped_counted_and_worst_first() {
        let set = AlertSet::grouped(
            vec![
                alert("Slow", "a", Severity::Warning, AlertState::Firing, 10),
                alert("Errors", "b", Severity::Critical, AlertState::Firing, 30),
                alert("Errors", "a", Severity::Critical, AlertState::Firing, 20),
                alert("Errors", "c", Severity::Critical, AlertState::Silenced, 5),
                alert("Soon", "a", Severity::Critical, AlertState::Pending, 1),
                alert("Slow", "b", Severity::Critical, AlertState::Silenced, 2),
            ],
            |alert| {
                let name: Arc<str> = alert.labels.get("alertname").unwrap_or("").into();
                (name.clone(), name)
            },
        );
        let titles: Vec<_> = set.groups.iter().map(|g| g.title.as_ref()).collect();
        assert_eq!(titles, ["Errors", "Slow", "Soon"]);
        let errors = &set.groups[0];
        assert_eq!(errors.counts, Counts { firing: 2, silenced: 1, ..Counts::default() });
        assert_eq!(errors.since.as_second(), 20, "the silenced one began earlier but does not fire");
        assert_eq!(errors.labels.to_string(), r#"{alertname="Errors", team="shop"}"#);
        assert_eq!(set.groups[1].severity, Severity::Warning, "the critical one is silenced");
        assert_eq!(set.counts().total(), 6);
    }
}
