//! Answers of `/api/v1/rules`: the alerts there are rules for.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    super::{
        client::Content,
        wire::{self, Interner, Pairs, Text},
    },
    decode::Envelope,
};
use crate::signal::{Data, Fault, Series};

/// Most rules that are kept of one answer.
const MAX_RULES: usize = 20_000;

/// Annotations that say where a runbook is.
const LINKS: [&str; 6] = ["runbook_url", "runbook", "runbook_link", "sop", "sop_url", "playbook_url"];

#[derive(Deserialize)]
struct Groups<'a> {
    #[serde(borrow, default)]
    groups: Vec<Group<'a>>,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow, default)]
    rules: Vec<Rule<'a>>,
}

#[derive(Deserialize)]
struct Rule<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    labels: Pairs<'a>,
    #[serde(borrow, default)]
    annotations: Pairs<'a>,
}

/// One series without points for each alerting rule, with the labels its alerts will have, and `runbook_url`.
pub(super) fn decode(body: &[u8]) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    let (data, mut warnings) = Envelope::open(&text)?;
    let groups: Groups<'_> = wire::decode(data, "alert rules of Prometheus")?;
    let mut rules: Vec<Rule<'_>> = groups.groups.into_iter().flat_map(|group| group.rules).collect();
    rules.retain(|rule| rule.kind.0 == "alerting" && !rule.name.0.is_empty());
    if rules.len() > MAX_RULES {
        warnings.push(format!("showing {MAX_RULES} of {} rules", rules.len()));
    }
    let mut interner = Interner::of_series();
    let mut out = Vec::new();
    for rule in rules.into_iter().take(MAX_RULES) {
        let mut pairs = rule.labels;
        let link = LINKS.iter().find_map(|name| rule.annotations.0.iter().find(|(known, _)| known == name));
        let link = link.map(|(_, value)| value.clone());
        pairs.0.retain(|(name, _)| name != "alertname");
        pairs.0.push((Cow::Borrowed("alertname"), rule.name.0));
        pairs.0.extend(link.map(|value| (Cow::Borrowed("runbook_url"), value)));
        out.push(Series { name: "".into(), labels: interner.labels(&pairs), points: Vec::new() });
    }
    Ok((Data::Series(out), warnings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerting_rules_have_the_labels_of_their_alerts() {
        let body = br#"{"status":"success","data":{"groups":[{"name":"g","file":"f","rules":[
            {"type":"alerting","name":"DiskFull","query":"x","labels":{"severity":"page"},"annotations":{"runbook_url":"https://r/{{ $labels.job }}","summary":"s"},"alerts":[]},
            {"type":"recording","name":"a:b","query":"x"},
            {"type":"alerting","name":"Plain","query":"x"}]},{"name":"empty"}]}}"#;
        let (data, warnings) = decode(body).expect("rules");
        let Data::Series(rules) = data else { panic!("no rules") };
        let told: Vec<String> = rules.iter().map(|rule| rule.labels.to_string()).collect();
        assert_eq!(
            told,
            [
                "{alertname=\"DiskFull\", runbook_url=\"https://r/{{ $labels.job }}\", severity=\"page\"}",
                "{alertname=\"Plain\"}",
            ]
        );
        assert_eq!(warnings, Vec::<String>::new());
        assert!(decode(b"{\"status\":\"success\",\"data\":\"no\"}").is_err());
    }
}
