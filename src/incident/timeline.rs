//! The timeline that writes itself: entries in the order they happened, in plain words.
//!
//! Words here are neither escaped nor cut; whoever shows them does both. Nothing is left out but what says nothing of
//! the incident (drafts, running totals of a vital). What was undone is kept and flagged.

mod cells;
pub mod digest;
pub mod time;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};

use super::{Entry, Event, Id, Incident, VitalRecord, ranking::Turn};
use crate::base::{
    human_time::{seconds_between, two_units},
    text,
};

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// When it happened.
    pub at: Timestamp,
    /// The entry it comes from.
    pub entry: Id,
    /// That entry's number.
    pub seq: u64,
    /// Who wrote that entry: `alice@host`. For what a machine saw, the one whose cockpit it was.
    pub by: String,
    /// One line, in plain words.
    pub what: String,
    /// What it is about.
    pub kind: Kind,
    /// Whether it belongs to the spine of the story.
    pub important: bool,
    /// Whether its author took it back.
    pub undone: bool,
    /// Whether it was observed or derived, rather than written by a person.
    pub machine: bool,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A group of alerts turned.
    Alert,
    /// A vital crossed its range.
    Vital,
    /// A source was lost or came back.
    Source,
    /// Something was changed.
    Change,
    /// Rows, columns, cells, assumptions.
    Board,
    /// What a query that is watched shows of a column.
    Check,
    /// The order of the hypotheses changed.
    Rank,
    /// Something to stop the bleeding, and commands that ran.
    Mitigation,
    /// Opened, bleeding, stanched, closed.
    Status,
    /// What a person wrote, parked or pinned.
    Note,
    /// What a person decided: acknowledged, severity, onset, refuted, confirmed.
    Decision,
    /// A cockpit began or stopped watching.
    Watch,
    /// Answers, actions and links of the review.
    Review,
    /// About the log itself.
    Log,
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Vital => "vital",
            Self::Source => "source",
            Self::Change => "change",
            Self::Board => "board",
            Self::Check => "check",
            Self::Rank => "rank",
            Self::Mitigation => "act",
            Self::Status => "status",
            Self::Note => "note",
            Self::Decision => "decision",
            Self::Watch => "watch",
            Self::Review => "review",
            Self::Log => "log",
        }
    }

    /// Whether lines of this kind come from what a machine saw or worked out.
    fn is_machine(self) -> bool {
        use Kind::*;
        matches!(self, Alert | Vital | Source | Change | Check | Rank | Watch | Log)
    }
}

/// The whole timeline, with times in its words in UTC: by when it happened, then by place in the log.
pub fn items(incident: &Incident) -> Vec<Item> {
    items_in(incident, &TimeZone::UTC)
}

fn items_in(incident: &Incident, zone: &TimeZone) -> Vec<Item> {
    let entries = incident.entries().iter().filter_map(|entry| item_in(entry, incident, zone));
    let turns = incident.rank_turns.iter().filter_map(|turn| turned(turn, incident));
    let mut items: Vec<_> = entries.chain(turns).chain(untold(incident)).collect();
    // Stable, so what an entry did to the ranking stays behind the entry.
    items.sort_by_key(|item| (item.at, item.seq));
    items
}

/// The timeline as the cockpit shows it, with times in the zone of its screen: cells that one person filled in one after
/// the other are one line.
pub fn shown(incident: &Incident, zone: &TimeZone) -> Vec<Item> {
    cells::folded(items_in(incident, zone), incident)
}

/// The line of one entry; none for what says nothing of the incident, or was already said by another cockpit.
pub fn item(entry: &Entry, incident: &Incident) -> Option<Item> {
    item_in(entry, incident, &TimeZone::UTC)
}

/// The line of one entry, with the times in its words in this zone; none where [`item`] has none.
pub fn item_in(entry: &Entry, incident: &Incident, zone: &TimeZone) -> Option<Item> {
    if incident.is_repeat(entry.id) {
        return None;
    }
    let words::Said { kind, what, important } = words::say(entry, incident, zone)?;
    Some(Item {
        at: happened(entry, incident),
        entry: entry.id,
        seq: entry.seq,
        by: entry.by.clone(),
        what: one_line(&what),
        kind,
        important,
        undone: incident.is_undone(entry.id),
        machine: kind.is_machine() && !matches!(entry.event, Event::Undone { .. } | Event::Redone { .. }),
    })
}

