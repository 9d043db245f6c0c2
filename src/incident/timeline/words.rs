//! Each event in one plain sentence, with the words of the screen. Nothing here decides what is shown.

mod board;
mod names;

use jiff::{Timestamp, tz::TimeZone};
use names::{mitigation, why};

use crate::{
    base::{
        command_line,
        human_time::{seconds_between, two_units},
    },
    incident::{
        AlertTurn, Entry, Event, GuardReply, Id, Incident, MitigationState, Status,
        onset::OLD_NEWS_HOURS,
        timeline::{Kind, is_first_alert, time::clock_near_in},
    },
    signal::{Operation, Severity, storm::thousands},
};

/// A sentence and what to make of it.
pub(super) struct Said {
    pub kind: Kind,
    pub what: String,
    pub important: bool,
}

fn said(kind: Kind, what: impl Into<String>) -> Said {
    Said { kind, what: what.into(), important: false }
}

fn key(kind: Kind, what: impl Into<String>) -> Said {
    Said { kind, what: what.into(), important: true }
}

/// An alert that has fired for longer than this before it was first seen tells of another day.
pub(super) fn is_long_before(when: Timestamp, seen: Timestamp) -> bool {
    seconds_between(when, seen) > OLD_NEWS_HOURS * 3600
}

/// The sentence of an entry, with times in this zone; none for drafts and running totals.
pub(super) fn say(entry: &Entry, incident: &Incident, zone: &TimeZone) -> Option<Said> {
    Some(match &entry.event {
        Event::IncidentOpened { title, drill: false } => key(Kind::Status, with("opened", title)),
        Event::IncidentOpened { title, drill: true } => key(Kind::Status, with("opened as an exercise", title)),
        Event::WatchStarted { .. } => said(Kind::Watch, format!("{} began to watch", entry.by)),
        Event::WatchStopped { .. } => said(Kind::Watch, format!("{} stopped watching", entry.by)),
        Event::Retitled { title } => said(Kind::Decision, with("renamed", title)),
        Event::SeveritySet { severity } if severity.is_empty() => key(Kind::Decision, "severity taken off"),
        Event::SeveritySet { severity } => key(Kind::Decision, format!("severity set to {severity}")),
        Event::OnsetSet { when, basis } => {
            key(Kind::Decision, format!("onset set to {}{}", clock_near_in(*when, entry.at, zone), bracketed(basis)))
        }
        Event::StatusSet { status, reason, when } => {
            let what = match status {
                Status::Bleeding => with("bleeding", reason),
                Status::Stanched => with("stanched, impact stopped", reason),
                Status::Closed => with("closed", reason),
            };
            key(Kind::Status, what + &written(*when, entry.at, zone))
        }
        Event::Acknowledged { what } => key(Kind::Decision, with("acknowledged", what)),
        Event::Noted { text, when } => said(Kind::Note, text.clone() + &written(*when, entry.at, zone)),
        Event::WhyParked { text } => said(Kind::Note, with("parked a why", text)),
        Event::VariableSet { dashboard, title, variable, values, shown } => {
            let of = if title.is_empty() { dashboard } else { title };
            let to = if shown.is_empty() { values.join(", ") } else { shown.clone() };
            said(Kind::Watch, format!("{} looks at {variable}={to} of {of}", entry.by))
        }
        Event::Pinned { evidence } => said(Kind::Note, with(&format!("pinned {}", evidence.title), &evidence.value)),
        Event::AlertTurned { title, severity, turn, firing, when, .. } => {
            alert(entry, title, *severity, (*turn, *firing), *when, is_first_alert(entry, incident), zone)
        }
        Event::AlertFlapped { title, times, until, .. } => {
            let times = if *times == 1 { "once more".to_owned() } else { format!("{times} more times") };
            said(
                Kind::Alert,
                format!("{title} fired and ended {times} until {}", clock_near_in(*until, entry.at, zone)),
            )
        }
        Event::WatchdogTurned { source, title, firing: false, .. } => {
            key(Kind::Alert, format!("{title}, which always fires, is missing at {source}: alerting may be dead"))
        }
        Event::WatchdogTurned { source, title, firing: true, .. } => {
            key(Kind::Alert, format!("{title}, which always fires, is back at {source}"))
        }
        Event::LeftOut { source, what, count, until, .. } => {
            let (what, count) = (what.word(), thousands(*count));
            key(
                Kind::Source,
                match until {
                    None => format!("{source} has more {what} than are written one by one; {count} left out so far"),
                    Some(_) => format!("all {what} of {source} are written again; {count} were left out"),
                },
            )
        }
        Event::SourceLost { source, error, .. } => said(Kind::Source, with(&format!("lost source {source}"), error)),
        Event::SourceBack { source, lost, when, .. } => {
            said(Kind::Source, format!("source {source} is back after {}", two_units(seconds_between(*lost, *when))))
        }
        Event::VitalCrossed { vital, shown, ok, inside, .. } => {
            let turn = if *inside { "is back in its range" } else { "left its range" };
            key(Kind::Vital, format!("{vital} {turn}: {shown}{}", bracketed(ok)))
        }
        Event::ChangeSeen { change, .. } => {
            let by = change.who.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
            said(Kind::Change, format!("{}: {}{by}", change.kind.word(), change.title))
        }
        Event::MitigationAdded { .. }
        | Event::MitigationSet { .. }
        | Event::MitigationPlanned { .. }
        | Event::GuardAnswered { .. }
        | Event::CommandRan { .. } => act(entry, incident, zone),
        Event::OperationSent { source, operation } => key(Kind::Mitigation, told(source, operation, entry.at, zone)),
        Event::OperationEnded { sent, made, trouble } => key(Kind::Mitigation, ended(*sent, made, trouble, incident)),
        Event::Answered { question, text } if text.is_empty() => {
            said(Kind::Review, with("took back the answer", question.text()))
        }
        Event::Answered { question, text } => said(Kind::Review, format!("{} {text}", question.text())),
        Event::WhyAnswered { parent, text, process } => {
            let asked = match parent.map(|id| why(id, incident)) {
                None => "why it happened".to_owned(),
                Some(of) => with("why", &of),
            };
            let end = if *process { " (a process: the branch ends)" } else { "" };
            said(Kind::Review, format!("{asked}: because {text}{end}"))
        }
        Event::WhyEnded { why: id, process: true } => {
            said(Kind::Review, with("a branch of the whys ends with a process", &why(*id, incident)))
        }
        Event::WhyEnded { why: id, process: false } => {
            said(Kind::Review, with("a branch of the whys goes on", &why(*id, incident)))
        }
        Event::WhyReworded { text, .. } if text.is_empty() => said(Kind::Review, "took back an answer to a why"),
        Event::WhyReworded { text, .. } => said(Kind::Review, with("a why in other words", text)),
        Event::ActionAdded { text, .. } => said(Kind::Review, with("action", text)),
        Event::ActionEdited { text, .. } if text.is_empty() => said(Kind::Review, "took back an action"),
        Event::ActionEdited { text, .. } => said(Kind::Review, with("action changed", text)),
        Event::LinkAdded { title, url } => said(Kind::Review, format!("link: {title} {url}")),
        Event::Undone { entry: id } => said(Kind::Log, with("undid", &named(*id, incident, zone))),
        Event::Redone { entry: id } => said(Kind::Log, with("redid", &named(*id, incident, zone))),
        Event::TailRepaired { bytes, kept } => {
            said(Kind::Log, format!("journal repaired: {bytes} bytes of a torn line are kept in {kept}"))
        }
        Event::Unknown(json) => {
            let kind = json.get("kind").and_then(|kind| kind.as_str()).unwrap_or("without a kind");
            said(Kind::Log, with("an entry this version does not know", kind))
        }
        // What a symptom was folded from is said with the symptom.
        Event::DraftKept { .. } | Event::VitalWorsened { .. } | Event::SymptomFolded { .. } => return None,
        _ => board::say(entry, incident, zone)?,
    })
}

