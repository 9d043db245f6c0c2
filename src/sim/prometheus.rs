//! Prometheus' HTTP API v1, as far as a cockpit asks it.
//!
//! Shapes, status codes and words are those of Prometheus 2.42; what it has beyond that is a plain 404 here too.

use std::collections::BTreeSet;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use serde_json::{Value as Any, json};

use super::{
    clock::stamp,
    params::Params,
    promql::{self, Evaluator, Kind, Value},
    shared::Shared,
    store::Labels,
    world::World,
};

pub(super) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/api/v1/query", get(query).post(query))
        .route("/api/v1/query_range", get(query_range).post(query_range))
        .route("/api/v1/alerts", get(alerts))
        .route("/api/v1/rules", get(rules))
        .route("/api/v1/labels", get(labels).post(labels))
        .route("/api/v1/label/{name}/values", get(label_values))
        .route("/api/v1/series", get(series).post(series))
        .route("/api/v1/status/buildinfo", get(buildinfo))
        .route("/-/ready", get(async || "Prometheus Server is Ready.\n"))
        .route("/-/healthy", get(async || "Prometheus Server is Healthy.\n"))
        .fallback(async || (StatusCode::NOT_FOUND, "404 page not found\n"))
        .with_state(shared)
}

/// An answer that is an error.
struct Failure {
    status: StatusCode,
    kind: &'static str,
    text: String,
}

impl Failure {
    fn bad(text: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: "bad_data", text: text.into() }
    }

    fn parameter(name: &str, text: impl std::fmt::Display) -> Self {
        Self::bad(format!("invalid parameter {name:?}: {text}"))
    }
}

impl From<promql::Error> for Failure {
    fn from(error: promql::Error) -> Self {
        match error {
            promql::Error::Parse { at, text } => Self::parameter("query", format!("1:{}: parse error: {text}", at + 1)),
            promql::Error::Execution(text) => {
                Self { status: StatusCode::UNPROCESSABLE_ENTITY, kind: "execution", text }
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"status": "error", "errorType": self.kind, "error": self.text}))).into_response()
    }
}

#[derive(Serialize)]
struct Success<T> {
    status: &'static str,
    data: T,
}

fn success<T: Serialize>(data: T) -> Json<Success<T>> {
    Json(Success { status: "success", data })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: &'static str,
    result: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    One(Sample),
    Vector(Vec<Instant>),
    Matrix(Vec<Range>),
}

#[derive(Serialize)]
struct Instant {
    metric: Labels,
    value: Sample,
}

#[derive(Serialize)]
struct Range {
    metric: Labels,
    values: Vec<Sample>,
}

/// Unix seconds, and the value as text.
#[derive(Serialize)]
struct Sample(f64, String);

impl Sample {
    fn new(time_ms: i64, value: f64) -> Self {
        Self(time_ms as f64 / 1000.0, number(value))
    }
}

async fn query(State(shared): State<Shared>, params: Params) -> Result<Response, Failure> {
    let expr = promql::parse(params.get("query").unwrap_or(""))?;
    let (world, now) = shared.present();
    let time = match params.get("time") {
        Some(text) => time_ms(text).ok_or_else(|| bad_time("time", text))?,
        None => now,
    };
    let (result_type, result) = match Evaluator::new(&world.store).at(&expr, time)? {
        Value::Scalar(value) => ("scalar", Outcome::One(Sample::new(time, value))),
        Value::Text(text) => ("string", Outcome::One(Sample(time as f64 / 1000.0, text))),
        Value::Vector(points) => {
            let points = points.into_iter();
            let instants = points.map(|p| Instant { metric: p.labels, value: Sample::new(time, p.value) });
            ("vector", Outcome::Vector(instants.collect()))
        }
        Value::Matrix(tracks) => ("matrix", matrix(tracks)),
    };
    Ok(success(Data { result_type, result }).into_response())
}

