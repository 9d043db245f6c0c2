//! The fuzz targets' bodies as plain tests: over recorded answers and the repository's own files, over mutations of
//! those, and over whatever broke one of them before (`tests/fuzz/crashes/NAME/`).
//!
//! To run a target for real: `cargo +nightly fuzz run --fuzz-dir tests/fuzz --sanitizer none NAME`. With more mutations:
//! `PROPTEST_CASES=5000 cargo test --test fuzz NAME`.
#![expect(clippy::disallowed_methods, reason = "seeds are files")]

#[path = "fuzz/bodies.rs"]
mod bodies;
#[path = "fuzz/seeds.rs"]
mod seeds;

use std::{fs, panic};

use proptest::{prelude::*, test_runner::TestRunner};

/// Runs a body over its seeds, mutations of them, and the inputs that broke it once.
#[track_caller]
fn check(name: &str, cases: u32) {
    let seeds = seeds::of(name);
    assert!(!seeds.is_empty(), "{name} has no seeds");
    for (from, seed) in &seeds {
        told(name, from, seed);
    }
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    // As `PROPTEST_CASES` has it, if that is set.
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(config.cases);
    let mutated = (0..seeds.len(), prop::collection::vec(change(), 0..8));
    let outcome = TestRunner::new(ProptestConfig { cases, ..config }).run(&mutated, |(at, changes)| {
        let mut bytes = seeds[at].1.clone();
        changes.into_iter().for_each(|change| change.apply(&mut bytes));
        told(name, "a mutation", &bytes);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{name}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is pressed, comes in, fails and is written by others: see `support/session.rs` for what then holds.
    #[test]
    fn any_night_ends_well(steps in prop::collection::vec(any::<[u8; 5]>(), 0..120)) {
        told("session", "a night", &steps.concat());
    }
}

/// Runs a body; what breaks it is printed so that it can be kept in `tests/fuzz/crashes`.
#[track_caller]
fn told(name: &str, from: &str, bytes: &[u8]) {
    if let Err(error) = panic::catch_unwind(|| bodies::run(name, bytes)) {
        let kept = std::env::temp_dir().join(format!("stanch-fuzz-{name}"));
        let _written = fs::write(&kept, bytes);
        eprintln!("{name} broke on {from}; the bytes are in {}", kept.display());
        panic::resume_unwind(error);
    }
}

/// One change to some bytes.
#[derive(Clone, Debug)]
enum Change {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index, u8),
    Double(prop::sample::Index, u8),
    Insert(prop::sample::Index, &'static str),
    Random(Vec<u8>),
}

/// What decoders, terminals and markup take badly.
const PIECES: &[&str] = &[
    "\u{1b}]52;c;x\u{7}",
    "\u{202e}",
    "\\u001b[2J",
    "\\ud800",
    "null",
    "-1",
    "1e999",
    "9999999999999999999",
    "[[[[[[[[",
    "{\"a\":{\"a\":",
    "\"\"",
    "\0",
    "]](<b>`|",
    "\r\n",
];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (at(), any::<u8>()).prop_map(|(at, length)| Change::Cut(at, length)),
        (at(), any::<u8>()).prop_map(|(at, length)| Change::Double(at, length)),
        (at(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Change::Random),
    ]
}

impl Change {
    fn apply(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Random(random) => *bytes = random,
            _ if bytes.is_empty() => {}
            Self::Set(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            Self::Cut(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + usize::from(length)).min(bytes.len()));
            }
            Self::Double(at, length) => {
                let at = at.index(bytes.len());
                let part = bytes[at..(at + usize::from(length)).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
            Self::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
}

/// A test for each body.
macro_rules! bodies {
    ($($name:ident: $cases:expr,)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), $cases);
        })*

        #[test]
        fn each_body_has_a_test_and_a_target() {
            let tests = [$(stringify!($name)),*];
            let targets = fs::read_to_string(seeds::root().join("tests/fuzz/Cargo.toml")).expect("the package");
            for (name, _) in bodies::ALL {
                assert!(tests.contains(name), "{name} has no test");
                assert!(targets.contains(&format!("path = \"targets/{name}.rs\"")), "{name} has no target");
            }
            assert_eq!(tests.len(), bodies::ALL.len());
        }
    };
}

bodies! {
    numbers: 200,
    prometheus_alerts: 200,
    alert_groups: 200,
    log_lines: 150,
    frames: 150,
    json: 150,
    printed: 150,
    jq: 20,
    journal: 100,
    lines: 60,
    config: 60,
    board: 60,
    theme: 100,
    notes: 40,
    import: 40,
    scrub: 300,
    fields: 200,
    paste: 15,
    promql: 60,
    session: 24,
}
