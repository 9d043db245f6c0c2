//! What the kernel refuses: the real program with its system calls made slow or made to fail, by `strace`.
//!
//! Disks that hang, disks that lie about what is on them, file systems without locks, and full and read-only ones, as the
//! program meets them. Ignored by default, since `strace` must be installed; run by `cargo test --test kernel -- --ignored`,
//! and then a missing `strace` is a failure.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test may fail, and reads clocks and files")]

#[expect(dead_code, reason = "shared with other tests")]
#[path = "support/pty.rs"]
mod pty;

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use pty::{Machine, Terminal};

/// Opens the cockpit with these calls made to fail, or slow, as `strace` says it: `flock:error=ENOLCK`. With `only`, those
/// that concern this file.
fn open(machine: &Machine, inject: &str, only: Option<&PathBuf>, args: &[&str]) -> Terminal {
    let there = Command::new("strace").arg("-V").output();
    assert!(there.is_ok(), "`strace` is not installed, and these tests need it: apt-get install strace");
    let calls = format!("trace={}", inject.split(':').next().unwrap_or_default());
    let inject = format!("inject={inject}");
    let mut all = vec!["-f", "-qq", "-o", "/dev/null", "-e", &calls, "-e", &inject];
    let only = only.map(|path| path.display().to_string());
    all.extend(only.iter().flat_map(|path| ["-P", path]));
    all.extend(["--", env!("CARGO_BIN_EXE_stanch")]);
    all.extend(args);
    Terminal::start(machine.command("strace", &all), 140, 40)
}

