//! `stanch list`: incidents, newest first.

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{Global, out};
use crate::{
    base::text,
    failure::{Failure, complain},
    incident::Status,
    journal::Listing,
};

/// List incidents, newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch list\n  stanch list --json | jq -r '.[0].id'")]
pub struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One incident in `--json`. A contract: names may be added, never renamed.
#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    status: Status,
    severity: Option<String>,
    drill: bool,
    opened: Option<Timestamp>,
    last: Option<Timestamp>,
    entries: u64,
    unreadable: Option<String>,
    /// As the cockpit says it: nothing may have said that users are hurt. To scripts that is `bleeding` all the same.
    #[serde(skip)]
    status_word: &'static str,
}

/// Prints the incidents.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let home = global.home()?;
    let rows: Vec<_> = home.incidents()?.into_iter().map(Row::from).collect();
    if options.json {
        return out::json(&rows);
    }
    if rows.is_empty() {
        complain(&format!("no incidents in {}; `stanch` starts one", home.path().display()), "");
        return Ok(());
    }
    let head = ["ID", "STATUS", "SEVERITY", "OPENED", "LAST", "ENTRIES", "TITLE"].map(str::to_owned).to_vec();
    let cells: Vec<_> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    out::print(&out::table(&cells))
}

impl From<Listing> for Row {
    fn from(listing: Listing) -> Self {
        let clean = |text: String| text::line(&text).into_owned();
        let summary = listing.summary;
        Self {
            // Of what cannot be read it is not known that nothing hurts.
            status_word: if listing.unreadable.is_none() { summary.status_word() } else { summary.status.word() },
            // A folder may be called anything.
            id: clean(listing.id),
            title: clean(summary.title),
            status: summary.status,
            severity: summary.severity.map(clean),
            drill: summary.drill,
            opened: summary.opened,
            last: listing.last,
            entries: listing.entries,
            unreadable: listing.unreadable.map(clean),
        }
    }
}

impl Row {
    fn cells(&self) -> Vec<String> {
        let time = |at: Option<Timestamp>| match at {
            Some(at) => at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%MZ").to_string(),
            None => "–".into(),
        };
        let mut title = self.title.clone();
        if self.drill {
            title += " (drill)";
        }
        if let Some(why) = &self.unreadable {
            title += &format!(" (unreadable: {why})");
        }
        vec![
            self.id.clone(),
            self.status_word.into(),
            self.severity.clone().unwrap_or_else(|| "–".into()),
            time(self.opened),
            time(self.last),
            self.entries.to_string(),
            title.trim().to_owned(),
        ]
    }
}
