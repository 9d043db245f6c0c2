//! Answers of `/api/v1/alerts`: what fires, and what is about to.
//!
//! Grafana serves the same endpoint with words of its own for the states (`Alerting`, `Normal (NoData)`).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::{
    super::{
        alerts::{self, by_name_and_service},
        client::Content,
        times,
        wire::{self, Interner, Pairs, Text},
    },
    decode::Envelope,
};
use crate::signal::{Alert, AlertSet, AlertState, AlertWords, Data, Fault, alert_words::Standing};

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

/// Alerts grouped by name and service.
pub(super) fn decode(body: &[u8], words: &AlertWords) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    let (data, mut warnings) = Envelope::open(&text)?;
    let wire: Option<Wire> = wire::decode(data, "a list of alerts of Prometheus")?;
    let Found { mut alerts, count, interner } = wire.and_then(|wire| wire.alerts).unwrap_or_default();
    alerts::rate(&mut alerts, words);
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
}

impl Found {
    fn add(&mut self, wire: &AlertWire<'_>) {
        let Some(state) = state_of(&wire.state.0) else { return };
        self.count += 1;
        if self.count <= MAX_ALERTS {
            self.alerts.push(read(wire, state, &mut self.interner));
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

fn read(alert: &AlertWire<'_>, state: AlertState, interner: &mut Interner) -> Alert {
    let labels = interner.labels(&alert.labels);
    let starts_at = times::of_text(&alert.active_at.0).unwrap_or_default();
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
        let count = |body: &str| decode(body.as_bytes(), &AlertWords::default()).map(|(data, _)| data.items()).ok();
        assert_eq!(count(r#"{"status":"success","data":{"alerts":[]}}"#), Some(0));
        assert_eq!(count(r#"{"status":"success","data":{"alerts":null}}"#), Some(0));
        assert_eq!(count(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#), None);
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
