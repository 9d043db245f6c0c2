//! The alerts a source has rules for, whether or not they fire.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Registry,
    request::{Metadata, Question, Request},
};
use crate::{
    config::SourceId,
    signal::{Data, Fault, FaultKind, Labels},
};

/// The labels that every alert of each rule will have. Where its runbook is stands among them as `runbook_url`.
pub async fn alert_rules(registry: &Registry, id: SourceId) -> Result<Vec<Labels>, Fault> {
    let Some(connected) = registry.get(id) else {
        return Err(Fault::new(FaultKind::BadQuery, "there is no such source"));
    };
    let question = Question::Metadata { what: Metadata::AlertRules, between: (0, 0) };
    // The answer has no time of its own that counts.
    let request = Request { question: Arc::new(question), now: Timestamp::UNIX_EPOCH };
    let reading = connected.read(&request).await.map_err(|failure| failure.fault)?;
    match reading.data {
        Data::Series(rules) => Ok(rules.into_iter().map(|rule| rule.labels).collect()),
        _ => Err(Fault::new(FaultKind::Malformed, "expected alert rules")),
    }
}
