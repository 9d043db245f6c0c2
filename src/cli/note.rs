//! `stanch note`: adds a note from outside the cockpit; one that is open shows it within a second.

use std::io::Read;

use clap::Args;
use jiff::tz::TimeZone;

use super::{Global, out};
use crate::{
    app::clock,
    base::text,
    failure::{Failure, complain},
    incident::{Draft, Event},
    journal,
};

/// Longest note, in bytes.
const MAX_NOTE: usize = 1_000_000;

/// Add a note to an incident
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch note rolled back to v2.3.0\n  stanch note 03:05 first customer called\n  \
                        kubectl get pods | stanch note -\n  stanch note 2026-11-22-0312-checkout-5xx was a drill")]
pub struct Options {
    /// The note, after the ID of an incident if it is not for the newest unclosed one; `-` reads standard input. Begins
    /// with a time (`03:05`) when it happened earlier. A word that begins with `-` is text unless an option has that name;
    /// behind `--` all are
    #[arg(required = true, value_name = "[ID] TEXT")]
    words: Vec<String>,
}

/// Adds it, and says where it went.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let home = global.home()?;
    let mut words = options.words;
    let named = match home.read(&words[0]) {
        Ok(_) => Some(words.remove(0)),
        Err(_) => None,
    };
    if words.is_empty() {
        let id = named.unwrap_or_default();
        return Err(Failure::Usage(format!("no text after the incident {id}; expected `stanch note {id} TEXT`")));
    }
    let id = global.id(named)?;
    let now = global.now();
    let (when, text) = match words.as_slice() {
        [one] if one == "-" => (None, standard_input()?),
        words => {
            let text = words.join(" ");
            let zone = if global.utc() { TimeZone::UTC } else { TimeZone::system() };
            clock::split_backdate(&text, now, &zone)
        }
    };
    let text = text::block(&text::with_line_feeds(&text), MAX_NOTE).trim().to_owned();
    if text.is_empty() {
        return Err(Failure::Failed("the note is empty; nothing was written".into()));
    }
    let draft = Draft { id: journal::ids().next(now), event: Event::Noted { text, when } };
    let mut journal = home.open(&id)?;
    journal.record(&global.author(), &[draft], now)?;
    for warning in journal.take_warnings() {
        complain(&format!("{id}: {warning}"), "warning: ");
    }
    if let Some(spilled) = journal.spilled() {
        let (path, why) = (spilled.path.display(), spilled.why);
        complain(&format!("{id}: the journal is not written: {why}; the note is kept in {path}"), "warning: ");
    } else {
        let unsure = |error| Failure::Failed(format!("the note is written, but it may not be on disk: {error}"));
        journal.sync().map_err(unsure)?;
    }
    let time = when.map(|when| format!(" as of {}", when.strftime("%Y-%m-%d %H:%MZ"))).unwrap_or_default();
    out::print(&format!("noted in {}{time}\n", text::line(&id)))
}

/// Standard input up to the longest note; more is said to be left out.
fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_NOTE as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Failed(format!("cannot read standard input: {error}")))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.into_owned())
}
