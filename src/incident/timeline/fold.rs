//! The timeline as a reader of a postmortem wants it: what was undone is gone, runs of one kind are one line with a
//! count, a flapping alert says so once. Decisions, notes and actions are never folded.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    Item, Kind, entry, items,
    time::{clock, day, seconds_between},
};
use crate::incident::{AlertTurn, Event, Incident};

/// A line of the folded timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// When it happened, or the first of it.
    pub at: Timestamp,
    /// Which person, if it was one.
    pub by: Option<String>,
    /// In words; one line.
    pub what: String,
    /// Whether it belongs to the spine of the story.
    pub important: bool,
}

/// More turns of one alert group, vital or source than this are folded.
const TURNS: usize = 6;
/// More lines of one kind within a minute than this are folded.
const BURST: usize = 4;
/// Names shown of what was folded.
const NAMES: usize = 5;
/// Changes longer before the start than this are counted, not told.
const BEFORE: i64 = 6 * 3600;
/// A note longer than this is cut here; it stands in full elsewhere.
const NOTE: usize = 200;

/// The folded timeline of an incident.
pub fn lines(incident: &Incident) -> Vec<Line> {
    let shown = |item: &Item| !item.undone && !matches!(item.kind, Kind::Rank | Kind::Watch | Kind::Review | Kind::Log);
    let told = items(incident).into_iter().filter(shown).filter_map(|item| Told::of(item, incident)).collect();
    let told = without_old_changes(told, incident);
    bursts(flapping(told))
}

