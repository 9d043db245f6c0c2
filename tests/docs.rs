//! What a stranger reads is true: the keys, the commands, the keys of the configuration, links, the examples.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and files are its business"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use clap::CommandFactory;
use stanch::{
    app::{
        Keymap, View,
        action::{Scope, TABLE},
    },
    cli::Cli,
    config::{kinds::KINDS, load},
    incident::board::file::BoardFile,
};

const README: &str = include_str!("../README.md");
const EXAMPLE: &str = include_str!("../examples/stanch.toml");
const BOARD: &str = include_str!("../examples/board.toml");

/// Longest README, in lines: what is longer is a text of `stanch help`.
const LONGEST: usize = 250;

#[test]
fn the_readme_is_read_to_its_end() {
    let lines = README.lines().count();
    assert!(lines < LONGEST, "README.md has {lines} lines: move something to a text of `stanch help`");
}

#[test]
fn every_action_is_in_the_help_on_keys() {
    let printed = run(&["help", "keys"]);
    for spec in TABLE {
        let is_there = |line: &&str| line.contains(spec.doc) && line.trim_end().ends_with(spec.name);
        assert!(printed.lines().any(|line| is_there(&line)), "`stanch help keys` lacks {}", spec.name);
    }
    for view in View::ALL {
        let has = TABLE.iter().any(|spec| spec.scope == Scope::In(view));
        assert_eq!(printed.contains(&format!("In {}:", view.name())), has, "{}", view.name());
    }
}

#[test]
fn every_text_that_is_named_is_printed() {
    for name in ["keys", "config", "ranking", "journal", "bugs"] {
        assert!(README.contains(&format!("`stanch help {name}`")) || README.contains(&format!("`{name}`")), "{name}");
        assert!(run(&["help", name]).lines().count() > 10, "{name}");
    }
    assert!(run(&["help", "export"]).contains("Usage: stanch export"));
    assert!(run(&["man", "stanch.toml"]).starts_with(".TH stanch.toml 5 "));
}

#[test]
fn every_command_is_described() {
    let help = Cli::command().render_long_help().to_string();
    let page = run(&["man"]);
    for command in commands() {
        let starts = |text: &str, with: &str| text.lines().any(|line| line.trim_start().starts_with(with));
        assert!(README.contains(&format!("`stanch {command}`")), "README.md says nothing of `stanch {command}`");
        assert!(starts(&help, &format!("{command} ")), "`stanch --help` says nothing of {command}");
        assert!(page.contains(&format!(".SS \"{command}\"")), "`stanch man` says nothing of {command}");
    }
}

#[test]
fn completions_and_the_manual_know_every_command_and_option() {
    let whole = Cli::command();
    let longs = |command: &clap::Command| -> Vec<String> {
        let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
        shown.filter_map(|arg| arg.get_long().map(str::to_owned)).collect()
    };
    let options: BTreeSet<_> = std::iter::once(&whole).chain(whole.get_subcommands()).flat_map(longs).collect();
    assert!(["config", "data", "log", "as", "bundle"].iter().all(|one| options.contains(*one)), "{options:?}");
    for (shell, before) in [("bash", "--"), ("zsh", "--"), ("fish", "-l "), ("elvish", "--"), ("powershell", "--")] {
        let script = run(&["completions", shell]);
        for name in commands().into_iter().chain(options.iter().map(|option| format!("{before}{option}"))) {
            assert!(script.contains(&name), "the completions for {shell} lack {name}");
        }
    }
    let page = run(&["man"]);
    for option in options {
        let written = format!("\\-\\-{}", option.replace('-', "\\-"));
        assert!(page.contains(&written), "the manual page lacks --{option}");
    }
}

#[test]
fn every_command_that_is_named_exists() {
    let whole = Cli::command();
    let commands = commands();
    for code in code_of(README) {
        for call in code.split('|').filter_map(|part| part.trim().strip_prefix("stanch ")) {
            let first = call.split_whitespace().next().unwrap_or_default();
            let is_word = first.starts_with(|c: char| c.is_ascii_lowercase());
            assert!(!is_word || commands.iter().any(|one| one == first), "README.md: there is no `stanch {first}`");
        }
        for flag in code.split_whitespace().filter_map(|word| word.strip_prefix("--")) {
            let has = |command: &clap::Command| command.get_arguments().any(|arg| arg.get_long() == Some(flag));
            let is_ours = !code.starts_with("cargo ") && !code.starts_with("kubectl ") && !flag.is_empty();
            let is_known = has(&whole) || whole.get_subcommands().any(has) || flag == "help";
            assert!(!is_ours || is_known, "README.md: there is no --{flag}");
        }
    }
}

#[test]
fn every_key_of_the_configuration_is_described() {
    let reference = run(&["help", "config"]);
    for (table, keys) in known_keys() {
        for key in keys {
            let described = reference.contains(&format!("`{key}`")) || reference.contains(&format!("`[[{key}]]`"));
            assert!(described, "`stanch help config` lacks `{key}` of {table}");
            let headings = [format!("[{key}]"), format!("[[{key}]]")];
            let shown = |line: &str| headings.iter().any(|heading| line == heading) || sets(line, &key);
            assert!(EXAMPLE.lines().any(shown), "examples/stanch.toml lacks `{key}` of {table}");
        }
    }
}

