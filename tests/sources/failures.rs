//! Servers that misbehave: each way has its own words, and no secret is in any of them.

use std::time::{Duration, Instant};

use stanch::{
    config::{Auth, Config, Literal, Secret, Shape, Source},
    dashboard::QueryContext,
    signal::{Data, Fault, FaultKind},
    source::{self, Registry},
};

use crate::{
    HALF_HOUR, ask, command, config, fetch, generic, instant, plan, prometheus,
    server::{Server, Step, head, json, reply},
};

const TOKEN: &str = "tok-5ecret-f00d";
const OK: &str = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"#;

fn with_token(mut source: Source) -> Source {
    let http = source.settings.http.as_mut().expect("reached by HTTP");
    http.auth = Auth::Bearer(Secret::Literal(Literal(TOKEN.into())));
    http.headers = vec![("X-Api-Key".into(), Secret::Literal(Literal(format!("key-{TOKEN}"))))];
    source
}

fn impatient(mut source: Source) -> Source {
    source.timeout = Duration::from_millis(700);
    source
}

/// What a source says that is asked with secrets, impatiently. No fault may hold one.
async fn fault(url: &str) -> Fault {
    let fault = ask(impatient(with_token(prometheus(url))), instant("up")).await.expect_err("a fault");
    for text in [fault.to_string(), format!("{fault:?}"), fault.short()] {
        assert!(!text.contains("5ecret"), "{text}");
    }
    fault
}

async fn check(steps: impl Fn() -> Vec<Step> + Send + Sync + 'static, kind: FaultKind, words: &str) {
    let server = Server::start(move |_| steps()).await;
    let begun = Instant::now();
    let fault = fault(&server.url).await;
    assert_eq!(fault.kind, kind, "{fault}");
    assert!(fault.to_string().contains(words), "{fault}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{fault} after {:?}", begun.elapsed());
}

const TIMED_OUT: FaultKind = FaultKind::TimedOut(Duration::from_millis(700));

#[tokio::test]
async fn hangs_and_stalls() {
    check(|| vec![Step::Hang], TIMED_OUT, "timed out after 0.7 s: no answer").await;
    check(|| vec![Step::Wait(Duration::from_secs(2))], TIMED_OUT, "no answer").await;
    let half = || head(200, &[("content-type", "application/json")], Some(100));
    let stalled = move || vec![Step::Send(half()), Step::Send(b"{\"sta".to_vec()), Step::Hang];
    check(stalled, TIMED_OUT, "only 5 bytes came").await;
    // A drip keeps a connection alive for ever; the time is that of the whole answer.
    let drip = move || {
        let drop = [Step::Send(b" ".to_vec()), Step::Wait(Duration::from_millis(50))];
        [Step::Send(half())].into_iter().chain(std::iter::repeat_n(drop, 60).flatten()).collect()
    };
    check(drip, TIMED_OUT, "bytes came").await;
}

#[tokio::test]
async fn cut_off_endless_and_swollen() {
    let cut = || vec![Step::Send(head(200, &[], Some(1000))), Step::Send(OK.as_bytes()[..30].to_vec())];
    check(cut, FaultKind::Malformed, "cut off after 30 bytes").await;
    check(|| json(&OK[..30]), FaultKind::Malformed, "cut off after 30 bytes").await;
    let endless = || vec![Step::Send(head(200, &[], None)), Step::Endless(vec![b' '; 65536])];
    check(endless, FaultKind::TooLarge(1 << 20), "answer larger than 1 MB").await;
    let bomb = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/zeros-20mb.gz")).expect("the bomb");
    assert!(bomb.len() < 100_000, "small on the wire");
    let bomb = move || reply(200, &[("content-encoding", "gzip")], &bomb);
    check(bomb, FaultKind::TooLarge(1 << 20), "answer larger than 1 MB").await;
    let damaged = || reply(200, &[("content-encoding", "gzip")], "this was never compressed");
    check(damaged, FaultKind::Malformed, "damaged").await;
    check(Vec::new, FaultKind::Unreachable, "").await;
    check(|| vec![Step::Reset], FaultKind::Unreachable, "").await;
    let reset = || vec![Step::Send(head(200, &[], Some(1000))), Step::Wait(Duration::from_millis(50)), Step::Reset];
    check(reset, FaultKind::Malformed, "the connection was cut after 0 bytes").await;
    check(|| vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())], FaultKind::Unreachable, "").await;
}

