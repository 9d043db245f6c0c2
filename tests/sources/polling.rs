//! The poller against the clock: what is asked when, how often, and by how many at a time.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use stanch::{
    config::{Config, SourceId},
    dashboard::{Ask, Plan, Query, QueryContext, QueryId, SubscriptionChange},
    signal::{Data, FaultKind, Reading, Window},
    source::{Polled, Poller, Registry},
};
use tokio::sync::{mpsc, watch};

use crate::{
    HALF_HOUR, config, instant, prometheus,
    server::{Server, Step, json, reply},
};

const EVERY: Duration = Duration::from_millis(100);
const OK: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;

/// What is asked of the only source, and how often.
fn every(ms: u64, asks: impl IntoIterator<Item = Ask>) -> (Duration, Vec<Ask>) {
    (Duration::from_millis(ms), asks.into_iter().collect())
}

struct Run {
    plan: Plan,
    poller: Poller,
    context: watch::Sender<QueryContext>,
    polled: mpsc::UnboundedReceiver<Polled>,
}

fn start(config: &Config, (every, asks): (Duration, Vec<Ask>)) -> Run {
    let (context, shown) = watch::channel(QueryContext::of(HALF_HOUR));
    let (into, polled) = mpsc::unbounded_channel();
    let mut poller = Poller::start(&Registry::of(config), shown, move |polled| drop(into.send(polled)));
    let mut plan = Plan::default();
    let new = asks.into_iter().map(|ask| change(&mut plan, ask, Some(every)).1);
    poller.apply(&new.collect::<Vec<_>>());
    Run { plan, poller, context, polled }
}

/// A query of the only source is wanted: at an interval, or a single time.
fn change(plan: &mut Plan, ask: Ask, every: Option<Duration>) -> (QueryId, SubscriptionChange) {
    let query = Query::new(SourceId::nth(0), ask);
    let id = plan.ask(query.clone());
    (id, SubscriptionChange::Ask { id, query, every })
}

impl Run {
    fn show(&self, window: Window) {
        self.context.send_replace(QueryContext::of(window));
    }

    /// Asks at an interval, or a single time.
    fn ask(&mut self, ask: Ask, every: Option<Duration>) -> QueryId {
        let (id, change) = change(&mut self.plan, ask, every);
        self.poller.apply(&[change]);
        id
    }

    fn id(&self, nth: usize) -> QueryId {
        self.plan.queries().nth(nth).expect("a query").0
    }

    async fn next(&mut self) -> Polled {
        tokio::time::timeout(Duration::from_secs(5), self.polled.recv()).await.expect("in time").expect("still polling")
    }
}

#[tokio::test]
async fn a_cycle_keeps_its_time_whatever_answers_take() {
    let server = Server::start(|_| [vec![Step::Wait(Duration::from_millis(40))], json(OK)].concat()).await;
    let mut run = start(&config(prometheus(&server.url)), every(200, [instant("up")]));
    run.next().await;
    let begun = Instant::now();
    for _ in 0..15 {
        run.next().await.outcome.expect("a reading");
    }
    let cycle = begun.elapsed().as_secs_f64() / 15.0;
    assert!((cycle - 0.2).abs() < 0.012, "a cycle of 0.2 s took {cycle} s");
    run.poller.stop().await;
}

#[tokio::test]
async fn equal_questions_are_asked_once_and_answered_to_all() {
    let server = Server::start(|_| json(OK)).await;
    let same = || [Ask::Range("up".into()), Ask::LiveRange("up".into()), Ask::Range("down".into())];
    let mut run = start(&config(prometheus(&server.url)), every(60_000, same()));
    let mut readings = HashMap::new();
    for _ in 0..3 {
        let polled = run.next().await;
        readings.insert(polled.query, polled.outcome.expect("a reading"));
    }
    assert_eq!(server.seen().len(), 2, "the window of the panes is the live one");
    assert!(Arc::ptr_eq(&readings[&run.id(0)], &readings[&run.id(1)]));
    // Panned away, they differ.
    run.show(Window { end: "2026-11-22T12:00:00Z".parse().ok(), ..HALF_HOUR });
    let (one, two) = (run.next().await, run.next().await);
    let mut asked = [one.query, two.query];
    asked.sort();
    assert_eq!(asked, [run.id(0), run.id(2)], "what is live is not asked again");
    let last = &server.seen()[2..];
    assert!(last.iter().all(|seen| seen.path.contains("end=1795348800")), "{last:?}");
    run.poller.stop().await;
}

