//! The error of the program as a whole: why what was asked for was not done, in words for standard error, with the exit
//! code that goes with it. Every command and every screen ends with one, whatever layer it failed in; the layers below
//! have errors of their own and know nothing of exit codes.

use std::process::ExitCode;

use crate::{base::text, config::load::ConfigErrors, journal::JournalError};

/// Why a command did not do what was asked for.
#[derive(Debug)]
pub enum Failure {
    /// It was tried and failed; what, where, and what to do about it. Exit code 1.
    Failed(String),
    /// It failed, and standard output has said so already. Exit code 1.
    Said,
    /// The command line makes no sense. Exit code 2.
    Usage(String),
    /// The configuration cannot be used. Exit code 2.
    Config(ConfigErrors),
    /// Another file a person wrote cannot be used; its mistakes, one a line. Exit code 2.
    Mistakes(String),
}

impl Failure {
    /// Says on standard error what went wrong, and answers the exit code.
    pub fn report(self) -> ExitCode {
        match &self {
            Self::Failed(message) => complain(message, "error: "),
            Self::Usage(message) => {
                complain(message, "error: ");
                complain("for more, try `stanch --help`", "");
            }
            Self::Config(errors) => errors.0.iter().for_each(|finding| complain(&finding.to_string(), "")),
            Self::Mistakes(mistakes) => complain(&first_few(mistakes), ""),
            Self::Said => {}
        }
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Failed(_) | Self::Said => 1,
            Self::Usage(_) | Self::Config(_) | Self::Mistakes(_) => 2,
        }
    }
}

/// The first mistakes, and how many more there are: those behind mostly follow from them.
fn first_few(mistakes: &str) -> String {
    const TOLD: usize = 20;
    let mut told: Vec<&str> = mistakes.lines().take(TOLD).collect();
    let more = format!("and {} more", mistakes.lines().count().saturating_sub(TOLD));
    if mistakes.lines().nth(TOLD).is_some() {
        told.push(&more);
    }
    told.join("\n")
}

/// One line on standard error. A closed one is nobody's problem any more.
pub fn complain(message: &str, before: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{before}{}", text::block(message, 64 * 1024));
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        Self::Config(errors)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        let advice = match &error {
            JournalError::NotFound { .. } => "; `stanch list` shows those there are",
            JournalError::Busy { .. } => "; try again",
            _ => "",
        };
        Self::Failed(format!("{error}{advice}"))
    }
}
