//! The cockpit from outside: the real program in a real terminal, without network.
//!
//! What a person would see and what is left when it ends, however it ends.
#![expect(clippy::disallowed_methods, reason = "a test reads clocks")]

#[path = "pty/another.rs"]
mod another;
#[path = "pty/endings.rs"]
mod endings;
#[path = "pty/limits.rs"]
mod limits;
#[path = "pty/log_file.rs"]
mod log_file;
#[path = "pty/memory.rs"]
mod memory;
#[path = "pty/mouse.rs"]
mod mouse;
#[path = "pty/plain.rs"]
mod plain;
#[path = "support/pty.rs"]
mod pty;
#[path = "pty/secrets.rs"]
mod secrets;
#[path = "pty/strangers.rs"]
mod strangers;

use std::{
    thread,
    time::{Duration, Instant},
};

use pty::{Machine, Terminal};
use rustix::process::Signal;
use stanch::sim;

/// Within this what another process writes is on the screen: always, unless the machine is busy with something else.
const PROMISED: Duration = Duration::from_secs(1);

/// Waits until there is something.
#[track_caller]
fn wait_for<T>(mut there: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + pty::SOON;
    loop {
        if let Some(found) = there() {
            return found;
        }
        assert!(Instant::now() < deadline, "it does not happen");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Does it several times; the quickest must keep the promise, whatever else the machine does meanwhile.
fn check_promise(mut time: impl FnMut(usize) -> Duration) {
    let times: Vec<_> = (0..4).map(&mut time).collect();
    assert!(times.iter().min() <= Some(&PROMISED), "{times:?}");
}

#[test]
fn it_opens_with_nothing_and_leaves_notes_and_a_whole_terminal() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸", "no sources", "[1 Watch]"]);
    cockpit.press("q");
    let left = cockpit.ended_well();
    assert!(machine.notes().is_empty() && left.contains("Nothing was seen or noted"), "{left}");
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸", "no sources", "[1 Watch]"]);
    cockpit.press("nthe pool is full\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.press("q");
    let left = cockpit.ended_well();
    let notes = machine.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(left.contains("Notes: /") && left.replace(['\r', '\n'], "").contains(&notes[0]), "{left}");
    assert!(machine.read(&notes[0]).starts_with("# "), "{}", machine.read(&notes[0]));
    let raw = cockpit.raw();
    let asked = |question: &[u8]| raw.windows(question.len()).any(|bytes| bytes == question);
    assert!(!asked(b"\x1b[6n") && !asked(b"\x1b[c") && !asked(b"\x1b]11;?"), "no question to the terminal");
    let end = raw.windows(8).rposition(|bytes| bytes == b"\x1b[?1049l").expect("the alternate screen is left");
    assert!(String::from_utf8_lossy(&raw[end..]).contains("Notes: "), "the path is printed on the screen there was");
}

#[test]
fn every_way_out_writes_notes_of_their_own_and_keeps_what_was_typed() {
    let machine = Machine::new();
    type Way = fn(&mut Terminal);
    let ways: [(&str, Way); 5] = [
        ("Ctrl-C", |cockpit| _ = cockpit.press("\x03")),
        ("SIGTERM", |cockpit| cockpit.signal(Signal::TERM)),
        ("SIGHUP", |cockpit| cockpit.signal(Signal::HUP)),
        ("SIGINT", |cockpit| cockpit.signal(Signal::INT)),
        ("q", |cockpit| _ = cockpit.escape().press("q")),
    ];
    let mut typed = String::new();
    for (at, (way, leave)) in ways.iter().enumerate() {
        let mut cockpit = machine.open(&[]);
        cockpit.sees(&["▸"]);
        cockpit.press("n");
        cockpit.sees(&["Ctrl-S", typed.trim()]);
        let word = format!("half{at} ");
        cockpit.press(&word);
        typed.push_str(&word);
        cockpit.sees(&[typed.trim()]);
        leave(&mut cockpit);
        let left = cockpit.ended_well();
        let notes = machine.notes();
        assert_eq!(notes.len(), 1, "{way}: {notes:?}");
        assert!(left.contains("Notes: ") && left.contains(&notes[0]), "{way}: {left}");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it_and_the_notes_are_written() {
    // With a signal from the kernel, and without one: a terminal that is not the controlling one just falls silent.
    for controlling in [true, false] {
        let machine = Machine::new();
        let mut command = machine.command(env!("CARGO_BIN_EXE_stanch"), &[]);
        command.set_controlling_tty(controlling);
        let mut cockpit = Terminal::start(command, 120, 40);
        cockpit.sees(&["▸"]);
        cockpit.press("nthe pool is full");
        cockpit.sees(&["the pool is full"]);
        let began = Instant::now();
        cockpit.close();
        cockpit.ended();
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        assert_eq!(machine.notes().len(), 1, "controlling: {controlling}");
        let journal = machine.run(&["log", "--json"]);
        assert!(journal.contains("the pool is full"), "controlling: {controlling}, what was typed: {journal}");
    }
}

#[test]
fn a_board_file_is_on_the_board_once_however_often_it_is_loaded_and_is_saved_as_it_was() {
    let machine = Machine::new();
    let file = format!("{}/examples/incidents/gke-createcluster-1000.toml", env!("CARGO_MANIFEST_DIR"));
    let mut cockpit = machine.open(&["--title", "clusters", "--board", &file]);
    cockpit.sees(&["added 3 hypotheses"]);
    let before = machine.run(&["rank"]);
    assert!(before.contains("DockerHub serves Europe"), "{before}");
    cockpit.press(&format!(":load {file}\r"));
    cockpit.sees(&["nothing new"]);
    cockpit.press(":load nowhere.toml\r");
    cockpit.sees(&["Board file", "nowhere.toml", "there is no such file"]);
    cockpit.escape().press(":save saved.toml\r");
    cockpit.sees(&["wrote 3 hypotheses"]);
    // The last key before the end is heard, too.
    cockpit.press(":save again.toml\rq");
    cockpit.ended_well();
    assert_eq!(machine.read("again.toml"), machine.read("saved.toml"));
    let mut cockpit = machine.open(&["--board", &file]);
    cockpit.sees(&["nothing new"]);
    cockpit.press("q");
    cockpit.ended_well();
    assert_eq!(machine.run(&["rank"]), before);
    assert_eq!(machine.run(&["rank", "./saved.toml"]), before);
    // An incident that begins with a board is called what the board is called.
    let machine = Machine::new();
    let mut cockpit = machine.open(&["--board", &file]);
    cockpit.sees(&["GKE: no new clusters in Europe, 10:00"]);
    cockpit.press("q");
    cockpit.ended_well();
}

#[test]
fn reopened_after_kill_9_it_shows_all_that_was_on_the_screen() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&["--title", "checkout 5xx"]);
    cockpit.sees(&["▸", "checkout 5xx"]);
    add_board(&mut cockpit);
    let before = cockpit.screen();
    cockpit.press("4");
    cockpit.sees(&["pool alarms since noon"]);
    cockpit.kill();

    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸", "checkout 5xx"]);
    cockpit.press("4");
    cockpit.sees(&["pool alarms since noon", "checkout fails"]);
    cockpit.press("2");
    let after = cockpit.sees(&["[2 Board]", "db pool exhausted", "bad deploy v2", "checkout fails"]);
    assert_eq!(board(&after), board(&before));
    cockpit.press("q");
    cockpit.ended_well();
    let notes = machine.read(&machine.notes()[0]);
    for text in ["checkout fails", "db pool exhausted", "bad deploy v2", "pool alarms since noon"] {
        assert!(notes.contains(text), "{text}: {notes}");
    }
}

#[test]
fn a_note_from_another_process_is_soon_on_the_screen() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    cockpit.press("4");
    cockpit.sees(&["[4 Log]"]);
    check_promise(|at| {
        let note = format!("balancer {at} was drained");
        machine.run(&["--as", "bob", "note", &note]);
        let written = Instant::now();
        cockpit.sees(&[&note]);
        written.elapsed()
    });
    cockpit.press("\x03");
    cockpit.ended_well();
}

#[test]
fn two_cockpits_on_one_journal_agree() {
    let machine = Machine::new();
    let mut alice = machine.open(&["--as", "alice"]);
    alice.sees(&["▸"]);
    add_board(&mut alice);
    let mut bob = machine.open(&["--as", "bob"]);
    bob.sees(&["▸"]);
    bob.press("2");
    let before = board(&alice.screen());
    bob.wait("alice's board", |screen| board(screen) == before);

    // Always the best row: the first time it said "must be there", and bob says it cannot be.
    let mut before = before;
    check_promise(|at| {
        bob.press("gg").press(["X", "#", ".", "+"][at]);
        let after = board(&bob.wait("another weight", |screen| board(screen) != before));
        let seen = Instant::now();
        alice.wait("bob's cell", |screen| board(screen) == after);
        before = after;
        seen.elapsed()
    });
    for mut cockpit in [alice, bob] {
        cockpit.press("q");
        cockpit.ended_well();
    }
    assert_eq!(machine.notes().len(), 1, "both wrote the same");
}

#[test]
fn the_fixed_keys_do_what_they_are_fixed_to() {
    let machine = Machine::with_config(
        "[[pane]]\ntitle = \"One\"\ntype = \"text\"\ntext = \"first words\"\n\
         [[pane]]\ntitle = \"Two\"\ntype = \"text\"\ntext = \"second words\"\n",
    );
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸", "first words", "second words"]);
    for (key, tab) in [("2", "[2 Board]"), ("3", "[3 Act]"), ("4", "[4 Log]"), ("5", "[5 Learn]"), ("1", "[1 Watch]")] {
        cockpit.press(key);
        cockpit.sees(&[tab, "▸"]);
    }
    // Tab goes to the other pane, Enter opens it, Esc goes back and never quits.
    cockpit.press("\t\r");
    cockpit.wait("the second pane alone", |screen| screen.contains("second words") && !screen.contains("first words"));
    cockpit.escape();
    cockpit.sees(&["first words", "second words"]);
    cockpit.escape().escape();
    // `?` shows the keys, `q` closes an overlay before it quits.
    cockpit.press("?");
    cockpit.sees(&["What can be done here"]);
    cockpit.press("q");
    cockpit.sees_no(&["What can be done here"]);
    // `n` takes a note in every view; keys in a field are text.
    for key in ["1", "2", "3", "4", "5"] {
        cockpit.press(key).press("n");
        cockpit.sees(&["Ctrl-S"]);
        cockpit.press(&format!("q?>12 from {key}\x13"));
        cockpit.sees_no(&["Ctrl-S"]);
    }
    cockpit.press("4");
    cockpit.sees(&["q?>12 from 1", "q?>12 from 5"]);
    // `s` asks where nothing is selected.
    cockpit.press("ssearch is slow\r2");
    cockpit.sees(&["[2 Board]", "search is slow"]);
    // `a` adds what is typed, whatever stands below; then the strip takes one key a cell.
    cockpit.press("a");
    cockpit.press("dns\r#");
    cockpit.wait("the weight of one cell", |screen| screen.contains("+2.1"));
    assert!(machine.notes().is_empty(), "nothing has quit it so far");
    cockpit.press("q");
    cockpit.ended_well();
    let notes = machine.read(&machine.notes()[0]);
    assert!(notes.contains("q?\\>12 from 3") || notes.contains("q?>12 from 3"), "{notes}");
}

#[test]
fn half_a_key_does_not_hold_up_the_screen() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    cockpit.press("4");
    cockpit.sees(&["[4 Log]"]);
    // The beginning of an arrow key, and of a paste: what follows never comes.
    for half in ["\x1b[", "200~never ends"] {
        cockpit.press(half);
        let note = format!("meanwhile {}", half.len());
        machine.run(&["note", &note]);
        cockpit.sees(&[&note]);
    }
    cockpit.signal(Signal::TERM);
    cockpit.ended_well();
}

