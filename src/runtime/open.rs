//! Opens the incident a cockpit is about, with its journal; starts one where there is none to take up.
#![expect(clippy::disallowed_methods, reason = "an incident begins now")]

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Which;
use crate::{
    base::{human_time, text},
    failure::Failure,
    incident::{Incident, Status},
    journal::{Home, Journal, Listing, Warning},
};

/// An incident that was opened.
#[derive(Debug)]
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
        let journal = home.create(&title, false, author, now)?;
        let said = format!("{}: a new incident", journal.id());
        opened(journal, false, &said)
    };
    match which {
        Which::Id(id) => opened(home.open(id)?, read_only, &format!("{id}: opened as asked")),
        Which::New(title) => new(title.as_deref()),
        Which::Resume => match home.resumable(now)? {
            Some(listing) => opened(home.open(&listing.id)?, read_only, &resumed(&listing, now, read_only)),
            None if read_only => match home.newest()? {
                Some(Listing { id, .. }) => opened(home.open(&id)?, true, &format!("{id}: the newest one")),
                None => Err(Failure::Failed("no incident to read yet; `stanch` starts one".into())),
            },
            None => new(None),
        },
    }
}

/// Starts an exercise.
pub fn drill(home: &Home, title: &str, author: &str) -> Result<Opened, Failure> {
    let journal = home.create(title, true, author, Timestamp::now())?;
    let said = format!("{}: a simulated outage", journal.id());
    opened(journal, false, &said)
}

/// Whoever is paged anew may not know that an earlier incident is still open.
fn resumed(listing: &Listing, now: Timestamp, read_only: bool) -> String {
    let Listing { id, summary, last, .. } = listing;
    let begun = summary.opened.or(*last).unwrap_or(now);
    let age = human_time::long(human_time::between(begun, now));
    let status = if summary.status == Status::Stanched { ", stanched" } else { "" };
    let new = if read_only { "" } else { " · :new begins a new one" };
    format!("resumed {id}{status}, {age} old{new}")
}

fn opened(mut journal: Journal, read_only: bool, said: &str) -> Result<Opened, Failure> {
    let incident = Incident::replay(journal.take_entries());
    let warnings: Vec<String> = journal.take_warnings().iter().map(Warning::to_string).collect();
    let id = journal.id().to_owned();
    let beyond = incident.beyond_in_words();
    let said = match warnings.first().or(beyond.as_ref()) {
        None => said.to_owned(),
        Some(first) => format!("{id}: {first}"),
    };
    let folder = journal.path().parent().map(Path::to_owned).unwrap_or_default();
    Ok(Opened { id, incident, journal, folder, read_only, said })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::Summary;

    #[test]
    fn what_was_resumed_says_how_old_it_is_and_how_to_begin_another() {
        let now: Timestamp = "2026-11-22T06:20:00Z".parse().expect("a time");
        let listing = |status| {
            let mut summary = Summary::default();
            summary.status = status;
            summary.opened = "2026-11-22T03:12:00Z".parse().ok();
            Listing { id: "2026-11-22-0312-checkout-5xx".into(), summary, ..Listing::default() }
        };
        let said = resumed(&listing(Status::Bleeding), now, false);
        assert_eq!(said, "resumed 2026-11-22-0312-checkout-5xx, 3 h old · :new begins a new one");
        let said = resumed(&listing(Status::Stanched), now, true);
        assert_eq!(said, "resumed 2026-11-22-0312-checkout-5xx, stanched, 3 h old");
    }
}
