//! One outage being worked: its facts, and the judgement that follows from them.
//!
//! [`Incident::apply`] is the only way facts get in, one journal [`Entry`] at a time, and it cannot fail: an entry that
//! names something unknown, or that this version cannot read, is kept and changes nothing. The live incident and the
//! replayed one are equal because both are built by the same calls on the same entries. Nothing here performs I/O or
//! reads a clock.

mod apply;
mod auto_clear;
pub mod board;
mod board_drafts;
pub mod check;
mod dedup_keys;
pub mod effective;
pub mod event;
mod exercise;
#[cfg(test)]
mod fixture;
mod float;
pub mod folded;
pub mod id;
pub mod judgement;
pub mod learning;
pub mod limits;
pub mod mitigation;
pub mod mitigation_order;
pub mod next_check;
mod onset;
mod places;
pub mod rank_json;
pub mod rank_text;
pub mod ranking;
pub mod record;
pub mod report;
pub mod rollouts;
pub mod set_cover;
pub mod summary;
pub mod timeline;
mod writers;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

pub use board::{Board, Cell, Hypothesis, HypothesisState, Observation, ObservationState, Prior};
pub use check::{CheckRun, CheckTurn};
pub use dedup_keys::DedupKeys;
use effective::Effective;
pub use event::{AlertTurn, Draft, Entry, Event, Observed, Status};
pub use exercise::Exercise;
pub use folded::{Folded, FoldedGroup};
pub use id::{Id, Ids};
use jiff::Timestamp;
pub use learning::{
    ActionItem, ActionKind, Question,
    whys::{Branch, End, Why},
};
pub use mitigation::{Guard, GuardAnswer, GuardQuestion, GuardReply, Mitigation, MitigationKind, MitigationState};
use onset::FirstAlerts;
use places::Places;
pub use ranking::Ranking;
pub use record::{
    AlertRecord, AlertTurnAt, ChangeRecord, ChosenValues, Crossing, LeftOut, Note, Pin, SourceOutage, StatusTurn,
    Stretch, VitalRecord, Watch, WatchdogRecord,
};
pub use summary::Summary;
use writers::Writers;

use crate::signal::Change;

/// Everything known about one outage.
#[derive(Clone, Debug, Default)]
pub struct Incident {
    /// What it is called, where it stands, and whether it has bled.
    pub summary: Summary,
    /// Each status it came to, when, by whom and why.
    pub status_history: Vec<StatusTurn>,
    /// The onset a person or the cockpit set; see [`Incident::onset`].
    pub onset_set: Option<(Timestamp, String)>,
    /// When and by whom it was first acknowledged.
    pub acknowledged: Option<(Timestamp, String)>,
    /// Hypotheses, observations, cells.
    pub board: Board,
    /// The checks that run, by their column.
    pub checks: HashMap<Id, CheckRun>,
    /// What follows from the board.
    pub ranking: Ranking,
    /// Each time the leader or the order changed, and what made it change.
    pub rank_turns: Vec<ranking::Turn>,
    /// How long the lead has stood as it does, and what was done about it.
    pub lead: ranking::Lead,
    /// Alert groups that fired, in order of appearance.
    pub alerts: Vec<AlertRecord>,
    /// Alerts that fire on purpose, as far as one was ever missing.
    pub watchdogs: Vec<WatchdogRecord>,
    /// Changes seen, newest first.
    pub changes: VecDeque<ChangeRecord>,
    /// Vitals that crossed their range, by title.
    pub vitals: BTreeMap<String, VitalRecord>,
    /// Stretches in which more was seen than was written.
    pub left_out: Vec<LeftOut>,
    /// Stretches in which a source did not answer.
    pub outages: Vec<SourceOutage>,
    /// Stretches in which a cockpit was watching.
    pub watches: Vec<Watch>,
    /// Mitigations in the order they were proposed.
    pub mitigations: Vec<Mitigation>,
    /// What was answered about a change before going back on it was offered, by the change's id.
    pub change_guards: BTreeMap<String, Guard>,
    /// Notes in the order they were written.
    pub notes: Vec<Note>,
    /// Whys put aside.
    pub whys: Vec<Note>,
    /// Answers to whys, in the order they were given; [`Incident::branches`] has them as a tree.
    pub causes: Vec<Why>,
    /// Readings kept.
    pub pins: Vec<Pin>,
    /// What folded symptoms stand for, by their ids.
    pub folded: BTreeMap<Id, Folded>,
    /// Answers to the questions of the review.
    pub answers: BTreeMap<Question, String>,
    /// What to do about it.
    pub actions: Vec<ActionItem>,
    /// Links worth keeping.
    pub links: Vec<(String, String)>,
    /// What variables of dashboards were set to, newest last: of each author and variable the newest.
    pub variables: Vec<ChosenValues>,
    /// Text left in fields, by author and field.
    pub drafts: BTreeMap<(String, String), String>,
    entries: Vec<Entry>,
    effective: Effective,
    places: Places,
    beyond: limits::Beyond,
    rollouts: rollouts::Rollouts,
    first_alerts: FirstAlerts,
    /// The entry of the first alert that was told to be the first.
    first_told: Option<Id>,
    writers: Writers,
    counters: Counters,
    authors: BTreeSet<String>,
    scores: ranking::Scores,
    standing: ranking::Standing,
    ranking_is_due: bool,
    first_alerts_are_due: bool,
    changes_are_due: bool,
    stamp: judgement::Stamp,
}