#[test]
fn any_size_is_survived() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    add_board(&mut cockpit);
    let sizes = [(1, 1), (2, 1), (1, 60), (200, 1), (3, 3), (10, 4), (20, 10), (80, 24), (200, 60), (7, 60), (79, 23)];
    let shown = [
        ("1", "[1 Watch]"),
        ("2", "[2 Board]"),
        ("3", "[3 Act]"),
        ("4", "[4 Log]"),
        ("5", "[5 Learn]"),
        ("?", "What can be done here"),
        ("q", "[5 Learn]"),
        ("a", "Tab marks several"),
        ("\x1b", "[5 Learn]"),
        ("n", "Ctrl-S"),
    ];
    for (key, text) in shown {
        cockpit.press(key);
        cockpit.sees(&[text]);
        for (columns, rows) in sizes {
            cockpit.resize(columns, rows);
            // Some sizes are seen one by one, some are already another when they are looked at.
            if columns % 2 == 0 {
                thread::sleep(Duration::from_millis(5));
            }
        }
        cockpit.resize(120, 40);
        cockpit.sees(&[text, "▸"]);
    }
    cockpit.escape().press("1");
    cockpit.sees(&["▸", "[1 Watch]"]);
    cockpit.press("q");
    cockpit.ended_well();
}