async fn query_range(State(shared): State<Shared>, params: Params) -> Result<Response, Failure> {
    let time = |name: &str| {
        let text = params.get(name).unwrap_or("");
        time_ms(text).ok_or_else(|| bad_time(name, text))
    };
    let (from, to) = (time("start")?, time("end")?);
    if to < from {
        return Err(Failure::parameter("end", "end timestamp must not be before start time"));
    }
    let text = params.get("step").unwrap_or("");
    let step = duration_ms(text)
        .ok_or_else(|| Failure::parameter("step", format!("cannot parse {text:?} to a valid duration")))?;
    if step <= 0 {
        let words = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        return Err(Failure::parameter("step", words));
    }
    if (to - from) / step > 11_000 {
        return Err(Failure::bad(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ));
    }
    let expr = promql::parse(params.get("query").unwrap_or(""))?;
    if matches!(expr.kind(), Kind::Text | Kind::Matrix) {
        let kind = expr.kind().words();
        let text = format!("invalid expression type {kind:?} for range query, must be Scalar or instant Vector");
        return Err(Failure::bad(text));
    }
    let (world, _) = shared.present();
    let tracks = Evaluator::new(&world.store).over(&expr, from, to, step)?;
    Ok(success(Data { result_type: "matrix", result: matrix(tracks) }).into_response())
}

fn matrix(tracks: Vec<promql::Track>) -> Outcome {
    let range = |track: promql::Track| Range {
        metric: track.labels,
        values: track.values.into_iter().map(|(time, value)| Sample::new(time, value)).collect(),
    };
    Outcome::Matrix(tracks.into_iter().map(range).collect())
}

async fn alerts(State(shared): State<Shared>) -> impl IntoResponse {
    let (world, _) = shared.present();
    let alerts: Vec<Any> = world.rules.iter().flat_map(|rule| alerts_of(&world, rule)).collect();
    success(json!({ "alerts": alerts }))
}

async fn rules(State(shared): State<Shared>, params: Params) -> Result<Response, Failure> {
    let (world, now) = shared.present();
    let wanted = match params.get("type").map(str::to_lowercase).as_deref() {
        None | Some("") | Some("alert") => true,
        Some("record") => false,
        Some(other) => return Err(Failure::bad(format!("not supported value {other:?}"))),
    };
    let evaluated = stamp(now - now.rem_euclid(world.clock.span_ms(1.0)));
    let rules = world.rules.iter().filter(|_| wanted).map(|rule| {
        json!({
            "state": rule.state(),
            "name": rule.name,
            "query": rule.query,
            "duration": world.clock.span_ms(rule.hold) as f64 / 1000.0,
            "keepFiringFor": 0,
            "labels": rule.labels,
            "annotations": {
                "description": rule.description, "runbook_url": rule.runbook(), "summary": rule.summary,
            },
            "alerts": alerts_of(&world, rule),
            "health": "ok",
            "evaluationTime": 0.000_21,
            "lastEvaluation": evaluated,
            "type": "alerting",
        })
    });
    let rules: Vec<Any> = rules.collect();
    let group = json!({
        "name": "shop", "file": "/etc/prometheus/rules/shop.yml", "rules": rules,
        "interval": world.clock.span_ms(1.0) as f64 / 1000.0, "limit": 0,
        "evaluationTime": 0.001_9, "lastEvaluation": evaluated,
    });
    let groups = if wanted { vec![group] } else { Vec::new() };
    Ok(success(json!({ "groups": groups })).into_response())
}

fn alerts_of(world: &World, rule: &super::rules::Rule) -> Vec<Any> {
    let mut alerts: Vec<_> = rule.active.iter().collect();
    alerts.sort_by(|a, b| a.0.cmp(b.0));
    let alerts = alerts.into_iter().map(|(labels, alert)| {
        json!({
            "labels": labels,
            "annotations": rule.annotations(labels, alert.value),
            "state": alert.state(),
            "activeAt": world.clock.stamp(alert.since),
            "value": exponent(alert.value),
        })
    });
    alerts.collect()
}

