//! What is no file in the journal's place: a pipe would hold up whoever opens it for ever, a device might never end.

use super::*;

const WORDS: &str = "it is a pipe, a folder or a device, not a file; move it away";

/// Puts a pipe in place of what is there.
fn pipe(path: &Path) {
    let beside = path.with_extension("pipe");
    assert!(Command::new("mkfifo").arg(&beside).status().unwrap().success());
    // In one go: whoever has the journal open would write it again in between.
    fs::rename(beside, path).unwrap();
}

/// What comes of `work`, which must not hang.
#[track_caller]
fn at_once<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, done) = mpsc::channel();
    std::thread::spawn(move || drop(sender.send(work())));
    done.recv_timeout(Duration::from_secs(10)).expect("it hangs")
}

#[test]
fn a_pipe_in_place_of_an_open_journal_gives_way_to_it() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    let (id, path) = (journal.id().to_owned(), journal.path());
    let before = fs::read(&path).unwrap();
    pipe(&path);
    let (mut journal, tail) = at_once(move || {
        let tail = journal.append(AUTHOR, &[note("two")], start());
        (journal, tail)
    });
    assert_eq!(texts(&tail.unwrap().entries), ["two"]);
    let warnings = journal.take_warnings();
    let words = "journal.jsonl was gone, cut short or no file any more; it was written again from memory";
    assert_eq!(warnings.iter().map(Warning::to_string).collect::<Vec<_>>(), [words]);
    assert!(fs::read(&path).unwrap().starts_with(&before), "a file again, with all that was in it");
    assert_eq!(texts(&home(data.path()).read(&id).unwrap().entries), ["one", "two"]);
}

/// Who may write into the folder may lead stanch to a file that only its user may write.
#[test]
fn a_link_in_the_place_of_a_file_is_not_followed() {
    let (data, journal) = new("x");
    let (id, path) = (journal.id().to_owned(), journal.path());
    drop(journal);
    let token = data.path().join("token");
    fs::write(&token, "s3cret without an end").unwrap();
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(&token, &path).unwrap();
    let words = home(data.path()).open(&id).expect_err("refused").to_string();
    assert!(words.contains("it is a link, which may lead to another's file; move it away"), "{words}");
    assert_eq!(fs::read_to_string(&token).unwrap(), "s3cret without an end");
    let beside: Vec<_> =
        fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(beside.iter().all(|name| !name.to_string_lossy().contains("torn")), "{beside:?}");

    let planted = data.path().join("planted");
    fs::remove_file(&path).unwrap();
    fs::write(&path, "").unwrap();
    let _ = fs::remove_file(path.with_file_name("lock"));
    std::os::unix::fs::symlink(&planted, path.with_file_name("lock")).unwrap();
    drop(home(data.path()).open(&id));
    assert!(!planted.exists(), "nothing is made at the other end");
}

#[test]
fn a_part_that_is_too_large_is_named_and_not_read() {
    let (data, journal) = new("x");
    let (id, path) = (journal.id().to_owned(), journal.path());
    drop(journal);
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    let home = home(data.path());
    let words = home.read(&id).expect_err("refused").to_string();
    assert!(words.contains("it is larger than 2 GB"), "{words}");
    drop(home.incidents());
}

#[test]
fn a_store_notes_and_closes_though_all_of_the_folder_are_pipes() {
    let (data, journal) = new("x");
    let (id, path) = (journal.id().to_owned(), journal.path());
    let mut told = spawn(journal);
    pipe(&path);
    pipe(&path.with_file_name("lock"));
    told.submit(vec![note("typed meanwhile")]);
    assert_eq!(texts(&told.next_appended()), ["typed meanwhile"]);
    let spilled = told.next_spilled().expect("the second journal has it");
    assert!(spilled.why.contains(WORDS), "{}", spilled.why);
    let start = Instant::now();
    told.close();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());

    for name in ["journal.jsonl", "lock"] {
        fs::remove_file(path.with_file_name(name)).unwrap();
    }
    fs::write(&path, "").unwrap();
    let read = home(data.path()).read(&id).unwrap();
    assert_eq!(texts(&read.entries), ["typed meanwhile"]);
}

#[test]
fn a_folder_in_its_place_is_left_and_what_is_added_is_spilled() {
    let (_data, mut journal) = new("x");
    let path = journal.path();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let tail = journal.append(AUTHOR, &[note("one")], start()).unwrap();
    assert_eq!(texts(&tail.entries), ["one"]);
    assert!(journal.spilled().is_some() && path.is_dir());
}

#[test]
fn whoever_only_reads_says_what_is_in_the_way() {
    let (data, journal) = new("x");
    let (id, path) = (journal.id().to_owned(), journal.path());
    drop(journal);
    let home = home(data.path());
    // Beside the journal nothing is in the way of a reader.
    pipe(&path.with_file_name("lock"));
    assert_eq!(home.read(&id).unwrap().entries.len(), 1);
    pipe(&path);
    let (read, opened, list) = at_once(move || {
        let errors = [home.read(&id).map(drop), home.open(&id).map(drop)].map(|done| done.unwrap_err().to_string());
        let [read, opened] = errors;
        (read, opened, home.incidents().unwrap().remove(0).unreadable)
    });
    assert_eq!(read, format!("failed to read {}: {WORDS}", path.display()));
    assert_eq!(opened, format!("failed to open {}: {WORDS}", path.display()));
    assert_eq!(list, Some(read));
}

#[test]
fn a_second_journal_that_is_a_pipe_is_passed_over() {
    let (data, mut journal) = new("x");
    let (id, path) = (journal.id().to_owned(), journal.path());
    let lock = path.with_file_name("lock");
    let _ = fs::remove_file(&lock);
    fs::create_dir(&lock).unwrap();
    journal.append(AUTHOR, &[note("spilled")], start()).unwrap();
    let second = journal.spilled().unwrap().path;
    drop(journal);
    pipe(&second);
    let home = home(data.path());
    let (read, opened) = at_once(move || (home.read(&id).unwrap(), home.open(&id).unwrap()));
    assert_eq!((read.entries.len(), opened.entries().len()), (1, 1));
}