#[test]
fn a_small_terminal_is_enough_from_the_start() {
    let machine = Machine::new();
    for (columns, rows) in [(1, 1), (80, 24)] {
        let mut cockpit = Terminal::start(machine.command(env!("CARGO_BIN_EXE_stanch"), &[]), columns, rows);
        cockpit.opens().press("\x03");
        cockpit.ended_well();
    }
}

#[test]
fn a_terminal_that_can_not_show_it_is_told_so() {
    let machine = Machine::new();
    let mut command = machine.command(env!("CARGO_BIN_EXE_stanch"), &[]);
    command.env("TERM", "dumb");
    let mut dumb = Terminal::start(command, 80, 24);
    assert_eq!(dumb.ended(), 1);
    dumb.is_whole();
    assert!(dumb.screen().contains("TERM=dumb"), "{}", dumb.screen());
    assert!(!dumb.raw().contains(&0x1b), "nothing but text");
    let (code, out, error) = machine.run_anyhow(&[]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(error.contains("must be a terminal"), "{error}");
    assert!(machine.notes().is_empty());
}

#[test]
fn a_large_paste_outside_of_a_field_opens_a_note() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    let line = "q quits nothing here, \u{202e}and \u{1b}]0;nothing\u{7} gets through; 1234567890 äöü\n";
    let text = line.repeat(100_000 / line.len()) + "the last line";
    cockpit.paste(&text);
    cockpit.sees(&["Ctrl-S", "the last line"]);
    cockpit.press("\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.press("q");
    cockpit.ended_well();
    let journal = machine.run(&["log", "--json"]);
    let noted = journal.lines().find(|line| line.contains("the last line")).expect("the note");
    assert!(noted.len() > 90_000, "all of it: {}", noted.len());
    for bad in ["\\u001b", "\u{1b}", "\u{202e}", "\u{7}"] {
        assert!(!journal.contains(bad), "{bad:?}");
    }
}

#[test]
fn it_goes_to_the_background_and_comes_back() {
    let machine = Machine::new();
    let script = "set -m; \"$0\"; echo stopped; read line; fg; echo ended $?";
    let mut shell = Terminal::start(machine.command("/bin/sh", &["-c", script, env!("CARGO_BIN_EXE_stanch")]), 120, 40);
    shell.sees(&["▸", "[1 Watch]"]);
    shell.press("\x1a");
    let screen = shell.sees(&["stopped"]);
    assert!(!screen.contains("▸"), "the screen there was before: {screen}");
    shell.is_given_back();
    shell.press("\n");
    shell.sees(&["▸", "[1 Watch]"]);
    shell.press("q");
    shell.sees(&["ended 0", "Nothing was seen or noted", "Journal: "]);
    shell.ended_well();
}

#[test]
fn what_the_journal_does_not_take_is_said_survives_kill_9_and_is_merged_by_the_next_start() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&["--title", "checkout 5xx"]);
    cockpit.sees(&["▸", "checkout 5xx"]);
    machine.block_journal(true);
    cockpit.press("4n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press("the disk is full\x13");
    // It is on the screen because it is in a log, and the banner says in which.
    cockpit.sees(&["the disk is full", "✗ journal not written", "kept in"]);
    cockpit.press("nand so is the pool\x13");
    cockpit.sees(&["and so is the pool"]);
    assert!(machine.run(&["export", "-o", "-"]).contains("and so is the pool"));
    let (_, _, error) = machine.run_anyhow(&["note", "from elsewhere"]);
    assert!(error.contains("the note is kept in"), "{error}");
    cockpit.kill();

    machine.block_journal(false);
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸", "checkout 5xx"]);
    cockpit.press("4");
    cockpit.sees(&["the disk is full", "and so is the pool", "from elsewhere"]);
    cockpit.sees_no(&["✗ journal not written"]);
    let (_, journal, error) = machine.run_anyhow(&["log"]);
    assert!(journal.contains("and so is the pool") && error.is_empty(), "it is in the journal itself: {error}");
    // It comes back while the cockpit is open as well, and what is said at the end says where the rest is.
    machine.block_journal(true);
    cockpit.press("nstill here\x13");
    cockpit.sees(&["still here", "✗ journal not written"]);
    machine.block_journal(false);
    cockpit.sees_no(&["✗ journal not written"]);
    machine.block_journal(true);
    cockpit.press("nthe last word\x13");
    cockpit.sees(&["the last word", "✗ journal not written"]);
    cockpit.press("q");
    assert_eq!(cockpit.ended(), 1, "{}", cockpit.screen());
    cockpit.is_whole();
    let left = cockpit.screen();
    assert!(left.contains("journal not written") && left.contains("Notes: "), "{left}");
    let notes = machine.read(&machine.notes()[0]);
    assert!(notes.contains("the last word"), "{notes}");
    assert_eq!(machine.run(&["export", "-o", "-"]), notes, "byte for byte");
}

