//! The notes that are left: what pastes into a postmortem.
//!
//! Pure functions of the incident: no clock, so the same journal gives the same bytes, today and next year. What is not
//! known is left as a question the reader can see is open; nothing is made up. [`markdown`] and [`html`] say the same;
//! [`json`] carries the entries themselves, so that [`from_json`] brings the incident back.

mod doc;
mod escape;
mod facts;
mod html;
mod json;
mod markdown;
mod spans;
mod story;
mod words;

pub use facts::{Moment, Times};
pub use json::ReadError;

use super::Incident;

/// The notes as Markdown: headings of three levels, bullets, bold, code and links, nothing else.
pub fn markdown(incident: &Incident) -> String {
    markdown::render(&story::tell(incident))
}

/// The incident in at most fifteen lines of plain text, for a chat.
pub fn short(incident: &Incident) -> String {
    story::short(incident)
}

/// The notes as one self-contained page of HTML.
pub fn html(incident: &Incident) -> String {
    html::page(&story::title(incident), &markdown(incident))
}

/// The entries, and before them a summary for scripts.
pub fn json(incident: &Incident) -> String {
    json::write(incident)
}

/// Brings back the incident that [`json`] was made from.
///
/// # Errors
/// When the text is not such an export, or one of a format that this version does not read.
pub fn from_json(text: &str) -> Result<Incident, ReadError> {
    json::read(text)
}
