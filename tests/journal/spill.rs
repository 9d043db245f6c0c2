//! The second journal: what the first does not take is in it at once, is shown, and is merged in its order, each once.

use std::os::unix::fs::symlink;

use proptest::prelude::*;

use super::*;

#[test]
fn what_the_journal_does_not_take_is_in_the_second_at_once_and_merged_later() {
    let (data, mut journal) = new("x");
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    let before = fs::read(&path).unwrap();
    block(&path);
    let entries = journal.append(AUTHOR, &[note("two"), fired("k")], start()).unwrap().entries;
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [3, 4], "numbered on");
    assert_eq!(journal.append(AUTHOR, &[fired("k")], start()).unwrap().entries, [], "an observation is written once");
    journal.append(AUTHOR, &[note("three")], start()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);

    let [second] = &files(data.path())[..] else { panic!("one second journal") };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(second), mode(second.parent().unwrap())), (0o600, 0o700));
    let text = fs::read_to_string(second).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    for line in text.lines() {
        let (body, crc) = line.rsplit_once(r#","crc":""#).unwrap();
        assert_eq!(crc, format!("{:08x}\"}}", crc32c::crc32c(body.as_bytes())));
    }
    assert!(text.contains(&format!(r#""after":{{"file":"{}","seq":2}}"#, path.display())), "{text}");
    let elsewhere = journal.spilled().unwrap();
    assert_eq!((&elsewhere.path, elsewhere.entries), (second, 3));

    // Whoever reads the incident reads them.
    let contents = home.read(&id).unwrap();
    assert_eq!(texts(&contents.entries), ["one", "two", "three"]);
    assert!(matches!(&contents.warnings[..], [Warning::InSpill { entries: 3, .. }]), "{:?}", contents.warnings);
    assert_eq!(home.incidents().unwrap()[0].entries, 5);

    unblock(&path);
    assert_eq!(tail_until_merged(&mut journal), [], "nothing that was not known");
    assert_eq!(journal.take_warnings(), [Warning::Merged { path: second.display().to_string(), entries: 3 }]);
    let merged = home.read(&id).unwrap();
    assert_eq!((merged.entries, merged.warnings), (contents.entries, vec![]));
    assert!(second.exists(), "until it is on disk");
    journal.sync().unwrap();
    assert_eq!(files(data.path()), Vec::<PathBuf>::new());
}

#[test]
fn the_next_start_finds_what_was_left_and_merges_it() {
    let (data, mut journal) = new("x");
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    block(&path);
    journal.append("alice", &[note("one"), note("two")], start()).unwrap();
    let left = files(data.path());
    // One that is in use is nobody else's.
    assert_eq!(texts(home.open(&id).unwrap().entries()), Vec::<String>::new());
    drop(journal);

    // It is blocked for the next one as well, which is killed, too; then others write.
    let mut journal = home.open(&id).unwrap();
    assert_eq!(texts(journal.entries()), ["one", "two"]);
    assert!(matches!(&journal.take_warnings()[..], [Warning::InSpill { entries: 2, .. }]));
    journal.append("alice", &[note("three")], start()).unwrap();
    drop(journal);
    assert_eq!(files(data.path()).len(), 2);
    unblock(&path);
    let mut journal = home.open(&id).unwrap();
    assert_eq!(texts(journal.entries()), ["one", "two", "three"], "each once");
    assert_eq!(texts(&journal.append("bob", &[note("four")], start()).unwrap().entries), ["four"]);
    assert!(files(data.path()).starts_with(&left), "until it is on disk");
    journal.sync().unwrap();
    assert_eq!(files(data.path()), Vec::<PathBuf>::new());
    let contents = home.read(&id).unwrap();
    assert_eq!(contents.warnings, []);
    assert_eq!(texts(&contents.entries), ["one", "two", "three", "four"]);
    assert!(contents.entries.iter().map(|entry| entry.by.as_str()).eq([AUTHOR, "alice", "alice", "alice", "bob"]));
}

#[test]
fn what_others_wrote_meanwhile_comes_before_it_and_all_is_shown_anew() {
    let (data, mut alice) = new("x");
    let path = alice.path();
    block(&path);
    assert_eq!(alice.append("alice", &[note("one"), fired("k")], start()).unwrap().entries.len(), 2);
    unblock(&path);
    let mut bob = home(data.path()).open(alice.id()).unwrap();
    bob.append("bob", &[fired("k"), note("two")], start()).unwrap();
    let whole = tail_until_merged(&mut alice);
    assert_eq!(whole, home(data.path()).read(alice.id()).unwrap().entries);
    assert!(whole.iter().map(|entry| entry.seq).eq(1..=4));
    assert_eq!(texts(&whole), ["two", "one"]);
    alice.sync().unwrap();
    assert_eq!(files(data.path()), Vec::<PathBuf>::new(), "what bob saw as well is no reason to keep it");
}

#[test]
fn kill_9_loses_nothing_that_was_put_aside() {
    let (data, journal) = new("x");
    let path = journal.path();
    block(&path);
    let mut writer = child(data.path(), journal.id(), "p", 100_000);
    wait_until(|| files(data.path()).first().is_some_and(|path| path.metadata().unwrap().size() > 3000));
    writer.kill().unwrap();
    writer.wait().unwrap();
    unblock(&path);
    let notes = texts(&home(data.path()).read(journal.id()).unwrap().entries);
    assert!(notes.len() > 10 && notes.iter().cloned().eq((0..notes.len()).map(|n| format!("p {n}"))), "{notes:?}");
    let mut journal = home(data.path()).open(journal.id()).unwrap();
    journal.append(AUTHOR, &[note("after")], start()).unwrap();
    journal.sync().unwrap();
    let contents = home(data.path()).read(journal.id()).unwrap();
    assert_eq!(texts(&contents.entries), [notes, vec!["after".to_owned()]].concat());
    assert_eq!(contents.warnings, []);
}

#[test]
fn a_second_journal_that_was_cut_or_damaged_gives_what_is_whole_and_the_rest_is_kept() {
    let (data, mut journal) = new("x");
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    block(&path);
    for text in ["one", "two", "three"] {
        journal.append(AUTHOR, &[note(text)], start()).unwrap();
    }
    drop(journal);
    unblock(&path);
    let second = files(data.path()).remove(0);
    let whole = fs::read_to_string(&second).unwrap();
    fs::write(&second, whole.replace("two", "TWO") + "{\"seq\":9,\"id").unwrap();
    let mut journal = home.open(&id).unwrap();
    journal.append(AUTHOR, &[note("four")], start()).unwrap();
    journal.sync().unwrap();
    assert_eq!(texts(&home.read(&id).unwrap().entries), ["one", "three", "four"]);
    let kept = fs::read_to_string(path.with_file_name("journal.jsonl.second")).unwrap();
    assert!(kept.contains("TWO") && kept.ends_with("{\"seq\":9,\"id"), "{kept}");
    assert_eq!(files(data.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_folder_that_another_could_have_planted_is_neither_written_nor_believed() {
    let (data, mut journal) = new("x");
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    block(&path);
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    drop(journal);
    let run = data.path().join("run");
    let check = |planted: &str| {
        let mut journal = home.open(&id).unwrap();
        assert_eq!(texts(journal.entries()), Vec::<String>::new(), "{planted}");
        let error = journal.append(AUTHOR, &[note("two")], start()).unwrap_err();
        assert!(matches!(error, JournalError::Io { .. }), "{planted}: why the first did not take it: {error}");
        assert_eq!(journal.spilled(), None, "{planted}");
    };
    fs::set_permissions(&run, fs::Permissions::from_mode(0o777)).unwrap();
    check("open to all");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(&run, data.path().join("elsewhere")).unwrap();
    symlink(data.path().join("elsewhere"), &run).unwrap();
    check("a link");
    fs::remove_file(&run).unwrap();
    fs::rename(data.path().join("elsewhere"), &run).unwrap();
    assert_eq!(texts(home.open(&id).unwrap().entries()), ["one"]);
}

#[test]
fn one_data_folder_does_not_get_what_is_anothers() {
    let (data, mut journal) = new("x");
    block(&journal.path());
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    let id = journal.id().to_owned();
    drop(journal);
    let other = Home::at(data.path().join("other")).with_second_in(data.path().join("run"));
    let theirs = other.create("x", false, AUTHOR, start()).unwrap();
    assert_eq!(theirs.id(), id, "of the same name");
    assert_eq!(texts(&other.read(&id).unwrap().entries), Vec::<String>::new());
}

#[test]
fn two_that_are_found_at_once_are_merged_in_their_order_each_once() {
    let (data, journal) = new("x");
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    drop(journal);
    block(&path);
    // Two that are open at once, and are both killed; each has seen the same page.
    let (mut alice, mut bob) = (home.open(&id).unwrap(), home.open(&id).unwrap());
    alice.append("alice", &[note("one"), fired("page")], start()).unwrap();
    bob.append("bob", &[fired("page"), note("two")], start()).unwrap();
    alice.append("alice", &[note("three")], start()).unwrap();
    assert_eq!(files(data.path()).len(), 2);
    drop((alice, bob));

    let expected = ["one", "three", "two"];
    let pages = |entries: &[Entry]| entries.iter().filter(|entry| entry.event.dedup_key().is_some()).count();
    let check = |what: &str, entries: &[Entry]| {
        assert_eq!(texts(entries), expected, "{what}");
        assert_eq!(pages(entries), 1, "{what}: what both saw is told once");
        assert!(entries.iter().map(|entry| entry.seq).eq(1..=entries.len() as u64), "{what}: {entries:?}");
    };
    let contents = home.read(&id).unwrap();
    check("read", &contents.entries);
    let counted = |warning: &Warning| if let Warning::InSpill { entries, .. } = warning { *entries } else { 0 };
    assert_eq!(contents.warnings.iter().map(counted).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(home.incidents().unwrap()[0].entries, 5);
    let mut journal = home.open(&id).unwrap();
    check("opened", journal.entries());
    assert_eq!(journal.spilled().map(|elsewhere| elsewhere.entries), Some(4));

    unblock(&path);
    assert_eq!(
        texts(&journal.append(AUTHOR, &[note("four")], start()).unwrap().entries),
        ["four"],
        "the rest was known"
    );
    journal.sync().unwrap();
    assert_eq!(files(data.path()), Vec::<PathBuf>::new(), "both have served");
    let contents = home.read(&id).unwrap();
    assert_eq!(
        (texts(&contents.entries), pages(&contents.entries)),
        (["one", "three", "two", "four"].map(String::from).to_vec(), 1)
    );
    assert_eq!(contents.warnings, []);
}

/// A file system that became read-only, or someone else's folder. Whoever may do anything gives that up first.
#[test]
fn a_read_only_journal_goes_to_the_second_and_is_written_when_it_may_be() {
    let (data, journal) = new("x");
    let (home, id, path) = (home(data.path()), journal.id().to_owned(), journal.path());
    let (folder, run) = (path.parent().unwrap(), data.path().join("run"));
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    // The program itself may lie where nobody else may look.
    let program = data.path().join("program");
    fs::copy(test_binary(), &program).unwrap();
    let mut it = Command::new(&program);
    let is_root = rustix::process::geteuid().is_root();
    if is_root {
        use std::os::unix::process::CommandExt;
        let nobody = |path: &Path| {
            let given = std::os::unix::fs::chown(path, Some(65534), Some(65534));
            given.expect("root may give files to user 65534; run this as an ordinary user where it may not");
        };
        fs::create_dir(&run).unwrap();
        mode(&run, 0o700);
        let incidents = data.path().join("incidents");
        [data.path(), &run, &incidents, folder, &path].into_iter().for_each(nobody);
        it.uid(65534).gid(65534);
    }
    mode(&path, 0o400);
    mode(folder, 0o500);
    let before = fs::read(&path).unwrap();
    let done = command(&mut it, data.path(), &id, "ro", 3).status();
    mode(folder, 0o700);
    mode(&path, 0o600);
    assert!(done.unwrap().success());
    assert_eq!(fs::read(&path).unwrap(), before, "it could not be written");
    if is_root {
        std::os::unix::fs::chown(&run, Some(0), Some(0)).unwrap();
    }
    assert_eq!(files(data.path()).len(), 1);
    let mut journal = home.open(&id).unwrap();
    journal.append(AUTHOR, &[note("mine")], start()).unwrap();
    assert_eq!(texts(&home.read(&id).unwrap().entries), ["ro 0", "ro 1", "ro 2", "mine"]);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Append(usize),
    Tail(usize),
    Sync(usize),
    /// Killed, and started again.
    Restart(usize),
    Block,
    Unblock,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..2usize).prop_map(Step::Append),
        3 => (0..2usize).prop_map(Step::Tail),
        1 => (0..2usize).prop_map(Step::Sync),
        2 => (0..2usize).prop_map(Step::Restart),
        2 => Just(Step::Block),
        2 => Just(Step::Unblock),
    ];
    prop::collection::vec(step, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_fails_and_whoever_is_killed_each_entry_is_there_once(steps in steps()) {
        let (data, first) = new("x");
        let (home, id, path) = (home(data.path()), first.id().to_owned(), first.path());
        let mut journals = [Some(first), Some(home.open(&id).unwrap())];
        let mut live = journals.each_mut().map(|journal| journal.as_mut().unwrap().take_entries());
        let mut written = Vec::new();
        for (n, step) in steps.into_iter().enumerate() {
            match step {
                Step::Append(who) => {
                    // What a machine observed is written once, whoever saw it.
                    let drafts = [note(&n.to_string()), fired(&(n % 3).to_string())];
                    see(&mut live[who], journals[who].as_mut().unwrap().append("a", &drafts, start()).unwrap());
                    written.push(n.to_string());
                }
                Step::Tail(who) => see(&mut live[who], journals[who].as_mut().unwrap().tail().unwrap()),
                Step::Sync(who) => drop(journals[who].as_mut().unwrap().sync().unwrap()),
                Step::Restart(who) => {
                    journals[who] = None;
                    let journal = journals[who].insert(home.open(&id).unwrap());
                    live[who] = journal.take_entries();
                }
                Step::Block => block(&path),
                Step::Unblock => unblock(&path),
            }
            for (journal, live) in journals.iter().zip(&live) {
                prop_assert!(live.iter().map(|entry| entry.seq).eq(1..=live.len() as u64), "{journal:?}");
            }
            let mut notes = texts(&home.read(&id).unwrap().entries);
            notes.sort_by_key(|note| note.parse::<usize>().unwrap());
            prop_assert_eq!(&notes, &written, "at every moment");
        }
        unblock(&path);
        for who in [0, 1, 0, 1] {
            let journal = journals[who].as_mut().unwrap();
            see(&mut live[who], journal.tail().unwrap());
            journal.append("a", &[], start()).map(|tail| see(&mut live[who], tail)).unwrap();
            journal.sync().unwrap();
        }
        let log = home.read(&id).unwrap();
        prop_assert_eq!(&log.warnings, &[]);
        prop_assert_eq!(&live[0], &log.entries);
        prop_assert_eq!(&live[1], &log.entries);
        let mut keys: Vec<_> = log.entries.iter().filter_map(|entry| entry.event.dedup_key()).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), count);
        drop(journals);
        home.open(&id).unwrap().append("a", &[note("1000")], start()).unwrap();
    }
}

/// The second journals there are.
pub fn files(data: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(data.join("run")) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Makes every write to the journal fail, for whoever tries: its lock cannot be opened.
pub fn block(path: &Path) {
    let lock = path.with_file_name("lock");
    drop(fs::remove_file(&lock));
    drop(fs::create_dir(&lock));
}

pub fn unblock(path: &Path) {
    drop(fs::remove_dir(path.with_file_name("lock")));
}

/// Makes second journals fail as well.
pub fn make_useless(data: &Path) {
    fs::write(data.join("run"), "in the way").unwrap();
}

/// A tail does not wait for the lock, which a process being forked beside this test holds for a moment.
fn tail_until_merged(journal: &mut Journal) -> Vec<Entry> {
    let mut seen = Vec::new();
    wait_until_mut(|| {
        see(&mut seen, journal.tail().unwrap());
        journal.spilled().is_none()
    });
    seen
}

fn wait_until_mut(mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "it does not happen");
        std::thread::sleep(Duration::from_millis(2));
    }
}
