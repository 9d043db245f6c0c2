//! Answers of `/api/v2/alerts/groups`.
//!
//! A storm is 20,000 alerts in 16 MB. Strings are borrowed from the body and shared, annotations nobody shows are
//! skipped, and all of it runs away from the threads that serve other sources.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use serde::{Deserialize, de::IgnoredAny};

use super::super::{
    alerts::{self, by_labels, by_name_and_service},
    times,
    wire::{self, Interner, Pairs, Text},
};
use crate::signal::{Alert, AlertSet, AlertState, Data, Fault, Labels};

/// Most alerts that are kept of one answer.
const MAX_ALERTS: usize = 30_000;
/// More grouping labels than this (`group_by: ['...']`) tell nothing apart; name and service do.
const MAX_GROUPING: usize = 4;
/// Most alerts that are kept as what inhibits one; any of them tells where it belongs.
const MAX_INHIBITORS: usize = 4;
/// Longest name of a receiver or an id, in bytes.
const MAX_NAME: usize = 200;

#[derive(Deserialize)]
struct GroupWire<'a> {
    #[serde(borrow, default)]
    labels: Pairs<'a>,
    #[serde(borrow, default)]
    receiver: Receiver<'a>,
    #[serde(borrow, default)]
    alerts: Vec<AlertWire<'a>>,
}

#[derive(Deserialize)]
struct AlertWire<'a> {
    #[serde(borrow, default)]
    labels: Pairs<'a>,
    #[serde(borrow, default)]
    annotations: Pairs<'a>,
    #[serde(borrow, default)]
    fingerprint: Text<'a>,
    #[serde(borrow, default, rename = "startsAt")]
    starts_at: Text<'a>,
    #[serde(borrow, default, rename = "generatorURL")]
    generator: Text<'a>,
    #[serde(borrow, default)]
    receivers: Option<Vec<Receiver<'a>>>,
    #[serde(borrow, default)]
    status: Status<'a>,
}

#[derive(Default, Deserialize)]
struct Receiver<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
}

#[derive(Default, Deserialize)]
struct Status<'a> {
    #[serde(borrow, default)]
    state: Text<'a>,
    #[serde(default, rename = "silencedBy")]
    silenced: Option<Vec<IgnoredAny>>,
    #[serde(borrow, default, rename = "inhibitedBy")]
    inhibited: Option<Vec<Text<'a>>>,
    #[serde(default, rename = "mutedBy")]
    muted: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
struct StatusAnswer {
    #[serde(rename = "versionInfo")]
    _version: IgnoredAny,
}

/// Whether the body is an Alertmanager's status.
pub(super) fn is_ours(body: &[u8]) -> Result<(), Fault> {
    wire::decode_owned::<StatusAnswer>(&wire::text_of(body), "the status of an Alertmanager").map(|_| ())
}

/// Alerts, each once, in groups that are stable from poll to poll.
pub(super) fn groups(body: &[u8]) -> Result<(Data, Vec<String>), Fault> {
    let text = wire::text_of(body);
    let mut groups: Vec<GroupWire<'_>> = wire::decode(&text, "a list of alert groups of an Alertmanager")?;
    // An alert in several routes belongs to the coarsest, whichever the server names first.
    groups.sort_by(|a, b| (a.labels.0.len(), &a.labels.0).cmp(&(b.labels.0.len(), &b.labels.0)));
    let found = Found::of(&groups);
    let mut warnings = Vec::new();
    let dropped = alerts::past_the_cap(found.seen.len(), MAX_ALERTS, &mut warnings);
    let places = found.places;
    let set = AlertSet::grouped(found.alerts, |alert| {
        let grouping = places.get(&alert.id).filter(|labels| labels.len() <= MAX_GROUPING);
        grouping.map_or_else(|| by_name_and_service(alert), |labels| by_labels(alert, labels))
    });
    Ok((Data::Alerts(AlertSet { dropped, ..set }), warnings))
}

#[derive(Default)]
struct Found {
    alerts: Vec<Alert>,
    /// The grouping labels of each alert, by its id.
    places: HashMap<Arc<str>, Labels>,
    /// Where each alert stands in `alerts`, by its id; nowhere past the cap.
    seen: HashMap<Arc<str>, Option<usize>>,
}

