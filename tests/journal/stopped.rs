//! A writer that is stopped while it holds the lock: the others say so, go on, and lose nothing.

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use super::*;

#[test]
fn a_writer_stopped_with_the_lock_holds_up_nobody_for_long() {
    let (data, journal) = new("x");
    let id = journal.id().to_owned();
    let marker = data.path().join("holds");
    let mut holder = Command::new(test_binary());
    holder.args(["--exact", "stopped::hold_the_lock_as_a_child", "--ignored"]).env("CHILD_MARKER", &marker);
    holder.env("CHILD_LOCK", journal.path().with_file_name("lock")).stdout(Stdio::null());
    let mut holder = Stopped(holder.stderr(Stdio::null()).spawn().unwrap());
    wait_until(|| marker.exists());
    let pid = Pid::from_child(&holder.0);
    kill_process(pid, Signal::STOP).unwrap();
    assert!(waitpid(Some(pid), WaitOptions::UNTRACED).unwrap().is_some_and(|(_, status)| status.stopped()));
    fs::remove_file(&marker).unwrap();

    let mut told = spawn(journal);
    told.submit(vec![note("one")]);
    let said = std::iter::repeat_with(|| told.next()).find(|news| !matches!(news, News::Durable(_)));
    assert!(matches!(said, Some(News::Stalled(Stall::Locked))), "{said:?}");
    assert_eq!(texts(&told.next_appended()), ["one"]);
    assert_eq!(told.next_spilled().map(|spilled| spilled.entries), Some(1));
    // The next one does not wait for as long.
    told.submit(vec![note("two")]);
    assert_eq!(texts(&told.next_appended()), ["two"]);
    assert_eq!(told.next_spilled().map(|spilled| spilled.entries), Some(2));

    kill_process(pid, Signal::CONT).unwrap();
    assert!(holder.0.wait().unwrap().success());
    assert_eq!(told.next_spilled(), None);
    told.submit(vec![note("three")]);
    assert_eq!(texts(&told.next_appended()), ["three"]);
    told.close();
    let contents = home(data.path()).read(&id).unwrap();
    assert_eq!(contents.warnings, []);
    assert_eq!(texts(&contents.entries), ["one", "two", "three"]);
}

/// Does not outlive the test.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Not a test: holds the lock until its marker is gone.
#[test]
#[ignore = "run by the test that needs a process to be stopped"]
fn hold_the_lock_as_a_child() {
    let (Some(marker), Some(lock)) = (std::env::var_os("CHILD_MARKER"), std::env::var_os("CHILD_LOCK")) else { return };
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(lock).unwrap();
    lock.lock().unwrap();
    fs::write(&marker, "").unwrap();
    wait_until(|| !Path::new(&marker).exists());
}
