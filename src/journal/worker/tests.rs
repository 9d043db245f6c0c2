//! The thread that owns a journal, on disks that are slow, full or failing.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::*;
use crate::{
    incident::Event,
    journal::{Home, ids},
};

fn journal(data: &Path) -> (Journal, PathBuf) {
    let home = Home::at(data).with_second_in(data.join("run"));
    let journal = home.create("x", false, "a", Timestamp::UNIX_EPOCH).expect("a journal");
    let path = journal.path();
    (journal, path)
}

fn note() -> Vec<Draft> {
    let event = Event::Noted { text: "a note".into(), when: None };
    vec![Draft { id: ids().next(Timestamp::UNIX_EPOCH), event }]
}

fn writing() -> Access {
    Access::Write { author: "a".into() }
}

/// Waits for news that is as wanted; what comes before it is passed over.
#[track_caller]
fn find(worker: &mut Worker, wanted: impl Fn(&News) -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !worker.poll().iter().any(&wanted) {
        assert!(Instant::now() < until, "no such news");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_slow_disk_holds_up_neither_keys_nor_other_writers() {
    let data = tempfile::tempdir().expect("a folder");
    let (journal, path) = journal(data.path());
    let id = journal.id().to_owned();
    let (began, has_begun) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let slow = move |job: &SyncJob| {
        began.send(()).expect("someone waits");
        goes_on.recv().expect("someone goes on");
        job.run()
    };
    let mut worker = Worker::with_disk(journal, writing(), || {}, slow);
    has_begun.recv_timeout(Duration::from_secs(30)).expect("it syncs");
    // While the disk is at it.
    for _ in 0..3 {
        let ticket = worker.submit(note());
        find(&mut worker, |news| matches!(news, News::Appended { tickets, .. } if *tickets == [ticket]));
    }
    let mut other = Home::at(data.path()).open(&id).expect("a journal");
    assert_eq!(other.append("b", &note(), Timestamp::UNIX_EPOCH).expect("the lock is free").entries.len(), 1);
    assert!(fs::read_to_string(path).expect("a file").lines().count() == 6);
    (0..9).for_each(|_| _ = go_on.send(()));
    find(&mut worker, |news| matches!(news, News::Durable(4..)));
}

#[test]
fn what_a_failed_sync_left_is_on_disk_only_when_the_file_was_written_anew() {
    let data = tempfile::tempdir().expect("a folder");
    let (journal, path) = journal(data.path());
    let file = || fs::metadata(&path).expect("a file").ino();
    let first = file();
    let tries = AtomicUsize::new(0);
    // The second try would say that all is well, as a kernel does that has dropped what it could not write.
    let failing = move |job: &SyncJob| match tries.fetch_add(1, Ordering::SeqCst) {
        0 => Err(JournalError::Busy { path: PathBuf::new() }),
        _ => job.run(),
    };
    let mut worker = Worker::with_disk(journal, writing(), || {}, failing);
    find(&mut worker, |news| matches!(news, News::NotDurable { since: 1 }));
    worker.submit(note());
    // It goes on.
    find(&mut worker, |news| matches!(news, News::Appended { .. }));
    assert_eq!(file(), first);
    worker.close(Duration::from_secs(30));
    assert!(worker.poll().iter().any(|news| matches!(news, News::Durable(2))));
    assert_ne!(file(), first, "another file, with the same lines");
    assert_eq!(fs::read_to_string(&path).expect("a file").lines().count(), 3);
}

#[test]
fn one_that_only_follows_sees_what_others_write_and_writes_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let (journal, path) = journal(data.path());
    let mut other = Home::at(data.path()).open(journal.id()).expect("a journal");
    let mut worker = Worker::spawn(journal, Access::Follow, || {});
    let ticket = worker.submit(note());
    find(&mut worker, |news| matches!(news, News::Refused { ticket: refused, .. } if *refused == ticket));
    let before = fs::read(&path).expect("bytes");
    assert_eq!(other.append("b", &note(), Timestamp::UNIX_EPOCH).expect("appended").entries.len(), 1);
    find(&mut worker, |news| matches!(news, News::Appended { entries, .. } if entries.len() == 1));
    fs::write(&path, before).expect("an older file in its place");
    find(&mut worker, |news| matches!(news, News::Rebased { entries, .. } if entries.len() == 1));
    worker.close(Duration::from_secs(30));
}

/// Neither the journal nor a second one takes anything until this is undone.
fn block(data: &Path, journal: &Path) {
    fs::write(data.join("run"), "in the way").expect("written");
    let lock = journal.with_file_name("lock");
    drop(fs::remove_file(&lock));
    fs::create_dir(&lock).expect("a folder in the way");
}

fn unblock(data: &Path, journal: &Path) {
    fs::remove_file(data.join("run")).expect("removed");
    fs::remove_dir(journal.with_file_name("lock")).expect("removed");
}

fn texts(path: &Path) -> Vec<String> {
    let file = fs::read_to_string(path).expect("a file");
    let word = |line: &str| Some(line.split_once(r#""text":""#)?.1.split_once('"')?.0.to_owned());
    file.lines().filter_map(word).collect()
}

#[test]
fn what_a_person_did_behind_something_refused_waits_until_all_of_that_comes_again() {
    #[track_caller]
    fn find_refused(worker: &mut Worker, ticket: Ticket) {
        find(worker, |news| matches!(news, News::Refused { ticket: refused, .. } if *refused == ticket));
    }
    let data = tempfile::tempdir().expect("a folder");
    let (journal, path) = journal(data.path());
    let mut worker = Worker::spawn(journal, writing(), || {});
    let draft = |text: &str| {
        let event = Event::Noted { text: text.into(), when: None };
        Draft { id: ids().next(Timestamp::UNIX_EPOCH), event }
    };
    let [one, two, three] = ["one", "two", "three"].map(draft);
    block(data.path(), &path);
    let first = worker.submit(vec![one.clone()]);
    find_refused(&mut worker, first);
    unblock(data.path(), &path);
    // Submitted before anyone knew that the first was refused.
    let second = worker.submit(vec![two.clone()]);
    find_refused(&mut worker, second);
    let seen = Event::SourceLost {
        key: "lost|prom|1".into(),
        source: "prom".into(),
        error: String::new(),
        when: Timestamp::UNIX_EPOCH,
    };
    let machines = worker.submit(vec![Draft { id: ids().next(Timestamp::UNIX_EPOCH), event: seen }]);
    find(&mut worker, |news| matches!(news, News::Appended { tickets, .. } if *tickets == [machines]));
    let without_the_second = worker.submit(vec![one.clone(), three.clone()]);
    find_refused(&mut worker, without_the_second);
    assert_eq!(texts(&path), Vec::<String>::new());

    let all = worker.submit(vec![one, two, three]);
    find(&mut worker, |news| matches!(news, News::Appended { tickets, .. } if *tickets == [all]));
    assert_eq!(texts(&path), ["one", "two", "three"]);
    let later = worker.submit(vec![draft("four")]);
    find(&mut worker, |news| matches!(news, News::Appended { tickets, .. } if *tickets == [later]));
}

#[test]
fn what_is_written_and_refused_when_it_comes_again_holds_nothing_back() {
    let data = tempfile::tempdir().expect("a folder");
    let (journal, path) = journal(data.path());
    let mut worker = Worker::spawn(journal, writing(), || {});
    let [written_before, new] = [note(), note()].map(|mut drafts| drafts.remove(0));
    let written = worker.submit(vec![written_before.clone()]);
    find(&mut worker, |news| matches!(news, News::Appended { tickets, .. } if *tickets == [written]));
    block(data.path(), &path);
    let again = worker.submit(vec![written_before, new.clone()]);
    find(&mut worker, |news| matches!(news, News::Refused { ticket, .. } if *ticket == again));
    unblock(data.path(), &path);
    let next = worker.submit([vec![new], note()].concat());
    find(&mut worker, |news| matches!(news, News::Appended { tickets, .. } if *tickets == [next]));
}

#[test]
fn a_panic_of_the_thread_is_told() {
    let data = tempfile::tempdir().expect("a folder");
    let first = AtomicBool::new(true);
    let wake = move || assert!(!first.swap(false, Ordering::SeqCst), "on purpose");
    let mut worker = Worker::spawn(journal(data.path()).0, writing(), wake);
    find(&mut worker, |news| matches!(news, News::Broken));
}
