//! The journal as other programs and other processes meet it: on a real file system, with real locks.
//!
//! What a single line or a single part may look like is tested beside the code that reads it.
#![expect(clippy::disallowed_methods, reason = "these tests damage files, set clocks and start processes")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may panic")]

#[path = "journal/second.rs"]
mod second;
#[path = "journal/stopped.rs"]
mod stopped;

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use proptest::prelude::*;
use stanch::{
    incident::{AlertTurn, Draft, Entry, Event, Incident, ObservationState, Status, board::CheckSpec},
    journal::{self, Elsewhere, Home, Journal, JournalError, Log, Report, Warning, Writer},
    signal::Severity,
};
use tempfile::TempDir;

const AUTHOR: &str = "alice@host";

// How a journal lies on disk.

#[test]
fn a_journal_is_private_and_begins_with_its_format() {
    let (data, journal) = new("checkout: 5xx!");
    assert_eq!(journal.id(), "2026-11-22-0312-checkout-5xx");
    assert_eq!(journal.path(), data.path().join("incidents/2026-11-22-0312-checkout-5xx/journal.jsonl"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&journal.path()), 0o600);
    assert_eq!(mode(journal.path().parent().unwrap()), 0o700);

    let text = fs::read_to_string(journal.path()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with(r#"{"format":"1.0","incident":"2026-11-22-0312-checkout-5xx","#), "{text}");
    let (body, crc) = lines[1].rsplit_once(r#","crc":""#).unwrap();
    assert_eq!(crc, format!("{:08x}\"}}", crc32c::crc32c(body.as_bytes())));
    let line: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(line["seq"], 1);
    assert_eq!(line["at"], "2026-11-22T03:12:00.000Z");
    assert_eq!(line["by"], AUTHOR);
    assert_eq!(line["event"]["kind"], "incident_opened");
    assert_eq!(line["event"]["title"], "checkout: 5xx!");
    assert_eq!(uuid::Uuid::parse_str(line["id"].as_str().unwrap()).unwrap().get_version_num(), 7);
}

#[test]
fn taken_names_get_a_number() {
    let data = tempfile::tempdir().unwrap();
    let home = Home::at(data.path());
    let ids: Vec<_> = (0..3).map(|_| home.create("x", false, AUTHOR, start()).unwrap().id().to_owned()).collect();
    assert_eq!(ids, ["2026-11-22-0312-x", "2026-11-22-0312-x-2", "2026-11-22-0312-x-3"]);
}

#[test]
fn reading_writes_nothing() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    cut(&journal.path(), 3);
    fs::remove_file(journal.path().with_file_name("lock")).unwrap();
    let before = files(journal.path().parent().unwrap());
    let home = Home::at(data.path());
    assert_eq!(home.read(journal.id()).unwrap().entries.len(), 1);
    assert_eq!(home.open(journal.id()).unwrap().entries().len(), 1);
    assert_eq!(home.incidents().unwrap()[0].entries, 1);
    assert_eq!(files(journal.path().parent().unwrap()), before);
}

#[test]
fn an_id_never_leads_out_of_the_folder() {
    let (data, journal) = new("x");
    let home = Home::at(data.path().join("incidents"));
    fs::create_dir(data.path().join("incidents/incidents")).unwrap();
    for id in ["", ".", "..", "../2026-11-22-0312-x", "/etc", "nothing"] {
        assert!(matches!(home.open(id), Err(JournalError::NotFound { .. })), "{id:?} of {}", journal.id());
    }
}

// What goes wrong with files.

#[test]
fn cut_at_every_byte_it_recovers() {
    let (data, mut journal) = new("x");
    for text in ["one", "two", "three ünïcode"] {
        journal.append(AUTHOR, &[note(text)], start()).unwrap();
    }
    let (home, id, path) = (Home::at(data.path()), journal.id().to_owned(), journal.path());
    let whole = fs::read(&path).unwrap();
    let all = home.read(&id).unwrap().entries;
    for length in 0..whole.len() {
        reset(&path, &whole[..length]);
        let mut journal = home.open(&id).unwrap();
        let kept = journal.take_entries();
        assert_eq!(kept, all[..kept.len()], "cut at {length}: what was whole is there");
        let newlines = whole[..length].iter().filter(|&&byte| byte == b'\n').count();
        assert_eq!(kept.len(), newlines.saturating_sub(1), "cut at {length}");

        let draft = note("after");
        journal.append(AUTHOR, std::slice::from_ref(&draft), start()).unwrap();
        let contents = home.read(&id).unwrap();
        assert_eq!(contents.warnings, [], "cut at {length}: the journal is whole again");
        assert_eq!(contents.entries[..kept.len()], kept);
        assert_eq!(contents.entries.last().unwrap().event, draft.event);
        assert!(contents.entries.iter().map(|e| e.seq).eq(1..=contents.entries.len() as u64));

        let torn = length - whole[..length].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let repaired = contents.entries.iter().find_map(|entry| match &entry.event {
            Event::TailRepaired { bytes, kept } => Some((*bytes, kept.clone())),
            _ => None,
        });
        assert_eq!(repaired.as_ref().map_or(0, |repaired| repaired.0), torn as u64, "cut at {length}");
        if let Some((_, name)) = repaired {
            assert_eq!(fs::read(path.with_file_name(name)).unwrap(), &whole[length - torn..length]);
        }
    }
}

#[test]
fn any_flipped_bit_is_noticed_and_changes_no_other_entry() {
    let (data, mut journal) = new("x");
    for text in ["one", "two", "three"] {
        journal.append(AUTHOR, &[note(text)], start()).unwrap();
    }
    let (home, id, path) = (Home::at(data.path()), journal.id().to_owned(), journal.path());
    let whole = fs::read(&path).unwrap();
    let all = home.read(&id).unwrap().entries;
    // Every byte, and every bit of a byte in turn.
    for bit in (0..whole.len() * 8).step_by(7) {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &bytes).unwrap();
        let contents = home.read(&id).unwrap();
        let torn = bytes.last() != Some(&b'\n');
        assert!(!contents.warnings.is_empty() || torn, "bit {bit} went unnoticed");
        assert!(contents.entries.iter().all(|entry| all.contains(entry)), "bit {bit} changed an entry");
        assert!(contents.entries.len() + 2 >= all.len(), "bit {bit} took more than the lines it touched");
    }
}

#[test]
fn damage_is_left_as_it_is_and_the_log_goes_on_in_another_part() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one"), note("two"), note("three")], start()).unwrap();
    let (home, id, path) = (Home::at(data.path()), journal.id().to_owned(), journal.path());
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(3).position(|window| window == b"two").unwrap();
    bytes[at] = b'T';
    fs::write(&path, &bytes).unwrap();

    let (mut alice, mut bob) = (home.open(&id).unwrap(), home.open(&id).unwrap());
    let seqs = |entries: &[Entry]| entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    assert_eq!(seqs(alice.entries()), [1, 2, 4]);
    assert!(matches!(&alice.take_warnings()[..], [Warning::Damaged { line: 4, .. }]));
    assert_eq!(seqs(&alice.append("alice", &[note("four")], start()).unwrap()), [5]);
    assert_eq!(alice.path(), path.with_file_name("journal-2.jsonl"));
    assert_eq!(fs::read(&path).unwrap(), bytes, "the damaged part is not touched");
    let kept = fs::read(path.with_file_name("journal.jsonl.damaged")).unwrap();
    assert!(String::from_utf8(kept).unwrap().contains("Two"));
    let warnings = alice.take_warnings();
    assert!(matches!(&warnings[..], [Warning::Linked { .. }]), "{warnings:?}");

    assert_eq!(seqs(&bob.append("bob", &[note("five")], start()).unwrap()), [5, 6], "bob follows");
    assert_eq!(seqs(&alice.tail().unwrap()), [6]);
    let contents = home.read(&id).unwrap();
    assert_eq!(seqs(&contents.entries), [1, 2, 4, 5, 6]);
    assert!(matches!(&contents.warnings[..], [Warning::Damaged { .. }]), "{:?}", contents.warnings);
    assert!(!path.with_file_name("journal-3.jsonl").exists());
}

