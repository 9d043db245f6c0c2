//! One outage being worked: its facts, and the judgement that follows from them.
//!
//! [`Incident::apply`] is the only way facts get in, one journal [`Entry`] at a time, and it cannot fail: an entry that
//! names something unknown, or that this version cannot read, is kept and changes nothing. The live incident and the
//! replayed one are equal because both are built by the same calls on the same entries. Nothing here performs I/O or
//! reads a clock.

pub mod board;
pub mod cover;
pub mod event;
pub mod id;
pub mod learning;
pub mod mitigation;
pub mod next_check;
pub mod ranking;
pub mod report;
pub mod timeline;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

pub use board::{Board, Cell, Hypothesis, HypothesisState, Observation, ObservationState, Prior};
pub use event::{AlertTurn, Draft, Entry, Event, Status};
pub use id::{Id, Ids};
pub use learning::{ActionItem, ActionKind, Question};
pub use mitigation::{Mitigation, MitigationKind, MitigationState};
pub use ranking::Ranking;

use crate::signal::{Change, Severity, alert::AlertLinks};
use board::{Assumption, Evidence, column_label, row_label};

/// An alert that has been firing for so many hours before anyone opened the cockpit is not what opened it.
const OLD_NEWS_HOURS: i64 = 6;

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
    /// What follows from the board.
    pub ranking: Ranking,
    /// Each time the leader or the order changed, and what made it change.
    pub rank_turns: Vec<ranking::Turn>,
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
    /// Notes in the order they were written.
    pub notes: Vec<Note>,
    /// Whys put aside.
    pub whys: Vec<Note>,
    /// Readings kept.
    pub pins: Vec<Pin>,
    /// Answers to the questions of the review.
    pub answers: BTreeMap<Question, String>,
    /// What to do about it.
    pub actions: Vec<ActionItem>,
    /// Links worth keeping.
    pub links: Vec<(String, String)>,
    /// Text left in fields, by field.
    pub drafts: BTreeMap<String, String>,
    entries: Vec<Entry>,
    undone: HashSet<Id>,
    repeats: HashSet<Id>,
    keys: HashSet<String>,
    counters: Counters,
}

/// How many of each have ever been added, undone ones included, so that labels never shift.
#[derive(Clone, Debug, Default)]
struct Counters {
    rows: usize,
    columns: usize,
    mitigations: usize,
}

/// A change of status.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct StatusTurn {
    pub status: Status,
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
}

/// What is known of an alert group over the whole incident.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRecord {
    /// The source it was seen at.
    pub source: String,
    /// Its key there.
    pub group: String,
    /// What people call it.
    pub title: String,
    /// How bad.
    pub severity: Severity,
    /// Where it leads to.
    pub links: AlertLinks,
    /// Whether it was the first to fire.
    pub first: bool,
    /// What happened to it: when, what, how many fired after that.
    pub turns: Vec<(Timestamp, AlertTurn, usize)>,
}

impl AlertRecord {
    /// When it first fired.
    pub fn since(&self) -> Option<Timestamp> {
        self.turns.first().map(|turn| turn.0)
    }

    /// Whether it fires, as far as was last seen.
    pub fn is_firing(&self) -> bool {
        matches!(self.turns.last(), Some((_, AlertTurn::Fired | AlertTurn::FiringWhenOpened, _)))
    }
}

/// A change, and where it was seen.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct ChangeRecord {
    pub source: String,
    pub change: Change,
}

/// What a vital did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VitalRecord {
    /// Its range in words.
    pub ok: String,
    /// Crossings: when, whether inside after it, the value with its unit.
    pub crossings: Vec<(Timestamp, bool, String)>,
    /// Stretches outside its range, by their start.
    pub stretches: BTreeMap<Timestamp, Stretch>,
}

/// A stretch of a vital outside its range, as measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Until when it was measured.
    pub until: Timestamp,
    /// Seconds really measured outside.
    pub seconds: f64,
    /// The worst value.
    pub worst: f64,
    /// The worst value with its unit.
    pub shown: String,
    /// Distance from the range times minutes.
    pub area: f64,
}

/// A stretch in which a source did not answer.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct SourceOutage {
    pub source: String,
    pub error: String,
    pub since: Timestamp,
    pub until: Option<Timestamp>,
}

