//! An alert storm folded into a few proposals, each of which a person could call one symptom.
//!
//! Alerts that share a label which most others lack, and that began together, are taken for effects of one thing. What is
//! built on here, with thanks:
//!
//! - that a storm is best handed to people as a small set of groups found by what alerts say, where they come from and
//!   when they began: Zhao et al., *Understanding and Handling Alert Storm for Online Service Systems*, ICSE-SEIP 2020;
//! - that a fault shows as a combination of attributes whose share among the bad cases stands out: Lin et al., *iDice:
//!   Problem Identification for Emerging Issues*, ICSE 2016;
//! - how much a shared value tells: inverse document frequency, Spärck Jones 1972, and its generalisation to
//!   distributions, the divergence of Kullback and Leibler 1951;
//! - the group key first, and inhibited alerts beneath what inhibits them: Prometheus Alertmanager;
//! - ten minutes as the least gap that parts two storms: the dynamic window of ServiceNow's alert aggregation.
//!
//! Folding is a pure function: whatever the order of the alerts, the proposals are the same, and each alert that fires is
//! in exactly one of them.

mod candidate;
mod gather;
mod index;
mod words;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use index::Index;
use jiff::Timestamp;
pub use words::thousands;

use super::{Alert, AlertGroup, AlertState, Labels, Severity};

/// Most proposals a storm is folded into.
pub const MOST: usize = 12;

/// An alert, with where it was seen; cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The source.
    pub source: Arc<str>,
    /// The key of its group there.
    pub group: Arc<str>,
    /// What people call its group.
    pub title: Arc<str>,
    /// What tells it from all others of its source.
    pub id: Arc<str>,
    /// Its labels.
    pub labels: Labels,
    /// One line for people.
    pub summary: Arc<str>,
    /// Whether it fires, and if not, why.
    pub state: AlertState,
    /// The severity its labels name.
    pub severity: Severity,
    /// The start of its present state, by its source.
    pub starts_at: Timestamp,
    /// The ids of the alerts that keep it quiet.
    pub inhibited_by: Arc<[Arc<str>]>,
}

impl Seen {
    /// An alert of a group of a source.
    pub fn of(source: &Arc<str>, group: &AlertGroup, alert: &Alert) -> Self {
        Self {
            source: Arc::clone(source),
            group: Arc::clone(&group.key),
            title: Arc::clone(&group.title),
            id: Arc::clone(&alert.id),
            labels: alert.labels.clone(),
            summary: Arc::clone(&alert.summary),
            state: alert.state,
            severity: alert.severity,
            starts_at: alert.starts_at,
            inhibited_by: Arc::clone(&alert.inhibited_by),
        }
    }

    /// Its `alertname`, else the title of its group.
    pub fn name(&self) -> &str {
        self.labels.get("alertname").unwrap_or(&self.title)
    }

    /// A total order: by the start, then by what nothing else shares with it.
    fn order(&self) -> (Timestamp, &str, &str) {
        (self.starts_at, &self.source, &self.id)
    }
}

/// Alerts that are likely effects of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What a responder would say: `HighErrorRate payments and 6 more on 3 instances`.
    pub text: String,
    /// Why they belong together, the most telling first.
    pub why: Vec<String>,
    /// What they are of, in a word: `service=payments`, or the title of the only group.
    pub of: String,
    /// Whether nothing that tells is shared: what was left when the others were folded.
    pub is_rest: bool,
    /// The groups its alerts are of, worst first.
    pub parts: Vec<Part>,
    /// Its alerts that fire, oldest first.
    pub alerts: Vec<Seen>,
    /// Those that would fire if these did not inhibit them.
    pub inhibited: Vec<Seen>,
    /// The worst severity among those that fire.
    pub severity: Severity,
    /// The start of the oldest of those that fire.
    pub began: Timestamp,
    /// The start of the newest of those that fire.
    pub last: Timestamp,
    /// Whether the first alert of the whole storm is among them.
    pub first: bool,
}

impl Proposal {
    /// The labels all of its alerts share.
    pub fn shared(&self) -> Labels {
        Labels::common(self.alerts.iter().map(|alert| &alert.labels))
    }
}

/// The alerts of one group in a proposal.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Part {
    pub source: Arc<str>,
    pub group: Arc<str>,
    pub title: Arc<str>,
    pub severity: Severity,
    pub firing: usize,
    pub inhibited: usize,
    pub began: Timestamp,
}

/// A set of alerts that were found to belong together.
#[derive(Clone, Debug, Default)]
struct Cluster {
    /// Their places in the index, oldest first.
    members: Vec<u32>,
    /// The label that holds them together.
    home: Option<u32>,
    /// Whether others with that label began at another time.
    has_twin: bool,
}

