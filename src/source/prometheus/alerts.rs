//! Answers of `/api/v1/alerts`: what fires, and what is about to.
//!
//! Grafana serves the same endpoint with words of its own for the states (`Alerting`, `Normal (NoData)`).

use serde::Deserialize;

use super::{
    super::{
        alerts::{self, by_name_and_service},
        client::Content,
        times,
        wire::{self, Interner, Pairs, Text},
    },
    decode::Envelope,
};
use crate::signal::{Alert, AlertSet, AlertState, Data, Fault};

/// Most alerts that are kept of one answer.
const MAX_ALERTS: usize = 20_000;

#[derive(Default, Deserialize)]
struct Wire<'a> {
    /// May be null, but must be there: an answer of something else is no word that all alerts are over.
    #[serde(borrow, deserialize_with = "Option::deserialize")]
    alerts: Option<Vec<AlertWire<'a>>>,
}

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
pub(super) fn decode(body: &[u8]) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    let (data, mut warnings) = Envelope::open(&text)?;
    let wire: Option<Wire<'_>> = wire::decode(data, "a list of alerts of Prometheus")?;
    let mut interner = Interner::default();
    let mut found = wire.unwrap_or_default().alerts.unwrap_or_default();
    found.retain(|alert| state_of(&alert.state.0).is_some());
    let dropped = alerts::past_the_cap(found.len(), MAX_ALERTS, &mut warnings);
    let alerts = found.iter().take(MAX_ALERTS).filter_map(|alert| read(alert, &mut interner)).collect();
    let set = AlertSet { dropped, ..AlertSet::grouped(alerts, by_name_and_service) };
    Ok((Data::Alerts(set), warnings))
}

fn read(alert: &AlertWire<'_>, interner: &mut Interner) -> Option<Alert> {
    let labels = interner.labels(&alert.labels);
    let state = state_of(&alert.state.0)?;
    let starts_at = times::of_text(&alert.active_at.0).unwrap_or_default();
    let id = labels.to_string().into();
    Some(alerts::labelled(id, labels, &alert.annotations, state, starts_at, interner))
}

fn state_of(word: &str) -> Option<AlertState> {
    let word = word.to_ascii_lowercase();
    match word.split([' ', '(']).next().unwrap_or_default() {
        "pending" => Some(AlertState::Pending),
        "inactive" | "normal" | "resolved" | "recovering" => None,
        // `firing`, `alerting`, `error`, `nodata`: whoever invents another word is better shown than hidden.
        _ => Some(AlertState::Firing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_alerts_is_not_one_of_none() {
        let count = |body: &str| decode(body.as_bytes()).map(|(data, _)| data.items()).ok();
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
