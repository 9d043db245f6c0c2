//! Answers of `/api/v2/alerts/groups`.
//!
//! A storm is 20,000 alerts in 16 MB. It is read alert by alert while it comes, strings that repeat are shared,
//! annotations nobody shows are skipped, and all of it runs away from the threads that serve other sources.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::super::{
    alerts::{self, by_labels, by_name_and_service},
    few::Few,
    first_seen::FirstSeen,
    streaming_body::StreamingBody,
    times,
    wire::{self, Interner, Pairs, Text},
};
use crate::{
    base::text,
    signal::{Alert, AlertSet, AlertState, AlertWords, Data, Fault, Labels},
};

/// Most alerts that are kept of one answer.
const MAX_ALERTS: usize = 30_000;
/// More grouping labels than this (`group_by: ['...']`) tell nothing apart; name and service do.
const MAX_GROUPING: usize = 4;
/// Most alerts that are kept as what inhibits one; any of them tells where it belongs.
const MAX_INHIBITORS: usize = 4;
/// Most receivers of one alert.
const MAX_RECEIVERS: usize = 100;
/// What a receiver is called that the server does not name.
const UNNAMED: &str = "another route";
/// Longest name of a receiver or an id, in bytes.
const MAX_NAME: usize = 200;

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
    receivers: Few<Receiver<'a>, MAX_RECEIVERS>,
    #[serde(borrow, default)]
    status: Option<Status<'a>>,
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
    inhibited: Few<Text<'a>, MAX_INHIBITORS>,
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

/// Alerts, each once, in groups that are stable from poll to poll. The labels `looked_at` are kept of each, as those are
/// that it is grouped by. One that does not say when it began did so when it was first seen.
pub(super) fn groups(
    body: StreamingBody,
    looked_at: Vec<String>,
    words: &AlertWords,
    first_seen: &FirstSeen,
    now: Timestamp,
) -> Result<(Data, Vec<String>), Fault> {
    let mut found = Found { interner: Interner::keeping(looked_at), ..Found::default() };
    body.decode(Groups(&mut found), "a list of alert groups of an Alertmanager")?;
    let mut warnings = Vec::new();
    let dropped = alerts::past_the_cap(found.seen.len(), MAX_ALERTS, &mut warnings);
    found.mark_muted();
    alerts::rate(&mut found.alerts, words, &mut warnings);
    let Found { mut alerts, places, seen, interner, undated, .. } = found;
    first_seen.date(alerts.iter_mut().filter(|alert| undated.contains(&alert.id)), now);
    interner.warn_of_cut_labels(&mut warnings);
    drop(interner);
    let place = |alert: &Alert| places.get((*seen.get(&alert.id)?)?);
    let set = AlertSet::grouped(alerts, |alert| {
        let grouping = place(alert).filter(|labels| labels.len() <= MAX_GROUPING);
        grouping.map_or_else(|| by_name_and_service(alert), |labels| by_labels(alert, labels))
    });
    Ok((Data::Alerts(AlertSet { dropped, ..set }), warnings))
}

/// What was read so far. An alert is turned into what is kept of it before the next one is read.
#[derive(Default)]
struct Found {
    interner: Interner,
    alerts: Vec<Alert>,
    /// The grouping labels of each alert.
    places: Vec<Labels>,
    /// Where each alert stands in `alerts`, by its id; nowhere past the cap.
    seen: HashMap<Arc<str>, Option<usize>>,
    /// Those that do not say when they began, by their ids.
    undated: HashSet<Arc<str>>,
    /// Those of the group under way: its labels may come after its alerts.
    group: Vec<Member>,
    /// Of alerts that are quiet on a route: where they stand, the receiver there, and what keeps them quiet.
    quiet: Vec<(usize, Arc<str>, AlertState)>,
}

/// An alert of a group.
struct Member {
    /// Its place among all alerts.
    at: usize,
    /// Whether no group before this one had it.
    is_new: bool,
    /// Where it stands on the route of this group.
    state: AlertState,
}

