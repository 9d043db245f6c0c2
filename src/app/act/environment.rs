//! The environment of a command that mitigates.

use crate::{
    app::{
        Facts, VitalState,
        act::Intent,
        world::{vitals, worst_alert},
    },
    base::text,
};

/// What a command may want to know. Polled values reach it this way only, never as its words.
pub(in crate::app) fn environment(facts: Facts<'_>, intent: &Intent) -> Vec<(String, String)> {
    let mut env = vec![
        ("STANCH_INCIDENT", facts.session.id.clone()),
        ("STANCH_TITLE", facts.incident.summary.title.clone()),
        ("STANCH_STATUS", facts.incident.summary.status_word().to_owned()),
        ("STANCH_MITIGATION", intent.text.clone()),
    ];
    if let Some(onset) = facts.incident.onset() {
        env.push(("STANCH_ONSET", onset.to_string()));
    }
    if let Some(r) = intent.change.as_deref().and_then(|id| facts.incident.change_record(id)) {
        let change = &r.change;
        env.push(("STANCH_CHANGE", change.id.clone()));
        env.push(("STANCH_CHANGE_TITLE", change.title.clone()));
        env.push(("STANCH_CHANGE_KIND", change.kind.word().to_owned()));
        env.push(("STANCH_CHANGE_AT", change.at.to_string()));
        env.extend(change.service.clone().map(|service| ("STANCH_SERVICE", service)));
        env.extend(change.version.clone().map(|version| ("STANCH_VERSION", version)));
    }
    let worst = vitals::hurting(facts).map(|(vital, value)| (vital.title.clone(), value)).or_else(|| {
        let (at, vital) = facts.session.config.vitals.iter().enumerate().next()?;
        match vitals::vital(facts, at) {
            VitalState::Inside(value) => Some((vital.title.clone(), value)),
            _ => None,
        }
    });
    if let Some((title, value)) = worst {
        env.push(("STANCH_VITAL", title));
        env.push(("STANCH_VITAL_VALUE", value.to_string()));
    }
    if let Some(alert) = worst_alert::worst_known(facts) {
        env.push(("STANCH_ALERT", alert.title));
    }
    // A NUL cannot stand in an environment; what was polled is scrubbed already, what was typed may be long.
    env.into_iter().map(|(name, value)| (name.to_owned(), text::clipped(&value, 4096).into_owned())).collect()
}
