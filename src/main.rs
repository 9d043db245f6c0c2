//! Parses, runs, sets the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Filters run in children of this very program; nothing else may happen in those.
    if std::env::args_os().nth(1).is_some_and(|first| first == stanch::source::jq::SUBCOMMAND) {
        return stanch::source::jq_child_main();
    }
    ExitCode::SUCCESS
}