async fn labels(State(shared): State<Shared>, params: Params) -> Result<impl IntoResponse, Failure> {
    let names = matching(&shared, &params)?;
    let names = names.iter().flat_map(|labels| labels.iter().map(|(name, _)| name.to_owned()));
    Ok(success(names.collect::<BTreeSet<_>>()))
}

async fn label_values(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    params: Params,
) -> Result<impl IntoResponse, Failure> {
    let values = matching(&shared, &params)?;
    let values = values.iter().map(|labels| labels.get(&name).to_owned());
    Ok(success(values.filter(|value| !value.is_empty()).collect::<BTreeSet<_>>()))
}

async fn series(State(shared): State<Shared>, params: Params) -> Result<impl IntoResponse, Failure> {
    if params.get("match[]").is_none() {
        return Err(Failure::bad("no match[] parameter provided"));
    }
    Ok(success(matching(&shared, &params)?))
}

/// The labels of what any `match[]` selects now; of everything, where there is none.
fn matching(shared: &Shared, params: &Params) -> Result<Vec<Labels>, Failure> {
    let (world, now) = shared.present();
    let mut found = Vec::new();
    for selector in params.all("match[]") {
        let expr = promql::parse(selector)?;
        if let Value::Vector(points) = Evaluator::new(&world.store).at(&expr, now)? {
            found.extend(points.into_iter().map(|point| point.labels));
        }
    }
    if params.get("match[]").is_none() {
        found.extend(world.store.named(None).into_iter().map(|id| world.store.labels(id).clone()));
    }
    Ok(found)
}

async fn buildinfo() -> impl IntoResponse {
    let data = json!({
        "version": "2.42.0", "revision": "simulated", "branch": "HEAD", "buildUser": "stanch demo",
        "buildDate": "20230131-12:00:00", "goVersion": "go1.19.5",
    });
    ([(header::CONTENT_TYPE, "application/json")], success(data))
}

fn bad_time(name: &str, text: &str) -> Failure {
    Failure::parameter(name, format!("Invalid time value for '{name}': cannot parse {text:?} to a valid timestamp"))
}

/// Unix seconds with a fraction, or RFC 3339.
fn time_ms(text: &str) -> Option<i64> {
    match text.parse::<f64>() {
        Ok(seconds) => seconds.is_finite().then_some((seconds * 1000.0).round() as i64),
        Err(_) => text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
    }
}

/// Seconds with a fraction, or `5s`.
fn duration_ms(text: &str) -> Option<i64> {
    match text.parse::<f64>() {
        Ok(seconds) => seconds.is_finite().then_some((seconds * 1000.0).round() as i64),
        Err(_) => promql::parse_duration_ms(text),
    }
}

/// A sample value as Go writes it: plain, except that very small and very large ones have an exponent.
fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && size.is_finite() && !(1e-6..1e21).contains(&size) { exponent(value) } else { special(value) }
}

/// A number as Go writes it with an exponent of at least two digits: `3.6e-01`.
fn exponent(value: f64) -> String {
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, power)) if value.is_finite() => {
            let power: i32 = power.parse().unwrap_or(0);
            format!("{digits}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
        }
        _ => special(value),
    }
}

fn special(value: f64) -> String {
    match value {
        f64::INFINITY => "+Inf".into(),
        f64::NEG_INFINITY => "-Inf".into(),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_go_writes_them() {
        let check = |value: f64, plain: &str, with_exponent: &str| {
            assert_eq!(number(value), plain);
            assert_eq!(exponent(value), with_exponent);
        };
        check(0.0, "0", "0e+00");
        check(1.0, "1", "1e+00");
        check(0.361_702_807_140_804_16, "0.36170280714080416", "3.6170280714080416e-01");
        check(1e-9, "1e-09", "1e-09");
        check(5.368_709_12e20, "536870912000000000000", "5.36870912e+20");
        check(1e21, "1e+21", "1e+21");
        check(f64::NAN, "NaN", "NaN");
        check(f64::INFINITY, "+Inf", "+Inf");
        check(f64::NEG_INFINITY, "-Inf", "-Inf");
    }
}
