//! What a shell allows a program: files of a size. Where that runs out the cockpit goes on, and nothing typed is lost.

use super::pty::{Machine, Terminal};

/// A cockpit behind a line of a shell in which no signal is ignored.
fn after(machine: &Machine, line: &str) -> Terminal {
    let script = format!("{line}; exec \"$0\"");
    let args = ["--default-signal=XFSZ", "sh", "-c", &script, env!("CARGO_BIN_EXE_stanch")];
    Terminal::start(machine.command("env", &args), 120, 40)
}

fn note(cockpit: &mut Terminal, text: &str) {
    cockpit.press("n").sees(&["Ctrl-S"]);
    cockpit.paste(text);
    cockpit.press("\x13");
}

#[test]
fn a_journal_that_may_not_grow_leaves_what_was_typed_in_the_second_one() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    for _ in 0..3 {
        note(&mut cockpit, &"long ".repeat(1200));
        cockpit.sees(&["noted"]);
        cockpit.press("4").press("1");
    }
    cockpit.press("q");
    cockpit.ended_well();
    // By the shell 4 or 8 kibibytes: less than the journal has, and room for a second one.
    let mut cockpit = after(&machine, "ulimit -f 8");
    cockpit.sees(&["resumed"]);
    note(&mut cockpit, "one more");
    cockpit.sees(&["journal not written", "kept in"]);
    cockpit.press("q");
    cockpit.ended();
    cockpit.is_whole();
    let (code, journal, said) = machine.run_anyhow(&["log", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("damaged") && journal.contains("\"one more\""), "{said}");
}
