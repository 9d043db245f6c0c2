//! Panels of dashboards, asked of a server: what they come to, and what is said where a part of it fails.

use std::sync::Arc;

use stanch::{
    dashboard::{Ask, PanelAsk},
    grafana::{model::Dashboard, open::OpenDashboard, time_range::TimeRange, variable::Variables},
    signal::{Data, Fault, Readout, Tone},
    source,
};

use crate::{
    ask, config, prometheus,
    server::{Seen, Server, Step, json, reply},
};

const DASHBOARD: &str = r#"{"title": "t", "schemaVersion": 39, "templating": {"list": [
    {"name": "job", "type": "query", "query": "label_values(up, job)", "regex": "/^(a.*)/"}]},
  "panels": [
    {"id": 1, "type": "stat", "title": "one", "targets": [{"refId": "A", "expr": "size{job=\"$job\"}", "instant": true}],
     "fieldConfig": {"defaults": {"unit": "bytes", "thresholds": {"steps": [{"color": "green"}, {"color": "red", "value": 9}]}}}},
    {"id": 2, "type": "timeseries", "title": "two", "targets": [
      {"refId": "A", "expr": "good[$__rate_interval]", "legendFormat": "{{x}} of $job"}, {"refId": "B", "expr": "bad"}]},
    {"id": 3, "type": "table", "title": "three", "targets": [{"refId": "A", "expr": "good", "format": "table", "instant": true}],
     "transformations": [{"id": "organize", "options": {"excludeByName": {"Time": true}, "renameByName": {"x": "X"}}}]},
    {"id": 4, "type": "stat", "title": "four", "targets": [{"refId": "A", "expr": "bad"}]}]}"#;

fn answer(seen: &Seen) -> Vec<Step> {
    let ok = |data: &str| json(format!(r#"{{"status":"success","data":{data}}}"#));
    let has = |part: &str| seen.path.contains(part);
    if has("/label/job/values") {
        return ok(r#"["b1","a1","a2"]"#);
    }
    match (has("query_range"), has("bad"), has("size")) {
        (_, true, _) => reply(
            400,
            &[("content-type", "application/json")],
            r#"{"status":"error","errorType":"bad_data","error":"no\u001b[31m"}"#,
        ),
        (true, ..) => ok(
            r#"{"resultType":"matrix","result":[{"metric":{"x":"y\u001b[1m"},"values":[[1700000000,"1"],[1700000060,"2"]]}]}"#,
        ),
        (false, _, true) => ok(r#"{"resultType":"vector","result":[{"metric":{},"value":[1700000000,"2048"]}]}"#),
        (false, ..) => ok(r#"{"resultType":"vector","result":[{"metric":{"x":"q"},"value":[1700000000,"NaN"]}]}"#),
    }
}

async fn panel(server: &Server, unit: usize) -> (Result<Data, Fault>, Vec<String>) {
    let source = prometheus(&server.url);
    let dashboard = Dashboard::read(DASHBOARD).expect("a dashboard");
    let range = TimeRange { from: 1_699_998_200_000, to: 1_700_000_000_000 };
    let mut variables = Variables::of(&dashboard, range, &[]);
    let registry = source::Registry::of(&config(source.clone()));
    source::settle_variables(&registry, &mut variables).await;
    let dashboard = Arc::new(OpenDashboard::new(dashboard, variables));
    match ask(source, Ask::Panel(PanelAsk { dashboard, unit })).await {
        Ok(reading) => (Ok(reading.data.clone()), reading.warnings.clone()),
        Err(fault) => (Err(fault), Vec::new()),
    }
}

#[tokio::test]
async fn each_kind_of_panel_comes_to_what_is_drawn() {
    let server = Server::start(answer).await;
    let readout = Readout { text: "2 KiB".into(), value: Some(2048.0), tone: Some(Tone::Bad), ..Readout::default() };
    let (one, _) = panel(&server, 0).await;
    let Ok(Data::Readouts(found)) = one else { panic!("{one:?}") };
    assert_eq!(found.iter().map(|one| Readout { name: String::new(), ..one.clone() }).collect::<Vec<_>>(), [readout]);
    let asked = server.seen();
    let query = asked.iter().find(|seen| seen.path.contains("size")).expect("a query");
    assert!(query.path.contains("job%3D%22a1%22"), "{}", query.path);
    let (three, _) = panel(&server, 2).await;
    let Ok(Data::Table(table)) = three else { panic!("{three:?}") };
    let heads: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.numeric)).collect();
    assert_eq!(
        (heads, table.rows),
        (vec![("X", false), ("Value", true)], vec![vec!["q".to_owned(), "NaN".to_owned()]])
    );
}

/// The durations of its queries are those of the window, however far ahead it is asked for.
#[tokio::test]
async fn a_panel_of_a_day_earlier_is_asked_for_a_little_further_and_stands_at_the_times_of_now() {
    let server = Server::start(answer).await;
    let source = prometheus(&server.url);
    let dashboard = Dashboard::read(DASHBOARD).expect("a dashboard");
    let variables = Variables::of(&dashboard, TimeRange { from: 0, to: 1 }, &[]);
    let dashboard = Arc::new(OpenDashboard::new(dashboard, variables));
    let of = || Ask::Panel(PanelAsk { dashboard: Arc::clone(&dashboard), unit: 1 });
    let ago = std::time::Duration::from_secs(86_400);
    let now = ask(source.clone(), of()).await.expect("a reading");
    let earlier = ask(source, Ask::Earlier { of: Box::new(of()), ago }).await.expect("a reading");
    let points = |reading: &stanch::signal::Reading| match &reading.data {
        Data::Series(series) => series[0].points.iter().map(|point| point.t).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(points(&earlier), points(&now).iter().map(|t| t + 86_400_000).collect::<Vec<_>>());
    let asked = server.seen();
    let asked: Vec<_> = asked.iter().filter(|seen| seen.path.contains("query=good")).collect();
    let number = |nth: usize, key: &str| -> f64 {
        let path = &asked[nth].path;
        let value = path.split(['?', '&']).find_map(|pair| pair.strip_prefix(key)).expect("a number");
        value.parse().expect("a number")
    };
    let query =
        |nth: usize| asked[nth].path.split(['?', '&']).find(|pair| pair.starts_with("query=")).map(str::to_owned);
    assert_eq!(query(0), query(1));
    assert_eq!(number(0, "step="), number(1, "step="));
    let (start, end) = (number(0, "start=") - number(1, "start="), number(0, "end=") - number(1, "end="));
    assert!((start - 86_400.0).abs() < 30.0, "{start}");
    assert!((end - (86_400.0 - 225.0)).abs() < 30.0, "an eighth of half an hour further: {end}");
}

#[tokio::test]
async fn a_query_that_fails_is_said_beside_those_that_do_not() {
    let server = Server::start(answer).await;
    let (two, warnings) = panel(&server, 1).await;
    let Ok(Data::Series(series)) = two else { panic!("{two:?}") };
    let names: Vec<_> = series.iter().map(|one| (one.name.to_string(), one.points.len())).collect();
    assert_eq!(names, [("y[1m of a1".to_owned(), 2)], "and nothing in it moves the terminal");
    assert_eq!(warnings, ["B: query refused: no[31m"]);
    let (four, _) = panel(&server, 3).await;
    assert_eq!(four.expect_err("all of it failed").to_string(), "query refused: no[31m");
}
