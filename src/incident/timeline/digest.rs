//! The timeline as a reader of a postmortem wants it: what was undone is gone, runs of one kind are one line with a
//! count, a flapping alert says so once. Decisions, notes and actions are never folded. Turns of the ranking, the
//! watches of cockpits and the review have places of their own in the notes, so they are not told here.

mod digest_line;
mod flapping;

use std::collections::{HashMap, HashSet};

use digest_line::{ClassedLine, LineClass};
use flapping::flapping;
use jiff::Timestamp;

use crate::{
    base::human_time::seconds_between,
    incident::{
        Incident, Status,
        timeline::{Item, Kind, items, time::day},
    },
};

/// The timeline, folded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Digest {
    /// The lines, in order of time.
    pub lines: Vec<DigestLine>,
    /// Words for what is not told; `None` when all is.
    pub left_out: Option<String>,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq)]
pub struct DigestLine {
    /// The time of it, or of the first of what was folded into it.
    pub at: Timestamp,
    /// The person who did it; `None` for what a machine saw.
    pub by: Option<String>,
    /// One line, in plain words.
    pub what: String,
    /// Whether it belongs to the spine of the story.
    pub important: bool,
}

/// More lines of one kind within a minute than this are folded.
const BURST: usize = 4;
/// Names shown of what was folded.
const NAMES: usize = 5;
/// Changes longer before the start than this are counted, not told.
const BEFORE: i64 = 6 * 3600;
/// Cells, or rows of them, that are named.
const CELLS: usize = 6;
/// Cells filled within this many seconds are one go.
const GO: i64 = 600;

/// The folded timeline of an incident that bled in these stretches; the last may have no end.
pub fn digest(incident: &Incident, bled: &[(Timestamp, Option<Timestamp>)]) -> Digest {
    let shown = |item: &Item| !item.undone && !matches!(item.kind, Kind::Rank | Kind::Watch | Kind::Review | Kind::Log);
    let told = items(incident).into_iter().filter(shown).filter_map(|item| ClassedLine::of(item, incident)).collect();
    let (told, changes) = without_old_changes(told, incident);
    let (told, turns) = without_other_outages(told, incident, bled);
    let left_out: Vec<_> = changes.into_iter().chain(turns).collect();
    let left_out = Some(left_out.join("; ")).filter(|words| !words.is_empty());
    Digest { lines: bursts(flapping(gathered(guarded(told)))), left_out }
}

/// Whoever opens an incident again for its review takes in what happened since. Turns after it had stopped are counted, not
/// told, if nobody was watching then or it was closed; that what had begun before has ended is told.
fn without_other_outages(
    told: Vec<ClassedLine>,
    incident: &Incident,
    bled: &[(Timestamp, Option<Timestamp>)],
) -> (Vec<ClassedLine>, Option<String>) {
    let Some(first_stop) = bled.first().and_then(|bled| bled.1) else { return (told, None) };
    let in_one = |at: Timestamp| bled.iter().any(|(from, until)| at >= *from && until.is_none_or(|until| at <= until));
    let watched = |at: Timestamp| {
        let seen = |watch: &crate::incident::Watch| at >= watch.since && at <= watch.until.unwrap_or(watch.last);
        incident.watches.iter().any(seen)
    };
    let closed = incident.status_history.last().filter(|turn| turn.status == Status::Closed).map(|turn| turn.at);
    let mut open = HashSet::<String>::new(); // what began while it bled, or was told since
    let (mut kept, mut left_out) = (Vec::new(), 0);
    for told in told {
        let at = told.line.at;
        let is_other = at > first_stop && !in_one(at) && (!watched(at) || closed.is_some_and(|closed| at > closed));
        match told.starts {
            Some(true) if is_other => left_out += 1,
            Some(true) => {
                open.insert(told.key.clone());
                kept.push(told);
            }
            Some(false) if is_other && !open.remove(&told.key) => left_out += 1,
            _ => kept.push(told),
        }
    }
    let words = match left_out {
        0 => None,
        1 => Some("1 turn of an alert, a vital or a source after it had stopped".to_owned()),
        n => Some(format!("{n} turns of alerts, vitals and sources after it had stopped")),
    };
    (kept, words)
}

/// A feed of deploys reaches back for weeks. What was changed long before is counted, not told, unless someone set out
/// to undo it.
fn without_old_changes(told: Vec<ClassedLine>, incident: &Incident) -> (Vec<ClassedLine>, Option<String>) {
    let Some(start) = incident.onset().into_iter().chain(incident.summary.opened).min() else { return (told, None) };
    let targets: Vec<_> = incident.mitigations.iter().filter_map(|m| m.change.as_deref()).collect();
    let (old, kept): (Vec<_>, Vec<_>) = told.into_iter().partition(|told| {
        let target = targets.iter().any(|id| told.key == *id);
        told.class == LineClass::Change && !target && seconds_between(told.line.at, start) > BEFORE
    });
    let left_out = old.first().map(|first| match old.len() {
        1 => format!("1 change more than 6 hours before, on {}", day(first.line.at)),
        n => format!("{n} changes more than 6 hours before, the first on {}", day(first.line.at)),
    });
    (kept, left_out)
}

