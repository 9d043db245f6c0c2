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

/// Takes back what is kept of a field whose text was taken; `None` when nothing is.
pub(in crate::app) fn taken_back(app: &mut App, field: &str) -> Option<Draft> {
    app.facts().my_draft(field)?;
    Some(app.draft(Event::DraftKept { field: field.to_owned(), text: String::new() }))
}

/// As [`taken_back`], for the field of a question.
pub(in crate::app) fn answer_taken(app: &mut App, purpose: &Purpose) -> Option<Draft> {
    taken_back(app, &purpose.spec().kept_under.draft()?)
}

/// Records, and takes back what is kept of the field.
pub(in crate::app) fn record_taken(app: &mut App, field: &str, events: Vec<Event>) -> Vec<Effect> {
    let mut drafts: Vec<Draft> = events.into_iter().map(|event| app.draft(event)).collect();
    drafts.extend(taken_back(app, field));
    app.record_drafts(drafts)
}

/// Typed text can hold what a paste can: some terminals send a paste as keys.
pub(in crate::app) fn draft_kept(field: String, text: &str) -> Event {
    Event::DraftKept { field, text: text::block(text, MAX_TEXT).into_owned() }
}
