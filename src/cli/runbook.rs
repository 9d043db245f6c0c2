//! `stanch runbook`: which runbook an alert gets, and what is wrong with those there are.

mod check;
mod matching;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Global;
use crate::{
    config::{Config, RunbookFolder},
    failure::Failure,
};

/// Find the runbook of an alert, and what is wrong with runbooks
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch runbook match alerts.json --runbooks ops/runbooks\n  \
                        stanch runbook match alerts.json --json | jq '.[] | select(.file == null)'\n  \
                        stanch runbook check\n\n\
                        Runbooks are Markdown files, in the folders that `runbooks` names in the configuration. An alert's runbook is \
                        the file that its runbook_url ends in, or that has its name, as a file, a title or a heading, or \
                        whose front matter names it (alerts: [DiskFull, 'alertname=~\"Disk.*\"']).")]
pub struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Match(matching::Options),
    Check(check::Options),
}

/// Does what was asked for.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    match options.command {
        Command::Match(options) => matching::run(global, options),
        Command::Check(options) => check::run(global, options),
    }
}

/// The folders that are given, else those of the configuration.
fn folders(given: Vec<PathBuf>, config: &Config) -> Result<Vec<RunbookFolder>, Failure> {
    let given: Vec<_> = given.into_iter().map(|path| RunbookFolder { path, url: None }).collect();
    if !given.is_empty() {
        return Ok(given);
    }
    if config.runbooks.is_empty() {
        let file = config
            .file
            .as_ref()
            .map_or_else(|| "there is no configuration".into(), |file| format!("{} names none", file.display()));
        let advice = "name their folder with --runbooks DIR, or as runbooks = [\"DIR\"] at the top of stanch.toml";
        return Err(Failure::Usage(format!("no folder of runbooks: {file}; {advice}")));
    }
    Ok(config.runbooks.clone())
}