/// Folds what fires into at most [`MOST`] proposals, worst first. Of alerts that do not fire only those are used that are
/// inhibited, beneath what inhibits them.
pub fn fold(seen: Vec<Seen>) -> Vec<Proposal> {
    let (mut firing, mut quiet): (Vec<_>, Vec<_>) = seen.into_iter().partition(|a| a.state == AlertState::Firing);
    firing.sort_by(|a, b| a.order().cmp(&b.order()));
    quiet.retain(|alert| alert.state == AlertState::Inhibited || !alert.inhibited_by.is_empty());
    quiet.sort_by(|a, b| a.order().cmp(&b.order()));
    let index = Index::of(&firing);
    let clusters = gather::clusters(&index);
    let beneath = beneath(&index, &clusters, quiet);
    let proposals = clusters.into_iter().zip(beneath).map(|(cluster, quiet)| proposal(&index, cluster, quiet));
    let mut proposals: Vec<_> = proposals.collect();
    sort(&mut proposals);
    proposals
}

/// Parts a proposal by what tells its alerts apart most: labels, then groups; a single group into its alerts. One alert
/// stays as it is.
pub fn split(whole: &Proposal) -> Vec<Proposal> {
    let everything = || whole.alerts.iter().chain(&whole.inhibited).cloned().collect::<Vec<_>>();
    let index = Index::of(&whole.alerts);
    let mut clusters = gather::parts(&index);
    if clusters.len() < 2 {
        clusters = gather::single(&index);
    }
    let mut parts: Vec<_> = {
        let quiet = everything().into_iter().filter(|alert| alert.state != AlertState::Firing).collect();
        let beneath = beneath(&index, &clusters, quiet);
        clusters.into_iter().zip(beneath).map(|(cluster, quiet)| proposal(&index, cluster, quiet)).collect()
    };
    for part in &mut parts {
        part.first &= whole.first;
    }
    sort(&mut parts);
    parts
}

/// Worst first; the one with the first alert of the storm before its equals.
fn sort(proposals: &mut [Proposal]) {
    let order = |p: &Proposal| (p.is_rest, p.severity, !p.first, std::cmp::Reverse(p.alerts.len()), p.began);
    proposals.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.text.cmp(&b.text)).then_with(|| a.of.cmp(&b.of)));
}

/// What is inhibited, for each cluster: beneath the alert that inhibits it, else with the rest of its group.
fn beneath(index: &Index<'_>, clusters: &[Cluster], quiet: Vec<Seen>) -> Vec<Vec<Seen>> {
    if quiet.is_empty() {
        return vec![Vec::new(); clusters.len()];
    }
    let mut by_id = HashMap::<(&str, &str), usize>::new();
    let mut by_group = HashMap::<(&str, &str), usize>::new();
    for (at, cluster) in clusters.iter().enumerate() {
        for alert in cluster.members.iter().map(|member| index.alert(*member)) {
            by_id.insert((&alert.source, &alert.id), at);
            by_group.entry((&alert.source, &alert.group)).or_insert(at);
        }
    }
    let mut beneath = vec![Vec::new(); clusters.len()];
    for alert in quiet {
        let inhibitor = alert.inhibited_by.iter().find_map(|id| by_id.get(&(&*alert.source, &**id)));
        if let Some(at) = inhibitor.or_else(|| by_group.get(&(&*alert.source, &*alert.group))) {
            beneath[*at].push(alert);
        }
    }
    beneath
}

fn proposal(index: &Index<'_>, cluster: Cluster, inhibited: Vec<Seen>) -> Proposal {
    let alerts: Vec<Seen> = cluster.members.iter().map(|member| index.alert(*member).clone()).collect();
    let said = words::of(index, &cluster, &inhibited);
    let first = cluster.members.first() == Some(&0);
    let began = alerts.first().map(|alert| alert.starts_at).unwrap_or_default();
    let last = alerts.last().map(|alert| alert.starts_at).unwrap_or_default();
    let severity = alerts.iter().map(|alert| alert.severity).min().unwrap_or_default();
    let parts = parts(&alerts, &inhibited);
    let is_rest = cluster.home.is_none() && parts.iter().filter(|part| part.firing > 0).count() > 1;
    let words::Said { text, why, of } = said;
    Proposal { text, why, of, is_rest, parts, alerts, inhibited, severity, began, last, first }
}

/// The groups of these alerts, worst first, then the one with most of them.
fn parts(alerts: &[Seen], inhibited: &[Seen]) -> Vec<Part> {
    let mut parts = BTreeMap::<(&str, &str), Part>::new();
    for alert in alerts.iter().chain(inhibited) {
        let part = parts.entry((&alert.source, &alert.group)).or_insert_with(|| Part {
            source: Arc::clone(&alert.source),
            group: Arc::clone(&alert.group),
            title: Arc::clone(&alert.title),
            severity: alert.severity,
            firing: 0,
            inhibited: 0,
            began: alert.starts_at,
        });
        part.severity = part.severity.min(alert.severity);
        part.began = part.began.min(alert.starts_at);
        match alert.state {
            AlertState::Firing => part.firing += 1,
            _ => part.inhibited += 1,
        }
    }
    let mut parts: Vec<Part> = parts.into_values().collect();
    parts.sort_by_key(|part| (part.firing == 0, part.severity, std::cmp::Reverse(part.firing + part.inhibited)));
    parts
}

#[cfg(test)]
mod tests;
