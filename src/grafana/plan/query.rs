//! One query of a panel, whoever is asked, and what it takes from its panel.

use serde_json::Value;

use super::{
    super::{data_source::DataSource, routes::Way, template::names_in, time_range::TimeRange},
    Scope,
};

/// One query of a panel, with nothing left to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelQuery {
    /// Its letter.
    pub ref_id: String,
    /// The letter its frames carry: another one where a query is asked in two ways.
    pub frame_ref: String,
    /// The query.
    pub expr: String,
    /// What it is asked of.
    pub source: DataSource,
    /// The way to that.
    pub way: Way,
    /// The query as Grafana takes it, where it is asked through Grafana.
    pub request: Option<Value>,
    /// Whether it is asked for one time only.
    pub is_instant: bool,
    /// The first and the last time, in milliseconds; for one time that is both.
    pub range: TimeRange,
    /// Milliseconds from one point to the next; of a query that is asked for one time, what it would be.
    pub step: f64,
    /// Whether nothing is shown of it.
    pub is_hidden: bool,
    /// The pattern of the names of its series.
    pub legend: Option<String>,
    /// What its answer is made into.
    pub shape: AnswerShape,
    /// Why it cannot be asked, in words.
    pub error: Option<String>,
}

/// What an answer is made into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerShape {
    /// One frame a series.
    #[default]
    TimeSeries,
    /// Rows of labels and values.
    Table,
    /// The buckets of a histogram.
    Heatmap,
}

/// What all queries of a panel have in common.
pub(super) struct Common<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) range: TimeRange,
    pub(super) points: u32,
    /// The least interval that the panel names, in milliseconds.
    pub(super) least: Option<f64>,
    /// How often targets are scraped where nothing is known of it, in milliseconds.
    pub(super) scrape: f64,
}

/// Which variable of a query has no value because who was asked does not answer, in words: with nothing in its place the
/// answer would look like no data. Where it was answered that there is none, nothing stands in its place, as in Grafana.
pub(super) fn unsettled(expr: &str, scope: &Scope<'_>) -> Option<String> {
    let local = |name: &str| scope.repeat.iter().any(|local| local.name == name);
    names_in(expr).filter(|name| !local(name)).find_map(|name| {
        let variable = scope.variables.named(name)?;
        let has_value = variable.chosen().iter().any(|choice| !choice.value.is_empty()) && !variable.is_all();
        let is_awaited = variable.is_awaited && variable.choices.is_empty() && !has_value;
        let why = variable.error.as_ref().filter(|_| is_awaited)?;
        Some(format!("${name} has no value: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::{model::Dashboard, variable::Variables},
        *,
    };

    #[test]
    fn a_variable_that_may_still_be_answered_is_waited_for() {
        let text = r#"{"schemaVersion": 39, "panels": [],
            "templating": {"list": [{"name": "pod", "type": "query", "query": "label_values(up, pod)"}]}}"#;
        let range = TimeRange { from: 0, to: 1_000 };
        let said = |answer: fn(&mut Variables)| {
            let dashboard = Dashboard::read(text).expect("a dashboard");
            let mut variables = Variables::of(&dashboard, range, &[]);
            assert_eq!(variables.questions().len(), 1);
            answer(&mut variables);
            let scope = Scope { variables: &variables, repeat: &[], range };
            (unsettled("sum(up)", &scope), unsettled("sum(up{pod=\"$pod\"})", &scope))
        };
        let silent = said(|variables| variables.unanswered(0, "nobody listens there".into()));
        assert_eq!(silent, (None, Some("$pod has no value: nobody listens there".into())));
        let refused = said(|variables| variables.answer(0, Err("query refused".into())));
        assert_eq!(refused, (None, None), "it is asked with nothing in its place");
    }
}
