//! The cockpit beside what it is measured against, each in a terminal of 200×60, in turns.
//!
//! - `bare`: the least a ratatui program costs, a screen of text and a number that a key changes;
//! - `naive`: twenty charts of one Prometheus on tokio and reqwest, everything at once, every frame drawn anew;
//! - `ideal`: the same twenty charts and nothing else, drawn once an answer and copied;
//! - `stanch`: the cockpit with the same twenty charts.
//!
//! The Prometheus is a thread of this program with prepared answers. What is measured, and how:
//!
//! - first paint: from starting the program to the piece of output after which all known words are on the screen;
//! - all panes filled: the same, until each chart has a curve;
//! - key: from writing `Tab` at a random moment to the last byte of the frame that shows the new focus, all rounds together;
//! - CPU a key: processor time while keys are typed, by keys, without what the program takes when nobody types;
//! - idle: nobody types; processor time of all threads and children, times a thread slept, frames written;
//! - flood, of the cockpit alone: twenty answers of 0.75 MB every second, while keys are typed.
//!
//! `cargo bench --bench compare`, about ten minutes; `-- --rounds 1 --idle 5 --keys 40` for a first look. Another machine or
//! a busy one gives other numbers; the columns beside each other stay comparable. `-- program ideal URL` is how it starts
//! the others, and how one can look at them.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark reads clocks and writes files, and may fail"
)]

#[path = "compare/bare.rs"]
mod bare;
#[path = "compare/ideal.rs"]
mod ideal;
#[path = "compare/measure.rs"]
mod measure;
#[path = "compare/naive.rs"]
mod naive;
#[path = "compare/report.rs"]
mod report;
#[expect(dead_code, reason = "each benchmark uses its part")]
mod support;

use std::{error::Error, time::Duration};

use measure::{Plan, Program};
use support::{
    options::{is_asked, option},
    prometheus,
};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo's own word comes last.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["program", "bare", ..] => return Ok(bare::start()?),
        ["program", "ideal", url, ..] => return ideal::start(url),
        ["program", "naive", url, ..] => return naive::start(url),
        _ if !is_asked() => return Ok(()),
        _ => {}
    }
    let plan = Plan {
        url: prometheus::start(),
        starts: option("starts", 3),
        idle: Duration::from_secs(option("idle", 15)),
        keys: option("keys", 100),
    };
    let rounds: usize = option("rounds", 5);
    let mut all = report::Measured::default();
    for round in 1..=rounds {
        for program in Program::ALL {
            eprintln!("round {round} of {rounds}: {}", program.name());
            all.add(program, measure::round(program, &plan));
        }
        eprintln!("round {round} of {rounds}: a flood");
        all.add(Program::Stanch, measure::flood(&plan));
    }
    print!("{}", report::table(&all));
    Ok(())
}
