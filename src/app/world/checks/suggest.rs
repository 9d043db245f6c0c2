//! What a line for a check begins with: the query behind what is selected, and a condition that its thresholds or its
//! value suggest. It is there to be edited.

use crate::{
    app::{
        Facts,
        world::{blind, checks::run},
    },
    config::{PaneKind, SourceId, ThresholdLevel, Vital},
    dashboard::{PlannedPane, QueryId},
    incident::{
        Observation, ObservationState,
        board::{CheckQuery, Evidence},
    },
    signal::{AlertGroup, Curves, Data, Labels, Reach, Unit, condition::Op, logql, unit},
};

/// A value must hold for so long before it is believed, where nothing says otherwise.
const HOLD: &str = "1m";

/// The unit of what a check asks: that of the pane or vital that shows the same.
pub(in crate::app) fn unit_of_check(facts: Facts<'_>, check: &CheckQuery) -> Unit {
    let vital = facts.session.config.vitals.iter().find(|v| v.source == check.source && v.query == check.query);
    let shows = |pane: &&PlannedPane| pane.pane.query == check.query && pane.pane.sources.contains(&check.source);
    let pane = || facts.world.plan.panes.iter().find(shows).map(|pane| pane.pane.unit.clone());
    vital.map(|vital| vital.unit.clone()).or_else(pane).unwrap_or_default()
}

/// Whether what a query of alerts does not show may merely be out of sight.
pub(in crate::app) fn is_blind(facts: Facts<'_>, query: QueryId) -> bool {
    let source = facts.world.plan.query(query).map(|query| query.source);
    source.is_some_and(|of| run::gives_alerts(facts, of) && blind::is_blind(facts, query, of, facts.session.now))
}

/// What the line for a column's check begins with.
pub(in crate::app) fn suggested_check(facts: Facts<'_>, column: &Observation) -> String {
    if let Some(query) = &column.check.query {
        return query.to_string();
    }
    let from = column.evidence.as_ref().and_then(|evidence| check_of_evidence(facts, evidence));
    if let Some(query) = from {
        return query;
    }
    let numbers = facts.session.config.sources.iter().find(|source| source.kind.needs_query);
    let first = numbers.or(facts.session.config.sources.first());
    first.map(|source| format!("{} ", source.name)).unwrap_or_default()
}

fn check_of_evidence(facts: Facts<'_>, evidence: &Evidence) -> Option<String> {
    let source = facts.session.source_of(&evidence.source)?;
    let is_logql = facts.session.config.source(source).is_some_and(|source| source.kind.answers_logql());
    if is_logql && logql::asks_for_lines(&evidence.query) {
        let query = logql::count_of(&evidence.query, logql::steady_part(&evidence.value)).replace('\n', " ");
        return Some(format!("{} {query} present > 0 empty {}", evidence.source, ObservationState::Absent.word()));
    }
    let query = evidence.query.split_whitespace().collect::<Vec<_>>().join(" ");
    if query.is_empty() {
        return None;
    }
    let (source, query, empty) = match query.starts_with('{') {
        true => alert_query(facts, source, &query)?,
        false => (evidence.source.clone(), query, None),
    };
    let vital = facts.session.config.vitals.iter().find(|v| v.source == evidence.source && v.query == evidence.query);
    let shows = |pane: &&PlannedPane| pane.pane.title == evidence.title && pane.pane.query == evidence.query;
    let present = match (vital, facts.world.plan.panes.iter().find(shows)) {
        _ if query.contains("alertname=") => "> 0".to_owned(),
        (Some(vital), _) => outside(vital),
        (None, Some(pane)) => suggested_condition(facts, pane),
        (None, None) => format!("> 0 for {HOLD}"),
    };
    let empty = empty.map(|state: ObservationState| format!(" empty {}", state.word())).unwrap_or_default();
    Some(format!("{source} {query} present {present}{empty}"))
}

