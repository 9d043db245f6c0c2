//! Which log lines are of the same service as something that is no log line.
//!
//! Alerts and curves have the labels of Prometheus, log lines those of Loki, and nobody says how they go together. But a
//! service is most often called the same: so a label of the lines that are shown is looked for that has its name.

use jiff::Timestamp;

use crate::{
    app::Facts,
    config::SourceId,
    dashboard::Ask,
    signal::{Data, Labels, LogLine, logql},
};

/// A moment, and what of.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct Moment {
    /// When.
    pub(in crate::app) at: Timestamp,
    /// The labels of what it is of.
    pub(in crate::app) labels: Labels,
    /// The service, where it is called by its name.
    pub(in crate::app) service: Option<String>,
}

/// What is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Asked {
    pub(in crate::app) source: SourceId,
    pub(in crate::app) query: String,
    /// Whose lines they are, in a few words.
    pub(in crate::app) of: String,
}

/// The lines of a service, where one is known; else those of the first pane of lines.
pub(in crate::app) fn asked(facts: Facts<'_>, moment: &Moment) -> Option<Asked> {
    let named = || logql::SERVICE.iter().filter_map(|name| moment.labels.get(name)).filter(|name| !name.is_empty());
    let names: Vec<&str> = moment.service.as_deref().into_iter().chain(named()).collect();
    for name in &names {
        for (source, query, lines) in panes(facts) {
            let has = |line: &&LogLine| logql::SERVICE.iter().any(|label| line.labels.get(label) == Some(name));
            if let Some(line) = lines.iter().find(has) {
                let label = logql::SERVICE.iter().find(|label| line.labels.get(label) == Some(name))?;
                // Of a line it is not known which labels its stream is selected by; what a pane selects by is.
                let query = match logql::selector(query).filter(|selector| !selector.contains(label)) {
                    Some(selector) => format!("{selector} | {label}={}", logql::quoted(name)),
                    None => format!("{{{label}={}}}", logql::quoted(name)),
                };
                return Some(Asked { source, query, of: (*name).to_owned() });
            }
        }
    }
    let (source, selector) = match panes(facts).next() {
        Some((source, query, _)) => (source, logql::selector(query).map(str::to_owned)),
        None => {
            let sources = facts.session.config.sources_by_id();
            (sources.into_iter().find(|(_, source)| source.kind.answers_logql())?.0, None)
        }
    };
    match (names.first(), selector) {
        (Some(name), Some(selector)) => {
            let query = format!("{selector} |= {}", logql::quoted(name));
            Some(Asked { source, query, of: format!("lines with {name}") })
        }
        // What Loki 3 calls each stream by.
        (Some(name), None) => {
            let query = format!("{{service_name={}}}", logql::quoted(name));
            Some(Asked { source, query, of: (*name).to_owned() })
        }
        (None, Some(query)) => Some(Asked { source, of: query.clone(), query }),
        (None, None) => None,
    }
}

/// The queries for lines that panes ask, and the lines they got.
fn panes<'a>(facts: Facts<'a>) -> impl Iterator<Item = (SourceId, &'a str, &'a [LogLine])> {
    let plan = &facts.world.plan;
    let queries = plan.panes.iter().filter(|pane| pane.origin.is_none()).flat_map(|pane| &pane.queries);
    queries.filter_map(move |id| {
        let query = plan.query(*id)?;
        let Ask::Lines { query: text, around: None, .. } = &query.ask else { return None };
        let reading = facts.world.signals.slot(*id).and_then(|slot| slot.good.as_deref());
        let lines = match reading.map(|reading| &reading.data) {
            Some(Data::Logs(lines)) => lines.as_slice(),
            _ => &[],
        };
        Some((query.source, text.as_str(), lines))
    })
}

/// The labels of a group of alerts that is known by this key; none of one that is not there any more.
pub(in crate::app) fn labels_of_group(facts: Facts<'_>, key: &str) -> Labels {
    let readings = facts.world.plan.queries().filter_map(|(id, _)| facts.world.signals.slot(id)?.good.as_deref());
    let mut groups = readings.flat_map(|reading| match &reading.data {
        Data::Alerts(set) => set.groups.as_slice(),
        _ => &[],
    });
    groups.find(|group| *group.key == *key).map(|group| group.labels.clone()).unwrap_or_default()
}
