//! The command line: what can be asked for, and which file does it.
//!
//! Results go to standard output, errors to standard error. Exit codes: 0 done, 1 what was asked for failed, 2 usage or
//! configuration. A command reads the configuration only if it needs it, so that a mistake in it never keeps anyone from
//! their notes.

mod asking;
pub mod check;
pub mod cockpit;
pub mod completions;
pub mod dashboard;
mod dashboard_argument;
pub mod demo;
pub mod export;
pub mod fishy;
mod free_text;
pub mod global;
pub mod help;
pub mod init;
pub mod list;
pub mod log;
pub mod man;
pub mod note;
pub mod out;
pub mod rank;
pub mod runbook;
pub mod snapshot;

use std::{env, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};
pub use global::Global;

use crate::{
    failure::Failure,
    runtime::{core_dumps, file_sizes},
    sim, source,
};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "stanch",
    version,
    about = "A terminal cockpit for the one who answers the page",
    long_about = "A terminal cockpit for the one who answers the page.\n\nIt polls the team's dashboards and alerts into \
                  panes, holds a board of hypotheses and the symptoms each one explains, says what to do next, and \
                  leaves notes that paste into the postmortem. Without a command it opens the cockpit.",
    after_help = EXAMPLES,
    override_usage = "stanch [OPTIONS]\n       stanch [OPTIONS] <COMMAND>",
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    cockpit: cockpit::Options,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  stanch demo                          try it: a simulated outage, no set-up, no network
  stanch init                          write a stanch.toml for the servers found here
  stanch check                         ask every source once
  stanch                               take up the incident at hand, or start one
  stanch --title 'checkout 5xx'        start one of this name
  kubectl get pods | stanch note -     put what a command prints into the open cockpit
  stanch export -o -                   print the notes";

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Options),
    Init(init::Options),
    Check(check::Options),
    Dashboard(dashboard::Options),
    Snapshot(snapshot::Options),
    List(list::Options),
    Note(note::Options),
    Log(log::Options),
    Export(export::Options),
    Rank(rank::Options),
    Runbook(runbook::Options),
    Fishy(fishy::Options),
    Completions(completions::Options),
    Help(help::Options),
    Man(man::Options),
}

/// Runs this process as one of the program's own children, if it was started as one, and answers its exit code. Such a
/// child does one thing and reads neither configuration nor journal.
pub fn child() -> Option<ExitCode> {
    let mut args = env::args_os().skip(1);
    match args.next()?.to_str()? {
        source::jq::SUBCOMMAND => Some(source::jq_child_main()),
        "__sim-act" => Some(sim::act_main(args.map(|arg| arg.to_string_lossy().into_owned()))),
        _ => None,
    }
}

impl Cli {
    /// What this process was asked for. Ends the process where that cannot be understood, or is a word of help.
    pub fn of_this_process() -> Self {
        Self::parse_from(free_text::arguments(&Self::command(), env::args_os()))
    }

    /// Does what was asked for.
    pub fn run(self) -> Result<(), Failure> {
        // Whatever is done may need a secret.
        core_dumps::forbid();
        file_sizes::outlive_the_limit();
        let Self { global, cockpit, command } = self;
        let Some(command) = command else { return cockpit::run(&global, cockpit) };
        if let Some(flag) = cockpit.first_given() {
            let message = match flag {
                "--incident" => {
                    "`--incident` in front of a command opens the cockpit; write the incident behind it".into()
                }
                flag => format!("`{flag}` opens the cockpit; it does not go with a command"),
            };
            return Err(Failure::Usage(message));
        }
        match command {
            Command::Demo(options) => demo::run(&global, options),
            Command::Init(options) => init::run(&global, options),
            Command::Check(options) => check::run(&global, options),
            Command::Dashboard(options) => dashboard::run(&global, options),
            Command::Snapshot(options) => snapshot::run(&global, options),
            Command::List(options) => list::run(&global, options),
            Command::Note(options) => note::run(&global, options),
            Command::Log(options) => log::run(&global, options),
            Command::Export(options) => export::run(&global, options),
            Command::Rank(options) => rank::run(&global, options),
            Command::Runbook(options) => runbook::run(&global, options),
            Command::Fishy(options) => fishy::run(options),
            Command::Completions(options) => completions::run(options),
            Command::Help(options) => help::run(options),
            Command::Man(options) => man::run(options),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }
}
