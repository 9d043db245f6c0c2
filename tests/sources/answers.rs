//! Recorded answers of real servers, served again as they came.

use stanch::{
    config::{Setting, Shape},
    dashboard::Ask,
    signal::{AlertSet, Data, Fault, FaultKind, Reading, Series, Severity},
};

use crate::{alertmanager, ask, fetch, generic, instant, prometheus, server};

/// What the server answers to everything: a recorded body with its status and kind of content.
async fn replay(file: &'static str) -> server::Server {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let body = std::fs::read(folder.join(file)).expect("a capture");
    let index: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("index.json")).expect("an index")).expect("JSON");
    let entry = index.as_array().expect("a list").iter().find(|entry| entry["file"] == file).expect("in the index");
    let status = u16::try_from(entry["status"].as_u64().expect("a status")).expect("a status");
    let headers: Vec<(String, String)> = entry["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| ["content-type", "www-authenticate", "location", "retry-after"].contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    server::Server::start(move |_| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        server::reply(status, &headers, &body)
    })
    .await
}

async fn reading(file: &'static str) -> Reading {
    let server = replay(file).await;
    let outcome = ask(prometheus(&server.url), instant("up")).await;
    Reading::clone(&outcome.unwrap_or_else(|fault| panic!("{file}: {fault}")))
}

async fn series(file: &'static str) -> Vec<Series> {
    match reading(file).await.data {
        Data::Series(series) => series,
        other => panic!("{file}: {other:?}"),
    }
}

async fn fault(file: &'static str) -> Fault {
    let server = replay(file).await;
    ask(prometheus(&server.url), instant("up")).await.expect_err(file)
}

async fn alerts(file: &'static str) -> AlertSet {
    let server = replay(file).await;
    let outcome = match file.starts_with("prometheus") {
        true => ask(prometheus(&server.url), Ask::Alerts).await,
        false => ask(alertmanager(&server.url), Ask::Alerts).await,
    };
    match &outcome.unwrap_or_else(|fault| panic!("{file}: {fault}")).data {
        Data::Alerts(set) => set.clone(),
        other => panic!("{file}: {other:?}"),
    }
}

#[tokio::test]
async fn vectors() {
    let up = series("prometheus/query_vector.json").await;
    assert!(up.len() > 5 && up.iter().all(|series| series.points.len() == 1));
    assert!(up.iter().all(|series| series.name.starts_with("up{instance=")), "{:?}", up[0].name);
    assert!(up.is_sorted_by(|a, b| a.labels <= b.labels));
    let by_service = series("prometheus/query_vector_noname.json").await;
    assert!(by_service.iter().any(|series| &*series.name == "checkout"), "{by_service:?}");
    assert_eq!(series("prometheus/query_vector_nolabels.json").await[0].name.as_ref(), "");
    assert_eq!(series("prometheus/query_empty.json").await, []);
    assert_eq!(series("prometheus/query_before_data.json").await, []);
    assert_eq!(series("prometheus/query_stale_empty.json").await, []);
    assert_eq!(series("prometheus/query_vector_inf.json").await[0].points[0].v, f64::INFINITY);
    assert!(series("prometheus/query_nan_gauge.json").await[0].points[0].v.is_nan());
    assert_eq!(series("prometheus/query_small_number.json").await[0].points[0].v, 1e-9);
    assert_eq!(series("prometheus/query_large_number.json").await[0].points[0].v, 5.36870912e20);
}

#[tokio::test]
async fn scalars_and_strings() {
    for (file, expected) in [
        ("prometheus/query_scalar.json", 1.5),
        ("prometheus/query_inf.json", f64::INFINITY),
        ("prometheus/query_neg_inf.json", f64::NEG_INFINITY),
    ] {
        assert_eq!(reading(file).await.data, Data::Number(expected));
    }
    assert!(matches!(reading("prometheus/query_nan_scalar.json").await.data, Data::Number(nan) if nan.is_nan()));
    let Data::Table(table) = reading("prometheus/query_string.json").await.data else { panic!("no table") };
    assert_eq!(table.rows, [["hello"]]);
}

