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
                        kubectl get pods | stanch note -\n  stanch note 0312 was a drill                  the incident that began at 03:12\n  \
                        stanch note --incident checkout was a drill")]
pub struct Options {
    /// The incident it is for: its ID or a part of it, or `last` [default: the newest unclosed one, else the newest]
    #[arg(long, value_name = "ID")]
    incident: Option<String>,
    /// The note; `-` reads standard input. May have the ID of an incident in front, or the time it began at as the ID has it
    /// (`0312`). Begins with a time (`03:05`) when it happened earlier. A word that begins with `-` is text unless an option
    /// has that name; behind `--` all are
    #[arg(required = true, value_name = "[ID] TEXT")]
    words: Vec<String>,
}

/// Adds it, and says where it went.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let home = global.home()?;
    let mut words = options.words;
    let in_front = if options.incident.is_none() { home.named_in_front(&words[0]) } else { None };
    // A word that was taken for a name is not in the note: it is said.
    let taken = in_front.as_ref().map(|_| words.remove(0));
    let named = in_front.or(options.incident);
    if words.is_empty() {
        let id = taken.unwrap_or_default();
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
    let short = taken.filter(|word| *word != id).map(|word| format!(" (as {word} says)")).unwrap_or_default();
    out::print(&format!("noted in {}{short}{time}\n", text::line(&id)))
}

/// Standard input up to the longest note; more is said to be left out.
fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_NOTE as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Failed(format!("cannot read standard input: {error}")))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.into_owned())
}
