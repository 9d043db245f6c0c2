//! What a dashboard shows, as JSON for scripts. A contract: names may be added, never renamed.

use serde::Serialize;

use super::{
    data_source::DataSource,
    plan::{MAX_PANELS, PanelQuery, PlannedPanel},
    shown::Shown,
    template::ALL,
    time_range::TimeRange,
    variable::{Variable, Variables},
};

/// A dashboard.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct Report {
    pub title: String,
    pub variables: Vec<VariableReport>,
    pub panels: Vec<PanelReport>,
    pub warnings: Vec<String>,
}

/// A variable.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct VariableReport {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub value: Vec<String>,
    pub text: Vec<String>,
    pub options: usize,
    pub error: Option<String>,
}

/// A panel.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct PanelReport {
    pub id: i64,
    pub title: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub row: Option<String>,
    pub repeat: Option<Repeat>,
    pub shown: bool,
    pub reason: Option<String>,
    pub warnings: Vec<String>,
    pub queries: Vec<QueryReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<FieldReport>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub max_data_points: u32,
}

/// What a panel is repeated for.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct Repeat {
    pub var: String,
    pub value: String,
}

/// A query; times and steps in seconds.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct QueryReport {
    pub ref_id: String,
    pub expr: String,
    pub datasource: String,
    pub instant: bool,
    pub start: Option<f64>,
    pub end: f64,
    pub step: Option<f64>,
    pub hidden: bool,
    pub error: Option<String>,
}

/// A number with its name and its words.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct FieldReport {
    pub name: String,
    pub value: Option<f64>,
    pub text: String,
    pub level: Option<String>,
}

/// A panel, what it shows, and the words of each query that failed.
pub type ShownPanel<'d> = (PlannedPanel<'d>, Shown, Vec<Option<String>>);

impl Report {
    /// What a dashboard shows.
    pub fn of(title: String, variables: &Variables, panels: Vec<ShownPanel<'_>>, mut warnings: Vec<String>) -> Self {
        if panels.len() >= MAX_PANELS {
            warnings
                .push(format!("only the first {MAX_PANELS} panels are shown, each counted as often as it is repeated"));
        }
        Self {
            title,
            variables: variables.iter().map(|variable| VariableReport::of(variable, variables.range)).collect(),
            panels: panels.into_iter().map(PanelReport::of).collect(),
            warnings,
        }
    }
}

impl VariableReport {
    fn of(variable: &Variable, range: TimeRange) -> Self {
        let (value, text) = match (variable.is_all(), variable.interval(range)) {
            (true, _) => (vec![ALL.to_owned()], vec!["All".to_owned()]),
            (_, Some(length)) => (vec![length], vec!["Auto".to_owned()]),
            _ => variable.chosen().iter().map(|choice| (choice.value.clone(), choice.text.clone())).unzip(),
        };
        Self {
            name: variable.name.clone(),
            kind: variable.kind.clone(),
            value,
            text,
            options: variable.choices.len(),
            error: variable.error.clone(),
        }
    }
}

impl PanelReport {
    fn of((planned, shown, failures): ShownPanel<'_>) -> Self {
        let joined =
            |f: &dyn Fn(&super::plan::Local) -> String| planned.unit.repeat.iter().map(f).collect::<Vec<_>>().join(",");
        let repeat = (!planned.unit.repeat.is_empty())
            .then(|| Repeat { var: joined(&|local| local.name.clone()), value: joined(&|local| local.value.clone()) });
        let queries = planned.queries.iter().zip(failures.into_iter().chain(std::iter::repeat(None)));
        let (columns, rows) = shown.table.map_or((None, None), |table| (Some(table.columns), Some(table.rows)));
        Self {
            id: planned.panel.id,
            title: planned.unit.title,
            kind: planned.panel.kind.clone(),
            row: planned.unit.row,
            repeat,
            shown: shown.reason.is_none(),
            reason: shown.reason,
            warnings: shown.warnings,
            queries: queries.map(|(query, failure)| QueryReport::of(query, failure)).collect(),
            fields: shown.fields.map(|fields| {
                let report = |field: super::shown::ShownField| FieldReport {
                    name: field.name,
                    value: field.value.filter(|value| value.is_finite()),
                    text: field.text,
                    level: field.level,
                };
                fields.into_iter().map(report).collect()
            }),
            columns,
            rows,
            text: shown.text,
            max_data_points: planned.points,
        }
    }
}

impl QueryReport {
    fn of(query: &PanelQuery, failure: Option<String>) -> Self {
        let seconds = |ms: i64| ms as f64 / 1e3;
        let is_over = !query.is_instant;
        Self {
            ref_id: query.ref_id.clone(),
            expr: query.expr.clone(),
            datasource: match &query.source {
                DataSource::Prometheus => "prometheus".into(),
                other => other.name().to_owned(),
            },
            instant: query.is_instant,
            start: is_over.then(|| seconds(query.range.from)),
            end: seconds(query.range.to),
            step: is_over.then(|| query.step / 1e3),
            hidden: query.is_hidden,
            error: query.error.clone().or(failure),
        }
    }
}