#[tokio::test]
async fn matrices_and_gaps() {
    let matrix = series("prometheus/range_matrix.json").await;
    assert!(matrix.iter().all(|series| series.points.windows(2).all(|two| two[1].t - two[0].t == 5000)));
    assert!(series("prometheus/query_matrix.json").await[0].points.len() > 1);
    assert_eq!(series("prometheus/range_scalar_expr.json").await[0].points.len(), 3);
    assert!(series("prometheus/range_nan.json").await.iter().any(|series| series.points.iter().any(|p| p.v.is_nan())));
    let gap = series("prometheus/range_gap_staleness.json").await;
    let widest = gap[0].points.windows(2).map(|two| two[1].t - two[0].t).max();
    assert!(widest.is_some_and(|widest| widest > 5000), "{widest:?}");
    assert_eq!(series("prometheus/range_empty.json").await, []);
}

#[tokio::test]
async fn native_histograms_do_not_break() {
    for file in ["prometheus/native_vector.json", "prometheus/native_matrix.json", "prometheus/native_empty.json"] {
        let reading = reading(file).await;
        assert_eq!(reading.data, Data::Series(vec![]), "{file}");
        assert!(reading.warnings[0].starts_with("1 native histogram not shown"), "{:?}", reading.warnings);
    }
    let mixed = series("prometheus/native_range_mixed.json").await;
    assert!(!mixed.is_empty() && mixed.iter().all(|series| series.labels.get("__name__") == Some("up")));
    assert_eq!(series("prometheus/native_quantile.json").await.len(), 1);
    assert!(series("prometheus/native_empty_quantile.json").await[0].points[0].v.is_nan());
}

#[tokio::test]
async fn errors_in_their_many_shapes() {
    use FaultKind::*;
    let timed_out = "query timed out in expression evaluation";
    for (file, kind, words) in [
        ("prometheus/error_parse.json", BadQuery, "unclosed left parenthesis"),
        ("prometheus/error_parse_position.json", BadQuery, "1:8: parse error"),
        ("prometheus/error_execution_422.json", BadQuery, "found duplicate series for the match group"),
        ("prometheus/range_error_resolution.json", BadQuery, "exceeded maximum resolution of 11,000 points"),
        ("prometheus/error_timeout_503.json", Status(503), timed_out),
        ("prometheus/error_admin_disabled.json", Status(500), "admin APIs disabled"),
        ("prometheus/error_404_api.txt", NotFound, "404 page not found"),
        ("prometheus/error_405.txt", Status(405), "Method Not Allowed"),
        ("prometheus/auth_401_none.txt", Unauthorized, "none are configured; it asks for Basic"),
        ("prometheus/prefix_404.txt", NotFound, "/api/v1/query"),
        ("prometheus/starting_query_503.txt", Status(503), "Service Unavailable"),
        ("alertmanager/error_concurrency_503.txt", Status(503), "Limit of concurrent GET requests reached"),
        ("alertmanager/error_filter.json", BadQuery, "bad matcher format: service"),
        ("alertmanager/error_404.json", NotFound, "path /api/v2/nope was not found"),
        ("alertmanager/error_silence_unknown.txt", NotFound, "/api/v1/query"),
        ("alertmanager/alerts_all.json", Malformed, "not an answer of Prometheus"),
        ("proxy/nginx_401.html", Unauthorized, "it asks for Basic"),
        ("proxy/nginx_403.html", Forbidden, "403 Forbidden"),
        ("proxy/nginx_404.html", NotFound, "404 Not Found"),
        ("proxy/nginx_413.html", BadQuery, "413 Request Entity Too Large"),
        ("proxy/nginx_429.html", TooManyRequests(None), "429 Too Many Requests"),
        ("proxy/nginx_502.html", Status(502), "502 Bad Gateway"),
        ("proxy/nginx_503_limit.html", Status(503), "503 Service Temporarily Unavailable"),
        ("proxy/nginx_504.html", Status(504), "504 Gateway Time-out"),
        ("proxy/nginx_302_sso.html", LoginPage, "redirected to "),
        ("proxy/lab_302_login.html", LoginPage, "redirected to"),
        ("proxy/lab_200_html_login.html", LoginPage, "“Sign in” at http://127.0.0.1"),
        ("proxy/lab_403_json.json", Forbidden, "You'll need additional permissions"),
        ("proxy/lab_bare_nan.json", Malformed, "not JSON"),
        ("proxy/lab_empty_200.txt", Malformed, "the answer is empty"),
        ("proxy/lab_truncated_json.txt", Malformed, "cut off after 45 bytes"),
        ("loki/range_streams.json", Malformed, "this is Loki, not Prometheus"),
    ] {
        let fault = fault(file).await;
        assert_eq!(fault.kind, kind, "{file}: {fault}");
        assert!(fault.to_string().contains(words), "{file}: {fault}");
    }
    let fault = fault("proxy/lab_429_json.json").await;
    assert!(matches!(fault.kind, TooManyRequests(Some(_))), "{fault}");
}

