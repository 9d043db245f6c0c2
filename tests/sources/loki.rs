//! Loki: recorded answers, and one that holds lines, asked again and again.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use stanch::{
    config::{Config, Lines, PaneKind, Setting, Settings, Source, load},
    dashboard::{Ask, Plan, QueryContext},
    signal::{Data, Fault, Level, LogLine, Reading, Window},
    source::{self, Body, Registry},
};

use crate::{HALF_HOUR, Timestamp, http, loki::FakeLoki, plan, server, source as of_kind};

fn loki(url: &str) -> Source {
    let (max_bytes, timeout) = (20_000_000, Duration::from_secs(30));
    Source { max_bytes, timeout, ..of_kind("loki", Settings { http: Some(http(url)), ..Settings::default() }) }
}

fn lines(limit: u16) -> Ask {
    Ask::Lines { query: "{app=~\".+\"}".into(), lines: Lines { limit, ..Lines::default() }, around: None }
}

/// One that is asked for lines, at times of its own.
struct Asker {
    registry: Registry,
    plan: Plan,
    context: QueryContext,
}

impl Asker {
    fn of(source: Source, ask: Ask) -> Self {
        let config = Config { sources: vec![source], ..Config::default() };
        Self { registry: Registry::of(&config), plan: plan([ask]), context: QueryContext::of(HALF_HOUR) }
    }

    async fn ask(&self, now: Timestamp) -> Result<Arc<Reading>, Fault> {
        let polled = source::poll_once(&self.registry, &self.plan, &self.context, now).await;
        polled.into_iter().next().expect("one").1.outcome
    }

    async fn lines(&self, now: Timestamp) -> (Vec<String>, Vec<String>) {
        let reading = self.ask(now).await.expect("lines");
        let Data::Logs(lines) = &reading.data else { panic!("{:?}", reading.data) };
        (lines.iter().map(|line| line.text.clone()).collect(), reading.warnings.clone())
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_357_000 + second).expect("a time")
}

fn ns(second: i64, more: i64) -> i64 {
    i64::try_from(at(second).as_nanosecond()).expect("it fits") + more
}

