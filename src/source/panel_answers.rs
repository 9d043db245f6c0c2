//! What panels of dashboards ask of the sources, and what the answers say to them.

#![expect(clippy::disallowed_methods, reason = "an answer is dated when it is complete")]

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::json;

use super::{
    Failure,
    panel_request::{Came, CameOf, PanelRequest},
    peers::Peers,
    request::{ExactTimes, Pick, Question, Request},
};
use crate::{
    config::{Lines, SourceId},
    grafana::{
        data_source::DataSource,
        evaluate::{Outcome, Reply},
        frame::{Cell, Field, FieldKind, Frame},
        frame_json::QueryResult,
        plan::{PanelQuery, PlannedPanel},
        prometheus::{self, Answered, Points},
        routes::Way,
    },
    signal::{Data, LogLine, Series, Window, logql},
};

/// The answers to what was asked, in the order in which it was asked.
#[derive(Default)]
pub(super) struct Answers {
    order: Vec<PanelRequest>,
    came: HashMap<PanelRequest, CameOf>,
}

/// All that a panel needs to ask, in the order of its queries.
pub(super) fn requests(of: &PlannedPanel<'_>) -> Vec<PanelRequest> {
    let mut out: Vec<PanelRequest> = Vec::new();
    for request in of.queries.iter().filter_map(|query| request_for(of, query)) {
        if !out.contains(&request) {
            out.push(request);
        }
    }
    out
}

/// The request that brings what a query asks; `None` for one that is not asked, or that is only reckoned with.
fn request_for(of: &PlannedPanel<'_>, query: &PanelQuery) -> Option<PanelRequest> {
    if query.is_hidden || query.error.is_some() {
        return None;
    }
    match query.way {
        Way::None => None,
        Way::Direct(source) if query.source == DataSource::Loki && logql::asks_for_lines(&query.expr) => {
            let (source, between) = (SourceId::nth(source), (of.range.from, of.range.to));
            Some(PanelRequest::Lines { source, query: query.expr.clone(), between })
        }
        Way::Direct(source) => {
            let (query, times) = (query.expr.clone(), times(query));
            Some(PanelRequest::Exact { source: SourceId::nth(source), query, times })
        }
        Way::Grafana(source) => Some(PanelRequest::Frames { source: SourceId::nth(source), body: body(of, query) }),
    }
}

/// What is posted for a query: with it go all others of its data source, and where one of them is an expression all that
/// go to the same Grafana, since it may reckon with any.
fn body(of: &PlannedPanel<'_>, query: &PanelQuery) -> String {
    let goes_along = |other: &&PanelQuery| other.way == query.way && other.error.is_none();
    let through = of.queries.iter().filter(goes_along);
    let reckons = through.clone().any(|other| other.source == DataSource::Expression && !other.is_hidden);
    let data_source = |of: &PanelQuery| of.request.as_ref().and_then(|request| request.get("datasource")).cloned();
    let own = data_source(query);
    let through = through.filter(|other| reckons || (!other.is_hidden && data_source(other) == own));
    let queries: Vec<_> = through.filter_map(|other| other.request.as_ref()).collect();
    json!({"queries": queries, "from": of.range.from.to_string(), "to": of.range.to.to_string()}).to_string()
}

/// The times a query is asked for.
fn times(query: &PanelQuery) -> ExactTimes {
    match query.is_instant {
        true => ExactTimes::At(query.range.to),
        false => ExactTimes::Range { start: query.range.from, end: query.range.to, step: query.step as u64 },
    }
}

/// Asks it, once for all who ask it in the round of that time.
pub(super) async fn once(request: &PanelRequest, peers: &dyn Peers, of: Timestamp) -> CameOf {
    peers.shared(request.source())?.once(request, of, || ask(request, peers)).await
}

/// Asks it once.
pub(super) async fn ask(request: &PanelRequest, peers: &dyn Peers) -> CameOf {
    let _room = peers.shared(request.source())?.room().await;
    match request {
        PanelRequest::Exact { source, query, times } => {
            let question = Question::Exact { query: query.clone(), times: *times };
            let (data, warnings) = peers.ask(*source, &Request::now(question, Timestamp::now())).await?;
            Ok((Came::Series(data), warnings))
        }
        PanelRequest::Lines { source, query, between: (from, to) } => {
            let window = Window {
                span: Duration::from_millis(u64::try_from(to - from).unwrap_or(0)),
                end: Timestamp::from_millisecond(*to).ok(),
            };
            let (query, limit, pick) = (query.clone(), Lines::default().limit, Pick::Newest);
            let request = Request::now(Question::Lines { query, window, limit, pick }, Timestamp::now());
            let (data, warnings) = peers.ask(*source, &request).await?;
            let lines = if let Data::Logs(lines) = data { lines } else { Vec::new() };
            Ok((Came::Lines(lines), warnings))
        }
        PanelRequest::Frames { source, body } => {
            let results = peers.dashboard_server(*source)?.frames(body).await?;
            let is_part = |result: &&QueryResult| !result.frames.is_empty();
            let failed = results.iter().filter(is_part).filter_map(|result| result.error.clone());
            let noticed = results.iter().flat_map(|result| result.notices.iter().cloned());
            let warnings = failed.chain(noticed).collect();
            Ok((Came::Frames(results), warnings))
        }
    }
}

