//! The rules of the house, held by a test: who may import whom, how long a file may be, how it opens, what lies at the
//! top of the repository.
//!
//! The source is read as tokens. Comments, strings and tests do not count: a test may look wherever it likes.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and files are its business"
)]

#[path = "architecture/cycles.rs"]
mod cycles;
#[path = "architecture/source.rs"]
mod source;

use std::{fmt::Write, fs};

use source::{Source, begins, root, rust_files, shown, sources};

/// One layer: a module at the top of the crate.
struct Layer {
    name: &'static str,
    /// What of this crate it may name, besides itself. A longer path allows that path only.
    may: &'static [&'static str],
    /// What of other crates it must never name.
    never: &'static [&'static [&'static str]],
}

/// Whatever reaches the world outside: sockets, files, clocks, processes, standard input and output, the command line.
const WORLD: &[&str] = &[
    "tokio",
    "reqwest",
    "axum",
    "rustix",
    "clap",
    "std::fs",
    "std::env",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::time::Instant",
    "std::time::SystemTime",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "jiff::tz::TimeZone::system",
    "jiff::tz::TimeZone::try_system",
];

/// Whatever draws, or knows what a key is.
const SCREEN: &[&str] = &["ratatui", "crossterm", "tui_textarea"];

/// The terminal itself. What draws may know keys, rectangles and text, but never asks for a key or writes a cell.
const TERMINAL: &[&str] = &[
    "crossterm",
    "ratatui::Terminal",
    "ratatui::DefaultTerminal",
    "ratatui::backend",
    "ratatui::init",
    "ratatui::run",
    "ratatui::crossterm::cursor",
    "ratatui::crossterm::event::EventStream",
    "ratatui::crossterm::event::poll",
    "ratatui::crossterm::event::read",
    "ratatui::crossterm::execute",
    "ratatui::crossterm::queue",
    "ratatui::crossterm::terminal",
];

/// A server, and a command line.
const FRONT: &[&str] = &["axum", "clap"];

/// From the ground up. A layer names what stands above it in this table, never what stands below.
const LAYERS: &[Layer] = &[
    Layer { name: "base", may: &[], never: &[WORLD, SCREEN] },
    Layer { name: "files", may: &[], never: &[SCREEN, FRONT, &["tokio"]] },
    // What a dashboard asks and shows is reckoned here, for whoever asks and draws.
    Layer { name: "grafana", may: &[], never: &[WORLD, SCREEN] },
    Layer { name: "signal", may: &["base", "grafana"], never: &[WORLD, SCREEN] },
    Layer { name: "incident", may: &["base", "signal"], never: &[WORLD, SCREEN] },
    // Files of a team's own, and which of them an alert is about; a board in one is read as any other.
    Layer {
        name: "runbook",
        may: &["base", "grafana::text_panel", "signal", "incident::board", "incident::Id"],
        never: &[WORLD, SCREEN],
    },
    // The loader reads files and variables; it names the incident for the kinds of mitigations only.
    Layer {
        name: "config",
        may: &["base", "files", "signal", "incident::MitigationKind"],
        never: &[SCREEN, FRONT, &["tokio"]],
    },
    // It names the incident for who began a check only.
    Layer { name: "dashboard", may: &["grafana", "signal", "incident::Id", "config"], never: &[WORLD, SCREEN] },
    Layer {
        name: "app",
        may: &["base", "grafana", "signal", "incident", "runbook", "config", "dashboard"],
        never: &[WORLD, TERMINAL],
    },
    Layer {
        name: "ui",
        may: &["base", "signal", "incident", "runbook", "config", "dashboard::PaneId", "app"],
        never: &[WORLD, TERMINAL],
    },
    Layer {
        name: "source",
        may: &["base", "files", "grafana", "signal", "config", "dashboard"],
        never: &[SCREEN, FRONT],
    },
    Layer { name: "journal", may: &["base", "incident"], never: &[SCREEN, FRONT] },
    Layer { name: "sim", may: &[], never: &[SCREEN, &["clap", "reqwest"]] },
    Layer { name: "failure", may: &["base", "config::load", "journal"], never: &[SCREEN, FRONT] },
    // It is told what to run as data of its own: it knows no command line.
    Layer {
        name: "runtime",
        may: &[
            "base",
            "grafana",
            "signal",
            "incident",
            "runbook",
            "config",
            "dashboard",
            "app",
            "ui",
            "source",
            "journal",
            "sim",
            "failure",
            "files",
        ],
        never: &[FRONT],
    },
    Layer {
        name: "cli",
        may: &[
            "base",
            "grafana",
            "signal",
            "incident",
            "runbook",
            "config",
            "dashboard",
            "app",
            "source",
            "journal",
            "sim",
            "failure",
            "files",
            "runtime",
        ],
        never: &[&["ratatui", "crossterm"]],
    },
];

