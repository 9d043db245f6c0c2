//! What alerts of every wire format have in common: how they are grouped and named, which annotations are worth a place
//! on the screen, which links are links, and how many are kept.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::wire::{Interner, Pairs};
use crate::{
    base::text,
    signal::{Alert, AlertState, AlertWords, Labels, Severity, alert::AlertLinks, alert_words},
};

/// Longest summary, in bytes.
const MAX_SUMMARY: usize = 400;
/// Most different words for severities that are counted.
const MAX_UNKNOWN: usize = 100;
/// Longest word for a severity that is named, in bytes.
const MAX_WORD: usize = 40;
/// Longest link, in bytes.
const MAX_LINK: usize = 2048;

/// An alert as its labels and annotations tell it; how bad it is is left to [`rate`].
pub(super) fn labelled(
    id: Arc<str>,
    labels: Labels,
    annotations: &Pairs<'_>,
    state: AlertState,
    starts_at: Timestamp,
    interner: &mut Interner,
) -> Alert {
    let values = |names: &'static [&'static str]| {
        let values = names.iter().filter_map(|name| annotations.get(name).or_else(|| labels.get(name)));
        values.map(str::trim)
    };
    let mut first = |names| values(names).find_map(|url| link(url, interner));
    let links = AlertLinks {
        runbook: first(&["runbook_url", "runbook", "sop", "sop_url", "playbook_url"]),
        dashboard: first(&["dashboard_url", "dashboard", "grafana_url", "dashboardURL", "grafana", "panelURL"]),
        generator: None,
    };
    let mut summaries = values(&["summary", "message", "description", "title", "info"]);
    let summary = summaries.find(|text| !text.is_empty()).unwrap_or_default();
    Alert {
        id,
        summary: interner.line(summary, MAX_SUMMARY),
        state,
        severity: Severity::default(),
        starts_at,
        receivers: interner.list(Vec::new()),
        links,
        inhibited_by: interner.list(Vec::new()),
        muted_for: interner.list(Vec::new()),
        labels,
    }
}

/// Says of each alert how bad it is, and of the words for it that nobody knows that there are some.
pub(super) fn rate(alerts: &mut [Alert], words: &AlertWords, warnings: &mut Vec<String>) {
    let mut unknown = UnknownSeverities::default();
    for alert in alerts {
        let labels = &alert.labels;
        let (name, label) = (labels.get("alertname").unwrap_or_default(), |name: &str| labels.get(name));
        alert.severity = words.severity(name, label);
        if alert.severity == Severity::Unknown {
            unknown.count(words.unknown_severity(name, label));
        }
    }
    unknown.warn(warnings);
}

/// Words for severities that nobody knows, with how many alerts have them.
#[derive(Default)]
pub(super) struct UnknownSeverities(BTreeMap<String, usize>);

impl UnknownSeverities {
    /// Counts the word of an alert, if it has one.
    pub(super) fn count(&mut self, word: Option<impl AsRef<str>>) {
        let Some(word) = word else { return };
        if let Some(alerts) = self.0.get_mut(word.as_ref()) {
            *alerts += 1;
        } else if self.0.len() < MAX_UNKNOWN {
            self.0.insert(word.as_ref().to_owned(), 1);
        }
    }

    /// Names the word that most alerts have, and how many more words there are.
    pub(super) fn warn(self, warnings: &mut Vec<String>) {
        let Some((word, alerts)) = self.0.iter().max_by_key(|(_, alerts)| **alerts) else { return };
        let word = text::clipped(word, MAX_WORD);
        let of = if *alerts == 1 { "an alert".to_owned() } else { format!("{alerts} alerts") };
        let more = match self.0.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more such words)"),
        };
        let begin = alert_words::UNKNOWN_SEVERITY;
        warnings.push(format!(
            "{begin}“{word}” of {of} is not known{more}: shown as `?`; `severities` in stanch.toml maps it"
        ));
    }
}

/// An address, when it is one of the web; only those are worth opening or copying.
pub(super) fn link(url: &str, interner: &mut Interner) -> Option<Arc<str>> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    is_web.then(|| interner.line(url, MAX_LINK))
}

/// How many alerts are more than are kept, said in a warning when there are any.
pub(super) fn past_the_cap(found: usize, most: usize, warnings: &mut Vec<String>) -> usize {
    let dropped = found.saturating_sub(most);
    if dropped > 0 {
        warnings.push(format!("showing {most} of {found} alerts"));
    }
    dropped
}

/// A group for each name and service; for alerts whose source does not group them.
pub(super) fn by_name_and_service(alert: &Alert) -> (Arc<str>, Arc<str>) {
    let service = ["service", "app", "job"].into_iter().find_map(|name| Some((name, alert.labels.get(name)?)));
    by_labels(alert, &Labels::of(service))
}

/// A group for each name and each value of the labels that alerts are grouped by.
pub(super) fn by_labels(alert: &Alert, grouping: &Labels) -> (Arc<str>, Arc<str>) {
    let name = name_of(alert);
    let others = || grouping.iter().filter(|(label, value)| *label != "alertname" && !value.is_empty());
    let key = Labels::of(others().chain([("alertname", name)])).to_string();
    // A severity is shown beside the title anyway, and `db down db` says nothing more than `db down`.
    let new = |value: &str| !name.to_ascii_lowercase().contains(&value.to_ascii_lowercase());
    let title = others().filter(|(label, value)| *label != "severity" && new(value)).map(|(_, value)| value);
    let title = std::iter::once(name).chain(title).collect::<Vec<_>>().join(" ");
    (key.into(), title.into())
}

/// What an alert is called.
fn name_of(alert: &Alert) -> &str {
    alert.labels.get("alertname").unwrap_or("alert without a name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_that_nobody_knows_is_told_once() {
        let alert = |severity: &str| {
            let labels = Labels::of([("alertname", "a"), ("severity", severity)]);
            let (mut interner, now) = (Interner::default(), Timestamp::UNIX_EPOCH);
            labelled("1".into(), labels, &Pairs::default(), AlertState::Firing, now, &mut interner)
        };
        let told = |severities: &[&str]| {
            let (mut warnings, mut alerts) =
                (Vec::new(), severities.iter().map(|word| alert(word)).collect::<Vec<_>>());
            rate(&mut alerts, &AlertWords::default(), &mut warnings);
            warnings
        };
        assert_eq!(told(&["critical", "", "none"]), [""; 0]);
        assert_eq!(
            told(&["sev-blue", "warning", "sev-blue"]),
            ["severity “sev-blue” of 2 alerts is not known: shown as `?`; `severities` in stanch.toml maps it"]
        );
        let many = told(&["b", "a", "b", "c"]);
        assert_eq!(many.len(), 1);
        assert!(many[0].starts_with("severity “b” of 2 alerts is not known (and 2 more such words): "), "{many:?}");
    }
}
