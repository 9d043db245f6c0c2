//! One row of the list of incidents.
//!
//! Made without reading every line: only the few kinds of event that a row shows are parsed, the others are skipped by
//! their fixed beginning, so that hundreds of incidents list in a moment.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    JournalError,
    file::{
        line::{self, Header},
        replay::{Part, whole_lines},
    },
};
use crate::{
    incident::{
        Id, ObservationState,
        event::{Entry, Event, Status},
    },
    signal::Severity,
};

/// An incident, in short.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// Whether anything has said that users were hurt; see [`Incident::has_bled`](crate::incident::Incident::has_bled).
    pub bled: bool,
    /// The team's own word for how bad it is.
    pub severity: Option<String>,
    /// Whether it is an exercise.
    pub drill: bool,
    /// When its journal was opened.
    pub opened: Option<Timestamp>,
    /// When its last entry was written.
    pub last: Option<Timestamp>,
    /// How many entries it has.
    pub entries: u64,
    /// Why it cannot be read, or not as a whole.
    pub unreadable: Option<String>,
}

impl Listing {
    /// Whether it has been learned from.
    pub fn is_closed(&self) -> bool {
        self.status == Status::Closed
    }
}

/// The row of the incident `id` from the parts of its journal, and what is in second journals only.
pub(super) fn list(id: &str, parts: Result<Vec<(Part, Vec<u8>)>, JournalError>, second: &[Entry]) -> Listing {
    let mut listing = Listing { id: id.to_owned(), ..Listing::default() };
    let parts = match parts {
        Ok(parts) => parts,
        Err(error) => return Listing { unreadable: Some(error.to_string()), ..listing },
    };
    let mut shown = Vec::new();
    for (part, bytes) in &parts {
        if let Err(reason) = skim(&bytes[..whole_lines(bytes)], &mut listing, &mut shown) {
            listing.unreadable = Some(format!("{} {reason}", part.name()));
        }
    }
    listing.entries += second.len() as u64;
    listing.last = listing.last.max(second.iter().map(|entry| entry.at).max());
    shown.extend_from_slice(second);
    let undone = undone(&shown);
    for entry in shown.iter().filter(|entry| !undone.contains_key(&entry.id)) {
        show(&mut listing, entry);
    }
    listing
}

fn skim(bytes: &[u8], listing: &mut Listing, shown: &mut Vec<Entry>) -> Result<(), String> {
    let mut lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return Err("is empty".to_owned()) };
    let header = line::decode_header(first).map_err(|damage| damage.to_string());
    let mut last = None;
    for line in lines {
        listing.entries += 1;
        last = Some(line);
        match kind(line) {
            Some(kind) if !is_shown(kind) => {
                // One is enough; a storm has thousands.
                if !listing.bled && may_hurt(kind) {
                    listing.bled = line::decode(line).is_ok_and(|entry| hurts(&entry.event));
                }
            }
            _ => shown.extend(line::decode(line).ok()),
        }
    }
    if let Some(last) = last.and_then(|line| line::decode(line).ok()) {
        listing.last = listing.last.max(Some(last.at));
    }
    match header? {
        header if Header::is_newer(&header) => Err(format!("is in format {}, newer than this version", header.format)),
        _ => Ok(()),
    }
}

/// The kind of a line's event; `None` for a line that does not begin as the format says and is parsed, to be sure.
fn kind(line: &[u8]) -> Option<&[u8]> {
    const BEFORE: &[u8] = b",\"event\":{\"kind\":\"";
    let at = line.windows(BEFORE.len()).position(|window| window == BEFORE)?;
    Some(line[at + BEFORE.len()..].split(|&byte| byte == b'"').next().unwrap_or_default())
}

/// Whether a row shows what an event of this kind says.
fn is_shown(kind: &[u8]) -> bool {
    const SHOWN: [&[u8]; 9] = [
        b"incident_opened",
        b"retitled",
        b"severity_set",
        b"status_set",
        b"onset_set",
        b"observation_added",
        b"observation_set",
        b"undone",
        b"redone",
    ];
    SHOWN.contains(&kind)
}

/// Whether an event of this kind may say that users are hurt, and cannot be undone.
fn may_hurt(kind: &[u8]) -> bool {
    matches!(kind, b"vital_crossed" | b"alert_turned" | b"check_turned")
}

fn hurts(event: &Event) -> bool {
    match event {
        Event::VitalCrossed { inside, .. } => !inside,
        Event::AlertTurned { severity, .. } => *severity == Severity::Critical,
        Event::CheckTurned { state, .. } => *state == ObservationState::Present,
        _ => false,
    }
}

/// The ids whose newest word is "undone".
fn undone(entries: &[Entry]) -> HashMap<Id, ()> {
    let mut undone = HashMap::new();
    for entry in entries {
        match entry.event {
            Event::Undone { entry } => drop(undone.insert(entry, ())),
            Event::Redone { entry } => drop(undone.remove(&entry)),
            _ => {}
        }
    }
    undone
}

fn show(listing: &mut Listing, entry: &Entry) {
    match &entry.event {
        Event::IncidentOpened { title, drill } => {
            listing.title.clone_from(title);
            listing.drill = *drill;
            listing.opened.get_or_insert(entry.at);
        }
        Event::Retitled { title } => listing.title.clone_from(title),
        Event::SeveritySet { severity } => listing.severity = Some(severity.clone()).filter(|word| !word.is_empty()),
        Event::StatusSet { status, .. } => (listing.status, listing.bled) = (*status, true),
        Event::OnsetSet { .. }
        | Event::ObservationAdded { state: ObservationState::Present, .. }
        | Event::ObservationSet { state: ObservationState::Present, .. } => listing.bled = true,
        _ => {}
    }
}
