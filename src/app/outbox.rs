//! What the app has submitted and the log has not confirmed: each draft once, in the order in which it was submitted, and
//! how far it has come.
//!
//! Keys wait for what a person did while it is in flight. When the log takes its time they go on, and it is pending: the
//! incident that is shown is then what the log has confirmed, and the pending drafts on top of it. Nothing here says
//! anything to a person, submits, or asks what time it is.

use std::collections::HashSet;

use jiff::Timestamp;

use super::Notice;
use crate::{
    base::human_time,
    incident::{Draft, Entry, Id, Incident},
};

/// How long what was refused is left alone before it is tried again, in seconds.
const RETRY_AFTER: i64 = 2;

/// What is not in the log, or not where it belongs.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    /// In the order in which they were first submitted.
    drafts: Vec<Unconfirmed>,
    flight: Option<Flight>,
    refusal: Option<Refusal>,
    /// The incident as the log has confirmed it, while the one that is shown holds pending drafts.
    confirmed: Option<Box<Incident>>,
    /// How often what is shown was put together anew.
    revision: u64,
    /// Which entries are recorded in a spill only, where, and why, in a line.
    pub spilled: Option<String>,
    /// Since when entries are not yet on disk, when that is longer than it should be.
    pub unsynced: Option<Timestamp>,
}

/// A draft that the log has not confirmed.
#[derive(Clone, Debug)]
struct Unconfirmed {
    draft: Draft,
    /// When it was first submitted.
    at: Timestamp,
    standing: Standing,
}

/// The stage that a draft is at. One that is confirmed is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Submitted, and not on the screen yet.
    InFlight,
    /// Submitted, and shown on top of what is confirmed.
    Pending,
    /// Given back; to be submitted again.
    Refused,
}

/// The last thing that a person did and that the log has not confirmed.
#[derive(Clone, Debug)]
struct Flight {
    /// The last draft of it.
    last: Id,
    /// What is said of it once it is confirmed.
    saying: Option<Notice>,
    /// Until it is confirmed, refused, or pending.
    keys_wait: bool,
}

/// The log's last answer, when that was no.
#[derive(Clone, Debug)]
struct Refusal {
    why: String,
    /// When the refused drafts were last submitted.
    tried: Timestamp,
}

