//! Queries that Grafana's server asks for us, of whatever data source it has: as the dashboard has them, with their
//! variables filled in the way each language wants it. The macros of the server, `$__timeFilter(…)`, are left to it.

use serde_json::{Value, json};

use super::{
    super::{
        data_source::DataSource,
        interval::{self, Stepping},
        json::{at, each_text, flag, text},
        routes::Reached,
        template::{Format, interpolate},
        time_range::TimeRange,
    },
    adhoc,
    query::{AnswerShape, Common, PanelQuery, unsettled},
};

/// How much of a query is kept for people to read, in characters.
const MAX_SHOWN: usize = 10_000;
/// What the data sources of SQL take for the least interval, in milliseconds.
const OF_SQL: f64 = 60_000.0;
/// The fields in which languages have their queries, the usual ones first.
const QUERIES: [&str; 8] =
    ["expr", "rawSql", "query", "expression", "target", "queryText", "rawQueryText", "metricName"];

/// A query of another data source than those whose language is known here.
pub(super) fn query(target: &Value, reached: &Reached, common: &Common<'_>) -> Option<PanelQuery> {
    let Common { scope, range, points, .. } = *common;
    let mut request = target.clone();
    let language = reached.language();
    let length = range.length() as f64;
    let usual = if language == Format::Sql { OF_SQL } else { 1.0 };
    let usual = if reached.kind == DataSource::Prometheus { common.scrape } else { usual };
    let scrape = reached.scrape.unwrap_or(usual);
    let interval = interval::of_panel(length, f64::from(points), common.least.unwrap_or(scrape).max(1.0));
    let mut error = None;
    // The letters in an expression are not variables.
    if reached.kind != DataSource::Expression {
        let stepping = Stepping { length, points: f64::from(points), interval, least: "", factor: 0.0, scrape };
        each_text(&mut request, &mut |text| {
            if text.contains(['$', '[']) {
                if error.is_none() {
                    error = unsettled(text, scope);
                }
                *text = stepping.filled_in(&interpolate(text, scope, language), interval);
            }
        });
    }
    let ref_id = text(target, "refId").unwrap_or_default();
    if reached.kind == DataSource::Prometheus
        && let Some(expr) = text(&request, "expr")
    {
        request
            .as_object_mut()?
            .insert("expr".into(), adhoc::filtered(&expr, &adhoc::of(scope.variables, reached)).into());
    }
    let fields = request.as_object_mut()?;
    fields.insert("refId".into(), ref_id.clone().into());
    fields.insert("datasource".into(), reached.reference.clone());
    fields.insert("intervalMs".into(), whole(interval));
    fields.insert("maxDataPoints".into(), points.into());
    fields.remove("datasourceId");
    Some(PanelQuery {
        frame_ref: ref_id.clone(),
        ref_id,
        expr: words(&request),
        source: reached.kind.clone(),
        way: reached.way,
        request: Some(request),
        is_instant: false,
        range: TimeRange { from: range.from, to: range.to },
        step: interval,
        is_hidden: flag(target, "hide"),
        legend: text(target, "legendFormat").map(|legend| interpolate(&legend, scope, Format::Glob)),
        shape: match at(target, "format").as_str() {
            Some("table") => AnswerShape::Table,
            Some("heatmap") => AnswerShape::Heatmap,
            _ => AnswerShape::TimeSeries,
        },
        error,
    })
}

/// A query of Prometheus as Grafana takes it. It is settled here, so that the answer is that of a Prometheus asked directly.
pub(super) fn promql(query: &PanelQuery, reached: &Reached, points: u32) -> Value {
    let format = match query.shape {
        AnswerShape::TimeSeries => "time_series",
        AnswerShape::Table => "table",
        AnswerShape::Heatmap => "heatmap",
    };
    json!({
        "refId": query.frame_ref,
        "datasource": reached.reference,
        "expr": query.expr,
        "instant": query.is_instant,
        "range": !query.is_instant,
        "exemplar": false,
        "format": format,
        "interval": format!("{}ms", query.step.round().max(1.0)),
        "intervalFactor": 1,
        "intervalMs": whole(query.step),
        "maxDataPoints": points,
    })
}

