//! Between the app and its log: what people did and machines saw is submitted, and what the log says of it is taken in.

use super::{App, Effect, Notice};
use crate::incident::{Draft, Entry, Event, Id, ranking::RowId};

/// What is on its way to the journal and gone on with once it is there.
#[derive(Clone, Debug, Default)]
pub(super) struct Awaited {
    /// An answer to a why: the next why is asked of it.
    pub(super) why: Option<Id>,
    /// Rows: the fill strip opens for them.
    pub(super) rows: Vec<Id>,
}

impl App {
    /// Records what a person did: later keys wait until it is in the journal, or pending.
    pub(super) fn record(&mut self, events: Vec<Event>) -> Vec<Effect> {
        if self.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        let drafts: Vec<Draft> = events.into_iter().map(|event| self.draft(event)).collect();
        self.record_drafts(drafts)
    }

    /// Records drafts that a person made, some of which may name others of them.
    pub(super) fn record_drafts(&mut self, drafts: Vec<Draft>) -> Vec<Effect> {
        if drafts.is_empty() {
            return Vec::new();
        }
        if self.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        self.checks.note(&drafts);
        if let Some(last) = drafts.last() {
            self.outbox.wait_for(last.id);
        }
        vec![Effect::Record(self.outbox.submit_with_refused(drafts, self.now))]
    }

    /// Records what a machine observed: nobody waits for it.
    pub(super) fn record_quietly(&mut self, events: Vec<Event>) -> Vec<Effect> {
        if self.read_only || events.is_empty() {
            return Vec::new();
        }
        let drafts: Vec<Draft> = events.into_iter().map(|event| self.draft(event)).collect();
        self.outbox.submit(&drafts, self.now);
        vec![Effect::Record(drafts)]
    }

    pub(super) fn recorded(&mut self, entries: Vec<Entry>) -> Vec<Effect> {
        let before = self.board_order();
        let own = entries.iter().any(|entry| self.outbox.is_awaited(entry.id))
            && entries.iter().all(|entry| entry.by == self.author);
        let done = self.outbox.confirm(|id| entries.iter().any(|entry| entry.id == id));
        self.say_done(done);
        if entries.iter().any(|entry| entry.by == self.author) {
            self.outbox.taken();
        }
        let why = entries.iter().rev().map(|entry| &entry.event).find(|event| super::board::settles(event)).cloned();
        self.outbox.apply(entries, &mut self.incident, &self.author);
        self.taken_in(&before, why.as_ref(), own)
    }

    /// The log has these already, and there is no entry of ours to come.
    pub(super) fn confirmed(&mut self, ids: &[Id]) -> Vec<Effect> {
        let before = self.board_order();
        let done = self.outbox.confirm(|id| ids.contains(&id));
        self.say_done(done);
        self.outbox.show(&mut self.incident, &self.author);
        self.taken_in(&before, None, false)
    }

    /// The log takes its time: what it was given is shown all the same, as pending, and the keys go on.
    pub(super) fn unconfirmed(&mut self) -> Vec<Effect> {
        if !self.outbox.give_up_waiting(&self.incident) {
            return self.press_waiting();
        }
        let before = self.board_order();
        self.outbox.show(&mut self.incident, &self.author);
        self.taken_in(&before, None, true)
    }

    /// The journal was replaced from outside: everything is built anew from what it holds now.
    pub(super) fn rebased(&mut self, entries: Vec<Entry>) -> Vec<Effect> {
        let before = self.board_order();
        let done = self.outbox.confirm(|id| entries.iter().any(|entry| entry.id == id));
        let done = done.or(self.outbox.stop_waiting());
        self.say_done(done);
        self.outbox.taken();
        self.outbox.rebase(entries, &mut self.incident, &self.author);
        self.taken_in(&before, None, false)
    }

    /// What could not be written is kept and tried again; the keys go on.
    pub(super) fn not_recorded(&mut self, drafts: Vec<Draft>, error: String) -> Vec<Effect> {
        if self.awaited.why.take().is_some() {
            self.not_asked_on();
        }
        let was_shown = self.outbox.pending() > 0;
        let before = self.board_order();
        self.outbox.refuse(drafts, error, self.now);
        if !was_shown {
            return self.press_waiting();
        }
        self.outbox.show(&mut self.incident, &self.author);
        self.taken_in(&before, None, false)
    }

    pub(super) fn retry(&mut self) -> Vec<Effect> {
        let drafts = self.outbox.retry(self.now);
        if drafts.is_empty() { Vec::new() } else { vec![Effect::Record(drafts)] }
    }

    /// Shows only what the journal has: the notes are written from nothing else.
    pub fn hide_pending(&mut self) {
        self.outbox.hide_pending(&mut self.incident);
    }

    /// What follows from an incident that has changed.
    fn taken_in(&mut self, before: &[RowId], why: Option<&Event>, own: bool) -> Vec<Effect> {
        self.after_apply(before, why);
        self.open_fill();
        self.ask_on();
        let mut effects = self.follow_checks();
        self.hold(own);
        effects.extend(self.press_waiting());
        effects
    }

    fn say_done(&mut self, done: Option<Notice>) {
        if let Some(notice) = done {
            self.notice = Some(Notice { at: self.now, ..notice });
        }
    }

    fn press_waiting(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while !self.outbox.keys_wait()
            && let Some(input) = self.keys.waiting.pop_front()
        {
            effects.extend(self.take_input(input));
        }
        effects
    }
}
