//! What a line of the folded timeline is: its words, its class, and what tells its subject from all others. What is done
//! with many of them is the matter of [`digest`](super).

use jiff::Timestamp;

use super::DigestLine;
use crate::{
    base::human_time::{seconds_between, two_units},
    incident::{
        AlertTurn, Event, Incident, Mitigation, ObservationState,
        timeline::{Item, Kind, entry, is_first_alert},
    },
};

/// A note longer than this is cut here; it stands in full elsewhere.
pub(super) const NOTE: usize = 200;

/// A line with what folding needs to know of it.
pub(super) struct ClassedLine {
    pub line: DigestLine,
    /// Lines of one class can become one.
    pub class: LineClass,
    /// What it is about, in few words.
    pub subject: String,
    /// What tells that subject from all others; empty when it does not matter.
    pub key: String,
    /// Whether filling the board goes on across it.
    pub stays_in_one_go: bool,
    /// Whether something begins with it that ends with a later line of its key; `None` for what does neither.
    pub starts: Option<bool>,
    /// How bad what begins with it is; of lines of one key, the greater, the worse.
    pub weight: f64,
}

/// What kind of line it is, where that decides what it may be folded with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LineClass {
    Alone,
    /// A guard whose answers stand with the mitigation it was asked for.
    Guard,
    Cells {
        by: String,
        /// Label of the row, and of the column.
        places: Vec<(String, String)>,
    },
    Fired,
    FiringWhenOpened,
    Resolved,
    LostSight,
    SourceLost,
    SourceBack,
    Vital,
    Check,
    Change,
    /// Put on the board; many at once come from a file.
    Column,
    Row,
}

impl ClassedLine {
    /// Classes an item; `None` for what is told elsewhere in the notes.
    pub fn of(item: Item, incident: &Incident) -> Option<Self> {
        let entry = entry(incident, item.seq)?;
        let (class, subject, key) = match &entry.event {
            Event::CellSet { hypothesis, observation, .. } => {
                let row = incident.board.hypothesis(*hypothesis).map(|row| row.label.clone());
                let column = incident.board.observation(*observation).map(|column| column.label.clone());
                let places = vec![(row.unwrap_or_default(), column.unwrap_or_default())];
                (LineClass::Cells { by: item.by.clone(), places }, String::new(), String::new())
            }
            Event::AlertTurned { source, group, title, turn, .. } => {
                let class = match turn {
                    AlertTurn::Fired if is_first_alert(entry, incident) => LineClass::Alone,
                    AlertTurn::Unmuted => LineClass::Alone,
                    AlertTurn::Fired => LineClass::Fired,
                    AlertTurn::FiringWhenOpened => LineClass::FiringWhenOpened,
                    AlertTurn::Resolved => LineClass::Resolved,
                    AlertTurn::LostSight => LineClass::LostSight,
                };
                (class, title.clone(), format!("alert {source} {group}"))
            }
            Event::SourceLost { source, .. } => (LineClass::SourceLost, source.clone(), format!("source {source}")),
            Event::SourceBack { source, .. } => (LineClass::SourceBack, source.clone(), format!("source {source}")),
            Event::VitalCrossed { vital, .. } | Event::VitalWorsened { vital, .. } => {
                (LineClass::Vital, vital.clone(), format!("vital {vital}"))
            }
            Event::CheckTurned { observation, .. } => {
                let column = incident.board.observation(*observation);
                let name = column.map(|column| format!("{} {}", column.label, column.text)).unwrap_or_default();
                (LineClass::Check, name, format!("check {observation}"))
            }
            Event::ChangeSeen { change, .. } => (LineClass::Change, change.title.clone(), change.id.clone()),
            Event::ObservationAdded { text, .. } => (LineClass::Column, text.clone(), String::new()),
            Event::HypothesisAdded { text, .. } => (LineClass::Row, text.clone(), String::new()),
            // What is expected of a mitigation is the guard's last answer again, and stands with the mitigation.
            Event::MitigationPlanned { .. } => return None,
            Event::GuardAnswered { mitigation, change, .. } => {
                let of = |m: &&Mitigation| Some(m.id) == *mitigation || (change.is_some() && m.change == *change);
                match incident.mitigations.iter().find(of) {
                    Some(m) => (LineClass::Guard, format!("{}: {}", m.label, m.text), format!("guard {}", m.id)),
                    None => (LineClass::Alone, String::new(), String::new()),
                }
            }
            _ => (LineClass::Alone, String::new(), String::new()),
        };
        let (starts, weight) = turn_of(&entry.event, item.at, incident);
        let what = match &entry.event {
            Event::Noted { text, .. } => opening(text, &item.what),
            Event::ChangeSeen { .. } => item.what + &before_onset(item.at, incident),
            _ => item.what,
        };
        let by = (!item.machine).then_some(item.by);
        // Another row or column does not interrupt a person who fills the board.
        let stays_in_one_go = item.kind == Kind::Board;
        let line = DigestLine { at: item.at, by, what, important: item.important };
        Some(Self { line, class, subject, key, stays_in_one_go, starts, weight })
    }
}

/// Whether an event begins or ends something, and how bad that is.
fn turn_of(event: &Event, at: Timestamp, incident: &Incident) -> (Option<bool>, f64) {
    let worst = |vital: &String| {
        let record = incident.vitals.get(vital)?;
        let (_, stretch) = record.stretches.range(..=at).next_back().filter(|(_, stretch)| stretch.until >= at)?;
        Some(record.badness(stretch.worst)).filter(|bad| !bad.is_nan())
    };
    match event {
        Event::AlertTurned { turn, firing, .. } => (Some(turn.is_firing()), *firing as f64),
        Event::SourceLost { .. } => (Some(true), 0.0),
        Event::SourceBack { .. } => (Some(false), 0.0),
        Event::VitalCrossed { vital, inside, value, .. } => {
            let record = incident.vitals.get(vital);
            let then = || record.map_or(f64::NEG_INFINITY, |record| record.badness(*value));
            (Some(!inside), worst(vital).unwrap_or_else(then))
        }
        Event::VitalWorsened { vital, .. } => (None, worst(vital).unwrap_or(f64::NEG_INFINITY)),
        Event::CheckTurned { state, .. } => (Some(*state == ObservationState::Present), 0.0),
        _ => (None, 0.0),
    }
}

/// How long before the onset a change was.
fn before_onset(at: Timestamp, incident: &Incident) -> String {
    match incident.onset() {
        Some(onset) if at < onset => format!(", {} before it began", two_units(seconds_between(at, onset))),
        _ => String::new(),
    }
}

/// The first line of a long note, and that there is more.
fn opening(text: &str, whole: &str) -> String {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default().trim();
    let more = lines.count();
    if more == 0 && first.chars().count() <= NOTE {
        return whole.to_owned();
    }
    let cut: String = first.chars().take(NOTE).collect();
    let dots = if cut.len() < first.len() { "…" } else { "" };
    let more = match more {
        0 => "in full under Raw notes".to_owned(),
        1 => "1 more line under Raw notes".to_owned(),
        more => format!("{more} more lines under Raw notes"),
    };
    format!("{cut}{dots} ({more})")
}
