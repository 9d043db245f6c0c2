//! `--plain` over pipes, without a terminal: sentences come out, lines go in, and an outage is worked from its first alert
//! to the notes.
#![expect(clippy::expect_used, reason = "helpers of tests may panic")]

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Write},
    os::unix::fs::OpenOptionsExt,
    process::{Child, ChildStdin},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rustix::{
    fs::OFlags,
    process::{Pid, Signal, kill_process},
};
use stanch::sim;

use super::{pty::Machine, wait_for};

/// A cockpit on pipes.
struct Plain {
    child: Child,
    input: Option<ChildStdin>,
    said: Arc<Mutex<Vec<String>>>,
    /// Lines that were looked at.
    seen: usize,
}

impl Plain {
    fn open(machine: &Machine, args: &[&str]) -> Self {
        let mut child = machine.start(args, &[]);
        let (input, output) = (child.stdin.take(), child.stdout.take().expect("a pipe"));
        let said = Arc::<Mutex<Vec<String>>>::default();
        let into = Arc::clone(&said);
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                into.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        Self { child, input, said, seen: 0 }
    }

    fn line(&mut self, line: &str) -> &mut Self {
        let input = self.input.as_mut().expect("it is open");
        input.write_all(format!("{line}\n").as_bytes()).expect("it reads");
        self
    }

