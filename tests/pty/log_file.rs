//! The log for bug reports: what a real session leaves in it, and what it must not cost.

use std::{fs, os::unix::fs::PermissionsExt, thread, time::Duration};

use rustix::process::Signal;

use super::pty::{Machine, Terminal};

/// One source that answers, one that does not.
const CONFIG: &str = "[[source]]\nname = \"words\"\ntype = \"command\"\nrun = [\"echo\", \"hello\"]\nas = \"logs\"\nevery = \"1s\"\n\
                      [[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1/prefix\"\nevery = \"1s\"\n\
                      [[pane]]\ntitle = \"Words\"\nsource = \"words\"\n\
                      [[pane]]\ntitle = \"Up\"\nsource = \"prom\"\nquery = \"up\"\n";

#[test]
fn a_session_stands_in_the_log_and_what_was_typed_does_not() {
    let machine = Machine::with_config(CONFIG);
    let mut cockpit = machine.open(&["--log", "stanch.log"]);
    cockpit.sees(&["▸", "hello", "refused"]);
    cockpit.press("n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press("swordfish\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.resize(100, 30);
    thread::sleep(Duration::from_millis(300));
    cockpit.press("q");
    cockpit.ended_well();
    let log = machine.read("stanch.log");
    for words in [
        "INFO  start    stanch 0.1.0, process ",
        "120x40, TERM xterm-256color",
        "INFO  source   words: command, every 1s, queries: 1",
        "INFO  source   prom: prometheus at http://127.0.0.1:1/prefix, every 1s, queries: 2",
        "INFO  pane     Up: q1",
        "INFO  poll     words q0: 1 items in ",
        "WARN  poll     prom q1: refused: nobody listens there (",
        "INFO  journal  1 appended in ",
        "INFO  screen   100x30",
        "INFO  end      ended by a key\n",
    ] {
        assert!(log.contains(words), "{words}\n{log}");
    }
    assert!(!log.contains("swordfish"), "{log}");
    let mode = fs::metadata(machine.folder().join("stanch.log")).expect("a log").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // The next one goes on behind it, and says what ended it.
    let mut command = machine.command(env!("CARGO_BIN_EXE_stanch"), &[]);
    command.env("STANCH_LOG", "stanch.log");
    let mut cockpit = Terminal::start(command, 120, 40);
    cockpit.sees(&["▸", "hello"]);
    cockpit.signal(Signal::TERM);
    cockpit.ended_well();
    let longer = machine.read("stanch.log");
    assert!(longer.starts_with(&log) && longer.ends_with("ended by SIGTERM\n"), "{longer}");
    // Not a word of it without being asked for.
    assert_eq!(machine.files().iter().filter(|file| file.extension().is_some_and(|end| end == "log")).count(), 1);
}

#[test]
fn a_log_that_is_taken_away_is_no_trouble() {
    let machine = Machine::with_config(CONFIG);
    let folder = machine.folder().join("logs");
    fs::create_dir(&folder).expect("made");
    let mut cockpit = machine.open(&["--log", "logs/stanch.log"]);
    cockpit.sees(&["▸", "hello", "refused"]);
    fs::remove_dir_all(&folder).expect("removed");
    thread::sleep(Duration::from_millis(1500));
    cockpit.press("?");
    cockpit.sees(&["fold what fires"]);
    cockpit.press("\x03");
    cockpit.ended_well();
}