/// A stretch in which a cockpit was watching. Without an end it was cut off; `last` is the last sign of it.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Watch {
    pub session: Id,
    pub by: String,
    pub since: Timestamp,
    pub until: Option<Timestamp>,
    pub last: Timestamp,
}

/// Something a person wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Its name in the log.
    pub id: Id,
    /// When it happened.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: String,
    /// Its text.
    pub text: String,
}

/// A reading that was kept.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Pin {
    pub id: Id,
    pub at: Timestamp,
    pub by: String,
    pub evidence: Evidence,
}

impl Incident {
    /// Builds an incident from a whole log.
    pub fn replay(entries: impl IntoIterator<Item = Entry>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        let mut incident = Self { undone: undone_after(&entries), ..Self::default() };
        for entry in entries {
            incident.take(entry);
        }
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
    }

    /// All entries, in order of the log.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The number of the newest entry; 0 when there is none.
    pub fn version(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
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

    /// When it began: as set; else when the first vital went out of range, because that is when users were hurt; else when
    /// the first alert fired. Alerts that only inform, or that had been firing for hours when the cockpit was opened, speak
    /// of something else while there are others.
    pub fn onset(&self) -> Option<Timestamp> {
        if let Some((set, _)) = self.onset_set {
            return Some(set);
        }
        let vital = self.vitals.values().filter_map(|vital| vital.crossings.iter().find(|c| !c.1)).map(|c| c.0).min();
        let first = |worth: &dyn Fn(&AlertRecord) -> bool| {
            self.alerts.iter().filter(|record| worth(record)).filter_map(AlertRecord::since).min()
        };
        let telling = |record: &AlertRecord| {
            let hours =
                self.opened.zip(record.since()).map_or(0, |(opened, since)| opened.duration_since(since).as_hours());
            !matches!(record.severity, Severity::Info | Severity::None) && hours < OLD_NEWS_HOURS
        };
        vital.or_else(|| first(&telling)).or_else(|| first(&|_| true))
    }

    /// The mitigation that is running, if one is; the newest of several.
    pub fn running_mitigation(&self) -> Option<&Mitigation> {
        self.mitigations.iter().rev().find(|m| m.state == MitigationState::Running)
    }

    /// The newest entry of `by` that can be undone and is not.
    pub fn last_undoable(&self, by: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| e.by == by && e.event.is_undoable() && !self.is_undone(e.id))
    }

    fn take(&mut self, entry: Entry) {
        // Neither a new cockpit nor a note, which may come from a shell, shows that an older cockpit still watches, and
        // what is written after a newer one was closed is no sign of one that was cut off before.
        if !matches!(entry.event, Event::WatchStarted { .. } | Event::Noted { .. })
            && let Some(watch) = self.watches.iter_mut().rev().find(|watch| watch.by == entry.by)
            && watch.until.is_none()
        {
            watch.last = watch.last.max(entry.at);
        }
        if let Some(key) = entry.event.dedup_key()
            && !self.keys.insert(key.to_owned())
        {
            self.repeats.insert(entry.id); // seen by two cockpits at once; the first one counts
            self.entries.push(entry);
            return;
        }
        let holds = !self.undone.contains(&entry.id);
        self.count(&entry.event);
        if holds {
            self.change(&entry);
            if touches_board(&entry.event) {
                self.rerank(&entry);
            }
        }
        self.entries.push(entry);
    }

    fn count(&mut self, event: &Event) {
        match event {
            Event::HypothesisAdded { .. } => self.counters.rows += 1,
            Event::ObservationAdded { .. } => self.counters.columns += 1,
            Event::MitigationAdded { .. } => self.counters.mitigations += 1,
            _ => {}
        }
    }

    fn rerank(&mut self, entry: &Entry) {
        self.mark_stoppable();
        let next = ranking::rank(&self.board);
        if let Some(turn) = ranking::Turn::between(&self.ranking, &next, &self.board, entry) {
            self.rank_turns.push(turn);
        }
        self.ranking = next;
    }

    /// A row is stoppable when a mitigation for it is ready and can be undone.
    fn mark_stoppable(&mut self) {
        let ready = |m: &&Mitigation| m.kind.is_reversible() && m.state == MitigationState::Proposed;
        let with: HashSet<_> = self.mitigations.iter().filter(ready).filter_map(|m| m.hypothesis).collect();
        for row in &mut self.board.hypotheses {
            row.stoppable = with.contains(&row.id);
        }
    }

