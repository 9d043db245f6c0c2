//! Which incidents there are, and what a row says of one.

use super::*;

const COLUMN: Id = Id::small(1);
const RUN: Id = Id::small(2);

fn added(state: ObservationState) -> Event {
    let query =
        CheckQuery { source: "prom".into(), query: "pool".into(), present: "> 0.5".parse().unwrap(), empty: None };
    let check = CheckSpec { query: Some(query), ..CheckSpec::default() };
    Event::ObservationAdded { text: "pool full".into(), state, origin: None, when: None, evidence: None, check }
}

fn said(state: ObservationState) -> Event {
    Event::ObservationSet { observation: COLUMN, state, note: String::new(), when: None }
}

/// What a check shows, and since which second that is so.
fn shown(state: ObservationState, second: i64) -> Event {
    Event::CheckTurned {
        key: format!("check|{second}"),
        observation: COLUMN,
        run: RUN,
        state,
        was: None,
        shown: "0.97".into(),
        times: 0,
        or_longer: false,
        when: start() + SignedDuration::from_secs(second),
    }
}

fn alert(key: &str, severity: Severity) -> Event {
    let Event::AlertTurned { source, group, title, turn, firing, when, first, links, .. } = fired(key).event else {
        panic!("an alert")
    };
    let key = key.to_owned();
    Event::AlertTurned { key, source, group, title, severity, turn, firing, when, first, links }
}

fn crossed(key: &str, inside: bool) -> Event {
    let (vital, shown, ok) = ("ok".into(), String::new(), String::new());
    Event::VitalCrossed { key: key.into(), vital, value: 0.0, shown, ok, inside, when: start() }
}

/// Lines as any program may have written them, the second entry a second after the first.
fn lines(events: &[Event], seqs: impl Iterator<Item = u64>) -> String {
    let line = |(n, (seq, event)): (u128, (u64, &Event))| {
        let at = start() + SignedDuration::from_secs(n as i64);
        let entry = Entry { seq, id: Id::small(n), at, by: AUTHOR.into(), event: event.clone() };
        let body = serde_json::to_string(&entry).unwrap();
        let body = body.strip_suffix('}').unwrap();
        format!("{body},\"crc\":\"{:08x}\"}}\n", crc32c::crc32c(body.as_bytes()))
    };
    (1..).zip(seqs.zip(events)).map(line).collect()
}

/// What the list says of a journal with these lines behind its first, and that it is what the cockpit says.
#[track_caller]
fn listed(lines: &str) -> (Listing, Incident) {
    let (data, journal) = new("x");
    append_raw(&journal.path(), lines);
    let home = Home::at(data.path());
    let listing = home.incidents().unwrap().remove(0);
    let entries = home.read(journal.id()).unwrap().entries;
    let (count, last) = (entries.len() as u64, entries.last().map(|entry| entry.at));
    let incident = Incident::replay(entries);
    let (row, own) = (&listing.summary, &incident.summary);
    assert_eq!((&row.title, row.status, &row.severity), (&own.title, own.status, &own.severity));
    assert_eq!((row.opened, row.drill, row.has_bled()), (own.opened, own.drill, own.has_bled()));
    assert_eq!((listing.entries, listing.last), (count, last));
    (listing, incident)
}

#[track_caller]
fn check(events: &[Event], bled: bool) {
    assert_eq!(listed(&lines(events, 2..)).0.summary.has_bled(), bled, "{events:?}");
}