fn recorded(name: &str) -> Vec<LogLine> {
    let body = std::fs::read(format!("{}/tests/captures/loki/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a body");
    match source::decode(Body::LogLines, &body, Timestamp::UNIX_EPOCH).expect("lines") {
        (Data::Logs(lines), warnings) if warnings.is_empty() => lines,
        other => panic!("{other:?}"),
    }
}

#[test]
fn recorded_lines_are_read() {
    let lines = recorded("range_streams.json");
    assert_eq!(lines.len(), 8);
    assert!(lines.is_sorted_by_key(|line| line.at), "streams are merged");
    let with_metadata = recorded("range_streams_metadata_categorized.json");
    let labels: Vec<_> = with_metadata[0].labels.iter().collect();
    assert_eq!(labels, [("job", "meta"), ("service_name", "meta"), ("trace_id", "0242ac120002"), ("user", "u-17")]);
    let parsed = recorded("range_streams_categorized.json");
    assert_eq!((parsed[0].level, parsed[0].labels.get("order")), (Level::Info, None), "the line itself says its order");
    let control = recorded("range_streams_control.json");
    assert_eq!(control[0].text, "WARN slow upstream — café 注文 🛒 שלום  end");
    let multiline = recorded("range_streams_multiline.json");
    assert!(multiline[0].text.starts_with("Traceback (most recent call last):   File"), "{}", multiline[0].text);
    assert_eq!(multiline[0].level, Level::Error);
    assert!(recorded("tenant_ok_empty_range.json").is_empty() && recorded("label_values_unknown.json").is_empty());
}

#[tokio::test]
async fn each_line_is_there_once_however_often_it_is_asked() {
    let fake = FakeLoki::start().await;
    let asker = Asker::of(loki(&fake.server.url), lines(1000));
    let mut sent = Vec::new();
    for second in 0..40 {
        // Three streams, some lines of one instant; every fourth comes twenty seconds late.
        let mut batch: Vec<_> =
            (0..3).map(|n| (ns(second, n % 2), ["a", "b", "c"][n as usize], format!("{second}.{n}"))).collect();
        if second % 4 == 0 && second >= 20 {
            batch.push((ns(second - 20, 500), "late", format!("late {second}")));
        }
        sent.extend(batch.iter().map(|(.., line)| line.clone()));
        fake.push(batch);
        let (mut shown, warnings) = asker.lines(at(second + 1)).await;
        assert_eq!(warnings, Vec::<String>::new());
        shown.sort();
        let mut expected = sent.clone();
        expected.sort();
        assert_eq!(shown, expected, "at second {second}");
    }
    let starts: Vec<i64> = fake.asked().iter().map(|asked| asked["start"].parse().expect("a time")).collect();
    assert_eq!(starts[0], ns(1 - 1800, 0), "the whole window at first");
    assert_eq!(starts.last(), Some(&ns(39 - 30, 0)), "then what came since, and half a minute before");
}

#[tokio::test]
async fn of_ten_thousand_lines_a_second_the_newest_are_there_without_a_gap() {
    let fake = FakeLoki::start().await;
    let asker = Asker::of(loki(&fake.server.url), lines(5000));
    for second in 0..6 {
        fake.push(
            (0..10_000).map(|n| (ns(second, n * 100_000), ["a", "b"][n as usize % 2], format!("{second}:{n:05}"))),
        );
        let (shown, warnings) = asker.lines(at(second + 1)).await;
        let expected: Vec<String> = (5000..10_000).map(|n| format!("{second}:{n:05}")).collect();
        assert_eq!(shown, expected, "the newest 5000, each once, in their order");
        assert_eq!(warnings, ["the newest 5000 lines, of the last 1 s; older ones are left out"]);
    }
}

#[tokio::test]
async fn a_server_that_gives_few_at_once_is_asked_page_by_page() {
    let fake = FakeLoki::start().await;
    fake.store.lock().expect("not poisoned").most = Some(70);
    // Thirty lines of each instant, so that pages end amid one.
    fake.push((0..600).map(|n| (ns(n / 30, 0), "a", format!("{n:03}"))));
    let asker = Asker::of(loki(&fake.server.url), lines(500));
    let (mut shown, warnings) = asker.lines(at(60)).await;
    shown.sort();
    let whole = fake.asked().len();
    assert_eq!((shown.len(), warnings.len()), (500, 1), "{warnings:?}");
    shown.dedup();
    assert_eq!(shown.len(), 500, "none is there twice");
    assert!(whole < 20, "{whole}");
    // More of one instant than it gives: it is said, and not asked for for ever.
    fake.push((0..100).map(|n| (ns(61, 0), "b", format!("x{n}"))));
    let (shown, warnings) = asker.lines(at(62)).await;
    assert!(warnings.iter().any(|warning| warning.starts_with("more lines of one instant")), "{warnings:?}");
    assert_eq!(shown.last().map(|line| line.starts_with('x')), Some(true));
}

#[tokio::test]
async fn a_failure_is_followed_by_the_whole_window() {
    let fake = FakeLoki::start().await;
    let asker = Asker::of(loki(&fake.server.url), lines(100));
    fake.push([(ns(0, 0), "a", "one".to_owned())]);
    asker.lines(at(1)).await;
    fake.refuse(Some((503, "Ingester not ready: waiting for 15s after being ready\n")));
    let fault = asker.ask(at(2)).await.expect_err("a fault").to_string();
    assert_eq!(
        fault,
        "server error 503: this Loki is not ready yet: Ingester not ready: waiting for 15s after being ready"
    );
    fake.refuse(None);
    // Longer ago than is asked for again: it was dated so while nobody could ask.
    fake.push([(ns(-60, 0), "a", "late".to_owned())]);
    assert_eq!(asker.lines(at(3)).await.0, ["late", "one"]);
}

#[tokio::test]
async fn lines_leave_with_the_window() {
    let fake = FakeLoki::start().await;
    let asker = Asker::of(
        loki(&fake.server.url),
        Ask::Lines {
            query: "{app=\"a\"}".into(),
            lines: Lines { since: Some(Duration::from_secs(60)), ..Lines::default() },
            around: None,
        },
    );
    fake.push([(ns(0, 0), "a", "one".to_owned()), (ns(50, 0), "a", "two".to_owned())]);
    assert_eq!(asker.lines(at(55)).await.0, ["one", "two"]);
    assert_eq!(asker.lines(at(65)).await.0, ["two"]);
    assert_eq!(asker.lines(at(130)).await.0, Vec::<String>::new());
}

#[tokio::test]
async fn the_oldest_are_shown_where_that_is_asked_for() {
    let fake = FakeLoki::start().await;
    fake.push((0..10).map(|n| (ns(n, 0), "a", n.to_string())));
    let ask = Ask::Lines {
        query: "{app=\"a\"}".into(),
        lines: Lines { limit: 3, oldest: true, ..Lines::default() },
        around: None,
    };
    let (shown, warnings) = Asker::of(loki(&fake.server.url), ask).lines(at(20)).await;
    assert_eq!(shown, ["0", "1", "2"]);
    assert_eq!(warnings, ["the first 3 lines of the time shown; later ones are left out"]);
}

#[tokio::test]
async fn the_lines_around_a_moment_are_the_nearest_to_it() {
    let fake = FakeLoki::start().await;
    fake.push((-200..200).map(|n| (ns(n, 0), "a", n.to_string())));
    let ask = |limit| Ask::Lines {
        query: "{app=\"a\"}".into(),
        lines: Lines { limit, ..Lines::default() },
        around: Some(at(0)),
    };
    let (shown, warnings) = Asker::of(loki(&fake.server.url), ask(1000)).lines(at(5000)).await;
    let expected: Vec<String> = (-120..120).map(|n| n.to_string()).collect();
    assert_eq!((shown, warnings), (expected, Vec::new()), "two minutes before and after, whatever the window is");
    let (shown, warnings) = Asker::of(loki(&fake.server.url), ask(6)).lines(at(5000)).await;
    assert_eq!(shown, ["-3", "-2", "-1", "0", "1", "2"]);
    assert_eq!(warnings, ["the nearest 3 lines before it and 3 after; others are left out"]);
}

#[tokio::test]
async fn panels_of_a_dashboard_that_ask_loki_go_straight_to_it() {
    let fake = FakeLoki::start().await;
    let now = Timestamp::now();
    let second = i64::try_from(now.as_nanosecond()).expect("it fits") - 1_000_000_000;
    fake.push((0..3).map(|n| (second + n, "a", format!("line {n}"))));
    let target = |expr: &str| serde_json::json!([{"refId": "A", "expr": expr}]);
    let source = serde_json::json!({"type": "loki", "uid": "elsewhere"});
    let dashboard = serde_json::json!({"title": "Logs", "schemaVersion": 39, "panels": [
        {"id": 1, "type": "logs", "title": "All", "datasource": source, "targets": target("{app=\"a\"}")},
        {"id": 2, "type": "table", "title": "Rows", "datasource": source, "targets": target("{app=\"a\"}")},
        {"id": 3, "type": "timeseries", "title": "Rate", "datasource": source,
         "targets": target("sum(rate({app=\"a\"}[$__auto]))")}]});
    let config = Config { sources: vec![loki(&fake.server.url)], ..Config::default() };
    let parsed = stanch::grafana::model::Dashboard::of(dashboard).expect("a dashboard");
    let range =
        stanch::grafana::time_range::TimeRange { from: now.as_millisecond() - 60_000, to: now.as_millisecond() };
    let routes = stanch::grafana::routes::Routes { prometheus: None, lokis: vec![0], ..Default::default() };
    let variables = stanch::grafana::variable::Variables::of(&parsed, range, &[]).by(routes);
    let open = Arc::new(stanch::grafana::open::OpenDashboard::new(Arc::new(parsed), variables));
    let panel = |unit| Ask::Panel(stanch::dashboard::PanelAsk { dashboard: Arc::clone(&open), unit });
    let (registry, plan) = (Registry::of(&config), plan([panel(0), panel(1), panel(2)]));
    let context = QueryContext::of(Window::live(Duration::from_secs(60)));
    let polled = source::poll_once(&registry, &plan, &context, now).await;
    let data: Vec<&Data> = polled.iter().filter_map(|(_, polled)| Some(&polled.outcome.as_ref().ok()?.data)).collect();
    let Data::Logs(lines) = data[0] else { panic!("{:?}", data[0]) };
    assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["line 0", "line 1", "line 2"]);
    let Data::Table(table) = data[1] else { panic!("{:?}", data[1]) };
    let cells: Vec<&str> = table.rows.iter().flatten().map(String::as_str).collect();
    assert!(table.rows.len() == 3 && cells.contains(&"line 2"), "{cells:?}");
    let asked = fake.asked();
    let rate = asked.iter().find(|asked| asked["query"].starts_with("sum(rate(")).expect("the third is asked");
    assert!(!rate["query"].contains('$') && rate.contains_key("step"), "{rate:?}");
}

