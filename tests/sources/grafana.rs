//! Dashboards and queries through a Grafana: a made-up one that answers in the shapes its documentation has.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json as value};
use stanch::{
    config::{Auth, Config, DashboardAt, DashboardEntry, Secret, Settings, SourceId, load},
    dashboard::{Ask, PanelAsk, Plan, Query, QueryContext},
    grafana::{model::Dashboard, open::OpenDashboard},
    runtime::dashboards::{self, Wanted},
    signal::{Data, Fault},
    source::{self, Registry, SearchFor},
};

use crate::{
    HALF_HOUR, Timestamp, http, prometheus,
    server::{Seen, Server, Step, json, reply},
    source as of_kind,
};

/// A dashboard that asks an InfluxDB, a Prometheus, an expression, and a Mixed panel that asks both.
fn dashboard() -> Value {
    let prometheus = value!({"type": "prometheus", "uid": "${ds}"});
    value!({"title": "Shop in $zone", "uid": "shop", "schemaVersion": 39, "templating": {"list": [
        {"name": "ds", "type": "datasource", "query": "prometheus", "current": {"value": "Main", "text": "Main"}},
        {"name": "job", "type": "query", "datasource": prometheus, "query": "label_values(up, job)"},
        {"name": "zone", "type": "query", "datasource": {"type": "mysql", "uid": "m1"}, "query": "select name from zones"}]},
      "panels": [
        {"id": 1, "type": "timeseries", "title": "Load", "datasource": {"type": "influxdb", "uid": "i1"},
         "targets": [{"refId": "A", "query": "SELECT load WHERE zone='$zone'", "rawQuery": true}],
         "fieldConfig": {"defaults": {"unit": "percentunit"}}},
        {"id": 2, "type": "stat", "title": "Up", "datasource": prometheus,
         "targets": [{"refId": "A", "expr": "sum(up{job=\"$job\"})", "instant": true}],
         "fieldConfig": {"defaults": {"unit": "short"}}},
        {"id": 3, "type": "stat", "title": "Twice", "datasource": prometheus, "targets": [
         {"refId": "A", "expr": "sum(up)", "hide": true},
         {"refId": "B", "datasource": {"type": "__expr__", "uid": "__expr__"}, "type": "math", "expression": "$A * 2"}]},
        {"id": 4, "type": "timeseries", "title": "Both", "datasource": {"uid": "-- Mixed --"}, "targets": [
         {"refId": "A", "query": "SELECT load", "datasource": {"type": "influxdb", "uid": "i1"}},
         {"refId": "B", "expr": "up", "legendFormat": "{{job}}", "datasource": {"type": "prometheus", "uid": "p1"}}]},
        {"id": 5, "type": "table", "title": "Half", "datasource": {"type": "mysql", "uid": "m1"}, "targets": [
         {"refId": "A", "rawSql": "select good", "format": "table"},
         {"refId": "B", "rawSql": "select bad", "format": "table"}]},
        {"id": 6, "type": "table", "title": "None", "datasource": {"type": "mysql", "uid": "m1"},
         "targets": [{"refId": "A", "rawSql": "select bad", "format": "table"}]}]})
}

/// One frame with a time and a number.
fn series(labels: &Value, values: &[Value], name: Option<&str>) -> Value {
    let times: Vec<i64> = (0..values.len() as i64).map(|at| 1_700_000_000_000 + at * 60_000).collect();
    value!({"schema": {"meta": {"type": "timeseries-multi"}, "fields": [
        {"name": "Time", "type": "time"},
        {"name": "Value", "type": "number", "labels": labels, "config": {"displayNameFromDS": name}}]},
        "data": {"values": [times, values], "entities": [null, {"NaN": [1]}]}})
}

fn table(column: &str, cells: &[&str]) -> Value {
    value!({"schema": {"fields": [{"name": column, "type": "string"}]}, "data": {"values": [cells]}})
}

