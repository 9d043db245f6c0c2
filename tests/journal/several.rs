//! Several writers, two or ten, and one that is killed.

use super::*;

#[test]
fn an_observed_transition_is_written_once() {
    let (data, mut alice) = new("x");
    let mut bob = Home::at(data.path()).open(alice.id()).unwrap();
    assert_eq!(alice.append("alice", &[fired("k1"), fired("k1"), fired("k2")], start()).unwrap().entries.len(), 2);
    let seen = bob.append("bob", &[fired("k2"), fired("k3"), fired("k1")], start()).unwrap().entries;
    assert_eq!(
        seen.iter().map(|entry| (entry.seq, entry.by.as_str())).collect::<Vec<_>>(),
        [(2, "alice"), (3, "alice"), (4, "bob")]
    );
    let again = note("tried twice");
    assert_eq!(alice.append("alice", std::slice::from_ref(&again), start()).unwrap().entries.len(), 2);
    assert_eq!(alice.append("alice", &[again], start()).unwrap().entries, [], "an id is written once");
}

#[test]
fn two_threads_share_one_log() {
    let (data, journal) = new("x");
    let id = journal.id().to_owned();
    let seen: Vec<Vec<Entry>> = std::thread::scope(|scope| {
        let write = |name: &'static str| {
            let mut journal = Home::at(data.path()).open(&id).unwrap();
            move || {
                let mut seen = journal.take_entries();
                for n in 0..100 {
                    seen.extend(journal.append(name, &[note(&format!("{name} {n}"))], start()).unwrap().entries);
                }
                std::thread::sleep(Duration::from_millis(50));
                while seen.len() < 201 {
                    seen.extend(journal.tail().unwrap().entries);
                }
                seen
            }
        };
        let writers = ["alice", "bob"].map(|name| scope.spawn(write(name)));
        writers.map(|writer| writer.join().unwrap()).into()
    });
    check_shared(data.path(), &id, &["alice", "bob"], 100);
    let log = Home::at(data.path()).read(&id).unwrap().entries;
    assert!(seen[0] == log && seen[1] == log, "each saw each entry once, in order of the log");
}

#[test]
fn ten_processes_share_one_log() {
    let (data, journal) = new("x");
    let names = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"];
    let writers = names.map(|name| child(data.path(), journal.id(), name, 20));
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    check_shared(data.path(), journal.id(), &names, 20);
}

/// What was handed out may be on a screen already.
#[test]
fn a_process_killed_at_any_moment_loses_nothing_it_had_handed_out() {
    let (data, mut journal) = new("x");
    let mut handed_out = Vec::new();
    for turn in 0..12 {
        let name = format!("p{turn}");
        let mut it = Command::new(test_binary());
        let mut writer = command(&mut it, data.path(), journal.id(), &name, 100_000)
            .args(["--nocapture"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(writer.stdout.take().unwrap()).lines();
        handed_out.push(said.find_map(|line| shown_by(&name, &line.unwrap())).unwrap());
        std::thread::sleep(Duration::from_micros(turn * 731));
        writer.kill().unwrap();
        writer.wait().unwrap();
        // What stands in the pipe was said before it was killed; its last line may lack its end.
        handed_out.extend(said.map_while(Result::ok).filter_map(|line| shown_by(&name, &line)));
    }
    journal.append(AUTHOR, &[note("after")], start()).unwrap();
    let contents = home(data.path()).read(journal.id()).unwrap();
    assert_eq!(contents.warnings, []);
    let held: std::collections::HashSet<_> = texts(&contents.entries).into_iter().collect();
    let lost: Vec<_> = handed_out.iter().filter(|text| !held.contains(*text)).collect();
    assert!(lost.is_empty() && handed_out.len() > 50, "{lost:?} of {}", handed_out.len());
}

/// What a child says that it was handed, if the line is whole.
fn shown_by(name: &str, line: &str) -> Option<String> {
    let text = line.strip_prefix("shown: ")?.strip_suffix('.')?;
    text.starts_with(name).then(|| text.to_owned())
}

#[test]
fn a_killed_process_loses_nothing_and_blocks_nobody() {
    let (data, mut journal) = new("x");
    for _ in 0..5 {
        let mut writer = child(data.path(), journal.id(), "p", 100_000);
        let before = journal.path().metadata().unwrap().size();
        wait_until(|| journal.path().metadata().unwrap().size() > before + 2000);
        writer.kill().unwrap();
        writer.wait().unwrap();
        journal.append(AUTHOR, &[note("still here")], start()).unwrap();
    }
    let contents = Home::at(data.path()).read(journal.id()).unwrap();
    assert_eq!(contents.warnings, []);
    assert!(contents.entries.iter().map(|e| e.seq).eq(1..=contents.entries.len() as u64));
}