#[test]
fn a_damaged_last_line_does_not_give_its_number_away() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    let (home, id, path) = (Home::at(data.path()), journal.id().to_owned(), journal.path());
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 30;
    bytes[last] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let entries = home.open(&id).unwrap().append(AUTHOR, &[note("two")], start()).unwrap();
    assert_eq!(entries[0].seq, 3);
    assert_eq!(home.read(&id).unwrap().entries.len(), 2);
}

#[test]
fn a_newer_format_is_read_and_never_written() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    let (home, id, path) = (Home::at(data.path()), journal.id().to_owned(), journal.path());
    let newer = fs::read_to_string(&path).unwrap().replacen("\"1.0\"", "\"2.0\"", 1);
    reset(&path, newer.as_bytes());
    let error = home.open(&id).unwrap_err();
    assert!(matches!(&error, JournalError::NewerFormat { found, .. } if found == "2.0"), "{error}");
    let contents = home.read(&id).unwrap();
    assert_eq!(contents.entries.len(), 2, "what is understood is read");
    assert!(matches!(&contents.warnings[..], [Warning::NewerFormat { .. }]), "{:?}", contents.warnings);
    assert!(home.incidents().unwrap()[0].unreadable.as_ref().unwrap().contains("2.0"));
    // As a newer version would write it anew: another file in its place.
    fs::remove_file(&path).unwrap();
    fs::write(&path, &newer).unwrap();
    assert!(journal.append(AUTHOR, &[note("two")], start()).is_err(), "one that was open stops writing");
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn unknown_kinds_are_kept_and_numbered_on() {
    let (data, mut journal) = new("x");
    let body = r#"{"seq":2,"id":"01936f5e-0000-7000-8000-000000000001","at":"2026-11-22T03:14:05.123Z","by":"r2","event":{"kind":"paged_a_robot","who":"r2"}"#;
    append_raw(&journal.path(), &format!("{body},\"crc\":\"{:08x}\"}}\n", crc32c::crc32c(body.as_bytes())));
    let entries = journal.append(AUTHOR, &[note("after")], start()).unwrap();
    assert!(matches!(entries[0].event, Event::Unknown(_)) && entries[1].seq == 3, "{entries:?}");
    assert_eq!(Home::at(data.path()).read(journal.id()).unwrap().warnings, []);
}

