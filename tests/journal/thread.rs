//! The thread that owns a journal: one answer for each submission, and none is lost.

use super::*;

#[test]
fn the_worker_answers_each_submission_and_follows_others() {
    let (data, mut journal) = new("x");
    let mut other = Home::at(data.path()).open(journal.id()).unwrap();
    journal.take_entries();
    let mut told = spawn(journal);
    told.submit(vec![note("mine")]);
    assert_eq!(texts(&told.next_appended()), ["mine"]);

    let start_of_wait = Instant::now();
    other.append("bob", &[note("theirs")], start()).unwrap();
    let entries: Vec<_> = std::iter::repeat_with(|| told.next_appended()).find(|e| !e.is_empty()).unwrap();
    assert_eq!(texts(&entries), ["theirs"]);
    assert!(start_of_wait.elapsed() < Duration::from_secs(1), "{:?}", start_of_wait.elapsed());

    told.submit(vec![fired("k"), fired("k")]);
    assert_eq!(told.next_appended().len(), 1);
    told.submit(vec![fired("k")]);
    assert_eq!(told.next_appended(), [], "skipped, and answered all the same");
    assert!(told.close().iter().any(|news| matches!(news, News::Durable(4))));
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
    assert_eq!(journal.tail().unwrap().entries, []);

    for byte in &line[..line.len() - 1] {
        append_raw(&path, std::str::from_utf8(&[*byte]).unwrap());
        assert_eq!(journal.tail().unwrap().entries, []);
    }
    append_raw(&path, "\n");
    assert_eq!(texts(&journal.tail().unwrap().entries), ["in two halves"]);
    assert_eq!(journal.tail().unwrap().entries, []);
    assert_eq!(journal.take_warnings(), []);
}

#[test]
fn while_the_lock_is_held_submissions_are_spilled_and_merged_when_it_is_free() {
    let (data, journal) = new("x");
    let id = journal.id().to_owned();
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(journal.path().with_file_name("lock"))
        .unwrap();
    lock.lock().unwrap();
    let mut told = spawn(journal);
    told.submit(vec![note("waits")]);
    assert!(matches!(told.next(), News::Durable(1)), "syncing goes on");
    assert!(matches!(told.next(), News::Stalled(Stall::Locked)));
    assert_eq!(texts(&told.next_appended()), ["waits"]);
    let spilled = told.next_spilled().unwrap();
    assert_eq!((spilled.entries, spilled.why.as_str()), (1, "another process holds it"));
    lock.unlock().unwrap();
    assert_eq!(told.next_spilled(), None, "merged");
    assert_eq!(texts(&home(data.path()).read(&id).unwrap().entries), ["waits"]);

    lock.lock().unwrap();
    told.submit(vec![note("one")]);
    told.submit(vec![note("two")]);
    assert!(told.close().iter().all(|news| !matches!(news, News::Refused { .. })), "nothing is given back");
    let contents = home(data.path()).read(&id).unwrap();
    assert_eq!(texts(&contents.entries), ["waits", "one", "two"]);
    assert!(matches!(&contents.warnings[..], [Warning::InSpill { entries: 2, .. }]), "{:?}", contents.warnings);
}

#[test]
fn what_neither_journal_takes_is_given_back() {
    let (data, journal) = new("x");
    spill::make_useless(data.path());
    spill::block(&journal.path());
    let mut told = spawn(journal);
    let (one, two) = (note("one"), note("two"));
    told.submit(vec![one.clone()]);
    told.submit(vec![two.clone()]);
    let refused = told.close().into_iter().filter_map(|news| match news {
        News::Refused { drafts, .. } => Some(drafts),
        _ => None,
    });
    let given_back: Vec<_> = refused.flatten().collect();
    assert_eq!(given_back, [one, two]);
}

#[test]
fn finishing_writes_what_is_still_waiting() {
    let (data, journal) = new("x");
    let id = journal.id().to_owned();
    let mut told = spawn(journal);
    for n in 0..500 {
        told.submit(vec![note(&n.to_string())]);
    }
    told.close();
    assert_eq!(Home::at(data.path()).read(&id).unwrap().entries.len(), 501);
}
