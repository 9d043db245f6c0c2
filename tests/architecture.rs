//! The rules of the house, held by a test: who may import whom, how long a file may be, how it opens, what lies at the
//! top of the repository.
//!
//! The source is read as text. Comments, strings and tests do not count: a test may look wherever it likes.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and files are its business"
)]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// One layer: a module at the top of the crate.
struct Layer {
    name: &'static str,
    /// What of this crate it may name, besides itself. A longer path allows that path only.
    may: &'static [&'static str],
    /// What of other crates it must never name.
    never: &'static [&'static str],
}

/// Whatever knows the world outside: terminals, sockets, files, clocks, processes.
const OUTSIDE: &[&str] = &[
    "ratatui",
    "crossterm",
    "tui_textarea",
    "tokio",
    "reqwest",
    "axum",
    "rustix",
    "clap",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
];

/// What the pure parts of the screen must not name: they may know keys, rectangles and text, but never do anything.
const DOING: &[&str] = &[
    "crossterm",
    "ratatui::Terminal",
    "ratatui::DefaultTerminal",
    "ratatui::backend",
    "ratatui::init",
    "ratatui::crossterm::terminal",
    "ratatui::crossterm::execute",
    "tokio",
    "reqwest",
    "axum",
    "rustix",
    "clap",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
];

const SCREEN: &[&str] = &["ratatui", "crossterm", "tui_textarea", "axum", "clap"];

/// From the ground up. A layer names what stands above it in this table, never what stands below.
const LAYERS: &[Layer] = &[
    Layer { name: "signal", may: &[], never: OUTSIDE },
    Layer { name: "incident", may: &["signal"], never: OUTSIDE },
    // The loader reads files and variables; it names the incident for the kinds of mitigations only.
    Layer {
        name: "config",
        may: &["signal", "incident::MitigationKind"],
        never: &["ratatui", "crossterm", "tokio", "axum"],
    },
    // It names the incident for who began a check only.
    Layer { name: "dashboard", may: &["signal", "incident::Id", "config"], never: OUTSIDE },
    Layer { name: "app", may: &["signal", "incident", "config", "dashboard"], never: DOING },
    Layer { name: "ui", may: &["signal", "incident", "config", "dashboard", "app"], never: DOING },
    Layer { name: "source", may: &["signal", "config", "dashboard"], never: SCREEN },
    Layer { name: "journal", may: &["signal", "incident"], never: SCREEN },
    Layer { name: "sim", may: &[], never: &["ratatui", "crossterm", "tui_textarea", "clap", "reqwest"] },
    Layer {
        name: "cli",
        may: &["signal", "incident", "config", "dashboard", "app", "ui", "source", "journal", "sim", "runtime"],
        never: &["ratatui", "crossterm"],
    },
    Layer {
        name: "runtime",
        may: &["signal", "incident", "config", "dashboard", "app", "ui", "source", "journal", "sim", "cli"],
        never: &["axum", "clap"],
    },
];

/// What these may name is narrower still: the data of the configuration, never the reading of it.
const NARROWER: &[(&str, &str)] =
    &[("dashboard", "config::load"), ("app", "config::load"), ("ui", "config::load"), ("source", "config::load")];

/// Longest file, in lines that hold code: comments, empty lines and tests aside.
const LONGEST: usize = 450;

/// What may lie at the top of the repository, besides hidden files.
const TOP: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "themes",
    "tests",
    "examples",
    "README.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "target",
];

/// Files that may hold tests that only run when asked for: measurements, what needs real servers, and what another test
/// starts as a process of its own.
const MAY_IGNORE: &[&str] = &[
    "src/runtime/panics.rs",
    "tests/journal/fixture.rs",
    "tests/journal/stopped.rs",
    "tests/kernel.rs",
    "tests/real_servers.rs",
    "tests/sources/real.rs",
];

