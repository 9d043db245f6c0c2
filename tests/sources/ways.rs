//! What lies between: connections that were dropped while nobody used them, proxies that let only some requests through,
//! addresses that moved.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use jiff::Timestamp;
use stanch::{
    config::{Read, Setting, Shape, Source},
    dashboard::{Ask, Plan, QueryContext},
    signal::{Data, Fault, FaultKind},
    source::{self, Registry},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    HALF_HOUR, ask, config, fetch, generic, instant, plan, prometheus,
    server::{Seen, Server, Step, json, reply},
};

const OK: &str = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"#;

/// Asks the same of a source again and again, as the poller does.
async fn asked_again(source: Source, asked: Ask, times: usize) -> Vec<Result<Data, Fault>> {
    let (registry, plan): (Registry, Plan) = (Registry::of(&config(source)), plan([asked]));
    let mut outcomes = Vec::new();
    for _ in 0..times {
        let polled = source::poll_once(&registry, &plan, &QueryContext::of(HALF_HOUR), Timestamp::now()).await;
        outcomes.extend(polled.into_iter().map(|(_, polled)| polled.outcome.map(|reading| reading.data.clone())));
    }
    outcomes
}

/// A server that keeps its connections and drops them at the second request, as a balancer does that has forgotten them.
/// Answers with its address, and how many requests came to it.
async fn forgetful(body: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                for nth in 0..2 {
                    let mut request = [0; 65536];
                    if !matches!(stream.read(&mut request).await, Ok(1..)) {
                        return;
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                    if nth == 1 || stream.write_all(answer.as_bytes()).await.is_err() {
                        let _ = stream.set_zero_linger();
                    }
                }
            });
        }
    });
    (url, requests)
}

#[tokio::test]
async fn a_kept_connection_that_was_dropped_is_no_failure() {
    let (url, requests) = forgetful(OK).await;
    let outcomes = asked_again(prometheus(&url), instant("up"), 6).await;
    assert_eq!(outcomes, vec![Ok(Data::Number(1.0)); 6]);
    assert!(requests.load(Ordering::SeqCst) > 6, "some were asked once more");
    let long = format!("up + {}", "1 + ".repeat(500));
    let (url, _) = forgetful(OK).await;
    assert_eq!(asked_again(prometheus(&url), instant(&long), 6).await, vec![Ok(Data::Number(1.0)); 6]);
}

#[tokio::test]
async fn what_may_do_something_is_sent_once() {
    let (url, requests) = forgetful("3").await;
    let mut source = generic(&url);
    source.settings.own.insert("method", Setting::Text("POST".into()));
    source.settings.own.insert("body", Setting::Text("{}".into()));
    let outcomes = asked_again(source, fetch(Shape::Number, None), 4).await;
    let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    assert!(failed > 0, "{outcomes:?}");
    assert_eq!(requests.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_server_that_drops_all_connections_is_not_asked_twice() {
    let server = Server::start(|_| vec![Step::Reset]).await;
    let outcomes = asked_again(prometheus(&server.url), instant("up"), 2).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|f| f.kind == FaultKind::Unreachable)));
    assert_eq!(server.seen().len(), 2);
}

/// A query that is too long for the address of some proxies.
fn long() -> Ask {
    instant(&format!("sum({})", "rate(x[1m]) + ".repeat(200)))
}

fn methods(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|seen| seen.method).collect()
}

#[tokio::test]
async fn a_long_query_is_got_where_nothing_may_be_posted() {
    for status in [403, 404, 405, 501] {
        let server = Server::start(move |seen| match seen.method.as_str() {
            "POST" => reply(status, &[], "GET only"),
            _ => json(OK),
        })
        .await;
        let outcomes = asked_again(prometheus(&server.url), long(), 3).await;
        assert_eq!(outcomes, vec![Ok(Data::Number(1.0)); 3], "{status}");
        assert_eq!(methods(&server), ["POST", "GET", "GET", "GET"], "{status}: it is remembered");
    }
    let server = Server::start(|seen| match seen.method.as_str() {
        "POST" => reply(403, &[], "no writes here"),
        _ => reply(414, &[], "too long"),
    })
    .await;
    let outcomes = asked_again(prometheus(&server.url), long(), 2).await;
    assert_eq!(outcomes[1].as_ref().map_err(ToString::to_string), Err("403 not allowed: no writes here".to_owned()));
    assert_eq!(methods(&server), ["POST", "GET", "POST", "GET"]);
}

#[tokio::test]
async fn a_posted_query_comes_whole_to_where_it_is_sent_on() {
    for status in [301, 302, 307, 308] {
        let server = Server::start(move |seen: &Seen| match seen.path.ends_with('/') {
            true => json(OK),
            false => reply(status, &[("location", &format!("{}/", seen.path))], ""),
        })
        .await;
        let outcome = ask(prometheus(&server.url), long()).await.map(|reading| reading.data.clone());
        assert_eq!(outcome, Ok(Data::Number(1.0)));
        let seen = server.seen();
        assert_eq!(methods(&server), ["POST", "POST"], "{status}");
        assert!(seen[1].body.starts_with("query=sum") && seen[1].body == seen[0].body, "{status}: {}", seen[1].body);
    }
}

#[tokio::test]
async fn a_query_whose_body_is_lost_on_the_way_is_got() {
    let server = Server::start(|seen| {
        let (path, query) = seen.path.split_once('?').unwrap_or((&seen.path, ""));
        match (path.ends_with('/'), query.contains("query=")) {
            (false, _) => reply(301, &[("location", &format!("{path}/?{query}"))], ""),
            (true, true) => json(OK),
            (true, false) => {
                let error = r#"invalid parameter \"query\": 1:1: parse error: no expression found in input"#;
                reply(400, &[], format!(r#"{{"status":"error","errorType":"bad_data","error":"{error}"}}"#))
            }
        }
    })
    .await;
    assert_eq!(asked_again(prometheus(&server.url), long(), 2).await, vec![Ok(Data::Number(1.0)); 2]);
    assert_eq!(methods(&server), ["POST", "POST", "GET", "GET", "GET", "GET"], "it is remembered");
}

#[tokio::test]
async fn what_moved_to_https_is_said_to_have() {
    let server =
        Server::start(|seen| reply(301, &[("location", &format!("https://127.0.0.1:1{}", seen.path))], "")).await;
    let fault = ask(prometheus(&server.url), instant("up")).await.expect_err("moved");
    assert_eq!(fault.to_string(), "moved: to https://127.0.0.1:1; change `url`");
}

#[tokio::test]
async fn a_word_in_a_header_stays_in_the_data() {
    let server = Server::start(|seen| {
        let (project, token) =
            (seen.header("x-project").unwrap_or_default(), seen.header("x-api-key").unwrap_or_default());
        json(format!(r#"[{{"pod":"{project}-1","key":"{token}"}}]"#))
    })
    .await;
    let mut source = generic(&server.url);
    if let Some(http) = &mut source.settings.http {
        let literal = |text: &str| stanch::config::Secret::Literal(stanch::config::Literal(text.to_owned()));
        http.headers = vec![("X-Project".into(), literal("checkout")), ("X-Api-Key".into(), literal("hunter22"))];
    }
    let asked = Ask::Fetch { path: String::new(), read: Read::default() };
    let reading = ask(source, asked).await.expect("a table");
    let Data::Table(table) = &reading.data else { panic!("{:?}", reading.data) };
    assert_eq!(table.rows, [["checkout-1", "***"]]);
}