#[test]
fn a_row_says_as_the_cockpit_whether_anything_hurts() {
    use ObservationState::{Absent, Present, Untested};
    let run = || Event::CheckStarted { observation: COLUMN };
    let undone = |n| Event::Undone { entry: Id::small(n) };
    let status = || Event::StatusSet { status: Status::Stanched, reason: String::new(), when: None };
    check(&[], false);
    check(&[added(Untested)], false);
    check(&[added(Present)], true);
    check(&[added(Untested), run(), shown(Present, 3)], true);
    check(&[alert("a", Severity::Critical)], true);
    check(&[alert("a", Severity::Warning)], false);
    check(&[crossed("v", false)], true);
    check(&[crossed("v", true)], false);
    check(&[status()], true);
    check(&[Event::OnsetSet { when: start(), basis: "person".into() }], true);

    // A person has the last word, until something new is seen.
    check(&[added(Present), said(Absent)], false);
    check(&[added(Untested), said(Present), said(Absent)], false);
    check(&[added(Present), said(Absent), said(Present)], true);
    check(&[added(Untested), run(), shown(Present, 3), said(Absent)], false);
    check(&[added(Untested), run(), said(Absent), shown(Present, 2)], false);
    check(&[added(Untested), run(), said(Absent), shown(Present, 9)], true);
    check(&[added(Untested), run(), said(Absent), run(), shown(Present, 2)], true);
    check(&[added(Present), run(), shown(Absent, 9)], true);
    // Another query is not asked yet: what the old one shows overrules nobody's word, for there is none.
    let query = || Event::CheckSet { observation: COLUMN, check: CheckSpec::default() };
    check(&[added(Untested), run(), said(Absent), query(), shown(Present, 2)], true);
    check(&[added(Untested), query(), run(), said(Absent), shown(Present, 2)], true);

    // What is undone has never been; of what nobody added nothing is known.
    check(&[added(Present), undone(1)], false);
    check(&[added(Untested), run(), shown(Present, 3), undone(1)], false);
    check(&[said(Present)], false);
    check(&[shown(Present, 3)], false);
    check(&[alert("a", Severity::Critical), undone(1)], false);
    check(&[alert("a", Severity::Critical), undone(1), Event::Redone { entry: Id::small(1) }], true);
    check(&[crossed("v", false), crossed("w", false), undone(1)], true);
    check(&[status(), undone(1)], false);

    // What two cockpits saw counts once, and the first of them says what it was.
    check(&[alert("a", Severity::Warning), alert("a", Severity::Critical)], false);
    check(&[alert("a", Severity::Critical), undone(1), alert("a", Severity::Critical)], false);
    check(&[crossed("v", true), crossed("v", false)], false);
    check(&[alert("v", Severity::Warning), crossed("v", false)], false);
}

#[test]
fn a_row_counts_what_a_reader_takes() {
    let notes = [note("one").event, Event::Retitled { title: "y".into() }, note("two").event];
    let whole = lines(&notes, 2..);
    assert_eq!(listed(&whole).0.entries, 4);
    // The last line is damaged, and one before it.
    for word in ["two", "retitled"] {
        let (listing, _) = listed(&whole.replace(word, &word.to_uppercase()));
        assert_eq!(listing.entries, 3, "{word}");
    }
    // A number that was given before.
    let (listing, _) = listed(&lines(&notes, [2, 2, 3].into_iter()));
    assert_eq!((listing.entries, listing.summary.title.as_str()), (3, "x"));
}

#[test]
fn incidents_are_listed_newest_first() {
    let data = tempfile::tempdir().unwrap();
    let home = Home::at(data.path());
    assert_eq!(home.incidents().unwrap(), []);
    assert_eq!(home.newest().unwrap(), None);

    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let close = Event::StatusSet { status: Status::Closed, reason: String::new(), when: None };
    home.create("zebra", false, AUTHOR, at("2026-11-22T03:12:01Z")).unwrap();
    home.create("apple", false, AUTHOR, at("2026-11-22T03:12:30Z")).unwrap();
    let mut closed = home.create("closed", false, AUTHOR, at("2026-11-22T09:00:00Z")).unwrap();
    let severity = Event::SeveritySet { severity: "SEV2".into() };
    closed.append(AUTHOR, &[draft(severity), draft(close.clone())], at("2026-11-22T09:30:00Z")).unwrap();
    fs::create_dir(data.path().join("incidents/2026-11-22-1000-empty")).unwrap();

    let listings = home.incidents().unwrap();
    let names: Vec<_> = listings.iter().map(|listing| listing.summary.title.as_str()).collect();
    assert_eq!(names, ["", "closed", "apple", "zebra"], "those of one minute by their seconds");
    assert!(listings[0].unreadable.is_some());
    assert!(
        listings[1].is_closed() && listings[1].summary.severity.as_deref() == Some("SEV2") && listings[1].entries == 3
    );
    assert_eq!(listings[1].last, Some(at("2026-11-22T09:30:00Z")));

    let newest = || home.newest().unwrap().unwrap().summary.title;
    assert_eq!(newest(), "apple", "the newest that is not closed");
    let resumed = |now: &str| home.resumable(at(now)).unwrap().map(|listing| listing.summary.title);
    assert_eq!(resumed("2026-11-22T07:12:29Z").as_deref(), Some("apple"));
    assert_eq!(resumed("2026-11-22T07:12:30Z"), None, "four hours after its last entry");
    for title in ["zebra", "apple"] {
        let mut journal = home.open(&format!("2026-11-22-0312-{title}")).unwrap();
        journal.append(AUTHOR, &[draft(close.clone())], at("2026-11-22T09:00:00Z")).unwrap();
    }
    assert_eq!(newest(), "closed", "all are closed: the newest");
    home.create("exercise", true, AUTHOR, at("2026-11-22T12:00:00Z")).unwrap();
    assert_eq!(resumed("2026-11-22T12:00:01Z"), None, "a drill is not taken up for an outage");
}