    fn change(&mut self, entry: &Entry) {
        let at = entry.event.when().unwrap_or(entry.at);
        match entry.event.clone() {
            Event::IncidentOpened { title, drill } => {
                self.title = title;
                self.drill = drill;
                self.opened.get_or_insert(entry.at);
            }
            Event::WatchStarted { session } => {
                self.watches.push(Watch { session, by: entry.by.clone(), since: entry.at, until: None, last: entry.at })
            }
            Event::WatchStopped { session, .. } => {
                if let Some(watch) = self.watches.iter_mut().find(|w| w.session == session) {
                    watch.until = Some(at);
                }
            }
            Event::Retitled { title } => self.title = title,
            Event::SeveritySet { severity } => self.severity = Some(severity).filter(|s| !s.is_empty()),
            Event::OnsetSet { when, basis } => self.onset_set = Some((when, basis)),
            Event::StatusSet { status, reason, .. } => {
                self.status = status;
                self.status_history.push(StatusTurn { status, at, by: entry.by.clone(), reason });
            }
            Event::Acknowledged { .. } => {
                self.acknowledged.get_or_insert_with(|| (entry.at, entry.by.clone()));
            }
            Event::Noted { text, .. } => self.notes.push(Note { id: entry.id, at, by: entry.by.clone(), text }),
            Event::WhyParked { text } => self.whys.push(Note { id: entry.id, at, by: entry.by.clone(), text }),
            Event::DraftKept { field, text } if text.is_empty() => drop(self.drafts.remove(&field)),
            Event::DraftKept { field, text } => drop(self.drafts.insert(field, text)),
            Event::Pinned { evidence } => {
                self.pins.push(Pin { id: entry.id, at, by: entry.by.clone(), evidence });
            }
            Event::Answered { question, text } if text.is_empty() => drop(self.answers.remove(&question)),
            Event::Answered { question, text } => drop(self.answers.insert(question, text)),
            Event::ActionAdded { text, owner, due, action_kind: kind } => {
                self.actions.push(ActionItem { id: entry.id, text, owner, due, kind });
            }
            Event::LinkAdded { title, url } => self.links.push((title, url)),
            Event::AlertTurned { .. }
            | Event::SourceLost { .. }
            | Event::SourceBack { .. }
            | Event::VitalCrossed { .. }
            | Event::VitalWorsened { .. }
            | Event::ChangeSeen { .. } => self.observe(entry.event.clone()),
            Event::MitigationAdded { .. } | Event::MitigationSet { .. } => self.mitigate(entry),
            Event::CommandRan { .. }
            | Event::Undone { .. }
            | Event::Redone { .. }
            | Event::TailRepaired { .. }
            | Event::Unknown(_) => {}
            _ => self.change_board(entry),
        }
    }

    fn observe(&mut self, event: Event) {
        match event {
            Event::AlertTurned { source, group, title, severity, turn, firing, when, first, links, .. } => {
                let known = self.alerts.iter_mut().find(|a| a.source == source && a.group == group);
                match known {
                    Some(record) => {
                        record.severity = record.severity.min(severity);
                        record.turns.push((when, turn, firing));
                    }
                    None => self.alerts.push(AlertRecord {
                        source,
                        group,
                        title,
                        severity,
                        links,
                        first,
                        turns: vec![(when, turn, firing)],
                    }),
                }
            }
            Event::SourceLost { source, error, when, .. } => {
                self.outages.push(SourceOutage { source, error, since: when, until: None });
            }
            Event::SourceBack { source, when, .. } => {
                let open = self.outages.iter_mut().rev().find(|o| o.source == source && o.until.is_none());
                if let Some(outage) = open {
                    outage.until = Some(when);
                }
            }
            Event::VitalCrossed { vital, shown, ok, inside, when, .. } => {
                let record = self.vitals.entry(vital).or_default();
                record.ok = ok;
                record.crossings.push((when, inside, shown));
            }
            Event::VitalWorsened { vital, since, until, seconds, worst, shown, area } => {
                let stretch = Stretch { until, seconds, worst, shown, area };
                let stretches = &mut self.vitals.entry(vital).or_default().stretches;
                // Two cockpits measure the same stretch; the one that saw more of it counts.
                match stretches.get(&since) {
                    Some(known) if known.seconds > stretch.seconds => {}
                    _ => drop(stretches.insert(since, stretch)),
                }
            }
            Event::ChangeSeen { source, change, .. } => {
                let at = self.changes.partition_point(|known| known.change.at > change.at);
                self.changes.insert(at, ChangeRecord { source, change });
            }
            _ => {}
        }
    }