#[test]
fn a_clock_that_goes_back_changes_no_order() {
    let (data, mut journal) = new("x");
    let earlier = "2026-11-21T23:00:00Z".parse().unwrap();
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    journal.append(AUTHOR, &[note("two")], earlier).unwrap();
    journal.append(AUTHOR, &[note("three"), note("four")], earlier).unwrap();
    let home = home(data.path());
    let contents = home.read(journal.id()).unwrap();
    assert_eq!(contents.warnings, []);
    assert_eq!(texts(&contents.entries), ["one", "two", "three", "four"]);
    let ids: std::collections::HashSet<_> = contents.entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), 5);
    // An incident of the future is taken up as well.
    assert!(home.resumable(earlier).unwrap().is_some());
}

#[test]
fn a_file_removed_or_cut_while_open_is_written_again() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    let (home, id, path) = (Home::at(data.path()), journal.id().to_owned(), journal.path());
    let whole = fs::read(&path).unwrap();

    // A tail does not wait for the lock, which a process being forked beside this test holds for a moment.
    let mut tail_until_whole = || {
        let patience = std::time::Instant::now() + Duration::from_secs(10);
        while fs::read(&path).ok().as_deref() != Some(&whole) && std::time::Instant::now() < patience {
            assert_eq!(journal.tail().unwrap(), []);
        }
        assert_eq!(fs::read(&path).unwrap(), whole);
    };
    fs::remove_file(&path).unwrap();
    tail_until_whole();
    cut(&path, 20);
    tail_until_whole();

    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert_eq!(journal.append(AUTHOR, &[note("two")], start()).unwrap().len(), 1);
    assert_eq!(home.read(&id).unwrap().entries.len(), 3);
    let warnings = journal.take_warnings();
    assert!(warnings.iter().all(|warning| matches!(warning, Warning::Rewritten { .. })), "{warnings:?}");
    assert_eq!(warnings.len(), 3);
}

#[test]
fn a_file_put_in_its_place_counts_and_gets_what_it_lacks() {
    let (data, mut alice) = new("x");
    let (home, id, path) = (Home::at(data.path()), alice.id().to_owned(), alice.path());
    let old = fs::read(&path).unwrap();
    let mut mine = vec![note("only alice has this")];
    let mut live = Incident::replay(alice.take_entries());
    alice.append("alice", &mine, start()).unwrap().into_iter().for_each(|entry| live.apply(entry));

    // An old copy is put back, and bob goes on from there.
    fs::remove_file(&path).unwrap();
    fs::write(&path, &old).unwrap();
    home.open(&id).unwrap().append("bob", &[note("bob went on")], start()).unwrap();

    mine.push(note("and alice too"));
    let entries = alice.append("alice", &mine[1..], start()).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4], "the whole log, to build anew");
    let texts: Vec<_> = entries.iter().filter_map(text).collect();
    assert_eq!(texts, ["bob went on", "only alice has this", "and alice too"]);
    let contents = home.read(&id).unwrap();
    assert_eq!((contents.entries, contents.warnings), (entries, vec![]));
    assert!(alice.take_warnings().contains(&Warning::Rebased { file: "journal.jsonl".into(), added: 1 }));
}

// Several writers.