/// How many of each have ever been added, undone ones included, so that labels never shift.
#[derive(Clone, Debug, Default)]
struct Counters {
    rows: usize,
    columns: usize,
    mitigations: usize,
    /// Those that took effect.
    board_changes: usize,
}

impl Incident {
    /// Builds an incident from a whole log.
    pub fn replay(entries: impl IntoIterator<Item = Entry>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        let effective = Effective::after(entries.iter().map(|entry| &entry.event));
        let mut incident = Self { effective, ..Self::default() };
        entries.iter().for_each(|entry| incident.take(entry));
        incident.entries = entries;
        incident.judge();
        incident
    }

    /// Takes in the next entry of the log. Cannot fail.
    pub fn apply(&mut self, entry: Entry) {
        match entry.event {
            // What was undone must be as if it had never been: labels, ranks and all. Replaying is the only way of
            // being sure, and undoing is rare.
            Event::Undone { .. } | Event::Redone { .. } => {
                let mut entries = std::mem::take(&mut self.entries);
                entries.push(entry);
                *self = Self::replay(entries);
            }
            _ => {
                self.take(&entry);
                self.entries.push(entry);
            }
        }
        self.judge();
    }

    /// Takes in several at once.
    pub fn apply_all(&mut self, entries: Vec<Entry>) {
        let undoing = |e: &Entry| matches!(e.event, Event::Undone { .. } | Event::Redone { .. });
        if entries.iter().any(undoing) {
            let mut all = std::mem::take(&mut self.entries);
            all.extend(entries);
            *self = Self::replay(all);
        } else {
            entries.iter().for_each(|entry| self.take(entry));
            self.entries.extend(entries);
            self.judge();
        }
    }

    /// All entries, in order of the log.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether nothing was seen and nothing was noted: there is nothing to tell in notes.
    pub fn is_bare(&self) -> bool {
        self.entries.iter().all(|entry| entry.event.is_bare())
    }

    /// What is known of a group of alerts, by its source and its key there.
    pub fn alert(&self, source: &str, group: &str) -> Option<&AlertRecord> {
        self.alerts.get(self.alert_place(source, group)?)
    }

    /// Where among the [alerts](Self::alerts) a group is.
    pub fn alert_place(&self, source: &str, group: &str) -> Option<usize> {
        self.places.of_group(&self.alerts, source, group)
    }

    /// The mitigation of this id; `None` where nobody has proposed it.
    pub fn mitigation(&self, id: Id) -> Option<&Mitigation> {
        self.mitigations.iter().find(|m| m.id == id)
    }

    /// The newest change that a source gave this id.
    pub fn change_record(&self, id: &str) -> Option<&ChangeRecord> {
        self.changes.iter().find(|record| record.change.id == id)
    }

