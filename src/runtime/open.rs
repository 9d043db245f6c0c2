//! Opens the incident a cockpit is about, with its journal; starts one where there is none to take up.
#![expect(clippy::disallowed_methods, reason = "an incident begins now")]

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Which;
use crate::{
    base::text,
    failure::Failure,
    incident::Incident,
    journal::{Home, Journal, Warning},
};

/// An incident that was opened.
pub struct Opened {
    /// Its name in the data folder.
    pub id: String,
    /// The incident as its journal had it.
    pub incident: Incident,
    /// Its journal; read-only cockpits have one too, to follow what others write.
    pub journal: Journal,
    /// The folder of that journal.
    pub folder: PathBuf,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// The id and why it is this one, or the journal's first warning; said on the screen.
    pub said: String,
}

/// Opens the incident that is meant, or starts one; of this `title` unless it was asked for by another.
pub fn incident(home: &Home, which: &Which, title: &str, author: &str, read_only: bool) -> Result<Opened, Failure> {
    let now = Timestamp::now();
    let new = |asked: Option<&str>| -> Result<Opened, Failure> {
        // It may come from an alert by way of a script.
        let title = text::line(asked.unwrap_or(title));
        opened(home.create(&title, false, author, now)?, false, "a new incident")
    };
    match which {
        Which::Id(id) => opened(home.open(id)?, read_only, "opened as asked"),
        Which::New(title) => new(title.as_deref()),
        Which::Resume => match home.resumable(now)? {
            Some(listing) => opened(home.open(&listing.id)?, read_only, "resumed: not closed, under 4 h old"),
            None if read_only => match home.newest()? {
                Some(listing) => opened(home.open(&listing.id)?, true, "the newest one"),
                None => Err(Failure::Failed("no incident to read yet; `stanch` starts one".into())),
            },
            None => new(None),
        },
    }
}

/// Starts an exercise.
pub fn drill(home: &Home, title: &str, author: &str) -> Result<Opened, Failure> {
    opened(home.create(title, true, author, Timestamp::now())?, false, "a simulated outage")
}

fn opened(mut journal: Journal, read_only: bool, why: &str) -> Result<Opened, Failure> {
    let incident = Incident::replay(journal.take_entries());
    let warnings: Vec<String> = journal.take_warnings().iter().map(Warning::to_string).collect();
    let id = journal.id().to_owned();
    let said = match warnings.as_slice() {
        [] => format!("{id}: {why}"),
        [first, ..] => format!("{id}: {first}"),
    };
    let folder = journal.path().parent().map(Path::to_owned).unwrap_or_default();
    Ok(Opened { id, incident, journal, folder, read_only, said })
}