/// The points of a curve stand at the times of now; panned back it is the past of what is shown.
#[tokio::test]
async fn a_curve_of_a_day_earlier_follows_the_window() {
    let server = Server::start(|_| json(OK)).await;
    let ask = Ask::Earlier { of: Box::new(Ask::Range("up".into())), ago: Duration::from_secs(86_400) };
    let mut run = start(&config(prometheus(&server.url)), every(60_000, [ask]));
    run.next().await.outcome.expect("a reading");
    run.show(Window { end: "2026-11-22T12:00:00Z".parse().ok(), ..HALF_HOUR });
    run.next().await.outcome.expect("a reading");
    let seen = server.seen();
    assert!(seen[1].path.contains("start=1795260600&end=1795262400&step=5"), "{:?}", seen[1].path);
    run.poller.stop().await;
}

#[tokio::test]
async fn a_window_turned_quickly_is_asked_for_once() {
    let server = Server::start(|_| [vec![Step::Wait(Duration::from_millis(150))], json(OK)].concat()).await;
    let mut run = start(&config(prometheus(&server.url)), every(60_000, [Ask::Range("up".into())]));
    tokio::time::sleep(Duration::from_millis(50)).await;
    for minutes in 1..=20 {
        run.show(Window::live(Duration::from_secs(minutes * 60)));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    run.next().await.outcome.expect("a reading");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(run.polled.try_recv().is_err(), "one window, one answer");
    assert!(server.seen().len() <= 3, "{}", server.seen().len());
    assert!(server.seen().last().is_some_and(|seen| seen.path.contains("step=5")), "{:?}", server.seen().last());
    run.poller.stop().await;
}

#[tokio::test]
async fn never_more_than_six_at_a_time_nor_two_for_a_query() {
    let server = Server::start(|_| [vec![Step::Wait(Duration::from_millis(120))], json(OK)].concat()).await;
    let mut run = start(&config(prometheus(&server.url)), every(100, (0..20).map(|n| instant(&format!("q{n}")))));
    let mut of_first = 0;
    for _ in 0..60 {
        of_first += usize::from(run.next().await.query == run.id(0));
        run.poller.poll_now();
    }
    assert_eq!(server.most_open(), 6);
    assert!((2..=4).contains(&of_first), "each its turn, the first {of_first} times");
    run.poller.stop().await;
}

#[tokio::test]
async fn a_query_that_hangs_does_not_hold_the_others() {
    let server = Server::start(|seen| if seen.path.contains("slow") { vec![Step::Hang] } else { json(OK) }).await;
    let mut run = start(&config(prometheus(&server.url)), every(100, [instant("slow"), instant("fast")]));
    for _ in 0..5 {
        assert_eq!(run.next().await.query, run.id(1));
    }
    assert_eq!(server.seen().iter().filter(|seen| seen.path.contains("slow")).count(), 1);
    run.poller.stop().await;
}

#[tokio::test]
async fn a_server_that_asks_to_be_left_alone_is() {
    let server = Server::start(|_| reply(429, &[("retry-after", "2")], "")).await;
    let mut run = start(&config(prometheus(&server.url)), every(100, [instant("up")]));
    let kind = run.next().await.outcome.expect_err("too many").kind;
    assert_eq!(kind, FaultKind::TooManyRequests(Some(Duration::from_secs(2))));
    run.poller.poll_now();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(server.seen().len(), 1, "not even when told to poll now");
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(server.seen().len(), 2);
    run.poller.stop().await;
}

#[tokio::test]
async fn failures_are_asked_ever_more_rarely() {
    let server = Server::start(|_| reply(500, &[], "")).await;
    let run = start(&config(prometheus(&server.url)), every(100, [instant("up")]));
    tokio::time::sleep(Duration::from_millis(2500)).await;
    // At 0, .1, .3, .7, 1.5, 3.1 s.
    assert_eq!(server.seen().len(), 5);
    run.poller.stop().await;
}

#[tokio::test]
async fn the_return_of_a_server_is_seen_soon() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let asks = (0..4).map(|n| instant(&format!("q{n}")));
    let mut run = start(&config(prometheus(&format!("http://{address}"))), every(30_000, asks));
    for _ in 0..4 {
        assert_eq!(run.next().await.outcome.expect_err("nobody there").kind, FaultKind::Refused);
    }
    let begun = Instant::now();
    let _server = Server::on(&address, |_| json(OK)).await;
    for _ in 0..4 {
        run.next().await.outcome.expect("it is back");
    }
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    run.poller.stop().await;
}

