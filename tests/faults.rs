//! The fault matrix: every way a source can fail, each in a pane of its own, side by side in the real program.
//!
//! One cockpit watches them all, and one healthy source beside them. Each row of [`FAULTS`] says what the pane reads; that
//! the others go on, that keys answer, that all recover by themselves and that the timeline says so is asserted for the
//! whole table. Nothing leaves loopback.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test may fail, and reads clocks and files")]

#[expect(dead_code, reason = "shared with other tests")]
#[path = "support/pty.rs"]
mod pty;
#[expect(dead_code, reason = "shared with other tests")]
#[path = "support/server.rs"]
mod server;
#[path = "faults/way.rs"]
mod way;

use std::{
    fs,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use pty::{Machine, SOON, Terminal};
use server::{Server, Step, head, json, reply};
use tokio::runtime::Runtime;
use way::{Faulty, Way};

/// A way to fail, and what the pane says of it.
struct Fault {
    /// The name of the source.
    name: &'static str,
    way: Way,
    /// In a pane that has nothing to show yet.
    says: &'static str,
    /// In the frame of a pane that keeps its last good reading.
    short: &'static str,
}

const fn row(name: &'static str, way: Way, says: &'static str, short: &'static str) -> Fault {
    Fault { name, way, says, short }
}

/// All of them. Those that time out do so after 0.8 s; the cap is 1 MB.
const FAULTS: &[Fault] = &[
    row("resolve", Way::NoSuchName, "cannot resolve: ", "cannot resolve"),
    row("refuse", Way::Closed, "refused: nobody listens there", "refused"),
    row("partition", Way::Partitioned, "timed out after 0.8 s: no connection", "timed out"),
    row("reset", Way::Says(|| vec![Step::Reset]), "unreachable: ", "unreachable"),
    row("hang", Way::Says(|| vec![Step::Hang]), "timed out after 0.8 s: no answer", "timed out"),
    row("hang-body", Way::Says(stalled), "timed out after 0.8 s: only 5 bytes came", "timed out"),
    row("drip", Way::Says(drip), "timed out after 0.8 s: only 1 byte came", "timed out"),
    row("truncated", Way::Says(truncated), "not the JSON expected: cut off after 30 bytes", "not the JSON expected"),
    row("endless", Way::Says(endless), "answer larger than 1 MB", "too large"),
    row("swollen", Way::Says(swollen), "answer larger than 1 MB", "too large"),
    row(
        "wrong-json",
        Way::Says(|| json(r#"{"hits":{"total":5}}"#)),
        r#"JSON, but not an answer of Prometheus; begins with {"hits""#,
        "not the JSON expected",
    ),
    row("wrong-types", Way::Says(wrong_types), "not the JSON expected: JSON, but not a", "not the JSON expected"),
    row("no-json", Way::Says(|| json("OK\x1b[2J")), "not JSON at line 1, column 1; begins with OK[2J", "not the JSON"),
    row("html", Way::Says(page), "HTML where JSON was expected (sign-in page?): “Welcome” at", "login page"),
    row("login", Way::Login, "(sign-in page?): redirected to http://127.0.0.1:", "login page"),
    row("401", Way::Says(|| reply(401, &[], "")), "401 not signed in: check the credentials", "401 not signed in"),
    row("403", Way::Says(|| reply(403, &[], "no")), "403 not allowed: no", "403 not allowed"),
    row("429", Way::Says(|| reply(429, &[], "")), "429: 429 too many requests", "429 too many requests"),
    row(
        "429-after",
        Way::Says(|| reply(429, &[("retry-after", "2")], "")),
        "429 too many requests, asked to wait 2 s",
        "429 too many requests",
    ),
    row("500", Way::Says(|| reply(500, &[], "boom\x1b]0;x\x07")), "server error 500: boom]0;x", "status 500"),
    row(
        "starting",
        Way::Says(|| reply(503, &[("content-type", "text/plain")], "Service Unavailable\n")),
        "server error 503: Service Unavailable",
        "status 503",
    ),
    row("tls-expired", Way::Certificate("expired.pem"), "TLS failed: its certificate has expired", "TLS failed"),
    row("tls-host", Way::Certificate("other.pem"), "TLS failed: its certificate is for another name", "TLS failed"),
    row(
        "tls-own-ca",
        Way::Certificate("stranger.pem"),
        "TLS failed: no authority in `ca_file` has signed its certificate",
        "TLS failed",
    ),
    row("tls-none", Way::NoTls, "TLS failed: there is no TLS there; is it http?", "TLS failed"),
];

fn begun(length: Option<usize>) -> Step {
    Step::Send(head(200, &[("content-type", "application/json")], length))
}

fn stalled() -> Vec<Step> {
    vec![begun(Some(100)), Step::Send(b"{\"sta".to_vec()), Step::Hang]
}

fn drip() -> Vec<Step> {
    let drop = [Step::Send(b" ".to_vec()), Step::Wait(Duration::from_secs(1))];
    [begun(Some(100))].into_iter().chain(std::iter::repeat_n(drop, 60).flatten()).collect()
}

fn truncated() -> Vec<Step> {
    vec![begun(Some(1000)), Step::Send(vec![b' '; 30])]
}

fn endless() -> Vec<Step> {
    vec![begun(None), Step::Endless(vec![b' '; 65536])]
}

fn swollen() -> Vec<Step> {
    json(vec![b' '; 16_000_000])
}

fn wrong_types() -> Vec<Step> {
    json(r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":"never"}]}}"#)
}

fn page() -> Vec<Step> {
    reply(200, &[("content-type", "text/html")], "<html><title>Welcome</title>")
}

/// A server whose clock is 600 s behind, and its curve with it.
fn skewed() -> Vec<Step> {
    let there = Timestamp::now() - Duration::from_secs(600);
    let point = |ago: i64| format!("[{},\"1\"]", there.as_second() - ago);
    let points: Vec<_> = (0..60).rev().map(|at| point(at * 5)).collect();
    let date = there.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let body = format!(
        r#"{{"status":"success","data":{{"alerts":[],"resultType":"matrix","result":[{{"metric":{{}},"values":[{}]}}]}}}}"#,
        points.join(",")
    );
    reply(200, &[("content-type", "application/json"), ("date", &date)], body)
}

const TOKEN: &str = "tok-5ecret-f00d";

/// An answer with a word to look for on the screen.
fn good(word: &str) -> String {
    format!(
        r#"{{"status":"success","data":{{"alerts":[],"resultType":"vector","result":[{{"metric":{{"word":"{word}"}},"value":[1,"1"]}}]}}}}"#
    )
}

/// The word a healed source shows.
fn word(name: &str) -> String {
    format!("healed-{name}.")
}

fn source(name: &str, url: &str, more: &str) -> String {
    format!(
        "[[source]]\nname = \"{name}\"\ntype = \"prometheus\"\nurl = \"{url}\"\n{more}\n\
         [[pane]]\ntitle = \"pane {name}\"\ntype = \"table\"\nsource = \"{name}\"\nquery = \"up\"\n"
    )
}

/// Every source of the table, a healthy one that counts its polls, and one whose answers are large and within the cap.
struct Matrix {
    healthy: Server,
    large: Server,
    skewed: Server,
    elsewhere: Server,
    sources: Vec<Faulty>,
}

impl Matrix {
    async fn start() -> Self {
        let count = std::sync::atomic::AtomicUsize::new(0);
        let tick = move || count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let healthy = Server::start(move |_| json(good(&format!("tick-{}.", tick())))).await;
        let large = Server::start(|_| json(" ".repeat(16_000_000) + &good("large-one."))).await;
        let skewed = Server::start(|_| skewed()).await;
        let elsewhere = Server::start(|_| json(good("stolen"))).await;
        let mut sources = Vec::new();
        for fault in FAULTS {
            sources.push(Faulty::start(fault.way, good(&word(fault.name)), &elsewhere.url).await);
        }
        Self { healthy, large, skewed, elsewhere, sources }
    }

    fn config(&self) -> String {
        let often = "every = \"500ms\"\nmax_bytes = \"1MB\"\nbearer = \"file:token\"";
        let tls = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls");
        let rows = FAULTS.iter().zip(&self.sources).map(|(fault, faulty)| {
            // A machine that is busy must not make a fault out of what is none.
            let patience = if fault.says.starts_with("timed out") { "800ms" } else { "15s" };
            let ca = match fault.name {
                "tls-own-ca" => format!("ca_file = \"{tls}/ca.pem\""),
                name if name.starts_with("tls") => format!("ca_file = \"{tls}/both-ca.pem\""),
                _ => String::new(),
            };
            let more = format!("{often}\ntimeout = \"{patience}\"\n{ca}");
            source(fault.name, &faulty.url, &more)
        });
        let others = [
            source("healthy", &self.healthy.url, "every = \"500ms\""),
            source("large", &self.large.url, "every = \"20s\""),
            source("skewed", &self.skewed.url, "every = \"1s\"").replace("\"table\"", "\"timeseries\""),
            // In any kind of pane.
            "[[pane]]\ntitle = \"pane skewed-rows\"\ntype = \"table\"\nsource = \"skewed\"\nquery = \"up\"\n".into(),
        ];
        rows.chain(others).collect()
    }

    async fn heal(&mut self, healed: bool) {
        for source in &mut self.sources {
            source.heal(healed).await;
        }
    }
}

/// What stands in a pane, frame line first, its lines joined.
fn pane(screen: &str, name: &str) -> String {
    let grid: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
    let title: Vec<char> = format!(" pane {name} ").chars().collect();
    let found = grid
        .iter()
        .enumerate()
        .find_map(|(y, line)| line.windows(title.len()).position(|chars| chars == title).map(|x| (y, x)));
    let Some((y, left)) = found else { return String::new() };
    let is_frame = |c: char| ('\u{2500}'..'\u{2580}').contains(&c);
    let below = grid.get(y + 1).map_or(&[][..], Vec::as_slice);
    let right = (left..below.len()).find(|x| is_frame(below[*x])).unwrap_or(below.len());
    let piece = |line: &[char]| line.get(left..right.min(line.len())).unwrap_or_default().iter().collect::<String>();
    let inside = grid[y + 1..].iter().take_while(|line| matches!(line.get(left - 1), Some('│' | '┃')));
    let lines = [&grid[y]].into_iter().chain(inside).map(|line| piece(line).trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The count in the healthy pane.
fn tick(screen: &str) -> usize {
    let digits = screen.split("tick-").nth(1).and_then(|rest| rest.split('.').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Notes a line while everything fails; how long it took from the last key until it stood in the log.
fn note(cockpit: &mut Terminal, text: &str) -> Duration {
    cockpit.press("4");
    cockpit.sees(&["[4 Log]"]);
    cockpit.press("n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press(text);
    cockpit.sees(&[text]);
    let begun = Instant::now();
    cockpit.press("\x13");
    cockpit.wait(text, |screen| !screen.contains("Ctrl-S") && screen.contains(text));
    let took = begun.elapsed();
    cockpit.press("1");
    cockpit.sees(&["[1 Watch]"]);
    took
}

/// Notes are on the screen at once, whatever the sources do: the quickest of them, since the machine may be busy.
fn notes_are_taken(cockpit: &mut Terminal, name: &str) {
    let times: Vec<_> = (0..3).map(|at| note(cockpit, &format!("noted-{name}-{at}"))).collect();
    assert!(times.iter().min() <= Some(&Duration::from_secs(1)), "{times:?}");
}

/// Waits until the pane of each row reads as it should, and shows those that do not.
#[track_caller]
fn every_pane(cockpit: &mut Terminal, what: &str, is_so: impl Fn(&str, &Fault) -> bool) {
    let deadline = Instant::now() + SOON;
    loop {
        let screen = cockpit.screen();
        let missing: Vec<_> = FAULTS
            .iter()
            .map(|fault| (fault, pane(&screen, fault.name)))
            .filter(|(fault, pane)| !is_so(pane, fault))
            .map(|(fault, pane)| format!("{}: {pane}", fault.name))
            .collect();
        if missing.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: not\n{}", missing.join("\n"));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until the timeline says these words of each source so often.
#[track_caller]
fn log_counts(machine: &Machine, words: &str, times: impl Fn(&Fault) -> usize) {
    let deadline = Instant::now() + SOON;
    loop {
        let log = machine.run(&["log"]);
        let is_so = |fault: &Fault| log.matches(&format!("{words}{}:", fault.name)).count() == times(fault);
        if FAULTS.iter().all(is_so) {
            return;
        }
        assert!(Instant::now() < deadline, "{words}: {log}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn every_fault_has_its_words_harms_no_other_and_is_got_over() {
    let runtime = Runtime::new().expect("a runtime");
    let mut matrix = runtime.block_on(Matrix::start());
    let machine = Machine::with_config(&matrix.config());
    fs::write(machine.folder().join("token"), TOKEN).expect("written");
    let mut cockpit = machine.open_at(300, 160, &["--title", "everything at once"]);

    // From the start: what is wrong stands in full where the data would be.
    cockpit.sees(&["[1 Watch]", "tick-", "large-one."]);
    every_pane(&mut cockpit, "in full", |pane, fault| pane.contains(fault.says));
    cockpit.wait("a clock that is off", |screen| {
        let pane = pane(screen, "skewed");
        let rows = self::pane(screen, "skewed-rows");
        let said = [&pane, &rows].iter().all(|pane| pane.contains("its clock is 10 min behind ours"));
        said && pane.contains("ended ")
    });
    let before = tick(&cockpit.screen());
    notes_are_taken(&mut cockpit, "first");
    cockpit.wait("the healthy one goes on", |screen| tick(screen) >= before + 2);

    runtime.block_on(matrix.heal(true));
    // A name that does not exist is the one thing no server can mend.
    let heals = |fault: &Fault| fault.name != "resolve";
    every_pane(&mut cockpit, "healed", |pane, fault| !heals(fault) || pane.contains(&word(fault.name)));
    let answering = format!("{}/{} sources", FAULTS.len() + 2, FAULTS.len() + 3);
    cockpit.sees(&[&answering]);

    // Once more, with a reading there: it stays, dated, and the frame says why in short.
    runtime.block_on(matrix.heal(false));
    let short = |fault: &Fault| format!("· {} {}", fault.name, fault.short);
    every_pane(&mut cockpit, "in short", |pane, fault| {
        !heals(fault) || pane.contains(&short(fault)) && pane.contains(&word(fault.name))
    });
    // One failure is none: two in a row are told, however soon after the last time.
    log_counts(&machine, "lost source ", |fault| if heals(fault) { 2 } else { 1 });
    let before = tick(&cockpit.screen());
    notes_are_taken(&mut cockpit, "second");
    cockpit.wait("the healthy one goes on", |screen| tick(screen) >= before + 2);
    runtime.block_on(matrix.heal(true));
    every_pane(&mut cockpit, "healed again", |pane, fault| !heals(fault) || !pane.contains("stale"));
    cockpit.press("q");
    cockpit.ended_well();

    assert_eq!(matrix.elsewhere.seen().len(), 0, "nothing goes to where a redirect leads");
    let log = machine.run(&["log"]);
    // Each time it was lost, and each time it was back, however soon after one another.
    for fault in FAULTS {
        let count = |words: &str| log.matches(words).count();
        let (lost, back) = (format!("lost source {}:", fault.name), format!("source {} is back", fault.name));
        let expected = if heals(fault) { (2, 2) } else { (1, 0) };
        assert_eq!((count(&lost), count(&back)), expected, "{}: {log}", fault.name);
        let lost = log.lines().find(|line| line.contains(&format!("lost source {}:", fault.name)));
        assert!(
            lost.is_some_and(|line| line.contains(fault.says.trim_start_matches("429: "))),
            "{}: {log}",
            fault.name
        );
    }
    assert!(!["healthy", "large", "skewed"].iter().any(|name| log.contains(&format!("source {name}"))), "{log}");
    for text in ["noted-first-0", "noted-first-2", "noted-second-0", "noted-second-2"] {
        assert!(log.contains(text), "{text}: {log}");
    }
    let left = machine.files().into_iter().filter(|path| !path.ends_with("token"));
    for file in left {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap_or_default()).into_owned();
        assert!(!text.contains("5ecret"), "{}", file.display());
    }
    assert!(!String::from_utf8_lossy(&cockpit.raw()).contains("5ecret"), "on the screen");
}

/// How long until a pane says these words.
fn until(cockpit: &mut Terminal, name: &str, words: &str) -> Duration {
    let begun = Instant::now();
    cockpit.wait(words, |screen| pane(screen, name).contains(words));
    begun.elapsed()
}

#[test]
fn a_refusal_is_on_the_pane_at_once_and_a_hung_source_reads_stale_soon() {
    let runtime = Runtime::new().expect("a runtime");
    let (mut gone, mut hung) = runtime.block_on(async {
        let gone = Faulty::start(Way::Closed, good("gone-ok."), "").await;
        (gone, Faulty::start(Way::Says(|| vec![Step::Hang]), good("hung-ok."), "").await)
    });
    runtime.block_on(async { (gone.heal(true).await, hung.heal(true).await) });
    let patient = "every = \"2s\"\ntimeout = \"60s\"";
    let machine = Machine::with_config(&(source("gone", &gone.url, patient) + &source("hung", &hung.url, patient)));
    let mut cockpit = machine.open(&["--title", "two of them"]);
    cockpit.sees(&["gone-ok.", "hung-ok."]);

    // Half a second is promised; the quickest counts, since the machine may be busy. Ctrl-L polls now.
    let times: Vec<_> = (0..4)
        .map(|_| {
            runtime.block_on(gone.heal(false));
            cockpit.press("\x0c");
            let took = until(&mut cockpit, "gone", "gone refused");
            runtime.block_on(gone.heal(true));
            cockpit.press("\x0c");
            cockpit.wait("it is back", |screen| !pane(screen, "gone").contains("refused"));
            took
        })
        .collect();
    assert!(times.iter().min() <= Some(&Duration::from_secs(1)), "{times:?}");

    // Two intervals or 5 s, long before its time is over.
    runtime.block_on(hung.heal(false));
    let took = until(&mut cockpit, "hung", "stale ");
    assert!(took <= Duration::from_secs(10), "{took:?}");
    assert!(!pane(&cockpit.screen(), "gone").contains("stale"), "{}", cockpit.screen());
    let took = note(&mut cockpit, "noted while it hangs");
    assert!(took <= Duration::from_secs(5), "{took:?}");
    cockpit.press("q");
    cockpit.ended_well();
}