/// What a server does at each request.
type Script = Box<dyn Fn() -> Vec<Step> + Send + Sync>;

/// A group of alerts as Alertmanager writes it: what it is grouped by comes last.
fn group(alerts: std::ops::Range<u32>, labels: &str, receiver: &str) -> String {
    let summary = "日本".repeat(20);
    let alert = |n| {
        format!(
            r#"{{"annotations":{{"summary":"{summary}"}},"fingerprint":"f{n}","labels":{{"alertname":"Slow","pod":"p{n}"}}}}"#
        )
    };
    let alerts = alerts.map(alert).collect::<Vec<_>>().join(",");
    format!(r#"{{"alerts":[{alerts}],"labels":{labels},"receiver":{{"name":"{receiver}"}}}}"#)
}

#[tokio::test]
async fn a_storm_is_read_while_it_comes() {
    let fine = group(0..2000, r#"{"alertname":"Slow","pod":"any"}"#, "chat");
    let storm = format!("[{fine},{}]", group(1000..3000, r#"{"alertname":"Slow"}"#, "pager"));
    assert!(storm.len() < 1 << 20, "within the cap: {}", storm.len());
    let alerts = async |steps: Script| {
        let server = Server::start(move |_| steps()).await;
        ask(crate::alertmanager(&server.url), stanch::dashboard::Ask::Alerts).await
    };
    // Letters of several bytes are cut in two.
    let pieces = storm.clone();
    let pieces = move || {
        let parts = pieces.as_bytes().chunks(70_001).map(|part| Step::Send(part.to_vec()));
        [Step::Send(head(200, &[], Some(pieces.len())))].into_iter().chain(parts).collect()
    };
    let reading = alerts(Box::new(pieces)).await.expect("alerts");
    let Data::Alerts(set) = &reading.data else { panic!("{:?}", reading.data) };
    let mut titles: Vec<_> = set.groups.iter().map(|group| (group.title.as_ref(), group.alerts.len())).collect();
    titles.sort_unstable();
    assert_eq!(titles, [("Slow", 2000), ("Slow any", 1000)], "one of two routes belongs to the coarser");
    let both = set.groups.iter().flat_map(|group| &group.alerts).filter(|alert| alert.receivers.len() == 2).count();
    assert_eq!(both, 1000);
    assert!(set.groups.iter().flat_map(|group| &group.alerts).all(|alert| *alert.summary == "日本".repeat(20)));

    let cut = storm.replace(['日', '本'], "n")[..200_000].to_owned();
    let length = cut.len();
    let wrong = |middle: &str| storm.replace(r#""fingerprint":"f1500""#, middle);
    let (typed, broken, trailing) = (wrong(r#""labels":5,"x":"f1500""#), wrong("\n!"), format!("{storm} x"));
    let announced = move || vec![Step::Send(head(200, &[], Some(50_000_000))), Step::Hang];
    let endless = r#"{"alerts":[]},"#.repeat(1000).into_bytes();
    let endless =
        move || vec![Step::Send(head(200, &[], None)), Step::Send(b"[".to_vec()), Step::Endless(endless.clone())];
    let dropped = cut.clone();
    let dropped = move || vec![Step::Send(head(200, &[], Some(900_000))), Step::Send(dropped.clone().into())];
    let cases: [(Script, FaultKind, String); 7] = [
        (Box::new(move || json(cut.clone())), FaultKind::Malformed, format!("cut off after {length} bytes")),
        (Box::new(dropped), FaultKind::Malformed, format!("cut off after {length} bytes")),
        (Box::new(move || json(typed.clone())), FaultKind::Malformed, "JSON, but not a list of alert groups".into()),
        (Box::new(move || json(broken.clone())), FaultKind::Malformed, "not JSON at line 2, column 1".into()),
        (Box::new(move || json(trailing.clone())), FaultKind::Malformed, "not JSON at line 1".into()),
        (Box::new(announced), FaultKind::TooLarge(1 << 20), "larger than 1 MB".into()),
        (Box::new(endless), FaultKind::TooLarge(1 << 20), "larger than 1 MB".into()),
    ];
    for (steps, kind, words) in cases {
        let fault = alerts(steps).await.expect_err(&words);
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(fault.to_string().contains(&words), "{fault}, not {words}");
    }
}

#[tokio::test]
async fn wrong_answers() {
    check(|| json("[1,2,3]"), FaultKind::Malformed, "JSON, but not an answer of Prometheus; begins with [1,2,3]").await;
    check(|| json(r#"{"hits":{"total":5}}"#), FaultKind::Malformed, "not an answer of Prometheus").await;
    check(|| json("OK\x1b]0;owned\x07"), FaultKind::Malformed, "begins with OK]0;owned").await;
    check(|| json([0xff, 0xfe, 0x00]), FaultKind::Malformed, "not JSON").await;
    check(|| json("[".repeat(100_000)), FaultKind::Malformed, "").await;
    let page = || reply(200, &[("content-type", "text/html")], "<html><title>Log in &amp; go\x1b[2J</title>");
    check(page, FaultKind::LoginPage, "“Log in & go[2J” at http://127.0.0.1").await;
    check(|| json("  <!DOCTYPE html><title>Hi</title>"), FaultKind::LoginPage, "“Hi”").await;
    check(|| reply(500, &[], "boom"), FaultKind::Status(500), "server error 500: boom").await;
    let wait = FaultKind::TooManyRequests(Some(Duration::from_secs(7)));
    check(|| reply(429, &[("retry-after", "7")], ""), wait, "asked to wait 7 s").await;
}

#[tokio::test]
async fn nobody_there() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    assert_eq!(fault(&url).await.kind, FaultKind::Refused);
    assert_eq!(fault("http://no-such-host.invalid:9090").await.kind, FaultKind::Resolve);
    assert_eq!(fault("ftp://127.0.0.1").await.kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn servers_that_echo_what_they_were_sent() {
    for status in [400, 401, 403, 404, 429, 500, 503] {
        let server = Server::start(move |seen| {
            let echo = format!("{:?} denied to {}", seen.headers, "x".repeat(150));
            // Once more where the words are cut, so that half a secret would remain.
            reply(status, &[], format!("{}{TOKEN} {echo}", "y".repeat(190)))
        })
        .await;
        let fault = fault(&server.url).await;
        assert!(!fault.to_string().contains("tok-5"), "{fault}");
        assert_eq!(server.seen()[0].header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(server.seen()[0].header("x-api-key"), Some(format!("key-{TOKEN}").as_str()));
    }
}

#[tokio::test]
async fn basic_credentials_are_sent_and_never_shown() {
    let server = Server::start(|seen| reply(403, &[], seen.header("authorization").unwrap_or_default())).await;
    let mut source = prometheus(&server.url);
    if let Some(http) = &mut source.settings.http {
        http.auth = Auth::Basic { user: "ann".into(), password: Secret::Literal(Literal("hunter22".into())) };
    }
    let fault = ask(source, instant("up")).await.expect_err("forbidden");
    assert_eq!(fault.to_string(), "403 not allowed: Basic ***");
    assert_eq!(server.seen()[0].header("authorization"), Some("Basic YW5uOmh1bnRlcjIy"));
}

#[tokio::test]
async fn a_secret_that_is_not_there() {
    let mut source = prometheus("http://127.0.0.1:9");
    if let Some(http) = &mut source.settings.http {
        http.auth = Auth::Bearer(Secret::Env("STANCH_TEST_NO_SUCH_TOKEN".into()));
    }
    let fault = ask(source, instant("up")).await.expect_err("no secret");
    assert_eq!(fault.to_string(), "no secret: the environment has no usable `STANCH_TEST_NO_SUCH_TOKEN`");
}

#[tokio::test]
async fn credentials_stay_with_their_server() {
    let elsewhere = Server::start(|_| json(OK)).await;
    let to = format!("{}/login?state=5ecret", elsewhere.url);
    for status in [301, 302, 303, 307, 308] {
        let to = to.clone();
        let server = Server::start(move |_| reply(status, &[("location", &to)], "")).await;
        let fault = fault(&server.url).await;
        assert_eq!(fault.kind, FaultKind::LoginPage);
        assert!(fault.detail.contains(&format!("redirected to {}/login", elsewhere.url)), "{fault}");
    }
    assert_eq!(elsewhere.seen().len(), 0, "nothing at all may be sent there");
}

#[tokio::test]
async fn redirects_at_home_are_followed_but_not_for_ever() {
    let server = Server::start(|seen| match seen.path.starts_with("/api/v1/query?") {
        true => reply(308, &[("location", "/moved/query?query=up")], ""),
        false => json(OK),
    })
    .await;
    let reading = ask(with_token(prometheus(&server.url)), instant("up")).await.expect("a reading");
    assert_eq!(reading.data, Data::Number(1.0));
    assert!(server.seen()[1].header("authorization").is_some());
    let loops = Server::start(|_| reply(302, &[("location", "/api/v1/query?query=up")], "")).await;
    let expected = format!("too many redirects: the last one to {}/api/v1/query", loops.url);
    assert_eq!(fault(&loops.url).await.to_string(), expected);
    assert_eq!(loops.seen().len(), 4);
}

#[tokio::test]
async fn commands_that_fail() {
    let table = || fetch(Shape::Table, None);
    for (argv, kind, words) in [
        (
            &["sh", "-c", "echo no such context >&2; exit 7"][..],
            FaultKind::Command,
            "`sh` ended with 7: no such context",
        ),
        (&["/no/such/program"], FaultKind::Command, "there is no such program"),
        (&["sleep", "30"], TIMED_OUT, "`sleep` was stopped"),
        (&["yes"], FaultKind::TooLarge(1 << 20), "from `yes`"),
    ] {
        let fault = ask(impatient(command(argv)), table()).await.expect_err("a fault");
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
    }
}

#[tokio::test]
async fn a_check_tells_good_from_bad_and_asks_even_where_nothing_is_planned() {
    let good = Server::start(|seen| match seen.path.as_str() {
        "/api/v1/status/buildinfo" => json(r#"{"status":"success","data":{"version":"2.42.0"}}"#),
        "/api/v2/status" => json(r#"{"versionInfo":{"version":"0.25.0"},"cluster":{"status":"disabled"}}"#),
        _ => reply(404, &[], ""),
    })
    .await;
    let bad = Server::start(|_| reply(502, &[], "upstream down")).await;
    let named = |name: &str, source: Source| Source { name: name.into(), ..source };
    let sources = vec![
        named("prom", prometheus(&good.url)),
        named("am", crate::alertmanager(&good.url)),
        named("broken", prometheus(&bad.url)),
        named("shell", command(&["echo", "42"])),
        named("feed", generic(&bad.url)),
    ];
    let config = Config { sources, ..Config::default() };
    let rows = source::check(&Registry::of(&config), &plan([]), &QueryContext::of(HALF_HOUR)).await;
    let items = |row: &source::CheckRow| *row.outcome.as_ref().unwrap_or(&0);
    let told: Vec<_> =
        rows.iter().map(|row| (row.source.as_str(), row.kind, row.outcome.is_ok(), items(row))).collect();
    assert_eq!(
        told,
        [
            ("prom", "prometheus", true, 0),
            ("am", "alertmanager", true, 0),
            ("broken", "prometheus", false, 0),
            ("shell", "command", true, 1),
            ("feed", "http", false, 0),
        ]
    );
    let error = |row: &source::CheckRow| row.outcome.as_ref().err().map(ToString::to_string);
    assert_eq!(error(&rows[2]).as_deref(), Some("server error 502: upstream down"));
    let rows = source::check(
        &Registry::of(&crate::config(prometheus(&bad.url))),
        &plan([instant("up")]),
        &QueryContext::of(HALF_HOUR),
    )
    .await;
    assert_eq!(error(&rows[0]).as_deref(), Some("server error 502: upstream down"));
    assert_eq!(rows[0].queries.len(), 1);
}

#[tokio::test]
async fn a_product_with_another_address_is_not_taken_for_prometheus() {
    let other = Server::start(|_| json(r#"{"name":"elasticsearch"}"#)).await;
    let rows =
        source::check(&Registry::of(&config(prometheus(&other.url))), &plan([]), &QueryContext::of(HALF_HOUR)).await;
    assert!(rows[0].outcome.is_err(), "{rows:?}");
}