impl Found {
    fn add(&mut self, wire: &AlertWire<'_>) {
        let (id, labels) = match text::clipped(&wire.fingerprint.0, MAX_NAME) {
            id if id.is_empty() => {
                let labels = self.interner.labels(&wire.labels);
                (labels.to_string().into(), Some(labels))
            }
            id => (id, None),
        };
        let state = wire.status.as_ref().map_or(AlertState::Firing, Status::word);
        if let Some(known) = self.seen.get(id.as_ref()) {
            let Some(at) = *known else { return };
            // Whoever is told of it by one route is told, however quiet it is on the others.
            if let Some(alert) = self.alerts.get_mut(at) {
                alert.state = alert.state.min(state);
            }
            self.group.push(Member { at, is_new: false, state });
            return;
        }
        let (id, at) = (Arc::<str>::from(id), self.alerts.len());
        let is_kept = at < MAX_ALERTS;
        self.seen.insert(Arc::clone(&id), is_kept.then_some(at));
        if is_kept {
            let labels = labels.unwrap_or_else(|| self.interner.labels(&wire.labels));
            let starts_at = times::of_text(&wire.starts_at.0);
            if starts_at.is_none() {
                self.undated.insert(Arc::clone(&id));
            }
            self.alerts.push(read(wire, id, labels, starts_at.unwrap_or_default(), &mut self.interner));
            self.places.push(Labels::default());
            self.group.push(Member { at, is_new: true, state });
        }
    }

    /// The group is complete.
    fn close(&mut self, place: &Labels, receiver: &Arc<str>) {
        for Member { at, is_new, state } in self.group.drain(..) {
            if state != AlertState::Firing {
                self.quiet.push((at, Arc::clone(receiver), state));
            }
            let (Some(alert), Some(known)) = (self.alerts.get_mut(at), self.places.get_mut(at)) else { continue };
            // They come after the alerts, and may be among those that were cut.
            if place.iter().any(|(name, _)| alert.labels.get(name).is_none()) {
                alert.labels = alert.labels.with(place);
            }
            // An alert in several routes belongs to the coarsest, whichever the server names first.
            if is_new || (place.len(), place) < (known.len(), known) {
                *known = place.clone();
            }
            if !receiver.is_empty() && !alert.receivers.contains(receiver) {
                let mut receivers: Vec<_> = alert.receivers.iter().chain([receiver]).cloned().collect();
                receivers.sort();
                alert.receivers = self.interner.list(receivers);
            }
        }
    }

    /// Says of each alert for whom it is quieter than for others.
    fn mark_muted(&mut self) {
        for (at, receiver, state) in std::mem::take(&mut self.quiet) {
            let Some(alert) = self.alerts.get_mut(at).filter(|alert| alert.state < state) else { continue };
            let receiver = if receiver.is_empty() { self.interner.line(UNNAMED, MAX_NAME) } else { receiver };
            if !alert.muted_for.contains(&receiver) {
                let mut all: Vec<_> = alert.muted_for.iter().cloned().chain([receiver]).collect();
                all.sort();
                alert.muted_for = self.interner.list(all);
            }
        }
    }
}

fn read(wire: &AlertWire<'_>, id: Arc<str>, labels: Labels, starts_at: Timestamp, interner: &mut Interner) -> Alert {
    let state = wire.status.as_ref().map_or(AlertState::Firing, Status::word);
    let mut alert = alerts::labelled(id, labels, &wire.annotations, state, starts_at, interner);
    alert.links.generator = alerts::link(&wire.generator.0, interner);
    let named = wire.receivers.iter().map(|receiver| interner.line(&receiver.name.0, MAX_NAME));
    let mut receivers: Vec<Arc<str>> = named.filter(|name| !name.is_empty()).collect();
    receivers.sort();
    receivers.dedup();
    alert.receivers = interner.list(receivers);
    let inhibitors = wire.status.iter().flat_map(|status| status.inhibited.iter());
    let inhibitors = inhibitors.map(|id| interner.line(&id.0, MAX_NAME)).collect();
    alert.inhibited_by = interner.list(inhibitors);
    alert
}

/// The whole list.
struct Groups<'f>(&'f mut Found);

/// A group, as an object.
struct Group<'f>(&'f mut Found);

/// The alerts of a group.
struct Alerts<'f>(&'f mut Found);

impl<'de> Visitor<'de> for Groups<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of groups")
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Group(self.0))?.is_some() {}
        Ok(())
    }
}