/// How a group of alerts is asked for: by its labels where a source lists alerts, as numbers where it evaluates them.
///
/// `None` without labels: that would ask for any alert, and so for none.
pub(in crate::app) fn alert_query(
    facts: Facts<'_>,
    of: SourceId,
    labels: &str,
) -> Option<(String, String, Option<ObservationState>)> {
    let name = facts.session.config.source(of)?.name.clone();
    if labels.trim_matches(['{', '}', ' ']).is_empty() {
        return None;
    }
    if run::gives_alerts(facts, of) {
        return Some((name, labels.to_owned(), None));
    }
    let inner = labels.trim_start_matches('{').trim_end_matches('}');
    let comma = if inner.is_empty() { "" } else { ", " };
    Some((name, format!("ALERTS{{{inner}{comma}alertstate=\"firing\"}}"), Some(ObservationState::Absent)))
}

/// The level that a pane's value is at, else the first that is bad, else its value.
pub(in crate::app) fn suggested_condition(facts: Facts<'_>, pane: &PlannedPane) -> String {
    let mut levels = pane.pane.thresholds.clone();
    levels.sort_by(|a, b| a.from.total_cmp(&b.from));
    let bad = |level: ThresholdLevel| level != ThresholdLevel::Ok;
    let value = value_of_pane(facts, pane);
    // Where more is better, all is bad below what is fine.
    if let Some(fine) = levels.iter().position(|level| !bad(level.level)).filter(|at| *at > 0) {
        return format!("< {} for {HOLD}", levels[fine].from);
    }
    let levels = || levels.iter().filter(|level| bad(level.level));
    let crossed = value.and_then(|value| levels().rfind(|level| value >= level.from));
    match (crossed.or_else(|| levels().next()), value) {
        (Some(level), _) => format!(">= {} for {HOLD}", level.from),
        (None, Some(value)) if value > 0.0 => format!(">= {} for {HOLD}", unit::digits(value)),
        (None, _) => format!("> 0 for {HOLD}"),
    }
}

/// The greatest value a pane shows now.
fn value_of_pane(facts: Facts<'_>, pane: &PlannedPane) -> Option<f64> {
    let reading = facts.world.signals.slot(*pane.queries.first()?)?.good.as_ref()?;
    match &reading.data {
        Data::Series(series) | Data::Curves(Curves { series, .. }) => {
            let reach = Reach::of(series, reading.at.as_millisecond());
            let going_on = series.iter().filter(|one| reach.ended(one).is_none());
            let values = going_on.filter_map(|one| one.last()).map(|point| point.v).filter(|v| v.is_finite());
            values.max_by(f64::total_cmp)
        }
        data => data.number(),
    }
}

/// The labels of a group; of a group that has none of its own, those that all of its alerts share.
pub(in crate::app) fn shared_labels(group: &AlertGroup) -> Labels {
    let mut alerts = group.alerts.iter().map(|alert| &alert.labels);
    let Some(first) = alerts.next().filter(|_| group.labels.is_empty()) else { return group.labels.clone() };
    let others: Vec<&Labels> = alerts.collect();
    Labels::of(first.iter().filter(|(name, value)| others.iter().all(|labels| labels.get(name) == Some(value))))
}

pub(in crate::app) fn has_numbers(kind: PaneKind) -> bool {
    use PaneKind::{BarGauge, Gauge, Stat, Table, TimeSeries};
    matches!(kind, TimeSeries | Stat | Gauge | BarGauge | Table)
}

/// That a vital is out of its range.
fn outside(vital: &Vital) -> String {
    let op = match vital.ok.op {
        Op::Less => ">=",
        Op::LessOrEqual => ">",
        Op::Greater => "<=",
        Op::GreaterOrEqual => "<",
        Op::Equal => "!=",
        Op::NotEqual => "==",
    };
    format!("{op} {} for {HOLD}", vital.ok.value)
}