    fn mitigate(&mut self, entry: &Entry) {
        match entry.event.clone() {
            Event::MitigationAdded { text, mitigation_kind, hypothesis, command, change } => {
                self.mitigations.push(Mitigation {
                    id: entry.id,
                    label: format!("m{}", self.counters.mitigations),
                    text,
                    kind: mitigation_kind,
                    hypothesis,
                    command,
                    change,
                    state: MitigationState::Proposed,
                    history: vec![(entry.at, MitigationState::Proposed, String::new())],
                    by: entry.by.clone(),
                });
            }
            Event::MitigationSet { mitigation, state, note } => {
                if let Some(known) = self.mitigations.iter_mut().find(|m| m.id == mitigation) {
                    known.state = state;
                    known.history.push((entry.at, state, note));
                }
            }
            _ => {}
        }
    }

    fn change_board(&mut self, entry: &Entry) {
        let board = &mut self.board;
        let at = entry.event.when().unwrap_or(entry.at);
        match entry.event.clone() {
            Event::ObservationAdded { text, state, origin, evidence, check, .. } => {
                board.observations.push(Observation {
                    id: entry.id,
                    label: column_label(self.counters.columns - 1),
                    text,
                    state,
                    note: String::new(),
                    origin,
                    coincidence: false,
                    when: at,
                    cleared: None,
                    evidence,
                    check,
                    by: entry.by.clone(),
                });
            }
            Event::ObservationSet { observation, state, note, .. } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.state = state;
                    column.note = note;
                    column.when = at;
                    column.cleared = None;
                }
            }
            Event::ObservationCleared { observation, when } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.cleared = when;
                }
            }
            Event::ObservationReworded { observation, text } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.text = text;
                }
            }
            Event::OriginSet { observation, origin } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.origin = origin;
                }
            }
            Event::CoincidenceSet { observation, coincidence } => {
                if let Some(column) = board.observation_mut(observation) {
                    column.coincidence = coincidence;
                }
            }
            Event::HypothesisAdded { text, prior, changed, from } => board.hypotheses.push(Hypothesis {
                id: entry.id,
                label: row_label(self.counters.rows - 1),
                text,
                state: HypothesisState::Open,
                reason: String::new(),
                since: entry.at,
                prior,
                changed,
                from,
                owner: None,
                by: entry.by.clone(),
                stoppable: false,
            }),
            Event::HypothesisEdited { hypothesis, text, prior, changed, owner } => {
                if let Some(row) = board.hypothesis_mut(hypothesis) {
                    row.text = text;
                    row.prior = prior;
                    row.changed = changed;
                    row.owner = owner;
                }
            }
            Event::HypothesisSet { hypothesis, state, reason } => {
                if let Some(row) = board.hypothesis_mut(hypothesis) {
                    row.state = state;
                    row.reason = reason;
                    row.since = entry.at;
                }
            }
            Event::CellSet { hypothesis, observation, cell } => {
                board.set_cell(hypothesis, observation, cell, &entry.by);
            }
            Event::RankedByHand { order } => board.hand_order = order,
            Event::AssumptionAdded { text, hypothesis } => board.assumptions.push(Assumption {
                id: entry.id,
                text,
                hypothesis,
                state: event::AssumptionState::Unpoked,
            }),
            Event::AssumptionSet { assumption, state } => {
                if let Some(known) = board.assumptions.iter_mut().find(|a| a.id == assumption) {
                    known.state = state;
                }
            }
            _ => {}
        }
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

/// Whether the ranking can differ after this event.
fn touches_board(event: &Event) -> bool {
    matches!(
        event,
        Event::ObservationAdded { .. }
            | Event::ObservationSet { .. }
            | Event::OriginSet { .. }
            | Event::CoincidenceSet { .. }
            | Event::HypothesisAdded { .. }
            | Event::HypothesisEdited { .. }
            | Event::HypothesisSet { .. }
            | Event::CellSet { .. }
            | Event::MitigationAdded { .. }
            | Event::MitigationSet { .. }
    )
}