/// A line with what folding needs to know of it.
struct Told {
    line: Line,
    /// Lines of one class can become one.
    class: Class,
    /// What it is about, in few words.
    subject: String,
    /// What tells that subject from all others; empty when it does not matter.
    key: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Class {
    Alone,
    Cells(String),
    Fired,
    FiringWhenOpened,
    Resolved,
    LostSight,
    SourceLost,
    SourceBack,
    Vital,
    Change,
}

impl Told {
    fn of(item: Item, incident: &Incident) -> Option<Self> {
        let entry = entry(incident, item.seq)?;
        let (class, subject, key) = match &entry.event {
            Event::CellSet { .. } => (Class::Cells(item.by.clone()), String::new(), String::new()),
            Event::AlertTurned { source, group, title, turn, first, .. } => {
                let class = match turn {
                    AlertTurn::Fired if *first => Class::Alone,
                    AlertTurn::Fired => Class::Fired,
                    AlertTurn::FiringWhenOpened => Class::FiringWhenOpened,
                    AlertTurn::Resolved => Class::Resolved,
                    AlertTurn::LostSight => Class::LostSight,
                };
                (class, title.clone(), format!("alert {source} {group}"))
            }
            Event::SourceLost { source, .. } => (Class::SourceLost, source.clone(), format!("source {source}")),
            Event::SourceBack { source, .. } => (Class::SourceBack, source.clone(), format!("source {source}")),
            Event::VitalCrossed { vital, .. } => (Class::Vital, vital.clone(), format!("vital {vital}")),
            Event::ChangeSeen { change, .. } => (Class::Change, change.title.clone(), String::new()),
            _ => (Class::Alone, String::new(), String::new()),
        };
        let what = if let Event::Noted { text, .. } = &entry.event { opening(text, &item.what) } else { item.what };
        let by = (!item.machine).then_some(item.by);
        Some(Self { line: Line { at: item.at, by, what, important: item.important }, class, subject, key })
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

/// A feed of deploys reaches back for weeks. What was changed long before is counted in one line, unless someone set
/// out to undo it.
fn without_old_changes(told: Vec<Told>, incident: &Incident) -> Vec<Told> {
    let Some(start) = incident.onset().into_iter().chain(incident.opened).min() else { return told };
    let undone: Vec<_> = incident.mitigations.iter().filter_map(|m| m.change.as_deref()).collect();
    let wanted = incident.changes.iter().filter(|c| undone.contains(&c.change.id.as_str()));
    let wanted: Vec<_> = wanted.map(|c| (c.change.at, c.change.title.as_str())).collect();
    let is_old = |told: &Told| {
        told.class == Class::Change
            && seconds_between(told.line.at, start) > BEFORE
            && !wanted.contains(&(told.line.at, told.subject.as_str()))
    };
    let old = told.iter().filter(|told| is_old(told)).count();
    let Some(first) = told.iter().find(|told| is_old(told)).map(|told| told.line.at) else { return told };
    let what = match old {
        1 => format!("1 change more than 6 hours before, on {}", day(first)),
        _ => format!("{old} changes more than 6 hours before, the first on {}", day(first)),
    };
    // Told where the story begins, so that it does not open a day of its own.
    let mut kept: Vec<_> = told.into_iter().filter(|told| !is_old(told)).collect();
    let at = kept.first().map_or(start, |told| told.line.at).min(start);
    let line = Line { at, by: None, what, important: false };
    kept.insert(0, Told { line, class: Class::Alone, subject: String::new(), key: String::new() });
    kept
}

/// Keeps the first turns and the last one of what turns again and again; the rest is one line.
fn flapping(told: Vec<Told>) -> Vec<Told> {
    let mut total = HashMap::<String, usize>::new();
    for told in told.iter().filter(|told| !told.key.is_empty()) {
        *total.entry(told.key.clone()).or_default() += 1;
    }
    let mut seen = HashMap::<String, usize>::new();
    let mut out = Vec::<Told>::new();
    let mut folded = HashMap::<String, usize>::new(); // where its line is
    for mut told in told {
        let all = total.get(&told.key).copied().unwrap_or(0);
        if all <= TURNS {
            out.push(told);
            continue;
        }
        let nth = seen.entry(told.key.clone()).or_default();
        *nth += 1;
        let middle = all - (TURNS - 2) - 1;
        if *nth <= TURNS - 2 || *nth == all {
            out.push(told);
        } else if let Some(&at) = folded.get(&told.key) {
            out[at].line.what = format!("{} turned {middle} more times until {}", told.subject, clock(told.line.at));
        } else {
            folded.insert(told.key.clone(), out.len());
            told.line.what = format!("{} turned {middle} more times", told.subject);
            told.line.important = false;
            told.class = Class::Alone;
            out.push(told);
        }
    }
    out
}

/// Makes one line of many of one class: cells until something else happens, the rest within a minute.
fn bursts(told: Vec<Told>) -> Vec<Line> {
    let mut out = Vec::new();
    let mut rest = told.into_iter().peekable();
    while let Some(first) = rest.next() {
        let (class, start) = (first.class.clone(), first.line.at);
        let mut run = vec![first];
        let joins = |next: &Told| {
            let soon = matches!(class, Class::Cells(_)) || seconds_between(start, next.line.at) < 60;
            class != Class::Alone && next.class == class && soon
        };
        while let Some(next) = rest.next_if(joins) {
            run.push(next);
        }
        if let Class::Cells(by) = &class {
            let what = match run.len() {
                1 => "filled in a cell of the board".to_owned(),
                n => format!("filled in {n} cells of the board"),
            };
            out.push(Line { at: start, by: Some(by.clone()), what, important: false });
        } else if run.len() > BURST {
            out.push(Line { at: start, by: None, what: burst(&class, &run), important: false });
        } else {
            out.extend(run.into_iter().map(|told| told.line));
        }
    }
    out
}

fn burst(class: &Class, run: &[Told]) -> String {
    let n = run.len();
    let head = match class {
        Class::Fired => format!("{n} more alert groups fired"),
        Class::FiringWhenOpened => format!("{n} alert groups were already firing when opened"),
        Class::Resolved => format!("{n} alert groups resolved"),
        Class::LostSight => format!("lost sight of {n} alert groups, which are not known to be over"),
        Class::SourceLost => format!("lost {n} sources"),
        Class::SourceBack => format!("{n} sources are back"),
        Class::Vital => format!("vitals turned {n} times"),
        Class::Change => format!("{n} changes"),
        Class::Alone | Class::Cells(_) => format!("{n} entries"),
    };
    let mut names = Vec::<&str>::new();
    for told in run {
        if !names.contains(&told.subject.as_str()) {
            names.push(&told.subject);
        }
    }
    let shown = names[..names.len().min(NAMES)].join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => format!("{head}: {shown}"),
        more => format!("{head}: {shown} and {more} more"),
    }
}