/// A line for each time a vital was outside its range so shortly after the time before that it was not told to leave and
/// to come back. What was before anyone watched is no part of this.
fn untold(incident: &Incident) -> Vec<Item> {
    let watched = incident.watches.iter().map(|watch| watch.since).min();
    let left = |record: &VitalRecord| record.crossings.iter().filter(|c| !c.inside).map(|c| c.at).collect();
    // What was told of each vital: when it left its range.
    let mut told: BTreeMap<&str, BTreeSet<Timestamp>> =
        incident.vitals.iter().map(|(title, record)| (title.as_str(), left(record))).collect();
    let mut line = |entry: &Entry| {
        let Event::VitalWorsened { vital, since, back: Some(back), shown, .. } = &entry.event else { return None };
        let told = told.get_mut(vital.as_str())?;
        let is_told = told.range(since..).next().is_some_and(|left| left <= back);
        if is_told || watched.is_none_or(|watched| *since < watched) {
            return None;
        }
        told.insert(*since); // once
        let long = two_units(seconds_between(*since, *back));
        Some(Item {
            at: *since,
            entry: entry.id,
            seq: entry.seq,
            by: entry.by.clone(),
            what: one_line(&format!("{vital} left its range again for {long}: {shown}")),
            kind: Kind::Vital,
            important: false,
            undone: false,
            machine: true,
        })
    };
    incident.entries().iter().filter_map(&mut line).collect()
}

/// The line of a turn of the ranking. It stands where the entry that made it was written: whatever that entry tells of,
/// nobody ranked anything before. None without that entry.
pub fn turned(turn: &Turn, incident: &Incident) -> Option<Item> {
    let entry = entry(incident, turn.seq)?;
    Some(Item {
        at: entry.at,
        entry: entry.id,
        seq: turn.seq,
        by: String::new(),
        what: one_line(&turn.text),
        kind: Kind::Rank,
        important: true,
        undone: false,
        machine: true,
    })
}

/// The timeline as text, one line an item, in UTC: `2026-11-22 03:14:05Z  alert   stanch  CheckoutErrorRate fired`.
pub fn text(incident: &Incident) -> String {
    let items = items(incident);
    let author = |item: &Item| text::line(if item.machine { "stanch" } else { &item.by }).into_owned();
    let width = items.iter().map(|item| author(item).chars().count()).max().unwrap_or(0).min(24);
    let mut out = String::new();
    for item in &items {
        let (at, kind, by) = (item.at.strftime("%Y-%m-%d %H:%M:%SZ"), item.kind.word(), author(item));
        let without_effect = match () {
            () if item.undone => "  (undone)",
            () if incident.is_beyond(item.entry) => "  (left out)",
            () => "",
        };
        out.push_str(&format!("{at}  {kind:8}  {by:width$}  {}{without_effect}\n", item.what));
    }
    out
}

/// The entry of this number. They have no gaps, but a log that was merged may.
fn entry(incident: &Incident, seq: u64) -> Option<&Entry> {
    let entries = incident.entries();
    let guess = usize::try_from(seq).ok()?.checked_sub(1).and_then(|at| entries.get(at));
    let search = || entries.binary_search_by_key(&seq, |entry| entry.seq).ok().and_then(|at| entries.get(at));
    guess.filter(|entry| entry.seq == seq).or_else(search)
}

/// When an entry's line happened. A symptom is put where a person took it, not where it began: that stands in its
/// words, and what it was taken from has a line of its own.
fn happened(entry: &Entry, incident: &Incident) -> Timestamp {
    match &entry.event {
        Event::ObservationAdded { .. } => entry.at,
        Event::VitalCrossed { vital, when, .. } => {
            let crossings = incident.vitals.get(vital).map_or(&[][..], |record| &record.crossings);
            let known = crossings.binary_search_by_key(&entry.seq, |crossing| crossing.seq);
            known.map_or(*when, |known| crossings[known].at)
        }
        Event::AlertTurned { when, .. } if words::is_long_before(*when, entry.at) => entry.at,
        event => event.when().unwrap_or(entry.at),
    }
}

/// Whether this alert was the first of the incident. Two cockpits may each have taken theirs for it; the log decides.
fn is_first_alert(entry: &Entry, incident: &Incident) -> bool {
    incident.first_told() == Some(entry.id)
}

/// Several lines become one; control characters do not pass.
fn one_line(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    text::clipped(&lines.join(" / "), usize::MAX).into_owned()
}
