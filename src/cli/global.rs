//! Options every command has, and what follows from them: the configuration, the data folder, the log, the author.
#![expect(clippy::disallowed_methods, reason = "a command reads the clock and the environment once, here")]

use std::{env, path::PathBuf};

use clap::Args;
use jiff::Timestamp;

use crate::{
    config::{Config, load},
    failure::{Failure, complain},
    incident::Incident,
    journal::{self, Contents, Home, JournalError},
    runtime::log_file::Log,
    source::memory,
};

/// Options that may stand before or after a command.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The configuration [default: $STANCH_CONFIG, ./stanch.toml, or stanch/stanch.toml in the configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder incidents are kept in [default: $STANCH_DATA, or stanch in the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Write what the cockpit does to a log, for bug reports; it holds no secrets [default: $STANCH_LOG, else none]
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Who writes; user@host unless said
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub author: Option<String>,
}

impl Global {
    /// The configuration. Warnings go to standard error.
    pub fn config(&self) -> Result<Config, Failure> {
        let (config, warnings) = load::load(self.config.as_deref())?;
        for warning in warnings {
            complain(&warning.to_string(), "");
        }
        memory::limit(config.max_memory);
        Ok(config)
    }

    /// The file the log goes to, if there is to be one.
    pub fn log_file(&self) -> Option<PathBuf> {
        let named = || env::var_os("STANCH_LOG").filter(|path| !path.is_empty()).map(PathBuf::from);
        self.log.clone().or_else(named)
    }

    /// The log, if there is to be one. One that cannot be written keeps a cockpit from starting, nothing else.
    pub fn log(&self) -> Result<Log, Failure> {
        let Some(path) = self.log_file() else { return Ok(Log::default()) };
        let by = if self.log.is_some() {
            "name another with --log, or leave it out"
        } else {
            "set STANCH_LOG to another, or to nothing"
        };
        Log::open(&path).map_err(|error| Failure::Usage(format!("{error}; {by}")))
    }

    /// Whether times are meant in UTC. A configuration that cannot be used does not keep anyone from their notes.
    pub fn utc(&self) -> bool {
        load::load(self.config.as_deref()).map_or_else(|_| Config::default().utc, |(config, _)| config.utc)
    }

    /// The folder incidents are kept in, which need not exist yet.
    pub fn home(&self) -> Result<Home, JournalError> {
        self.data.clone().map_or_else(Home::default_path, Ok).map(Home::at)
    }

    /// The name that entries are written under.
    pub fn author(&self) -> String {
        journal::author(self.author.as_deref())
    }

    /// The present; commands read the clock here and nowhere else.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// The id that is meant: the one given, in full or in short, else the newest unclosed incident, else the newest.
    pub fn id(&self, given: Option<String>) -> Result<String, Failure> {
        let home = self.home()?;
        if let Some(id) = given {
            return Ok(home.named(&id)?);
        }
        let newest = home.newest()?.map(|listing| listing.id);
        newest.ok_or_else(|| Failure::Failed(format!("no incidents in {}; `stanch` starts one", home.path().display())))
    }

    /// The journal of [`id`](Self::id). What is wrong with it goes to standard error.
    pub fn journal(&self, given: Option<String>) -> Result<Contents, Failure> {
        let contents = self.home()?.read(&self.id(given)?)?;
        for warning in &contents.warnings {
            complain(&format!("{}: {warning}", contents.id), "warning: ");
        }
        Ok(contents)
    }

    /// The incident of [`id`](Self::id), replayed, and its id.
    pub fn incident(&self, given: Option<String>) -> Result<(String, Incident), Failure> {
        let contents = self.journal(given)?;
        let incident = Incident::replay(contents.entries);
        if let Some(beyond) = incident.beyond_in_words() {
            complain(&format!("{}: {beyond}", contents.id), "warning: ");
        }
        Ok((contents.id, incident))
    }
}