#[tokio::test]
async fn alerts_of_prometheus() {
    let pending = alerts("prometheus/alerts_pending.json").await;
    assert_eq!((pending.counts().pending, pending.counts().firing), (1, 1));
    let down = pending.groups.iter().find(|group| group.title.contains("TargetDown")).expect("it is pending");
    assert_eq!(down.title.as_ref(), "TargetDown redis");
    assert_eq!(down.since.to_string(), "2026-11-22T14:24:15.006926626Z");
    let alert = &down.alerts[0];
    assert_eq!(alert.summary.as_ref(), "redis redis-0 cannot be scraped");
    assert_eq!(alert.links.runbook.as_deref(), Some("https://runbooks.shop.example/TargetDown"));
    let watchdog = pending.groups.iter().find(|group| group.title.as_ref() == "Watchdog").expect("always");
    assert_eq!(watchdog.severity, Severity::None);
    assert!(alerts("prometheus/alerts_firing.json").await.counts().firing > 1);
}

#[tokio::test]
async fn alerts_of_alertmanager() {
    let set = alerts("alertmanager/groups.json").await;
    let counts = set.counts();
    assert!(counts.firing > 0 && counts.inhibited > 0 && counts.silenced > 0, "{counts:?}");
    let elevated = set.groups.iter().find(|group| group.title.starts_with("ErrorRateElevated")).expect("it is there");
    assert_eq!(elevated.title.as_ref(), "ErrorRateElevated checkout");
    assert_eq!(elevated.key.as_ref(), r#"{alertname="ErrorRateElevated", service="checkout"}"#);
    assert_eq!(elevated.counts.inhibited, 1);
    let alert = &elevated.alerts[0];
    assert_eq!(alert.id.as_ref(), "7e38108d191dc8e7");
    assert_eq!(alert.receivers.as_ref(), ["team-chat".into()]);
    assert!(alert.links.generator.as_deref().is_some_and(|link| link.contains("/graph?g0.expr=")));
    assert_eq!(alerts("alertmanager/groups_none.json").await, AlertSet::default());
    let active = alerts("alertmanager/groups_active.json").await.counts();
    assert_eq!((active.silenced, active.inhibited), (0, 0));
    assert_eq!(set.groups.iter().map(|group| group.state).collect::<Vec<_>>(), {
        let mut states: Vec<_> = set.groups.iter().map(|group| group.state).collect();
        states.sort();
        states
    });
}

#[tokio::test]
async fn the_same_answer_through_a_generic_source() {
    let server = replay("alertmanager/alerts_all.json").await;
    let jq = "[.[]|{id:.fingerprint,state:.status.state,severity:.labels.severity,title:.annotations.summary,\
              service:.labels.service,since:.startsAt,url:.generatorURL}]";
    let reading = ask(generic(&server.url), fetch(Shape::Alerts, Some(jq))).await.expect("alerts");
    let Data::Alerts(set) = &reading.data else { panic!("{reading:?}") };
    let counts = set.counts();
    assert_eq!((counts.firing, counts.silenced), (4, 4), "suppressed ones are silenced, as far as that word goes");
    assert!(set.groups.iter().all(|group| group.since.as_second() > 1_790_000_000));
}

#[tokio::test]
async fn an_alertmanager_is_asked_in_words_it_knows() {
    let server = server::Server::start(|_| server::json("[]")).await;
    let mut source = alertmanager(&format!("{}/am/", server.url));
    let filters = vec![r#"team="shop""#.into(), r#"env!~"dev|test""#.into()];
    source.settings.own.extend([
        ("inhibited", Setting::Flag(false)),
        ("receiver", Setting::Text("team-.*".into())),
        ("filters", Setting::List(filters)),
    ]);
    ask(source, Ask::Alerts).await.expect("no alerts");
    let seen = &server.seen()[0];
    assert_eq!(
        seen.path,
        "/am/api/v2/alerts/groups?active=true&silenced=true&inhibited=false\
         &filter=team%3D%22shop%22&filter=env%21%7E%22dev%7Ctest%22&receiver=team-.*"
    );
    assert_eq!(seen.header("accept-encoding"), Some("gzip"));
    assert_eq!(seen.header("authorization"), None);
}