impl Found {
    fn of(groups: &[GroupWire<'_>]) -> Self {
        let mut interner = Interner::default();
        let mut found = Self::default();
        for group in groups {
            let place = interner.labels(&group.labels);
            let receiver = interner.line(&group.receiver.name.0, MAX_NAME);
            for wire in &group.alerts {
                found.add(wire, &place, &receiver, &mut interner);
            }
        }
        found
    }

    fn add(&mut self, wire: &AlertWire<'_>, place: &Labels, receiver: &Arc<str>, interner: &mut Interner) {
        let labels = interner.labels(&wire.labels);
        let id: Arc<str> = match wire.fingerprint.0.as_ref() {
            "" => labels.to_string().into(),
            fingerprint => interner.line(fingerprint, MAX_NAME),
        };
        match self.seen.entry(Arc::clone(&id)) {
            Entry::Occupied(known) => {
                let Some(alert) = known.get().and_then(|at| self.alerts.get_mut(at)) else { return };
                if !receiver.is_empty() && !alert.receivers.contains(receiver) {
                    alert.receivers = alert.receivers.iter().cloned().chain([Arc::clone(receiver)]).collect();
                }
            }
            Entry::Vacant(new) => {
                if self.alerts.len() >= MAX_ALERTS {
                    new.insert(None);
                    return;
                }
                new.insert(Some(self.alerts.len()));
                self.places.insert(Arc::clone(&id), place.clone());
                self.alerts.push(read(wire, id, labels, receiver, interner));
            }
        }
    }
}

fn read(wire: &AlertWire<'_>, id: Arc<str>, labels: Labels, receiver: &Arc<str>, interner: &mut Interner) -> Alert {
    let state = wire.status.word();
    let starts_at = times::of_text(&wire.starts_at.0).unwrap_or_default();
    let mut alert = alerts::labelled(id, labels, &wire.annotations, state, starts_at, interner);
    alert.links.generator = alerts::link(&wire.generator.0);
    let named = wire.receivers.iter().flatten().map(|receiver| interner.line(&receiver.name.0, MAX_NAME));
    let mut receivers: Vec<Arc<str>> = named.chain([Arc::clone(receiver)]).filter(|name| !name.is_empty()).collect();
    let inhibitors = wire.status.inhibited.iter().flatten().take(MAX_INHIBITORS);
    alert.inhibited_by = inhibitors.map(|id| interner.line(&id.0, MAX_NAME)).collect();
    receivers.sort();
    receivers.dedup();
    alert.receivers = receivers.into();
    alert
}

impl Status<'_> {
    fn word(&self) -> AlertState {
        let any = |list: &Option<Vec<IgnoredAny>>| list.as_ref().is_some_and(|list| !list.is_empty());
        let inhibited = self.inhibited.as_ref().is_some_and(|list| !list.is_empty());
        match self.state.0.as_ref() {
            _ if any(&self.silenced) || any(&self.muted) => AlertState::Silenced,
            _ if inhibited => AlertState::Inhibited,
            "suppressed" => AlertState::Silenced,
            // `active` and `unprocessed`, which is an active one nobody was told of yet.
            _ => AlertState::Firing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Severity;

    fn set(body: &str) -> AlertSet {
        match groups(body.as_bytes()).expect("groups") {
            (Data::Alerts(set), _) => set,
            (other, _) => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_alert_of_two_receivers_comes_once() {
        let alert = r#"{"fingerprint":"f1","labels":{"alertname":"Slow","service":"db","severity":"none"},"startsAt":"2026-11-22T14:24:15Z","status":{"state":"active"}}"#;
        let set = set(&format!(
            r#"[{{"labels":{{"alertname":"Slow","service":"db"}},"receiver":{{"name":"pager"}},"alerts":[{alert}]}},
                {{"labels":{{"alertname":"Slow"}},"receiver":{{"name":"chat"}},"alerts":[{alert}]}}]"#
        ));
        assert_eq!(set.counts().total(), 1);
        let group = &set.groups[0];
        assert_eq!((group.title.as_ref(), group.key.as_ref()), ("Slow", r#"{alertname="Slow"}"#));
        assert_eq!(group.severity, Severity::None);
        assert_eq!(group.alerts[0].receivers.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["chat", "pager"]);
    }

    #[test]
    fn what_inhibits_an_alert_is_kept() {
        let alert =
            |id, status| format!(r#"{{"fingerprint":"{id}","labels":{{"alertname":"{id}"}},"status":{status}}}"#);
        let down = alert("down", r#"{"state":"active","inhibitedBy":[]}"#);
        let slow = alert("slow", r#"{"state":"suppressed","inhibitedBy":["down"],"silencedBy":[]}"#);
        let set = set(&format!(r#"[{{"labels":{{}},"receiver":{{"name":"r"}},"alerts":[{down},{slow}]}}]"#));
        let by = |at: usize| set.groups[at].alerts[0].inhibited_by.iter().map(|id| id.to_string()).collect::<Vec<_>>();
        assert_eq!((by(0), by(1)), (vec![], vec!["down".to_owned()]));
    }

    #[test]
    fn grouping_by_everything_falls_back_to_name_and_service() {
        let labels =
            |pod| format!(r#"{{"alertname":"Slow","service":"db","pod":"{pod}","zone":"z","team":"t","env":"e"}}"#);
        let group =
            |pod| format!(r#"{{"labels":{0},"receiver":{{"name":"r"}},"alerts":[{{"labels":{0}}}]}}"#, labels(pod));
        let set = set(&format!("[{},{}]", group("a"), group("b")));
        assert_eq!(set.groups.iter().map(|g| g.title.as_ref()).collect::<Vec<_>>(), ["Slow db"]);
    }

    #[test]
    fn links_are_web_addresses_or_nothing() {
        let set = set(r#"[{"alerts":[{"labels":{"alertname":"A"},"generatorURL":"javascript:alert(1)","annotations":
                {"runbook_url":"https://r.example/a","dashboard":"file:///etc/passwd","grafana_url":"http://g/d/1","summary":"one\ntwo"}}]}]"#);
        let alert = &set.groups[0].alerts[0];
        assert_eq!(alert.links.runbook.as_deref(), Some("https://r.example/a"));
        assert_eq!(alert.links.dashboard.as_deref(), Some("http://g/d/1"), "the first that is a web address");
        assert_eq!(alert.links.generator, None);
        assert_eq!(alert.summary.as_ref(), "one two");
    }
}
