//! Writes the notes that are left when the cockpit ends; what is in them is the incident's to say.

use std::path::PathBuf;

use crate::{app::App, failure::Failure, files, incident::report};

/// Writes `<id>.md` into the folder for notes, never over another file; where it is.
pub fn write(app: &App) -> Result<PathBuf, Failure> {
    let folder = app.session.config.notes.clone().unwrap_or_default();
    let text = report::markdown(&app.incident);
    files::beside(&folder, &app.session.id, "md", &text).map_err(|error| {
        let id = &app.session.id;
        Failure::Failed(format!("cannot write the notes: {error}; `stanch export {id} -o FILE` writes them elsewhere"))
    })
}