/// One line for all questions of a guard.
fn guarded(told: Vec<ClassedLine>) -> Vec<ClassedLine> {
    let mut seen = HashSet::new();
    let mut first = |told: &ClassedLine| told.class != LineClass::Guard || seen.insert(told.key.clone());
    let mut told: Vec<ClassedLine> = told.into_iter().filter(|told| first(told)).collect();
    for told in told.iter_mut().filter(|told| told.class == LineClass::Guard) {
        told.line.what = format!("went through the guard of {}", told.subject);
        told.class = LineClass::Alone;
        told.key.clear();
    }
    told
}

/// Draws the cells one person fills in one go up to the first of them: a board is filled column by column, and each
/// column, row and cell in turn would be told by itself.
fn gathered(told: Vec<ClassedLine>) -> Vec<ClassedLine> {
    let mut out = Vec::<ClassedLine>::new();
    let mut open = HashMap::<String, usize>::new(); // where each person's cells are gathered
    for told in told {
        let LineClass::Cells { by, places } = &told.class else {
            if let Some(by) = told.line.by.as_ref().filter(|_| !told.stays_in_one_go) {
                open.remove(by);
            }
            out.push(told);
            continue;
        };
        let known = open.get(by).copied().filter(|&at| seconds_between(out[at].line.at, told.line.at) < GO);
        match known.map(|at| &mut out[at].class) {
            Some(LineClass::Cells { places: known, .. }) => known.extend_from_slice(places),
            _ => {
                open.insert(by.clone(), out.len());
                out.push(told);
            }
        }
    }
    for told in &mut out {
        // One alone is told in its own words.
        if let LineClass::Cells { places, .. } = &told.class
            && places.len() > 1
        {
            told.line.what = cells(places);
        }
    }
    out
}

