//! Parses the command line, runs it, and sets the exit code.

use std::{env, process::ExitCode};

use clap::Parser;
use stanch::{cli::Cli, sim, source};

fn main() -> ExitCode {
    // Filters, and what the demo's mitigations do, run in children of this very program; nothing else happens in those.
    match env::args().nth(1).as_deref() {
        Some(source::jq::SUBCOMMAND) => return source::jq_child_main(),
        Some(sim::SUBCOMMAND) => return sim::act_main(env::args().skip(2)),
        _ => {}
    }
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
