//! Parses the command line, runs it, and sets the exit code.

use std::process::ExitCode;

use stanch::cli::{self, Cli};

fn main() -> ExitCode {
    if let Some(code) = cli::child() {
        return code;
    }
    match Cli::of_this_process().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
