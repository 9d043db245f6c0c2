//! The thread that owns a journal: one answer for each record, and no record is lost.

use super::*;

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
    assert!(matches!(&contents.warnings[..], [Warning::InSpill { entries: 2, .. }]), "{:?}", contents.warnings);
}

#[test]
fn what_neither_journal_takes_is_given_back() {
    let (data, journal) = new("x");
    spill::make_useless(data.path());
    spill::block(&journal.path());
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