/// What a query comes to, by its words.
fn result(query: &Value) -> Value {
    let text = query.to_string();
    let frames = |frames: Value| value!({"status": 200, "frames": frames});
    match () {
        () if text.contains("$A * 2") => frames(value!([series(&value!({}), &[value!(84)], Some("B"))])),
        () if text.contains("select bad") => value!({"status": 400, "error": "no table\u{1b}[31m", "frames": []}),
        () if text.contains("select good") => frames(value!([table("name", &["x", "y"])])),
        () if text.contains("zones") => frames(value!([table("name", &["north", "south"])])),
        () if text.contains("SELECT load") => frames(value!([series(
            &value!({"host": "a"}),
            &[value!(0.5), Value::Null, value!(0.25)],
            Some("load of a")
        )])),
        () if text.contains("sum(up{job=\\\"api\\\"})") => frames(value!([series(&value!({}), &[value!(42)], None)])),
        () => {
            let labels = value!({"__name__": "up", "job": "api"});
            frames(value!([series(&labels, &[value!(1), value!(1)], Some("ignored"))]))
        }
    }
}

fn answer(seen: &Seen) -> Vec<Step> {
    let path = seen.path.split('?').next().unwrap_or_default();
    match path {
        "/api/health" => json(r#"{"database": "ok", "version": "11.2.0"}"#),
        "/api/frontend/settings" => json(
            value!({"defaultDatasource": "Main", "datasources": {
                "Main": {"uid": "p1", "type": "prometheus", "name": "Main", "jsonData": {"timeInterval": "30s"}},
                "Influx": {"uid": "i1", "type": "influxdb", "name": "Influx"},
                "Shop": {"uid": "m1", "type": "mysql", "name": "Shop"}}})
            .to_string(),
        ),
        "/api/dashboards/uid/shop" => json(value!({"dashboard": dashboard(), "meta": {"slug": "shop"}}).to_string()),
        "/api/datasources/proxy/uid/p1/api/v1/label/job/values" => {
            json(r#"{"status": "success", "data": ["api", "web"]}"#)
        }
        "/api/search" => json(r#"[{"uid": "shop", "title": "Shop", "type": "dash-db", "isStarred": true}]"#),
        "/api/ds/query" => {
            let body: Value = serde_json::from_str(&seen.body).expect("JSON");
            let queries = body["queries"].as_array().expect("queries");
            let results: serde_json::Map<String, Value> = queries
                .iter()
                .map(|query| (query["refId"].as_str().expect("a letter").to_owned(), result(query)))
                .collect();
            let status = if results.values().any(|one| one.get("error").is_some()) { 400 } else { 200 };
            let body = value!({"results": results}).to_string();
            reply(status, &[("content-type", "application/json; charset=UTF-8")], body)
        }
        _ => reply(404, &[("content-type", "application/json")], r#"{"message": "Dashboard not found"}"#),
    }
}

fn grafana(url: &str) -> stanch::config::Source {
    of_kind("grafana", Settings { http: Some(http(url)), ..Settings::default() })
}

fn of_uid(uid: &str) -> DashboardEntry {
    DashboardEntry { at: DashboardAt::Grafana { uid: uid.into(), base: None }, ..DashboardEntry::default() }
}

/// Opens the only dashboard of a configuration.
async fn open(config: &Config) -> Result<Arc<OpenDashboard>, String> {
    let wanted = Wanted { place: 0, chosen: Vec::new(), request: 0, previous: None };
    let now: Timestamp = "2023-11-14T22:15:00Z".parse().expect("a time");
    dashboards::open(&Registry::of(config), config, &wanted, (HALF_HOUR, now)).await.outcome
}

/// What a panel shows, and what is said about it.
async fn panel(config: &Config, unit: usize) -> (Result<Data, Fault>, Vec<String>) {
    let dashboard = open(config).await.expect("a dashboard");
    let mut plan = Plan::default();
    plan.ask(Query::new(SourceId::nth(0), Ask::Panel(PanelAsk { dashboard, unit })));
    let polled = source::poll_once(&Registry::of(config), &plan, &QueryContext::of(HALF_HOUR), Timestamp::now()).await;
    match &polled.first().expect("one").1.outcome {
        Ok(reading) => (Ok(reading.data.clone()), reading.warnings.clone()),
        Err(fault) => (Err(fault.clone()), Vec::new()),
    }
}

async fn server() -> (Server, Config) {
    let server = Server::start(answer).await;
    let mut source = grafana(&server.url);
    let token = Secret::Literal(stanch::config::Literal("glsa_s3cret".into()));
    source.settings.http.as_mut().expect("http").auth = Auth::Bearer(token);
    let config = Config { sources: vec![source], dashboards: vec![of_uid("shop")], ..Config::default() };
    (server, config)
}

/// The queries that were posted, with what stood around them.
fn posted(server: &Server) -> Vec<Value> {
    let posted = server.seen().into_iter().filter(|seen| seen.method == "POST");
    posted.map(|seen| serde_json::from_str(&seen.body).expect("JSON")).collect()
}

#[tokio::test]
async fn a_dashboard_is_opened_by_its_uid_with_its_variables() {
    let (server, config) = server().await;
    let dashboard = open(&config).await.expect("a dashboard");
    assert_eq!((dashboard.title(), dashboard.said()), ("Shop in north", None));
    let choices: Vec<(String, usize)> =
        dashboard.variables().iter().map(|one| (one.name.clone(), one.choices.len())).collect();
    assert_eq!(choices, [("ds".to_owned(), 2), ("job".to_owned(), 2), ("zone".to_owned(), 2)]);
    assert!((0..6).all(|unit| dashboard.unasked(unit).is_none()), "every panel asks");
    let all_signed = server.seen().iter().all(|seen| seen.header("authorization") == Some("Bearer glsa_s3cret"));
    assert!(all_signed, "the token goes along everywhere");
}

#[tokio::test]
async fn any_data_source_is_asked_through_grafana() {
    let (server, config) = server().await;
    let (load, said) = panel(&config, 0).await;
    let Ok(Data::Series(load)) = load else { panic!("{load:?}") };
    let load = load.first().expect("a series");
    // The second is null, and said to be NaN.
    let points: Vec<f64> = load.points.iter().map(|point| point.v).collect();
    assert_eq!((&*load.name, points.len(), points[0], points[2]), ("load of a", 3, 0.5, 0.25));
    assert!(points[1].is_nan() && said.is_empty());
    let asked = posted(&server).pop().expect("a post");
    let query = &asked["queries"][0];
    assert_eq!(query["query"], "SELECT load WHERE zone='north'");
    assert_eq!(query["datasource"], value!({"type": "influxdb", "uid": "i1"}));
    let ms = |key: &str| asked[key].as_str().expect("a time").parse::<i64>().expect("milliseconds");
    assert_eq!(ms("to") - ms("from"), 1_800_000);
    assert_eq!((&query["maxDataPoints"], &query["intervalMs"]), (&value!(360), &value!(5000)));
}

#[tokio::test]
async fn promql_without_a_prometheus_goes_through_grafana_as_well() {
    let (server, config) = server().await;
    let (up, _) = panel(&config, 1).await;
    let Ok(Data::Readouts(up)) = up else { panic!("{up:?}") };
    assert_eq!(up.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["42"]);
    let asked = posted(&server).pop().expect("a post");
    let query = &asked["queries"][0];
    assert_eq!(
        (&query["instant"], &query["range"], &query["datasource"]["uid"]),
        (&value!(true), &value!(false), &value!("p1"))
    );
    assert_eq!(query["interval"], "30000ms", "scraped as often as the settings of the data source say");
}

#[tokio::test]
async fn expressions_and_mixed_panels_ask_all_they_need() {
    let (server, config) = server().await;
    let (twice, _) = panel(&config, 2).await;
    let Ok(Data::Readouts(twice)) = twice else { panic!("{twice:?}") };
    assert_eq!(twice.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["84"], "what is hidden is not shown");
    let letters = |body: &Value| -> Vec<String> {
        let queries = body["queries"].as_array().expect("queries");
        queries.iter().map(|query| query["refId"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(letters(&posted(&server).pop().expect("a post")), ["A", "B"], "and goes along to be reckoned with");
    let (both, _) = panel(&config, 3).await;
    let Ok(Data::Series(both)) = both else { panic!("{both:?}") };
    assert_eq!(both.iter().map(|one| one.name.to_string()).collect::<Vec<_>>(), ["load of a", "api"]);
    let bodies = posted(&server);
    let last: Vec<_> = bodies.iter().rev().take(2).map(letters).collect();
    assert_eq!(last, [["B"], ["A"]], "each data source for itself");
}

#[tokio::test]
async fn what_a_prometheus_of_ours_has_is_asked_there() {
    let straight = Server::start(|seen| {
        assert!(seen.path.starts_with("/api/v1/query"), "{}", seen.path);
        json(
            r#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"job":"straight"},"values":[[1700000000,"7"]]}]}}"#,
        )
    })
    .await;
    let (grafana, mut config) = server().await;
    let mut near = prometheus(&straight.url);
    near.name = "near".into();
    config.sources.push(near);
    config.dashboards[0].sources = vec![("Main".into(), "near".into())];
    // Variables are asked there, too: of this one there are none.
    config.dashboards[0].vars = vec![("job".into(), "api".into())];
    let (both, _) = panel(&config, 3).await;
    let Ok(Data::Series(both)) = both else { panic!("{both:?}") };
    assert_eq!(both.iter().map(|one| one.name.to_string()).collect::<Vec<_>>(), ["load of a", "straight"]);
    assert!(posted(&grafana).iter().all(|body| !body.to_string().contains("\"expr\"")), "no PromQL through Grafana");
    assert!(grafana.seen().iter().all(|seen| !seen.path.contains("/proxy/")));
}

#[tokio::test]
async fn one_query_that_fails_leaves_the_others() {
    let (_server, config) = server().await;
    let (half, said) = panel(&config, 4).await;
    let Ok(Data::Table(half)) = half else { panic!("{half:?}") };
    assert_eq!(half.rows, [["x"], ["y"]]);
    assert_eq!(said, ["B: no table[31m"]);
    let (none, _) = panel(&config, 5).await;
    assert_eq!(none.expect_err("all of it failed").to_string(), "query refused: no table[31m");
}

#[tokio::test]
async fn a_dashboard_of_the_newer_schema_is_asked_for_where_it_is() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/api/dashboards/uid/new" => reply(
            406,
            &[("content-type", "application/json")],
            r#"{"message": "dashboard api version not supported, use /apis/dashboard.grafana.app/v2beta1/namespaces/default/dashboards/new instead"}"#,
        ),
        "/apis/dashboard.grafana.app/v2beta1/namespaces/default/dashboards/new" => json(
            r#"{"apiVersion": "dashboard.grafana.app/v2beta1", "kind": "Dashboard", "metadata": {"name": "new"},
                "spec": {"title": "Newer", "elements": {"a": {"kind": "Panel", "spec": {"id": 1, "title": "P",
                 "vizConfig": {"kind": "stat"}, "data": {"spec": {"queries": []}}}}},
                 "layout": {"kind": "GridLayout", "spec": {"items": [{"kind": "GridLayoutItem",
                  "spec": {"element": {"name": "a"}}}]}}, "variables": []}}"#,
        ),
        "/api/datasources" => json("[]"),
        _ => reply(403, &[("content-type", "application/json")], r#"{"message": "no"}"#),
    })
    .await;
    let config = Config { sources: vec![grafana(&server.url)], dashboards: vec![of_uid("new")], ..Config::default() };
    let dashboard = open(&config).await.expect("a dashboard");
    assert_eq!((dashboard.title(), dashboard.units().count()), ("Newer", 1));
}

/// Why a dashboard cannot be opened, where the Grafana answers so.
async fn refused(steps: impl Fn(&Seen) -> Vec<Step> + Send + Sync + 'static) -> String {
    let server = Server::start(steps).await;
    let mut source = grafana(&server.url);
    (source.timeout, source.max_bytes) = (Duration::from_millis(300), 1_000_000);
    let config = Config { sources: vec![source], dashboards: vec![of_uid("gone")], ..Config::default() };
    open(&config).await.expect_err("no dashboard").replace(&server.url, "http://grafana")
}

/// Any word of an answer may come to the screen, also as what is wrong with it.
#[tokio::test]
async fn what_a_grafana_repeats_of_the_token_is_struck_out() {
    let echo = |seen: &Seen| {
        let path = seen.path.split('?').next().unwrap_or_default();
        match path {
            "/api/ds/query" => reply(
                400,
                &[("content-type", "application/json")],
                r#"{"message": "no rights for Bearer glsa_s3cret"}"#,
            ),
            "/api/datasources/proxy/uid/p1/api/v1/label/job/values" => {
                json(r#"{"status": "error", "errorType": "bad_data", "error": "glsa_s3cret is wrong"}"#)
            }
            _ => answer(seen),
        }
    };
    let server = Server::start(echo).await;
    let (_first, mut config) = self::server().await;
    config.sources[0].settings.http.as_mut().expect("http").url = server.url.clone();
    let dashboard = open(&config).await.expect("a dashboard");
    let said = dashboard.said().expect("a variable that failed");
    let (outcome, warnings) = panel(&config, 0).await;
    let all = format!("{said} {outcome:?} {warnings:?}");
    assert!(all.contains("is wrong") && all.contains("no rights for"), "{all}");
    assert!(!all.contains("s3cret"), "{all}");
}

#[tokio::test]
async fn each_bad_answer_has_its_words() {
    let said = |status: u16, body: &'static str| {
        refused(move |_| reply(status, &[("content-type", "application/json")], body))
    };
    assert_eq!(
        said(404, r#"{"message": "Dashboard not found", "messageId": "dashboards.not-found"}"#).await,
        "the dashboard gone of it: it has no dashboard gone; was it deleted, or is it in another organisation?"
    );
    assert_eq!(
        said(401, r#"{"message": "Invalid API key"}"#).await,
        "the dashboard gone of it: 401 not signed in: check the credentials: none are configured: Invalid API key; it \
         needs the token of a service account, as `bearer`"
    );
    let forbidden = said(403, r#"{"message": "You'll need additional permissions to perform this action"}"#).await;
    assert!(forbidden.ends_with("its token needs the right to read this dashboard"), "{forbidden}");
    assert!(forbidden.contains("403 not allowed: You'll need additional permissions"), "{forbidden}");
    let page = refused(|_| reply(200, &[("content-type", "text/html")], "<html><title>Grafana</title>")).await;
    assert!(page.contains("HTML where JSON was expected (sign-in page?): “Grafana”"), "{page}");
    let away = refused(|_| reply(302, &[("location", "/login")], "")).await;
    assert!(away.contains("sign-in page?): redirected to http://grafana/login"), "{away}");
    let other = said(200, r#"{"status": "success"}"#).await;
    assert_eq!(other, "the dashboard gone of it: this is no dashboard: it has neither panels nor a title");
    let hangs = refused(|_| vec![Step::Hang]).await;
    assert!(hangs.contains("timed out after"), "{hangs}");
    let endless = refused(|_| {
        let head = crate::server::head(200, &[("content-type", "application/json")], None);
        vec![Step::Send(head), Step::Endless(vec![b' '; 4096])]
    })
    .await;
    assert!(endless.contains("answer larger than 1 MB"), "{endless}");
}

#[tokio::test]
async fn a_uid_leads_nowhere_else() {
    let server = Server::start(|_| json("{}")).await;
    let config = Config { sources: vec![grafana(&server.url)], ..Config::default() };
    let registry = Registry::of(&config);
    for uid in ["../../admin/settings", "a/b", "a?x=y", "", "..", "a%2f"] {
        let refused = source::fetch_dashboard(&registry, SourceId::nth(0), uid).await;
        assert!(refused.is_err(), "{uid}");
    }
    assert!(server.seen().is_empty(), "nobody was asked");
}

#[tokio::test]
async fn a_grafana_is_known_and_searched() {
    let (_server, config) = server().await;
    let registry = Registry::of(&config);
    let id = SourceId::nth(0);
    assert_eq!(source::is_grafana(&registry, id).await, Ok(()));
    let hits = source::search_dashboards(&registry, id, &SearchFor { words: "shop".into(), starred: true }).await;
    assert_eq!(hits.expect("hits").iter().map(|hit| hit.uid.as_str()).collect::<Vec<_>>(), ["shop"]);
    let rows = source::check(&registry, &Plan::of(&config), &QueryContext::of(HALF_HOUR)).await;
    assert_eq!(rows.iter().map(|row| (row.kind, row.outcome.clone())).collect::<Vec<_>>(), [("grafana", Ok(1))]);
    let other = Server::start(|_| json(r#"{"status": "UP"}"#)).await;
    let config = Config { sources: vec![grafana(&other.url)], ..Config::default() };
    let said = source::is_grafana(&Registry::of(&config), id).await.expect_err("none");
    assert!(said.to_string().ends_with("what answers there is no Grafana"), "{said}");
}

#[test]
fn the_configuration_says_where_dashboards_are() {
    let sources = "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://p:9090\"\n\
                   [[source]]\nname = \"graf\"\ntype = \"grafana\"\nurl = \"https://g.example/x/\"\n";
    let read = |text: &str| load::parse(&format!("{sources}{text}"), std::path::Path::new("/etc/stanch.toml"));
    let (config, _) = read(
        "[[dashboard]]\nurl = \"https://g.example/x/d/abc/t?var-a=1&var-b=2\"\nvars = [\"a=3\"]\nrefresh = \"1m\"\n\
         sources = { prometheus = \"prom\", loki = \"graf\" }\n[[dashboard]]\nuid = \"def\"\nsource = \"prom\"\n\
         [[dashboard]]\nfile = \"x.json\"\n",
    )
    .expect("a configuration");
    let [url, uid, file] = config.dashboards.as_slice() else { panic!("three") };
    let vars = [("b", "2"), ("a", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!((url.vars.as_slice(), url.refresh), (vars.as_slice(), Some(Duration::from_secs(60))));
    let (prom, graf) = (Some(SourceId::nth(0)), Some(SourceId::nth(1)));
    let asked = |entry: &DashboardEntry| (entry.prometheus(&config), entry.grafana(&config));
    assert_eq!(asked(url), (None, graf), "which Prometheus is meant, Grafana knows");
    assert_eq!((asked(uid), asked(file)), ((prom, graf), (prom, graf)));
    for (text, expected) in [
        ("[[dashboard]]\nuid = \"a/b\"\n", "`uid`: expected what stands behind /d/ in its address"),
        ("[[dashboard]]\nurl = \"https://g.example/explore\"\n", "`url`: expected the address of a dashboard"),
        ("[[dashboard]]\nuid = \"a\"\nfile = \"b\"\n", "has file and uid; expected one of them"),
        ("[[dashboard]]\nuid = \"a\"\nsources = { x = \"nobody\" }\n", "names the source `nobody`"),
        ("[[dashboard]]\n", "the JSON that Grafana exports, or `url` or `uid`"),
        ("[[pane]]\ntitle = \"t\"\nsource = \"graf\"\nquery = \"up\"\n", "gives only dashboards"),
    ] {
        let errors = read(text).expect_err("a mistake").to_string();
        assert!(errors.contains(expected), "{text}: {errors}");
    }
    let alone = load::parse("[[dashboard]]\nuid = \"a\"\n", std::path::Path::new("x.toml")).expect_err("no Grafana");
    assert!(alone.to_string().contains("`uid` needs a [[source]] of type \"grafana\""), "{alone}");
    // What a dashboard of a Grafana is, is read as one of a file.
    assert!(Dashboard::of(dashboard()).is_ok());
}
