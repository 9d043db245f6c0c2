//! What was typed and not accepted: kept when a field is left or the cockpit ends, and dropped once its text is taken.
//!
//! Drafts are the author's and stand in the journal; what is about the screen or a file is only kept while this runs.

use crate::{
    app::{App, Effect, Facts, field::MAX_TEXT, screen::overlay::Purpose},
    base::text,
    incident::{Draft, Event},
};

/// The draft of an open field, for when the cockpit ends.
pub(in crate::app) fn keep_draft(app: &App) -> Option<Event> {
    let (field, text) = app.screen.overlay.as_ref()?.draft()?;
    is_worth_keeping(app.facts(), &field, &text).then(|| draft_kept(field, &text))
}

pub(in crate::app) fn is_worth_keeping(facts: Facts<'_>, field: &str, text: &str) -> bool {
    text.trim() != facts.my_draft(field).unwrap_or_default().trim()
}

/// Drops the draft of a field whose text was taken, if there is one.
pub(in crate::app) fn draft_taken(app: &mut App, purpose: &Purpose) -> Option<Draft> {
    let field = purpose.spec().kept_under.draft().filter(|field| app.facts().my_draft(field).is_some())?;
    Some(app.draft(Event::DraftKept { field, text: String::new() }))
}

/// Records, and drops the draft that is now taken.
pub(in crate::app) fn forget_draft(app: &mut App, field: &str, mut events: Vec<Event>) -> Vec<Effect> {
    if app.facts().my_draft(field).is_some() {
        events.push(Event::DraftKept { field: field.to_owned(), text: String::new() });
    }
    if events.is_empty() { Vec::new() } else { app.record(events) }
}

/// Typed text can hold what a paste can: some terminals send a paste as keys.
pub(in crate::app) fn draft_kept(field: String, text: &str) -> Event {
    Event::DraftKept { field, text: text::block(text, MAX_TEXT).into_owned() }
}