/// Which cells were filled: each of a few, of many the rows they are in.
fn cells(places: &[(String, String)]) -> String {
    let count = places.len();
    let mut known = HashSet::new();
    let few = count <= CELLS;
    let named = |(row, column): &(String, String)| if few { format!("{row} {column}") } else { row.clone() };
    let names: Vec<String> = places.iter().map(named).filter(|name| known.insert(name.clone())).collect();
    let more = names.len().saturating_sub(CELLS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = names[..names.len().min(CELLS)].join(", ");
    format!("filled in {count} cells of the board, {} {shown}{more}", if few { "those of" } else { "in the rows" })
}

/// Makes one line of many of one class within a minute.
fn bursts(told: Vec<ClassedLine>) -> Vec<DigestLine> {
    let mut out = Vec::new();
    let mut rest = told.into_iter().peekable();
    while let Some(first) = rest.next() {
        let (class, start) = (first.class.clone(), first.line.at);
        let can_fold = !matches!(class, LineClass::Alone | LineClass::Cells { .. });
        let mut run = vec![first];
        while let Some(next) =
            rest.next_if(|next| can_fold && next.class == class && seconds_between(start, next.line.at) < 60)
        {
            run.push(next);
        }
        if run.len() > BURST {
            out.push(DigestLine { at: start, by: None, what: burst(&class, &run), important: false });
        } else {
            out.extend(run.into_iter().map(|told| told.line));
        }
    }
    out
}

fn burst(class: &LineClass, run: &[ClassedLine]) -> String {
    let n = run.len();
    let head = match class {
        LineClass::Fired => format!("{n} more alert groups fired"),
        LineClass::FiringWhenOpened => format!("{n} alert groups were already firing when opened"),
        LineClass::Resolved => format!("{n} alert groups resolved"),
        LineClass::LostSight => format!("lost sight of {n} alert groups, which are not known to be over"),
        LineClass::SourceLost => format!("lost {n} sources"),
        LineClass::SourceBack => format!("{n} sources are back"),
        LineClass::Vital => format!("vitals turned {n} times"),
        LineClass::Check => format!("{n} checks answered"),
        LineClass::Change => format!("{n} changes"),
        LineClass::Column => format!("{n} symptoms and signs were put on the board"),
        LineClass::Row => format!("{n} hypotheses were put on the board"),
        LineClass::Alone | LineClass::Guard | LineClass::Cells { .. } => format!("{n} entries"),
    };
    let mut known = HashSet::new();
    let names: Vec<&str> = run.iter().map(|told| told.subject.as_str()).filter(|name| known.insert(*name)).collect();
    let shown = &names[..names.len().min(NAMES)];
    // Names with commas would run into each other.
    let shown = shown.join(if shown.iter().any(|name| name.contains(',')) { "; " } else { ", " });
    match names.len().saturating_sub(NAMES) {
        0 => format!("{head}: {shown}"),
        more => format!("{head}: {shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::{digest_line::NOTE, *};
    use crate::{
        incident::{AlertTurn, Event, Id, board::Cell, fixture, timeline::time::clock},
        signal::{Change, ChangeKind, Severity, alert::AlertLinks},
    };

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test measures")]
    fn a_hundred_thousand_names_within_a_minute_are_counted() {
        let line = DigestLine { at: Timestamp::UNIX_EPOCH, by: None, what: String::new(), important: false };
        let told = |n: usize| ClassedLine {
            line: line.clone(),
            class: LineClass::Fired,
            key: String::new(),
            subject: format!("Alert{n}"),
            stays_in_one_go: false,
            starts: Some(true),
            weight: 0.0,
        };
        let run: Vec<_> = (0..100_000).chain(0..10).map(told).collect();
        let begun = std::time::Instant::now();
        let said = burst(&LineClass::Fired, &run);
        // Seconds; a search through all names for each takes a minute.
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
        let names = "Alert0, Alert1, Alert2, Alert3, Alert4";
        assert_eq!(said, format!("100010 more alert groups fired: {names} and 99995 more"));
    }

    /// Builds an incident from events and the seconds they were written at, and compares what is told of it.
    #[track_caller]
    fn check(events: Vec<(i64, Event)>, expected: &[&str], left_out: Option<&str>) {
        let opened = (0, Event::IncidentOpened { title: "t".into(), drill: false });
        let events = std::iter::once(opened).chain(events).map(|(seconds, event)| (at(seconds), event));
        let told = digest(&fixture::replayed("alice@host", events), &[]);
        let lines: Vec<_> = told.lines.iter().map(|line| format!("{} {}", clock(line.at), line.what)).collect();
        assert_eq!(lines, [&["00:00 opened: t"], expected].concat());
        assert_eq!(told.left_out.as_deref(), left_out);
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_305_600 + seconds).expect("a time")
    }

    fn alert(seconds: i64, title: &str, turn: AlertTurn) -> (i64, Event) {
        let event = Event::AlertTurned {
            key: format!("{title} {seconds}"),
            source: "am".into(),
            group: title.into(),
            title: title.into(),
            severity: Severity::Unknown,
            turn,
            firing: usize::from(turn == AlertTurn::Fired),
            when: at(seconds),
            first: false,
            links: AlertLinks::default(),
        };
        (seconds, event)
    }

    fn change(seconds: i64, id: &str) -> (i64, Event) {
        let change = Change {
            id: id.into(),
            kind: ChangeKind::Deploy,
            title: format!("web {id}"),
            service: None,
            version: None,
            at: at(seconds),
            who: None,
            undo: None,
            url: None,
        };
        (10, Event::ChangeSeen { key: id.into(), source: "d".into(), change: change.into() })
    }

    #[test]
    fn a_storm_is_one_line() {
        let storm = (0..40).map(|n| alert(60 + n, &format!("A{n}"), AlertTurn::Fired)).collect();
        check(storm, &["00:01 40 more alert groups fired: A0, A1, A2, A3, A4 and 35 more"], None);
        let odd = (0..5).map(|n| alert(60 + n, &format!("A{n}, web"), AlertTurn::Fired)).collect();
        check(odd, &["00:01 5 more alert groups fired: A0, web; A1, web; A2, web; A3, web; A4, web"], None);
        let few = (0..2).map(|n| alert(60 + n, &format!("A{n}"), AlertTurn::Resolved)).collect();
        check(few, &["00:01 A0 resolved", "00:01 A1 resolved"], None);
        let slow = (0..5).map(|n| alert(60 + 20 * n, &format!("A{n}"), AlertTurn::Resolved)).collect();
        let each =
            ["00:01 A0 resolved", "00:01 A1 resolved", "00:01 A2 resolved", "00:02 A3 resolved", "00:02 A4 resolved"];
        check(slow, &each, None);
    }

    #[test]
    fn what_flaps_says_so_once() {
        let turn = |n| if n % 2 == 0 { AlertTurn::Fired } else { AlertTurn::Resolved };
        let flapping = (0..20).map(|n| alert(300 * n, "Flappy", turn(n))).collect();
        check(
            flapping,
            &[
                "00:00 Flappy fired",
                "00:05 Flappy resolved",
                "00:10 Flappy fired",
                "00:15 Flappy resolved",
                "00:20 Flappy turned 15 more times until 01:30",
                "01:35 Flappy resolved",
            ],
            None,
        );
    }

    #[test]
    fn a_guard_is_one_line_where_its_answers_stand_elsewhere() {
        use crate::incident::{GuardAnswer::No, GuardQuestion, MitigationKind::Rollback};
        let asked = |change: &str, question| Event::GuardAnswered {
            mitigation: None,
            change: Some(change.into()),
            question,
            answer: No,
            text: String::new(),
        };
        let back = Event::MitigationAdded {
            text: "back".into(),
            mitigation_kind: Rollback,
            hypothesis: None,
            command: None,
            change: Some("1".into()),
        };
        let events = vec![
            (60, asked("1", GuardQuestion::ChangedSince)),
            (65, asked("1", GuardQuestion::Tested)),
            (70, asked("2", GuardQuestion::WrittenSince)),
            (80, back),
        ];
        let expected = [
            "00:01 went through the guard of m1: back",
            "00:01 guard of 2, written since: no",
            "00:01 proposed m1: back",
        ];
        check(events, &expected, None);
    }

    #[test]
    fn old_changes_are_counted_unless_they_were_undone() {
        use crate::incident::MitigationKind::Rollback;
        let undo = |change: &str| Event::MitigationAdded {
            text: "back".into(),
            mitigation_kind: Rollback,
            hypothesis: None,
            command: None,
            change: Some(change.into()),
        };
        let day = -86_400;
        let events = vec![
            change(3 * day, "1"),
            change(2 * day, "2"),
            change(day, "3"),
            (20, undo("2")),
            change(-600, "4"),
            alert(60, "Down", AlertTurn::Fired),
        ];
        // The opening comes after what was changed before it, so it is not told first here.
        let events = events.into_iter().map(|(seconds, event)| (at(seconds), event));
        let told = digest(&fixture::replayed("alice@host", events), &[]);
        let lines: Vec<_> = told.lines.iter().map(|line| line.what.as_str()).collect();
        assert_eq!(
            lines,
            [
                "deploy: web 2, 2 d before it began",
                "deploy: web 4, 11 min before it began",
                "proposed m1: back",
                "Down fired",
            ]
        );
        let left_out = "2 changes more than 6 hours before, the first on 2026-11-19";
        assert_eq!(told.left_out.as_deref(), Some(left_out));
    }

    #[test]
    fn filling_the_board_is_one_line() {
        // Entries are numbered from 1, the opening among them.
        let column = Event::ObservationAdded {
            text: "5xx".into(),
            state: crate::incident::ObservationState::Present,
            origin: None,
            when: None,
            evidence: None,
            check: crate::incident::board::CheckSpec::default(),
        };
        let row = |text: &str| Event::HypothesisAdded {
            text: text.into(),
            prior: crate::incident::Prior::Usual,
            changed: false,
            from: "typed".into(),
        };
        let board = || vec![(1, column.clone()), (2, row("dns")), (3, row("deploy")), (4, row("pool"))];
        let told = [
            "00:00 symptom s1: 5xx",
            "00:00 hypothesis A: dns",
            "00:00 hypothesis B: deploy",
            "00:00 hypothesis C: pool",
        ];
        let cell = |row| Event::CellSet { hypothesis: Id::small(row), observation: Id::small(2), cell: Cell::Must };
        let note = |text: &str| Event::Noted { text: text.into(), when: None };
        let events = vec![
            (60, cell(3)),
            (61, cell(4)),
            (62, Event::AssumptionAdded { text: "all is well".into(), hypothesis: None }),
            (63, cell(5)),
            (70, note("look")),
            (75, cell(3)),
        ];
        let expected = [
            "00:01 filled in 3 cells of the board, those of A s1, B s1, C s1",
            "00:01 assumed: all is well",
            "00:01 look",
            "00:01 for A, s1 5xx: must be there",
        ];
        check([board(), events].concat(), &[&told[..], &expected].concat(), None);
        let twice = vec![(60, cell(3)), (659, cell(4)), (661, cell(5))];
        let expected =
            ["00:01 filled in 2 cells of the board, those of A s1, B s1", "00:11 for C, s1 5xx: must be there"];
        check([board(), twice].concat(), &[&told[..], &expected].concat(), None);
        let many = (0..12).map(|n| (60 + n, cell(3 + n as u128 % 2))).collect();
        let expected = ["00:01 filled in 12 cells of the board, in the rows A, B"];
        check([board(), many].concat(), &[&told[..], &expected].concat(), None);
    }

    #[test]
    fn long_notes_are_cut_and_say_where_the_rest_is() {
        let note = |text: String| vec![(60, Event::Noted { text, when: None })];
        check(note("a\n\nb\nc".into()), &["00:01 a (2 more lines under Raw notes)"], None);
        let long = format!("00:01 {}… (in full under Raw notes)", "é".repeat(NOTE));
        check(note("é".repeat(NOTE + 1)), &[&long], None);
    }
}