#[tokio::test]
async fn a_window_that_stands_still_is_asked_for_as_it_is() {
    let fake = FakeLoki::start().await;
    fake.push((0..10).map(|n| (ns(n, 0), "a", n.to_string())));
    let mut asker = Asker::of(loki(&fake.server.url), lines(100));
    asker.context = QueryContext::of(Window { span: Duration::from_secs(3), end: Some(at(5)) });
    assert_eq!(asker.lines(at(1000)).await.0, ["2", "3", "4"]);
}

#[tokio::test]
async fn where_lines_are_long_fewer_are_asked_for_at_once() {
    let fake = FakeLoki::start().await;
    fake.push((0..60).map(|n| (ns(n, 0), "a", format!("{n:02} {}", "x".repeat(200_000)))));
    let source = Source { max_bytes: 4_000_000, ..loki(&fake.server.url) };
    let (shown, warnings) = Asker::of(source, lines(1000)).lines(at(100)).await;
    assert_eq!((shown.len(), warnings), (60, Vec::new()));
    assert!(shown[0].starts_with("00 xxx") && shown.iter().all(|line| line.len() <= 4096));
}

#[tokio::test]
async fn a_server_whose_clock_is_a_day_ahead_is_asked_by_its_clock() {
    let day = SignedDuration::from_hours(24);
    let there = Timestamp::now() + day;
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&there).expect("a date");
    let server = server::Server::start(move |_| {
        server::reply(200, &[("content-type", "application/json"), ("date", &date)], r#"{"status":"success"}"#)
    })
    .await;
    let asker = Asker::of(loki(&server.url), lines(10));
    for _ in 0..2 {
        asker.ask(Timestamp::now()).await.expect("an answer");
    }
    let path = server.seen().last().expect("one").path.clone();
    let url = reqwest::Url::parse(&format!("http://x{path}")).expect("an address");
    let end = url.query_pairs().find(|(name, _)| name == "end").expect("an end").1.parse::<i128>().expect("a time");
    let apart = end - there.as_nanosecond();
    assert!((0..700_000_000_000).contains(&apart), "the end is ahead of the time there by {apart} ns");
}