#[tokio::test]
async fn polling_now_asks_now_and_stopping_stops() {
    let count = Arc::new(AtomicUsize::new(0));
    let broken = Arc::new(AtomicBool::new(false));
    let (counted, breaks) = (Arc::clone(&count), Arc::clone(&broken));
    let server = Server::start(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        if breaks.load(Ordering::SeqCst) { vec![Step::Hang] } else { json(OK) }
    })
    .await;
    let mut run = start(&config(prometheus(&server.url)), every(60_000, [instant("a"), instant("b")]));
    for _ in 0..2 {
        run.next().await;
    }
    let begun = Instant::now();
    run.poller.poll_now();
    for _ in 0..2 {
        run.next().await;
    }
    assert!(begun.elapsed() < Duration::from_millis(500));
    broken.store(true, Ordering::SeqCst);
    run.poller.poll_now();
    tokio::time::sleep(Duration::from_millis(100)).await;
    tokio::time::timeout(Duration::from_millis(500), run.poller.stop()).await.expect("it stops with requests open");
    assert!(run.polled.recv().await.is_none(), "nothing is delivered afterwards");
    assert_eq!(count.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn long_queries_are_posted() {
    let server = Server::start(|_| json(OK)).await;
    let long = format!("sum(up{{job=~\"{}\"}})", "a|".repeat(1000));
    let mut run = start(&config(prometheus(&server.url)), every(60_000, [Ask::Range(long)]));
    run.next().await.outcome.expect("a reading");
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/api/v1/query_range"));
    assert!(seen.body.contains("query=sum") && seen.body.contains("&step=5"), "{}", &seen.body[..40]);
    run.poller.stop().await;
}

#[tokio::test]
async fn a_query_is_added_asked_again_and_stopped_while_it_runs() {
    let server = Server::start(|_| json(OK)).await;
    let config = config(prometheus(&server.url));
    // A source that nothing was asked of has no task yet.
    let mut run = start(&config, every(100, []));
    let first = run.ask(instant("first"), Some(EVERY));
    let second = run.ask(instant("second"), Some(EVERY));
    let mut seen = HashMap::from([(first, 0), (second, 0)]);
    while seen.values().any(|count| *count < 3) {
        *seen.get_mut(&run.next().await.query).expect("one of them") += 1;
    }
    run.poller.apply(&[SubscriptionChange::Stop(second)]);
    tokio::time::sleep(Duration::from_millis(150)).await;
    while run.polled.try_recv().is_ok() {}
    for _ in 0..3 {
        assert_eq!(run.next().await.query, first);
    }
    run.poller.apply(&[SubscriptionChange::Stop(first)]);
    tokio::time::sleep(Duration::from_millis(150)).await;
    while run.polled.try_recv().is_ok() {}
    // What does more than read is asked once each time it is asked for.
    let pokes = run.ask(instant("pokes"), None);
    assert_eq!(run.next().await.query, pokes);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(run.polled.try_recv().is_err(), "just once");
    assert_eq!(server.seen().iter().filter(|seen| seen.path.contains("pokes")).count(), 1);
    run.poller.stop().await;
}

#[tokio::test]
async fn what_does_more_than_read_is_asked_again_after_the_answer_under_way() {
    let server = Server::start(|_| [vec![Step::Wait(Duration::from_millis(200))], json(OK)].concat()).await;
    let mut run = start(&config(prometheus(&server.url)), every(100, []));
    let pokes = run.ask(instant("pokes"), None);
    tokio::time::sleep(Duration::from_millis(100)).await;
    run.ask(instant("pokes"), None);
    for _ in 0..2 {
        assert_eq!(run.next().await.query, pokes);
    }
    // Given up in between, it is asked again just so.
    run.ask(instant("pokes"), None);
    tokio::time::sleep(Duration::from_millis(100)).await;
    run.poller.apply(&[SubscriptionChange::Stop(pokes)]);
    run.ask(instant("pokes"), None);
    for _ in 0..2 {
        assert_eq!(run.next().await.query, pokes);
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!((server.seen().len(), server.most_open()), (4, 1), "as often as it was asked for, one after the other");
    // A pane that shows it is no reason to leave it out.
    run.ask(instant("pokes"), Some(Duration::from_secs(60)));
    tokio::time::sleep(Duration::from_millis(100)).await;
    run.ask(instant("pokes"), None);
    for _ in 0..2 {
        assert_eq!(run.next().await.query, pokes);
    }
    assert_eq!(server.seen().len(), 6);
    run.poller.stop().await;
}

#[tokio::test]
async fn what_a_check_hurried_goes_back_to_its_own_pace() {
    let server = Server::start(|_| json(OK)).await;
    let config = config(prometheus(&server.url));
    let mut run = start(&config, every(60_000, [instant("up")]));
    run.next().await;
    let up = run.ask(instant("up"), None);
    run.next().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(server.seen().len(), 2, "once is once");

    run.ask(instant("up"), Some(EVERY));
    for _ in 0..4 {
        run.next().await;
    }
    run.poller.apply(&[SubscriptionChange::Interval { id: up, every: Duration::from_secs(60) }]);
    // One more may have been due already.
    tokio::time::sleep(Duration::from_millis(300)).await;
    while run.polled.try_recv().is_ok() {}
    let before = server.seen().len();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(server.seen().len(), before, "a minute is a minute again");
    // It was not given up.
    run.poller.poll_now();
    run.next().await;
    run.poller.stop().await;
}

/// A number of the address asked for.
fn number(path: &str, name: &str) -> i64 {
    let value = path.split(['?', '&']).find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} in {path}"))
}

/// Curves that depend on the time alone: one that goes on, one that comes and goes, one that is NaN now and then.
fn curves(path: &str) -> String {
    let (start, end, step) = (number(path, "start"), number(path, "end"), number(path, "step"));
    let value = |pod: i64, t: i64| match pod {
        1 => (t / 7 % 2 == 0).then(|| t.to_string()),
        2 if t % 5 == 0 => Some("NaN".to_owned()),
        _ => Some((t % 97 + pod).to_string()),
    };
    let curve = |pod: i64| {
        let times = (start..=end).step_by(step as usize);
        let values: Vec<_> = times.filter_map(|t| value(pod, t).map(|value| format!("[{t},{value:?}]"))).collect();
        format!(r#"{{"metric":{{"pod":"{pod}"}},"values":[{}]}}"#, values.join(","))
    };
    let curves = [curve(0), curve(1), curve(2)].join(",");
    format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{curves}]}}}}"#)
}