impl<'de> Visitor<'de> for Group<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a group of alerts")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut place, mut receiver) = (Labels::default(), Receiver::default());
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match key.0.as_ref() {
                "labels" => place = self.0.interner.labels(&map.next_value()?),
                "receiver" => receiver = map.next_value::<Option<Receiver<'de>>>()?.unwrap_or_default(),
                "alerts" => map.next_value_seed(Alerts(self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let receiver = self.0.interner.line(&receiver.name.0, MAX_NAME);
        self.0.close(&place, &receiver);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Alerts<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of alerts")
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(alert) = seq.next_element::<AlertWire<'de>>()? {
            self.0.add(&alert);
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Groups<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> DeserializeSeed<'de> for Group<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> DeserializeSeed<'de> for Alerts<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Status<'_> {
    fn word(&self) -> AlertState {
        let any = |list: &Option<Vec<IgnoredAny>>| list.as_ref().is_some_and(|list| !list.is_empty());
        let inhibited = self.inhibited.iter().next().is_some();
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
        read_groups(body).0
    }

    fn read_groups(body: &str) -> (AlertSet, Vec<String>) {
        groups_at(body, &FirstSeen::default(), "2026-11-22T14:30:00Z")
    }

    fn groups_at(body: &str, first_seen: &FirstSeen, now: &str) -> (AlertSet, Vec<String>) {
        let (body, now) = (StreamingBody::new(body.into(), None), now.parse().expect("a time"));
        match groups(body, Vec::new(), &AlertWords::default(), first_seen, now).expect("groups") {
            (Data::Alerts(set), warnings) => (set, warnings),
            (other, _) => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_alert_of_very_many_labels_keeps_its_severity_and_what_it_is_grouped_by() {
        let others = (0..70).map(|n| format!(r#""a{n:02}":"x""#)).collect::<Vec<_>>().join(",");
        let (set, warnings) = read_groups(&format!(
            r#"[{{"alerts":[{{"labels":{{{others},"alertname":"Slow","severity":"critical","tier":"one"}}}}],"labels":{{"tier":"one"}}}}]"#
        ));
        let group = &set.groups[0];
        assert_eq!((group.severity, group.title.as_ref()), (Severity::Critical, "Slow one"));
        assert_eq!(group.alerts[0].labels.get("tier"), Some("one"));
        assert_eq!(warnings, ["1 alert has more than 64 labels; some were left out"]);
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
    fn one_that_does_not_say_when_it_began_did_when_it_was_first_seen() {
        let first_seen = FirstSeen::default();
        let body = |starts_at: &str| {
            format!(r#"[{{"alerts":[{{"labels":{{"alertname":"DiskFull"}},"startsAt":"{starts_at}"}}]}}]"#)
        };
        let began =
            |starts_at, now| groups_at(&body(starts_at), &first_seen, now).0.groups[0].alerts[0].starts_at.to_string();
        let [first, later] = ["2026-11-22T14:30:00Z", "2026-11-22T14:40:00Z"];
        assert_eq!(began("0001-01-01T00:00:00.000Z", first), first);
        assert_eq!(began("", later), first, "it does not begin anew");
        assert_eq!(began("2026-11-22T14:24:15Z", later), "2026-11-22T14:24:15Z");
        assert_eq!(began("1970-01-01T00:00:00Z", later), later, "it was gone meanwhile");
    }

    #[test]
    fn what_is_empty_may_be_written_as_null() {
        for body in ["null", "[]", r#"[{"labels":null,"receiver":null,"alerts":null}]"#, "\u{feff}[]"] {
            assert_eq!(set(body).counts().total(), 0, "{body}");
        }
        let alert = r#"{"labels":{"alertname":"Slow"},"annotations":null,"receivers":null,"status":null}"#;
        assert_eq!(set(&format!(r#"[{{"alerts":[{alert}]}}]"#)).counts().total(), 1);
    }

    #[test]
    fn an_alert_that_one_route_mutes_and_another_does_not_fires() {
        let status = |muted: &str| {
            format!(r#"{{"state":"{}","mutedBy":[{muted}]}}"#, if muted.is_empty() { "active" } else { "suppressed" })
        };
        let alert =
            |status: &str| format!(r#"{{"fingerprint":"f1","labels":{{"alertname":"Slow"}},"status":{status}}}"#);
        let group = |receiver: &str, status: &str| {
            format!(r#"{{"labels":{{}},"receiver":{{"name":"{receiver}"}},"alerts":[{}]}}"#, alert(status))
        };
        let (muted, active) = (status(r#""nights""#), status(""));
        for routes in
            [[group("chat", &muted), group("pager", &active)], [group("pager", &active), group("chat", &muted)]]
        {
            let set = set(&format!("[{}]", routes.join(",")));
            assert_eq!((set.counts().firing, set.counts().total()), (1, 1));
            assert_eq!(set.groups[0].muted_for(), Some("chat"));
        }
        let both = set(&format!("[{},{}]", group("chat", &muted), group("pager", &muted)));
        assert_eq!((both.groups[0].state, both.groups[0].muted_for()), (AlertState::Silenced, None));
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