#[test]
fn every_key_that_is_described_exists() {
    let known: Vec<String> = known_keys().into_values().flatten().collect();
    for line in run(&["help", "config"]).lines().filter_map(|line| line.strip_prefix("- ")) {
        let names = line.split_once(':').map_or(line, |(names, _)| names);
        for name in names.split('`').skip(1).step_by(2) {
            assert!(known.iter().any(|key| key == name), "`stanch help config` describes `{name}`, which no table has");
        }
    }
}

#[test]
fn the_example_loads_without_a_word() {
    let (config, warnings) = load::parse(EXAMPLE, Path::new("stanch.toml")).expect("valid");
    assert_eq!(warnings, []);
    Keymap::new(&config.keys).expect("its keys exist");
}

#[test]
fn the_board_example_loads_and_shows_every_key() {
    BoardFile::parse(BOARD, "board.toml").expect("a board");
    for (table, head) in [("top", ""), ("observation", "[[observation]]\n"), ("hypothesis", "[[hypothesis]]\n")] {
        for key in board_keys(&format!("{head}xyzxyzxyzxyz = 1\n")) {
            let headed = BOARD.contains(&format!("[[{key}]]"));
            assert!(
                headed || BOARD.lines().any(|line| sets(line, &key)),
                "examples/board.toml lacks `{key}` of {table}"
            );
        }
    }
    let check = "[[observation]]\nid = \"s1\"\ntext = \"x\"\ncheck = { xyzxyzxyzxyz = 1 }\n";
    for key in board_keys(check) {
        assert!(BOARD.lines().any(|line| sets(line, &key)), "examples/board.toml lacks `{key}` of check");
    }
}

#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in ["README.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(root.join(page)).expect("a page");
        let anchors: Vec<String> = text.lines().filter_map(anchor).collect();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
            if let Some(heading) = target.strip_prefix('#') {
                assert!(anchors.iter().any(|anchor| anchor == heading), "{page}: no heading for #{heading}");
            } else if !target.starts_with("https://") {
                assert!(root.join(target).is_file(), "{page}: {target} is not there");
            }
        }
    }
}

/// Whether a line of the example sets a key, in the open, in a comment or in an inline table.
fn sets(line: &str, key: &str) -> bool {
    let before = line.split_once(&format!("{key} = ")).map(|(before, _)| before);
    before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Every line of a block of code, without its comment, and every piece of code in a sentence.
fn code_of(text: &str) -> Vec<&str> {
    let mut code = Vec::new();
    for (at, part) in text.split("```").enumerate() {
        if at % 2 == 1 {
            code.extend(part.lines().skip(1).map(|line| line.split(" # ").next().unwrap_or(line).trim()));
        } else {
            code.extend(part.split('`').skip(1).step_by(2));
        }
    }
    code
}

/// The names of all commands.
fn commands() -> Vec<String> {
    let command = Cli::command();
    let named = command.get_subcommands().filter(|one| !one.is_hide_set());
    named.map(|one| one.get_name().to_owned()).collect()
}

/// Every key of every table, as the loader itself names them when it finds one it does not know.
fn known_keys() -> BTreeMap<String, Vec<String>> {
    let one = |kind: &str| format!("[[source]]\nname = \"{kind}\"\ntype = \"{kind}\"\nxyzxyzxyzxyz = 1\n");
    let mut text = "xyzxyzxyzxyz = 1\n".to_owned();
    text.extend(KINDS.iter().map(|kind| one(kind.name)));
    for table in ["vital", "pane", "dashboard", "mitigation"] {
        text += &format!("[[{table}]]\nxyzxyzxyzxyz = 1\n");
    }
    text += "thresholds = [{ xyzxyzxyzxyz = 1 }]\n";
    let text = text.replace(
        "[[mitigation]]\nxyzxyzxyzxyz = 1\nthresholds",
        "[[mitigation]]\nxyzxyzxyzxyz = 1\n[[pane]]\nthresholds",
    );
    let errors = load::parse(&text, Path::new("stanch.toml")).expect_err("unknown keys").to_string();
    let mut keys = BTreeMap::new();
    for line in errors.lines() {
        let Some((_, rest)) = line.split_once("unknown key `xyzxyzxyzxyz` in ") else { continue };
        let (table, known) = rest.split_once("; expected ").expect("the loader names the keys it knows");
        keys.insert(table.to_owned(), known.split(", ").map(str::to_owned).collect());
    }
    assert_eq!(keys.len(), KINDS.len() + 6, "one for each table: {errors}");
    keys
}

/// Every key that a table of a board file takes, as the reader names them when it finds one it does not know.
fn board_keys(text: &str) -> Vec<String> {
    let error = BoardFile::parse(text, "board.toml").expect_err("an unknown key").to_string();
    let (_, known) = error.split_once("expected one of ").expect("the reader names the keys it knows");
    known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// How a heading is linked to.
fn anchor(line: &str) -> Option<String> {
    let heading = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))?;
    let kept =
        heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-')).collect::<String>();
    Some(kept.replace(' ', "-"))
}

fn run(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stanch")).args(args).output().expect("it runs");
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).expect("text")
}