fn alert(
    entry: &Entry,
    title: &str,
    severity: Severity,
    (turn, firing): (AlertTurn, usize),
    when: Timestamp,
    first: bool,
    zone: &TimeZone,
) -> Said {
    let severity = match severity {
        Severity::None | Severity::Unknown => String::new(),
        known => bracketed(known.word()),
    };
    let times = if firing > 1 { format!(" ×{firing}") } else { String::new() };
    let what = match turn {
        AlertTurn::Fired if first => format!("{title} fired{times}{severity}, the first alert"),
        AlertTurn::Fired => format!("{title} fired{times}{severity}"),
        AlertTurn::FiringWhenOpened => {
            let since = match is_long_before(when, entry.at) {
                true => format!(", since {}", clock_near_in(when, entry.at, zone)),
                false => String::new(),
            };
            format!("{title} was already firing when opened{times}{severity}{since}")
        }
        AlertTurn::Unmuted => format!("{title} fires{times}{severity}, no longer silenced or inhibited"),
        AlertTurn::Resolved if firing > 0 => format!("{title} resolved in part, {firing} still firing"),
        AlertTurn::Resolved => format!("{title} resolved"),
        AlertTurn::LostSight => format!("lost sight of {title}: its source is failing, so it is not known to be over"),
    };
    Said { kind: Kind::Alert, what, important: first }
}

