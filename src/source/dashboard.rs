//! Asks the sources all that a dashboard asks, once: its variables in rounds, then each query of its panels once.

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Failure, Registry,
    client::Content,
    http::AT_ONCE,
    panel_answers::{Answers, ask, requests},
    peers::Peers,
    request::{ExactTimes, Metadata, Question, Request},
};
use crate::{
    config::SourceId,
    grafana::{
        data_source::DataSource,
        evaluate::Outcome,
        model::Dashboard,
        plan::{self, PlannedPanel, Resolution},
        routes::{Reached, Way},
        variable::{self, Answer, AnsweredSeries, Variables, found_in},
    },
    signal::{Data, FaultKind, Series},
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

/// Asks all that a dashboard asks, each of those that its variables say.
pub async fn dashboard<'d>(
    registry: &Registry,
    dashboard: &'d Dashboard,
    mut variables: Variables,
    resolution: Resolution,
) -> AnsweredDashboard<'d> {
    settle_variables(registry, &mut variables).await;
    let panels = plan::panels(dashboard, &variables, resolution);
    let mut all = Vec::new();
    let mut known = std::collections::HashSet::new();
    for request in panels.iter().flat_map(requests) {
        if known.insert(request.clone()) {
            all.push(request);
        }
    }
    let peers = registry.peers();
    let asked = all.into_iter().map(|request| async move {
        let came = ask(&request, peers).await;
        (request, came)
    });
    let mut answers = Answers::default();
    let came: Vec<_> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    came.into_iter().for_each(|(request, came)| answers.add(request, came));
    let answers = panels.iter().map(|panel| answers.of_panel(panel)).collect();
    AnsweredDashboard { variables, panels, answers }
}

/// Asks for what the variables of a dashboard can be set to, until all are settled.
pub async fn settle_variables(registry: &Registry, variables: &mut Variables) {
    let peers = registry.peers();
    loop {
        let questions = variables.questions();
        if questions.is_empty() {
            break;
        }
        let range = variables.range;
        let between = (range.from.div_euclid(1000), range.to.div_euclid(1000) + i64::from(range.to % 1000 != 0));
        let asked = questions.into_iter().map(|(place, _, question)| {
            let reached = variables.asks(place);
            async move {
                let answer = match reached {
                    Some(reached) => values(peers, &reached, question, between).await,
                    None => Err("there is no such variable".to_owned().into()),
                };
                (place, answer)
            }
        });
        let answers: Vec<_> = stream::iter(asked.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).collect().await;
        // A hundred thousand values and a pattern are not for the thread that asks the sources.
        let mut answered = std::mem::take(variables);
        let settled = tokio::task::spawn_blocking(move || {
            for (place, answer) in answers {
                match answer {
                    Ok(answer) => answered.answer(place, Ok(answer)),
                    Err(NoAnswer { why, is_silent: true }) => answered.unanswered(place, why),
                    Err(NoAnswer { why, .. }) => answered.answer(place, Err(why)),
                }
            }
            answered
        });
        match settled.await {
            Ok(settled) => *variables = settled,
            Err(_) => return,
        }
    }
}

/// Why there is no answer to what a variable asks.
struct NoAnswer {
    why: String,
    /// Whether there may be one later: nobody said that the question is wrong.
    is_silent: bool,
}

impl From<Failure> for NoAnswer {
    fn from(failure: Failure) -> Self {
        let is_silent = failure.fault.kind != FaultKind::BadQuery;
        Self { why: failure.fault.to_string(), is_silent }
    }
}

impl From<String> for NoAnswer {
    fn from(why: String) -> Self {
        Self { why, is_silent: false }
    }
}

async fn values(
    peers: &dyn Peers,
    reached: &Reached,
    question: variable::Question,
    between: (i64, i64),
) -> Result<Answer, NoAnswer> {
    let server = |number: usize| peers.dashboard_server(SourceId::nth(number));
    let is_loki = reached.kind == DataSource::Loki;
    let _room = match reached.way {
        Way::None => None,
        Way::Direct(number) | Way::Grafana(number) => peers.shared(SourceId::nth(number))?.room().await,
    };
    let (data, _) = match (reached.way, question) {
        (Way::None, _) => return Err(format!("it asks {}, which is not connected", reached.kind.name()).into()),
        (Way::Grafana(number), variable::Question::Frames { request }) => {
            let results = server(number)?.frames(&body(&request, between)).await?;
            let error = results.iter().find_map(|result| result.error.clone());
            let frames: Vec<_> = results.into_iter().flat_map(|result| result.frames).collect();
            let error = error.filter(|_| frames.is_empty());
            return error.map_or_else(|| Ok(Answer::Choices(found_in(&frames))), |why| Err(why.into()));
        }
        (Way::Direct(_), variable::Question::Frames { .. }) => {
            return Err("only a Grafana can ask that".to_owned().into());
        }
        (Way::Direct(number), question) => {
            let question = match asking(question, is_loki) {
                Asking::Names(what) => Question::Metadata { what, between },
                Asking::Query(query) => Question::Exact { query, times: ExactTimes::At(between.1 * 1000) },
            };
            #[expect(clippy::disallowed_methods, reason = "an answer is dated when it is complete")]
            let request = Request::now(question, Timestamp::now());
            peers.ask(SourceId::nth(number), &request).await?
        }
        (Way::Grafana(number), question) => {
            let server = server(number)?;
            let asked: Result<Content, Failure> = match asking(question, is_loki) {
                Asking::Names(what) => server.metadata(reached.uid(), &what, between).await,
                Asking::Query(query) => server.numbers(reached.uid(), &query, between.1).await,
            };
            asked?
        }
    };
    Ok(match data {
        Data::Table(table) => Answer::Names(table.rows.into_iter().flatten().collect()),
        Data::Series(series) => Answer::Series(series.iter().map(of_series).collect()),
        _ => return Err("it does not answer with names".to_owned().into()),
    })
}

/// One query, as it is posted to a Grafana.
fn body(query: &str, (start, end): (i64, i64)) -> String {
    let query: Value = serde_json::from_str(query).unwrap_or_default();
    let ms = |seconds: i64| seconds.saturating_mul(1000).to_string();
    json!({"queries": [query], "from": ms(start), "to": ms(end)}).to_string()
}

/// What a variable asks a server that has the API of Prometheus or Loki.
enum Asking {
    Names(Metadata),
    Query(String),
}

fn asking(question: variable::Question, is_loki: bool) -> Asking {
    Asking::Names(match question {
        variable::Question::LabelNames { .. } if is_loki => Metadata::LokiLabels,
        variable::Question::LabelValues { label, selector } if is_loki => Metadata::LokiLabelValues(label, selector),
        variable::Question::LabelNames { selector } => Metadata::LabelNames(selector),
        variable::Question::LabelValues { label, selector } => Metadata::LabelValues(label, selector),
        variable::Question::Metrics { .. } => Metadata::LabelValues("__name__".into(), None),
        variable::Question::Series { selector } => Metadata::Series(selector),
        variable::Question::Query { query } | variable::Question::Frames { request: query } => {
            return Asking::Query(query);
        }
    })
}

fn of_series(series: &Series) -> AnsweredSeries {
    let labels = series.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (labels, series.last().map(|point| (point.v, point.t as f64 / 1e3)))
}