/// Notes a line; how long it took from the last key until it stood in the log.
fn note(cockpit: &mut Terminal, text: &str) -> Duration {
    // What the journal does not take is said where the views stand else.
    cockpit.press("4n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press(text);
    cockpit.sees(&[text]);
    let begun = Instant::now();
    cockpit.press("\x13");
    cockpit.wait(text, |screen| !screen.contains("Ctrl-S") && screen.contains(text));
    begun.elapsed()
}

/// The journal of the only incident there is.
fn journal(machine: &Machine) -> PathBuf {
    let mut found = machine.files().into_iter().filter(|path| path.ends_with("journal.jsonl"));
    found.next().expect("a journal")
}

/// How often each text stands in the journal itself.
fn held(machine: &Machine, texts: &[&str]) -> Vec<usize> {
    let journal = fs::read_to_string(journal(machine)).expect("a journal");
    texts.iter().map(|text| journal.matches(text).count()).collect()
}

#[test]
#[ignore = "needs strace"]
fn a_disk_that_takes_its_time_holds_up_neither_keys_nor_other_writers() {
    let machine = Machine::new();
    let mut cockpit = open(&machine, "fsync,fdatasync:delay_enter=5s", None, &["--title", "a slow disk"]);
    cockpit.sees(&["[1 Watch]"]);
    let times: Vec<_> = (0..3).map(|at| note(&mut cockpit, &format!("typed-{at}"))).collect();
    assert!(times.iter().max() < Some(&Duration::from_secs(3)), "a sync takes 5 s: {times:?}");
    let begun = Instant::now();
    machine.run(&["note", "from elsewhere"]);
    assert!(begun.elapsed() < Duration::from_secs(3), "the lock is not held meanwhile: {:?}", begun.elapsed());
    cockpit.sees(&["from elsewhere"]);
    let begun = Instant::now();
    cockpit.press("q");
    cockpit.ended();
    // The end is waited for, not for ever: the journal's, and that of the notes.
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    assert_eq!(held(&machine, &["typed-0", "typed-1", "typed-2", "from elsewhere"]), [1; 4]);
}

#[test]
#[ignore = "needs strace"]
fn a_disk_that_hangs_is_not_waited_for_and_the_notes_are_printed() {
    let machine = Machine::new();
    let mut cockpit = open(&machine, "fsync,fdatasync:delay_enter=60s", None, &["--title", "a disk that hangs"]);
    cockpit.sees(&["[1 Watch]"]);
    note(&mut cockpit, "typed all the same");
    let begun = Instant::now();
    cockpit.press("q");
    // The last line of all; a process whose calls strace holds does not end before they do.
    cockpit.sees(&["Journal: stanch log"]);
    // Two seconds, and what strace takes.
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    let said = cockpit.screen();
    assert!(said.contains("## Raw notes") && said.contains("typed all the same"), "{said}");
    assert_eq!(held(&machine, &["typed all the same"]), [1]);
}

#[test]
#[ignore = "needs strace"]
fn what_a_failed_sync_left_is_not_on_disk_until_another_file_is() {
    let machine = Machine::new();
    // The second try says that all is well, as a kernel does that has dropped what it could not write.
    let mut cockpit = open(&machine, "fdatasync:error=EIO:when=1", None, &["--title", "a disk that lies"]);
    cockpit.sees(&["! not on disk since"]);
    let before = fs::metadata(journal(&machine)).expect("a file").ino();
    note(&mut cockpit, "typed meanwhile");
    cockpit.sees(&["! not on disk since"]);
    cockpit.sees_no(&["! not on disk since"]);
    assert_ne!(fs::metadata(journal(&machine)).expect("a file").ino(), before, "the file was written anew");
    note(&mut cockpit, "typed afterwards");
    cockpit.press("q");
    cockpit.ended_well();
    assert_eq!(held(&machine, &["typed meanwhile", "typed afterwards"]), [1; 2]);
}

#[test]
#[ignore = "needs strace"]
fn without_locks_one_writes_the_others_say_that_they_only_read() {
    let machine = Machine::new();
    let none = "flock:error=ENOLCK";
    let mut first = open(&machine, none, None, &["--title", "no locks"]);
    first.sees(&["[1 Watch]"]);
    note(&mut first, "by the first");
    let owner = journal(&machine).with_file_name("owner");
    assert!(owner.exists());
    let mut second = open(&machine, none, None, &[]);
    second.sees(&["✗ not written", "is written by"]);
    second.press("4");
    second.sees(&["note", "by the first"]);
    second.press("n");
    second.sees(&["Ctrl-S"]);
    second.press("by the second\x13");
    second.sees_no(&["Ctrl-S"]);
    note(&mut first, "by the first again");
    second.sees(&["by the first again"]);
    assert_eq!(held(&machine, &["by the second"]), [0]);

    // The first ends; what the second could not write was kept, and is written now.
    first.press("q");
    first.ended_well();
    second.sees_no(&["✗ not written"]);
    second.sees(&["by the second"]);
    second.press("q");
    second.ended_well();
    assert!(!owner.exists());
    assert_eq!(held(&machine, &["by the first", "by the first again", "by the second"]), [2, 1, 1]);
}

/// A file system that takes nothing for a while: what is typed is on the screen and in the second journal, and in the first
/// once that can be written.
#[track_caller]
fn check_refused(inject: &str, file: &str, says: &str) {
    let machine = Machine::new();
    let mut cockpit = machine.open(&["--title", "begun"]);
    cockpit.sees(&["[1 Watch]"]);
    note(&mut cockpit, "while all was well");
    cockpit.press("q");
    cockpit.ended_well();
    let file = journal(&machine).with_file_name(file);
    // Resuming writes that someone watches; that is refused, too.
    let mut cockpit = open(&machine, inject, Some(&file), &[]);
    cockpit.sees(&["✗ journal not written", says]);
    note(&mut cockpit, "while it was not");
    assert_eq!(held(&machine, &["while all was well", "while it was not"]), [1, 0], "{inject}");
    let kept = machine.files().into_iter().filter(|path| path.to_string_lossy().contains("/run/stanch/"));
    let kept: Vec<_> = kept.filter_map(|path| fs::read_to_string(path).ok()).collect();
    assert!(kept.iter().any(|text| text.contains("while it was not")), "{kept:?}");
    // As if the machine had gone down.
    cockpit.kill();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["[1 Watch]"]);
    cockpit.press("4");
    cockpit.sees(&["while it was not"]);
    cockpit.sees_no(&["✗ journal not written"]);
    cockpit.press("q");
    cockpit.ended_well();
    assert_eq!(held(&machine, &["while all was well", "while it was not"]), [1, 1], "{inject}");
}

#[test]
#[ignore = "needs strace"]
fn a_full_disk_keeps_what_is_typed() {
    check_refused("write:error=ENOSPC", "journal.jsonl", "No space left");
}

#[test]
#[ignore = "needs strace"]
fn a_quota_that_is_used_up_keeps_what_is_typed() {
    check_refused("write:error=EDQUOT", "journal.jsonl", "uota exceeded");
}

#[test]
#[ignore = "needs strace"]
fn a_file_system_that_became_read_only_keeps_what_is_typed() {
    check_refused("openat:error=EROFS", "lock", "it is read-only");
}
