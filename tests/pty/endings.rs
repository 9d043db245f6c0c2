//! The ways a cockpit comes to its end that nobody plans: panics, signals at a bad moment, a terminal or a disk that
//! hangs. Each time the terminal must be whole, nothing that was typed lost, and nothing left running.
#![expect(clippy::disallowed_methods, reason = "a test reads clocks and files")]

use std::{
    fs,
    io::Write,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use portable_pty::{PtySize, native_pty_system};
use rustix::process::Signal;

use super::{
    pty::{Machine, Terminal},
    strangers::{PLANTED, argv, descendants, hides, serve},
    wait_for,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_stanch");

/// What an end may take while a disk or a terminal hangs.
const PATIENCE: Duration = Duration::from_secs(8);

/// A cockpit in whose open note a few words stand.
fn with_words(machine: &Machine, more: &[(&str, &str)]) -> Terminal {
    let mut command = machine.command(PROGRAM, &[]);
    more.iter().for_each(|(name, value)| command.env(name, value));
    let mut cockpit = Terminal::start(command, 120, 40);
    cockpit.sees(&["▸"]);
    cockpit.press("n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press("the pool is full");
    cockpit.sees(&["the pool is full"]);
    cockpit
}

/// What was typed is in the journal, and notes were written.
#[track_caller]
fn nothing_is_lost(machine: &Machine) {
    let journal = machine.run(&["log", "--json"]);
    assert!(journal.contains("the pool is full"), "{journal}");
    assert_eq!(machine.notes().len(), 1, "{:?}", machine.notes());
}

// Only a debug build can be made to panic.
#[cfg(debug_assertions)]
#[test]
fn a_panic_anywhere_loses_nothing_and_tells_no_secret() {
    // The server sends back what it was sent, so that whatever is known of an answer holds it.
    let (url, _) = serve(|_, head| (403, head.to_owned()));
    let config = format!(
        "[[source]]\nname = \"one\"\ntype = \"http\"\nurl = \"{url}\"\nevery = \"1s\"\nbearer = \"env:STANCH_TEST_BEARER\"\n\
         headers = {{ X-Api-Key = \"{PLANTED}\" }}\n[[pane]]\ntitle = \"One\"\nsource = \"one\"\njq = \".value\"\nas = \"number\"\n"
    );
    let bearer = format!("tok-{PLANTED}");
    for (place, ends) in [("Update", true), ("Draw", true), ("Task", false), ("Journal", true)] {
        let machine = Machine::with_config(&config);
        let now = machine.folder().join("now");
        let asked = format!("{place}={}", now.display());
        let mut cockpit = with_words(&machine, &[("STANCH_TEST_PANIC", &asked), ("STANCH_TEST_BEARER", &bearer)]);
        fs::write(&now, "").expect("written");
        if place == "Journal" {
            machine.run(&["note", "from elsewhere"]);
        }
        wait_for(|| (!now.exists()).then_some(()));
        if !ends {
            // The others go on, and so do the keys.
            cockpit.press(" again");
            cockpit.sees(&["the pool is full again"]);
            cockpit.signal(Signal::TERM);
        }
        let code = cockpit.ended();
        cockpit.is_whole();
        let said = cockpit.screen();
        let expected = match place {
            "Update" | "Draw" => 101,
            "Journal" => 1,
            _ => 0,
        };
        assert_eq!(code, expected, "{place}: {said}");
        assert!(said.contains(&format!("on purpose in {place}")), "{place}: {said}");
        assert!(said.contains("which is a bug") || said.contains("this is a bug"), "{place}: {said}");
        assert!(said.contains("Notes: "), "{place}: {said}");
        hides(place, &cockpit.raw());
        fs::remove_file(machine.folder().join("stanch.toml")).expect("removed");
        for file in machine.files() {
            hides(&file.display().to_string(), &fs::read(&file).expect("a file"));
        }
        if place == "Journal" {
            // Its thread is gone: what it did not write stands beside the notes.
            let beside = fs::read_dir(machine.folder()).expect("a folder").flatten();
            let unwritten = beside.map(|entry| entry.path()).find(|path| path.to_string_lossy().contains("-unwritten"));
            let unwritten = machine.read(unwritten.expect("what was typed"));
            assert!(unwritten.contains("the pool is full"), "{unwritten}");
            assert_eq!(machine.notes().len(), 1);
        } else {
            nothing_is_lost(&machine);
        }
    }
}

#[test]
fn a_terminal_that_takes_nothing_holds_up_neither_the_journal_nor_the_end() {
    for signal in [Signal::TERM, Signal::HUP] {
        let machine = Machine::new();
        let mut cockpit = with_words(&machine, &[]);
        cockpit.stall(true);
        // More than fits between the two of them.
        for at in 0..60 {
            cockpit.resize(200 + at % 2, 60);
            thread::sleep(Duration::from_millis(20));
        }
        cockpit.press("\x1b");
        thread::sleep(Duration::from_millis(400));
        cockpit.press("nsaid into the void\x13");
        let journal = wait_for(|| {
            let journal = machine.run(&["log", "--json"]);
            journal.contains("said into the void").then_some(journal)
        });
        assert!(journal.contains("the pool is full"), "{journal}");
        let began = Instant::now();
        cockpit.signal(signal);
        cockpit.ended();
        assert!(began.elapsed() < PATIENCE, "{signal:?}: {:?}", began.elapsed());
        nothing_is_lost(&machine);
    }
}

#[test]
fn a_terminal_that_takes_nothing_for_a_while_shows_everything_afterwards() {
    let machine = Machine::new();
    let mut cockpit = machine.open_at(200, 60, &[]);
    cockpit.sees(&["▸"]);
    cockpit.press("4");
    cockpit.sees(&["[4 Log]"]);
    cockpit.stall(true);
    for at in 0..60 {
        cockpit.resize(200 + at % 2, 60);
        thread::sleep(Duration::from_millis(30));
    }
    cockpit.resize(120, 40);
    machine.run(&["note", "while nobody looked"]);
    thread::sleep(Duration::from_secs(2));
    cockpit.stall(false);
    cockpit.sees(&["▸", "[4 Log]", "while nobody looked"]);
    cockpit.press("q");
    cockpit.ended_well();
}

#[test]
fn a_terminal_that_takes_1200_bytes_a_second_shows_whole_frames_and_the_newest() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    cockpit.slow(1200);
    // A whole view, and another one before it can have been sent.
    cockpit.press("4");
    thread::sleep(Duration::from_millis(100));
    cockpit.press("5").press("4");
    cockpit.sees(&["[4 Log]", "began to watch"]);
    let before = cockpit.raw().len();
    cockpit.press("n");
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press("slow but whole\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.sees(&["slow but whole"]);
    let raw = String::from_utf8_lossy(&cockpit.raw()[before..]).into_owned();
    assert!(!raw.contains("\x1b[2J"), "nothing is begun anew: {raw:?}");
    let (begun, ended) = (raw.matches("\x1b[?2026h").count(), raw.matches("\x1b[?2026l").count());
    assert!(begun - ended <= 1, "{begun} frames begun, {ended} ended");
    let began = Instant::now();
    cockpit.press("q");
    cockpit.ended();
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    assert!(!machine.notes().is_empty());
}

#[test]
fn a_pipe_in_the_place_of_the_journal_gives_way_and_holds_up_no_end() {
    let machine = Machine::new();
    let mut cockpit = with_words(&machine, &[]);
    machine.put_a_pipe_for_the_journal();
    // It looks at the file again within this time.
    thread::sleep(Duration::from_secs(1));
    let began = Instant::now();
    cockpit.signal(Signal::TERM);
    assert_eq!(cockpit.ended(), 0);
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    cockpit.is_whole();
    assert!(cockpit.screen().contains("Notes: "));
    let journal = machine.files().into_iter().find(|path| path.ends_with("journal.jsonl")).expect("a journal");
    let held = std::fs::read_to_string(journal).expect("it is a file again");
    assert!(held.contains("the pool is full"), "{held}");
}

#[test]
fn nothing_that_was_started_for_a_pane_outlives_the_cockpit() {
    let config = "[[source]]\nname = \"slow\"\ntype = \"command\"\nrun = [\"sh\", \"-c\", \"sleep 500 & sleep 501\"]\n\
                  as = \"logs\"\nevery = \"60s\"\ntimeout = \"50s\"\n[[pane]]\ntitle = \"Slow\"\nsource = \"slow\"\n\
                  [[source]]\nname = \"busy\"\ntype = \"command\"\nrun = [\"echo\", \"1\"]\nevery = \"60s\"\ntimeout = \"50s\"\n\
                  [[pane]]\ntitle = \"Busy\"\nsource = \"busy\"\njq = \"last(range(100000000000))\"\nas = \"number\"\n";
    let is_ours = |argv: &String| argv.contains("sleep 50") || argv.contains("__jq");
    type Way = fn(&mut Terminal);
    let ways: [(&str, Way); 5] = [
        ("Ctrl-C", |cockpit| _ = cockpit.press("\x03")),
        ("q", |cockpit| _ = cockpit.press("q")),
        ("SIGTERM", |cockpit| cockpit.signal(Signal::TERM)),
        ("SIGHUP", |cockpit| cockpit.signal(Signal::HUP)),
        ("terminal lost", |cockpit| cockpit.close()),
    ];
    for (way, leave) in ways {
        let machine = Machine::with_config(config);
        let mut cockpit = machine.open(&[]);
        cockpit.sees(&["▸"]);
        let started = wait_for(|| {
            let started = descendants(cockpit.id());
            (started.iter().map(|id| argv(*id)).filter(is_ours).count() == 4).then_some(started)
        });
        leave(&mut cockpit);
        cockpit.ended();
        // A moment for the kernel: they were killed before the end.
        thread::sleep(Duration::from_millis(100));
        let left: Vec<_> = started.iter().map(|id| argv(*id)).filter(is_ours).collect();
        assert!(left.is_empty(), "{way}: {left:?}");
    }
}

#[test]
fn an_interrupted_check_leaves_no_command_behind() {
    let config = "[[source]]\nname = \"slow\"\ntype = \"command\"\nrun = [\"sh\", \"-c\", \"sleep 500 & sleep 501\"]\n\
                  as = \"logs\"\ntimeout = \"50s\"\n[[pane]]\ntitle = \"Slow\"\nsource = \"slow\"\n";
    let machine = Machine::with_config(config);
    let mut check = machine.start(&["check"], &[]);
    let is_ours = |argv: &String| argv.contains("sleep 50");
    let started = wait_for(|| {
        let started = descendants(check.id());
        (started.iter().map(|id| argv(*id)).filter(is_ours).count() == 3).then_some(started)
    });
    rustix::process::kill_process(rustix::process::Pid::from_child(&check), Signal::INT).expect("it runs");
    let status = wait_for(|| check.try_wait().expect("it ran"));
    assert!(!status.success(), "{status}");
    wait_for(|| started.iter().all(|id| !is_ours(&argv(*id))).then_some(()));
}

#[test]
fn a_signal_while_the_editor_is_open_keeps_its_text_and_mends_what_it_did_to_the_terminal() {
    // One that ends when asked, and one that does neither that nor tidy up.
    let polite = "stty raw -echo\nprintf '\\033[?1049h\\033[?1000h\\033[?25l'\ntrap 'printf \"\\033[?1000l\\033[?1049l\\033[?25h\"; stty sane; exit 0' TERM\n\
                  echo 'saved in it' >> \"$1\"\necho ready\nwhile :; do sleep 0.05; done";
    let rude = "stty raw -echo\nprintf '\\033[?1049h\\033[?1000h\\033[?1006h\\033[?25l'\ntrap '' TERM HUP INT\necho 'saved in it' >> \"$1\"\necho ready\nexec sleep 500";
    for (script, signal) in [(polite, Signal::TERM), (polite, Signal::HUP), (rude, Signal::TERM)] {
        let machine = Machine::new();
        let editor = machine.script("editor", script);
        let mut cockpit = with_words(&machine, &[("EDITOR", &editor.to_string_lossy())]);
        cockpit.press("\x05");
        cockpit.sees(&["ready"]);
        let began = Instant::now();
        cockpit.signal(signal);
        cockpit.ended_well();
        assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
        nothing_is_lost(&machine);
        let journal = machine.run(&["log", "--json"]);
        assert!(journal.contains("saved in it"), "{journal}");
    }
}

#[test]
fn a_signal_in_the_middle_of_a_paste_ends_it_and_keeps_what_was_there() {
    let machine = Machine::new();
    let mut cockpit = with_words(&machine, &[]);
    cockpit.press("\x1b[200~");
    for _ in 0..200 {
        cockpit.press(&"half a paste ".repeat(40));
    }
    cockpit.signal(Signal::TERM);
    cockpit.ended_well();
    nothing_is_lost(&machine);
}

#[test]
fn a_signal_may_come_as_soon_as_the_terminal_is_taken() {
    for _ in 0..5 {
        for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
            let machine = Machine::new();
            let mut cockpit = machine.open(&[]);
            cockpit.opens().signal(signal);
            assert!(cockpit.ended_well().contains("Nothing was seen or noted"));
        }
    }
}

#[test]
fn many_signals_at_once_are_one() {
    let machine = Machine::new();
    let mut cockpit = with_words(&machine, &[]);
    for signal in [Signal::TERM, Signal::HUP, Signal::TERM, Signal::INT] {
        cockpit.signal(signal);
    }
    cockpit.ended_well();
    nothing_is_lost(&machine);
}

#[test]
fn stopped_and_continued_from_outside_it_takes_the_terminal_again() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    let raw = cockpit.modes();
    cockpit.signal(Signal::STOP);
    // What a shell does with the terminal of a job that was stopped.
    let tty = cockpit.tty();
    let done = Command::new("stty").args(["-F", &tty, "-raw", "echo"]).status().expect("it runs");
    assert!(done.success() && cockpit.modes() != raw);
    let before = cockpit.raw().len();
    cockpit.signal(Signal::CONT);
    wait_for(|| (cockpit.modes() == raw).then_some(()));
    wait_for(|| String::from_utf8_lossy(&cockpit.raw()[before..]).contains("\x1b[?1049h").then_some(()));
    cockpit.press("4");
    cockpit.sees(&["▸", "[4 Log]"]);
    cockpit.press("q");
    cockpit.ended_well();
}

#[test]
fn an_input_that_is_closed_ends_it_though_the_output_is_open() {
    let machine = Machine::new();
    let input = native_pty_system().openpty(PtySize::default()).expect("a terminal");
    let keys = input.master.tty_name().expect("a name").to_string_lossy().into_owned();
    let script = "exec \"$0\" < \"$1\"";
    let mut cockpit = Terminal::start(machine.command("/bin/sh", &["-c", script, PROGRAM, &keys]), 120, 40);
    cockpit.sees(&["▸"]);
    let mut typing = input.master.take_writer().expect("a writer");
    typing.write_all(b"nthe pool is full").expect("typed");
    cockpit.sees(&["Ctrl-S", "the pool is full"]);
    drop((typing, input));
    cockpit.ended_well();
    nothing_is_lost(&machine);
}
