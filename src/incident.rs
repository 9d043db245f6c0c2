//! One outage being worked: its facts, and the judgement that follows from them.
//!
//! [`Incident::apply`] is the only way facts get in, one journal [`Entry`] at a time, and it cannot fail: an entry that
//! names something unknown, or that this version cannot read, is kept and changes nothing. The live incident and the
//! replayed one are equal because both are built by the same calls on the same entries. Nothing here performs I/O or
//! reads a clock.

mod apply;
pub mod board;
pub mod check;
mod clearing;
pub mod cover;
pub mod event;
mod exercise;
#[cfg(test)]
mod fixture;
pub mod folded;
pub mod id;
pub mod judgement;
pub mod learning;
pub mod mitigation;
pub mod next_check;
pub mod ranking;
pub mod record;
pub mod report;
pub mod timeline;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

pub use board::{Board, Cell, Hypothesis, HypothesisState, Observation, ObservationState, Prior};
pub use check::CheckRun;
pub use event::{AlertTurn, Draft, Entry, Event, Status};
pub use exercise::Exercise;
pub use folded::{Folded, FoldedGroup};
pub use id::{Id, Ids};
pub use learning::{
    ActionItem, ActionKind, Question,
    whys::{Branch, End, Why},
};
pub use mitigation::{Guard, GuardAnswer, GuardQuestion, GuardReply, Mitigation, MitigationKind, MitigationState};
pub use ranking::Ranking;
pub use record::{AlertRecord, ChangeRecord, Note, Pin, SourceOutage, StatusTurn, Stretch, VitalRecord, Watch};

use crate::signal::{Change, Severity};

/// An alert that has been firing for so many hours before anyone opened the cockpit is not what opened it.
const OLD_NEWS_HOURS: i64 = 6;

/// Where an incident stands that nothing has yet said to be one.
pub const WATCHING: &str = "watching";

/// Everything known about one outage.
#[derive(Clone, Debug, Default)]
pub struct Incident {
    /// What it is called.
    pub title: String,
    /// Whether it is an exercise.
    pub drill: bool,
    /// The team's own word for how bad it is.
    pub severity: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Each status it came to, when, by whom and why.
    pub status_history: Vec<StatusTurn>,
    /// When the journal was opened.
    pub opened: Option<Timestamp>,
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
    /// Changes seen, newest first.
    pub changes: Vec<ChangeRecord>,
    /// Vitals that crossed their range, by title.
    pub vitals: BTreeMap<String, VitalRecord>,
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
    /// Text left in fields, by author and field.
    pub drafts: BTreeMap<(String, String), String>,
    entries: Vec<Entry>,
    undone: HashSet<Id>,
    repeats: HashSet<Id>,
    keys: HashSet<String>,
    counters: Counters,
    authors: BTreeSet<String>,
    scores: ranking::Scores,
    standing: ranking::Standing,
    ranking_is_due: bool,
    stamp: judgement::Stamp,
}

/// How many of each have ever been added, undone ones included, so that labels never shift.
#[derive(Clone, Debug, Default)]
struct Counters {
    rows: usize,
    columns: usize,
    mitigations: usize,
}

impl Incident {
    /// Builds an incident from a whole log.
    pub fn replay(entries: impl IntoIterator<Item = Entry>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        let mut incident = Self { undone: undone_after(&entries), ..Self::default() };
        incident.entries.reserve(entries.len());
        for entry in entries {
            incident.take(entry);
        }
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
            _ => self.take(entry),
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
            entries.into_iter().for_each(|entry| self.take(entry));
            self.judge();
        }
    }

    /// All entries, in order of the log.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
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
        self.keys.contains(key)
    }

    /// Whether an entry is undone.
    pub fn is_undone(&self, entry: Id) -> bool {
        self.undone.contains(&entry)
    }

    /// Whether an entry says again what another cockpit had already written.
    pub fn is_repeat(&self, entry: Id) -> bool {
        self.repeats.contains(&entry)
    }

    /// When it began: as set; else when the first vital went out of range, because that is when users were hurt; else, as an
    /// estimate, when the first critical alert fired; else when the first alert did. Alerts that only inform, or that had been
    /// firing for hours when the cockpit was opened, speak of something else while there are others.
    pub fn onset(&self) -> Option<Timestamp> {
        if let Some((set, _)) = self.onset_set {
            return Some(set);
        }
        let vital = self.vitals.values().filter_map(|vital| vital.crossings.iter().find(|c| !c.1)).map(|c| c.0).min();
        let first = |worth: &dyn Fn(&AlertRecord) -> bool| {
            self.alerts.iter().filter(|record| worth(record)).filter_map(AlertRecord::since).min()
        };
        let is_news = |record: &AlertRecord| {
            let hours =
                self.opened.zip(record.since()).map_or(0, |(opened, since)| opened.duration_since(since).as_hours());
            hours < OLD_NEWS_HOURS
        };
        let pages = |record: &AlertRecord| record.severity == Severity::Critical && is_news(record);
        let tells =
            |record: &AlertRecord| !matches!(record.severity, Severity::Info | Severity::None) && is_news(record);
        vital.or_else(|| first(&pages)).or_else(|| first(&tells)).or_else(|| first(&|_| true))
    }

    /// Whether anything has said that users were hurt: a person, a vital out of its range, an alert that pages, a symptom.
    /// An incident is open, and its status `bleeding`, from its first entry on; until then it is being watched.
    pub fn has_bled(&self) -> bool {
        let hurt = || self.vitals.values().any(|vital| vital.crossings.iter().any(|crossing| !crossing.1));
        let paged = || self.alerts.iter().any(|alert| alert.severity == Severity::Critical);
        let seen = || self.board.observations.iter().any(|column| column.state == ObservationState::Present);
        !self.status_history.is_empty() || self.onset_set.is_some() || hurt() || paged() || seen()
    }

    /// The word for where it stands: that of its status, or `watching` while nothing says that users are hurt.
    pub fn status_word(&self) -> &'static str {
        match self.status {
            Status::Bleeding if !self.has_bled() => WATCHING,
            status => status.word(),
        }
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
        let known = self.mitigations.iter().find(|m| m.id == subject);
        known.is_some_and(|m| m.command.is_some() && m.state != MitigationState::Proposed)
    }
}

/// The entries that are undone at the end of a log: the newest word on each counts.
fn undone_after(entries: &[Entry]) -> HashSet<Id> {
    let mut last = HashMap::new();
    for entry in entries {
        match entry.event {
            Event::Undone { entry: id } => drop(last.insert(id, true)),
            Event::Redone { entry: id } => drop(last.insert(id, false)),
            _ => {}
        }
    }
    last.into_iter().filter_map(|(id, undone)| undone.then_some(id)).collect()
}
