//! Asks a source all that a dashboard asks, once: its variables in rounds, then each query of its panels once.

use std::collections::HashMap;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::{
    Registry,
    http::AT_ONCE,
    panel_answers::{answered, asks, times},
    registry::Connected,
    request::{ExactTimes, Metadata, Question, Request},
};
use crate::{
    config::SourceId,
    grafana::{
        data_source::DataSource,
        evaluate::Outcome,
        model::Dashboard,
        plan::{self, PanelQuery, PlannedPanel, Resolution},
        variable::{self, Answer, AnsweredSeries, Variables},
    },
    signal::{Data, Series},
};

/// A dashboard with the answers to all it asks.
#[derive(Debug)]
pub struct AnsweredDashboard<'d> {
    /// Its variables, settled.
    pub variables: Variables,
    /// Its panels in reading order.
    pub panels: Vec<PlannedPanel<'d>>,
    /// What came of the queries of each panel, in their order. Of one that was not asked, an error without words.
    pub answers: Vec<Vec<Outcome>>,
}

/// Asks `prometheus` all that a dashboard asks of a source of that kind.
pub async fn dashboard<'d>(
    registry: &Registry,
    prometheus: SourceId,
    dashboard: &'d Dashboard,
    mut variables: Variables,
    resolution: Resolution,
) -> AnsweredDashboard<'d> {
    settle_variables(registry, prometheus, &mut variables).await;
    let source = registry.get(prometheus).map(|source| &**source);
    let panels = plan::panels(dashboard, &variables, resolution);
    let mut questions: Vec<(String, ExactTimes)> = Vec::new();
    let mut known = HashMap::new();
    for query in panels.iter().flat_map(|panel| &panel.queries).filter(|query| asks(query)) {
        let key = (query.expr.clone(), times(query));
        if known.insert(key.clone(), ()).is_none() {
            questions.push(key);
        }
    }
    let asked = questions.into_iter().map(|key| async move {
        let outcome = match source {
            Some(source) => match ask(source, Question::Exact { query: key.0.clone(), times: key.1 }).await {
                Ok(data) => answered(data, key.1),
                Err(why) => Err(why),
            },
            None => Err("there is no such source".into()),
        };
        (key, outcome)
    });
    let outcomes: HashMap<_, _> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    let outcome = |query: &PanelQuery| {
        let none = || Err(String::new());
        if asks(query) {
            outcomes.get(&(query.expr.clone(), times(query))).cloned().unwrap_or_else(none)
        } else {
            none()
        }
    };
    let answers = panels.iter().map(|panel| panel.queries.iter().map(outcome).collect()).collect();
    AnsweredDashboard { variables, panels, answers }
}

/// Asks `prometheus` for what the variables of a dashboard can be set to, until all are settled.
pub async fn settle_variables(registry: &Registry, prometheus: SourceId, variables: &mut Variables) {
    let source = registry.get(prometheus).map(|source| &**source);
    loop {
        let questions = variables.questions();
        if questions.is_empty() {
            break;
        }
        let range = variables.range;
        let between = (range.from.div_euclid(1000), range.to.div_euclid(1000) + i64::from(range.to % 1000 != 0));
        let asked = questions.into_iter().map(|(place, kind, question)| async move {
            let answer = match (kind, source) {
                (kind @ (DataSource::Prometheus | DataSource::Loki), Some(source)) => {
                    let is_loki = kind == DataSource::Loki;
                    values(source, question, is_loki, between).await
                }
                (kind, _) => Err(format!("it asks {}, which is not connected", kind.name())),
            };
            (place, answer)
        });
        let answers: Vec<_> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
        for (place, answer) in answers {
            variables.answer(place, answer);
        }
    }
}

async fn ask(source: &Connected, question: Question) -> Result<Data, String> {
    #[expect(clippy::disallowed_methods, reason = "an answer is dated when it is complete")]
    let request = Request::now(question, Timestamp::now());
    let reading = source.read(&request).await.map_err(|failure| failure.fault.to_string())?;
    Ok(reading.data)
}

async fn values(
    source: &Connected,
    question: variable::Question,
    is_loki: bool,
    between: (i64, i64),
) -> Result<Answer, String> {
    let metadata = |what: Metadata| Question::Metadata { what, between };
    let asked = match question {
        variable::Question::LabelNames { .. } if is_loki => metadata(Metadata::LokiLabels),
        variable::Question::LabelValues { label, selector } if is_loki => {
            metadata(Metadata::LokiLabelValues(label, selector))
        }
        variable::Question::LabelNames { selector } => metadata(Metadata::LabelNames(selector)),
        variable::Question::LabelValues { label, selector } => metadata(Metadata::LabelValues(label, selector)),
        variable::Question::Metrics { .. } => metadata(Metadata::LabelValues("__name__".into(), None)),
        variable::Question::Series { selector } => metadata(Metadata::Series(selector)),
        variable::Question::Query { query } => Question::Exact { query, times: ExactTimes::At(between.1 * 1000) },
    };
    Ok(match ask(source, asked).await? {
        Data::Table(table) => Answer::Names(table.rows.into_iter().flatten().collect()),
        Data::Series(series) => Answer::Series(series.iter().map(of_series).collect()),
        _ => return Err("it does not answer with names".into()),
    })
}

fn of_series(series: &Series) -> AnsweredSeries {
    let labels = series.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (labels, series.last().map(|point| (point.v, point.t as f64 / 1e3)))
}