#[test]
fn the_editor_has_the_terminal_to_itself_and_its_text_comes_back() {
    let machine = Machine::new();
    // Says what the terminal is like, waits for a line, and writes.
    let editor = machine.script(
        "editor",
        "stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e -icanon\nread line\necho \"$line\" >> \"$1\"",
    );
    let mut command = machine.command(env!("CARGO_BIN_EXE_stanch"), &[]);
    command.env("EDITOR", &editor);
    let mut cockpit = Terminal::start(command, 120, 40);
    cockpit.sees(&["▸"]);
    cockpit.press("n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press("begun here\x05");
    let said = |screen: &str| screen.lines().any(|line| line.trim() == "icanon");
    cockpit.wait("lines and echo as the shell left them", said);
    // Neither a key nor a change of size nor an interrupt is the cockpit's meanwhile.
    cockpit.signal(Signal::WINCH);
    cockpit.signal(Signal::INT);
    cockpit.press("more q\n");
    cockpit.sees(&["Ctrl-S", "begun here", "more q"]);
    cockpit.press("\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.press("q");
    cockpit.ended_well();
    let journal = machine.run(&["log"]);
    assert!(journal.contains("begun here") && journal.contains("more q"), "{journal}");
}

#[test]
fn a_paste_of_a_megabyte_is_taken_whole_up_to_the_longest_note() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    let line = "0123456789 abcdefghij ABCDEFGHIJ\n";
    let text = line.repeat(1_000_000 / line.len());
    cockpit.paste(&text);
    cockpit.sees(&["Ctrl-S", "ABCDEFGHIJ"]);
    cockpit.press("\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.press("q");
    cockpit.ended_well();
    let journal = machine.run(&["log", "--json"]);
    let longest = journal.lines().map(str::len).max();
    assert!(longest > Some(900_000), "{longest:?}");
}

#[test]
fn bytes_of_a_mouse_nobody_asked_for_do_nothing() {
    let machine = Machine::with_config("mouse = false\n");
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸", "[1 Watch]"]);
    // As three kinds of terminals send a click, a wheel, and focus that comes and goes.
    for bytes in ["\x1b[<0;10;5M\x1b[<0;10;5m", "\x1b[<64;3;3M", "\x1b[M !!", "\x1b[32;10;5M", "\x1b[I\x1b[O"] {
        cockpit.press(bytes);
        thread::sleep(Duration::from_millis(20));
    }
    cockpit.press("4");
    cockpit.sees(&["[4 Log]"]);
    assert!(machine.notes().is_empty());
    cockpit.press("q");
    cockpit.ended_well();
}

#[test]
fn a_storm_of_sizes_ends_with_the_last_one() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    for round in 0..300_u16 {
        cockpit.resize(1 + round * 37 % 500, 1 + round * 23 % 200);
    }
    for (columns, rows) in [(500, 200), (1, 1), (500, 1), (1, 200), (200, 60)] {
        cockpit.resize(columns, rows);
        thread::sleep(Duration::from_millis(30));
    }
    cockpit.sees(&["▸", "[1 Watch]", "no sources"]);
    cockpit.resize(500, 200);
    cockpit.sees(&["▸", "[1 Watch]"]);
    cockpit.press("q");
    cockpit.ended_well();
}

#[test]
fn output_that_nobody_reads_any_more_keeps_nothing_from_being_written() {
    let machine = Machine::new();
    machine.run_anyhow(&["note", "nothing to note in"]);
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    cockpit.press("q");
    cockpit.ended_well();
    let script = "\"$0\" log --json | head -c 1; \"$0\" log >&-; echo $?";
    let mut shell = Terminal::start(machine.command("/bin/sh", &["-c", script, env!("CARGO_BIN_EXE_stanch")]), 120, 40);
    shell.ended();
    assert!(!shell.screen().contains("panicked"), "{}", shell.screen());
}

/// A note, a symptom, two hypotheses, and cells for both.
fn add_board(cockpit: &mut Terminal) {
    cockpit.press("2n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press("pool alarms since noon\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.press("s");
    cockpit.press("checkout fails\r");
    cockpit.sees(&["checkout fails"]);
    for (hypothesis, cell) in [("bad deploy v2", "+"), ("db pool exhausted", "#")] {
        cockpit.press("a");
        cockpit.press(&format!("{hypothesis}\r"));
        cockpit.sees(&[hypothesis]);
        cockpit.press(cell);
    }
    cockpit.sees(&["+2.1", "+1.2"]);
}

/// Names and weights on the board, best first.
fn board(screen: &str) -> Vec<(&'static str, String)> {
    let row = |line: &str| {
        let name = ["db pool exhausted", "bad deploy v2"].into_iter().find(|name| line.contains(*name))?;
        let weight = line.split_whitespace().find(|word| word.starts_with(['+', '-']) && word.len() > 2)?;
        Some((name, weight.to_owned()))
    };
    // What stands below the matrix is of the row selected, by each for themselves.
    let matrix = screen.lines().take_while(|line| !line.trim_start().starts_with("what is seen"));
    matrix.filter(|line| !line.contains("Board")).filter_map(row).collect()
}

/// A cockpit on the simulated outage, told faster than it happens.
#[test]
fn the_coach_leads_through_an_outage() {
    let options =
        sim::Options { speed: 10.0, program: Some(env!("CARGO_BIN_EXE_stanch").into()), ..Default::default() };
    let outage = sim::start(options).expect("a simulation");
    let machine = Machine::with_config(&outage.config_toml());
    let mut cockpit = machine.open_at(160, 45, &[]);
    cockpit.sees(&["✗ checkout ok"]);
    // One step after the other, each one named by the line and done with its key.
    let back = "Roll back checkout v2.3.1";
    let says = |screen: &str, text: &str| pty::coach(screen).contains(text);
    cockpit.wait("being on it", |screen| says(screen, "Say that you are on it"));
    loop {
        // A step that came by itself is not done before it can have been read.
        std::thread::sleep(Duration::from_millis(800));
        let screen = cockpit.wait("a step", |screen| ["Say that", "Take ", back].iter().any(|step| says(screen, step)));
        cockpit.press(">");
        if says(&screen, back) {
            break;
        }
        // What fires first may not be what hurts: that is taken as well.
        let before = pty::coach(&screen).to_owned();
        cockpit.wait("the next step", |screen| pty::coach(screen) != before);
    }
    cockpit.sees(&["Last good state?"]);
    cockpit.press("ynu2");
    cockpit.sees(&["It runs when its name is typed: rollback-checkout"]);
    cockpit.press("rollback-checkout\r");
    cockpit.wait("a deadline", |screen| pty::coach(screen).contains("m1 runs"));
    cockpit.wait("health", |screen| pty::coach(screen).contains("in range"));
    // Said before it has held, it is asked once more, and kept.
    cockpit.press("3v");
    cockpit.sees(&["worked: the impact stopped"]);
    cockpit.press("w");
    cockpit.sees(&["Worked all the same?"]);
    cockpit.press("y");
    cockpit.sees(&["running → worked"]);
    cockpit.press("\r");
    cockpit.sees_no(&["running → worked"]);
    cockpit.press("\x03");
    cockpit.ended_well();
    let notes = machine.read(&machine.notes()[0]);
    for text in [
        "checkout v2.3.1",
        "Roll back checkout to v2.3.0",
        "checkout ok",
        "rollback-checkout",
        "guard, data, schema or flag changed since: no",
        "said while",
    ] {
        assert!(notes.contains(text), "{text}: {notes}");
    }
    assert!(machine.run(&["log", "--json"]).contains("\"state\":\"worked\""));
}

#[test]
fn the_demo_needs_nothing() {
    let machine = Machine::new();
    let mut cockpit = machine.open_at(160, 45, &["demo"]);
    cockpit.sees(&["▸", "Checkout errors"]);
    cockpit.sees(&["checkout v2.3.1", "4/4 sources"]);
    cockpit.press("nseen\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.press("q");
    let left = cockpit.ended_well();
    let notes = machine.notes();
    assert!(notes.len() == 1 && left.contains(&notes[0]), "{notes:?}: {left}");
}
