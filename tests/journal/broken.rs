//! What goes wrong with files: cut, flipped, removed, replaced, written by others, or by a clock that went back.

use super::*;

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
    assert_eq!(seqs(&alice.append("alice", &[note("four")], start()).unwrap().entries), [5]);
    assert_eq!(alice.path(), path.with_file_name("journal-2.jsonl"));
    assert_eq!(fs::read(&path).unwrap(), bytes, "the damaged part is not touched");
    let kept = fs::read(path.with_file_name("journal.jsonl.damaged")).unwrap();
    assert!(String::from_utf8(kept).unwrap().contains("Two"));
    let warnings = alice.take_warnings();
    assert!(matches!(&warnings[..], [Warning::Linked { .. }]), "{warnings:?}");

    assert_eq!(seqs(&bob.append("bob", &[note("five")], start()).unwrap().entries), [5, 6], "bob follows");
    assert_eq!(seqs(&alice.tail().unwrap().entries), [6]);
    let contents = home.read(&id).unwrap();
    assert_eq!(seqs(&contents.entries), [1, 2, 4, 5, 6]);
    assert!(matches!(&contents.warnings[..], [Warning::Damaged { .. }]), "{:?}", contents.warnings);
    assert!(!path.with_file_name("journal-3.jsonl").exists());
}

#[test]
fn whoever_only_looks_follows_into_another_part_within_a_few_looks() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one"), note("two")], start()).unwrap();
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    let mut reader = home.open(&id).unwrap();
    assert_eq!(reader.follow().unwrap().entries, []);
    // Damaged in place, which nobody who has read it sees; the next one to open it leaves it and goes on in another part.
    let bytes = String::from_utf8(fs::read(&path).unwrap()).unwrap().replace("two", "TWO");
    fs::write(&path, bytes).unwrap();
    let mut writer = home.open(&id).unwrap();
    for n in ["three", "four"] {
        writer.append(AUTHOR, &[note(n)], start()).unwrap();
        let looks = || 0..4;
        let seen: Vec<_> = looks().flat_map(|_| reader.follow().unwrap().entries).collect();
        assert_eq!(texts(&seen), [n]);
        let seen: Vec<_> = looks().flat_map(|_| journal.tail().unwrap().entries).collect();
        assert_eq!(texts(&seen), [n]);
    }
}

#[test]
fn whoever_only_reads_takes_a_file_put_in_its_place_and_says_when_it_is_gone() {
    let (data, mut journal) = new("x");
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    let old = fs::read(&path).unwrap();
    journal.append(AUTHOR, &[note("only in the newer one")], start()).unwrap();
    drop(journal);
    let mut reader = home.open(&id).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(matches!(reader.follow(), Err(JournalError::NotFound { .. })));
    fs::write(&path, &old).unwrap();
    home.open(&id).unwrap().append("bob", &[note("in the older one")], start()).unwrap();
    let before = files(path.parent().unwrap());
    let entries = reader.follow().unwrap().entries;
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2], "the whole log, to build anew");
    assert_eq!(texts(&entries), ["in the older one"]);
    assert_eq!(reader.follow().unwrap().entries, []);
    assert_eq!(files(path.parent().unwrap()), before, "and writes nothing");
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
    let entries = home.open(&id).unwrap().append(AUTHOR, &[note("two")], start()).unwrap().entries;
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
    let entries = journal.append(AUTHOR, &[note("after")], start()).unwrap().entries;
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
            assert_eq!(journal.tail().unwrap().entries, []);
        }
        assert_eq!(fs::read(&path).unwrap(), whole);
    };
    fs::remove_file(&path).unwrap();
    tail_until_whole();
    cut(&path, 20);
    tail_until_whole();

    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert_eq!(journal.append(AUTHOR, &[note("two")], start()).unwrap().entries.len(), 1);
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
    alice.append("alice", &mine, start()).unwrap().entries.into_iter().for_each(|entry| live.apply(entry));

    // An old copy is put back, and bob goes on from there.
    fs::remove_file(&path).unwrap();
    fs::write(&path, &old).unwrap();
    home.open(&id).unwrap().append("bob", &[note("bob went on")], start()).unwrap();

    mine.push(note("and alice too"));
    let Tail { entries, rebased } = alice.append("alice", &mine[1..], start()).unwrap();
    assert!(rebased);
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4], "the whole log, to build anew");
    let texts: Vec<_> = entries.iter().filter_map(text).collect();
    assert_eq!(texts, ["bob went on", "only alice has this", "and alice too"]);
    let contents = home.read(&id).unwrap();
    assert_eq!((contents.entries, contents.warnings), (entries, vec![]));
    assert!(alice.take_warnings().contains(&Warning::Rebased { file: "journal.jsonl".into(), added: 1 }));
}
