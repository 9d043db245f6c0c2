//! The recovery file: entries that could not be written to the journal, kept beside the notes, so that nothing a person
//! typed is lost with the terminal it was typed in. Nothing reads it back; a person does.

use std::{env, path::Path};

use serde::Serialize;

use super::shutdown::Watchdog;
use crate::{
    app::App,
    files::{self, FileError},
    incident::{Draft, Event, Id},
};

/// A line of the file: an entry of the journal without its number.
#[derive(Serialize)]
struct Line<'a> {
    id: Id,
    at: jiff::Timestamp,
    by: &'a str,
    event: &'a Event,
}

/// Writes what is not in the journal to `<id>-unwritten.jsonl`, never over another file, readable by its owner alone as the
/// journal is. Answers what the person has to
/// be told of it; `None` when all is in the journal.
pub fn keep(app: &App, watchdog: &Watchdog) -> Option<String> {
    let drafts: Vec<&Draft> = app.outbox.unwritten().collect();
    if drafts.is_empty() {
        return None;
    }
    let line = |draft: &&Draft| {
        let line = Line { id: draft.id, at: app.session.now, by: &app.session.author, event: &draft.event };
        serde_json::to_string(&line).unwrap_or_default() + "\n"
    };
    let text: String = drafts.iter().map(line).collect();
    let trouble = app.outbox.trouble().unwrap_or("it could not be written");
    let count = match drafts.len() {
        1 => "1 entry is".to_owned(),
        n => format!("{n} entries are"),
    };
    let (folder, id) = (app.session.config.notes.clone().unwrap_or_default(), app.session.id.clone());
    let whole = text.clone();
    let kept = match watchdog.write(move || write(&folder, &id, &whole)) {
        Some(Ok(place)) => format!("kept in {place}"),
        Some(Err(error)) => format!("nor could a file be: {error}\n{text}"),
        None => format!("nor in a file, which takes too long\n{text}"),
    };
    Some(format!("{count} not in the journal ({trouble}); {kept}"))
}

/// Beside the notes, else where temporary files go: the disk of the notes may be the full one.
fn write(folder: &Path, id: &str, text: &str) -> Result<String, FileError> {
    let name = format!("{id}-unwritten");
    let written = files::private_beside(folder, &name, "jsonl", text)
        .or_else(|error| files::private_beside(&env::temp_dir(), &name, "jsonl", text).map_err(|_| error))?;
    Ok(written.display().to_string())
}

/// What is to be said of a journal that has not taken everything where it belongs.
pub fn troubles(app: &App) -> Vec<String> {
    let spilled = app.outbox.spilled.as_ref();
    let spilled =
        spilled.map(|spilled| format!("{spilled}, until `stanch` or `stanch note` writes to this incident again"));
    let unsynced = app.outbox.unsynced.map(|since| {
        let since = since.to_zoned(app.session.zone.clone()).strftime("%H:%M:%S").to_string();
        format!("the journal is written, but what came after {since} may not be on disk")
    });
    spilled.into_iter().chain(unsynced).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;
    use crate::{
        app::{Effect, Msg},
        runtime::journal_link::tests::app,
    };

    /// Takes a note while the journal is full.
    fn note(app: &mut App, text: &str) {
        let key = |c, modifiers| Msg::Key(KeyEvent::new(KeyCode::Char(c), modifiers));
        drop(app.update(key('n', KeyModifiers::NONE)));
        drop(app.update(Msg::Paste(text.into())));
        for effect in app.update(key('s', KeyModifiers::CONTROL)) {
            if let Effect::Record(drafts) = effect {
                drop(app.update(Msg::NotRecorded(drafts, "disk full".into())));
            }
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test reads what was written")]
    fn it_is_kept_whole_and_never_over_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut app = app();
        let mut config = (*app.session.config).clone();
        config.notes = Some(folder.path().to_owned());
        app.session.config = config.into();
        app.session.id = "now-db".into();
        assert_eq!(keep(&app, &Watchdog::begin()), None);
        let text = "x".repeat(200_000);
        note(&mut app, &text);
        let first = keep(&app, &Watchdog::begin()).expect("something to say");
        let path = folder.path().join("now-db-unwritten.jsonl");
        assert_eq!(first, format!("1 entry is not in the journal (disk full); kept in {}", path.display()));
        note(&mut app, "and this");
        let second = keep(&app, &Watchdog::begin()).expect("something to say");
        assert!(second.starts_with("2 entries are not") && second.ends_with("now-db-unwritten-2.jsonl"), "{second}");
        assert_eq!(path.metadata().expect("a file").mode() & 0o777, 0o600);
        let read = std::fs::read_to_string(path).expect("a file");
        assert!(read.contains(&text) && read.lines().count() == 1);
    }
}
