//! `stanch note`: adds a note from outside the cockpit; one that is open shows it within a second.

use std::io::Read;

use clap::Args;
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use super::{Global, out};
use crate::{
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
    /// with a time (`03:05`) when it happened earlier
    #[arg(required = true, value_name = "[ID] TEXT", allow_negative_numbers = true)]
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
            match backdated(&text, now, zone) {
                Some((when, rest)) => (Some(when), rest.to_owned()),
                None => (None, text),
            }
        }
    };
    let text = text::block(&text, MAX_NOTE).trim().to_owned();
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

/// `03:05 text`: the last time it was 03:05, and the text.
fn backdated(text: &str, now: Timestamp, zone: TimeZone) -> Option<(Timestamp, &str)> {
    let (clock, rest) = text.trim_start().split_once(char::is_whitespace)?;
    let (hours, minutes) = clock.split_once(':')?;
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) || minutes.len() != 2 || rest.trim().is_empty() {
        return None;
    }
    let time = civil::Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()?;
    let today = now.to_zoned(zone.clone()).date();
    let at = |date: civil::Date| date.to_datetime(time).to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    // A clock that is a minute ahead is no reason to mean yesterday.
    let soon = now.checked_add(SignedDuration::from_mins(5)).ok()?;
    let when = at(today).filter(|when| *when <= soon).or_else(|| at(today.yesterday().ok()?))?;
    Some((when.min(now), rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let now = "2026-11-22T03:14:00Z".parse().expect("a time");
        let found = backdated(text, now, TimeZone::UTC).map(|(when, rest)| (when.to_string(), rest));
        assert_eq!(found, expected.map(|(when, rest)| (when.to_owned(), rest)));
    }

    #[test]
    fn a_time_in_front_backdates() {
        check("03:05 first customer called", Some(("2026-11-22T03:05:00Z", "first customer called")));
        check("3:05 x", Some(("2026-11-22T03:05:00Z", "x")));
        check("23:50 disk full", Some(("2026-11-21T23:50:00Z", "disk full")));
        check("03:15 clock ahead", Some(("2026-11-22T03:14:00Z", "clock ahead")));
        check("99:99 bottles", None);
        check("3:5 odds", None);
        check("03:05", None);
        check("p99 at 03:05", None);
    }
}
