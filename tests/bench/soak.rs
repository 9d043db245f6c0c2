//! The cockpit over a long time in a world that changes: does it grow, does it slow down?
//!
//! Sixteen charts whose series come and go, four of a source that fails for half of every minute, and 20,000 alerts of which
//! others fire each time, all every five seconds. Every minute a note is written, keys are typed and counted, and memory,
//! threads and descriptors are looked at. The journal holds what happened, so it grows; nothing else may.
//!
//! `cargo bench --bench soak` runs for ten minutes, `-- --minutes 120` for two hours. It ends with 1 if, from the first third
//! to the last one, memory rose by more than a tenth, the least there are of threads or descriptors rose, or keys took a quarter longer.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark reads clocks and writes files, and may fail"
)]

#[expect(dead_code, reason = "each benchmark uses its part")]
mod support;
#[path = "soak/verdict.rs"]
mod verdict;

use std::{
    path::Path,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use support::{
    alertmanager::{self, Alertmanager, Says},
    figures::{millis, short},
    options::{is_asked, option},
    panes,
    process::{self, Meter, Size},
    prometheus,
    session::{Session, command},
};
use verdict::Sample;

const EVERY: Duration = Duration::from_secs(5);
/// A key that is not answered by then is a freeze.
const FROZEN: Duration = Duration::from_secs(30);
/// So many of the charts are of a source that fails now and then.
const SHAKY: usize = 4;
/// Keys in every sample.
const KEYS: usize = 60;

fn main() -> ExitCode {
    if !is_asked() {
        return ExitCode::SUCCESS;
    }
    let time = Duration::from_secs_f64(60.0 * option("minutes", 10.0));
    // Enough samples for three thirds, and at the most one a minute.
    let every = (time / 15).clamp(Duration::from_secs(20), Duration::from_secs(60));
    let (fails, alerts) = (Arc::<AtomicBool>::default(), Alertmanager::start(option("alerts", 20_000)));
    alerts.say(Says::Storm);
    let folder = tempfile::tempdir().expect("a folder");
    configure(&folder.path().join("stanch.toml"), &alerts.url, &fails);
    let program = Path::new(env!("CARGO_BIN_EXE_stanch"));
    let args = ["--config", "stanch.toml", "--data", "data", "--incident", "new"];
    let mut session = Session::start(command(program, &args, folder.path()));
    if session.until(FROZEN, |screen| panes::titles(screen).is_some()).is_none() {
        panic!("it does not open:\n{}", session.feed().contents());
    }
    let (began, mut samples) = (Instant::now(), Vec::new());
    println!("{}", Sample::head());
    while began.elapsed() < time {
        let mut meter = Meter::start(session.pid);
        let mut least = process::size(session.pid);
        while meter.elapsed() < every {
            fails.store(began.elapsed().as_secs() % 60 >= 30, Ordering::Relaxed);
            session.wait(Duration::from_secs(1));
            session.forget();
            meter.look();
            // Connections and helping threads come and go; what leaks stays, and raises the least there is.
            let size = process::size(session.pid);
            least.threads = least.threads.min(size.threads);
            least.descriptors = least.descriptors.min(size.descriptors);
            assert!(session.is_running(), "it ended:\n{}", session.feed().contents());
        }
        let cpu = meter.cpu_percent();
        write_a_note(&mut session, samples.len());
        let sample = Sample {
            minutes: began.elapsed().as_secs_f64() / 60.0,
            size: Size { threads: least.threads, descriptors: least.descriptors, ..process::size(session.pid) },
            cpu,
            keys: keys(&mut session),
            journal: journal(&folder.path().join("data/incidents")),
        };
        println!("{}", sample.row());
        samples.push(sample);
    }
    let ended = session.quit(b"q", FROZEN);
    println!("quit: {} ms", ended.map_or("never".into(), |time| short(millis(time))));
    let found = verdict::of(&samples);
    print!("{}", found.table);
    if found.holds && ended.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn configure(file: &Path, alerts: &str, fails: &Arc<AtomicBool>) {
    let steady = prometheus::start();
    let shaky = prometheus::start_failing(Arc::clone(fails));
    let source = |name: &str, url: &str| {
        format!(
            "[[source]]\nname = \"{name}\"\ntype = \"prometheus\"\nurl = \"{url}\"\nevery = \"{}s\"\n",
            EVERY.as_secs()
        )
    };
    let mut text = source("steady", &steady) + &source("shaky", &shaky);
    text += &alertmanager::configured(alerts, EVERY, 50_000_000);
    for pane in 0..panes::PANES {
        let source = if pane < panes::PANES - SHAKY { "steady" } else { "shaky" };
        text += &format!("[[pane]]\ntitle = \"Chart {pane:02}\"\nsource = \"{source}\"\nquery = \"churn{pane:02}\"\n");
    }
    std::fs::write(file, text).expect("written");
}

fn write_a_note(session: &mut Session, number: usize) {
    session.press(b"n");
    session.wait(Duration::from_millis(300));
    session.press(format!("looked at it for the {number}th time").as_bytes());
    session.wait(Duration::from_millis(300));
    session.press(b"\x13");
    session.wait(Duration::from_millis(500));
}

/// The times of keys that move the focus, in milliseconds.
fn keys(session: &mut Session) -> Vec<f64> {
    let Some(titles) = panes::titles(session.feed()) else {
        panic!("the panes are gone:\n{}", session.feed().contents());
    };
    let mut took = Vec::new();
    // One pane more has no chart; going there changes the look of the one that is left.
    for turn in 0..KEYS as u64 {
        session.wait(Duration::from_millis(30 + turn * 37 % 100));
        match session.key(b"\t", FROZEN, |screen| panes::focus(screen, &titles)) {
            Some(reply) => took.push(millis(reply.took)),
            None => panic!("a key is not answered in {FROZEN:?}:\n{}", session.feed().contents()),
        }
    }
    took
}

/// How large all journals are, in bytes.
fn journal(folder: &Path) -> u64 {
    let incidents = std::fs::read_dir(folder).into_iter().flatten().flatten();
    incidents.filter_map(|one| Some(one.path().join("journal.jsonl").metadata().ok()?.len())).sum()
}
