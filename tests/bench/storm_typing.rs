//! Keys while a storm comes in, and what a storm costs.
//!
//! An Alertmanager with prepared answers tells of 20,000 alerts (15.8 MB) every five seconds, others each time; then of
//! more than the cap of 50 MB, so that it is cut off. All the while a note is typed, and the selection goes up and down.
//! Then one answer of 20,000, 50,000 and 100,000 alerts is read by the cockpit's own sources, and the same bytes by reqwest
//! and `serde_json::Value`, each in a process of its own.
//!
//! `cargo bench --bench storm_typing`, three minutes; `-- --seconds 10` for a first look.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark reads clocks and writes files, and may fail"
)]

#[path = "storm_typing/cost.rs"]
mod cost;
#[expect(dead_code, reason = "each benchmark uses its part")]
mod support;
#[path = "storm_typing/typing.rs"]
mod typing;

use std::{error::Error, time::Duration};

use support::{
    alertmanager::Alertmanager,
    options::{is_asked, option},
};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo's own word comes last.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["read", "stanch", url] => return cost::by_stanch(url),
        ["read", "serde", url] => return cost::by_serde(url),
        _ if !is_asked() => return Ok(()),
        _ => {}
    }
    let seconds = Duration::from_secs(option("seconds", 30));
    let server = Alertmanager::start(option("alerts", 20_000));
    println!("{}", typing::table(&server, seconds));
    drop(server);
    println!("{}", cost::table(option("repeat", 5))?);
    Ok(())
}