/// Why a data source cannot be asked, in words.
pub(super) fn why(reached: &Reached) -> String {
    match &reached.kind {
        DataSource::Expression => "it reckons on Grafana's server".into(),
        DataSource::Loki => "it asks Loki, which is not connected".into(),
        DataSource::Prometheus => "it asks Prometheus, which is not connected".into(),
        DataSource::Grafana => "it shows what only Grafana itself knows".into(),
        other => format!("it asks {}, which is not connected", other.name()),
    }
}

/// A query for people: its text where it has one, or else all that it says.
fn words(request: &Value) -> String {
    let named = QUERIES.iter().find_map(|key| text(request, key).filter(|query| !query.trim().is_empty()));
    let words = named.unwrap_or_else(|| {
        let mut own = request.clone();
        if let Some(fields) = own.as_object_mut() {
            for key in ["refId", "datasource", "intervalMs", "maxDataPoints", "hide", "key"] {
                fields.remove(key);
            }
        }
        own.to_string()
    });
    words.chars().take(MAX_SHOWN).collect()
}

/// Whole milliseconds, at least one.
fn whole(ms: f64) -> Value {
    (ms.round().max(1.0) as u64).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::super::{
            model::Dashboard,
            plan::{PlannedPanel, Resolution, panels},
            routes::{KnownSource, Routes, Way},
            variable::Variables,
        },
        *,
    };

    const RANGE: TimeRange = TimeRange { from: 1_700_000_000_000, to: 1_700_003_600_000 };

    fn planned(json: Value, prometheus: Option<usize>, check: impl FnOnce(Vec<PlannedPanel<'_>>)) {
        let dashboard = Dashboard::of(json).expect("a dashboard");
        let known = |uid: &str, kind: &str, is_default| KnownSource {
            uid: uid.into(),
            name: format!("the {uid}"),
            kind: kind.into(),
            is_default,
            scrape: Some(30_000.0),
        };
        let known = vec![known("p", "prometheus", false), known("i", "influxdb", true)];
        let routes = Routes {
            prometheus,
            grafana: Some(1),
            lokis: Vec::new(),
            said: Vec::new(),
            is_own: false,
            scraped: Vec::new(),
            known,
        };
        let mut variables = Variables::of(&dashboard, RANGE, &[]).by(routes);
        assert_eq!(variables.questions(), []);
        check(panels(&dashboard, &variables, Resolution::default()));
    }

    fn dashboard(panel: Value) -> Value {
        json!({"title": "t", "schemaVersion": 39, "panels": [panel], "templating": {"list": [
            {"name": "host", "type": "custom", "query": "a,b'c", "multi": true, "includeAll": true,
             "current": {"value": ["a", "b'c"], "text": ["a", "b'c"]}},
            {"name": "one", "type": "custom", "query": "x'y", "current": {"value": "x'y", "text": "x'y"}}]}})
    }

    #[test]
    fn queries_go_as_they_stand_with_their_variables() {
        let panel = json!({"id": 1, "type": "timeseries", "datasource": {"type": "mysql", "uid": "m"}, "maxDataPoints": 100,
            "targets": [{"refId": "A", "format": "time_series", "hide": true, "datasource": {"type": "x", "uid": "y"},
             "rawSql": "select $__timeGroup(t, $__interval) from x where $__timeFilter(t) and h in ($host) and o='$one'"}]});
        planned(dashboard(panel), Some(0), |panels| {
            let query = &panels[0].queries[0];
            let sql = "select $__timeGroup(t, 1m) from x where $__timeFilter(t) and h in ('a','b''c') and o='x''y'";
            assert_eq!((query.expr.as_str(), query.way, query.is_hidden), (sql, Way::Grafana(1), true));
            let request = query.request.as_ref().expect("a request");
            assert_eq!(at(request, "rawSql"), sql);
            assert_eq!(at(request, "datasource"), &json!({"type": "mysql", "uid": "m"}));
            assert_eq!((at(request, "intervalMs"), at(request, "maxDataPoints")), (&json!(60_000), &json!(100)));
            assert_eq!(panels[0].foreign, None);
        });
    }

    #[test]
    fn the_default_data_source_is_asked_where_none_is_named() {
        let panel = json!({"id": 1, "type": "timeseries", "targets": [{"refId": "A", "query": "SELECT v WHERE h =~ /^$host$/"}]});
        planned(dashboard(panel), None, |panels| {
            let query = &panels[0].queries[0];
            assert_eq!(query.expr, "SELECT v WHERE h =~ /^(a|b'c)$/");
            assert_eq!(
                at(query.request.as_ref().expect("a request"), "datasource"),
                &json!({"type": "influxdb", "uid": "i"})
            );
        });
    }

    #[test]
    fn promql_through_grafana_is_asked_as_a_prometheus_would_be() {
        let panel = json!({"id": 1, "type": "table", "datasource": {"type": "prometheus", "uid": "p"}, "targets": [
            {"refId": "A", "expr": "rate(x{h=~\"$host\"}[$__rate_interval])", "instant": true, "range": true, "format": "table"}]});
        planned(dashboard(panel), None, |panels| {
            let [over, now] = panels[0].queries.as_slice() else { panic!("asked in two ways") };
            let request = over.request.as_ref().expect("a request");
            // Scraped every 30 s, as the settings of the data source have it.
            assert_eq!(at(request, "expr"), "rate(x{h=~\"(a|b\\\\'c)\"}[2m0s])");
            assert_eq!((at(request, "refId"), at(request, "instant")), (&json!("A"), &json!(false)));
            assert_eq!((at(request, "interval"), at(request, "format")), (&json!("30000ms"), &json!("table")));
            let request = now.request.as_ref().expect("a request");
            assert_eq!((at(request, "refId"), at(request, "instant")), (&json!("A-Instant"), &json!(true)));
        });
    }

    #[test]
    fn an_expression_takes_along_what_it_reckons_with() {
        let panel = json!({"id": 1, "type": "stat", "datasource": {"type": "prometheus", "uid": "p"}, "targets": [
            {"refId": "A", "expr": "up", "hide": true},
            {"refId": "B", "datasource": {"type": "__expr__", "uid": "__expr__"}, "type": "math", "expression": "$A * 2"}]});
        planned(dashboard(panel.clone()), Some(0), |panels| {
            let ways: Vec<Way> = panels[0].queries.iter().map(|query| query.way).collect();
            assert_eq!(ways, [Way::Grafana(1); 2], "also where PromQL goes straight to a Prometheus otherwise");
            let sum = panels[0].queries[1].request.as_ref().expect("a request");
            assert_eq!(at(sum, "expression"), "$A * 2");
            assert_eq!(at(sum, "datasource"), &json!({"type": "__expr__", "uid": "__expr__"}));
        });
        let alone = Dashboard::of(dashboard(panel)).expect("a dashboard");
        let variables = Variables::of(&alone, RANGE, &[]);
        let planned = panels(&alone, &variables, Resolution::default());
        assert_eq!(planned[0].foreign.as_deref(), Some("it reckons on Grafana's server"));
    }

    #[test]
    fn a_mixed_panel_asks_each_where_it_is() {
        let panel = json!({"id": 1, "type": "timeseries", "datasource": {"uid": "-- Mixed --"}, "targets": [
            {"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "p"}},
            {"refId": "B", "query": "q", "datasource": {"type": "influxdb", "uid": "i"}}]});
        planned(dashboard(panel), Some(0), |panels| {
            let ways: Vec<Way> = panels[0].queries.iter().map(|query| query.way).collect();
            assert_eq!(ways, [Way::Direct(0), Way::Grafana(1)]);
        });
    }
}