    /// The number of the newest entry; 0 when there is none.
    pub fn version(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    /// The state of the board that [`ranking`](Self::ranking) is of.
    pub fn stamp(&self) -> judgement::Stamp {
        self.stamp
    }

    /// Whether an event with this key is in the log.
    pub fn has_key(&self, key: &str) -> bool {
        self.effective.has_key(key)
    }

    /// The entry of the first alert that was told to be the first.
    pub(in crate::incident) fn first_told(&self) -> Option<Id> {
        self.first_told
    }

    /// An entry that was ever undone, or that is left out: what it added is not to be found elsewhere.
    pub(in crate::incident) fn without_effect(&self, id: Id) -> Option<&Entry> {
        let seq = self.effective.number_of(id).or_else(|| self.beyond.number_of(id))?;
        let at = self.entries.binary_search_by_key(&seq, |entry| entry.seq).ok()?;
        self.entries.get(at)
    }

    /// Whether an entry is undone.
    pub fn is_undone(&self, entry: Id) -> bool {
        self.effective.is_undone(entry)
    }

    /// Whether an entry is left out because there was too much of its kind.
    pub fn is_beyond(&self, entry: Id) -> bool {
        self.beyond.number_of(entry).is_some()
    }

    /// Whether an entry says again what another cockpit had already written.
    pub fn is_repeat(&self, entry: Id) -> bool {
        self.effective.is_repeat(entry)
    }

    /// When it began: as set; else when the first vital went out of range, because that is when users were hurt; else, as an
    /// estimate, when the first critical alert fired; else when the first alert did. Alerts that only inform, or that had been
    /// firing for hours when the cockpit was opened, speak of something else while there are others.
    pub fn onset(&self) -> Option<Timestamp> {
        if let Some((set, _)) = self.onset_set {
            return Some(set);
        }
        let vital =
            self.vitals.values().filter_map(|vital| vital.crossings.iter().find(|c| !c.inside)).map(|c| c.at).min();
        vital.or_else(|| self.first_alerts.onset())
    }

    /// What the variables of a dashboard were set to last, a pair for each value: by `who` where they have set it, else by
    /// whoever did.
    pub fn variables_of(&self, dashboard: &str, who: &str) -> Vec<(String, String)> {
        let mut newest: BTreeMap<&str, &ChosenValues> = BTreeMap::new();
        for known in self.variables.iter().filter(|known| known.dashboard == dashboard) {
            if known.by == who || newest.get(known.variable.as_str()).is_none_or(|other| other.by != who) {
                newest.insert(&known.variable, known);
            }
        }
        let pairs = |known: &ChosenValues| {
            known.values.iter().map(|value| (known.variable.clone(), value.clone())).collect::<Vec<_>>()
        };
        newest.into_values().flat_map(pairs).collect()
    }

    /// Whether anything has said that users were hurt; see [`Summary::has_bled`].
    pub fn has_bled(&self) -> bool {
        self.summary.has_bled()
    }

    /// The word for where it stands; see [`Summary::status_word`].
    pub fn status_word(&self) -> &'static str {
        self.summary.status_word()
    }

    /// Whether going back on a change may be offered: its kind is one that goes back, or someone said that nothing was
    /// written since.
    pub fn may_go_back(&self, change: &Change) -> bool {
        change.kind.is_revertible() || self.written_since(&change.id) == Some(GuardAnswer::No)
    }

    /// What was answered when it was asked whether anything was written since a change.
    pub fn written_since(&self, change: &str) -> Option<GuardAnswer> {
        Some(self.change_guards.get(change)?.get(&GuardQuestion::WrittenSince)?.answer)
    }

    /// The newest entries of `by` that can be undone and are not, newest first: all that one append brought.
    pub fn last_undoable(&self, by: &str) -> Vec<Id> {
        let can =
            |e: &&Entry| e.by == by && e.event.is_undoable() && !self.is_undone(e.id) && !self.is_bound_to_a_command(e);
        let newest_first = || self.entries.iter().rev();
        let Some(newest) = newest_first().find(can) else { return Vec::new() };
        let same_append = |e: &&Entry| e.at == newest.at && e.by == newest.by;
        newest_first().skip_while(|e| e.id != newest.id).take_while(same_append).filter(can).map(|e| e.id).collect()
    }

    /// The entries of `by` that were undone last and still are, in order of the log.
    pub fn last_undone(&self, by: &str) -> Vec<Id> {
        let undoing = |e: &Entry| match e.event {
            Event::Undone { entry } if e.by == by && self.is_undone(entry) => Some(entry),
            _ => None,
        };
        let newest_first = || self.entries.iter().rev();
        let Some(newest) = newest_first().find(|e| undoing(e).is_some()) else { return Vec::new() };
        let same_append = |e: &&Entry| e.at == newest.at && e.by == newest.by;
        let group = newest_first().skip_while(|e| e.id != newest.id).take_while(same_append);
        group.filter_map(undoing).collect()
    }

    /// Whether undoing an entry would hide that a command has been run.
    fn is_bound_to_a_command(&self, entry: &Entry) -> bool {
        let subject = match entry.event {
            Event::MitigationSet { mitigation, .. } => mitigation,
            Event::MitigationAdded { .. } => entry.id,
            _ => return false,
        };
        let known = self.mitigation(subject);
        known.is_some_and(|m| m.command.is_some() && m.state != MitigationState::Proposed)
    }
}
