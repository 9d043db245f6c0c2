//! How long large journals take to open, what an append costs until it is shown, and what looking for others' entries costs:
//! `cargo bench --profile quick --bench journal`, on a calm machine. A number behind `--` measures that many entries.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a benchmark measures time, and reads a process's own"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use stanch::{
    incident::{AlertTurn, Draft, Event, Incident},
    journal::{self, Access, Home, Journal, News, Store, Worker},
    signal::Severity,
};

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let counts = if given.is_empty() { vec![100_000, 1_000_000] } else { given };
    for count in counts {
        measure(count);
    }
}

fn measure(count: usize) {
    let data = tempfile::tempdir().expect("a folder");
    let (calm, _, _) = filled(&data.path().join("calm"), count, Severity::Warning);
    let (home, id, path) = filled(data.path(), count, Severity::Critical);
    let size = fs::metadata(&path).expect("a file").len() / 1_000_000;
    println!("{count} entries, {size} MB");
    time("list, where nothing pages", || calm.incidents().expect("a list").len());
    time("list", || home.incidents().expect("a list").len());
    time("open", || home.open(&id).expect("a journal").entries().len());
    time("read and replay", || Incident::replay(home.read(&id).expect("entries").entries).entries().len());

    let mut journal = home.open(&id).expect("a journal");
    journal.take_entries();
    looking(&mut journal);
    appending(journal);
    from_elsewhere(&home, &id);
}

/// A journal with that many alerts.
fn filled(folder: &Path, count: usize, severity: Severity) -> (Home, String, PathBuf) {
    let home = Home::at(folder).with_second_in(folder.join("run"));
    let mut journal = home.create("a night of storms", false, "a", now()).expect("a journal");
    for batch in 0..count.div_ceil(1000) {
        let size = 1000.min(count - batch * 1000);
        let drafts: Vec<Draft> = (0..size).map(|n| draft(fired(&format!("prom/{batch}/{n}"), severity))).collect();
        journal.append("a", &drafts, now()).expect("appended");
    }
    (home, journal.id().to_owned(), journal.path())
}

/// The quickest of three: the machine may be busy.
fn time(what: &str, work: impl Fn() -> usize) {
    let times = (0..3).map(|_| {
        let begun = Instant::now();
        assert!(work() > 0, "{what} finds something");
        begun.elapsed()
    });
    println!("  {what:<28}{:>10.1?}", times.min().unwrap_or_default());
}

/// What a writer does twice a second while nobody writes: the processor time it takes.
fn looking(journal: &mut Journal) {
    const LOOKS: u32 = 100_000;
    let before = busy();
    for _ in 0..LOOKS {
        assert!(journal.tail().expect("a look").entries.is_empty());
    }
    println!("  {:<28}{:>10.1?}", "a look", (busy() - before) / LOOKS);
}

/// From the thread that takes keys to the entry that is shown.
fn appending(journal: Journal) {
    let (sender, woken) = mpsc::channel();
    let access = Access::Write { author: "a".into() };
    let mut worker = Worker::spawn(journal, access, move || _ = sender.send(()));
    let mut times: Vec<Duration> = (0..1000)
        .map(|n| {
            std::thread::sleep(Duration::from_millis(2));
            let begun = Instant::now();
            worker.submit(vec![draft(Event::Noted { text: format!("note {n}"), when: None })]);
            while !worker.poll().iter().any(|news| matches!(news, News::Appended { .. })) {
                woken.recv().expect("news");
            }
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("  {:<28}{:>10.1?} p50 {:>10.1?} p99", "an append until it is shown", times[500], times[990]);
}

/// A line from another terminal, opened, written and synced as `stanch note` does.
fn from_elsewhere(home: &Home, id: &str) {
    time("a note from elsewhere", || {
        let mut journal = home.open(id).expect("a journal");
        let drafts = [draft(Event::Noted { text: "from elsewhere".into(), when: None })];
        let entries = journal.append("b", &drafts, now()).expect("appended").entries;
        journal.sync().expect("synced");
        entries.len()
    });
}

/// Processor time of this thread so far.
fn busy() -> Duration {
    let stat = fs::read_to_string(Path::new("/proc/thread-self/schedstat")).expect("Linux");
    let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.expect("a number"))
}

fn now() -> Timestamp {
    "2026-11-22T03:12:00Z".parse().expect("a time")
}

fn draft(event: Event) -> Draft {
    Draft { id: journal::ids().next(now()), event }
}

/// Mostly what machines observe, each with a key of its own.
fn fired(key: &str, severity: Severity) -> Event {
    Event::AlertTurned {
        key: key.to_owned(),
        source: "prom".into(),
        group: "g".into(),
        title: "CheckoutErrorRate".into(),
        severity,
        turn: AlertTurn::Fired,
        firing: 8,
        when: now(),
        first: false,
        links: Default::default(),
    }
}
