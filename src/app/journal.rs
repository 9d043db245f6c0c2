//! Between the app and its journal: what is on its way there, what could not be written, what came back.

use jiff::Timestamp;

use super::{App, Effect, Notice, clock};
use crate::incident::{Draft, Entry, Event, Id, Incident};

/// Whether the journal takes what is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JournalState {
    /// The last of a person's drafts on its way; later keys wait for it.
    pub in_flight: Option<Id>,
    /// What is said of it once it is there.
    pub saying: Option<Notice>,
    /// Drafts that could not be written, oldest first; tried again every two seconds.
    pub refused: Vec<Draft>,
    /// Why not.
    pub trouble: Option<String>,
    /// Which entries are recorded in a second journal only, where, and why.
    pub elsewhere: Option<String>,
    /// Since when entries are not yet on disk, when that is longer than it should be.
    pub unsynced: Option<Timestamp>,
    /// When the refused ones were last tried.
    pub tried: Option<Timestamp>,
}

/// What is on its way to the journal and gone on with once it is there.
#[derive(Clone, Debug, Default)]
pub(super) struct Awaited {
    /// An answer to a why: the next why is asked of it.
    pub(super) why: Option<Id>,
    /// Rows: the fill strip opens for them.
    pub(super) rows: Vec<Id>,
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
        if drafts.is_empty() {
            return Vec::new();
        }
        if self.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        self.checks.note(&drafts);
        self.journal.in_flight = drafts.last().map(|draft| draft.id);
        vec![Effect::Record(self.after_refused(drafts))]
    }

    /// Records what a machine observed: nobody waits for it.
    pub(super) fn record_quietly(&mut self, events: Vec<Event>) -> Vec<Effect> {
        if self.read_only || events.is_empty() {
            return Vec::new();
        }
        let drafts = events.into_iter().map(|event| self.draft(event)).collect();
        vec![Effect::Record(drafts)]
    }

    pub(super) fn recorded(&mut self, entries: Vec<Entry>) -> Vec<Effect> {
        let before = self.board_order();
        let asked_for = |entry: &Entry| {
            self.journal.in_flight == Some(entry.id) || self.journal.refused.iter().any(|draft| draft.id == entry.id)
        };
        let own = entries.iter().any(asked_for) && entries.iter().all(|entry| entry.by == self.author);
        for entry in &entries {
            if self.journal.in_flight == Some(entry.id) {
                self.journal.in_flight = None;
            }
            self.journal.refused.retain(|draft| draft.id != entry.id);
            if entry.by == self.author && self.journal.refused.is_empty() {
                self.journal.trouble = None;
            }
        }
        let why = entries.iter().rev().map(|entry| &entry.event).find(|event| super::board::settles(event)).cloned();
        self.incident.apply_all(entries);
        self.after_apply(&before, why.as_ref());
        self.open_fill();
        self.ask_on();
        let mut effects = self.follow_checks();
        self.hold(own);
        effects.extend(self.press_waiting());
        effects
    }

    /// The journal was replaced from outside: everything is built anew from what it holds now.
    pub(super) fn rebased(&mut self, entries: Vec<Entry>) -> Vec<Effect> {
        let before = self.board_order();
        let is_there = |draft: &Draft| entries.iter().any(|entry| entry.id == draft.id);
        self.journal.refused.retain(|draft| !is_there(draft));
        if self.journal.refused.is_empty() {
            self.journal.trouble = None;
        }
        self.journal.in_flight = None;
        self.incident = Incident::replay(entries);
        self.after_apply(&before, None);
        self.open_fill();
        let mut effects = self.follow_checks();
        self.hold(false);
        effects.extend(self.press_waiting());
        effects
    }

    /// What could not be written is kept and tried again; the keys go on. What a machine observed is not kept: it will be
    /// observed again.
    pub(super) fn not_recorded(&mut self, drafts: Vec<Draft>, error: String) -> Vec<Effect> {
        (self.journal.in_flight, self.journal.saying) = (None, None);
        if self.awaited.why.take().is_some() {
            self.not_asked_on();
        }
        self.journal.trouble = Some(error);
        self.journal.tried = Some(self.now);
        let kept = drafts.into_iter().filter(|draft| draft.event.dedup_key().is_none());
        // Those that were tried before come back first, and are older.
        let newer = std::mem::take(&mut self.journal.refused);
        self.journal.refused.extend(kept);
        for draft in newer {
            if self.journal.refused.iter().all(|known| known.id != draft.id) {
                self.journal.refused.push(draft);
            }
        }
        self.press_waiting()
    }

    pub(super) fn retry(&mut self) -> Vec<Effect> {
        // A clock that was set back must not keep anyone waiting for an hour.
        let due =
            self.journal.tried.is_none_or(|tried| tried > self.now || clock::seconds_between(tried, self.now) >= 2);
        if self.journal.refused.is_empty() || !due {
            return Vec::new();
        }
        self.journal.tried = Some(self.now);
        vec![Effect::Record(self.after_refused(Vec::new()))]
    }

    /// What was refused goes before what is new, in one append: order is what decides between two values of a cell.
    pub(super) fn after_refused(&mut self, new: Vec<Draft>) -> Vec<Draft> {
        let mut drafts = std::mem::take(&mut self.journal.refused);
        drafts.extend(new);
        drafts
    }

    fn press_waiting(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while self.journal.in_flight.is_none()
            && let Some(input) = self.keys.waiting.pop_front()
        {
            effects.extend(self.take_input(input));
        }
        effects
    }
}