#[tokio::test]
async fn whose_lines_are_meant_is_told() {
    let fake = FakeLoki::start().await;
    let mut source = loki(&fake.server.url);
    source.settings.own.insert("tenant", Setting::Text("shop".into()));
    Asker::of(source, lines(10)).ask(at(0)).await.expect("an answer");
    let seen = fake.server.seen();
    assert_eq!(seen[0].header("x-scope-orgid"), Some("shop"));
    assert_eq!(seen[0].header("x-loki-response-encoding-flags"), Some("categorize-labels"));
    fake.refuse(Some((401, "no org id\n")));
    let fault = Asker::of(loki(&fake.server.url), lines(10)).ask(at(0)).await.expect_err("a fault").to_string();
    assert!(fault.contains("this Loki has several tenants; say whose lines are meant by `tenant"), "{fault}");
}

#[tokio::test]
async fn numbers_are_asked_for_as_of_a_prometheus() {
    let body = |name: &str| std::fs::read(format!("{}/tests/captures/loki/{name}", env!("CARGO_MANIFEST_DIR")));
    let (matrix, vector) = (body("matrix_error_rate.json").expect("one"), body("query_vector.json").expect("one"));
    let server = server::Server::start(move |seen| match seen.path.starts_with("/loki/api/v1/query_range?") {
        true => server::json(&matrix),
        false if seen.path.starts_with("/loki/api/v1/query?") => server::json(&vector),
        false => server::reply(404, &[("content-type", "text/plain")], "404 page not found\n"),
    })
    .await;
    let text = format!(
        r#"
        [[source]]
        name = "loki"
        type = "loki"
        url = "{}"
        [[vital]]
        title = "errors"
        source = "loki"
        query = 'sum(count_over_time({{app="a"}}[1m]))'
        ok = "< 5"
        [[pane]]
        title = "curve"
        source = "loki"
        query = 'sum by (service) (rate({{app="a"}}[1m]))'
        [[pane]]
        title = "now"
        source = "loki"
        type = "table"
        query = 'count_over_time({{app="a"}}[1m])'
        "#,
        server.url
    );
    let (config, _) = load::parse(&text, std::path::Path::new("stanch.toml")).expect("valid");
    let kinds: Vec<PaneKind> = config.panes.iter().map(|pane| pane.kind).collect();
    assert_eq!(kinds, [PaneKind::TimeSeries, PaneKind::Table]);
    let (plan, registry) = (Plan::of(&config), Registry::of(&config));
    let polled = source::poll_once(&registry, &plan, &QueryContext::of(HALF_HOUR), Timestamp::now()).await;
    let series: Vec<usize> =
        polled.iter().map(|(_, polled)| polled.outcome.as_ref().expect("numbers").data.items()).collect();
    assert_eq!((series.len(), series.last()), (3, Some(&5)), "{series:?}");
}

#[tokio::test]
async fn what_is_there_is_counted_by_a_check() {
    let server = server::Server::start(|seen| match seen.path.starts_with("/loki/api/v1/labels?") {
        true => server::json(r#"{"status":"success","data":["app","job"]}"#),
        false => server::reply(404, &[], ""),
    })
    .await;
    let config = Config { sources: vec![loki(&server.url)], ..Config::default() };
    let rows = source::check(&Registry::of(&config), &Plan::default(), &QueryContext::of(HALF_HOUR)).await;
    assert_eq!((rows[0].kind, rows[0].outcome.clone()), ("loki", Ok(2)));
}