impl Outbox {
    /// Whether keys wait for what was submitted last.
    pub fn keys_wait(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.keys_wait)
    }

    /// Why the log takes nothing, when it was last asked and did not.
    pub fn trouble(&self) -> Option<&str> {
        self.refusal.as_ref().map(|refusal| refusal.why.as_str())
    }

    /// How many drafts were given back, or are kept for the case that they will be. What a machine observed is not: it will
    /// be observed again.
    pub fn kept(&self) -> usize {
        self.unwritten().count()
    }

    /// What people did, and the cockpit said of itself, that is not in the log as far as is known.
    pub fn unwritten(&self) -> impl Iterator<Item = &Draft> {
        self.drafts.iter().map(|one| &one.draft).filter(|draft| !draft.event.is_observed())
    }

    /// Whether a draft was given back, and waits to be submitted again.
    pub fn has_refused(&self) -> bool {
        self.drafts.iter().any(|one| one.standing == Standing::Refused)
    }

    /// Whether this draft was given back, and waits to be submitted again.
    pub fn is_refused(&self, id: Id) -> bool {
        self.stands(id) == Some(Standing::Refused)
    }

    /// Whether the log has not confirmed this draft.
    pub(super) fn is_unconfirmed(&self, id: Id) -> bool {
        self.stands(id).is_some()
    }

    /// How many drafts are shown that the log has not confirmed.
    pub fn pending(&self) -> usize {
        self.drafts.iter().filter(|one| one.standing == Standing::Pending).count()
    }

    /// Whether what is shown under this id is not confirmed.
    pub fn is_pending(&self, id: Id) -> bool {
        self.confirmed.is_some() && self.stands(id) == Some(Standing::Pending)
    }

    /// Whether the entry of this number is not confirmed: those that are pending stand behind all that are.
    pub fn is_provisional(&self, seq: u64) -> bool {
        self.confirmed.as_ref().is_some_and(|confirmed| seq > confirmed.version())
    }

    /// Grows whenever what is shown is put together anew: two incidents of one version may then differ.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn stands(&self, id: Id) -> Option<Standing> {
        self.drafts.iter().find(|one| one.draft.id == id).map(|one| one.standing)
    }

    /// The last draft of what a person did, until it is confirmed or refused.
    pub(super) fn awaited(&self) -> Option<Id> {
        self.flight.as_ref().map(|flight| flight.last)
    }

    /// Whether one of these is what a person waits for.
    pub(super) fn awaits_any(&self, ids: &HashSet<Id>) -> bool {
        let refused = |one: &Unconfirmed| one.standing == Standing::Refused && ids.contains(&one.draft.id);
        self.awaited().is_some_and(|last| ids.contains(&last)) || self.drafts.iter().any(refused)
    }

    /// These are submitted.
    pub(super) fn submit(&mut self, drafts: &[Draft], now: Timestamp) {
        let sent = |draft: &Draft| Unconfirmed { draft: draft.clone(), at: now, standing: Standing::InFlight };
        self.drafts.extend(drafts.iter().map(sent));
    }

    /// These are submitted, and what was refused goes before them, in one append: order is what decides between two values
    /// of a cell. Returns all that is to be submitted.
    pub(super) fn submit_with_refused(&mut self, new: Vec<Draft>, now: Timestamp) -> Vec<Draft> {
        let refused = self.drafts.iter_mut().filter(|one| one.standing == Standing::Refused);
        let mut all: Vec<Draft> = refused
            .map(|one| {
                one.standing = Standing::InFlight;
                one.draft.clone()
            })
            .collect();
        self.submit(&new, now);
        all.extend(new);
        all
    }

    /// These are submitted as the last, and before them all that people did and the log has not confirmed: what of that
    /// was refused may not be known yet, and nobody will be there to submit it again. Returns all that is to be submitted.
    pub(super) fn submit_with_unwritten(&mut self, new: Vec<Draft>, now: Timestamp) -> Vec<Draft> {
        let mut all: Vec<Draft> = self.unwritten().cloned().collect();
        for one in self.drafts.iter_mut().filter(|one| one.standing == Standing::Refused) {
            one.standing = Standing::InFlight;
        }
        self.submit(&new, now);
        all.extend(new);
        all
    }

    /// What was refused, when it is time to submit it again; else nothing.
    pub(super) fn retry(&mut self, now: Timestamp) -> Vec<Draft> {
        // A clock that was set back must not keep anyone waiting for an hour.
        let is_due =
            |refusal: &Refusal| refusal.tried > now || human_time::seconds_between(refusal.tried, now) >= RETRY_AFTER;
        if !self.has_refused() || !self.refusal.as_ref().is_none_or(is_due) {
            return Vec::new();
        }
        if let Some(refusal) = &mut self.refusal {
            refusal.tried = now;
        }
        self.submit_with_refused(Vec::new(), now)
    }

    /// Keys wait until this draft is confirmed.
    pub(super) fn wait_for(&mut self, last: Id) {
        self.flight = Some(Flight { last, saying: None, keys_wait: true });
    }

    /// What is to be said once the log has confirmed what is waited for.
    pub(super) fn say_when_confirmed(&mut self, notice: Notice) {
        if let Some(flight) = &mut self.flight {
            flight.saying = Some(notice);
        }
    }

    /// Nothing is waited for any more. Returns what was to be said.
    pub(super) fn stop_waiting(&mut self) -> Option<Notice> {
        self.flight.take()?.saying
    }

    /// The log has these. Returns what was to be said of it.
    pub(super) fn confirm(&mut self, ids: &HashSet<Id>) -> Option<Notice> {
        self.drafts.retain(|one| !ids.contains(&one.draft.id));
        let is_over = self.flight.as_ref().is_some_and(|flight| ids.contains(&flight.last));
        if is_over { self.stop_waiting() } else { None }
    }

    /// The log has taken something of ours; once nothing is left that it refused, there is no trouble any more.
    pub(super) fn taken(&mut self) {
        if !self.has_refused() {
            self.refusal = None;
        }
    }

    /// The log did not take these. They are kept, but for what a machine observed: it will be observed again. What is
    /// waited for may still be on its way: it is waited for until that is refused, too.
    pub(super) fn refuse(&mut self, drafts: &[Draft], why: String, now: Timestamp) {
        let ids: HashSet<Id> = drafts.iter().map(|draft| draft.id).collect();
        self.flight.take_if(|flight| ids.contains(&flight.last));
        self.refusal = Some(Refusal { why, tried: now });
        self.drafts.retain(|one| !one.draft.event.is_observed() || !ids.contains(&one.draft.id));
        for one in self.drafts.iter_mut().filter(|one| ids.contains(&one.draft.id)) {
            one.standing = Standing::Refused;
        }
    }

    /// The log takes its time: what a person did and is in flight becomes pending, and keys go on. Whether anything did.
    /// What a machine observed is shown once the log has it: nobody waits for it, and it may be much.
    pub(super) fn give_up_waiting(&mut self, shown: &Incident) -> bool {
        let mut any = false;
        let is_in_flight =
            |one: &&mut Unconfirmed| one.standing == Standing::InFlight && !one.draft.event.is_observed();
        for one in self.drafts.iter_mut().filter(is_in_flight) {
            (one.standing, any) = (Standing::Pending, true);
        }
        if let Some(flight) = &mut self.flight {
            flight.keys_wait = false;
        }
        if any && self.confirmed.is_none() {
            self.confirmed = Some(Box::new(shown.clone()));
        }
        any
    }

    /// Adds to the incident what the log has confirmed, beneath what is pending.
    pub(super) fn apply(&mut self, entries: Vec<Entry>, shown: &mut Incident, author: &str) {
        match &mut self.confirmed {
            Some(confirmed) => {
                confirmed.apply_all(entries);
                self.show(shown, author);
            }
            None => shown.apply_all(entries),
        }
    }

    /// The log is this from now on.
    pub(super) fn rebase(&mut self, entries: Vec<Entry>, shown: &mut Incident, author: &str) {
        *shown = Incident::replay(entries);
        if let Some(confirmed) = &mut self.confirmed {
            (**confirmed).clone_from(shown);
            self.show(shown, author);
        }
    }

    /// Puts together what is shown: what is confirmed, and on top of it what is pending. That goes above all that is
    /// confirmed and cannot be taken off again, so what is confirmed is copied while anything is pending.
    pub(super) fn show(&mut self, shown: &mut Incident, author: &str) {
        let Some(confirmed) = self.confirmed.take() else { return };
        self.revision += 1;
        let pending = self.provisional(&confirmed, author);
        if self.pending() == 0 {
            *shown = *confirmed;
            return;
        }
        shown.clone_from(&confirmed);
        shown.apply_all(pending);
        self.confirmed = Some(confirmed);
    }

    /// Shows only what the log has confirmed.
    pub(super) fn hide_pending(&mut self, shown: &mut Incident) {
        if let Some(confirmed) = self.confirmed.take() {
            self.revision += 1;
            *shown = *confirmed;
        }
    }

    /// What is pending as entries behind those confirmed.
    fn provisional(&self, confirmed: &Incident, author: &str) -> Vec<Entry> {
        let pending = self.drafts.iter().filter(|one| one.standing == Standing::Pending);
        let entry = |(seq, one): (u64, &Unconfirmed)| {
            let (id, event) = (one.draft.id, one.draft.event.clone());
            Entry { seq, id, at: one.at, by: author.to_owned(), event }
        };
        (confirmed.version() + 1..).zip(pending).map(entry).collect()
    }
}
