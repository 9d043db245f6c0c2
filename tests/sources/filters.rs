//! jq filters: what they make of answers, and that they can do no harm.

use std::time::{Duration, Instant};

use stanch::{
    config::{Read, Setting, Shape},
    dashboard::Ask,
    signal::{Data, FaultKind},
};

use crate::{
    ask, command, fetch, generic,
    server::{Server, json},
};

async fn feed(body: &'static str) -> Server {
    Server::start(move |_| json(body)).await
}

#[tokio::test]
async fn every_shape() {
    let server = feed(
        r#"{"n":"12","deployments":[{"id":1,"service":"checkout","version":"v2","at":1795356000}],
            "lines":["a ERROR","b"],"alerts":[{"id":"x","title":"down","since":1795356000}]}"#,
    )
    .await;
    let get = |shape, jq| ask(generic(&server.url), fetch(shape, Some(jq)));
    assert_eq!(get(Shape::Number, ".n").await.expect("a number").data, Data::Number(12.0));
    for (shape, jq, kind) in [
        (Shape::Changes, ".deployments[]", "Changes"),
        (Shape::Logs, ".lines", "Logs"),
        (Shape::Alerts, ".alerts", "Alerts"),
        (Shape::Table, ".deployments", "Table"),
    ] {
        let reading = get(shape, jq).await.expect(kind);
        assert!(format!("{:?}", reading.data).starts_with(kind), "{reading:?}");
        assert!(reading.data.items() > 0);
    }
    let Data::Table(table) = &get(Shape::Table, ".deployments|map({version, id})").await.expect("a table").data.clone()
    else {
        panic!("no table");
    };
    let heads: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(heads, ["version", "id"], "in the order of the filter");
}

#[tokio::test]
async fn errors_with_a_good_status() {
    let server = feed(r#"{"jsonrpc":"2.0","error":{"message":"Not authorised."}}"#).await;
    let read = Read { jq: Some(".result".into()), shape: Shape::Table, error_when: Some(".error.message".into()) };
    let fault = ask(generic(&server.url), Ask::Fetch { path: String::new(), read }).await.expect_err("an error");
    assert_eq!((fault.kind, fault.detail.as_str()), (FaultKind::ErrorInAnswer, "Not authorised."));
}

#[tokio::test]
async fn bodies_and_paths_are_sent() {
    let server = feed("[1]").await;
    let mut source = generic(&format!("{}/base?key=1", server.url));
    let sent = r#"{"method":"problem.get"}"#.to_owned();
    source.settings.own.insert("method", Setting::Text("POST".into()));
    source.settings.own.insert("body", Setting::Text(sent));
    let read = Read { shape: Shape::Number, ..Read::default() };
    ask(source, Ask::Fetch { path: "sub?x=2".into(), read }).await.expect("a number");
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/base/sub?key=1&x=2"));
    assert_eq!(
        (seen.body.as_str(), seen.header("content-type")),
        (r#"{"method":"problem.get"}"#, Some("application/json"))
    );
}

#[tokio::test]
async fn what_commands_print() {
    let run =
        |script: &'static str, shape, jq: Option<&'static str>| ask(command(&["sh", "-c", script]), fetch(shape, jq));
    assert_eq!(run("echo 42", Shape::Number, None).await.expect("a number").data, Data::Number(42.0));
    let lines = run("printf 'one ERROR\\n\\033[31mtwo\\033[0m\\n'", Shape::Logs, None).await.expect("lines");
    assert_eq!(lines.data.items(), 2);
    assert!(!format!("{lines:?}").contains("[31m"), "{lines:?}");
    let json_lines = "printf '{\"pod\":\"a\"}\\n{\"pod\":\"b\"}\\n'";
    assert_eq!(run(json_lines, Shape::Table, None).await.expect("rows").data.items(), 2);
    assert_eq!(run(json_lines, Shape::Table, Some("select(.pod==\"b\")")).await.expect("rows").data.items(), 1);
    let fault = run("echo '<html>'", Shape::Alerts, None).await.expect_err("no alerts");
    assert_eq!(fault.kind, FaultKind::Malformed);
}

#[tokio::test]
async fn filters_can_do_no_harm() {
    let server = feed("{}").await;
    for (jq, words) in [
        ("def f: 1 + f; f", "recursed too deeply"),
        ("\"x\" * 3000000000 | length", "too much memory"),
        ("[limit(1000000000; repeat(\"xxxxxxxxxxxxxxxxxxxxxxxx\"))] | length", ""),
        ("def f: f; f", "was stopped"),
        (".a |", "expected term at its end"),
        ("import \"/etc/passwd\" as x; .", "cannot load files"),
        ("nonsense", "there is no filter `nonsense`"),
        ("halt_error", "ended its process"),
    ] {
        let mut source = generic(&server.url);
        source.timeout = Duration::from_millis(1500);
        let begun = Instant::now();
        let fault = ask(source, fetch(Shape::Number, Some(jq))).await.expect_err(jq);
        assert_eq!(fault.kind, FaultKind::Filter, "{jq}: {fault}");
        assert!(fault.to_string().contains(words), "{jq}: {fault}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{jq} took {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn filters_see_no_environment_and_no_files() {
    let server = feed("{}").await;
    assert!(std::env::vars().count() > 0, "there is something to leak");
    let reading = ask(generic(&server.url), fetch(Shape::Number, Some("env | length"))).await;
    assert_eq!(reading.expect("a number").data, Data::Number(0.0));
}

#[tokio::test]
async fn one_odd_value_does_not_lose_an_answer() {
    let server = feed(r#"[{"name":"a\udcffb","size":1e400},{"name":"c\\udcff","size":-1e400}]"#).await;
    for jq in [None, Some("."), Some("map({name, size})")] {
        let reading = ask(generic(&server.url), fetch(Shape::Table, jq)).await.expect("a reading");
        let Data::Table(table) = &reading.data else { panic!("{reading:?}") };
        let names: Vec<_> = table.rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(names, ["a\u{fffd}b", "c\\udcff"], "{jq:?}");
    }
    for (jq, expected) in [(".[0].size", f64::INFINITY), (".[1].size", f64::NEG_INFINITY)] {
        let reading = ask(generic(&server.url), fetch(Shape::Number, Some(jq))).await.expect("a reading");
        assert_eq!(reading.data, Data::Number(expected), "{jq}");
    }
    let server = feed(" -1e400 ").await;
    let reading = ask(generic(&server.url), fetch(Shape::Number, None)).await.expect("a reading");
    assert_eq!(reading.data, Data::Number(f64::NEG_INFINITY));
}

#[tokio::test]
async fn plain_text_of_a_command_is_left_as_it_is() {
    let printed = ask(command(&["echo", "rate 1e400 of \\udcff"]), fetch(Shape::Table, None)).await.expect("lines");
    let Data::Table(table) = &printed.data else { panic!("{printed:?}") };
    assert_eq!(table.rows, [["rate 1e400 of \\udcff"]]);
}