#[test]
fn an_observed_transition_is_written_once() {
    let (data, mut alice) = new("x");
    let mut bob = Home::at(data.path()).open(alice.id()).unwrap();
    assert_eq!(alice.append("alice", &[fired("k1"), fired("k1"), fired("k2")], start()).unwrap().len(), 2);
    let seen = bob.append("bob", &[fired("k2"), fired("k3"), fired("k1")], start()).unwrap();
    assert_eq!(
        seen.iter().map(|entry| (entry.seq, entry.by.as_str())).collect::<Vec<_>>(),
        [(2, "alice"), (3, "alice"), (4, "bob")]
    );
    let again = note("tried twice");
    assert_eq!(alice.append("alice", std::slice::from_ref(&again), start()).unwrap().len(), 2);
    assert_eq!(alice.append("alice", &[again], start()).unwrap(), [], "an id is written once");
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
                    seen.extend(journal.append(name, &[note(&format!("{name} {n}"))], start()).unwrap());
                }
                std::thread::sleep(Duration::from_millis(50));
                while seen.len() < 201 {
                    seen.extend(journal.tail().unwrap());
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

#[test]
fn a_full_disk_leaves_whole_lines_only_and_the_rest_goes_to_the_second_journal() {
    let (data, journal) = new("x");
    // The shell limits the size of files to 2 or 4 KiB, by its unit; past it a write is short, then fails.
    let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"";
    let mut writer =
        command(Command::new("sh").args(["-c", script]).arg(test_binary()), data.path(), journal.id(), "full", 100)
            .spawn()
            .unwrap();
    assert!(!writer.wait().unwrap().success(), "both are full at some time");
    let bytes = fs::read(journal.path()).unwrap();
    assert!(bytes.ends_with(b"\n") && bytes.len() > 1500, "{} bytes", bytes.len());
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();

    let home = home(data.path());
    let contents = home.read(journal.id()).unwrap();
    assert!(matches!(&contents.warnings[..], [Warning::InSecond { .. }]), "{:?}", contents.warnings);
    let notes = texts(&contents.entries);
    assert!(notes.len() > lines + 3, "more than the journal holds: {}", notes.len());
    assert!(notes.iter().cloned().eq((0..notes.len()).map(|n| format!("full {n}"))), "in their order: {notes:?}");

    // There is room again.
    let mut journal = home.open(journal.id()).unwrap();
    assert_eq!(texts(journal.entries()), notes);
    journal.append(AUTHOR, &[note("room")], start()).unwrap();
    journal.sync().unwrap();
    let contents = home.read(journal.id()).unwrap();
    assert_eq!(contents.warnings, []);
    assert_eq!(texts(&contents.entries), [notes, vec!["room".to_owned()]].concat());
    assert_eq!(second::files(data.path()), Vec::<PathBuf>::new());
}

// The thread.

#[test]
fn the_writer_answers_each_record_and_tails_others() {
    let (data, mut journal) = new("x");
    let mut other = Home::at(data.path()).open(journal.id()).unwrap();
    journal.take_entries();
    let (writer, reports) = spawn(journal);
    writer.record(vec![note("mine")]);
    assert_eq!(texts(&next_recorded(&reports)), ["mine"]);

    let start_of_wait = Instant::now();
    other.append("bob", &[note("theirs")], start()).unwrap();
    let entries: Vec<_> = std::iter::repeat_with(|| next_recorded(&reports)).find(|e| !e.is_empty()).unwrap();
    assert_eq!(texts(&entries), ["theirs"]);
    assert!(start_of_wait.elapsed() < Duration::from_secs(1), "{:?}", start_of_wait.elapsed());

    writer.record(vec![fired("k"), fired("k")]);
    assert_eq!(next_recorded(&reports).len(), 1);
    writer.record(vec![fired("k")]);
    assert_eq!(next_recorded(&reports), [], "skipped, and answered all the same");
    writer.finish();
    assert!(reports.iter().any(|report| matches!(report, Report::Synced(4))));
}

#[test]
fn a_half_written_line_is_not_seen_before_it_is_whole() {
    let (data, mut journal) = new("x");
    let (id, path) = (journal.id().to_owned(), journal.path());
    let mut scratch = Home::at(data.path()).open(&id).unwrap();
    scratch.append("bob", &[note("in two halves")], start()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let first = bytes.iter().take(bytes.len() - 1).rposition(|&byte| byte == b'\n').unwrap() + 1;
    let line = bytes[first..].to_vec();
    reset(&path, &bytes[..first]);
    assert_eq!(journal.tail().unwrap(), []);

    for byte in &line[..line.len() - 1] {
        append_raw(&path, std::str::from_utf8(&[*byte]).unwrap());
        assert_eq!(journal.tail().unwrap(), []);
    }
    append_raw(&path, "\n");
    assert_eq!(texts(&journal.tail().unwrap()), ["in two halves"]);
    assert_eq!(journal.tail().unwrap(), []);
    assert_eq!(journal.take_warnings(), []);
}

#[test]
fn while_the_lock_is_held_records_are_put_aside_and_merged_when_it_is_free() {
    let (data, journal) = new("x");
    let id = journal.id().to_owned();
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(journal.path().with_file_name("lock"))
        .unwrap();
    lock.lock().unwrap();
    let (writer, reports) = spawn(journal);
    writer.record(vec![note("waits")]);
    assert!(matches!(next(&reports), Report::Synced(1)), "syncing goes on");
    assert!(matches!(next(&reports), Report::Busy));
    assert_eq!(texts(&next_recorded(&reports)), ["waits"]);
    let elsewhere = next_elsewhere(&reports).unwrap();
    assert_eq!((elsewhere.entries, elsewhere.why.as_str()), (1, "another process holds it"));
    lock.unlock().unwrap();
    assert_eq!(next_elsewhere(&reports), None, "merged");
    assert_eq!(texts(&home(data.path()).read(&id).unwrap().entries), ["waits"]);

    lock.lock().unwrap();
    writer.record(vec![note("one")]);
    writer.record(vec![note("two")]);
    writer.finish();
    assert!(reports.iter().all(|report| !matches!(report, Report::Failed { .. })), "nothing is given back");
    let contents = home(data.path()).read(&id).unwrap();
    assert_eq!(texts(&contents.entries), ["waits", "one", "two"]);
    assert!(matches!(&contents.warnings[..], [Warning::InSecond { entries: 2, .. }]), "{:?}", contents.warnings);
}

#[test]
fn what_neither_journal_takes_is_given_back() {
    let (data, journal) = new("x");
    second::make_useless(data.path());
    second::block(&journal.path());
    let (writer, reports) = spawn(journal);
    let (one, two) = (note("one"), note("two"));
    writer.record(vec![one.clone()]);
    writer.record(vec![two.clone()]);
    writer.finish();
    let given_back: Vec<_> = reports
        .iter()
        .filter_map(|report| match report {
            Report::Failed { drafts, .. } => Some(drafts),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(given_back, [one, two]);
}

#[test]
fn finishing_writes_what_is_still_waiting() {
    let (data, journal) = new("x");
    let id = journal.id().to_owned();
    let (writer, _reports) = spawn(journal);
    for n in 0..500 {
        writer.record(vec![note(&n.to_string())]);
    }
    writer.finish();
    assert_eq!(Home::at(data.path()).read(&id).unwrap().entries.len(), 501);
}

// Which incidents there are.

#[test]
fn a_row_says_as_the_cockpit_whether_anything_hurts() {
    let (data, mut journal) = new("x");
    let sign = draft(Event::ObservationAdded {
        text: "pool full".into(),
        state: ObservationState::Untested,
        origin: None,
        when: None,
        evidence: None,
        check: CheckSpec::default(),
    });
    let turned = Event::CheckTurned {
        key: "check|1|0".into(),
        observation: sign.id,
        run: sign.id,
        state: ObservationState::Present,
        was: None,
        shown: "0.97".into(),
        times: 0,
        or_longer: false,
        when: start(),
    };
    for (drafts, bled) in [(vec![sign], false), (vec![draft(turned)], true)] {
        journal.append(AUTHOR, &drafts, start()).unwrap();
        let home = Home::at(data.path());
        let incident = Incident::replay(home.read(journal.id()).unwrap().entries);
        assert_eq!((home.incidents().unwrap()[0].bled, incident.has_bled()), (bled, bled));
    }
}

#[test]
fn incidents_are_listed_newest_first() {
    let data = tempfile::tempdir().unwrap();
    let home = Home::at(data.path());
    assert_eq!(home.incidents().unwrap(), []);
    assert_eq!(home.newest().unwrap(), None);

    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let close = Event::StatusSet { status: Status::Closed, reason: String::new(), when: None };
    home.create("zebra", false, AUTHOR, at("2026-11-22T03:12:01Z")).unwrap();
    home.create("apple", false, AUTHOR, at("2026-11-22T03:12:30Z")).unwrap();
    let mut closed = home.create("closed", false, AUTHOR, at("2026-11-22T09:00:00Z")).unwrap();
    let severity = Event::SeveritySet { severity: "SEV2".into() };
    closed.append(AUTHOR, &[draft(severity), draft(close.clone())], at("2026-11-22T09:30:00Z")).unwrap();
    fs::create_dir(data.path().join("incidents/2026-11-22-1000-empty")).unwrap();

    let listings = home.incidents().unwrap();
    let names: Vec<_> = listings.iter().map(|listing| listing.title.as_str()).collect();
    assert_eq!(names, ["", "closed", "apple", "zebra"], "those of one minute by their seconds");
    assert!(listings[0].unreadable.is_some());
    assert!(listings[1].is_closed() && listings[1].severity.as_deref() == Some("SEV2") && listings[1].entries == 3);
    assert_eq!(listings[1].last, Some(at("2026-11-22T09:30:00Z")));

    let newest = || home.newest().unwrap().unwrap().title;
    assert_eq!(newest(), "apple", "the newest that is not closed");
    let resumed = |now: &str| home.resumable(at(now)).unwrap().map(|listing| listing.title);
    assert_eq!(resumed("2026-11-22T07:12:29Z").as_deref(), Some("apple"));
    assert_eq!(resumed("2026-11-22T07:12:30Z"), None, "four hours after its last entry");
    for title in ["zebra", "apple"] {
        let mut journal = home.open(&format!("2026-11-22-0312-{title}")).unwrap();
        journal.append(AUTHOR, &[draft(close.clone())], at("2026-11-22T09:00:00Z")).unwrap();
    }
    assert_eq!(newest(), "closed", "all are closed: the newest");
    home.create("exercise", true, AUTHOR, at("2026-11-22T12:00:00Z")).unwrap();
    assert_eq!(resumed("2026-11-22T12:00:01Z"), None, "a drill is not taken up for an outage");
}

// Live is replayed.

#[derive(Clone, Debug)]
enum Step {
    Append(usize, Vec<Event>),
    Tail(usize),
    Reopen(usize),
    Tear(Vec<u8>),
}

fn events() -> impl Strategy<Value = Event> {
    let text = "\\PC{0,12}|[\\x00-\\x7f]{0,6}";
    let status = prop_oneof![Just(Status::Bleeding), Just(Status::Stanched), Just(Status::Closed)];
    prop_oneof![
        4 => text.prop_map(|text| Event::Noted { text, when: None }),
        1 => text.prop_map(|title| Event::Retitled { title }),
        1 => "(SEV[1-3])?".prop_map(|severity| Event::SeveritySet { severity }),
        2 => (status, text).prop_map(|(status, reason)| Event::StatusSet { status, reason, when: None }),
        2 => "[ab]{1,2}".prop_map(|key| fired(&key).event),
        1 => any::<f64>().prop_map(|area| Event::VitalWorsened {
            vital: "ok".into(), since: start(), until: start(), seconds: area, worst: area, shown: String::new(), area,
        }),
        1 => any::<f64>().prop_map(|value| Event::VitalCrossed {
            key: value.to_string(), vital: "ok".into(), value, shown: String::new(), ok: String::new(), inside: true, when: start(),
        }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..2usize, prop::collection::vec(events(), 0..4)).prop_map(|(who, events)| Step::Append(who, events)),
        2 => (0..2usize).prop_map(Step::Tail),
        1 => (0..2usize).prop_map(Step::Reopen),
        1 => "[^\n]{1,20}".prop_map(|torn| Step::Tear(torn.into_bytes())),
    ];
    prop::collection::vec(step, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_was_shown_live_is_what_a_replay_shows(steps in steps(), undo in any::<bool>()) {
        let (data, first) = new("x");
        let (home, id, path) = (Home::at(data.path()), first.id().to_owned(), first.path());
        let mut journals = [first, home.open(&id).unwrap()];
        let mut live = journals.each_mut().map(Journal::take_entries);
        for step in steps {
            match step {
                Step::Append(who, events) => {
                    let mut drafts: Vec<_> = events.into_iter().map(draft).collect();
                    if undo && let Some(entry) = live[who].last() {
                        drafts.push(draft(Event::Undone { entry: entry.id }));
                    }
                    live[who].extend(journals[who].append(["alice", "bob"][who], &drafts, start()).unwrap());
                }
                Step::Tail(who) => live[who].extend(journals[who].tail().unwrap()),
                Step::Reopen(who) => {
                    journals[who] = home.open(&id).unwrap();
                    live[who] = journals[who].take_entries();
                }
                Step::Tear(torn) => append_raw_bytes(&path, &torn),
            }
        }
        let log = home.read(&id).unwrap();
        prop_assert_eq!(&log.warnings, &[]);
        prop_assert!(log.entries.iter().map(|entry| entry.seq).eq(1..=log.entries.len() as u64));
        for (journal, mut live) in journals.iter_mut().zip(live) {
            live.extend(journal.tail().unwrap());
            prop_assert_eq!(&live, &log.entries);
        }
        let listing = &home.incidents().unwrap()[0];
        let incident = Incident::replay(log.entries.clone());
        prop_assert_eq!(&listing.title, &incident.title);
        prop_assert_eq!(listing.status, incident.status);
        prop_assert_eq!(&listing.severity, &incident.severity);
        prop_assert_eq!(listing.opened, incident.opened);
        prop_assert_eq!(listing.entries, incident.version());
        prop_assert_eq!(listing.last, log.entries.last().map(|entry| entry.at));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn two_writers_whose_file_is_taken_away_lose_no_note(steps in prop::collection::vec((0..2usize, 0..8u8), 1..24)) {
        let (data, first) = new("x");
        let (home, id, path) = (Home::at(data.path()), first.id().to_owned(), first.path());
        let mut journals = [first, home.open(&id).unwrap()];
        let mut live = journals.each_mut().map(Journal::take_entries);
        let mut written = Vec::new();
        for (n, (who, what)) in steps.into_iter().enumerate() {
            match what {
                0 => drop(fs::remove_file(&path)),
                1 if path.exists() => cut(&path, path.metadata().unwrap().len().min(400)),
                2 | 3 => see(&mut live[who], journals[who].tail().unwrap()),
                _ => {
                    written.push(n.to_string());
                    let entries = journals[who].append("a", &[note(&n.to_string())], start()).unwrap();
                    see(&mut live[who], entries);
                }
            }
        }
        // Whoever has to add what only it knows is seen by the other in the next round.
        for who in [0, 1, 0, 1] {
            see(&mut live[who], journals[who].tail().unwrap());
        }
        let log = home.read(&id).unwrap();
        prop_assert_eq!(&log.warnings, &[]);
        prop_assert!(log.entries.iter().map(|entry| entry.seq).eq(1..=log.entries.len() as u64));
        let mut notes = texts(&log.entries);
        notes.sort_by_key(|note| note.parse::<usize>().unwrap());
        prop_assert_eq!(notes, written);
        prop_assert_eq!(&live[0], &log.entries);
        prop_assert_eq!(&live[1], &log.entries);
    }
}

/// Takes in entries as [`Log`] says.
fn see(live: &mut Vec<Entry>, entries: Vec<Entry>) {
    if entries.first().is_some_and(|entry| entry.seq == 1) {
        live.clear();
    }
    live.extend(entries);
}

/// Prints how long large journals take: `cargo test --profile quick --test journal -- --ignored --nocapture large`.
#[test]
#[ignore = "a measurement, for a calm machine and an optimised build"]
fn large_journals_open_quickly() {
    check_large(100, Duration::from_millis(500));
    check_large(1000, Duration::from_secs(5));
}

/// A night of storms: mostly what machines observed, each with a key of its own.
fn check_large(thousands: usize, within: Duration) {
    let (data, mut journal) = new("x");
    let batch =
        |n: usize| -> Vec<Draft> { (0..1000).map(|m| fired(&format!("prom/CheckoutErrorRate/{n}/{m}"))).collect() };
    for n in 0..thousands {
        journal.append(AUTHOR, &batch(n), start()).unwrap();
    }
    let home = home(data.path());
    let time = |what: &str, work: &dyn Fn() -> usize| {
        let start = Instant::now();
        let count = work();
        println!("{what}: {count} in {:?}", start.elapsed());
        start.elapsed()
    };
    println!("{} MB", fs::metadata(journal.path()).unwrap().len() / 1_000_000);
    time("list", &|| home.incidents().unwrap()[0].entries as usize);
    let opened = time("open", &|| home.open(journal.id()).unwrap().entries().len());
    let replayed = time("read and replay", &|| {
        let entries = home.read(journal.id()).unwrap().entries;
        Incident::replay(entries).entries().len()
    });
    let start_of_appends = Instant::now();
    for n in 0..1000 {
        journal.append(AUTHOR, &[note(&n.to_string())], start()).unwrap();
    }
    println!("append: {:?} each", start_of_appends.elapsed() / 1000);
    assert!(opened < within && replayed < within, "{opened:?} {replayed:?}");
}

// Helpers.

/// Not a test: what [`child`] runs in a process of its own.
#[test]
#[ignore = "run by the tests that need several processes"]
fn write_as_a_child() {
    let set = |name: &str| std::env::var(name).ok();
    let Some((data, id, name, count)) = set("CHILD_DATA")
        .zip(set("CHILD_ID"))
        .zip(set("CHILD_NAME").zip(set("CHILD_COUNT")))
        .map(|((data, id), (name, count))| (data, id, name, count.parse::<usize>().unwrap()))
    else {
        return;
    };
    let mut journal = home(Path::new(&data)).open(&id).unwrap();
    for n in 0..count {
        journal.append(&name, &[note(&format!("{name} {n}"))], start()).unwrap();
    }
}

fn child(data: &Path, id: &str, name: &str, count: usize) -> Child {
    command(&mut Command::new(test_binary()), data, id, name, count).spawn().unwrap()
}

fn command<'a>(command: &'a mut Command, data: &Path, id: &str, name: &str, count: usize) -> &'a mut Command {
    command
        .args(["--exact", "write_as_a_child", "--ignored"])
        .envs([("CHILD_ID", id), ("CHILD_NAME", name), ("CHILD_COUNT", &count.to_string())])
        .env("CHILD_DATA", data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

fn test_binary() -> PathBuf {
    std::env::current_exe().unwrap()
}

#[track_caller]
fn check_shared(data: &Path, id: &str, names: &[&str], count: usize) {
    let contents = Home::at(data).read(id).unwrap();
    assert_eq!(contents.warnings, []);
    assert_eq!(contents.entries.len(), names.len() * count + 1);
    assert!(contents.entries.iter().map(|e| e.seq).eq(1..=contents.entries.len() as u64));
    for name in names {
        let theirs: Vec<_> = contents.entries.iter().filter(|e| e.by == *name).filter_map(text).collect();
        let expected: Vec<_> = (0..count).map(|n| format!("{name} {n}")).collect();
        assert_eq!(theirs, expected, "all of them, once, in their order");
    }
}

fn new(title: &str) -> (TempDir, Journal) {
    let data = tempfile::tempdir().unwrap();
    let journal = home(data.path()).create(title, false, AUTHOR, start()).unwrap();
    (data, journal)
}

/// With second journals of its own.
fn home(data: &Path) -> Home {
    Home::at(data).with_second_in(data.join("run"))
}

fn start() -> Timestamp {
    "2026-11-22T03:12:00Z".parse().unwrap()
}

fn draft(event: Event) -> Draft {
    Draft { id: journal::ids().next(start()), event }
}

fn note(text: &str) -> Draft {
    draft(Event::Noted { text: text.to_owned(), when: None })
}

fn fired(key: &str) -> Draft {
    draft(Event::AlertTurned {
        key: key.to_owned(),
        source: "prom".into(),
        group: "g".into(),
        title: "CheckoutErrorRate".into(),
        severity: Severity::Critical,
        turn: AlertTurn::Fired,
        firing: 8,
        when: start(),
        first: false,
        links: Default::default(),
    })
}

fn text(entry: &Entry) -> Option<String> {
    match &entry.event {
        Event::Noted { text, .. } => Some(text.clone()),
        _ => None,
    }
}

fn texts(entries: &[Entry]) -> Vec<String> {
    entries.iter().filter_map(text).collect()
}

fn spawn(journal: Journal) -> (Writer, Receiver<Report>) {
    let (sender, reports) = mpsc::channel();
    let on = move |report| drop(sender.send(report));
    (Writer::spawn(journal, AUTHOR.to_owned(), on), reports)
}

#[track_caller]
fn next(reports: &Receiver<Report>) -> Report {
    reports.recv_timeout(Duration::from_secs(10)).expect("a report")
}

#[track_caller]
fn next_recorded(reports: &Receiver<Report>) -> Vec<Entry> {
    loop {
        match next(reports) {
            Report::Recorded(entries) => return entries,
            Report::Synced(_) | Report::Busy => {}
            other => panic!("{other:?}"),
        }
    }
}

#[track_caller]
fn next_elsewhere(reports: &Receiver<Report>) -> Option<Elsewhere> {
    loop {
        match next(reports) {
            Report::Elsewhere(elsewhere) => return elsewhere,
            Report::Synced(_) | Report::Warned(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[track_caller]
fn wait_until(done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "it does not happen");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Makes the folder hold this journal and nothing else.
fn reset(path: &Path, bytes: &[u8]) {
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap().path();
        if entry != path {
            fs::remove_file(entry).unwrap();
        }
    }
    fs::write(path, bytes).unwrap();
}

fn append_raw(path: &Path, text: &str) {
    append_raw_bytes(path, text.as_bytes());
}

fn append_raw_bytes(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

fn cut(path: &Path, bytes: u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() - bytes).unwrap();
}

fn files(folder: &Path) -> Vec<(PathBuf, u64, i64)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.clone(), File::open(&path).unwrap().metadata().unwrap().len(), path.metadata().unwrap().mtime_nsec())
        })
        .collect();
    files.sort();
    files
}
