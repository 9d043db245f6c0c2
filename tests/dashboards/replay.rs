//! Carries a dashboard through the public functions, with answers that were kept instead of a server.

use std::collections::BTreeMap;

use serde_json::Value;
use stanch::grafana::{
    data_source::DataSource,
    evaluate::{self, Outcome},
    model::Dashboard,
    plan::{self, PanelQuery, Resolution},
    prometheus::{Answered, Points},
    report::Report,
    template::Format,
    time_range::TimeRange,
    variable::{Answer, Question, Variables},
};

/// Answers what is asked of an API path with parameters: the `data` of Prometheus, or why there is none.
pub type Ask<'a> = dyn FnMut(&str, &[(&str, String)]) -> Result<Value, String> + 'a;

/// Panels are this many points wide: few, so that the answers stay small.
const RESOLUTION: Resolution = Resolution { points: 20, scrape: 15e3 };

/// The name of a question among the answers that were kept.
pub fn key(path: &str, parameters: &[(&str, String)]) -> String {
    let parameters: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{path}?{}", parameters.join("&"))
}

/// All that a dashboard shows.
pub fn report(text: &str, range: TimeRange, ask: &mut Ask<'_>) -> Result<Value, String> {
    let dashboard = Dashboard::read(text)?;
    let mut variables = Variables::of(&dashboard, range, &[]);
    loop {
        let questions = variables.questions();
        if questions.is_empty() {
            break;
        }
        for (place, _, question) in questions {
            variables.answer(place, settle(&question, range, ask));
        }
    }
    let planned = plan::panels(&dashboard, &variables, RESOLUTION);
    let answers: Vec<Vec<Outcome>> =
        planned.iter().map(|panel| panel.queries.iter().map(|query| answer(query, ask)).collect()).collect();
    let shown = evaluate::all(&planned, &answers, &variables);
    let failures = answers.iter().map(|outcomes| {
        outcomes.iter().map(|outcome| outcome.as_ref().err().cloned().filter(|why| !why.is_empty())).collect()
    });
    let panels = planned.into_iter().zip(shown).zip(failures).map(|((panel, shown), failed)| (panel, shown, failed));
    let title = variables.interpolate(&dashboard.title, Format::Text);
    let report = Report::of(title, &variables, panels.collect(), dashboard.warnings.clone());
    serde_json::to_value(&report).map_err(|error| error.to_string())
}

fn seconds(ms: i64) -> String {
    (ms as f64 / 1e3).to_string()
}

fn settle(question: &Question, range: TimeRange, ask: &mut Ask<'_>) -> Result<Answer, String> {
    let times = [("start", seconds(range.from)), ("end", seconds(range.to))];
    let over = |selector: Option<&String>| -> Vec<(&str, String)> {
        selector.map(|selector| ("match[]", selector.clone())).into_iter().chain(times.clone()).collect()
    };
    let names = |data: Value| Answer::Names(texts(&data).map(str::to_owned).collect());
    let pairs = |metric: &Value| labels(metric).into_iter().collect::<Vec<_>>();
    match question {
        Question::LabelNames { selector } => ask("labels", &over(selector.as_ref())).map(names),
        Question::LabelValues { label, selector } => {
            ask(&format!("label/{label}/values"), &over(selector.as_ref())).map(names)
        }
        Question::Metrics { .. } => ask("label/__name__/values", &over(None)).map(names),
        Question::Series { selector } => ask("series", &over(Some(selector))).map(|data| {
            Answer::Series(data.as_array().into_iter().flatten().map(|metric| (pairs(metric), None)).collect())
        }),
        Question::Frames { .. } => Err("nobody has a Grafana here".into()),
        Question::Query { query } => {
            let data = ask("query", &[("query", query.clone()), ("time", seconds(range.to))])?;
            let series = data["result"].as_array().into_iter().flatten();
            let series = series.map(|one| {
                let (at, value) = point(&one["value"]);
                (pairs(&one["metric"]), Some((value, at as f64 / 1e3)))
            });
            Ok(Answer::Series(series.collect()))
        }
    }
}

fn answer(query: &PanelQuery, ask: &mut Ask<'_>) -> Outcome {
    if query.is_hidden || query.error.is_some() || query.source != DataSource::Prometheus {
        return Err(String::new());
    }
    let data = if query.is_instant {
        ask("query", &[("query", query.expr.clone()), ("time", seconds(query.range.to))])?
    } else {
        let (start, end) = (seconds(query.range.from), seconds(query.range.to));
        let step = (query.step / 1e3).to_string();
        ask("query_range", &[("query", query.expr.clone()), ("start", start), ("end", end), ("step", step)])?
    };
    let series = data["result"].as_array().into_iter().flatten().map(|one| {
        let points = match one["values"].as_array() {
            Some(values) => values.iter().map(point).collect(),
            None => vec![point(&one["value"])],
        };
        Points { labels: labels(&one["metric"]), points }
    });
    Ok(Answered { series: series.collect(), is_instant: data["resultType"] != "matrix" }.into())
}

fn texts(data: &Value) -> impl Iterator<Item = &str> {
    data.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn labels(metric: &Value) -> BTreeMap<String, String> {
    let pairs = metric.as_object().into_iter().flatten();
    pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

/// A point as Prometheus writes it: `[seconds, "value"]`.
fn point(pair: &Value) -> (i64, f64) {
    let value = match pair[1].as_str().unwrap_or_default() {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        number => number.parse().unwrap_or(f64::NAN),
    };
    ((pair[0].as_f64().unwrap_or_default() * 1e3) as i64, value)
}