fn act(entry: &Entry, incident: &Incident, zone: &TimeZone) -> Said {
    match &entry.event {
        Event::MitigationAdded { text, .. } => {
            let (label, _) = mitigation(entry.id, incident);
            said(Kind::Mitigation, with(&format!("proposed {label}"), text))
        }
        Event::MitigationSet { mitigation: id, state, note, when } => {
            let (label, text) = mitigation(*id, incident);
            let what = match state {
                MitigationState::Proposed => format!("proposed {label} again"),
                MitigationState::Running => format!("started {label}"),
                MitigationState::Worked | MitigationState::Failed => format!("{label} {}", state.word()),
                MitigationState::Undone => format!("undid {label}"),
                MitigationState::Rejected => format!("rejected {label}"),
            };
            key(Kind::Mitigation, with(&what, &text) + &bracketed(note) + &written(*when, entry.at, zone))
        }
        Event::MitigationPlanned { mitigation: id, effect, vital, minutes, .. } => {
            let (label, _) = mitigation(*id, incident);
            let by = minutes.map(|minutes| format!("within {minutes} min"));
            let seen = vital.as_ref().map(|vital| format!("judged by {vital}"));
            let parts: Vec<String> =
                [Some(effect.clone()).filter(|e| !e.is_empty()), seen, by].into_iter().flatten().collect();
            said(Kind::Mitigation, with(&format!("expects of {label}"), &parts.join(", ")))
        }
        Event::GuardAnswered { mitigation: id, change, question, answer, text } => {
            let label = id.map(|id| mitigation(id, incident).0);
            let change = change.as_ref().map(|id| {
                let known = incident.change_record(id);
                known.map_or_else(|| id.clone(), |record| record.change.title.clone())
            });
            let of = label.or(change).unwrap_or_default();
            let reply = GuardReply { answer: *answer, text: text.clone() };
            said(Kind::Mitigation, format!("guard of {of}, {}: {}", question.name(), reply.words()))
        }
        Event::CommandRan { argv, exit, output, seconds, .. } => {
            let ending = ending(*exit, output);
            key(Kind::Mitigation, format!("ran {}: {ending} after {seconds:.1} s", command_line::shown(argv)))
        }
        _ => said(Kind::Mitigation, String::new()),
    }
}

/// What a source was told to change.
fn told(source: &str, operation: &Operation, at: Timestamp, zone: &TimeZone) -> String {
    match operation {
        Operation::Silence { matchers, until, comment, .. } => {
            let until = clock_near_in(*until, at, zone);
            format!("told {source} to silence {{{}}} until {until}: {comment}", matchers.join(", "))
        }
        Operation::Acknowledge { id, note, .. } => with(&format!("told {source} that somebody is on {id}"), note),
    }
}

/// What came of it.
fn ended(sent: Id, made: &str, trouble: &str, incident: &Incident) -> String {
    let asked = incident.entries().iter().rev().find(|entry| entry.id == sent).map(|entry| &entry.event);
    let Some(Event::OperationSent { source, operation }) = asked else { return with("a source answered", trouble) };
    let done = operation.kind().done();
    match (trouble, made) {
        ("", "") => format!("{source} has {done} it"),
        ("", made) => format!("{source} has {done} it ({made})"),
        (trouble, _) => format!("{source}, told to have it {done}: {trouble}"),
    }
}

/// How a command ended. Without an exit code the last line of its output says what became of it.
fn ending(exit: Option<i32>, output: &str) -> String {
    match exit {
        Some(code) => format!("exit {code}"),
        None => output.lines().last().unwrap_or("stopped or not started").to_owned(),
    }
}

/// What an entry that was undone said, without going further back: an undo of an undo names it only.
fn named(id: Id, incident: &Incident, zone: &TimeZone) -> String {
    match incident.without_effect(id) {
        Some(Entry { event: Event::Undone { .. } | Event::Redone { .. }, .. }) | None => "an earlier entry".into(),
        Some(entry) => say(entry, incident, zone).map_or("an earlier entry".into(), |said| said.what),
    }
}

fn with(word: &str, text: &str) -> String {
    if text.is_empty() { word.to_owned() } else { format!("{word}: {text}") }
}

fn labelled(label: String, word: &str, text: &str) -> String {
    with(&format!("{label} {word}"), text)
}

fn bracketed(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

/// Says when something was written, if that was later than it happened.
fn written(when: Option<Timestamp>, at: Timestamp, zone: &TimeZone) -> String {
    match when {
        Some(when) if seconds_between(when, at) >= 60 => format!(" (written {})", clock_near_in(at, when, zone)),
        _ => String::new(),
    }
}
