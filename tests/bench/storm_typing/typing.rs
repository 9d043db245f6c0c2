//! The cockpit in a terminal: calm, a storm, calm again, and answers that are cut off at their cap.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::support::{
    alertmanager::{self, Alertmanager, Says, Sent},
    figures::{self, mib, millis, quantile, short},
    process,
    session::{Session, command},
};

const EVERY: Duration = Duration::from_secs(5);
const CAP: usize = 50_000_000;
const TOO_MUCH: usize = 60_000_000;
const CALM: Duration = Duration::from_secs(10);
/// A key that is not answered by then is a freeze.
const FROZEN: Duration = Duration::from_secs(30);
/// A note is closed and another one begun after so many keys.
const NOTE: usize = 60;

/// Columns in which the name of a group stands.
const NAME: u16 = 60;

/// What was seen in one stretch of time.
#[derive(Default)]
struct Stretch {
    keys: Vec<f64>,
    /// From the last byte of an answer to the frame that shows it.
    shown: Vec<f64>,
    answers: usize,
}

/// Answers that nobody has seen on the screen yet.
struct Watch<'a> {
    server: &'a Alertmanager,
    waiting: Vec<Sent>,
}

pub fn table(server: &Alertmanager, time: Duration) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let config = alertmanager::configured(&server.url, EVERY, CAP);
    std::fs::write(folder.path().join("stanch.toml"), config).expect("written");
    let program = Path::new(env!("CARGO_BIN_EXE_stanch"));
    let args = ["--config", "stanch.toml", "--data", "data", "--incident", "new"];
    let mut session = Session::start(command(program, &args, folder.path()));
    session.reads = Some(firing);
    see(&mut session, &format!("{} firing", alertmanager::CALM));
    session.wait(Duration::from_secs(2));
    let before = process::size(session.pid).rss;

    server.say(Says::Storm);
    server.sent();
    let storm = stretch(&mut session, server, time);
    let peak = process::size(session.pid).peak;

    server.say(Says::Calm);
    see(&mut session, &format!("{} firing", alertmanager::CALM));
    session.wait(CALM);
    let after = process::size(session.pid).rss;

    server.say(Says::TooMuch(TOO_MUCH));
    let cut = stretch(&mut session, server, time);
    let cut_peak = process::size(session.pid).peak;
    server.say(Says::Calm);
    session.wait(CALM);
    let cut_after = process::size(session.pid).rss;
    session.press(b"q");
    drop(session);

    let title = format!("{} MB every {} s", short(server.bytes as f64 / 1e6), EVERY.as_secs());
    let mut rows = vec![vec![String::new(), title, "cut off at 50 MB".to_owned(), "aim".to_owned()]];
    let mut row = |name: &str, storm: f64, cut: f64, aim: &str| {
        rows.push(vec![name.to_owned(), short(storm), short(cut), aim.to_owned()]);
    };
    row("keys", storm.keys.len() as f64, cut.keys.len() as f64, "");
    row("answers", storm.answers as f64, cut.answers as f64, "");
    row("key p50, ms", quantile(&storm.keys, 0.5), quantile(&cut.keys, 0.5), "");
    row("key p99, ms", quantile(&storm.keys, 0.99), quantile(&cut.keys, 0.99), "≤ 10");
    row("key max, ms", quantile(&storm.keys, 1.0), quantile(&cut.keys, 1.0), "≤ 50");
    row("last byte to shown, median, ms", quantile(&storm.shown, 0.5), f64::NAN, "");
    row("last byte to shown, max, ms", quantile(&storm.shown, 1.0), f64::NAN, "");
    row("RSS before, MiB", mib(before), mib(after), "");
    row("RSS peak, MiB", mib(peak), mib(cut_peak), "");
    let times = |peak: u64, bytes: usize| (peak - before) as f64 / bytes as f64;
    row("peak by body", times(peak, server.bytes), times(cut_peak, CAP), "≤ 2.5");
    row("RSS after, MiB", mib(after), mib(cut_after), "as before");
    figures::table(&rows)
}

fn see(session: &mut Session, words: &str) {
    if session.until(FROZEN, |screen| screen.contents().contains(words)).is_none() {
        panic!("{words:?} is not shown:\n{}", session.feed().contents());
    }
}

/// Types all the time: a note, then up and down, then a note again.
fn stretch(session: &mut Session, server: &Alertmanager, time: Duration) -> Stretch {
    let mut watch = Watch { server, waiting: Vec::new() };
    let mut found = Stretch::default();
    let (until, mut turn) = (Instant::now() + time, 0_usize);
    while Instant::now() < until {
        let in_note = (turn / NOTE).is_multiple_of(2);
        match turn % NOTE {
            0 if in_note => drop(session.press(b"n")),
            0 => {
                session.press(b"\x13");
                session.wait(Duration::from_millis(400));
                // From the first row there is a way down.
                session.press(b"gg");
            }
            _ => {}
        }
        if turn % NOTE == 0 {
            session.wait(Duration::from_millis(400));
        }
        session.wait(Duration::from_millis(15 + (turn as u64 * 7) % 20));
        watch.look(session, &mut found);
        let key: &[u8] = match (in_note, turn % 2) {
            (true, _) => b"@",
            (false, 0) => b"j",
            (false, _) => b"k",
        };
        let mark = |screen: &vt100::Screen| (typed(screen), selected(screen));
        let Some(reply) = session.key(key, FROZEN, mark) else {
            panic!("no answer to {key:?} in {FROZEN:?}:\n{}", session.feed().contents());
        };
        found.keys.push(millis(reply.took));
        watch.look(session, &mut found);
        turn += 1;
    }
    if (turn.saturating_sub(1) / NOTE).is_multiple_of(2) {
        session.press(b"\x13");
        session.wait(Duration::from_millis(400));
    }
    found
}

impl Watch<'_> {
    /// Looks for what was sent in the numbers that were on the screen.
    fn look(&mut self, session: &mut Session, found: &mut Stretch) {
        let new = self.server.sent();
        found.answers += new.len();
        self.waiting.extend(new);
        session.feed();
        self.waiting.retain(|sent| {
            // The connection may take the last byte a moment after the reader has had it.
            let since = |at: Instant| at + Duration::from_millis(100) > sent.at;
            let shown = session.readings.iter().find(|(at, alerts)| *alerts == sent.alerts && since(*at));
            found.shown.extend(shown.map(|(at, _)| millis(at.saturating_duration_since(sent.at))));
            shown.is_none()
        });
    }
}

/// How many alerts fire, as the head of their pane says.
fn firing(screen: &vt100::Screen) -> Option<usize> {
    let text = screen.contents();
    let before = &text[..text.find(" firing in ")?];
    before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// How much of the note is on the screen.
fn typed(screen: &vt100::Screen) -> usize {
    screen.contents().chars().filter(|c| *c == '@').count()
}

/// What is selected: where it stands may change with an answer, and stays when the list is moved below it.
fn selected(screen: &vt100::Screen) -> Option<String> {
    screen.rows(0, NAME).find(|row| row.contains('›'))
}
