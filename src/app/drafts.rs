//! What was typed and not accepted: kept when a field is left or the cockpit ends, and dropped once its text is taken.
//!
//! Drafts are the author's and stand in the journal; what is about the screen or a file is only kept while this runs.

use super::{App, Effect, Overlay, field::MAX_TEXT, overlay::Purpose};
use crate::{
    incident::{Draft, Event},
    signal::scrub,
};

impl App {
    /// What this author left in a field.
    pub(super) fn my_draft(&self, field: &str) -> Option<&str> {
        self.incident.drafts.get(&(self.author.clone(), field.to_owned())).map(String::as_str)
    }

    /// Leaves an overlay; what was typed is kept as a draft.
    pub(super) fn leave_overlay(&mut self, overlay: Overlay) -> Vec<Effect> {
        if let Overlay::Picker(picker) = &overlay {
            self.board.marked = picker.marked_texts();
        }
        if let Overlay::Storm(storm) = overlay {
            self.leave_storm(storm);
            return Vec::new();
        }
        if let Overlay::Prompt(prompt) = &overlay
            && let Some(name) = prompt.purpose.aside_name()
            && prompt.is_changed()
        {
            self.left.insert(name, prompt.field.text());
            self.say("kept: open it again to go on");
        }
        let draft = overlay.draft();
        let Some((field, text)) = draft.filter(|(field, text)| self.is_worth_keeping(field, text)) else {
            return Vec::new();
        };
        self.say("kept as a draft: open it again to go on");
        self.record(vec![draft_kept(field, &text)])
    }

    /// The draft of an open field, for when the cockpit ends.
    pub(super) fn keep_draft(&self) -> Option<Event> {
        let (field, text) = self.overlay.as_ref()?.draft()?;
        self.is_worth_keeping(&field, &text).then(|| draft_kept(field, &text))
    }

    fn is_worth_keeping(&self, field: &str, text: &str) -> bool {
        text.trim() != self.my_draft(field).unwrap_or_default().trim()
    }

    /// Drops the draft of a field whose text was taken, if there is one.
    pub(super) fn draft_taken(&mut self, purpose: &Purpose) -> Option<Draft> {
        let field = purpose.draft_name().filter(|field| self.my_draft(field).is_some())?;
        Some(self.draft(Event::DraftKept { field, text: String::new() }))
    }

    /// Records, and drops the draft that is now taken.
    pub(super) fn forget_draft(&mut self, field: &str, mut events: Vec<Event>) -> Vec<Effect> {
        if self.my_draft(field).is_some() {
            events.push(Event::DraftKept { field: field.to_owned(), text: String::new() });
        }
        if events.is_empty() { Vec::new() } else { self.record(events) }
    }
}

/// Typed text can hold what a paste can: some terminals send a paste as keys.
fn draft_kept(field: String, text: &str) -> Event {
    Event::DraftKept { field, text: scrub::block(text, MAX_TEXT).into_owned() }
}