/// What a query for the whole window would have brought.
fn whole(reading: &Reading, window: Window) -> String {
    let Data::Series(series) = &reading.data else { panic!("{reading:?}") };
    let end = series[0].points.last().expect("a point").t / 1000;
    let path = format!("?start={}&end={end}&step=1", end - window.span.as_secs().cast_signed());
    let body: serde_json::Value = serde_json::from_str(&curves(&path)).expect("JSON");
    let curves = body["data"]["result"].as_array().expect("a list").iter();
    let points = |curve: &serde_json::Value| {
        let point = |pair: &serde_json::Value| format!("{} {}", pair[0], pair[1].as_str().expect("a number"));
        curve["values"].as_array().expect("a list").iter().map(point).collect::<Vec<_>>()
    };
    format!("{:?}", curves.map(points).collect::<Vec<_>>())
}

fn shown(reading: &Reading) -> String {
    let Data::Series(series) = &reading.data else { panic!("{reading:?}") };
    let points = |series: &stanch::signal::Series| {
        series.points.iter().map(|point| format!("{} {}", point.t / 1000, point.v)).collect::<Vec<_>>()
    };
    format!("{:?}", series.iter().map(points).collect::<Vec<_>>())
}

#[tokio::test]
async fn only_what_may_be_new_is_asked_for_and_the_whole_is_shown() {
    let broken = Arc::new(AtomicBool::new(false));
    let breaks = Arc::clone(&broken);
    let server = Server::start(move |seen| match breaks.load(Ordering::SeqCst) {
        true => reply(500, &[], ""),
        false => json(curves(&seen.path)),
    })
    .await;
    let window = Window::live(Duration::from_secs(300));
    let mut run = start(&config(prometheus(&server.url)), every(300, [Ask::Range("up".into())]));
    run.show(window);
    run.next().await;
    let asked = |seen: &crate::server::Seen| number(&seen.path, "end") - number(&seen.path, "start");
    while server.seen().len() < 8 {
        let reading = run.next().await.outcome.expect("a reading");
        if server.seen().last().is_some_and(|seen| seen.path.ends_with("step=1")) {
            assert_eq!(shown(&reading), whole(&reading, window));
        }
    }
    let spans: Vec<i64> = server.seen().iter().map(asked).collect();
    let turned = spans.iter().position(|span| *span == 300).expect("the window was turned to");
    assert!(spans[turned + 1..].iter().all(|span| (60..65).contains(span)), "{spans:?}");
    // After a failure, the whole.
    broken.store(true, Ordering::SeqCst);
    while run.next().await.outcome.is_ok() {}
    broken.store(false, Ordering::SeqCst);
    let before = server.seen().len();
    let reading = loop {
        if let Ok(reading) = run.next().await.outcome {
            break reading;
        }
    };
    assert_eq!(shown(&reading), whole(&reading, window));
    let whole_again = server.seen()[before..].iter().any(|seen| asked(seen) == 300);
    assert!(whole_again, "{:?}", server.seen().iter().map(asked).collect::<Vec<_>>());
    run.poller.stop().await;
}
