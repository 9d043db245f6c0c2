//! Writes the notes that are left when the cockpit ends; what is in them is the incident's to say.

use std::path::PathBuf;

use super::shutdown::Watchdog;
use crate::{app::App, failure::Failure, files, incident::report};

/// Why there is no file with the notes.
pub enum Unwritten {
    /// It was refused.
    Refused(Failure),
    /// The disk is still at it. These are the notes.
    Hangs(String),
}

/// Writes `<id>.md` into the folder for notes, never over another file; where it is.
pub fn write(app: &App, watchdog: &Watchdog) -> Result<PathBuf, Unwritten> {
    let (folder, id) = (app.session.config.notes.clone().unwrap_or_default(), app.session.id.clone());
    let text = report::markdown(&app.incident);
    let whole = text.clone();
    let written = watchdog.write(move || files::beside(&folder, &id, "md", &whole));
    written.ok_or(Unwritten::Hangs(text))?.map_err(|error| {
        let id = &app.session.id;
        let elsewhere = format!("`stanch export {id} -o FILE` writes them elsewhere");
        Unwritten::Refused(Failure::Failed(format!("cannot write the notes: {error}; {elsewhere}")))
    })
}