/// What these may name is narrower still: the data of the configuration, never the reading of it.
const NARROWER: &[(&str, &str)] =
    &[("dashboard", "config::load"), ("app", "config::load"), ("ui", "config::load"), ("source", "config::load")];

/// The library's list of modules, and the program's way into it: they belong to no layer.
const ENTRANCES: &[&str] = &["src/lib.rs", "src/main.rs"];

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
    // Each value of each dashboard spoilt in turn: half a minute, optimised.
    "tests/dashboards/hostile.rs",
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
        let layer = layer_of(&file.name);
        if layer.is_none() && !ENTRANCES.contains(&file.name.as_str()) {
            writeln!(wrong, "{}: in no layer", file.name).expect("written");
        }
        for found in &file.named {
            if let Some(why) = objection(layer, &found.path) {
                writeln!(wrong, "{}:{}: {}: {why}", file.name, found.line, found.path).expect("written");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What nobody makes use of is forbidden: permission is asked for here when it is needed.
#[test]
fn layers_may_import_no_more_than_they_do() {
    let mut wrong = String::new();
    for layer in LAYERS {
        let of_layer: Vec<_> = sources().iter().filter(|file| begins(&file.module, layer.name)).collect();
        if of_layer.is_empty() {
            writeln!(wrong, "`{}` is a layer without a file", layer.name).expect("written");
        }
        let names = |allowed: &str| {
            let is_it = |path: &str| path.strip_prefix("crate::").is_some_and(|path| begins(path, allowed));
            of_layer.iter().any(|file| file.named.iter().any(|named| is_it(&named.path)))
        };
        for unused in layer.may.iter().filter(|allowed| !names(allowed)) {
            writeln!(wrong, "`{}` may import `{unused}` and does not", layer.name).expect("written");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn only_its_row_and_its_client_name_a_kind_of_source() {
    let table = fs::read_to_string(root().join("src/config/kinds.rs")).expect("the table");
    let kinds: Vec<_> = without_tests(&table)
        .lines()
        .filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","))
        // These are words for other things, too.
        .filter(|name| !["http", "command", "grafana"].contains(name))
        .map(|name| format!("\"{name}\""))
        .collect();
    assert!(kinds.len() >= 2, "{kinds:?}");
    let mut wrong = String::new();
    for file in sources().iter().filter(|file| !may_name_kinds(&file.module)) {
        let text = fs::read_to_string(root().join(&file.name)).expect("a file");
        for (at, line) in without_tests(&text).lines().enumerate() {
            if kinds.iter().any(|kind| line.contains(kind)) {
                writeln!(wrong, "{}:{}: {}; ask `Kind` what it can", file.name, at + 1, line.trim()).expect("written");
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
    let long = sources().iter().filter(|file| file.lines > LONGEST);
    let long = long.map(|file| format!("{}: {} lines of code; expected at most {LONGEST}", file.name, file.lines));
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

/// Only its own file says what the application does; everything else is a function over the parts it needs.
#[test]
fn the_application_has_one_impl() {
    let has = |file: &Source| file.name != "src/app.rs" && file.impls.iter().any(|of| last(&of.path) == "App");
    check_none("has an `impl App`", has);
}

/// What it is made of can be told in one breath.
#[test]
fn the_application_has_few_parts() {
    let app = sources().iter().find(|file| file.name == "src/app.rs").expect("the application");
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&app.name)).expect("read");
    let body = text.split_once("pub struct App {\n").and_then(|(_, rest)| rest.split_once("\n}")).expect("its parts").0;
    let parts: Vec<&str> = body.lines().map(str::trim).filter(|line| line.ends_with(',')).collect();
    assert!((5..=8).contains(&parts.len()), "\n{}", parts.join("\n"));
}

/// A file up to its tests, which stand last.
fn without_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..=at])
}

/// That no file does it.
#[track_caller]
fn check_none(what: &str, does: impl Fn(&Source) -> bool) {
    let found: Vec<_> =
        sources().iter().filter(|file| does(file)).map(|file| format!("{}: {what}", file.name)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// The table, the clients, the simulator that plays them, and a first configuration, which is written for what was found
/// on a machine. In a storm `prometheus` is the label that its operator puts on every alert.
fn may_name_kinds(module: &str) -> bool {
    // Grafana has names of its own for what it asks, some of which are the same.
    ["config", "source", "sim", "cli::init", "signal::storm::index", "grafana"].iter().any(|free| begins(module, free))
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Why a layer may not name a path, if it may not; without a layer, nothing of this crate may be named.
fn objection(layer: Option<&Layer>, path: &str) -> Option<String> {
    let ours = path.strip_prefix("crate::");
    let Some(layer) = layer else { return ours.map(|_| "whoever is in no layer imports nothing".to_owned()) };
    let Some(ours) = ours else {
        let banned = layer.never.iter().copied().flatten().find(|banned| begins(path, banned))?;
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

fn layer_of(name: &str) -> Option<&'static Layer> {
    let first = name.strip_prefix("src/")?.split('/').next()?.trim_end_matches(".rs");
    LAYERS.iter().find(|layer| layer.name == first)
}

/// The test that tests: what it reads, and what it objects to.
mod of_the_test {
    use super::*;

    fn read(code: &str) -> Source {
        source::read("x.rs".into(), "ui::pane".into(), code).0
    }

    #[track_caller]
    fn check(code: &str, expected: &[(&str, usize)]) {
        let found = read(code).named;
        let found: Vec<_> = found.iter().map(|named| (named.path.as_str(), named.line)).collect();
        assert_eq!(found, expected, "{code}");
    }

    #[test]
    fn paths_are_found() {
        check("use crate::{a::{B, c}, d};\n", &[("crate::a::B", 1), ("crate::a::c", 1), ("crate::d", 1)]);
        check(
            "use std::{\n    fs,\n    io::{self, Read as _},\n};",
            &[("std::fs", 2), ("std::io", 3), ("std::io::Read", 3)],
        );
        check(
            "fn f() -> crate::source::X {\n let y = tokio::spawn(z); }",
            &[("crate::source::X", 1), ("tokio::spawn", 2)],
        );
        check(
            "use super::super::journal::Log;\nuse super::frame;",
            &[("crate::journal::Log", 1), ("crate::ui::frame", 2)],
        );
        check("use self::a::*;", &[("crate::ui::pane::a", 1)]);
        check(
            "// crate::source\nconst S: &str = \"crate::source::X\"; const C: char = '\"'; type T = crate::app::App;",
            &[("crate::app::App", 2)],
        );
        check("impl<'a> X<'a> {}\nconst R: &str = r#\"tokio::x \" \"#;\ntype T = crate::b::C;", &[("crate::b::C", 3)]);
        check("fn f() { match x { A::B => {} } }", &[("A::B", 1)]);
        check("fn f() { assert!(matches!(x, crate::a::B | C::D)); }", &[("crate::a::B", 1), ("C::D", 1)]);
        check("#[serde(with = \"super::float\")]\nstruct X;", &[("crate::ui::float", 1)]);
        check("/// crate::source::X\nmod x { use super::y; }", &[("crate::ui::pane::y", 2)]);
        check(
            "use crate::a;\n#[cfg(test)]\nmod tests {\n    use crate::source;\n}\nuse crate::b;",
            &[("crate::a", 1), ("crate::b", 6)],
        );
        check("#[cfg(test)]\nuse crate::source::{self, X};\nuse crate::b;", &[("crate::b", 3)]);
    }

    #[test]
    fn what_was_imported_is_known_by_its_whole_path() {
        let code = "use jiff::Timestamp as T;\nfn f() { T::now() }";
        check(code, &[("jiff::Timestamp", 1), ("jiff::Timestamp::now", 2)]);
    }

    #[test]
    fn lines_of_code_are_counted() {
        let lines = |code: &str| read(code).lines;
        assert_eq!(lines("//! a\n\n/// b\nfn f() {\n    // c\n    g();\n}\n"), 3);
        assert_eq!(lines("fn f() {}\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\n"), 1);
        assert_eq!(lines("use a::{\n    b,\n};\n"), 3);
    }

    #[test]
    fn only_tests_are_no_source() {
        let (_, tests) = source::read("x.rs".into(), "ui".into(), "mod a;\n#[cfg(test)]\nmod fixture;\n");
        assert_eq!(tests, ["ui::fixture"]);
    }

    #[test]
    fn whose_methods_are_defined_is_found() {
        let check = |code: &str, expected: &[&str]| {
            let found = read(code).impls;
            assert_eq!(found.iter().map(|of| last(&of.path)).collect::<Vec<_>>(), expected, "{code}");
        };
        check("impl App {}", &["App"]);
        check("impl super::App {}\nimpl<T: Fn() -> App> Other<T> {}", &["App", "Other"]);
        check("impl From<App> for X {}\nimpl Drop for &mut App {}", &["X", "App"]);
        check("impl<T> X<T> where App: Y<T> {}", &["X"]);
    }

    #[test]
    fn whose_business_kinds_of_sources_are() {
        assert!(may_name_kinds("cli::init::probe") && may_name_kinds("config"));
        assert!(!may_name_kinds("cli::check") && !may_name_kinds("cli::initial") && !may_name_kinds("failure"));
    }

    #[track_caller]
    fn check_rule(layer: &str, path: &str, fine: bool) {
        let found = LAYERS.iter().find(|one| one.name == layer).expect("a layer");
        assert_eq!(objection(Some(found), path).is_none(), fine, "{layer}: {path}");
    }

    #[test]
    fn rules_are_kept() {
        check_rule("base", "crate::signal::Data", false);
        check_rule("base", "std::fs::read", false);
        check_rule("signal", "crate::base::text", true);
        check_rule("signal", "crate::incident::Id", false);
        check_rule("signal", "crate::signal::Data", true);
        check_rule("incident", "std::fs::read", false);
        check_rule("incident", "std::fmt", true);
        check_rule("config", "crate::incident::MitigationKind", true);
        check_rule("config", "crate::incident::Board", false);
        check_rule("app", "crate::config::Pane", true);
        check_rule("app", "crate::config::load::parse", false);
        check_rule("app", "ratatui::crossterm::event::KeyEvent", true);
        check_rule("app", "tokio::spawn", false);
        check_rule("ui", "crate::source::Poller", false);
        check_rule("sim", "crate::signal::Data", false);
        check_rule("journal", "crate::app::App", false);
        check_rule("cli", "crate::runtime::Launch", true);
        check_rule("runtime", "crate::cli::Global", false);
        check_rule("failure", "crate::cli::Global", false);
        check_rule("failure", "crate::config::load::ConfigErrors", true);
        check_rule("failure", "crate::config::Plan", false);
        check_rule("incident", "std::io::stdin", false);
        check_rule("ui", "std::io::stdout", false);
        check_rule("ui", "ratatui::crossterm::event::read", false);
        check_rule("app", "ratatui::crossterm::event::poll", false);
        check_rule("app", "jiff::tz::TimeZone::system", false);
        check_rule("runtime", "jiff::tz::TimeZone::system", true);
        assert!(objection(None, "crate::app::App").is_some());
        assert!(objection(None, "stanch::cli::run").is_none());
    }
}