    fn all(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line that holds this, behind those that were waited for before; the line.
    #[track_caller]
    fn says(&mut self, words: &str) -> String {
        self.says_one_of(&[words])
    }

    #[track_caller]
    fn says_one_of(&mut self, words: &[&str]) -> String {
        let deadline = std::time::Instant::now() + super::pty::SOON;
        loop {
            let all = self.all();
            let found = (self.seen..all.len()).find(|at| words.iter().any(|words| all[*at].contains(words)));
            if let Some(at) = found {
                self.seen = at + 1;
                return all[at].clone();
            }
            assert!(std::time::Instant::now() < deadline, "it does not say {words:?}:\n{}", all.join("\n"));
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends its input, and waits for the end; all it said.
    #[track_caller]
    fn ended(mut self) -> String {
        drop(self.input.take());
        let status = wait_for(|| self.child.try_wait().expect("it ran"));
        assert!(status.success(), "{status}: {}", self.all().join("\n"));
        wait_for(|| self.all().iter().any(|line| line.starts_with("Journal: ")).then_some(()));
        self.all().join("\n")
    }
}

#[test]
fn what_is_piped_in_is_done_in_order_and_the_notes_are_written() {
    let machine = Machine::new();
    let mut cockpit = Plain::open(&machine, &["--plain"]);
    cockpit
        .line("symptom checkout is slow")
        .line("hypothesis the pool is full")
        .line("y")
        .line("hypothesis a bad deploy");
    cockpit.line("n").line("rank").line("note 300 of 300").line("stanched y the pool was grown");
    for nth in 0..40 {
        cockpit.line(&format!("note number {nth}"));
    }
    let said = cockpit.ended();
    let at = |words: &str| said.find(words).unwrap_or_else(|| panic!("no {words}:\n{said}"));
    assert!(at("the pool is full +") < at("a bad deploy -"), "{said}");
    assert!(at("a bad deploy -") < at("300 of 300"), "{said}");
    assert!(!said.contains('\u{1b}') && !said.contains(['┌', '│', '▸']), "{said}");
    let notes = machine.read(&machine.notes()[0]);
    assert!((0..40).all(|nth| notes.contains(&format!("number {nth}"))), "{notes}");
    assert!(said.contains("Notes: "), "{said}");
}

#[test]
fn a_line_behind_new_is_of_the_new_incident() {
    let machine = Machine::new();
    let mut cockpit = Plain::open(&machine, &["--plain"]);
    cockpit.line("note of the first").line("new the other").line("note of the second");
    cockpit.ended();
    let notes: Vec<String> = machine.notes().iter().map(|path| machine.read(path)).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    let other = notes.iter().find(|text| text.contains("of the second")).expect("a note");
    assert!(other.contains("the other") && !other.contains("of the first"), "{other}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_pipe_that_nobody_empties_holds_up_neither_the_notes_nor_the_end() {
    let machine = Machine::new();
    let mut child = machine.start(&["--plain"], &[]);
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(b"note the pool is full\n").expect("it reads");
    wait_for(|| machine.run_anyhow(&["log"]).1.contains("the pool is full").then_some(()));
    let own_end = format!("/proc/{}/fd/1", child.id());
    let mut pipe = OpenOptions::new()
        .write(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(own_end)
        .expect("a pipe");
    // A byte at a time, so that not one more fits in.
    while pipe.write(b" ").is_ok() {}
    input.write_all(b"note and nobody reads\n").expect("it reads");
    kill_process(Pid::from_child(&child), Signal::TERM).expect("it runs");
    let status = wait_for(|| child.try_wait().expect("it ran"));
    assert!(status.success(), "{status}");
    assert!(machine.read(&machine.notes()[0]).contains("the pool is full"));
}

#[test]
fn an_outage_is_worked_in_lines() {
    let options =
        sim::Options { speed: 10.0, program: Some(env!("CARGO_BIN_EXE_stanch").into()), ..Default::default() };
    let outage = sim::start(options).expect("a simulation");
    let machine = Machine::with_config(&outage.config_toml());
    let mut cockpit = Plain::open(&machine, &["--plain"]);
    // What hurts is said as it comes.
    cockpit.says("left its range");
    cockpit.line("watch").says("is out of its range");
    cockpit.line("symptom checkout answers 500").says("checkout answers 500");
    // One step after the other, each said before it is done.
    loop {
        let from = cockpit.all().len();
        cockpit.line("do");
        let asked = cockpit.says_one_of(&["yes, do it", "Nothing to do but watch"]);
        let is_back =
            asked.contains("yes") && cockpit.all()[from..].iter().any(|line| line.contains("Roll back checkout"));
        if asked.contains("yes") {
            cockpit.line("y");
        }
        if is_back && cockpit.says_one_of(&["1 of 4: Last good state?", "changed meanwhile"]).contains("1 of 4") {
            break;
        }
        thread::sleep(Duration::from_millis(300));
    }
    cockpit.line("y").says("2 of 4");
    cockpit.line("n").says("3 of 4");
    cockpit.line("u").says("4 of 4");
    cockpit.line("y").says("It runs when its name is typed: `rollback-checkout`");
    cockpit.line("rollback").says("nothing was run");
    cockpit.line("rollback-checkout").says("act: ran ");
    // Two rows, and what they expect.
    cockpit.line("hypothesis").says("Add hypotheses");
    cockpit.line("1 2").says("Does A ");
    cockpit.line("y").says("Does B ");
    cockpit.line("n").line("back").line("rank A").says("bits in all");
    cockpit.line("note rolled back, watching").says("note: rolled back, watching");
    cockpit.says("is back in its range");
    cockpit.line("stanched y the rollback helped").says("status: stanched");
    cockpit.line("quit");
    let said = cockpit.ended();
    assert!(!said.contains('\u{1b}'), "{said}");
    let notes = machine.read(&machine.notes()[0]);
    for told in ["checkout answers 500", "rollback-checkout", "rolled back, watching", "the rollback helped"] {
        assert!(notes.contains(told), "{told}: {notes}");
    }
}

#[test]
fn a_signal_ends_it_with_its_notes() {
    let machine = Machine::new();
    let mut cockpit = Plain::open(&machine, &["--plain"]);
    cockpit.line("note before the end").says("note: before the end");
    let id = Pid::from_child(&cockpit.child);
    kill_process(id, Signal::TERM).expect("it runs");
    let status = wait_for(|| cockpit.child.try_wait().expect("it ran"));
    assert!(status.success(), "{status}");
    assert!(machine.read(&machine.notes()[0]).contains("before the end"));
}