impl Answers {
    /// Whether this was asked.
    pub(super) fn has(&self, request: &PanelRequest) -> bool {
        self.came.contains_key(request)
    }

    /// Takes what came of a request.
    pub(super) fn add(&mut self, request: PanelRequest, came: CameOf) {
        self.order.push(request.clone());
        self.came.insert(request, came);
    }

    /// What came of the queries of a panel, in their order. Of one that was not asked, an error without words.
    pub(super) fn of_panel(&self, of: &PlannedPanel<'_>) -> Vec<Outcome> {
        of.queries.iter().map(|query| self.of_query(of, query)).collect()
    }

    fn of_query(&self, of: &PlannedPanel<'_>, query: &PanelQuery) -> Outcome {
        let came = request_for(of, query).and_then(|request| self.came.get(&request));
        match came {
            None => Err(String::new()),
            Some(Err(failure)) => Err(failure.fault.to_string()),
            Some(Ok((Came::Series(data), _))) => answered(data, query),
            Some(Ok((Came::Lines(lines), _))) => Ok(Reply::Frames(vec![frame_of(lines, query)])),
            Some(Ok((Came::Frames(results), _))) => framed(results, query),
        }
    }

    /// The lines of a panel all of whose queries ask for such, in the order of time; `None` where one asks something else,
    /// or none was answered.
    pub(super) fn lines(&self, of: &PlannedPanel<'_>) -> Option<Vec<LogLine>> {
        let mut lines = Vec::new();
        let mut is_answered = false;
        for request in of.queries.iter().filter_map(|query| request_for(of, query)) {
            match (&request, self.came.get(&request)?) {
                (PanelRequest::Lines { .. }, Ok((Came::Lines(more), _))) => {
                    lines.extend(more.iter().cloned());
                    is_answered = true;
                }
                (PanelRequest::Lines { .. }, Err(_)) => {}
                _ => return None,
            }
        }
        lines.sort_by_key(|line| line.at);
        is_answered.then_some(lines)
    }

    /// Whether more than one source was asked.
    pub(super) fn are_of_several(&self) -> bool {
        let mut sources = self.order.iter().map(PanelRequest::source);
        sources.next().is_some_and(|first| sources.any(|other| other != first))
    }

    /// The first request that failed as a whole.
    pub(super) fn first_failure(&self) -> Option<&Failure> {
        self.order.iter().find_map(|request| self.came.get(request)?.as_ref().err())
    }

    /// What the servers say about their answers.
    pub(super) fn remarks(&self) -> impl Iterator<Item = &String> {
        let came = self.order.iter().filter_map(|request| self.came.get(request)?.as_ref().ok());
        came.flat_map(|(_, remarks)| remarks)
    }
}

/// Log lines as Grafana's data source of Loki gives them.
fn frame_of(lines: &[LogLine], query: &PanelQuery) -> Frame {
    let field = |name: &str, kind, cells| Field { name: name.into(), kind, cells, ..Field::default() };
    let time = |line: &LogLine| line.at.map_or(Cell::Null, |at| Cell::Number(at.as_millisecond() as f64));
    let labels = |line: &LogLine| Cell::Text(line.labels.to_string().into());
    // Grafana has the newest first.
    let lines = || lines.iter().rev();
    let fields = vec![
        field("labels", FieldKind::Text, lines().map(labels).collect()),
        field("Time", FieldKind::Time, lines().map(time).collect()),
        field("Line", FieldKind::Text, lines().map(|line| Cell::Text(line.text.as_str().into())).collect()),
    ];
    Frame { ref_id: Some(query.ref_id.clone()), fields, ..Frame::default() }
}

/// What the answer of a source that speaks PromQL says to a query.
fn answered(data: &Data, query: &PanelQuery) -> Outcome {
    let Data::Series(series) = data else { return Err("it does not answer with numbers".into()) };
    let points = |series: &Series| Points {
        labels: series
            .labels
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<BTreeMap<_, _>>(),
        points: series.points.iter().map(|point| (point.t, point.v)).collect(),
    };
    Ok(Answered { series: series.iter().map(points).collect(), is_instant: query.is_instant }.into())
}

/// What the answer of a Grafana says to a query.
fn framed(results: &[QueryResult], query: &PanelQuery) -> Outcome {
    let result = results.iter().find(|result| result.ref_id == query.frame_ref);
    let Some(result) = result else { return Err("Grafana did not answer it".into()) };
    match &result.error {
        Some(why) if result.frames.is_empty() => Err(why.clone()),
        // As from a Prometheus itself: named and shaped here.
        _ if query.source == DataSource::Prometheus => {
            Ok(prometheus::series_in(&result.frames, query.is_instant).into())
        }
        _ => Ok(Reply::Frames(result.frames.clone())),
    }
}
