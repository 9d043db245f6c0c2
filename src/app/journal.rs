//! Between the app and its journal: what is on its way there, what could not be written, what came back.

use jiff::Timestamp;

use super::{App, Effect, clock};
use crate::incident::{Draft, Entry, Event, Id};

/// Whether the journal takes what is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JournalState {
    /// The last of a person's drafts on its way; later keys wait for it.
    pub in_flight: Option<Id>,
    /// Drafts that could not be written, oldest first; tried again every two seconds.
    pub refused: Vec<Draft>,
    /// Why not.
    pub trouble: Option<String>,
    /// Since when entries are not yet on disk, when that is longer than it should be.
    pub unsynced: Option<Timestamp>,
    /// When the refused ones were last tried.
    pub tried: Option<Timestamp>,
}

impl App {
    /// Records what a person did: later keys wait until it is in the journal.
    pub(super) fn record(&mut self, events: Vec<Event>) -> Vec<Effect> {
        if self.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        let drafts: Vec<Draft> = events.into_iter().map(|event| self.draft(event)).collect();
        self.record_drafts(drafts)
    }

    /// The same for drafts whose ids are needed by others of them.
    pub(super) fn record_drafts(&mut self, drafts: Vec<Draft>) -> Vec<Effect> {
        if self.read_only || drafts.is_empty() {
            return Vec::new();
        }
        self.journal.in_flight = drafts.last().map(|draft| draft.id);
        vec![Effect::Record(drafts)]
    }

    /// Records what a machine observed: nobody waits for it.
    pub(super) fn record_quietly(&mut self, events: Vec<Event>) -> Vec<Effect> {
        if self.read_only || events.is_empty() {
            return Vec::new();
        }
        vec![Effect::Record(events.into_iter().map(|event| self.draft(event)).collect())]
    }

    pub(super) fn recorded(&mut self, entries: Vec<Entry>) -> Vec<Effect> {
        let before = self.board_order();
        for entry in entries {
            if self.journal.in_flight == Some(entry.id) {
                self.journal.in_flight = None;
            }
            self.journal.refused.retain(|draft| draft.id != entry.id);
            self.incident.apply(entry);
        }
        if self.journal.refused.is_empty() {
            self.journal.trouble = None;
        }
        self.after_apply(&before);
        self.open_fill();
        self.press_waiting()
    }

    /// What could not be written is kept and tried again; the keys go on.
    pub(super) fn not_recorded(&mut self, drafts: Vec<Draft>, error: String) -> Vec<Effect> {
        self.journal.in_flight = None;
        self.journal.trouble = Some(error);
        self.journal.tried = Some(self.now);
        for draft in drafts {
            if self.journal.refused.iter().all(|known| known.id != draft.id) {
                self.journal.refused.push(draft);
            }
        }
        self.press_waiting()
    }

    pub(super) fn retry(&mut self) -> Vec<Effect> {
        let due = self.journal.tried.is_none_or(|tried| clock::seconds_between(tried, self.now) >= 2);
        if self.journal.refused.is_empty() || !due {
            return Vec::new();
        }
        self.journal.tried = Some(self.now);
        vec![Effect::Record(self.journal.refused.clone())]
    }

    fn press_waiting(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while self.journal.in_flight.is_none()
            && let Some(key) = self.waiting_keys.pop_front()
        {
            effects.extend(self.press(key));
        }
        effects
    }
}