#[test]
fn layers_import_what_they_may() {
    let mut wrong = String::new();
    for file in sources() {
        let Some(layer) = layer_of(&file.name) else { continue };
        for found in paths(&file.code, &file.module) {
            if let Some(why) = objection(layer, &found.path) {
                writeln!(wrong, "{}:{}: {}: {why}", file.name, found.line, found.path).expect("written");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_module_has_a_layer() {
    let text = fs::read_to_string(root().join("src/lib.rs")).expect("lib.rs");
    let modules = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    for module in modules {
        assert!(LAYERS.iter().any(|layer| layer.name == module), "src/lib.rs: `{module}` is in no layer");
    }
}

#[test]
fn only_its_row_and_its_client_name_a_kind_of_source() {
    let table = fs::read_to_string(root().join("src/config/kinds.rs")).expect("the table");
    let kinds: Vec<_> = without_tests(&table)
        .lines()
        .filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","))
        // These are words for other things, too.
        .filter(|name| !["http", "command"].contains(name))
        .map(|name| format!("\"{name}\""))
        .collect();
    assert!(kinds.len() >= 2, "{kinds:?}");
    let mut wrong = String::new();
    for folder in ["app", "ui", "dashboard", "runtime", "journal", "cli"] {
        for path in rust_files(&root().join("src").join(folder)) {
            let name = shown(&path);
            // What is looked for on a machine is written into a new configuration.
            if name.starts_with("src/cli/init") || name.starts_with("src/app/tests") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a file");
            for (at, line) in without_tests(&text).lines().enumerate() {
                if kinds.iter().any(|kind| line.contains(kind)) {
                    writeln!(wrong, "{name}:{}: {}; ask `Kind` what it can", at + 1, line.trim()).expect("written");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn only_the_runtime_writes_the_log() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let named =
        |line: &&str| ["log", "tracing"].iter().any(|name| line.split([' ', '-', '.', '=']).next() == Some(name));
    let facades: Vec<_> = manifest.lines().filter(named).collect();
    // What libraries say through one of these holds addresses with their queries.
    assert!(facades.is_empty(), "a global logger lets any library and any layer write: {}", facades.join(", "));
}

#[test]
fn files_are_short() {
    let long = sources().into_iter().filter_map(|file| {
        let lines = file.code.lines().filter(|line| !line.trim().is_empty()).count();
        (lines > LONGEST).then(|| format!("{}: {lines} lines of code; expected at most {LONGEST}", file.name))
    });
    let long: Vec<_> = long.collect();
    assert!(long.is_empty(), "look for the second idea in\n{}", long.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "examples"] {
        for path in rust_files(&root().join(folder)) {
            let name = shown(&path);
            let text = fs::read_to_string(&path).expect("a file");
            let lines = text.lines().take_while(|line| line.starts_with("//!")).count();
            if lines == 0 {
                wrong.push(format!("{name}:1: opens without `//!`"));
            }
            if name.ends_with("/mod.rs") {
                wrong.push(format!("{name}: modules are called by their name, `foo.rs` beside `foo/`"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_top_of_the_repository_is_tidy() {
    let entries = fs::read_dir(root()).expect("the repository");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let strange: Vec<_> = names.filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str())).collect();
    assert!(strange.is_empty(), "does not belong at the top: {}", strange.join(", "));
}

#[test]
fn tests_run() {
    let mut wrong = Vec::new();
    for path in ["src", "tests"].iter().flat_map(|folder| rust_files(&root().join(folder))) {
        let name = shown(&path);
        let text = fs::read_to_string(&path).expect("a file");
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("#[ignore")) {
            if !MAY_IGNORE.contains(&name.as_str()) {
                wrong.push(format!("{name}:{}: a test that does not run", at + 1));
            } else if !line.contains("= \"") {
                wrong.push(format!("{name}:{}: says no reason", at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Why a layer may not name a path, if it may not.
fn objection(layer: &Layer, path: &str) -> Option<String> {
    let Some(ours) = path.strip_prefix("crate::") else {
        let banned = layer.never.iter().find(|banned| begins(path, banned))?;
        return Some(format!("`{}` must never know `{banned}`", layer.name));
    };
    if begins(ours, layer.name) {
        return None;
    }
    if let Some((_, part)) = NARROWER.iter().find(|(name, part)| *name == layer.name && begins(ours, part)) {
        return Some(format!("`{}` may not import `{part}`", layer.name));
    }
    if layer.may.iter().any(|allowed| begins(ours, allowed)) {
        return None;
    }
    let may = if layer.may.is_empty() { "nothing of this crate".to_owned() } else { layer.may.join(", ") };
    Some(format!("`{}` may import {may}", layer.name))
}

/// Whether a path is another one, or goes on from it.
fn begins(path: &str, with: &str) -> bool {
    path.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn layer_of(name: &str) -> Option<&'static Layer> {
    let first = name.strip_prefix("src/")?.split('/').next()?.trim_end_matches(".rs");
    LAYERS.iter().find(|layer| layer.name == first)
}

/// A source file without its tests, comments and strings. Lines stay where they are.
struct Source {
    /// From the root of the repository.
    name: String,
    /// Its module: `ui::pane::alerts`.
    module: Vec<String>,
    code: String,
}

fn sources() -> Vec<Source> {
    let files = rust_files(&root().join("src")).into_iter();
    // A module of tests in a file of its own.
    let files = files.filter(|path| path.file_name().is_none_or(|name| name != "tests.rs"));
    files
        .map(|path| {
            let name = shown(&path);
            let module = name.trim_start_matches("src/").trim_end_matches(".rs").split('/').map(str::to_owned);
            let text = fs::read_to_string(&path).expect("a file");
            let code = without_words(without_tests(&text));
            Source { module: module.collect(), name, code }
        })
        .collect()
}

/// Tests stand last in a file.
fn without_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..=at])
}

/// Blanks comments, strings and characters, so that what is left are names and signs.
fn without_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => end_of_string(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#\"") => end_of_raw(rest),
            '\'' => end_of_char(rest),
            _ => 0,
        };
        // A name that ends in `r` does not begin a string.
        let in_name = c == 'r' && out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if end == 0 || in_name {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.extend(rest[..end].chars().filter(|c| *c == '\n'));
            rest = &rest[end..];
        }
    }
    out
}

fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn end_of_raw(text: &str) -> usize {
    let hashes = text[1..].chars().take_while(|c| *c == '#').count();
    let close = format!("\"{}", "#".repeat(hashes));
    let open = 1 + hashes + 1;
    text[open..].find(&close).map_or(text.len(), |at| open + at + close.len())
}

/// Zero for a lifetime.
fn end_of_char(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), Some((after, _))) => text[after + 1..].find('\'').map_or(0, |at| after + 1 + at + 1),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

/// A path that is named, and where.
#[derive(Debug, PartialEq)]
struct Named {
    path: String,
    line: usize,
}

/// Every path that is imported or named in full, with groups taken apart and `super` resolved.
fn paths(code: &str, module: &[String]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((at, after)) = next_path(code, from) {
        let line = code[..at].matches('\n').count() + 1;
        let tree = tree(&code[after..]);
        from = after + tree.len().max(1);
        for path in flat("", tree) {
            if let Some(path) = resolved(&path, module) {
                found.push(Named { path, line });
            }
        }
    }
    found
}

/// Where the next path begins: after `use`, or at a name with `::` behind it.
fn next_path(code: &str, from: usize) -> Option<(usize, usize)> {
    let starts = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    code[from..].char_indices().map(|(at, _)| from + at).find_map(|at| {
        if !starts(at) {
            return None;
        }
        let rest = &code[at..];
        if rest.starts_with("use ") {
            return Some((at, at + 4));
        }
        let name = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').count();
        let is_path = name > 0 && rest.get(name..).is_some_and(|rest| rest.starts_with("::"));
        is_path.then_some((at, at))
    })
}

/// The tree of a path: names, `::` and groups.
fn tree(code: &str) -> &str {
    let mut depth = 0;
    let end = code.char_indices().find(|(at, c)| {
        let in_path = c.is_alphanumeric() || matches!(c, '_' | ':');
        match c {
            '{' if code[..*at].ends_with("::") || depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            _ => return !in_path,
        }
        false
    });
    &code[..end.map_or(code.len(), |(at, _)| at)]
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn flat(before: &str, tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let name = tree.split_whitespace().next().unwrap_or_default();
        return vec![format!("{before}{name}")];
    };
    let before = format!("{before}{}", head.trim());
    let mut depth = 0;
    let inner = group.rsplit_once('}').map_or(group, |(inner, _)| inner);
    let parts = inner.split(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts.filter(|part| !part.trim().is_empty()).flat_map(|part| flat(&before, part)).collect()
}

/// A path from `crate` when it leads to the top of this crate; a path of another crate as it is; nothing for one that
/// stays below.
fn resolved(path: &str, module: &[String]) -> Option<String> {
    if path.starts_with("crate::") {
        return Some(path.to_owned());
    }
    let supers = path.split("::").take_while(|name| *name == "super").count();
    if supers == 0 {
        return Some(path.to_owned()).filter(|path| !path.starts_with("self::"));
    }
    let rest: Vec<&str> = path.split("::").skip(supers).collect();
    (supers == module.len()).then(|| format!("crate::{}", rest.join("::")))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        // The fuzz targets are a package of their own, with their own build folder.
        if path.is_dir() && !path.ends_with("target") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

/// The test that tests: what it reads, and what it objects to.
mod of_the_test {
    use super::*;

    #[track_caller]
    fn check(code: &str, expected: &[(&str, usize)]) {
        let module = ["ui".to_owned(), "pane".to_owned()];
        let found = paths(&without_words(without_tests(code)), &module);
        let found: Vec<_> = found.iter().map(|named| (named.path.as_str(), named.line)).collect();
        assert_eq!(found, expected, "{code}");
    }

    #[test]
    fn paths_are_found() {
        check("use crate::{a::{B, c}, d};\n", &[("crate::a::B", 1), ("crate::a::c", 1), ("crate::d", 1)]);
        check(
            "use std::{\n    fs,\n    io::{self, Read as _},\n};",
            &[("std::fs", 1), ("std::io::self", 1), ("std::io::Read", 1)],
        );
        check(
            "fn f() -> crate::source::X {\n let y = tokio::spawn(z); }",
            &[("crate::source::X", 1), ("tokio::spawn", 2)],
        );
        check("use super::super::journal::Log;\nuse super::frame;", &[("crate::journal::Log", 1)]);
        check(
            "// crate::source\nlet s = \"crate::source::X\"; let c = '\"'; crate::app::App",
            &[("crate::app::App", 2)],
        );
        check("impl<'a> X<'a> {}\nlet r = r#\"tokio::x \" \"#;\ncrate::b::C", &[("crate::b::C", 3)]);
        check("match x { A::B => {} }", &[("A::B", 1)]);
        check("use crate::a;\n#[cfg(test)]\nmod tests {\n    use crate::source;\n}", &[("crate::a", 1)]);
    }

    #[track_caller]
    fn check_rule(layer: &str, path: &str, fine: bool) {
        let layer = LAYERS.iter().find(|one| one.name == layer).expect("a layer");
        assert_eq!(objection(layer, path).is_none(), fine, "{}: {path}", layer.name);
    }

    #[test]
    fn rules_are_kept() {
        check_rule("signal", "crate::incident::Id", false);
        check_rule("signal", "crate::signal::Data", true);
        check_rule("incident", "std::fs::read", false);
        check_rule("incident", "std::fmt", true);
        check_rule("config", "crate::incident::MitigationKind", true);
        check_rule("config", "crate::incident::Board", false);
        check_rule("app", "crate::config::Plan", true);
        check_rule("app", "crate::config::load::parse", false);
        check_rule("app", "ratatui::crossterm::event::KeyEvent", true);
        check_rule("app", "tokio::spawn", false);
        check_rule("ui", "crate::source::Poller", false);
        check_rule("sim", "crate::signal::Data", false);
        check_rule("journal", "crate::app::App", false);
    }
}
