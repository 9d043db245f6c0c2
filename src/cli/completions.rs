//! `stanch completions SHELL`: a script that completes the command line, made of its own description.

use clap::{Args, CommandFactory};

use super::{Cli, out};
use crate::failure::Failure;

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch completions bash > ~/.local/share/bash-completion/completions/stanch\n  \
                        stanch completions fish > ~/.config/fish/completions/stanch.fish\n  \
                        stanch completions zsh > ~/.zfunc/_stanch")]
pub struct Options {
    /// The shell
    shell: clap_complete::Shell,
}

/// Prints the script.
pub fn run(options: Options) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "stanch", &mut bytes);
    out::bytes(&bytes)
}
