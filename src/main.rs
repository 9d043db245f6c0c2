//! Parses the command line, runs it, and sets the exit code.

use std::process::ExitCode;

use clap::Parser;
use stanch::{cli::Cli, source::jq};

fn main() -> ExitCode {
    // Filters run in children of this very program; nothing else may happen in those.
    if std::env::args_os().nth(1).is_some_and(|first| first == jq::SUBCOMMAND) {
        return stanch::source::jq_child_main();
    }
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
