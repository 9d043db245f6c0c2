//! A journal that someone edited, through every command that prints: what acts on a terminal, reverses text or hides in it
//! comes out of none of them, and the journal's bytes stay as they are.

#![expect(clippy::disallowed_methods, reason = "the journal is written by hand")]

use std::{fs, path::PathBuf};

use assert_cmd::Command;
use stanch::{incident::board::file::to_toml, journal::Home};
use tempfile::TempDir;

use super::*;

/// Escape sequences of both kinds, the clipboard, bidi, zero width, tags, a bell, a carriage return, and a flood of marks.
const HOSTILE: &str = "a\u{1b}[31m\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}2J\u{202e}b\u{2066}c\u{200b}d\u{200d}e\u{feff}f\u{ad}g\u{e0041}\
                       h\r\u{8}i\u{110bd}j\u{61c}k\u{0e49}\u{0e49}\u{0e49}\u{0e49}\u{0e49}\u{0e49}\u{0e49}";

/// What must not come out. Written down here once more, not asked of the code that is tested.
fn is_hostile(c: char) -> bool {
    let is_hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{110bd}' | '\u{e0000}'..='\u{e0fff}');
    is_hidden || (c.is_control() && c != '\n')
}

#[track_caller]
fn check_harmless(what: &str, text: &str) {
    let found: String = text.chars().filter(|c| is_hostile(*c)).collect();
    assert!(found.is_empty(), "{what}: {found:?} in\n{text:?}");
    assert!(!text.contains("\u{0e49}\u{0e49}\u{0e49}\u{0e49}\u{0e49}"), "{what}: a flood of marks");
}

/// A machine with one incident, every word of which, and the folder of which, says this.
struct Machine {
    home: TempDir,
    id: String,
    journal: PathBuf,
}

impl Machine {
    fn new(text: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let id = format!("2026-11-22-0300-{text}");
        let folder = home.path().join("data/incidents").join(&id);
        fs::create_dir_all(&folder).expect("a folder");
        let mut lines = sealed(r#"{"format":"1.0","incident":"x","created":"2026-11-22T03:00:00Z","writer":"w"}"#);
        for entry in hostile::incident(text) {
            lines += &sealed(&serde_json::to_string(&entry).expect("JSON"));
        }
        let journal = folder.join("journal.jsonl");
        fs::write(&journal, lines).expect("written");
        Self { home, id, journal }
    }

    /// What a command says, on both of its outputs.
    #[track_caller]
    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::cargo_bin("stanch").expect("the program");
        command.env_clear().current_dir(self.home.path()).args(args);
        command.env("HOME", self.home.path()).env("STANCH_DATA", self.home.path().join("data"));
        let output = command.output().expect("ran");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
        let (out, error) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{args:?}\n{out}\n{error}");
        assert!(!out.is_empty(), "{args:?}");
        check_harmless(&args.join(" "), &out);
        check_harmless(&args.join(" "), &error);
        out
    }
}

/// A line of the journal, as its form says.
fn sealed(json: &str) -> String {
    let body = json.strip_suffix('}').expect("an object");
    format!("{body},\"crc\":\"{:08x}\"}}\n", crc32c::crc32c(body.as_bytes()))
}

#[test]
fn no_command_prints_what_acts_on_a_terminal() {
    let machine = Machine::new(HOSTILE);
    let before = fs::read(&machine.journal).expect("bytes");
    let words = "a[31m]52;c;ZXZpbA==2Jbcdefghijk";
    for args in [
        &["log"][..],
        &["log", "--json"],
        &["rank"],
        &["rank", "--json"],
        &["list"],
        &["list", "--json"],
        &["export", "-o", "-"],
        &["export", "-o", "-", "--format", "html"],
        &["export", "-o", "-", "--format", "json"],
    ] {
        let said = machine.run(args);
        assert!(said.contains(words) || said.contains(r"\[31m\]52;c;ZXZpbA==2Jbcdefghijk"), "{args:?}:\n{said}");
    }
    for view in ["watch", "board", "act", "log", "learn"] {
        machine.run(&["snapshot", "--view", view, "--size", "200x60"]);
    }
    machine.run(&["export"]);
    machine.run(&["log", &machine.id]);
    assert_eq!(fs::read(&machine.journal).expect("bytes"), before, "who only reads changes nothing");

    machine.run(&["note", "seen"]);
    let after = fs::read(&machine.journal).expect("bytes");
    assert!(after.starts_with(&before) && after.len() > before.len(), "the bytes stay as they are");
}

#[test]
fn nor_does_what_is_written_of_it() {
    let machine = Machine::new(HOSTILE);
    let contents = Home::at(machine.home.path().join("data")).read(&machine.id).expect("a journal");
    assert_eq!(contents.warnings, []);
    let incident = Incident::replay(contents.entries);
    check_harmless(":save", &to_toml(&incident.summary.title, &incident.board));
    check_harmless("the notes", &report::markdown(&incident));
    for pin in &incident.pins {
        check_harmless("a pin", &pin.evidence.query);
    }
}

#[test]
fn words_of_other_scripts_stay_whole() {
    let machine = Machine::new("ที่นี่ שָׁלוֹם");
    for args in [&["log"][..], &["rank"], &["list"], &["export", "-o", "-"]] {
        let said = machine.run(args);
        assert!(said.contains("ที่นี่ שָׁלוֹם"), "{args:?}:\n{said}");
    }
}
