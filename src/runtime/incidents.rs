//! The other incidents of the data folder, for whoever leaves the one that is open.

use super::{
    launch::Which,
    open::{self, Opened},
};
use crate::{
    app::{IncidentRow, OtherIncident},
    base::text,
    failure::Failure,
    journal::{Home, Listing},
};

/// Where the other incidents are, and how one is opened.
#[derive(Clone)]
pub struct Incidents {
    /// The data folder.
    pub home: Home,
    /// What a new one is called when nobody says it.
    pub title: String,
    /// Who writes.
    pub author: String,
    /// Whether nothing may be written.
    pub read_only: bool,
}

impl Incidents {
    /// All there are, newest first. The error is a line.
    pub fn list(&self) -> Result<Vec<IncidentRow>, String> {
        let listings = self.home.incidents().map_err(|error| text::line(&error.to_string()).into_owned())?;
        Ok(listings.into_iter().map(row).collect())
    }

    /// Opens the one that is meant, unless it is `current`. The error is a line.
    pub fn open(&self, wanted: OtherIncident, current: &str) -> Result<Opened, String> {
        let Self { home, title, author, read_only } = self;
        let which = match wanted {
            OtherIncident::New(title) => Which::New(Some(title).filter(|title| !title.is_empty())),
            OtherIncident::Named(name) => {
                let id = home.named(&name).map_err(|error| in_words(error.into()))?;
                if id == current {
                    return Err("that is the incident that is open".into());
                }
                Which::Id(id)
            }
        };
        let opened = open::incident(home, &which, title, author, *read_only).map_err(in_words)?;
        match opened.incident.summary.drill {
            true => Err(format!("{} was a simulation; `stanch log` and `stanch export` tell it", opened.id)),
            false => Ok(opened),
        }
    }
}

fn row(listing: Listing) -> IncidentRow {
    let clean = |text: String| text::line(&text).into_owned();
    let summary = listing.summary;
    IncidentRow {
        status: if listing.unreadable.is_none() { summary.status_word() } else { summary.status.word() },
        // A folder may be called anything.
        id: clean(listing.id),
        title: clean(summary.title),
        severity: summary.severity.map(clean),
        drill: summary.drill,
        opened: summary.opened,
        last: listing.last,
        unreadable: listing.unreadable.map(clean),
    }
}

/// Why it failed, in a line.
pub fn in_words(failure: Failure) -> String {
    match failure {
        Failure::Failed(message) | Failure::Mistakes(message) | Failure::Usage(message) => {
            text::line(&message).into_owned()
        }
        Failure::Config(_) | Failure::Said => "it cannot be opened".into(),
    }
}
