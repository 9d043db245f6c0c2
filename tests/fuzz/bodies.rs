//! What each fuzz target checks, as a function of bytes that panics when something is wrong.
//!
//! The targets in `targets/` hand them what libFuzzer thinks of; `tests/fuzz.rs` runs them over recorded answers, the
//! repository's own files, mutations of those, and whatever broke one of them before.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "what cannot go on has found something")]

#[path = "bodies/config.rs"]
mod config;
#[path = "bodies/decoders.rs"]
mod decoders;
#[path = "bodies/frames.rs"]
mod frames;
#[path = "bodies/journal.rs"]
mod journal;
#[path = "bodies/notes.rs"]
mod notes;
#[path = "bodies/oracle.rs"]
mod oracle;
#[path = "bodies/simulator.rs"]
mod simulator;
#[path = "bodies/typed.rs"]
mod typed;

#[path = "../support/made.rs"]
pub mod made;
#[path = "../support/session.rs"]
pub mod session;

/// A name, and what it does with bytes.
pub type Body = (&'static str, fn(&[u8]));

/// All of them. Each has a target of its name.
pub const ALL: &[Body] = &[
    ("numbers", decoders::numbers),
    ("prometheus_alerts", decoders::prometheus_alerts),
    ("alert_groups", decoders::alert_groups),
    ("log_lines", decoders::log_lines),
    ("frames", frames::frames),
    ("json", decoders::json),
    ("printed", decoders::printed),
    ("jq", decoders::jq),
    ("journal", journal::file),
    ("lines", journal::lines),
    ("config", config::config),
    ("board", config::board),
    ("theme", config::theme),
    ("notes", notes::notes),
    ("import", notes::import),
    ("scrub", typed::scrub),
    ("fields", typed::fields),
    ("paste", typed::paste),
    ("promql", simulator::promql),
    ("session", session::run),
];

/// Runs one by its name.
pub fn run(name: &str, data: &[u8]) {
    let body = ALL.iter().find(|body| body.0 == name).expect("a body of this name");
    (body.1)(data);
}
