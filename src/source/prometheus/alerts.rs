//! Answers of `/api/v1/alerts`: what fires, and what is about to.
//!
//! Grafana serves the same endpoint with words of its own for the states (`Alerting`, `Normal (NoData)`).

use std::{collections::HashSet, fmt, sync::Arc};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::{
    super::{
        alerts::{self, by_name_and_service},
        client::Content,
        first_seen::FirstSeen,
        times,
        wire::{self, Interner, Pairs, Text},
    },
    decode::{self as query, Envelope},
};
use crate::signal::{Alert, AlertSet, AlertState, AlertWords, Data, Fault, FaultKind, alert_words::Standing};

/// Most alerts that are kept of one answer.
const MAX_ALERTS: usize = 20_000;

#[derive(Deserialize)]
struct AlertWire<'a> {
    #[serde(borrow, default)]
    labels: Pairs<'a>,
    #[serde(borrow, default)]
    annotations: Pairs<'a>,
    #[serde(borrow, default)]
    state: Text<'a>,
    #[serde(borrow, default, rename = "activeAt")]
    active_at: Text<'a>,
}

/// Alerts grouped by name and service. One that does not say when it began did so when it was first seen.
pub(super) fn decode(
    body: &[u8],
    words: &AlertWords,
    first_seen: &FirstSeen,
    now: Timestamp,
) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    let (data, mut warnings) = Envelope::open(&text)?;
    let wire: Option<Wire> = wire::decode(data, "a list of alerts of Prometheus").map_err(|fault| {
        // It speaks the language, and has no word for alerts.
        let why = "asked for alerts, it answers with the result of a query";
        let is_result = query::answer(body).is_ok();
        if is_result { Fault::new(FaultKind::ErrorInAnswer, why) } else { fault }
    })?;
    let Found { mut alerts, count, interner, undated } = wire.and_then(|wire| wire.alerts).unwrap_or_default();
    alerts::rate(&mut alerts, words, &mut warnings);
    first_seen.date(alerts.iter_mut().filter(|alert| undated.contains(&alert.id)), now);
    interner.warn_of_cut_labels(&mut warnings);
    let dropped = alerts::past_the_cap(count, MAX_ALERTS, &mut warnings);
    let set = AlertSet { dropped, ..AlertSet::grouped(alerts, by_name_and_service) };
    Ok((Data::Alerts(set), warnings))
}

#[derive(Deserialize)]
struct Wire {
    /// May be null, but must be there: an answer of something else is no word that all alerts are over.
    #[serde(deserialize_with = "Option::deserialize")]
    alerts: Option<Found>,
}

/// What was read so far. An alert is turned into what is kept of it before the next one is read.
#[derive(Default)]
struct Found {
    interner: Interner,
    alerts: Vec<Alert>,
    /// How many fire or are about to, those past the cap included.
    count: usize,
    /// Those that do not say when they began, by their ids.
    undated: HashSet<Arc<str>>,
}

impl Found {
    fn add(&mut self, wire: &AlertWire<'_>) {
        let Some(state) = state_of(&wire.state.0) else { return };
        self.count += 1;
        if self.count <= MAX_ALERTS {
            let starts_at = times::of_text(&wire.active_at.0);
            let alert = read(wire, state, starts_at.unwrap_or_default(), &mut self.interner);
            if starts_at.is_none() {
                self.undated.insert(Arc::clone(&alert.id));
            }
            self.alerts.push(alert);
        }
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FoundVisitor;
        impl<'de> Visitor<'de> for FoundVisitor {
            type Value = Found;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of alerts")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Found, A::Error> {
                let mut found = Found::default();
                while let Some(wire) = seq.next_element::<AlertWire<'de>>()? {
                    found.add(&wire);
                }
                Ok(found)
            }
        }
        deserializer.deserialize_seq(FoundVisitor)
    }
}

fn read(alert: &AlertWire<'_>, state: AlertState, starts_at: Timestamp, interner: &mut Interner) -> Alert {
    let labels = interner.labels(&alert.labels);
    let id = labels.to_string().into();
    alerts::labelled(id, labels, &alert.annotations, state, starts_at, interner)
}

fn state_of(word: &str) -> Option<AlertState> {
    match AlertWords::default().standing(word) {
        Some(Standing::Well) => None,
        Some(Standing::In(state)) => Some(state),
        // Whoever invents another word is better shown than hidden.
        None => Some(AlertState::Firing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_alerts_is_not_one_of_none() {
        let (words, seen, at) = (AlertWords::default(), FirstSeen::default(), Timestamp::UNIX_EPOCH);
        let count = |body: &str| decode(body.as_bytes(), &words, &seen, at).map(|(data, _)| data.items()).ok();
        assert_eq!(count(r#"{"status":"success","data":{"alerts":[]}}"#), Some(0));
        assert_eq!(count(r#"{"status":"success","data":{"alerts":null}}"#), Some(0));
        assert_eq!(count(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#), None);
    }

    #[test]
    fn one_that_does_not_say_when_it_began_did_when_it_was_first_seen() {
        let first_seen = FirstSeen::default();
        let began = |now: &str| {
            let alert = r#"{"labels":{"alertname":"Slow"},"state":"firing","activeAt":"0001-01-01T00:00:00Z"}"#;
            let body = format!(r#"{{"status":"success","data":{{"alerts":[{alert}]}}}}"#);
            match decode(body.as_bytes(), &AlertWords::default(), &first_seen, now.parse().expect("a time"))
                .expect("alerts")
                .0
            {
                Data::Alerts(set) => set.groups[0].alerts[0].starts_at.to_string(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(began("2026-11-22T14:30:00Z"), "2026-11-22T14:30:00Z");
        assert_eq!(began("2026-11-22T14:40:00Z"), "2026-11-22T14:30:00Z");
    }

    #[test]
    fn states() {
        for (word, expected) in [
            ("firing", Some(AlertState::Firing)),
            ("Alerting", Some(AlertState::Firing)),
            ("Normal (NoData)", None),
            ("pending", Some(AlertState::Pending)),
            ("inactive", None),
        ] {
            assert_eq!(state_of(word), expected, "{word}");
        }
    }
}
